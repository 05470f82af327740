"""The network fails in every way there is: "Saved" is never shown for less, nothing is lost, and answering goes on."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from tests.browser.pages import Exam

pytestmark = pytest.mark.browser

SAVE = re.compile(r"/save/$")
LATE = "Your last answer has not reached us."


class Held:
    """Requests that wait for what the test does with them."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.routes: list[Route] = []
        page.route(SAVE, self._hold)

    def _hold(self, route: Route) -> None:
        self.routes.append(route)

    def wait(self, number: int) -> list[Route]:
        while len(self.routes) < number:
            self.page.wait_for_timeout(20)
        return self.routes


# ---- offline ----


def test_offline_answering_goes_on_and_everything_arrives(exam: Exam) -> None:
    """Five changes without a network; the notice comes once, goes by itself, and the focus stays."""
    place = exam.sitting.first(2)
    exam.go(place)
    heard = exam.announced.listen()
    exam.page.context.set_offline(True)
    exam.choose("A")
    exam.expect_not_saved()
    expect(exam.notices).to_contain_text(LATE)
    exam.choose("B")
    exam.strike("C").click()
    exam.flag.click()
    exam.page.get_by_text("Private note").click()
    exam.note.fill("while away")
    exam.page.wait_for_timeout(1_500)  # a retry or two
    exam.expect_not_saved()
    expect(exam.notices).to_have_count(1)
    assert heard.said == [["status", f"{LATE} It is kept on this page."]]
    assert exam.sitting.item(place).version == 0

    exam.page.context.set_offline(False)
    exam.expect_saved()
    expect(exam.notices).to_have_count(0)
    expect(exam.note).to_be_focused()
    assert heard.said[1:] == [["status", "Saved. Everything has reached us."]]
    item = exam.sitting.item(place)
    assert (exam.sitting.chosen(place), exam.sitting.struck(place)) == ("AB", "C")
    assert (item.flagged, item.note) == (True, "while away")


def test_try_now_sends_at_once_and_gives_the_focus_to_the_heading(exam: Exam) -> None:
    """The page's clock stands still, so that no retry comes first."""
    exam.page.clock.install()
    exam.open(1)
    exam.page.clock.pause_at(timezone.now() + timedelta(seconds=10))
    exam.page.route(SAVE, lambda route: route.abort())
    exam.choose("A")
    exam.expect_not_saved()
    exam.page.unroute(SAVE)
    exam.page.get_by_role("button", name="Try now").click()
    exam.expect_saved()
    expect(exam.notices).to_have_count(0)
    expect(exam.heading).to_be_focused()


def test_the_answer_comes_through_by_itself(exam: Exam) -> None:
    """Two requests are lost, the third arrives; nobody does anything."""
    lost = []

    def lose_two(route: Route) -> None:
        lost.append(route)
        if len(lost) <= 2:
            route.abort()
        else:
            route.continue_()

    exam.page.route(SAVE, lose_two)
    exam.choose("B")
    exam.expect_saved()
    assert len(lost) == 3
    assert exam.sitting.chosen(1) == "B"
    assert exam.sitting.item(1).version == 1


def test_a_lost_reply_is_not_taken_for_a_conflict(exam: Exam) -> None:
    """The server has stored the answer, its reply is lost: sent again, it is the same change."""
    seen = []

    def lose_the_reply(route: Route) -> None:
        seen.append(route.fetch().status)
        if len(seen) == 1:
            route.abort()
        else:
            route.continue_()

    exam.page.route(SAVE, lose_the_reply)
    exam.choose("A")
    exam.expect_saved()
    assert seen[0] == 200
    expect(exam.notices).to_have_count(0)
    assert (exam.sitting.chosen(1), exam.sitting.item(1).version) == ("A", 1)


def test_moving_on_offline_keeps_the_question_and_its_answer(exam: Exam) -> None:
    exam.page.context.set_offline(True)
    exam.choose(exam.sitting.key(1))
    exam.next()
    exam.expect_not_saved()
    expect(exam.heading).to_have_text("Question 1 of 75")
    exam.expect_chosen(exam.sitting.key(1))
    exam.page.context.set_offline(False)
    exam.expect_saved()
    exam.next()
    exam.expect_question(2)
    assert exam.sitting.answers() == {1: exam.sitting.key(1)}


# ---- replies that are none ----


def _captive_portal(route: Route) -> None:
    route.fulfill(status=200, content_type="text/html", body="<h1>Welcome to the Wi-Fi</h1>")


def _some_json(route: Route) -> None:
    route.fulfill(status=200, json={"ok": True})


def _another_page(route: Route) -> None:
    route.fulfill(status=200, json={"page": "somebody-else", "seq": 2, "version": 1, "left": 60, "shown": 0})


def _another_seq(route: Route) -> None:
    page = re.search(r"page=([\w-]+)", route.request.post_data or "")
    route.fulfill(status=200, json={"page": page and page[1], "seq": 1, "version": 1, "left": 60, "shown": 0})


def _broken_json(route: Route) -> None:
    route.fulfill(status=200, content_type="application/json", body='{"page": ')


def _redirect(route: Route) -> None:
    route.fulfill(status=302, headers={"Location": "/account/sign-in/"})


def _status(status: int) -> Callable[[Route], None]:
    return lambda route: route.fulfill(status=status, content_type="text/html", body="<h1>No</h1>")


NO_REPLY = {
    "captive portal": _captive_portal,
    "some JSON": _some_json,
    "another page": _another_page,
    "another seq": _another_seq,
    "broken JSON": _broken_json,
    "redirect": _redirect,
    "refused connection": lambda route: route.abort("connectionrefused"),
} | {str(status): _status(status) for status in (204, 304, 400, 403, 413, 429, 500, 502, 503, 504)}


@pytest.mark.parametrize("reply", NO_REPLY)
def test_what_is_no_acknowledgement_is_never_saved(exam: Exam, reply: str) -> None:
    exam.page.route(SAVE, NO_REPLY[reply])
    exam.choose("A")
    exam.expect_not_saved()
    expect(exam.notices).to_contain_text(LATE)
    expect(exam.notices).to_have_count(1)
    exam.page.wait_for_timeout(600)
    exam.expect_not_saved()
    exam.page.unroute(SAVE)
    exam.try_now()
    exam.expect_saved()
    expect(exam.notices).to_have_count(0)
    assert exam.sitting.chosen(1) == "A"


def test_a_reply_of_401_is_never_saved(exam: Exam) -> None:
    """Also where a fresh token can be had: it is asked for once, and then the candidate is told."""
    asked: list[str] = []
    exam.page.on("request", lambda request: asked.append(request.url) if request.url.endswith("/token/") else None)
    exam.page.route(SAVE, _status(401))
    exam.choose("A")
    exam.expect_not_saved()
    expect(exam.notices).to_contain_text("You are signed out.")
    exam.page.wait_for_timeout(600)
    exam.expect_not_saved()
    assert len(asked) == 1
    exam.page.unroute(SAVE)
    exam.expect_saved()
    expect(exam.notices).to_have_count(0)
    assert exam.sitting.chosen(1) == "A"


def test_an_answer_that_the_server_refuses_is_said(exam: Exam) -> None:
    exam.page.locator("#oA").evaluate("(input) => { input.value = 'Z'; }")
    exam.choose("A")
    expect(exam.notices).to_contain_text("Your last answer was not taken. Reload the page and choose again.")
    expect(exam.alert).to_contain_text("Your last answer was not taken.")
    expect(exam.state).not_to_have_text("Saved")
    exam.notices.get_by_role("link", name="Reload").click()
    exam.expect_chosen("")


def test_a_black_hole_does_not_block_later_answers(exam: Exam) -> None:
    """The first request is never answered; the second is; when the first is given up, there is nothing to say."""
    place = exam.sitting.first(1)
    exam.go(place)
    held = Held(exam.page)
    exam.choose("A")
    expect(exam.state).to_have_text("Saving")
    exam.choose("B")
    held.wait(2)[1].continue_()
    exam.expect_saved()
    assert exam.sitting.chosen(place) == "B"
    held.routes[0].abort("timedout")
    exam.page.wait_for_timeout(300)
    expect(exam.state).to_have_text("Saved")
    expect(exam.notices).to_have_count(0)


def test_a_black_hole_is_given_up_after_ten_seconds(exam: Exam) -> None:
    Held(exam.page)
    exam.choose("A")
    expect(exam.state).to_have_text("Saving")
    expect(exam.state).to_have_text("Not saved yet: retrying", timeout=11_000)
    expect(exam.notices).to_contain_text(LATE)
    exam.page.unroute_all(behavior="ignoreErrors")
    exam.try_now()
    exam.expect_saved()
    assert exam.sitting.chosen(1) == "A"


def test_late_replies_do_not_bring_an_older_answer_back(exam: Exam) -> None:
    """Replies arrive in the wrong order: the last choice is shown and stored."""
    place = exam.sitting.first(1)
    exam.go(place)
    held = Held(exam.page)
    for letter in "ABC":
        exam.choose(letter)
    for route in reversed(held.wait(3)):
        route.continue_()
        exam.page.wait_for_timeout(50)
    exam.expect_saved()
    exam.expect_chosen("C")
    assert exam.sitting.chosen(place) == "C"


def test_twenty_changes_in_a_row(exam: Exam) -> None:
    place = exam.sitting.first(1)
    exam.go(place)
    exam.page.evaluate("""() => {
      for (let turn = 0; turn < 20; turn += 1) document.getElementById("o" + "ABCD"[turn % 4]).click();
    }""")
    exam.expect_saved()
    exam.expect_chosen("D")
    assert exam.sitting.chosen(place) == "D"


def test_saving_shows_only_when_it_takes_a_while(exam: Exam) -> None:
    held = Held(exam.page)
    exam.choose("A")
    expect(exam.state).to_have_text("Saving")
    held.routes[0].continue_()
    exam.expect_saved()
