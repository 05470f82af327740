"""What happens at the same moment, on real threads and committed transactions: there is one winner, and nothing is lost."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest

from exams import attempts, statistics
from exams.attempts import Change, Closed
from exams.models import GRACE, Attempt, AttemptItem
from exams.saving import Outcome, Saved
from questions.models import RevisionStatistics
from tests import factories
from tests.exams import acts
from tests.exams.acts import PAGE
from tests.exams.threads import together
from tests.factories import NOW, UserFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
TEN = range(10)


@pytest.fixture
def attempt() -> Attempt:
    return acts.start(factories.exam())


def save(item: AttemptItem, *keys: str, page: str = PAGE, seq: int = 2) -> Saved | None:
    """The outcome of a save from a page that has seen version 0; None where the attempt is closed."""
    change = Change(frozenset(keys), 0, page, seq, NOW)
    try:
        return attempts.answer(user=item.attempt.user, item=item, change=change, at=NOW)
    except Closed:
        return None


# ---- start ----


def test_ten_starts_make_one_attempt() -> None:
    small, user = factories.exam(), UserFactory()
    started = together([partial(acts.start, small, user) for _ in TEN])
    assert {one.pk for one in started} == {Attempt.objects.get().pk}
    assert AttemptItem.objects.count() == 5


def test_starts_of_ten_people_make_ten_attempts() -> None:
    small, people = factories.exam(), UserFactory.create_batch(10)
    started = together([partial(acts.start, small, user) for user in people])
    assert [one.user for one in started] == people
    assert AttemptItem.objects.count() == 50


def test_ten_starts_after_the_deadline_settle_once_and_make_one_attempt(attempt: Attempt) -> None:
    at = attempt.deadline + GRACE
    started = together([partial(acts.start, attempt.blueprint, attempt.user, at=at) for _ in TEN])
    assert {one.pk for one in started} == {Attempt.objects.exclude(pk=attempt.pk).get().pk}
    assert Attempt.objects.get(pk=attempt.pk).settled_at == at


# ---- save ----


def test_two_pages_at_once_are_one_stored_and_one_conflict(attempt: Attempt) -> None:
    for position in range(1, 6):
        item = acts.item(attempt, position)
        one, other = together([partial(save, item, "a", page="page-one"), partial(save, item, "b", page="page-two")])
        assert one is not None
        assert other is not None
        stored, refused = (one, other) if one.outcome is Outcome.STORED else (other, one)
        assert (stored.outcome, refused.outcome) == (Outcome.STORED, Outcome.CONFLICT)
        assert (refused.chosen, refused.version) == (stored.chosen, 1)
        assert acts.item(attempt, position).chosen == stored.chosen


def test_the_same_save_ten_times_is_stored_once(attempt: Attempt) -> None:
    item = acts.item(attempt, 1)
    outcomes = [saved.outcome for saved in together([partial(save, item, "a") for _ in TEN]) if saved]
    assert sorted(outcome.value for outcome in outcomes) == ["again"] * 9 + ["stored"]
    assert acts.item(attempt, 1).version == 1


def test_ten_changes_of_one_page_end_with_the_last(attempt: Attempt) -> None:
    item = acts.item(attempt, 1)
    saved = together([partial(save, item, "abcd"[seq % 4], seq=seq + 2) for seq in TEN])
    assert {one.outcome for one in saved if one} <= {Outcome.STORED, Outcome.SUPERSEDED}
    now = acts.item(attempt, 1)
    assert (now.response, now.seq) == ("b", 11)
    assert now.version == sum(one is not None and one.outcome is Outcome.STORED for one in saved)


def test_strikes_at_once_are_all_kept(attempt: Attempt) -> None:
    item = acts.item(attempt, 1)
    strike = partial(attempts.strike, user=attempt.user, item=item, on=True, at=NOW)
    together([partial(strike, key=key) for key in "abcd"])
    assert acts.item(attempt, 1).struck == "a,b,c,d"


# ---- the end ----


@pytest.mark.parametrize("run", range(4))
def test_nothing_is_stored_after_the_submission(attempt: Attempt, run: int) -> None:
    """All answers are right, so the score counts what was stored before the submission; what came later is refused."""
    items = [acts.item(attempt, position) for position in range(1, 6)]
    racing: list[Callable[[], object]] = [partial(save, item, "a") for item in items]
    racing.append(partial(acts.submit, attempt, at=NOW + timedelta(seconds=1)))
    *saved, _ = together(racing)
    stored = sum(one is not None for one in saved)
    ended = Attempt.objects.get(pk=attempt.pk)
    assert ended.right == stored == AttemptItem.objects.filter(response="a").count()
    assert attempts.score_of(ended).right == ended.right


def test_ten_submissions_are_one(attempt: Attempt) -> None:
    moments = [NOW + timedelta(seconds=number) for number in TEN]
    ended = together([partial(acts.submit, attempt, at=at) for at in moments])
    stored = Attempt.objects.get(pk=attempt.pk)
    assert {(one.submitted_at, one.settled_at, one.scaled) for one in ended} == {
        (stored.submitted_at, stored.settled_at, stored.scaled)
    }
    assert stored.submitted_at == stored.settled_at
    assert stored.submitted_at in moments


def test_submitting_within_the_grace_and_settling_after_it_are_one_end(attempt: Attempt) -> None:
    moments = acts.around(attempt)
    racing: list[Callable[[], object]] = [
        partial(attempts.settle, attempt=attempt.pk, at=moments["after the grace"]),
        partial(acts.submit, attempt, at=moments["within the grace"]),
    ]
    together(racing)
    ended = Attempt.objects.get(pk=attempt.pk)
    assert (ended.submitted_at, ended.settled_at) in {
        (moments["within the grace"], moments["within the grace"]),
        (None, moments["after the grace"]),
    }
    assert ended.ended_at == attempt.deadline


def test_settling_ten_times_is_once(attempt: Attempt) -> None:
    at = attempt.deadline + GRACE
    settled = together([partial(attempts.settle, attempt=attempt.pk, at=at) for _ in TEN])
    assert sorted(settled) == [False] * 9 + [True]


def test_counting_ten_times_is_once(attempt: Attempt) -> None:
    acts.answer(attempt, 1, "a")
    acts.submit(attempt)
    counted = together([partial(statistics.count, attempt=attempt.pk, at=NOW) for _ in TEN])
    assert sorted(counted) == [False] * 9 + [True]
    assert list(RevisionStatistics.objects.values_list("answers", "right")) == [(1, 1)]


def test_counting_attempts_with_the_same_questions_adds_up() -> None:
    """Five questions in every attempt, in another order each time: nobody waits for ever, and no sum is lost."""
    small = factories.exam(each=3, weights=(100,), question_count=3, scored_count=3)
    ended = [acts.start(small) for _ in range(6)]
    for one in ended:
        acts.see_all(one)
        acts.submit(one)
    together([partial(statistics.count, attempt=one.pk, at=NOW) for one in ended])
    assert list(RevisionStatistics.objects.values_list("answers", "right")) == [(6, 0)] * 3
