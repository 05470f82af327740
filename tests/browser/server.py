"""The real server as a child process, on a database of its own: tests stop it, kill it and start it again."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from django.conf import settings

HOST = "127.0.0.1"
PATIENCE = 30.0


class Server:
    """`python -m config.serve` with the settings of production; its port stays the same over restarts."""

    def __init__(self, *, database_url: str, data: Path) -> None:
        self.port = _free_port()
        self.data = data
        self.environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATABASE_URL": database_url,
            "DATA_DIR": str(data),
            "HOST": HOST,
            "PORT": str(self.port),
            "LOG_LEVEL": "ERROR",
        }

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    def start(self) -> None:
        """Return when it is ready; raises with what it said where it is not."""
        with (self.data / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "config.serve"],
                cwd=settings.BASE_DIR,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # so that its workers can be killed with it
            )
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and self.process.poll() is None:
            if self._is_ready():
                return
            time.sleep(0.05)
        self.kill()
        raise RuntimeError(f"the server did not start: {(self.data / 'server.log').read_text()}")

    def kill(self) -> None:
        """SIGKILL for the server and its workers: nothing is finished, nothing is said."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(timeout=PATIENCE)

    def manage(self, *arguments: str) -> None:
        """Run a command of manage.py with the same settings; raises with what it said."""
        done = subprocess.run(  # noqa: S603 - our own command line
            [sys.executable, "manage.py", *arguments],
            cwd=settings.BASE_DIR,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"manage.py {arguments[0]}: {done.stderr}")

    def _is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=1) as reply:  # noqa: S310 - our own address
                return bool(reply.status == 200)
        except (urllib.error.URLError, OSError):
            return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
