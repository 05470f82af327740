"""gunicorn's worker with threads, made to end in good order when it is told to."""

import signal
from types import FrameType

from gunicorn.workers.gthread import ThreadWorker


class Worker(ThreadWorker):
    """Ctrl+C in a terminal reaches every process: the arbiter hears it and tells its workers, who ignore their own.

    gunicorn's handler for a quick end takes the lock of the thread pool. A signal that comes while the worker holds it,
    or a second one during the first, locks the worker up, and gunicorn waits for it. So every end is the graceful one.
    """

    def init_signals(self) -> None:
        super().init_signals()
        signal.signal(signal.SIGINT, signal.SIG_IGN)

    def handle_quit(self, sig: int, frame: FrameType | None) -> None:
        self.handle_exit(sig, frame)
