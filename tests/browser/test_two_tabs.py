"""Two tabs on one exam, and hands that click more than once: nothing is overwritten or done twice in silence."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from exams.models import Attempt
from tests.browser.conftest import NewContext
from tests.browser.pages import Exam, Report, Review
from tests.browser.sittings import Sitting

pytestmark = pytest.mark.browser


@pytest.fixture
def two_tabs(sit: Callable[..., Exam]) -> tuple[Exam, Exam]:
    """The same question in two tabs; A is chosen and saved in the first, B chosen after that in the second."""
    first = sit()
    place = first.sitting.first(1)
    first.open(place)
    second = sit(place, first.sitting)
    first.choose("A")
    first.expect_saved()
    second.announced.listen()
    second.choose("B")
    expect(second.notices).to_contain_text(
        "This question was answered in another tab. There it is A; here you chose B. Which one counts?"
    )
    return first, second


def _stored(exam: Exam) -> str:
    return exam.sitting.chosen(exam.sitting.first(1))


def test_a_conflict_shows_both_answers_and_overwrites_nothing(two_tabs: tuple[Exam, Exam]) -> None:
    _, second = two_tabs
    expect(second.option("B")).to_be_checked()
    expect(second.option("B")).to_be_focused()
    expect(second.state).not_to_have_text("Saved")
    assert second.announced.said == [["alert", "This question was answered in another tab."]]
    assert _stored(second) == "A"


def test_keeping_the_answer_of_the_other_tab(two_tabs: tuple[Exam, Exam]) -> None:
    _, second = two_tabs
    second.page.get_by_role("link", name="Keep A").click()
    expect(second.option("A")).to_be_checked()
    expect(second.notices).to_have_count(0)
    assert _stored(second) == "A"


def test_using_the_answer_of_this_tab(two_tabs: tuple[Exam, Exam]) -> None:
    first, second = two_tabs
    second.page.get_by_role("button", name="Use B").click()
    expect(second.notices).to_have_count(0)
    expect(second.option("B")).to_be_checked()
    expect(second.heading).to_be_focused()
    second.expect_saved()
    assert _stored(second) == "B"
    first.choose("C")  # now it is the first tab that is behind
    expect(first.notices).to_contain_text("There it is B; here you chose C.")


def test_the_notice_follows_what_is_chosen_meanwhile(two_tabs: tuple[Exam, Exam]) -> None:
    _, second = two_tabs
    second.choose("C")
    expect(second.notices).to_contain_text("There it is A; here you chose C.")
    expect(second.notices).to_have_count(1)
    second.page.get_by_role("button", name="Use C").click()
    expect(second.notices).to_have_count(0)
    assert _stored(second) == "C"


def test_going_on_asks_again(two_tabs: tuple[Exam, Exam]) -> None:
    _, second = two_tabs
    load = second.page.locator("[name=page]")
    before = load.input_value()
    second.next()
    expect(load).not_to_have_value(before)
    expect(second.alert).to_have_text("This question was answered in another tab.")
    expect(second.notices).to_contain_text("There it is A; here you chose B.")
    assert _stored(second) == "A"
    second.page.get_by_role("button", name="Use B").click()
    expect(second.notices).to_have_count(0)
    assert _stored(second) == "B"


def test_without_javascript_a_conflict_is_shown_too(new_context: NewContext, user: User) -> None:
    sitting = Sitting.begin(user)
    place = sitting.first(1)
    exam = Exam(new_context(user, java_script_enabled=False).new_page(), sitting).open(place)
    sitting.answer(place, "A")
    exam.choose("B")
    exam.next()
    expect(exam.notices).to_contain_text("There it is A; here you chose B.")
    exam.page.get_by_role("button", name="Use B").click()
    expect(exam.notices).to_have_count(0)
    assert sitting.chosen(place) == "B"


def test_two_tabs_on_two_questions_do_not_disturb_each_other(sit: Callable[..., Exam]) -> None:
    first = sit(1)
    second = sit(2, first.sitting)
    for exam, place in ((first, 1), (second, 2)):
        exam.choose(exam.sitting.key(place))
        exam.expect_saved()
    assert first.sitting.answers() == {1: first.sitting.key(1), 2: first.sitting.key(2)}


@pytest.mark.parametrize("edit", ["choose", "flag", "next"])
def test_ended_in_one_tab_the_other_is_led_to_the_report(sit: Callable[..., Exam], edit: str) -> None:
    first = sit(1)
    sitting = first.sitting
    second = sit(2, sitting)
    review = first.review()
    review.end()
    review.confirm().expect_score(scaled=100, verdict="Not yet", right=0)
    before = Attempt.objects.values().get(pk=sitting.pk)
    match edit:
        case "choose":
            second.choose("A")
        case "flag":
            second.flag.click()
        case "next":
            second.next()
    Report(second.page).expect_score(scaled=100, verdict="Not yet", right=0)
    assert sitting.answers() == {}
    assert not sitting.item(2).flagged
    assert Attempt.objects.values().get(pk=sitting.pk) == before


# ---- more clicks than one ----


def test_ten_clicks_on_start_begin_one_exam(page: Page) -> None:
    attempts, people = Attempt.objects.count(), User.objects.count()
    page.goto("/start/DOP-C02/")
    page.get_by_role("button", name="Start the exam").click(click_count=10, no_wait_after=True)
    exam = Exam.of(page)
    exam.page.wait_for_load_state("networkidle")
    assert Attempt.objects.count() == attempts + 1
    assert User.objects.count() == people + 1


def test_starting_in_two_tabs_begins_one_exam(new_context: NewContext, user: User) -> None:
    context = new_context(user)
    tabs = [context.new_page(), context.new_page()]
    for tab in tabs:
        tab.goto("/start/DOP-C02/")
    for tab in tabs:
        tab.get_by_role("button", name="Start the exam").click()
    assert Exam.of(tabs[0]).sitting == Exam.of(tabs[1]).sitting


def test_a_visitor_who_starts_in_two_tabs_is_told_to_reload_the_second(page: Page) -> None:
    """The first start made a guest, and the form of the second tab is of the time before."""
    other = page.context.new_page()
    for tab in (page, other):
        tab.goto("/start/DOP-C02/")
    for tab in (page, other):
        tab.get_by_role("button", name="Start the exam").click()
    expect(other.get_by_role("heading", level=1)).to_have_text("This form was too old to be taken.")
    other.goto("/start/DOP-C02/")
    other.get_by_role("link", name="Back to question 1").click()
    assert Exam.of(page).sitting == Exam.of(other).sitting


def test_ten_clicks_on_the_end_submit_once(exam: Exam) -> None:
    exam.choose(exam.sitting.key(1))
    review = exam.review()
    review.end()
    exam.page.get_by_role("button", name="End the exam and see my score").click(click_count=10, no_wait_after=True)
    Report(exam.page).expect_score(scaled=112, verdict="Not yet", right=1)
    first = exam.sitting.attempt.submitted_at
    exam.page.go_back()
    expect(Report(exam.page).score).to_be_visible()
    assert exam.sitting.attempt.submitted_at == first
    assert Attempt.objects.filter(user=exam.sitting.attempt.user).count() == 1


def test_ten_clicks_on_an_option_and_on_next(exam: Exam) -> None:
    place = exam.sitting.first(1)
    exam.open(place)
    for letter in "ABCDABCDAB":
        exam.choose(letter)
    exam.expect_saved()
    assert exam.sitting.chosen(place) == "B"
    exam.page.get_by_role("button", name="Next", exact=True).click(click_count=2)
    expect(exam.heading).to_have_text(f"Question {place + 1} of 75")


def test_escape_and_go_back_leave_the_confirmation(exam: Exam) -> None:
    review = exam.review()
    review.end()
    exam.page.keyboard.press("Escape")
    Review(exam.page).end()
    exam.page.get_by_role("link", name="Go back").click()
    Review(exam.page)
    assert exam.sitting.attempt.submitted_at is None
