"""One save: what is stored, what is acknowledged again, what is superseded, and what is a conflict."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from exams import attempts, saving
from exams.attempts import Change
from exams.models import Attempt, AttemptItem
from exams.saving import Outcome, Saved
from questions.models import Revision
from tests import factories
from tests.exams import acts
from tests.exams.acts import PAGE
from tests.factories import NOW, UserFactory

pytestmark = pytest.mark.django_db


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


@pytest.fixture
def revisions() -> Sequence[Revision]:
    """One question with one key, a, and one with two, a and b."""
    return factories.published([factories.QuestionFactory(), factories.QuestionFactory(kind="multiple")])


@pytest.fixture
def attempt(revisions: Sequence[Revision]) -> Attempt:
    return factories.attempt(UserFactory(), factories.blueprint(weights=(100,), minutes=10), revisions)


# ---- (version, page, seq) ----


@pytest.fixture
def item(attempt: Attempt) -> AttemptItem:
    """Stored: option b at version 3, by page one with seq 5."""
    attempt.items.filter(position=1).update(response="b", version=3, page="page-one", seq=5, answered_at=NOW)
    return acts.item(attempt, 1)


S, A, OLD, C = Outcome.STORED, Outcome.AGAIN, Outcome.SUPERSEDED, Outcome.CONFLICT


@pytest.mark.parametrize(
    ("version", "page", "seq", "chosen", "outcome"),
    [
        # the page has seen what is stored
        (3, "page-one", 6, "c", S),
        (3, "page-one", 6, "b", S),
        (3, "page-two", 1, "c", S),
        (3, "page-two", 0, "c", S),
        (3, "page-two", 5, "c", S),
        (3, "page-two", 6, "b", S),
        # the reply was lost: this page wrote last, and has a later change
        (2, "page-one", 6, "c", S),
        (0, "page-one", 9, "c", S),
        (4, "page-one", 6, "c", S),
        # the same change once more
        (3, "page-one", 5, "b", A),
        (2, "page-one", 5, "b", A),
        (0, "page-one", 5, "b", A),
        (3, "page-one", 4, "b", A),
        # another page says the same: nobody has to decide
        (3, "page-two", 1, "b", A),
        (0, "page-two", 1, "b", A),
        (0, "page-two", 9, "b", A),
        # the same seq with another answer is no retry
        (3, "page-one", 5, "c", C),
        (2, "page-one", 5, "c", C),
        (2, "page-one", 5, "", C),
        # a late arrival of what the page has replaced since
        (3, "page-one", 4, "c", OLD),
        (2, "page-one", 0, "c", OLD),
        # the page has not seen what is stored
        (2, "page-two", 1, "c", C),
        (2, "page-two", 6, "c", C),
        (0, "page-two", 9, "c", C),
        (4, "page-two", 6, "c", C),
        (2**31 - 1, "page-two", 2**31 - 1, "c", C),
    ],
)
def test_outcome(item: AttemptItem, version: int, page: str, seq: int, chosen: str, outcome: Outcome) -> None:
    change = Change(frozenset(chosen), version, page, seq, NOW)
    saved = attempts.answer(user=item.attempt.user, item=item, change=change, at=after(1))
    now = acts.item(item.attempt, 1)
    if outcome is S:
        assert saved == Saved(S, 4, frozenset(chosen))
        assert (now.chosen, now.version, now.page, now.seq) == (frozenset(chosen), 4, page, seq)
    else:
        assert saved == Saved(outcome, 3, frozenset("b"))
        assert AttemptItem.objects.filter(pk=item.pk).values().get() == vars_of(item)


def vars_of(item: AttemptItem) -> dict[str, object]:
    """The columns of an item as it was read."""
    return {field.attname: getattr(item, field.attname) for field in AttemptItem._meta.concrete_fields}


def test_versions_count_by_one(attempt: Attempt) -> None:
    versions = [acts.answer(attempt, 1, keys).version for keys in ("a", "b", "", "b", "b")]
    assert versions == [1, 2, 3, 4, 5]


def test_a_retry_after_a_lost_reply_gets_the_same_version(attempt: Attempt) -> None:
    first, second = (acts.answer(attempt, 1, "a", version=0, page=PAGE, seq=2) for _ in range(2))
    assert (first.outcome, second.outcome) == (S, A)
    assert first.version == second.version == 1


def test_changes_that_overtake_each_other_end_with_the_last(attempt: Attempt) -> None:
    """Three changes of one page arrive in the wrong order, and one of them twice."""
    sent = {2: "a", 3: "b", 4: "c"}
    outcomes = [acts.answer(attempt, 1, sent[seq], version=0, page=PAGE, seq=seq).outcome for seq in (3, 2, 4, 3, 4, 2)]
    assert outcomes == [S, OLD, S, OLD, A, OLD]
    assert acts.item(attempt, 1).response == "c"


def test_saving_refuses_what_is_not_theirs(item: AttemptItem) -> None:
    change = Change(frozenset("c"), 3, "page-one", 6, NOW)
    with pytest.raises(AttemptItem.DoesNotExist):
        saving.save(item, change, user=UserFactory(), at=NOW)


@pytest.mark.parametrize(("seconds", "stored"), [(600, True), (629.999999, True), (630, False), (631, False)], ids=str)
def test_the_statement_itself_looks_at_the_clock(item: AttemptItem, seconds: float, stored: bool) -> None:
    """Whatever was looked at before: ten minutes and the grace of half a minute."""
    change = Change(frozenset("c"), 3, "page-one", 6, NOW)
    saved = saving.save(item, change, user=item.attempt.user, at=after(seconds))
    assert (saved is not None) is stored
    assert acts.item(item.attempt, 1).response == ("c" if stored else "b")


@pytest.mark.parametrize(
    "closed",
    [
        {"submitted_at": NOW},
        {"settled_at": NOW, "right": 0, "total": 2, "scaled": 100, "low": 100, "high": 690, "passed": False},
    ],
    ids=["submitted", "settled"],
)
def test_the_statement_itself_looks_at_the_end(item: AttemptItem, closed: dict[str, object]) -> None:
    Attempt.objects.filter(pk=item.attempt_id).update(**closed)
    change = Change(frozenset("c"), 3, "page-one", 6, NOW)
    assert saving.save(item, change, user=item.attempt.user, at=after(1)) is None
    assert acts.item(item.attempt, 1).response == "b"


# ---- the first response ----


@pytest.mark.parametrize(
    ("position", "answers", "first"),
    [
        (1, [], ""),
        (1, ["b"], "b"),
        (1, ["b", "a"], "b"),
        (1, ["b", ""], "b"),
        (1, ["b", "", "a"], "b"),
        (1, ["", "a"], "a"),
        (2, ["a"], ""),
        (2, ["a", "ac"], "a,c"),
        (2, ["a", "ac", "ab"], "a,c"),
        (2, ["a", "ab", "b", "bc"], "a,b"),
        (2, ["abc"], ""),
    ],
)
def test_first_response_is_the_first_complete_one(
    attempt: Attempt, position: int, answers: list[str], first: str
) -> None:
    for keys in answers:
        acts.answer(attempt, position, keys)
    assert acts.item(attempt, position).first_response == first


def test_a_conflict_is_no_first_response(attempt: Attempt) -> None:
    acts.answer(attempt, 2, "a")
    acts.answer(attempt, 2, "bc", version=0, page="another-page")
    assert acts.item(attempt, 2).first_response == ""


# ---- seconds ----


@pytest.mark.parametrize(
    ("shown", "at", "timed", "seconds"),
    [
        (0, 0, None, 0),
        (0, 40, None, 40),
        (10, 40, None, 30),
        (10, 40.25, None, 30.25),
        (10, 40, 25, 15),  # counted up to 25 already
        (30, 40, 25, 10),  # away between 25 and 30
        (10, 40, 40, 0),
        (10, 40, 50, 0),  # a reply of another tab came later
        (50, 40, None, 0),  # shown in the future: a clock of the candidate's that is wrong
        (-1e6, 40, None, 40),  # shown before the start
        (590, 620, None, 10),  # within the grace only the time until the deadline counts
        (600, 629, None, 0),
    ],
)
def test_elapsed(attempt: Attempt, shown: float, at: float, timed: float | None, seconds: float) -> None:
    item = acts.item(attempt, 1)
    item.timed_at = None if timed is None else after(timed)
    assert saving.elapsed(item, after(shown), after(at)) == seconds


def test_seconds_are_credited_once_over_many_saves_and_a_move(attempt: Attempt) -> None:
    """The page was shown at 10; the clock of its question is read three times."""
    acts.answer(attempt, 1, "a", at=after(25), shown=after(10))
    acts.answer(attempt, 1, "b", at=after(31), shown=after(10))
    attempts.move(user=attempt.user, attempt=attempt.pk, leaving=1, shown=after(10), to=2, at=after(50))
    assert acts.item(attempt, 1).seconds == 40
    assert acts.item(attempt, 2).seconds == 0


def test_seconds_of_two_tabs_on_one_question_are_credited_once(attempt: Attempt) -> None:
    acts.answer(attempt, 1, "a", at=after(60), shown=after(0))
    acts.answer(attempt, 1, "b", at=after(70), shown=after(5), page="another-page")
    assert acts.item(attempt, 1).seconds == 70


def test_seconds_of_two_saves_at_once_are_credited_once(attempt: Attempt) -> None:
    """Both requests have read the item before either has written."""
    first, second = acts.item(attempt, 1), acts.item(attempt, 1)
    for item, seq, keys in ((first, 2, "a"), (second, 3, "b")):
        change = Change(frozenset(keys), 0, PAGE, seq, NOW)
        assert attempts.answer(user=attempt.user, item=item, change=change, at=after(60)).outcome is S
    assert acts.item(attempt, 1).seconds == 60


def test_what_is_not_stored_is_not_credited(attempt: Attempt) -> None:
    acts.answer(attempt, 1, "a", at=after(20), shown=after(0), page=PAGE, seq=3)
    acts.answer(attempt, 1, "b", at=after(60), shown=after(0), page=PAGE, seq=2)
    acts.answer(attempt, 1, "b", at=after(60), shown=after(0), page="another-page", version=0)
    item = acts.item(attempt, 1)
    assert (item.seconds, item.timed_at, item.answered_at) == (20, after(20), after(20))


# ---- strikes ----


@pytest.mark.parametrize(
    ("struck", "chosen", "left"), [("b,c", "b", "c"), ("b", "b", ""), ("b,c", "a", "b,c"), ("", "a", "")]
)
def test_choosing_takes_back_the_strike_of_what_is_chosen(
    attempt: Attempt, struck: str, chosen: str, left: str
) -> None:
    attempt.items.filter(position=1).update(struck=struck)
    acts.answer(attempt, 1, chosen)
    assert acts.item(attempt, 1).struck == left


def test_a_strike_of_the_same_moment_stays(attempt: Attempt) -> None:
    """It is stored after the save has read the item, and before the save writes."""
    item = acts.item(attempt, 1)
    for key in ("b", "c"):
        attempts.strike(user=attempt.user, item=item, key=key, on=True, at=after(1))
    change = attempts.Change(frozenset("b"), item.version, "page-one", 2, NOW)
    assert attempts.answer(user=attempt.user, item=item, change=change, at=after(2)).outcome is Outcome.STORED
    now = acts.item(attempt, 1)
    assert now.struck == "b,c"
    assert (now.chosen, now.struck_out) == (frozenset("b"), frozenset("c"))
