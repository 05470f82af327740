"""The two sides that are compared, the app and the floor: each with its server, its database and its people."""

import json
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, fields
from http.client import HTTPConnection
from itertools import cycle, islice
from statistics import median
from typing import TYPE_CHECKING, TypeVar

from config.serve import APPLICATION
from tests.benchmarks import cpu
from tests.benchmarks.client import Browser
from tests.benchmarks.database import Database
from tests.benchmarks.servers import Server
from tests.benchmarks.steps import MATCHES, Candidate, Person, Visitor

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

PATIENCE = 2.0  # seconds for a burst
Figures = TypeVar("Figures", bound="DataclassInstance")


@dataclass(frozen=True)
class Project:
    """What is needed to prepare and to serve one of the two."""

    name: str
    settings: str
    candidates: str
    application: str
    cookie: str
    person: type[Candidate] | type[Visitor]


APP = Project("cutscore", "config.settings", "tests.benchmarks.candidates", APPLICATION, "session", Candidate)
FLOOR = Project(
    "floor",
    "tests.benchmarks.floor.settings",
    "tests.benchmarks.floor.candidates",
    "tests.benchmarks.floor.wsgi:application",
    "sessionid",
    Visitor,
)


@dataclass(frozen=True, slots=True)
class Burst:
    """Operations of one step in a row: CPU in ms an operation, the median wait in ms."""

    server: float
    database: float
    wait: float

    @property
    def cpu(self) -> float:
        return self.server + self.database


def middle(found: Sequence[Figures]) -> Figures:
    """The median of each figure of several measurements."""
    kind = type(found[0])
    return kind(*(median(getattr(one, field.name) for one in found) for field in fields(kind)))


class Side:
    """A prepared project, and people in the middle of an exam who wait to be asked for."""

    def __init__(self, project: Project, *, database: Database, folder: str, people: int) -> None:
        self.project, self.database = project, database
        self._environment = {
            "DATABASE_URL": database.urls[project.name],
            "DATA_DIR": folder,
            "SECRET_KEY": secrets.token_urlsafe(50),
            "HTTPS": "false",
            "DEBUG": "false",
        }
        self._waiting = iter(self._prepare(people))

    def serve(self, kind: str) -> "Running":
        """Start a server of this kind."""
        return Running(self, Server(kind, self.project.application, self._environment))

    def people(self, count: int, connection: HTTPConnection) -> list[Person]:
        """The next people; nobody is asked for twice, since an exam ends once."""
        rows = list(islice(self._waiting, count))
        assert len(rows) == count, "too few people were prepared"
        cookie, person = self.project.cookie, self.project.person
        return [person(Browser(connection, {cookie: str(row["session"])}), int(row["attempt"])) for row in rows]

    def _prepare(self, people: int) -> list[dict[str, str | int]]:
        arguments = [self.project.settings, self.project.candidates, str(people)]
        done = subprocess.run(  # noqa: S603 - our own command line
            [sys.executable, "-m", "tests.benchmarks.prepare", *arguments],
            env=os.environ | self._environment,
            stdout=subprocess.PIPE,
            check=True,
        )
        rows: list[dict[str, str | int]] = json.loads(done.stdout)
        return rows


class Running:
    """A side with its server, and connections to it."""

    def __init__(self, side: Side, server: Server) -> None:
        self.side, self.server = side, server
        self.connections = [server.connect()]

    def people(self, count: int, *, apart: bool = False) -> list[Person]:
        """The next people, all on the first connection, or on one of their own."""
        if apart:
            self.connections.append(self.server.connect())
        return self.side.people(count, self.connections[-1 if apart else 0])

    def stop(self) -> None:
        for connection in self.connections:
            connection.close()
        self.server.stop()

    def warm_up(self, people: Sequence[Person], operations: int) -> None:
        """Take the steps of an open exam often and all the others once: caches fill, connections open."""
        for step in ("question page", "save", "save and next", "review screen"):
            self.burst(step, people, operations)
        for step in MATCHES:
            self.burst(step, people, len(people))

    def burst(self, step: str, people: Sequence[Person], operations: int) -> Burst:
        """Let these people take a step in turn, one after the other, and measure.

        Each takes it once; a busy machine may not get as far as `operations`.
        """
        before, until = self.spent(), time.monotonic() + PATIENCE
        waits: list[float] = []
        for person in islice(cycle(people), operations):
            if len(waits) >= len(people) and time.monotonic() > until:
                break
            waits.append(sum(reply.seconds for reply in person.take(step)))
        server, database = (1000 * (after - start) for after, start in zip(self.spent(), before, strict=True))
        return Burst(server / len(waits), database / len(waits), 1000 * median(waits))

    def spent(self) -> tuple[float, float]:
        """Seconds of CPU so far: of the server's processes, and of the database's for this project."""
        backends = self.side.database.backends(self.side.project.name)
        return cpu.spent(self.server.processes), cpu.spent(backends)

    def statements(self, person: Person, step: str) -> tuple[list[str], int]:
        """What a step sends to the database, while statements are logged; and the bytes of its replies' bodies."""
        since = self.side.database.place()
        replies = person.take(step)
        time.sleep(0.05)  # the log is written by other processes
        found = self.side.database.statements(self.side.project.name, since)
        return found, sum(len(reply.sent) for reply in replies)
