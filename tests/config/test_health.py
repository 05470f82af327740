"""/healthz says that the process lives, /readyz that it reaches the database; neither asks who is calling."""

import threading
from pathlib import Path

import pytest
from django.db import connections
from django.db.utils import ConnectionHandler
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from environs import Env
from pytest_django import Settings

from config import environment, middleware

NOBODY_LISTENS = "postgres://user:password@127.0.0.1:1/name"


def elsewhere(request: HttpRequest) -> HttpResponse:
    return HttpResponse("another page")


@pytest.mark.parametrize(("path", "body"), [("/healthz", b"alive\n"), ("/readyz", b"ready\n")])
@pytest.mark.django_db
def test_health_is_answered_on_any_host_without_redirect_or_session(settings: Settings, path: str, body: bytes) -> None:
    settings.SECURE_SSL_REDIRECT = True
    settings.ALLOWED_HOSTS = ["cutscore.example"]
    response = Client().get(path, headers={"host": "10.0.0.7:8000"})
    assert (response.status_code, response.content) == (200, body)
    assert response.headers["Content-Type"] == "text/plain"
    assert not response.cookies


@pytest.mark.parametrize("path", ["/healthz/", "/readyz/more", "/", "/exams/healthz"])
def test_other_addresses_go_on(path: str) -> None:
    assert middleware.health(elsewhere)(RequestFactory().get(path)).content == b"another page"


def test_alive_does_not_ask_the_database() -> None:
    """No database mark: pytest-django would refuse a query."""
    assert middleware.health(elsewhere)(RequestFactory().get("/healthz")).status_code == 200


@pytest.mark.django_db
def test_not_ready_while_the_database_is_away(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DATABASE_URL", NOBODY_LISTENS)
    away = ConnectionHandler({"default": environment.database(Env(), tmp_path)})
    responses: list[HttpResponse] = []

    def ask() -> None:
        connections["default"] = away["default"]  # connections belong to their thread, and this thread ends here
        responses.append(middleware.health(elsewhere)(RequestFactory().get("/readyz")))

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    (response,) = responses
    assert (response.status_code, response.content) == (503, b"database away\n")
    assert response.headers["Retry-After"] == "5"
