"""A real server on a seeded bank, once a session; every test brings its own people, so that none waits for another.

The bank lies in a database of its own, beside the one that other tests empty. Each page is watched: nothing may break
the Content-Security-Policy, reach another host, or throw.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from playwright.sync_api import BrowserContext, ConsoleMessage, Request, expect
from pytest_django import DjangoDbBlocker

from accounts.models import User
from questions.seeding import seed
from tests.browser.pages import Exam
from tests.browser.server import Server
from tests.browser.sittings import Sitting, person, sign_in

expect.set_options(timeout=8_000)
NewContext = Callable[..., BrowserContext]
WATCH = """document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`securitypolicyviolation: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`));"""


# ---- the database and the server ----


@pytest.fixture(scope="session")
def database(django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """The URL of a database with the whole bank in it; `connection` leads to it within a test only."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    if connection.vendor == "postgresql":
        name = f"browser_{worker}"
        url = urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))
        _postgresql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)", f"CREATE DATABASE {name}")
    else:
        name = str(Path(settings.DATA_DIR) / f"browser-{worker}.sqlite3")
        url = f"sqlite:///{name}"
    with django_db_blocker.unblock(), _connected_to(name):
        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        seed(settings.FIXTURES_DIR, at=timezone.now())
    yield url
    if connection.vendor == "postgresql":
        _postgresql(f"DROP DATABASE {name} WITH (FORCE)")


def _postgresql(*statements: str) -> None:
    with psycopg.connect(os.environ["DATABASE_URL"], dbname="postgres", autocommit=True) as server:
        for statement in statements:
            server.execute(statement.encode())


class _connected_to:  # noqa: N801 - read as a verb
    """`connection` leads to the database of this name for a while."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __enter__(self) -> None:
        connection.close()
        self.before, connection.settings_dict["NAME"] = connection.settings_dict["NAME"], self.name

    def __exit__(self, *_: object) -> None:
        connection.close()
        connection.settings_dict["NAME"] = self.before


@pytest.fixture(autouse=True)
def _bank(database: str, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Tests read and write the database of the server, without a transaction around them."""
    path = urlsplit(database).path
    with (
        django_db_blocker.unblock(),
        _connected_to(path.removeprefix("/") if connection.vendor == "postgresql" else path),
    ):
        yield


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("server")


@pytest.fixture(scope="session")
def server(database: str, data: Path) -> Iterator[Server]:
    """The server that all tests share; its static files are collected and compressed as in production."""
    child = Server(database_url=database, data=data)
    child.manage("collectstatic", "--noinput", "--verbosity=0", "--ignore=admin")
    child.start()
    yield child
    child.kill()


@pytest.fixture
def own_server(server: Server) -> Iterator[Server]:
    """A second server on the same database, which a test may kill."""
    child = Server(database_url=server.environment["DATABASE_URL"], data=server.data)
    child.start()
    yield child
    child.kill()


# ---- browsers ----


@pytest.fixture(scope="session")
def base_url(server: Server) -> str:
    return server.url


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return browser_context_args | {
        "viewport": {"width": 1280, "height": 900},
        "reduced_motion": "reduce",
        "color_scheme": "light",
        "timezone_id": "Europe/Berlin",
    }


class Watch:
    """Notes what no page may do."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def over(self, context: BrowserContext) -> BrowserContext:
        context.add_init_script(WATCH)
        context.on("console", self._console)
        context.on("request", self._request)
        context.on("weberror", lambda error: self.seen.append(f"thrown: {error.error}"))
        return context

    def _console(self, message: ConsoleMessage) -> None:
        if "securitypolicyviolation" in message.text or "Content Security Policy" in message.text:
            self.seen.append(message.text)

    def _request(self, request: Request) -> None:
        if urlsplit(request.url).hostname != "127.0.0.1" and not request.url.startswith("data:"):
            self.seen.append(f"request to {request.url}")


@pytest.fixture
def watch() -> Iterator[Watch]:
    eyes = Watch()
    yield eyes
    assert eyes.seen == []


@pytest.fixture
def new_context(new_context: NewContext, watch: Watch) -> NewContext:
    """Contexts are watched, and one may be somebody's."""

    def make(user: User | None = None, **options: Any) -> BrowserContext:
        context = watch.over(new_context(**options))
        if user:
            sign_in(context, user)
        return context

    return make


@pytest.fixture
def user() -> User:
    return person()


@pytest.fixture
def sit(context: BrowserContext, user: User) -> Callable[..., Exam]:
    """Start a mock exam as `user`, and open it at a question in a tab of its own."""
    sign_in(context, user)

    def begin(position: int = 1, sitting: Sitting | None = None) -> Exam:
        exam = Exam(context.new_page(), sitting or Sitting.begin(user))
        return exam.open(position)

    return begin


@pytest.fixture
def exam(sit: Callable[..., Exam]) -> Exam:
    """A mock exam just begun, at its first question."""
    return sit()
