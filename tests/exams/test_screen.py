"""What an open attempt shows, from what is stored: letters, states, counts, and never a key."""

from dataclasses import fields, is_dataclass
from datetime import datetime, timedelta

import pytest

from exams import screen
from exams.models import Attempt, AttemptItem
from exams.navigator import navigator
from exams.screen import Cell, Line
from questions.content import Content, Prompt
from questions.content import Option as FullOption
from tests import factories
from tests.exams import acts
from tests.factories import NOW, UserFactory

pytestmark = pytest.mark.django_db


def shown(attempt: Attempt, position: int, at: datetime = NOW) -> screen.Screen:
    return screen.open_screen(user=attempt.user, attempt=attempt.pk, position=position, at=at)


# ---- letters ----


@pytest.mark.parametrize(("position", "letters", "keys"), [(1, "ABCD", "abcd"), (2, "ABCDE", "abcde")])
def test_every_option_has_a_letter(attempt: Attempt, position: int, letters: str, keys: str) -> None:
    found = screen.letters(attempt, position, screen.prompt_of(acts.item(attempt, position)))
    assert "".join(found) == letters
    assert sorted(found.values()) == list(keys)


def test_the_order_of_options_is_that_of_the_attempt_and_the_position(attempt: Attempt) -> None:
    prompt = screen.prompt_of(acts.item(attempt, 1))
    orders = set()
    for attempt.seed in range(200):
        assert screen.letters(attempt, 1, prompt) == screen.letters(attempt, 1, prompt)
        orders |= {tuple(screen.letters(attempt, position, prompt).values()) for position in (1, 2)}
    assert len(orders) == 24  # all there are


def test_options_show_what_is_chosen_and_struck(attempt: Attempt) -> None:
    attempt.items.filter(position=2).update(response="a,d", version=1, answered_at=NOW, struck="b,e")
    options = shown(attempt, 2).options
    assert {option.key for option in options if option.chosen} == {"a", "d"}
    assert {option.key for option in options if option.struck} == {"b", "e"}
    assert all(option.text.startswith(f"Option {option.key} of") for option in options)


def test_letters_of_a_page_replace_the_stored_ones(attempt: Attempt) -> None:
    acts.answer(attempt, 2, "ad")
    changed = shown(attempt, 2).with_letters(("B",))
    assert [option.letter for option in changed.options if option.chosen] == ["B"]


# ---- states ----


@pytest.mark.parametrize(
    ("position", "stored", "state", "words"),
    [
        (3, {}, "", "Not seen"),
        (3, {"seen_at": NOW}, "seen", "Not answered"),
        (3, {"response": "a", "version": 1, "answered_at": NOW}, "done", "Answered"),
        (2, {"response": "a", "version": 1, "answered_at": NOW}, "part", "One of two chosen"),
        (2, {"response": "a,b", "version": 1, "answered_at": NOW}, "done", "Answered"),
        (2, {"response": "", "version": 2, "answered_at": NOW, "seen_at": NOW}, "seen", "Not answered"),
    ],
)
@pytest.mark.parametrize("flagged", [True, False])
def test_states(
    attempt: Attempt, position: int, stored: dict[str, object], state: str, words: str, flagged: bool
) -> None:
    attempt.items.filter(position=position).update(flagged=flagged, **stored)
    marks = screen.marks(attempt.pk)
    assert screen.cells(marks)[position - 1] == Cell(position, state, flagged)
    line = screen.lines(marks, attempt)[position - 1]
    assert (line.state, line.words, line.flagged) == (state, words, flagged)


@pytest.mark.parametrize(
    ("state", "flagged", "tabs"),
    [
        ("done", False, {"all"}),
        ("done", True, {"all", "todo", "flagged"}),
        ("part", False, {"all", "todo", "incomplete"}),
        ("part", True, {"all", "todo", "incomplete", "flagged"}),
        ("seen", False, {"all", "todo", "unanswered"}),
        ("", False, {"all", "todo", "unanswered"}),
        ("", True, {"all", "todo", "unanswered", "flagged"}),
    ],
)
def test_tabs(state: str, flagged: bool, tabs: set[str]) -> None:
    line = Line(position=1, begins="", state=state, words="", letters="", flagged=flagged)
    assert {tab for tab in screen.TABS if line.is_in(tab)} == tabs


def test_counts() -> None:
    states = ["done", "done", "part", "seen", "", "", ""]
    cells = tuple(Cell(place, state, flagged=place in {1, 7}) for place, state in enumerate(states, 1))
    assert screen.counts(cells) == {"done": 2, "part": 1, "seen": 1, "unseen": 3, "flagged": 2}


@pytest.mark.parametrize(
    ("stem", "begins"),
    [
        ("Which one?", "Which one? …"),
        ("A `b` **c**.\n\nWhich?", "A b c. …"),
        (
            "One two three four five six seven eight nine ten.\n\nWhich?",
            "One two three four five six seven eight nine …",
        ),
        ("Two\nlines here.\n\nWhich?", "Two lines here. …"),
    ],
)
def test_how_a_question_begins(stem: str, begins: str) -> None:
    small = factories.blueprint(weights=(100,))
    made = factories.attempt(UserFactory(), small, factories.published([factories.QuestionFactory(stem=stem)]))
    assert screen.lines(screen.marks(made.pk), made)[0].begins == begins


# ---- the screen ----


@pytest.mark.parametrize(("position", "before", "after"), [(1, None, 2), (2, 1, 3), (3, 2, None)])
def test_neighbours(attempt: Attempt, position: int, before: int | None, after: int | None) -> None:
    found = shown(attempt, position)
    assert (found.position, found.count, found.previous, found.next) == (position, 3, before, after)


@pytest.mark.parametrize(("position", "several", "word"), [(1, False, "ONE"), (2, True, "TWO")])
def test_how_many_to_choose(attempt: Attempt, position: int, several: bool, word: str) -> None:
    found = shown(attempt, position)
    assert (found.is_multiple, found.choose_word) == (several, word)


@pytest.mark.parametrize(
    ("seconds", "left", "low"),
    [(0, 600, False), (299.9, 300.1, False), (300, 300, True), (600, 0, True), (620, 0, True)],
)
def test_time_left_and_when_it_is_low(attempt: Attempt, seconds: float, left: float, low: bool) -> None:
    found = shown(attempt, 1, NOW + timedelta(seconds=seconds))
    assert (found.seconds_left, found.is_low) == (left, low)


def test_open_positions(attempt: Attempt) -> None:
    acts.answer(attempt, 1, "a")
    acts.answer(attempt, 2, "a")
    assert shown(attempt, 1).open_positions == [2, 3]


@pytest.mark.parametrize("position", [0, 4])
def test_there_is_nothing_at_other_positions(attempt: Attempt, position: int) -> None:
    with pytest.raises(AttemptItem.DoesNotExist):
        shown(attempt, position)


def test_the_screen_of_others_does_not_exist(attempt: Attempt) -> None:
    with pytest.raises(AttemptItem.DoesNotExist):
        screen.open_screen(user=UserFactory(), attempt=attempt.pk, position=1, at=NOW)


def test_nothing_on_the_screen_can_reach_a_key(attempt: Attempt) -> None:
    """Every value of the screen and its parts, but for the rows themselves, which hold no content."""
    held = list(values(shown(attempt, 2)))
    assert any(isinstance(value, Prompt) for value in held)
    assert not any(isinstance(value, Content | FullOption) for value in held)
    assert {field.name for value in held if is_dataclass(value) for field in fields(value)}.isdisjoint(
        {"correct", "why", "misconception", "rationale", "references"}
    )


def values(found: object) -> list[object]:
    if is_dataclass(found):
        return [found, *(inner for field in fields(found) for inner in values(getattr(found, field.name)))]
    if isinstance(found, tuple):
        return [inner for one in found for inner in values(one)]
    return [found]


# ---- the navigator ----


@pytest.mark.parametrize(
    ("cell", "current", "html"),
    [
        (
            Cell(9, "", flagged=False),
            None,
            '<li><button class="cell" name="go" value="9" aria-label="9, not seen">9</button></li>',
        ),
        (
            Cell(9, "seen", flagged=False),
            9,
            '<li><button class="cell" name="go" value="9" data-state="seen" aria-current="step"'
            ' aria-label="9, not answered">9</button></li>',
        ),
        (
            Cell(10, "part", flagged=True),
            9,
            '<li><button class="cell" name="go" value="10" data-state="part" aria-label="10, incomplete, flagged">'
            '10<svg class="pin" aria-hidden="true"><use href="#i-pin"/></svg></button></li>',
        ),
        (
            Cell(75, "done", flagged=False),
            1,
            '<li><button class="cell" name="go" value="75" data-state="done" aria-label="75, answered">75</button></li>',
        ),
    ],
)
def test_a_cell_of_the_navigator(cell: Cell, current: int | None, html: str) -> None:
    assert navigator((cell,), current) == html


def test_the_navigator_has_a_cell_for_each_question() -> None:
    assert navigator(tuple(Cell(place, "", flagged=False) for place in range(1, 76))).count("<li>") == 75
