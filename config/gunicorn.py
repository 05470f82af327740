"""What gunicorn does beyond its command line."""

import signal


def post_worker_init(worker: object) -> None:
    """Leave Ctrl+C, which a terminal sends to all processes, to the arbiter, who tells the workers.

    A worker that hears both at once may lock up while it shuts down its threads, and then gunicorn waits for it.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
