"""Answering, flagging, striking out, noting and moving: whose, when, and what is stored."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from accounts.models import User
from exams import attempts, saving
from exams.attempts import Change, Closed
from exams.models import Attempt, AttemptItem
from exams.saving import Outcome
from tests import factories
from tests.exams import acts
from tests.exams.acts import PAGE
from tests.factories import NOW, UserFactory

pytestmark = pytest.mark.django_db

Act = Callable[[User, AttemptItem, datetime], object]


@pytest.fixture
def attempt() -> Attempt:
    return acts.start(factories.exam())


def a_change(*keys: str) -> Change:
    return Change(chosen=frozenset(keys), version=0, page=PAGE, seq=1, shown=NOW)


def _move(user: User, item: AttemptItem, at: datetime) -> None:
    attempts.move(user=user, attempt=item.attempt_id, leaving=item.position, shown=at, to=3, at=at)


ACTS: dict[str, Act] = {
    "answer": lambda user, item, at: attempts.answer(user=user, item=item, change=a_change("a"), at=at),
    "flag": lambda user, item, at: attempts.flag(user=user, item=item, on=True, at=at),
    "strike": lambda user, item, at: attempts.strike(user=user, item=item, key="b", on=True, at=at),
    "note": lambda user, item, at: attempts.note(user=user, item=item, text="Why?", at=at),
    "move": _move,
}
WRITERS = pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)


def rows() -> list[object]:
    """All that is stored of attempts."""
    return [*Attempt.objects.order_by("pk").values(), *AttemptItem.objects.order_by("pk").values()]


# ---- whose ----


@WRITERS
def test_what_is_not_theirs_does_not_exist(attempt: Attempt, act: Act) -> None:
    before = rows()
    with pytest.raises(AttemptItem.DoesNotExist):
        act(UserFactory(), acts.item(attempt, 2), NOW)
    assert rows() == before


@pytest.mark.parametrize("position", [0, 6, -1, 10**30])
def test_there_is_nothing_at_other_positions(attempt: Attempt, position: int) -> None:
    with pytest.raises(AttemptItem.DoesNotExist):
        attempts.theirs(user=attempt.user, attempt=attempt.pk, position=position)


def test_theirs_brings_the_attempt_along(attempt: Attempt, django_assert_num_queries: Callable[..., object]) -> None:
    with django_assert_num_queries(1):  # type: ignore[attr-defined] # pytest-django's own type is private
        assert attempts.theirs(user=attempt.user, attempt=attempt.pk, position=2).attempt == attempt


# ---- when ----


@WRITERS
@pytest.mark.parametrize("moment", ["before the deadline", "at the deadline", "within the grace"])
def test_until_the_end_of_the_grace_all_is_taken(attempt: Attempt, act: Act, moment: str) -> None:
    before = rows()
    act(attempt.user, acts.item(attempt, 2), acts.around(attempt)[moment])
    assert rows() != before


@WRITERS
def test_after_the_grace_nothing_is_taken(attempt: Attempt, act: Act) -> None:
    before = rows()
    with pytest.raises(Closed) as caught:
        act(attempt.user, acts.item(attempt, 2), acts.around(attempt)["after the grace"])
    assert caught.value.attempt == attempt
    assert rows() == before


@WRITERS
def test_after_the_submission_nothing_is_taken(attempt: Attempt, act: Act) -> None:
    acts.submit(attempt)
    before = rows()
    with pytest.raises(Closed):
        act(attempt.user, acts.item(attempt, 2), NOW + acts.INSTANT)
    assert rows() == before


@WRITERS
def test_a_submission_between_looking_and_writing_closes(attempt: Attempt, act: Act) -> None:
    item = acts.item(attempt, 2)
    acts.submit(attempt)
    before = rows()
    with pytest.raises(Closed):
        act(attempt.user, item, NOW)
    assert rows() == before


# ---- answer ----


def test_an_answer_is_stored(attempt: Attempt) -> None:
    at = NOW + timedelta(seconds=40)
    saved = attempts.answer(user=attempt.user, item=acts.item(attempt, 2), change=a_change("c"), at=at)
    item = acts.item(attempt, 2)
    assert saved == saving.Saved(Outcome.STORED, 1, frozenset("c"))
    assert (item.response, item.version, item.page, item.seq) == ("c", 1, PAGE, 1)
    assert (item.answered_at, item.timed_at, item.seconds) == (at, at, 40)


def test_an_answer_touches_nothing_else(attempt: Attempt) -> None:
    others = AttemptItem.objects.exclude(attempt=attempt, position=2)
    acts.start(attempt.blueprint)
    before = [*Attempt.objects.values(), *others.values()]
    acts.answer(attempt, 2, "c")
    assert [*Attempt.objects.values(), *others.values()] == before


def test_an_answer_can_be_taken_back(attempt: Attempt) -> None:
    acts.answer(attempt, 2, "c")
    acts.answer(attempt, 2, "")
    item = acts.item(attempt, 2)
    assert (item.response, item.chosen, item.version) == ("", frozenset(), 2)


def test_keys_are_stored_in_one_order(attempt: Attempt) -> None:
    acts.answer(attempt, 2, "dbca")
    assert acts.item(attempt, 2).response == "a,b,c,d"


def test_an_answer_does_not_count_as_seen_or_move(attempt: Attempt) -> None:
    acts.answer(attempt, 2, "c")
    item = acts.item(attempt, 2)
    assert (item.seen_at, item.attempt.position) == (None, 1)


# ---- flag, strike, note ----


@pytest.mark.parametrize("states", [[True], [True, True], [False, True], [True, False, True]])
def test_a_flag_is_as_it_was_wanted_last(attempt: Attempt, states: list[bool]) -> None:
    for state in states:
        attempts.flag(user=attempt.user, item=acts.item(attempt, 2), on=state, at=NOW)
    flagged = attempt.items.filter(flagged=True)
    assert list(flagged.values_list("position", flat=True)) == [2]


@pytest.mark.parametrize(
    ("chosen", "strikes", "struck"),
    [
        ("", [("b", True)], "b"),
        ("", [("b", True), ("b", True)], "b"),
        ("", [("d", True), ("b", True)], "b,d"),
        ("", [("b", True), ("b", False)], ""),
        ("", [("b", True), ("c", True), ("b", False)], "c"),
        ("", [("b", False)], ""),
        ("b", [("b", True)], ""),
        ("b", [("b", True), ("c", True)], "c"),
    ],
)
def test_strikes(attempt: Attempt, chosen: str, strikes: list[tuple[str, bool]], struck: str) -> None:
    acts.answer(attempt, 2, chosen)
    for key, on in strikes:
        attempts.strike(user=attempt.user, item=acts.item(attempt, 2), key=key, on=on, at=NOW)
    assert acts.item(attempt, 2).struck == struck


def test_choosing_takes_the_strike_back(attempt: Attempt) -> None:
    for key in "bc":
        attempts.strike(user=attempt.user, item=acts.item(attempt, 2), key=key, on=True, at=NOW)
    acts.answer(attempt, 2, "b")
    item = acts.item(attempt, 2)
    assert (item.chosen, item.struck_out) == (frozenset("b"), frozenset("c"))


def test_a_note_is_kept_as_it_is(attempt: Attempt) -> None:
    text = "  =1+1 <b>é</b>\n\u202e 🙂 "
    attempts.note(user=attempt.user, item=acts.item(attempt, 2), text=text, at=NOW)
    assert acts.item(attempt, 2).note == text


@WRITERS
def test_marks_leave_the_answer_as_it_is(attempt: Attempt, act: Act) -> None:
    """Flag, strike, note and move use no version, so that no page of another tab becomes stale by them."""
    acts.answer(attempt, 2, "c", page=PAGE, seq=7)
    if act is ACTS["answer"]:
        return
    act(attempt.user, acts.item(attempt, 2), NOW)
    item = acts.item(attempt, 2)
    assert (item.response, item.version, item.page, item.seq) == ("c", 1, PAGE, 7)


# ---- move ----


def move(attempt: Attempt, leaving: int, to: int, *, shown: float = 0, at: float = 0) -> None:
    """Go from one question to another; seconds since the start."""
    moments = {"shown": NOW + timedelta(seconds=shown), "at": NOW + timedelta(seconds=at)}
    attempts.move(user=attempt.user, attempt=attempt.pk, leaving=leaving, to=to, **moments)


def test_a_move_is_where_to_resume_and_counts_as_seen(attempt: Attempt) -> None:
    move(attempt, 1, 4, at=30)
    item = acts.item(attempt, 4)
    assert (item.attempt.position, item.seen_at) == (4, NOW + timedelta(seconds=30))


def test_a_move_returns_where_it_leads(attempt: Attempt) -> None:
    """As it is stored, so that a page can be made of it."""
    found = attempts.move(user=attempt.user, attempt=attempt.pk, leaving=1, shown=NOW, to=4, at=NOW)
    stored = acts.item(attempt, 4)
    assert (found, found.seen_at, found.attempt.position) == (stored, stored.seen_at, stored.attempt.position)


def test_what_was_seen_keeps_its_first_time(attempt: Attempt) -> None:
    move(attempt, 1, 4, at=30)
    move(attempt, 4, 1, shown=30, at=50)
    move(attempt, 1, 4, shown=50, at=90)
    assert acts.item(attempt, 4).seen_at == NOW + timedelta(seconds=30)
    assert acts.item(attempt, 1).seen_at == NOW


def test_time_goes_to_the_question_that_is_left(attempt: Attempt) -> None:
    move(attempt, 1, 2, at=30)
    move(attempt, 2, 1, shown=30, at=50)
    move(attempt, 1, 3, shown=50, at=55)
    assert [acts.item(attempt, position).seconds for position in (1, 2, 3)] == [35, 20, 0]


def test_staying_counts_the_time_as_well(attempt: Attempt) -> None:
    move(attempt, 2, 2, shown=10, at=25)
    item = acts.item(attempt, 2)
    assert (item.seconds, item.timed_at, item.attempt.position) == (15, NOW + timedelta(seconds=25), 2)


@pytest.mark.parametrize(("leaving", "to"), [(1, 0), (1, 6), (1, 10**30), (0, 2), (6, 2)])
def test_there_is_no_way_to_or_from_other_places(attempt: Attempt, leaving: int, to: int) -> None:
    before = rows()
    with pytest.raises(AttemptItem.DoesNotExist):
        move(attempt, leaving, to, at=30)
    assert rows() == before
