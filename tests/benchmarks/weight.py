"""The first load of the exam page: all that a browser without a cache fetches, as it comes over the wire."""

import re
from dataclasses import dataclass

from tests.benchmarks.client import Browser
from tests.benchmarks.steps import Person

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
