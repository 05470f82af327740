"""Drills: choosing one, a question before and after its key is told, and what comes of it."""

from playwright.sync_api import Page, expect

from accounts.models import User
from tests.browser.sittings import Sitting
from tests.browser.states.registry import state


def _start(page: Page) -> None:
    page.goto("/drill/DOP-C02/?domain=4&count=5")
    page.get_by_role("button", name="Start the drill").click()
    expect(page.get_by_role("button", name="Check my answer")).to_be_visible()


@state
def drill(page: Page, somebody: User) -> None:
    page.goto("/drill/DOP-C02/?service=s3")
    expect(page.get_by_role("heading", level=1)).to_have_text("Drill")


@state
def drill_that_nothing_fits(page: Page, somebody: User) -> None:
    page.goto("/drill/DOP-C02/?source=missed")
    page.get_by_role("button", name="Start the drill").click()
    expect(page.get_by_text("No question fits.")).to_be_visible()


@state
def drill_question(page: Page, somebody: User) -> None:
    _start(page)


@state
def drill_question_with_too_few(page: Page, somebody: User) -> None:
    _start(page)
    page.get_by_role("button", name="Check my answer").click()
    expect(page.get_by_text("or say that you do not know")).to_be_visible()


@state
def drill_question_told(page: Page, somebody: User) -> None:
    _start(page)
    page.get_by_role("button", name="I do not know").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Not right: the key is")


@state
def drill_report(page: Page, somebody: User) -> None:
    _start(page)
    page.get_by_role("button", name="I do not know").click()
    page.get_by_role("button", name="End the drill").click()
    expect(page.get_by_text("of 1 right; 4 not reached")).to_be_visible()


@state
def progress_of_a_beginner(page: Page, somebody: User) -> None:
    page.goto("/progress/")
    expect(page.get_by_text("Nothing to go by yet.")).to_be_visible()


@state
def progress(page: Page, somebody: User) -> None:
    for right in (30, 60):
        Sitting.begin(somebody).answer_all(right=right)
    page.goto("/progress/")
    expect(page.get_by_text("Your chance to pass a new form lies between")).to_be_visible()
