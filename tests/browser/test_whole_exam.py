"""A whole exam, as three people sit it: by mouse, by keyboard alone, and without JavaScript."""

import re

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from tests.browser.conftest import NewContext
from tests.browser.pages import Exam, Report, Review, tab_to
from tests.browser.sittings import Sitting, scaled

pytestmark = pytest.mark.browser


# ---- by mouse ----


def test_by_mouse_the_report_says_what_was_chosen(page: Page) -> None:
    """55 right of 75 is just a pass: 100 + 900 · 55/75 = 760."""
    page.goto("/")
    page.get_by_role("main").get_by_role("link", name="Start a mock exam").click()
    page.get_by_role("button", name="Start the exam").click()
    exam = Exam.of(page)
    sitting = exam.sitting
    plan = {place: sitting.key(place) if place <= 55 else sitting.wrong(place) for place in range(1, 71)}
    flagged = {5, 74}

    for place in range(1, 76):
        exam.wait_for_question(place)
        exam.choose(plan.get(place, ""))
        if place in flagged:
            exam.flag.click()
        if place == 3:
            struck = next(letter for letter in sitting.shown(3) if letter not in plan[3])
            exam.strike(struck).click()
        if place == 7:
            page.get_by_text("Private note").click()
            exam.note.fill("Ask about blue/green.\nAgain.")
        if place < 75:
            exam.next()

    review = exam.review()
    expect(review.facts).to_have_text(re.compile("70 of 75 are answered and 2 flagged"))
    assert review.listed == [5, 71, 72, 73, 74, 75]
    review.end()
    for fact in ("Answered 70 of 75", "Still open 5"):
        expect(page.locator("#end-facts")).to_contain_text(re.compile(fact.replace(" ", r"\s*")))
    report = review.confirm()

    assert sitting.answers() == plan
    assert {item.position for item in sitting.items() if item.flagged} == flagged
    assert sitting.struck(3) == struck
    assert sitting.item(7).note == "Ask about blue/green.\nAgain."
    report.expect_score(scaled=760, verdict="Pass", right=55)
    expect(page).to_have_title("Report: 760, pass - Cutscore")
    assert report.domains == sitting.domains(set(range(1, 56)))
    assert report.tabs["All"] == 75
    assert report.tabs["Wrong"] == 20
    assert report.tabs["Flagged"] == 2
    _go_through(page, sitting, plan)


def _go_through(page: Page, sitting: Sitting, plan: dict[int, str]) -> None:
    """The first questions of all, then every one that was missed: verdict, own choice, key."""
    report = page.url
    page.get_by_role("link", name="Go through the questions").click()
    for place in range(1, 9):
        _expect_reviewed(page, sitting, place, "Right", plan[place])
        page.get_by_role("link", name=f"Question {place + 1}", exact=True).first.click()
    page.goto(report)
    page.get_by_role("link", name="Go through them").click()
    for place in range(56, 76):
        _expect_reviewed(page, sitting, place, "Wrong", plan.get(place, ""))
        if place < 75:
            page.get_by_role("link", name=f"Question {place + 1}", exact=True).first.click()
    expect(page.get_by_text("wrong, 20 of 20")).to_be_visible()


def _expect_reviewed(page: Page, sitting: Sitting, place: int, verdict: str, chosen: str) -> None:
    page.get_by_role("heading", level=1, name=f"Question {place} {verdict}").wait_for()
    keys = page.locator(".verdict").filter(has=page.locator(".says", has_text="The key")).locator(".letter")
    assert "".join(keys.all_inner_texts()) == sitting.key(place)
    choice = page.locator(".facts div").filter(has=page.locator("dt", has_text="Your choice")).locator("dd")
    expect(choice).to_have_text(", ".join(chosen) or "nothing")
    if place == 7:
        expect(page.get_by_text("Ask about blue/green.")).to_be_visible()


# ---- by keyboard alone ----


def test_by_keyboard_alone(page: Page) -> None:
    """54 right of 75 is just not a pass: 748. Focus is on the heading after every move."""
    page.goto("/")
    tab_to(page, page.get_by_role("main").get_by_role("link", name="Start a mock exam"))
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("button", name="Start the exam"))
    page.keyboard.press("Enter")
    exam = Exam.of(page)
    plan = {place: exam.sitting.key(place) if place <= 54 else exam.sitting.wrong(place) for place in range(1, 76)}
    keys = page.keyboard

    for place in range(1, 76):
        if place > 1:
            exam.expect_question(place)
        if place <= 4:
            _choose_by_tab(exam, place, plan[place])
            tab_to(page, page.get_by_role("button", name="Next", exact=True))
            keys.press("Enter")
            continue
        for letter in plan[place]:
            keys.press(letter.lower() if place % 2 and letter != "F" else str("ABCDEF".index(letter) + 1))
            expect(exam.option(letter)).to_be_focused()
            expect(exam.option(letter)).to_be_checked()
        keys.press("n")

    review = Review(page)
    expect(review.heading).to_be_focused()
    tab_to(page, page.get_by_role("link", name="End exam …"))
    keys.press("Enter")
    question = page.get_by_role("heading", name="End the exam now?")
    expect(question).to_be_focused()
    keys.press("Escape")
    Review(page)
    tab_to(page, page.get_by_role("link", name="End exam …"))
    keys.press("Enter")
    expect(question).to_be_focused()
    tab_to(page, page.get_by_role("button", name="End the exam and see my score"))
    keys.press("Enter")
    Report(page).expect_score(scaled=748, verdict="Not yet", right=54)
    expect(page.get_by_role("heading", name="Your report")).to_be_focused()
    assert exam.sitting.answers() == plan


def _choose_by_tab(exam: Exam, place: int, letters: str) -> None:
    """Without shortcuts: Tab to the group, arrows among radio buttons, Space on checkboxes."""
    keys = exam.page.keyboard
    if exam.sitting.choose(place) == 1:
        tab_to(exam.page, exam.option("A"))
        keys.press("Space")
        for _ in range("ABCDEF".index(letters)):
            keys.press("ArrowDown")
        expect(exam.option(letters)).to_be_focused()
    else:
        for letter in letters:
            tab_to(exam.page, exam.option(letter))
            keys.press("Space")
    exam.expect_chosen(letters)


# ---- without JavaScript ----


def test_without_javascript(new_context: NewContext) -> None:
    """Plain forms: 75 of 75 are stored, and all are right."""
    page = new_context(java_script_enabled=False).new_page()
    page.goto("/")
    page.get_by_role("main").get_by_role("link", name="Start a mock exam").click()
    page.get_by_role("button", name="Start the exam").click()
    exam = Exam.of(page)
    sitting = exam.sitting
    expect(page.locator(".timer")).to_contain_text(re.compile(r"until \d\d:\d\d UTC"))
    expect(exam.time).to_be_hidden()
    expect(exam.state).to_be_hidden()
    expect(page.get_by_text("Keyboard shortcuts")).to_be_hidden()
    plan = {place: sitting.key(place) for place in range(1, 76)}

    for place in range(1, 76):
        exam.wait_for_question(place)
        exam.choose(plan[place])
        if place == 2:
            page.get_by_role("button", name="Save answer").click()
            exam.expect_chosen(plan[2])
        if place == 3:
            exam.flag.click()
            expect(exam.flag).to_have_attribute("aria-pressed", "true")
            exam.expect_chosen(plan[3])
        if place == 4:
            struck = next(letter for letter in sitting.shown(4) if letter not in plan[4])
            exam.strike(struck).click()
            expect(exam.strike(struck)).to_have_attribute("aria-pressed", "true")
            exam.strike(struck).click()
            expect(exam.strike(struck)).to_have_attribute("aria-pressed", "false")
        if place == 5:
            page.get_by_text("Private note").click()
            exam.note.fill("By plain form")
        if place < 75:
            exam.next()

    review = exam.review()
    assert review.listed == [3]
    review.tab("All")
    assert review.listed == list(range(1, 76))
    review.tab("Flagged")
    page.get_by_role("button", name="Question 3").click()
    exam.flag.click()
    review = exam.review()
    assert review.listed == []
    page.get_by_role("link", name="End exam …").click()
    page.get_by_role("button", name="End the exam and see my score").click()
    Report(page).expect_score(scaled=scaled(75, 75), verdict="Pass", right=75)
    assert sitting.answers() == plan
    assert sitting.item(5).note == "By plain form"
    page.get_by_role("link", name="Flagged 0").click()
    expect(page.get_by_text("No question is in this list.")).to_be_visible()


def test_without_javascript_too_many_are_refused_in_words(new_context: NewContext, user: User) -> None:
    sitting = Sitting.begin(user)
    place = sitting.first(2)
    exam = Exam(new_context(user, java_script_enabled=False).new_page(), sitting).open(place)
    exam.choose("ABC")
    exam.next()
    expect(exam.page.get_by_role("heading", level=1)).to_have_text("This was not taken.")
    expect(exam.page.get_by_text("3 options are chosen where 2 can be")).to_be_visible()
    exam.page.get_by_role("link", name="Back to the question").click()
    expect(exam.heading).to_have_text(f"Question {place} of 75")
    assert sitting.chosen(place) == ""
