"""An exam goes on where it was left: after the browser, the network or the server was killed."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Error, Page, expect

from accounts.models import User
from tests.browser.conftest import NewContext
from tests.browser.pages import Exam
from tests.browser.server import Server
from tests.browser.sittings import Sitting, sign_in

pytestmark = pytest.mark.browser


def _seconds(time: str) -> int:
    hours, minutes, seconds = time.split(":")
    return 3600 * int(hours) + 60 * int(minutes) + int(seconds)


def test_a_killed_browser_resumes_at_the_question_with_the_same_deadline(
    launch_browser: Callable[[], Browser], browser_context_args: dict[str, Any], page: Page
) -> None:
    """A guest whose browser dies comes back with the cookies that it had stored."""
    doomed = launch_browser()
    there = doomed.new_context(**browser_context_args)
    first = there.new_page()
    first.goto("/start/DOP-C02/")
    first.get_by_role("button", name="Start the exam").click()
    exam = Exam.of(first)
    first_answer = exam.sitting.key(1)
    exam.choose(first_answer)
    exam.go(42)
    exam.choose("A")
    exam.flag.click()
    exam.expect_saved()
    deadline = exam.sitting.attempt.deadline
    cookies = there.cookies()
    with pytest.raises(Error):
        doomed.new_browser_cdp_session().send("Browser.crash")

    page.context.add_cookies(cookies)  # type: ignore[arg-type] # what Playwright gave it takes
    page.goto("/")
    page.get_by_role("link", name="Back to question 42").click()
    again = Exam.of(page)
    again.expect_question(42)
    again.expect_chosen("A")
    expect(again.flag).to_have_attribute("aria-pressed", "true")
    expect(again.cell(1)).to_have_accessible_name("1, answered")
    assert again.sitting == exam.sitting
    assert again.sitting.attempt.deadline == deadline
    left = (deadline - timezone.now()).total_seconds()
    assert abs(_seconds(again.time.inner_text()) - left) <= 2


def test_resume_from_another_browser(exam: Exam, new_context: NewContext, user: User) -> None:
    exam.go(17)
    exam.choose("B")
    exam.expect_saved()
    elsewhere = new_context(user).new_page()
    elsewhere.goto(f"/attempts/{exam.sitting.pk}/")
    other = Exam.of(elsewhere)
    other.expect_question(17)
    other.expect_chosen("B")


def test_answers_and_flags_survive_a_killed_server(own_server: Server, new_context: NewContext, user: User) -> None:
    sitting = Sitting.begin(user)
    exam = Exam(new_context(user).new_page(), sitting)
    page = exam.page
    page.goto(f"{own_server.url}/attempts/{sitting.pk}/questions/1/")
    exam.choose(sitting.key(1))
    exam.flag.click()
    exam.expect_saved()
    own_server.kill()

    exam.strike(next(letter for letter in sitting.shown(1) if letter not in sitting.key(1))).click()
    exam.expect_not_saved()
    expect(exam.notices).to_contain_text("Your last answer has not reached us.")
    own_server.start()
    exam.expect_saved()
    expect(exam.notices).to_have_count(0)
    exam.next()
    exam.expect_question(2)
    exam.choose(sitting.key(2))
    exam.expect_saved()
    page.reload()
    exam.expect_chosen(sitting.key(2))
    assert sitting.answers() == {1: sitting.key(1), 2: sitting.key(2)}
    assert sitting.item(1).flagged
    assert len(sitting.struck(1)) == 1


def test_back_and_reload_show_what_is_stored(exam: Exam) -> None:
    exam.choose("A")
    exam.next()
    exam.expect_question(2)
    exam.choose("B")
    exam.expect_saved()
    exam.page.reload()
    exam.expect_chosen("B")
    exam.page.evaluate("() => history.back()")
    exam.expect_question(1)
    exam.expect_chosen("A")
    exam.page.evaluate("() => history.forward()")
    exam.expect_question(2)
    exam.expect_chosen("B")
    exam.sitting.submit()
    exam.page.evaluate("() => history.back()")
    expect(exam.page).to_have_url(re.compile("/report/$"))


def test_a_page_of_an_exam_is_not_kept_in_the_memory_of_the_browser(
    launch_browser: Callable[..., Browser], browser_context_args: dict[str, Any], user: User
) -> None:
    """Playwright turns that memory off; here it is on, as a page without secrets shows, which comes back from it."""
    remembering = launch_browser(ignore_default_args=["--disable-back-forward-cache"])
    context = remembering.new_context(**browser_context_args)
    sign_in(context, user)
    context.add_init_script("""addEventListener("pageshow", (event) => {
      if (event.persisted) sessionStorage.setItem(location.pathname, "from memory"); });""")
    page = context.new_page()
    Exam(page, Sitting.begin(user)).open(1)
    page.goto("/privacy/")
    page.goto("/accessibility/")
    context.clear_cookies(name="session")
    page.evaluate("() => { history.back(); }")
    expect(page.get_by_role("heading", level=1)).to_have_text("Privacy")
    page.evaluate("() => { history.back(); }")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    kept = page.evaluate("() => Object.keys(sessionStorage).filter((key) => key.startsWith('/'))")
    assert kept == ["/privacy/"]
    remembering.close()
