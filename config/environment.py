"""Reads the environment, and stops the start with a sentence when a value is wrong or missing."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from environs import Env, EnvError

ENGINES = {"sqlite": "sqlite", "postgres": "postgresql", "postgresql": "postgresql"}


def read(reader: Callable[..., Any], name: str, advice: str, **options: Any) -> Any:
    """Read one variable; `advice` says what to set when the value cannot be used. Empty is as good as not set."""
    if not os.environ.get(name):
        os.environ.pop(name, None)  # compose and make pass on variables that nobody has set
    try:
        return reader(name, **options)
    except (EnvError, ValueError) as error:
        raise ImproperlyConfigured(f"{name} cannot be used ({error}). {advice}") from error


def secret_key(env: Env) -> str:
    """The key that signs sessions and cookies, at least 50 characters."""
    advice = (
        "Set SECRET_KEY to 50 random characters or more, for example with: "
        "python3 -c 'import secrets; print(secrets.token_urlsafe(50))'"
    )
    key = env.str("SECRET_KEY", "")
    if not key:
        raise ImproperlyConfigured(f"SECRET_KEY is not set. {advice}")
    if len(key) < 50:
        raise ImproperlyConfigured(f"SECRET_KEY has {len(key)} characters. {advice}")
    return key


def data_folder(env: Env, default: Path) -> Path:
    """The folder for what the app writes, made where it is missing."""
    folder = Path(env.str("DATA_DIR", "") or default).resolve()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(
            f"DATA_DIR cannot be used ({error.strerror}: {folder}). Set DATA_DIR to a folder that the app may write."
        ) from error
    return folder


def email(env: Env) -> dict[str, Any]:
    """Django's settings of the mail server that EMAIL_URL names; mail is printed until it names one."""
    advice = "Set EMAIL_URL to smtp://user:password@host:587, or leave it out to have mail printed."
    settings: dict[str, Any] = read(env.dj_email_url, "EMAIL_URL", advice, default="console://")
    if "EMAIL_BACKEND" not in settings:
        raise ImproperlyConfigured(f"EMAIL_URL names no way to send mail. {advice}")
    return settings


def database(env: Env, default: Path) -> dict[str, Any]:
    """Django's settings of the database that DATABASE_URL names: SQLite or PostgreSQL, set to lose nothing.

    Durability before speed: SQLite syncs at each commit (WAL with synchronous FULL) and waits for the write lock
    from the beginning of a transaction; PostgreSQL keeps synchronous_commit on.
    """
    advice = (
        "Set DATABASE_URL to sqlite:////absolute/path.sqlite3 or to postgres://user:password@host:5432/name, "
        "or leave it out for SQLite in the data folder."
    )
    url = env.str("DATABASE_URL", "") or f"sqlite:///{default}"
    engine = ENGINES.get(urlsplit(url).scheme)
    if engine is None:
        raise ImproperlyConfigured(f"DATABASE_URL names a database that Cutscore does not know. {advice}")
    settings: dict[str, Any] = read(env.dj_db_url, "DATABASE_URL", advice, default=url)
    if settings.get("NAME") in {None, "", ":memory:"}:
        raise ImproperlyConfigured(f"DATABASE_URL names no database. {advice}")
    if engine == "sqlite" and not (Path(settings["NAME"]).is_absolute() and Path(settings["NAME"]).parent.is_dir()):
        raise ImproperlyConfigured(f"DATABASE_URL names a file in a folder that is not there. {advice}")
    options = settings.setdefault("OPTIONS", {})
    if engine == "sqlite":
        options |= {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
        }
    else:
        # statements are prepared at their second use: what a request sends is the same few statements, over and over,
        # and at the first use migrations would fail, which send several commands in one statement
        options |= {"server_side_binding": True, "prepare_threshold": 1}
        settings |= {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
    return settings
