"""What `make run` does before it serves, and the command line of the server."""

import os
import signal
import socket
import stat
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import run, serve


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """Somebody who listens, until the test ends."""
    with socket.socket() as opened:
        opened.bind((run.HOST, 0))
        opened.listen()
        yield opened


def test_the_key_is_made_once_and_belongs_to_its_owner(tmp_path: Path) -> None:
    folder = tmp_path / "var"
    first = run.secret_key(folder)
    assert len(first) >= 50
    assert stat.S_IMODE((folder / "secret-key").stat().st_mode) == 0o600
    assert run.secret_key(folder) == first
    assert run.secret_key(tmp_path / "other") != first


def test_a_mask_of_the_shell_does_not_open_the_key(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        run.secret_key(tmp_path)
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "secret-key").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({}, {"HTTPS": "false"}),
        ({"HTTPS": ""}, {"HTTPS": "false"}),
        ({"HTTPS": "true", "SECRET_KEY": "mine"}, {"HTTPS": "true", "SECRET_KEY": "mine"}),
    ],
)
def test_what_is_set_already_stays(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, before: dict[str, str], after: dict[str, str]
) -> None:
    monkeypatch.delenv("SECRET_KEY")
    monkeypatch.delenv("HTTPS")
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    for name, value in before.items():
        monkeypatch.setenv(name, value)
    run.prepare_environment()
    assert {"SECRET_KEY": run.secret_key(tmp_path)} | after == {
        name: os.environ[name] for name in ("SECRET_KEY", "HTTPS")
    }


def test_a_free_port_is_not_refused(listener: socket.socket) -> None:
    port = listener.getsockname()[1]
    listener.close()
    run.refuse_taken(port)


@pytest.mark.slow
def test_a_taken_port_is_one_sentence(listener: socket.socket, tmp_path: Path) -> None:
    port = listener.getsockname()[1]
    variables = os.environ | {"PORT": str(port), "DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "config.settings"}
    done = subprocess.run(
        [sys.executable, "-m", "config.run"], cwd=run.ROOT, env=variables, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith(f"Cutscore cannot start: port {port} is taken ")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("command", [["manage.py"], ["-m", "config.run"]])
@pytest.mark.parametrize("name", ["makemigrations", "migrate", "check", "seed"])
def test_a_wrong_value_is_one_sentence_before_any_command(tmp_path: Path, command: list[str], name: str) -> None:
    variables = os.environ | {"DATABASE_URL": "nonsense", "DATA_DIR": str(tmp_path)}
    variables |= {"DJANGO_SETTINGS_MODULE": "config.settings"}
    done = subprocess.run(  # noqa: S603 - our own command line
        [sys.executable, *command, name], cwd=run.ROOT, env=variables, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr.startswith("Cutscore cannot start: DATABASE_URL ")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("server", ["gunicorn", "granian"])
def test_the_server_is_a_variable(monkeypatch: pytest.MonkeyPatch, server: str) -> None:
    monkeypatch.setenv("SERVER", server)
    monkeypatch.setenv("WORKERS", "3")
    arguments = serve.command(host="127.0.0.1")
    assert arguments[:4] == [sys.executable, "-m", server, "config.wsgi:application"]
    assert arguments[arguments.index("--workers") + 1] == "3"


@pytest.mark.parametrize(
    ("name", "value"), [("SERVER", "apache"), ("WORKERS", "0"), ("WORKERS", "many"), ("THREADS", "65")]
)
def test_a_wrong_server_is_refused(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured, match=rf"^{name} cannot be used .* Set {name} to "):
        serve.command(host="127.0.0.1")


def test_static_files_are_collected_when_one_is_newer(tmp_path: Path) -> None:
    manifest = tmp_path / "staticfiles.json"
    assert run.are_new(manifest)
    manifest.touch()
    assert not run.are_new(manifest)
    os.utime(manifest, (0, 0))
    assert run.are_new(manifest)


@pytest.mark.slow
@pytest.mark.parametrize("server", ["gunicorn", "granian"])
def test_the_server_answers_and_ends_at_ctrl_c(listener: socket.socket, tmp_path: Path, server: str) -> None:
    """Ctrl+C reaches all processes at once, and must not make gunicorn wait for a worker that hangs."""
    port = listener.getsockname()[1]
    listener.close()
    (tmp_path / "static").mkdir()
    changes = {"SERVER": server, "PORT": str(port), "HOST": run.HOST, "DATA_DIR": str(tmp_path), "DATABASE_URL": ""}
    process = subprocess.Popen(
        [sys.executable, "-m", "config.serve"],
        cwd=run.ROOT,
        env=os.environ | changes | {"DJANGO_SETTINGS_MODULE": "config.settings"},
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        assert answer(f"http://{run.HOST}:{port}/readyz", process) == b"ready\n"
        os.killpg(process.pid, signal.SIGINT)
        process.wait(timeout=10)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def answer(url: str, process: subprocess.Popen[bytes]) -> bytes:
    """The body under this address, as soon as somebody listens there."""
    until = time.monotonic() + 30
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5) as response:  # noqa: S310 - our own address
                body: bytes = response.read()
                return body
        except urllib.error.URLError:
            time.sleep(0.1)
    raise AssertionError("the server did not answer")
