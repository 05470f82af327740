"""`make run`: all that lies between a fresh clone and a page in the browser.

`python -m config.run` prepares the demo and serves it; `python -m config.run COMMAND …` runs a command of manage.py on
the same data. What goes wrong is said in one sentence.
"""

import os
import secrets
import socket
import sys
from pathlib import Path

import django
from django.contrib.staticfiles.finders import get_finders
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command, execute_from_command_line
from django.core.management.base import CommandError
from django.db import DatabaseError

from config import serve

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"


class PortTaken(Exception):
    """Somebody else listens there."""


def main(arguments: list[str]) -> None:
    try:
        prepare_environment()
        if arguments:
            django.setup()  # as in manage.py: a wrong value is said before a command stumbles over it
            execute_from_command_line(["manage.py", *arguments])
        else:
            demo()
    except DatabaseError as error:
        reason = str(error).strip().splitlines()[0]
        sys.exit(f"Cutscore cannot start: the database cannot be used ({reason}). Check DATABASE_URL and DATA_DIR.")
    except (ImproperlyConfigured, CommandError, OSError, PortTaken) as error:
        sys.exit(f"Cutscore cannot start: {error}")


def prepare_environment() -> None:
    """Fill in what a laptop does without: a key of its own, and plain HTTP. What is set already stays."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ["HTTPS"] = os.environ.get("HTTPS") or "false"
    if not os.environ.get("SECRET_KEY"):
        os.environ["SECRET_KEY"] = secret_key(Path(os.environ.get("DATA_DIR") or ROOT / "var"))


def secret_key(folder: Path) -> str:
    """The key kept in this folder, made at the first call, readable by its owner only."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "secret-key"
    if not file.exists():
        file.touch(mode=0o600, exist_ok=False)
        file.write_text(secrets.token_urlsafe(50) + "\n")
    return file.read_text().strip()


def demo() -> None:
    """Prepare the database and the static files, say how to sign in, and serve."""
    django.setup()
    from django.conf import settings  # complete only now

    command = serve.command(host=HOST)
    refuse_taken(settings.PORT)
    say("Preparing the database ...")
    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    call_command("seed")
    if are_new(settings.STATIC_ROOT / "staticfiles.json"):
        say("Collecting static files ...")
        call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    say("")
    call_command("create_demo_instructor")
    say(f"Cutscore runs at http://{HOST}:{settings.PORT}/  (the workshop: http://{HOST}:{settings.PORT}/admin/)")
    say("Stop it with Ctrl+C.")
    serve.become(command)


def are_new(manifest: Path) -> bool:
    """True where a static file is newer than what was collected; collecting takes seconds, looking takes none."""
    if not manifest.is_file():
        return True
    collected = manifest.stat().st_mtime
    return any(
        Path(storage.path(name)).stat().st_mtime > collected
        for finder in get_finders()
        for name, storage in finder.list([])
    )


def refuse_taken(port: int) -> None:
    """Raise `PortTaken` where another program listens on this port."""
    with socket.socket() as probe:
        # as servers do, so that a port in TIME_WAIT counts as free
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise PortTaken(
                f"port {port} is taken ({error.strerror}). Choose another: make run PORT={port + 1}"
            ) from error


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
