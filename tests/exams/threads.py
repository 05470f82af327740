"""Several acts at once, each in a thread with a connection of its own."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from django.db import connection

T = TypeVar("T")


def together(acts: Sequence[Callable[[], T]]) -> list[T]:
    """What each act returns, in their order; what one of them raises is raised here."""
    begin = Barrier(len(acts))

    def run(act: Callable[[], T]) -> T:
        connection.ensure_connection()  # so that all of them begin with their first statement
        begin.wait(timeout=20)
        try:
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [future.result(timeout=60) for future in [pool.submit(run, act) for act in acts]]
