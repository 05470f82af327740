"""Single keys: what they do, what they leave alone, and how they are turned off."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pages import Exam, tab_to

pytestmark = pytest.mark.browser


def test_shortcuts_flag_strike_move_and_tell(exam: Exam) -> None:
    keys = exam.page.keyboard
    exam.announced.listen()
    keys.press("f")
    expect(exam.flag).to_have_attribute("aria-pressed", "true")
    expect(exam.flag).to_be_focused()
    keys.press("Shift+Digit2")
    expect(exam.strike("B")).to_have_attribute("aria-pressed", "true")
    expect(exam.strike("B")).to_be_focused()
    keys.press("t")
    expect(exam.status).to_have_text("179 minutes left")
    keys.press("n")
    exam.expect_question(2)
    keys.press("p")
    exam.expect_question(1)
    assert exam.announced.said == [["status", "179 minutes left"]]
    exam.expect_saved()
    assert exam.sitting.item(1).flagged
    assert exam.sitting.struck(1) == "B"


def test_a_sixth_option_is_chosen_with_6(exam: Exam) -> None:
    place = exam.sitting.with_options(6)
    exam.open(place)
    exam.page.keyboard.press("6")
    expect(exam.option("F")).to_be_checked()
    exam.page.keyboard.press("f")
    expect(exam.flag).to_have_attribute("aria-pressed", "true")
    exam.expect_chosen("F")


def test_the_time_is_told_when_it_is_hidden(exam: Exam) -> None:
    exam.page.get_by_role("button", name="Hide the time left").click()
    expect(exam.time).to_be_hidden()
    exam.page.reload()
    expect(exam.time).to_be_hidden()
    exam.page.keyboard.press("t")
    expect(exam.status).to_have_text("179 minutes left")
    expect(exam.time).to_be_visible()
    expect(exam.time).to_be_hidden()  # five seconds later
    exam.page.get_by_role("button", name="Show the time left").click()
    expect(exam.time).to_be_visible()


def test_the_list_of_shortcuts_and_turning_them_off(exam: Exam) -> None:
    page, keys = exam.page, exam.page.keyboard
    keys.press("?")
    expect(page.locator("#keys summary")).to_be_focused()
    expect(page.get_by_text("choose an option;")).to_be_visible()
    off = page.get_by_role("button", name="Turn shortcuts off")
    tab_to(page, off)
    keys.press("Enter")
    keys.press("n")
    keys.press("1")
    keys.press("f")
    expect(exam.flag).to_have_attribute("aria-pressed", "false")
    exam.expect_chosen("")
    page.reload()  # remembered
    keys.press("n")
    keys.press("f")
    expect(exam.heading).to_have_text("Question 1 of 75")
    expect(exam.flag).to_have_attribute("aria-pressed", "false")
    page.get_by_text("Keyboard shortcuts").click()
    page.get_by_role("button", name="Turn shortcuts on").click()
    keys.press("n")
    exam.expect_question(2)


def test_shortcuts_can_be_turned_off_before_the_start(page: Page) -> None:
    page.goto("/start/DOP-C02/")
    page.get_by_label("Keyboard shortcuts").uncheck()
    page.get_by_role("button", name="Start the exam").click()
    exam = Exam.of(page)
    page.keyboard.press("f")
    page.keyboard.press("1")
    expect(exam.flag).to_have_attribute("aria-pressed", "false")
    exam.expect_chosen("")


@pytest.mark.parametrize("press", ["Control+n", "Alt+n", "Meta+n", "Control+1", "Shift+N"])
def test_shortcuts_leave_combinations_alone(exam: Exam, press: str) -> None:
    exam.page.keyboard.press(press)
    exam.page.keyboard.press("t")
    expect(exam.status).to_have_text("179 minutes left")
    expect(exam.heading).to_have_text("Question 1 of 75")
    exam.expect_chosen("")


def test_shortcuts_are_letters_in_the_note(exam: Exam) -> None:
    exam.page.get_by_text("Private note").click()
    exam.note.press_sequentially("nf1t?")
    expect(exam.note).to_have_value("nf1t?")
    expect(exam.note).to_be_focused()
    expect(exam.flag).to_have_attribute("aria-pressed", "false")
    exam.expect_chosen("")


def test_enter_on_an_option_leaves_the_focus_there(exam: Exam) -> None:
    exam.page.keyboard.press("2")
    exam.page.keyboard.press("Enter")
    exam.page.keyboard.press("t")
    expect(exam.status).to_have_text("179 minutes left")
    expect(exam.option("B")).to_be_focused()
    exam.expect_saved()
    assert exam.sitting.chosen(1) == "B"
