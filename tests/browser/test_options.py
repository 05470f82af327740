"""Choosing, striking, flagging, noting: what is shown follows, and the server has it."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.pages import Exam

pytestmark = pytest.mark.browser


@pytest.fixture
def choose_two(exam: Exam) -> Exam:
    """The exam at its first question that asks for two."""
    return exam.open(exam.sitting.first(2))


def test_one_too_many_does_not_take(choose_two: Exam) -> None:
    exam = choose_two
    exam.announced.listen()
    exam.choose("AB")
    expect(exam.count).to_have_text("Two chosen.")
    exam.choose("C")
    exam.expect_chosen("AB")
    expect(exam.option("C")).to_be_focused()
    expect(exam.count).to_have_text("Two are chosen. Take one back first.")
    exam.expect_saved()
    assert exam.announced.said == [["status", "Two are chosen. Take one back first."]]
    assert exam.sitting.chosen(exam.sitting.first(2)) == "AB"


def test_the_count_follows(choose_two: Exam) -> None:
    exam = choose_two
    expect(exam.page.locator(".many")).to_have_text("Choose TWO.")
    exam.choose("A")
    expect(exam.count).to_have_text("One chosen, one to go.")
    exam.choose("B")
    expect(exam.count).to_have_text("Two chosen.")
    exam.choose("A")
    expect(exam.count).to_have_text("One chosen, one to go.")
    exam.expect_saved()
    exam.page.reload()
    expect(exam.count).to_have_text("One chosen, one to go.")
    exam.expect_chosen("B")


def test_choosing_three(exam: Exam) -> None:
    place = exam.sitting.first(3)
    exam.open(place)
    exam.choose("ABC")
    expect(exam.count).to_have_text("Three chosen.")
    exam.choose("D")
    expect(exam.count).to_have_text("Three are chosen. Take one back first.")
    exam.expect_saved()
    assert exam.sitting.chosen(place) == "ABC"


def test_choosing_takes_the_strike_back(exam: Exam) -> None:
    exam.strike("B").click()
    exam.expect_saved()
    assert exam.sitting.struck(1) == "B"
    exam.choose("B")
    expect(exam.row("B").locator(".strike")).to_have_attribute("aria-pressed", "false")
    expect(exam.row("B").locator(".strike")).to_be_hidden()
    exam.expect_saved()
    assert exam.sitting.struck(1) == ""
    assert exam.sitting.chosen(1) == "B"
    exam.page.reload()
    expect(exam.row("B").locator(".strike")).to_have_attribute("aria-pressed", "false")


def test_a_chosen_option_cannot_be_struck(exam: Exam) -> None:
    exam.choose("B")
    exam.page.keyboard.press("Shift+Digit2")
    expect(exam.row("B").locator(".strike")).to_have_attribute("aria-pressed", "false")
    exam.expect_saved()
    assert (exam.sitting.chosen(1), exam.sitting.struck(1)) == ("B", "")


def test_a_strike_is_taken_back(exam: Exam) -> None:
    for pressed in ("true", "false", "true"):
        exam.strike("A").click()
        expect(exam.strike("A")).to_have_attribute("aria-pressed", pressed)
        expect(exam.strike("A")).to_be_focused()
    exam.expect_saved()
    exam.page.reload()
    expect(exam.strike("A")).to_have_attribute("aria-pressed", "true")
    exam.expect_chosen("")


def test_the_cell_and_the_counts_follow(choose_two: Exam) -> None:
    exam, place = choose_two, choose_two.sitting.first(2)
    exam.go(place + 1)
    exam.go(place)
    cell = exam.cell(place)
    expect(cell).to_have_accessible_name(f"{place}, not answered")
    expect(cell).to_have_attribute("aria-current", "step")
    exam.choose("A")
    expect(cell).to_have_accessible_name(f"{place}, incomplete")
    expect(exam.total("part")).to_have_text("1")
    exam.choose("B")
    expect(cell).to_have_accessible_name(f"{place}, answered")
    for name, number in (("done", "1"), ("part", "0"), ("flagged", "0")):
        expect(exam.total(name)).to_have_text(number)
    exam.flag.click()
    expect(cell).to_have_accessible_name(f"{place}, answered, flagged")
    expect(cell.locator(".pin")).to_be_visible()
    expect(exam.total("flagged")).to_have_text("1")
    exam.flag.click()
    expect(cell).to_have_accessible_name(f"{place}, answered")
    expect(exam.total("flagged")).to_have_text("0")
    shown = {name: exam.total(name).inner_text() for name in ("done", "part", "seen", "unseen", "flagged")}
    exam.expect_saved()
    exam.page.reload()
    assert {name: exam.total(name).inner_text() for name in shown} == shown


def test_the_navigator_saves_and_goes(exam: Exam) -> None:
    exam.choose(exam.sitting.key(1))
    exam.go(60)
    expect(exam.cell(60)).to_have_attribute("aria-current", "step")
    expect(exam.cell(1)).to_have_accessible_name("1, answered")
    expect(exam.cell(2)).to_have_accessible_name("2, not seen")
    expect(exam.page).to_have_title("Question 60 of 75 - DOP-C02 mock exam - Cutscore")
    assert exam.page.url.endswith("/questions/60/")
    assert exam.sitting.answers() == {1: exam.sitting.key(1)}
    assert exam.sitting.attempt.position == 60


def test_the_group_is_named_by_the_question(exam: Exam) -> None:
    ask = exam.page.locator("#ask legend").inner_text()
    group = exam.page.get_by_role("group", name=ask.split("\n", maxsplit=1)[0])
    expect(group.get_by_role("radio").or_(group.get_by_role("checkbox"))).to_have_count(len(exam.sitting.shown(1)))
    for letter in exam.sitting.shown(1):
        said = exam.row(letter).locator(".said").inner_text()
        expect(exam.option(letter)).to_have_accessible_name(re.compile(rf"^{letter} {re.escape(said)}$"))


def test_a_note_is_kept(exam: Exam) -> None:
    exam.page.get_by_text("Private note").click()
    exam.note.fill("=SUM(A1)\nzweite Zeile & <b>")
    exam.go(2)
    exam.go(1)
    expect(exam.note).to_have_value("=SUM(A1)\nzweite Zeile & <b>")
    exam.note.fill("")
    exam.expect_saved()
    assert exam.sitting.item(1).note == ""


def test_a_note_typed_just_before_leaving_is_kept(exam: Exam) -> None:
    exam.page.get_by_text("Private note").click()
    exam.note.press_sequentially("last words")
    exam.page.on("dialog", lambda dialog: dialog.accept())
    exam.page.goto("/privacy/")
    exam.page.wait_for_timeout(300)
    assert exam.sitting.item(1).note == "last words"


@pytest.mark.parametrize("place", [1, 30, 75])
def test_previous_and_next_at_the_ends(sit: Callable[..., Exam], place: int) -> None:
    exam = sit(place)
    expect(exam.page.get_by_role("button", name="Previous")).to_have_count(0 if place == 1 else 1)
    expect(exam.page.get_by_role("button", name="Next", exact=True)).to_have_count(0 if place == 75 else 1)
    expect(exam.page.get_by_role("button", name="Review and end")).to_have_count(1)
    expect(exam.page.locator(".btn.primary")).to_have_count(1)
