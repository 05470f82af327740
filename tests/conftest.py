"""What every test gets: no network, an empty cache of contents; on request PostgreSQL and Chromium."""

import os
import shutil
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from questions import bank
from tests import pg

# these machines are shared and noisy, so time is no verdict; what CI tries is the same in every run
settings.register_profile(
    "ours",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=os.environ.get("CI") == "true",
)
settings.load_profile("ours")

LOCAL = ("localhost", "127.0.0.1", "::1")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
WITHOUT_CHROMIUM = "Chromium is not installed; on Debian: apt-get install chromium"


class NetworkRefused(Exception):
    """A test wanted to reach another machine."""


@pytest.fixture(scope="session", autouse=True)
def _local_sockets_only() -> Iterator[None]:
    """Connections go to this machine or fail."""
    real = socket.socket.connect

    def connect(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and address[0] not in LOCAL:
            raise NetworkRefused(f"tests connect to this machine only, and not to {address[0]}")
        real(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect)
        yield


@pytest.fixture(autouse=True)
def _no_contents_kept() -> Iterator[None]:
    """The databases of tests come and go under the same ids, and the cache of contents must not outlive them."""
    bank.forget()
    yield
    bank.forget()


@pytest.fixture(scope="session")
def pgserver() -> str:
    """The URL of a real PostgreSQL, also for tests that run on SQLite."""
    url = os.environ.get("DATABASE_URL", "")
    return url if url.startswith("postgres") else pg.start()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL only what asks a database: the rest says the same on both, and has said it on SQLite."""
    if os.environ.get("DATABASE") != "postgresql":
        return
    asks = [item for item in items if _asks_a_database(item)]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(asks)])
    items[:] = asks


def _asks_a_database(item: pytest.Item) -> bool:
    fixtures = {"db", "transactional_db", "django_db_setup", "pgserver"}
    return bool(item.get_closest_marker("django_db") or fixtures & set(getattr(item, "fixturenames", ())))


# ---- browser tests ----


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Without Chromium browser tests are skipped on a laptop, and fail where nobody would see the skip."""
    if CHROMIUM or item.get_closest_marker("browser") is None:
        return
    if os.environ.get("CI") == "true":
        pytest.fail(WITHOUT_CHROMIUM)
    pytest.skip(WITHOUT_CHROMIUM)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """The Chromium of the system, which may not look up any other machine."""
    arguments = [
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
        "--disable-dev-shm-usage",
    ]
    if os.geteuid() == 0:
        arguments.append("--no-sandbox")  # root has no sandbox
    return {"executable_path": CHROMIUM, "args": arguments}
