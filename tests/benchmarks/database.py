"""One real PostgreSQL for the app and the floor: who works for which, and which statements it was sent."""

import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from tests import pg

NAMES = ("cutscore", "floor")
# a statement of several lines goes on with a tab
LOGGED = re.compile(r"^\S+ \S+ \S+ \[(\d+)\] LOG:  (?:statement|execute [^:]*): (.*(?:\n\t.*)*)", re.MULTILINE)
# what goes with a query and is none: each is a round trip nevertheless
AROUND = re.compile(r"(?i)^(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|SELECT 1$)")


class Database:
    """The server, watched from a connection of its own that works for neither project."""

    def __init__(self) -> None:
        base = pg.start().rpartition("/")[0]
        self.urls = {name: f"{base}/{name}" for name in NAMES}
        self._watch = psycopg.connect(f"{base}/postgres", autocommit=True)
        for name in NAMES:
            self._watch.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        folder = self._watch.execute("SHOW data_directory").fetchone()
        self._log = Path(folder[0] if folder else "").parent / "log"

    @property
    def version(self) -> str:
        """PostgreSQL's version, such as 18.0."""
        row = self._watch.execute("SHOW server_version").fetchone()
        return str(row[0]) if row else ""

    def backends(self, name: str) -> list[int]:
        """Processes that serve connections to this database."""
        rows = self._watch.execute("SELECT pid FROM pg_stat_activity WHERE datname = %s", [name]).fetchall()
        return [pid for (pid,) in rows]

    @contextmanager
    def logged(self) -> Iterator[None]:
        """Have every statement written to the log meanwhile."""
        self._log_statements("all")
        yield
        self._log_statements("none")

    def _log_statements(self, kind: str) -> None:
        self._watch.execute(sql.SQL("ALTER SYSTEM SET log_statement = {}").format(sql.Literal(kind)))
        self._watch.execute("SELECT pg_reload_conf()")
        time.sleep(0.3)  # every backend reads the file when it is signalled, and nobody says when the last one has

    def place(self) -> int:
        """Where the log ends at present."""
        return self._log.stat().st_size

    def statements(self, name: str, since: int) -> list[str]:
        """The statements that came to this database since that place of the log, each on one line."""
        pids = {str(pid) for pid in self.backends(name)}
        with self._log.open("rb") as log:
            log.seek(since, os.SEEK_SET)
            found = LOGGED.findall(log.read().decode())
        return [" ".join(statement.split()) for pid, statement in found if pid in pids]


def queries(statements: list[str]) -> int:
    """How many of these round trips ask or write something."""
    return sum(not AROUND.match(statement) for statement in statements)
