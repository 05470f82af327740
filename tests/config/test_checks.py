"""The app refuses a database whose commits may be lost, and the tests run on one that keeps them."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import ConnectionHandler
from environs import Env

from accounts.checks import durability
from config import environment

ON_SQLITE = pytest.mark.skipif("connection.vendor != 'sqlite'", reason="about SQLite")


@contextmanager
def connected(settings: dict[str, Any], **options: Any) -> Iterator[BaseDatabaseWrapper]:
    """A connection of its own to this database, with some options set otherwise."""
    changed = settings | {"OPTIONS": settings["OPTIONS"] | options}
    opened = ConnectionHandler({"default": changed})["default"]
    try:
        yield opened
    finally:
        opened.close()


@pytest.fixture
def sqlite(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict[str, Any]:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    return environment.database(Env(), tmp_path / "test.sqlite3")


@pytest.fixture
def postgresql(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, pgserver: str) -> dict[str, Any]:
    monkeypatch.setenv("DATABASE_URL", pgserver.rpartition("/")[0] + "/postgres")
    return environment.database(Env(), tmp_path / "unused")


def messages(opened: BaseDatabaseWrapper) -> list[str]:
    return [message.msg for message in durability(opened)]


@pytest.mark.django_db
def test_tests_run_on_a_durable_database() -> None:
    assert durability(connection) == []


@ON_SQLITE
@pytest.mark.django_db
def test_tests_run_on_a_file_with_wal_and_full_sync() -> None:
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert cursor.execute("PRAGMA synchronous").fetchone() == (2,)
        assert Path(cursor.execute("PRAGMA database_list").fetchone()[2]).is_file()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("options", "wrong"),
    [
        ({}, []),
        (
            {"init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"},
            ["SQLite's synchronous is 1, and must be 2"],
        ),
        ({"init_command": "PRAGMA journal_mode=DELETE;"}, ["SQLite's journal_mode is 'delete', and must be 'wal'"]),
        ({"transaction_mode": "DEFERRED"}, ["SQLite's transactions are not IMMEDIATE"]),
        ({"transaction_mode": None}, ["SQLite's transactions are not IMMEDIATE"]),
    ],
)
def test_sqlite(sqlite: dict[str, Any], options: dict[str, Any], wrong: list[str]) -> None:
    with connected(sqlite, **options) as opened:
        assert messages(opened) == wrong


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("value", "wrong"),
    [
        ("on", []),
        ("remote_apply", []),
        ("off", ["PostgreSQL's synchronous_commit is off, and must be on"]),
    ],
)
def test_postgresql(postgresql: dict[str, Any], value: str, wrong: list[str]) -> None:
    with connected(postgresql, options=f"-c synchronous_commit={value}") as opened:
        assert messages(opened) == wrong


@pytest.mark.django_db
def test_a_database_that_is_away_is_named(postgresql: dict[str, Any]) -> None:
    with connected(postgresql | {"HOST": "127.0.0.1", "PORT": 1}) as opened:
        (message,) = durability(opened)
    assert message.id == "cutscore.E001"
    assert message.msg.startswith("The database cannot be reached: ")


@pytest.mark.django_db(transaction=True)
def test_a_weak_database_ends_the_start() -> None:
    """With the connection that the app itself uses, through the command that config.serve calls first."""
    weaken, restore = WEAKEN[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(weaken)
    try:
        with pytest.raises(SystemCheckError, match=r"cutscore\.E002"):
            call_command("check", databases=["default"])
    finally:
        with connection.cursor() as cursor:
            cursor.execute(restore)


WEAKEN = {
    "sqlite": ("PRAGMA synchronous=OFF", "PRAGMA synchronous=FULL"),
    "postgresql": ("SET synchronous_commit = off", "RESET synchronous_commit"),
}
