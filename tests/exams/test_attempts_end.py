"""The end of an attempt: deadline and grace, submitting, settling, handing over."""

from datetime import datetime, timedelta

import pytest

from accounts.models import User
from exams import attempts
from exams.models import GRACE, SCORES, Attempt
from questions.models import Blueprint
from tests import factories
from tests.exams import acts
from tests.factories import NOW, GuestFactory, UserFactory

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=3)


@pytest.fixture
def small() -> Blueprint:
    return factories.exam()


@pytest.fixture
def attempt(small: Blueprint) -> Attempt:
    return acts.start(small)


def fresh(attempt: Attempt) -> Attempt:
    return Attempt.objects.get(pk=attempt.pk)


def score(attempt: Attempt) -> tuple[object, ...]:
    """What is stored of the score."""
    row = fresh(attempt)
    return tuple(getattr(row, name) for name in SCORES)


# ---- open and closed ----


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [("before the deadline", True), ("at the deadline", True), ("within the grace", True), ("after the grace", False)],
)
def test_an_attempt_is_open_until_the_end_of_the_grace(attempt: Attempt, moment: str, is_open: bool) -> None:
    at = acts.around(attempt)[moment]
    assert attempt.is_open(at) is is_open
    assert Attempt.objects.open(at).exists() is is_open
    assert Attempt.objects.closed(at).exists() is not is_open
    assert Attempt.objects.to_settle(at).exists() is not is_open


def test_grace_is_half_a_minute() -> None:
    assert timedelta(seconds=30) == GRACE


def test_a_submitted_attempt_is_closed_at_once(attempt: Attempt) -> None:
    ended = acts.submit(attempt)
    assert not ended.is_open(NOW)
    assert not Attempt.objects.open(NOW).exists()
    assert Attempt.objects.closed(NOW).get() == attempt


@pytest.mark.parametrize(
    ("passed", "seconds"), [(0, 600), (1, 599), (599.5, 0.5), (600, 0), (629, 0), (10_000, 0), (-5, 605)]
)
def test_time_left_is_never_negative(attempt: Attempt, passed: float, seconds: float) -> None:
    assert attempt.left(NOW + timedelta(seconds=passed)) == timedelta(seconds=seconds)


# ---- submit ----


@pytest.mark.parametrize("moment", ["before the deadline", "at the deadline", "within the grace"])
def test_submitting_ends_at_once_and_at_the_latest_at_the_deadline(attempt: Attempt, moment: str) -> None:
    at = acts.around(attempt)[moment]
    ended = acts.submit(attempt, at=at)
    assert (ended.submitted_at, ended.settled_at) == (at, at)
    assert ended.ended_at == min(at, attempt.deadline)


def test_submitting_after_the_grace_settles_an_expired_attempt(attempt: Attempt) -> None:
    at = acts.around(attempt)["after the grace"]
    ended = acts.submit(attempt, at=at)
    assert (ended.submitted_at, ended.settled_at, ended.ended_at) == (None, at, attempt.deadline)


def test_submitting_twice_is_once(attempt: Attempt) -> None:
    acts.answer(attempt, 1, "a")
    acts.submit(attempt, at=LATER)
    before = Attempt.objects.filter(pk=attempt.pk).values().get()
    for at in (LATER, LATER + timedelta(minutes=1), attempt.deadline + GRACE):
        assert acts.submit(attempt, at=at).submitted_at == LATER
    assert Attempt.objects.filter(pk=attempt.pk).values().get() == before


def test_nobody_submits_for_others(attempt: Attempt) -> None:
    with pytest.raises(Attempt.DoesNotExist):
        attempts.submit(user=UserFactory(), attempt=attempt.pk, at=NOW)
    assert fresh(attempt).submitted_at is None


# ---- the score ----


@pytest.mark.parametrize(
    ("right", "stored"),
    [
        (0, (0, 5, 100, 100, 491, False)),
        (3, (3, 5, 640, 307, 894, False)),
        (4, (4, 5, 820, 437, 967, True)),
        (5, (5, 5, 1000, 608, 1000, True)),
    ],
)
def test_the_score_is_stored(attempt: Attempt, right: int, stored: tuple[object, ...]) -> None:
    for position in range(1, 6):
        acts.answer(attempt, position, "a" if position <= right else "b")
    acts.submit(attempt)
    assert score(attempt) == stored


def test_the_stored_score_is_the_recomputed_one(attempt: Attempt) -> None:
    for position, keys in {1: "a", 2: "b", 4: "a"}.items():
        acts.answer(attempt, position, keys)
    acts.submit(attempt)
    again = attempts.score_of(fresh(attempt))
    assert score(attempt) == (again.right, again.total, again.scaled, again.low, again.high, again.passed)


def test_unscored_questions_do_not_count(small: Blueprint) -> None:
    attempt = acts.start(small, counting="aws")
    acts.answer(attempt, attempt.items.get(scored=False).position, "a")
    acts.answer(attempt, attempt.items.filter(scored=True)[0].position, "a")
    ended = acts.submit(attempt)
    assert (ended.right, ended.total) == (1, 4)


@pytest.mark.parametrize(("keys", "right"), [("ab", 1), ("a", 0), ("b", 0), ("ac", 0), ("abc", 0), ("", 0)])
def test_a_question_with_two_keys_needs_both_and_no_other(small: Blueprint, keys: str, right: int) -> None:
    revision = factories.published([factories.QuestionFactory(kind="multiple")])
    attempt = factories.attempt(UserFactory(), small, revision)
    acts.answer(attempt, 1, keys)
    assert acts.submit(attempt).right == right


def test_answers_within_the_grace_count(attempt: Attempt) -> None:
    moments = acts.around(attempt)
    acts.answer(attempt, 1, "a", at=moments["within the grace"])
    assert acts.submit(attempt, at=moments["after the grace"]).right == 1


# ---- settle ----


def test_settling_waits_for_the_end_of_the_grace(attempt: Attempt) -> None:
    moments = acts.around(attempt)
    for moment in ("before the deadline", "at the deadline", "within the grace"):
        assert attempts.settle(attempt=attempt.pk, at=moments[moment]) is False
    assert score(attempt) == (None,) * 6
    assert attempts.settle(attempt=attempt.pk, at=moments["after the grace"]) is True
    assert score(attempt) == (0, 5, 100, 100, 491, False)


def test_settling_twice_is_once(attempt: Attempt) -> None:
    at = attempt.deadline + GRACE
    attempts.settle(attempt=attempt.pk, at=at)
    before = Attempt.objects.filter(pk=attempt.pk).values().get()
    assert attempts.settle(attempt=attempt.pk, at=at + timedelta(hours=1)) is False
    assert Attempt.objects.filter(pk=attempt.pk).values().get() == before


def test_what_was_saved_before_the_end_is_settled(attempt: Attempt) -> None:
    acts.answer(attempt, 1, "a")
    acts.answer(attempt, 2, "a")
    attempts.settle(attempt=attempt.pk, at=attempt.deadline + GRACE)
    assert score(attempt)[:3] == (2, 5, 460)


def test_settle_expired_is_for_one_candidate(small: Blueprint, attempt: Attempt) -> None:
    acts.start(factories.exam(code="DOP-C01"), attempt.user)
    other = acts.start(small)
    at = attempt.deadline + GRACE
    assert attempts.settle_expired(user=attempt.user, at=at - acts.INSTANT) == 0
    assert attempts.settle_expired(user=attempt.user, at=at) == 2
    assert attempts.settle_expired(user=attempt.user, at=at) == 0
    assert fresh(other).settled_at is None


def test_a_settled_attempt_stays_closed_when_the_clock_is_put_back(attempt: Attempt) -> None:
    attempts.settle(attempt=attempt.pk, at=attempt.deadline + GRACE)
    assert not fresh(attempt).is_open(NOW)
    assert not Attempt.objects.open(NOW).exists()
    assert Attempt.objects.closed(NOW).get() == attempt
    assert acts.submit(attempt, at=NOW).submitted_at is None


# ---- hand over ----


def test_what_a_guest_did_goes_to_the_account(small: Blueprint) -> None:
    guest, account = GuestFactory(), UserFactory()
    finished = acts.submit(acts.start(small, guest))
    running = acts.start(small, guest)
    acts.answer(running, 1, "a")
    attempts.hand_over(guest=guest, to=account, at=LATER)
    assert set(account.attempts.all()) == {finished, running}
    assert (fresh(running).is_open(LATER), fresh(running).deadline) == (True, running.deadline)
    assert acts.answer(fresh(running), 2, "a", at=LATER).version == 1
    assert not User.objects.filter(pk=guest.pk).exists()


def test_an_account_that_sits_another_exam_goes_on_with_both(small: Blueprint) -> None:
    guest, account = GuestFactory(), UserFactory()
    theirs, own = acts.start(small, guest), acts.start(factories.exam(code="DOP-C01"), account)
    attempts.hand_over(guest=guest, to=account, at=LATER)
    assert set(Attempt.objects.open(LATER).filter(user=account)) == {theirs, own}


def test_what_has_expired_on_both_sides_is_in_nobodys_way(small: Blueprint) -> None:
    """Neither is settled yet, and two unsettled ones of one exam cannot belong to one person."""
    guest, account = GuestFactory(), UserFactory()
    theirs, own = acts.start(small, guest), acts.start(small, account)
    at = own.deadline + GRACE
    attempts.hand_over(guest=guest, to=account, at=at)
    assert set(account.attempts.filter(settled_at=at, submitted_at=None)) == {theirs, own}


def test_an_expired_attempt_of_a_guest_keeps_its_end(small: Blueprint) -> None:
    guest, account = GuestFactory(), UserFactory()
    expired = acts.start(small, guest)
    at: datetime = expired.deadline + GRACE
    attempts.hand_over(guest=guest, to=account, at=at)
    assert (fresh(expired).submitted_at, fresh(expired).settled_at) == (None, at)
    assert fresh(expired).user == account


def test_the_account_goes_on_with_its_own_open_attempt(small: Blueprint) -> None:
    """Both are sitting the same exam; only one may be open."""
    guest, account = GuestFactory(), UserFactory()
    theirs, own = acts.start(small, guest), acts.start(small, account)
    attempts.hand_over(guest=guest, to=account, at=LATER)
    assert list(Attempt.objects.open(LATER)) == [own]
    assert (fresh(theirs).submitted_at, fresh(theirs).user) == (LATER, account)


def test_handing_over_touches_nobody_else(small: Blueprint) -> None:
    other = acts.start(small, GuestFactory())
    attempts.hand_over(guest=GuestFactory(), to=UserFactory(), at=LATER)
    assert (fresh(other).user, fresh(other).submitted_at) == (other.user, None)
