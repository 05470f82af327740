"""What the browser is sent and keeps: few and small files of our own, a strict policy, no traces."""

import gzip
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

import brotli
import pytest
from playwright.sync_api import Page, Response

from accounts.models import User
from tests.browser.conftest import NewContext, Watch
from tests.browser.pages import Exam
from tests.browser.server import Server
from tests.browser.sittings import Sitting, sign_in

pytestmark = pytest.mark.browser

POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "font-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "object-src 'none'",
}


@dataclass
class Traffic:
    """Responses of a page: how many, and how many bytes of body came over the wire."""

    page: Page
    sizes: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.page.on("response", self._note)

    def _note(self, response: Response) -> None:
        if not response.url.startswith("data:"):
            self.sizes[response.url.split("/", 3)[3]] = response.request.sizes()["responseBodySize"]


def test_the_first_load_of_a_question_is_small(page: Page, user: User, capsys: pytest.CaptureFixture[str]) -> None:
    """At most 6 requests and 60 KB as sent. The page itself is compressed by the proxy, here by gzip."""
    sitting = Sitting.begin(user)
    sign_in(page.context, user)
    traffic = Traffic(page)
    Exam(page, sitting).open(40)
    page.wait_for_load_state("networkidle")
    question = next(path for path in traffic.sizes if path.startswith("attempts/"))
    files = {path: size for path, size in traffic.sizes.items() if path != question}
    body = page.context.request.get(f"/{question}").body()
    with capsys.disabled():
        print(f"\nfirst load of a question: {len(traffic.sizes)} requests, {sum(traffic.sizes.values())} bytes as sent")
        for path, size in traffic.sizes.items():
            print(f"  {size:6} {path}")
        print(f"  the page is {len(body)} bytes, {len(gzip.compress(body))} with gzip")
    assert len(traffic.sizes) <= 6
    assert sum(traffic.sizes.values()) <= 60_000
    assert all(path.endswith((".css", ".js")) for path in files)


def test_a_move_is_one_small_request(exam: Exam) -> None:
    traffic = Traffic(exam.page)
    with exam.page.expect_event("requestfinished"):
        exam.next()
    exam.expect_question(2)
    assert len(traffic.sizes) == 1
    assert sum(traffic.sizes.values()) <= 30_000


def test_static_files_are_compressed_and_kept_for_ever(server: Server, page: Page) -> None:
    page.goto("/")
    style = page.locator("link[rel=stylesheet]").get_attribute("href")
    plain = Path(str(server.data / "static" / str(style).removeprefix("/static/"))).read_bytes()
    for coding, unpack in (("br", brotli.decompress), ("gzip", gzip.decompress)):
        request = urllib.request.Request(f"{server.url}{style}", headers={"Accept-Encoding": coding})  # noqa: S310 - our own address
        with urllib.request.urlopen(request) as reply:  # noqa: S310 - as above
            assert reply.headers["Content-Encoding"] == coding
            assert "immutable" in reply.headers["Cache-Control"]
            sent = reply.read()
        assert unpack(sent) == plain
        assert len(sent) < len(plain) / 3


@pytest.mark.parametrize("path", ["/", "/start/DOP-C02/", "/account/sign-in/", "/nowhere/"])
def test_every_page_carries_the_policy(page: Page, path: str) -> None:
    """The policy is enforced, and nothing in it is looser than `self`."""
    reply = page.goto(path)
    assert reply
    headers = reply.headers
    assert {part.strip() for part in headers["content-security-policy"].split(";")} == POLICY
    assert headers["x-frame-options"] == "DENY"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


def test_the_policy_refuses_what_is_injected(page: Page, watch: Watch) -> None:
    """A control for the watch over all pages: it sees a style and a script that the policy refuses."""
    page.goto("/")
    page.evaluate("""() => document.body.insertAdjacentHTML("beforeend", '<p style="color: red" id="injected">')""")
    page.evaluate(
        """() => document.body.append(Object.assign(document.createElement("script"), { text: "window.ran = 1" }))"""
    )
    assert page.evaluate("() => window.ran") is None
    assert page.locator("#injected").evaluate("(p) => getComputedStyle(p).color") != "rgb(255, 0, 0)"
    seen = " ".join(watch.seen)
    assert "style-src" in seen
    assert "script-src" in seen
    watch.seen.clear()


def test_nothing_of_an_exam_is_left_in_the_browser(page: Page, new_context: NewContext, user: User) -> None:
    """htmx keeps the address of the page in the session, and no page; nothing else is stored."""
    context = new_context(user)
    exam = Exam(context.new_page(), Sitting.begin(user)).open(1)
    exam.choose("A")
    for place in (2, 3):
        exam.next()
        exam.expect_question(place)
    for way, place in (("back", 2), ("forward", 3)):
        exam.page.evaluate(f"() => history.{way}()")
        exam.expect_question(place)
    review = exam.review()
    review.end()
    review.confirm()
    exam.page.get_by_role("link", name="All 75").click()
    kept = exam.page.evaluate("() => ({ ...localStorage, ...sessionStorage })")
    assert set(kept) <= {"htmx-current-path-for-history"}
    assert exam.page.evaluate("async () => (await caches.keys()).length") == 0
    assert {cookie["name"] for cookie in context.cookies()} <= {"session", "csrf", "tz", "guest", "messages"}


def test_pages_of_an_exam_are_stored_nowhere(exam: Exam) -> None:
    for path in ("questions/1/", "review/", "end/", "left/"):
        reply = exam.page.context.request.get(f"/attempts/{exam.sitting.pk}/{path}")
        assert "no-store" in reply.headers["cache-control"], path


def test_a_whole_exam_page_on_a_slow_line(exam: Exam) -> None:
    """400 ms and 50 kB/s: a question answers within three seconds, and each answer arrives."""
    session = exam.page.context.new_cdp_session(exam.page)
    session.send("Network.enable")
    session.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000},
    )
    began = time.monotonic()
    exam.page.reload()
    loaded = time.monotonic() - began
    exam.choose(exam.sitting.key(1))
    began = time.monotonic()
    exam.next()
    exam.expect_question(2)
    moved = time.monotonic() - began
    assert exam.sitting.answers() == {1: exam.sitting.key(1)}
    assert loaded < 5
    assert moved < 3
