"""The first load of the exam page: all that a browser without a cache fetches, as it comes over the wire."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tests.benchmarks.client import Browser
from tests.benchmarks.steps import Person

MOST_BYTES, MOST_REQUESTS = 60 * 1024, 6
FILES = re.compile(r'<(?:script[^>]*\ssrc|link rel="stylesheet" href)="(/[^"]+)"')


@dataclass(frozen=True, slots=True)
class File:
    """A request of the first load; `sent` is the body in bytes on the wire, `encoding` how it is compressed."""

    path: str
    encoding: str
    sent: int


def first_load(person: Person) -> list[File]:
    """The page and the files that it names; icons are in the page itself."""
    [page] = person.take("question page")
    files = [_file(person.browser, path) for path in FILES.findall(page.text)]
    return [File("the page", page.headers.get("content-encoding", "none"), len(page.sent)), *files]


def _file(browser: Browser, path: str) -> File:
    reply = browser.get(path)
    return File(path, reply.headers.get("content-encoding", "none"), len(reply.sent))


def total(files: Sequence[File]) -> int:
    """Bytes of all bodies."""
    return sum(file.sent for file in files)


def missed(files: Sequence[File]) -> list[str]:
    """The aims that the first load misses."""
    found = {"bytes": (total(files), MOST_BYTES), "requests": (len(files), MOST_REQUESTS)}
    return [f"{name} {number:,} > {most:,}" for name, (number, most) in found.items() if number > most]
