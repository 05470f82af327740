"""A small HTTP client: one connection that is kept alive, cookies, forms."""

import gzip
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from http.client import HTTPConnection, RemoteDisconnected
from http.cookies import SimpleCookie
from urllib.parse import urlencode

Fields = Iterable[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: `sent` is the body as it came over the wire, `seconds` from the request to its last byte."""

    status: int
    headers: dict[str, str]
    sent: bytes
    seconds: float

    @property
    def text(self) -> str:
        unpacked = gzip.decompress(self.sent) if self.headers.get("content-encoding") == "gzip" else self.sent
        return unpacked.decode()


class Unexpected(Exception):
    """The server gave another answer than the step is about, so its time means nothing."""


@dataclass
class Browser:
    """One person: a connection that may be shared, and cookies of their own."""

    connection: HTTPConnection
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, *, expect: int = 200, **headers: str) -> Reply:
        return self._ask("GET", path, b"", headers, expect)

    def post(self, path: str, fields: Fields, *, expect: int = 200, **headers: str) -> Reply:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        return self._ask("POST", path, urlencode(list(fields)).encode(), headers, expect)

    def _ask(self, method: str, path: str, body: bytes, headers: dict[str, str], expect: int) -> Reply:
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        headers |= {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Accept-Encoding": "gzip, br",
        }
        reply = self._exchange(method, path, body, headers)
        if reply.status != expect:
            raise Unexpected(f"{method} {path} gave {reply.status}, and not {expect}: {reply.text[:500]}")
        return reply

    def _exchange(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Reply:
        start = time.perf_counter()
        try:
            self.connection.request(method, path, body, headers)
            response = self.connection.getresponse()
        except (RemoteDisconnected, ConnectionResetError, BrokenPipeError):
            # an idle connection that the server has closed meanwhile
            self.connection.close()
            start = time.perf_counter()
            self.connection.request(method, path, body, headers)
            response = self.connection.getresponse()
        sent = response.read()
        seconds = time.perf_counter() - start
        for _, line in filter(lambda header: header[0].lower() == "set-cookie", response.getheaders()):
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        return Reply(response.status, {name.lower(): value for name, value in response.getheaders()}, sent, seconds)
