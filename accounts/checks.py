"""The app refuses to start on a database that could lose an answer it has acknowledged."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DatabaseError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

# what each setting must be; reliability.md's measurements and docs/adr/0002 say why
SQLITE = {"journal_mode": "wal", "synchronous": 2}
POSTGRESQL = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": ("on", "remote_apply", "remote_write")}


@register(Tags.database)
def durable_database(*, databases: Sequence[str] | None, **kwargs: Any) -> list[CheckMessage]:
    """Refuse databases whose commits may be lost."""
    return [message for alias in databases or () for message in durability(connections[alias])]


def durability(connection: BaseDatabaseWrapper) -> list[CheckMessage]:
    """What is wrong with the settings of this database, one message for each."""
    try:
        with connection.cursor() as cursor:
            return _sqlite(connection, cursor) if connection.vendor == "sqlite" else _postgresql(cursor)
    except DatabaseError as error:
        return [
            Error(
                f"The database cannot be reached: {error}",
                hint="Set DATABASE_URL, and start the database.",
                id="cutscore.E001",
            )
        ]


def _sqlite(connection: BaseDatabaseWrapper, cursor: Any) -> list[CheckMessage]:
    found = {name: cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in SQLITE}
    wrong = [
        _wrong(f"SQLite's {name} is {value!r}, and must be {SQLITE[name]!r}")
        for name, value in found.items()
        if value != SQLITE[name]
    ]
    if getattr(connection, "transaction_mode", None) != "IMMEDIATE":
        wrong.append(_wrong("SQLite's transactions are not IMMEDIATE"))
    return wrong


def _postgresql(cursor: Any) -> list[CheckMessage]:
    wrong: list[CheckMessage] = []
    for name, wanted in POSTGRESQL.items():
        cursor.execute(f"SHOW {name}")
        value = cursor.fetchone()[0]
        if value not in wanted if isinstance(wanted, tuple) else value != wanted:
            wrong.append(_wrong(f"PostgreSQL's {name} is {value}, and must be on"))
    return wrong


def _wrong(message: str) -> CheckMessage:
    return Error(message, hint="A commit could be lost that a candidate was told is saved.", id="cutscore.E002")
