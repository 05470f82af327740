"""The exam while it is sat: the question in all its states, the review, the confirmation."""

import re

from playwright.sync_api import Page, expect

from accounts.models import User
from tests.browser.pages import Exam, Review
from tests.browser.sittings import Sitting, person, sign_in
from tests.browser.states.registry import STATES, State, state


def _begin(page: Page, somebody: User, choose: int = 1) -> Exam:
    sitting = Sitting.begin(somebody)
    return Exam(page, sitting).open(sitting.first(choose))


@state
def question_single(page: Page, somebody: User) -> None:
    _begin(page, somebody)


@state
def question_multiple_chosen_struck_flagged(page: Page, somebody: User) -> None:
    exam = _begin(page, somebody, choose=2)
    exam.choose("AC")
    exam.strike("B").click()
    exam.flag.click()
    exam.choose("D")
    expect(exam.count).to_contain_text("Take one back first.")
    exam.expect_saved()


@state
def question_with_note_and_cells_of_all_kinds(page: Page, somebody: User) -> None:
    exam = _begin(page, somebody, choose=3)
    place = exam.sitting.first(3)
    exam.choose("A")
    exam.page.get_by_text("Private note").click()
    exam.note.fill("A note")
    exam.go(place - 1 or 2)
    exam.choose(exam.sitting.key(place - 1 or 2))
    exam.flag.click()
    exam.expect_saved()
    exam.go(75)


@state
def question_with_code(page: Page, somebody: User) -> None:
    sitting = Sitting.begin(somebody)
    place = next(item.position for item in sitting.items() if "```" in item.revision.content["stem"])
    Exam(page, sitting).open(place)
    expect(page.locator("pre").first).to_be_visible()


@state
def question_in_conflict(page: Page, somebody: User) -> None:
    exam = _begin(page, somebody)
    exam.sitting.answer(exam.sitting.first(1), "A")
    exam.choose("B")
    expect(exam.notices).to_contain_text("Use B")


@state
def question_in_conflict_as_a_page(page: Page, somebody: User) -> None:
    exam = _begin(page, somebody)
    exam.page.route(re.compile("/save/$"), lambda route: route.abort())
    exam.sitting.answer(exam.sitting.first(1), "A")
    exam.choose("B")
    exam.next()
    expect(exam.notices).to_contain_text("Use B")


@state
def question_not_saved(page: Page, somebody: User) -> None:
    exam = _begin(page, somebody)
    exam.page.route(re.compile("/save/$"), lambda route: route.abort())
    exam.choose("B")
    exam.expect_not_saved()


@state
def question_signed_out(page: Page, somebody: User) -> None:
    exam = _begin(page, somebody)
    exam.page.context.clear_cookies(name="session")
    exam.choose("B")
    expect(exam.notices).to_contain_text("You are signed out.")


@state
def question_of_somebody_else(page: Page, somebody: User) -> None:
    exam = _begin(page, somebody)
    sign_in(page.context, person())
    exam.choose("B")
    expect(exam.notices).to_contain_text("This exam belongs to somebody else.")


@state
def question_refused(page: Page, somebody: User) -> None:
    exam = _begin(page, somebody)
    exam.option("A").evaluate("(input) => { input.value = 'Z'; }")
    exam.choose("A")
    expect(exam.notices).to_contain_text("Your last answer was not taken.")


@state
def question_bad_form(page: Page, somebody: User) -> None:
    exam = _begin(page, somebody)
    exam.page.evaluate("""() => {
      const form = document.getElementById("exam");
      form.elements.seq.value = "x";
      HTMLFormElement.prototype.submit.call(form);
    }""")
    expect(page.get_by_role("heading", level=1)).to_have_text("This was not taken.")


@state
def question_low_time(page: Page, somebody: User) -> None:
    sitting = Sitting.begin(somebody)
    sitting.leave(minutes=4)
    exam = Exam(page, sitting).open(2)
    expect(exam.notices).to_contain_text("Under 5 minutes left.")


@state
def question_timer_hidden_shortcuts_off(page: Page, somebody: User) -> None:
    exam = _begin(page, somebody)
    page.get_by_role("button", name="Hide the time left").click()
    page.get_by_text("Keyboard shortcuts").click()
    page.get_by_role("button", name="Turn shortcuts off").click()
    expect(exam.time).to_be_hidden()


def _review(page: Page, somebody: User) -> Review:
    exam = _begin(page, somebody, choose=2)
    exam.choose("A")
    exam.flag.click()
    exam.go(1)
    exam.choose(exam.sitting.key(1))
    return exam.review()


def _review_tab(name: str) -> State:
    def bring(page: Page, somebody: User) -> None:
        _review(page, somebody).tab(name)
        expect(page.locator(".tabs [aria-current]")).to_contain_text(name)

    return bring


STATES |= {
    f"review, {name}": _review_tab(name) for name in ("All", "Open or flagged", "Unanswered", "Incomplete", "Flagged")
}


@state
def review_of_nothing(page: Page, somebody: User) -> None:
    _begin(page, somebody).review().tab("Flagged")
    expect(page.get_by_text("No question is in this list.")).to_be_visible()


@state
def review_low_time(page: Page, somebody: User) -> None:
    sitting = Sitting.begin(somebody)
    sitting.leave(minutes=4)
    page.goto(f"/attempts/{sitting.pk}/review/")


@state
def end(page: Page, somebody: User) -> None:
    _review(page, somebody).end()
