"""Settings come from the environment, and a wrong value ends the start with a sentence that names it."""

import os
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from environs import Env

from config import environment

ROOT = Path(settings.BASE_DIR)
KEY = "k" * 50


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The environment of a fresh machine with a key."""
    for name in ("DATABASE_URL", "HTTPS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SECRET_KEY", KEY)
    monkeypatch.setenv("DATA_DIR", str(tmp_path))


def read_settings() -> dict[str, Any]:
    return runpy.run_path(str(ROOT / "config" / "settings.py"))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", ""),
        ("SECRET_KEY", "k" * 49),
        ("DEBUG", "perhaps"),
        ("HTTPS", "perhaps"),
        ("PORT", "eighty"),
        ("PORT", "0"),
        ("PORT", "65536"),
        ("LOG_LEVEL", "LOUD"),
        ("TRUSTED_PROXIES", "some"),
        ("TRUSTED_PROXIES", "-1"),
        ("DATA_DIR", str(ROOT / "manage.py")),
        ("DATA_DIR", str(ROOT / "manage.py" / "below")),
        ("EMAIL_URL", "post office"),
        ("EMAIL_URL", "pigeon://localhost"),
        ("DATABASE_URL", "mysql://user:password@host/name"),
        ("DATABASE_URL", "cutscore.sqlite3"),
        ("DATABASE_URL", "postgres://user:password@host:port/name"),
        ("DATABASE_URL", "postgres://user:password@host"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "sqlite://:memory:"),
    ],
)
def test_a_wrong_value_is_refused_with_its_name_and_what_to_set(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured) as refusal:
        read_settings()
    assert str(refusal.value).startswith(name)
    assert f"Set {name} to" in str(refusal.value)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    "name", ["DEBUG", "HTTPS", "PORT", "LOG_LEVEL", "TRUSTED_PROXIES", "EMAIL_URL", "DATABASE_URL"]
)
def test_an_empty_value_is_as_none(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """compose.yaml and Makefiles pass on variables that nobody has set."""
    plain = read_settings()
    monkeypatch.setenv(name, "")
    assert {key: value for key, value in read_settings().items() if key.isupper()} == {
        key: value for key, value in plain.items() if key.isupper()
    }


def test_defaults_are_those_of_production() -> None:
    found = read_settings()
    assert found["DEBUG"] is False
    assert found["SECURE_SSL_REDIRECT"] is True
    assert found["SESSION_COOKIE_NAME"] == "__Host-session"
    assert found["SECURE_PROXY_SSL_HEADER"] is None
    assert found["ALLOWED_HOSTS"] == ["localhost", "127.0.0.1", "[::1]"]


def test_sqlite_in_the_data_folder_is_the_default(tmp_path: Path) -> None:
    found = environment.database(Env(), tmp_path / "cutscore.sqlite3")
    assert found["ENGINE"] == "django.db.backends.sqlite3"
    assert found["NAME"] == str(tmp_path / "cutscore.sqlite3")
    assert found["OPTIONS"] == {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    }


@pytest.mark.parametrize("scheme", ["postgres", "postgresql"])
def test_postgresql_by_url(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, scheme: str) -> None:
    monkeypatch.setenv("DATABASE_URL", f"{scheme}://ada:secret@db.example:5433/bank?sslmode=require")
    found = environment.database(Env(), tmp_path / "unused")
    wanted = {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": "db.example",
        "PORT": 5433,
        "NAME": "bank",
        "USER": "ada",
        "PASSWORD": "secret",
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }
    assert {key: found[key] for key in wanted} == wanted
    assert found["OPTIONS"]["sslmode"] == "require"


@pytest.mark.slow
@pytest.mark.parametrize("command", [["manage.py", "check"], ["-m", "config.run"], ["-m", "config.serve"]])
def test_programs_end_with_one_sentence_and_no_traceback(command: list[str], tmp_path: Path) -> None:
    variables = os.environ | {"PORT": "eighty", "DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "config.settings"}
    done = subprocess.run(  # noqa: S603 - our own programs
        [sys.executable, *command], cwd=ROOT, env=variables, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("Cutscore cannot start: PORT cannot be used")
    assert done.stderr.count("\n") == 1
