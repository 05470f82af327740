"""The web servers, with the command lines of config/serve.py, for the app or for the floor."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from http.client import HTTPConnection

from config.serve import APPLICATION, SERVERS
from tests.benchmarks import cpu

HOST = "127.0.0.1"
PATIENCE = 30.0
Command = Callable[[int], list[str]]


def _sync(port: int) -> list[str]:
    """gunicorn's default worker: a process a request, and no connection kept alive."""
    return ["gunicorn", APPLICATION, "--bind", f"{HOST}:{port}", "--log-level", "warning", "--workers", "4"]


KINDS: dict[str, Command] = {
    "granian 2x1": lambda port: SERVERS["granian"](HOST, port, 2, 1),
    "granian 2x4": lambda port: SERVERS["granian"](HOST, port, 2, 4),
    "gunicorn gthread 2x4": lambda port: SERVERS["gunicorn"](HOST, port, 2, 4),
    "gunicorn sync x4": _sync,
}


class Server:
    """A server that runs until `stop`."""

    def __init__(self, kind: str, application: str, environment: dict[str, str]) -> None:
        self.port = _free_port()
        arguments = [application if word == APPLICATION else word for word in KINDS[kind](self.port)]
        self._process = subprocess.Popen(  # noqa: S603 - our own command line
            [sys.executable, "-m", *arguments], env=os.environ | environment, stdin=subprocess.DEVNULL
        )
        self._wait()

    @property
    def processes(self) -> list[int]:
        """The server's process and its workers."""
        return cpu.family(self._process.pid)

    def connect(self) -> HTTPConnection:
        return HTTPConnection(HOST, self.port, timeout=PATIENCE)

    def stop(self) -> None:
        """At once: nobody waits for an answer any more."""
        processes = self.processes
        self._process.terminate()
        try:
            self._process.wait(timeout=3)
        except subprocess.TimeoutExpired:
            for pid in processes:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            self._process.wait()

    def _wait(self) -> None:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and self._process.poll() is None:
            try:
                socket.create_connection((HOST, self.port), timeout=1).close()
            except OSError:
                time.sleep(0.1)
            else:
                return
        self.stop()
        raise RuntimeError("the server did not start; what it said stands above")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
