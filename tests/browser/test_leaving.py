"""Signed out in the middle, and leaving with something unsent: it is said, and what can be sent is sent."""

import re

import pytest
from playwright.sync_api import Dialog, Page, expect

from exams.models import Attempt
from tests.browser.pages import Exam
from tests.browser.sittings import Sitting, person, set_password, sign_in

pytestmark = pytest.mark.browser

SAVE = re.compile(r"/save/$")


def test_signed_out_elsewhere_the_answer_waits_for_the_sign_in(page: Page) -> None:
    """A second tab signs out; the notice leads to a third, where one signs in; then the answer is sent by itself."""
    somebody = set_password(person(), "a long password 1")
    sign_in(page.context, somebody)
    exam = Exam(page, Sitting.begin(somebody)).open(1)
    other = page.context.new_page()
    other.goto("/account/sign-out/")
    other.get_by_role("main").get_by_role("button", name="Sign out").click()
    expect(other.get_by_role("link", name="Sign in").first).to_be_visible()

    exam.choose("A")
    exam.expect_not_saved()
    expect(exam.notices).to_contain_text("You are signed out. Your last answer is kept on this page")
    expect(exam.alert).to_have_text("You are signed out. Your last answer is kept on this page.")
    expect(exam.option("A")).to_be_focused()
    with page.context.expect_page() as opened:
        exam.notices.get_by_role("link", name="Sign in, in a new tab").click()
    door = opened.value
    door.get_by_label("Email").fill(str(somebody.email))
    door.get_by_label("Password").fill("a long password 1")
    door.get_by_role("button", name="Sign in").click()
    expect(door.get_by_role("heading", level=1)).to_have_text("My attempts")

    exam.expect_saved()
    expect(exam.notices).to_have_count(0)
    assert exam.sitting.chosen(1) == "A"


def test_a_token_that_is_too_old_is_renewed_in_silence(exam: Exam) -> None:
    """Signing in again in another tab makes the page's token worthless."""
    exam.page.context.clear_cookies(name="csrf")
    exam.choose("A")
    exam.expect_saved()
    expect(exam.notices).to_have_count(0)
    assert exam.sitting.chosen(1) == "A"


def test_moving_on_with_a_token_that_is_too_old(exam: Exam) -> None:
    exam.choose(exam.sitting.key(1))
    exam.expect_saved()
    exam.page.context.clear_cookies(name="csrf")
    exam.next()
    exam.expect_question(2)
    assert exam.sitting.answers() == {1: exam.sitting.key(1)}


@pytest.mark.parametrize("act", ["choose", "next"])
def test_a_guest_without_a_session_is_known_by_the_cookie(page: Page, act: str) -> None:
    page.goto("/start/DOP-C02/")
    page.get_by_role("button", name="Start the exam").click()
    exam = Exam.of(page)
    page.context.clear_cookies(name="session")
    if act == "choose":
        exam.choose("B")
        exam.expect_saved()
        assert exam.sitting.chosen(1) == "B"
    else:
        exam.next()
        exam.expect_question(2)
    expect(exam.notices).to_have_count(0)


def test_somebody_else_signed_in_meanwhile(exam: Exam) -> None:
    """The page says whose exam it is, and gives nothing to the other person."""
    other = person()
    exam.page.context.clear_cookies(name="session")
    sign_in(exam.page.context, other)
    exam.choose("A")
    expect(exam.notices).to_contain_text("This exam belongs to somebody else.")
    expect(exam.state).not_to_have_text("Saved")
    assert exam.sitting.answers() == {}
    assert not Attempt.objects.filter(user=other).exists()


@pytest.mark.parametrize("unsent", [True, False])
def test_leaving_with_an_unsent_answer_warns(exam: Exam, unsent: bool) -> None:
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    if unsent:
        exam.page.route(SAVE, lambda route: route.abort())
    exam.choose("A")
    if unsent:
        exam.expect_not_saved()
    else:
        exam.expect_saved()
    exam.page.on("dialog", stay)
    exam.page.close(run_before_unload=True)
    _wait_for_an_answer(exam, asked)
    assert asked == (["beforeunload"] if unsent else [])
    assert exam.page.is_closed() is not unsent


def _wait_for_an_answer(exam: Exam, asked: list[str]) -> None:
    """Until the page has asked or is gone."""
    other = exam.page.context.new_page()
    for _ in range(100):
        if asked or exam.page.is_closed():
            return
        other.wait_for_timeout(20)


def test_what_is_unsent_is_sent_once_more_while_leaving(exam: Exam) -> None:
    """The candidate leaves all the same, and the network is back by then."""
    exam.page.route(SAVE, lambda route: route.abort())
    exam.choose("A")
    exam.expect_not_saved()
    exam.page.on("dialog", lambda dialog: dialog.accept())
    exam.page.unroute(SAVE)
    exam.page.goto("/privacy/")
    other = exam.page.context.new_page()
    other.goto(f"/attempts/{exam.sitting.pk}/")
    Exam(other, exam.sitting).expect_chosen("A")
