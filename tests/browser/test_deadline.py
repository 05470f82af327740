"""The end of the time: told beforehand, once each; kept by the server; the page goes to the report by itself."""

import re
from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from tests.browser.conftest import NewContext
from tests.browser.pages import Exam, Report, Review
from tests.browser.sittings import Sitting, sign_in

pytestmark = pytest.mark.browser

MINUTE = 60_000


# ---- the time is over ----


def test_the_deadline_passed_while_away(page: Page, user: User) -> None:
    sitting = Sitting.begin(user)
    for place in range(1, 11):
        sitting.answer(place, sitting.key(place))
    sitting.leave(seconds=-31)  # the grace for the network is over too
    sign_in(page.context, user)
    page.goto(f"/attempts/{sitting.pk}/questions/11/")
    report = Report(page)
    expect(report.time_over).to_be_visible()
    report.expect_score(scaled=220, verdict="Not yet", right=10)
    page.goto("/attempts/")
    expect(page.get_by_role("row").filter(has_text="220")).to_contain_text("10 of 75")


@pytest.mark.parametrize("act", ["choose", "next", "review", "flag"])
def test_an_open_page_is_led_to_the_report_by_whatever_it_does(exam: Exam, act: str) -> None:
    exam.choose(exam.sitting.key(1))
    exam.expect_saved()
    exam.sitting.leave(seconds=-31)
    match act:
        case "choose":
            key = exam.sitting.key(1)  # another one instead, or one of several taken back
            exam.choose(exam.sitting.wrong(1) if len(key) == 1 else key[0])
        case "next":
            exam.next()
        case "review":
            exam.page.get_by_role("button", name="Review and end").click()
        case "flag":
            exam.flag.click()
    report = Report(exam.page)
    expect(report.time_over).to_be_visible()
    assert exam.sitting.answers() == {1: exam.sitting.key(1)}
    assert not exam.sitting.item(1).flagged


@pytest.mark.parametrize("place", ["question", "review", "end"])
def test_a_page_open_at_the_deadline_ends_by_itself(sit: Callable[..., Exam], user: User, place: str) -> None:
    sitting = Sitting.begin(user)
    sitting.answer(1, sitting.key(1))
    sitting.leave(seconds=2)
    exam = sit(2, sitting)
    if place == "question":
        exam.choose(sitting.key(2))
        exam.expect_saved()
    else:
        exam.page.goto(f"/attempts/{sitting.pk}/{place}/")
    report = Report(exam.page)
    expect(report.time_over).to_be_visible()
    expect(exam.page.get_by_role("heading", name="Your report")).to_be_focused()
    expected = {1: sitting.key(1)} | ({2: sitting.key(2)} if place == "question" else {})
    assert sitting.answers() == expected
    attempt = sitting.attempt
    assert attempt.submitted_at is not None
    assert attempt.ended_at == attempt.deadline
    assert attempt.right == len(expected)


def test_what_is_unsent_at_the_deadline_is_sent_within_the_grace(sit: Callable[..., Exam], user: User) -> None:
    """The network comes back a second after the deadline: what was chosen before counts."""
    sitting = Sitting.begin(user)
    sitting.leave(seconds=3)
    exam = sit(1, sitting)
    exam.page.context.set_offline(True)
    exam.choose(sitting.key(1))
    exam.expect_not_saved()
    expect(exam.time).to_have_text("0:00:00")
    exam.page.context.set_offline(False)
    report = Report(exam.page)
    report.expect_score(scaled=112, verdict="Not yet", right=1)
    assert sitting.answers() == {1: sitting.key(1)}


def test_without_javascript_the_deadline_leads_to_the_report(new_context: NewContext, user: User) -> None:
    exam = Exam(new_context(user, java_script_enabled=False).new_page(), Sitting.begin(user)).open(1)
    exam.sitting.leave(seconds=-31)
    exam.choose("A")
    exam.next()
    expect(Report(exam.page).time_over).to_be_visible()
    assert exam.sitting.answers() == {}


# ---- told beforehand ----


def test_30_10_5_and_1_minutes_are_said_once_each(page: Page, user: User) -> None:
    """The page's clock runs through the whole exam; only the last minute interrupts."""
    sitting = Sitting.begin(user)
    page.clock.install()
    sign_in(page.context, user)
    exam = Exam(page, sitting).open(1)
    heard = exam.announced.listen()
    page.clock.run_for(149 * MINUTE)
    assert heard.said == []
    page.clock.run_for(2 * MINUTE)
    assert heard.said == [["status", "30 minutes left."]]
    page.clock.run_for(20 * MINUTE)
    assert heard.said[1:] == [["status", "10 minutes left."]]
    expect(exam.notices).to_have_count(0)
    page.clock.run_for(5 * MINUTE)
    assert heard.said[2:] == [["status", "5 minutes left."]]
    expect(exam.notices).to_contain_text("Under 5 minutes left.")
    expect(page.locator("#timer .icon")).to_be_visible()
    page.clock.run_for(2 * MINUTE)
    assert heard.said[3:] == []
    page.clock.run_for(MINUTE + MINUTE // 2)
    assert heard.said[3:] == [["alert", "1 minute left."]]
    expect(exam.notices).to_have_count(1)
    expect(exam.notices).to_contain_text("Under 1 minute left.")


def test_the_time_left_jumping_back_a_little_is_not_said_again(page: Page, user: User) -> None:
    """A reply sets the clock of the page anew, by some milliseconds; that must not tell the time twice."""
    sitting = Sitting.begin(user)
    sitting.leave(minutes=5, seconds=1.2)
    sign_in(page.context, user)
    exam = Exam(page, sitting).open(1)
    heard = exam.announced.listen()
    expect(exam.notices).to_contain_text("Under 5 minutes left.")
    sitting.leave(minutes=5, seconds=0.8)
    exam.choose("A")
    exam.expect_saved()
    expect(exam.time).to_have_text("0:04:59")
    assert heard.said == [["status", "5 minutes left."]]


@pytest.mark.parametrize("hidden", [False, True])
def test_the_notice_lists_what_is_open(sit: Callable[..., Exam], user: User, hidden: bool) -> None:
    sitting = Sitting.begin(user)
    for place in range(1, 74):
        sitting.answer(place, sitting.key(place))
    sitting.leave(minutes=5, seconds=4)
    exam = sit(1, sitting)
    if hidden:
        exam.page.get_by_role("button", name="Hide the time left").click()
    expect(exam.notices).to_contain_text(
        "Under 5 minutes left. The exam ends by itself, and what is saved counts. Still open: 74, 75."
    )
    exam.notices.get_by_role("button", name="75").click()
    exam.expect_question(75)
    expect(exam.notices).to_contain_text("Still open: 74, 75.")


def test_low_time_shows_on_every_page_of_the_exam(sit: Callable[..., Exam], user: User) -> None:
    sitting = Sitting.begin(user)
    sitting.leave(minutes=3)
    exam = sit(1, sitting)
    for path in ("questions/2/", "review/", "end/"):
        exam.page.goto(f"/attempts/{sitting.pk}/{path}")
        expect(exam.page.locator("#timer")).to_have_attribute("data-level", "low")
        expect(exam.page.locator("#timer .icon")).to_be_visible()


# ---- the clock is the server's ----


def test_each_reply_sets_the_clock_anew(exam: Exam) -> None:
    """Extra time granted in the middle of an exam shows with the next reply; so does lost time."""
    exam.sitting.leave(minutes=200)
    exam.choose("A")
    expect(exam.time).to_have_text(re.compile(r"3:(20:00|19:5\d)"))
    exam.sitting.leave(minutes=20)
    exam.next()
    exam.expect_question(2)
    expect(exam.time).to_have_text(re.compile(r"0:(20:00|19:5\d)"))


def test_the_clock_of_the_computer_does_not_matter(page: Page, user: User) -> None:
    """Ten minutes wrong, and set back by an hour in the middle."""
    sitting = Sitting.begin(user)
    deadline = sitting.leave(minutes=30)
    page.add_init_script("""const real = Date.now; window.shift = 600_000; Date.now = () => real() + window.shift;""")
    sign_in(page.context, user)
    exam = Exam(page, sitting).open(1)
    page.evaluate("() => { window.shift = -3_600_000; }")
    exam.choose("A")
    exam.expect_saved()
    expect(exam.time).to_have_text(re.compile(r"0:(30:00|29:5\d)"))
    hours, minutes, seconds = map(int, exam.time.inner_text().split(":"))
    left = (deadline - timezone.now()).total_seconds()
    assert abs(3600 * hours + 60 * minutes + seconds - left) <= 2


def test_a_tab_that_slept_asks_for_the_time_when_it_wakes(exam: Exam) -> None:
    exam.sitting.leave(minutes=20)
    exam.page.evaluate("() => { document.dispatchEvent(new Event('visibilitychange')); }")
    expect(exam.time).to_have_text(re.compile(r"0:(20:00|19:5\d)"))
    exam.sitting.leave(seconds=-31)
    exam.page.evaluate("() => { document.dispatchEvent(new Event('visibilitychange')); }")
    expect(Report(exam.page).time_over).to_be_visible()


def test_the_review_shows_the_time_too(exam: Exam) -> None:
    exam.review()
    expect(exam.time).to_have_text(re.compile(r"2:59:\d\d"))
    Review(exam.page).end()
    expect(exam.time).to_have_text(re.compile(r"2:59:\d\d"))
