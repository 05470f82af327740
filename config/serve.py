"""`python -m config.serve`: the web server, with the same command line on a laptop and in a container.

It refuses to serve on a database that could lose an answer (accounts/checks.py), in a sentence instead of a traceback.
"""

import os
import sys
from collections.abc import Callable

import django
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import CommandError
from environs import Env, validate

from config import environment

APPLICATION = "config.wsgi:application"


def main() -> None:
    """Check, then become the server."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        django.setup()
        call_command("check", databases=["default"])
        become(command(host="0.0.0.0"))  # noqa: S104 - inside a container; compose.yaml says who may reach it
    except (ImproperlyConfigured, CommandError) as error:
        sys.exit(f"Cutscore cannot start: {error}")


def command(*, host: str) -> list[str]:
    """The server's command line, from SERVER, HOST, PORT, WORKERS and THREADS; raises `ImproperlyConfigured`."""
    from django.conf import settings  # waits until the environment is complete

    env = Env()
    server = environment.read(
        env.str, "SERVER", "Set SERVER to gunicorn or granian.", default="gunicorn", validate=validate.OneOf(SERVERS)
    )
    host = env.str("HOST", "") or host
    return [
        sys.executable,
        "-m",
        *SERVERS[server](host, settings.PORT, _count(env, "WORKERS", 2), _count(env, "THREADS", 4)),
    ]


def become(arguments: list[str]) -> None:
    """Replace this process, so that signals reach the server itself."""
    sys.stdout.flush()
    os.execv(arguments[0], arguments)  # noqa: S606 - our own command line, no shell wanted


def _count(env: Env, name: str, default: int) -> int:
    advice = f"Set {name} to a number from 1 to 64."
    count: int = environment.read(env.int, name, advice, default=default, validate=validate.Range(1, 64))
    return count


def _gunicorn(host: str, port: int, workers: int, threads: int) -> list[str]:
    return [
        *("gunicorn", APPLICATION, "--worker-class", "config.gunicorn.Worker", "--bind", f"{host}:{port}"),
        *("--log-level", "warning"),
        *("--workers", str(workers), "--threads", str(threads), "--keep-alive", "15", "--graceful-timeout", "20"),
    ]


def _granian(host: str, port: int, workers: int, threads: int) -> list[str]:
    # a worker of granian 2.8 that has answered a request often hangs when it is told to stop: it is not waited for long
    return [
        *("granian", APPLICATION, "--interface", "wsgi", "--host", host, "--port", str(port), "--log-level", "warning"),
        *("--workers", str(workers), "--blocking-threads", str(threads), "--workers-kill-timeout", "5"),
    ]


SERVERS: dict[str, Callable[[str, int, int, int], list[str]]] = {"gunicorn": _gunicorn, "granian": _granian}

if __name__ == "__main__":
    main()
