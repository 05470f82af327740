"""manage.py settle: scores of expired attempts, and sums over what was answered, each once."""

from io import StringIO

import pytest
from django.core.management import call_command

from exams import attempts
from exams.models import GRACE, Attempt
from questions.models import Blueprint, Revision
from tests import factories
from tests.exams import acts
from tests.exams.conftest import Clock
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def small() -> Blueprint:
    return factories.exam()


def settle() -> str:
    printed = StringIO()
    call_command("settle", stdout=printed)
    return printed.getvalue().strip()


def test_the_command_settles_and_counts_each_attempt_once(small: Blueprint, clock: Clock) -> None:
    expired, submitted = acts.start(small), acts.start(small)
    acts.answer(expired, 1, "a")
    acts.submit(submitted)
    assert settle() == "settle: 0 settled, 1 counted"
    clock.at = expired.deadline + GRACE - acts.INSTANT
    assert settle() == "settle: 0 settled, 0 counted"
    clock.at = expired.deadline + GRACE
    assert settle() == "settle: 1 settled, 1 counted"
    assert settle() == "settle: 0 settled, 0 counted"
    expired.refresh_from_db()
    assert (expired.right, expired.total, expired.settled_at) == (1, 5, clock.at)


def test_the_command_leaves_open_attempts_alone(small: Blueprint, clock: Clock) -> None:
    attempt = acts.start(small)
    clock.at = attempt.deadline
    settle()
    assert not Attempt.objects.filter(settled_at__isnull=False).exists()


# ---- statistics ----


def sums() -> dict[int, tuple[int, int]]:
    """Answers and right answers by revision."""
    rows = Revision.objects.filter(statistics__isnull=False)
    return {
        pk: (answers, right)
        for pk, answers, right in rows.values_list("pk", "statistics__answers", "statistics__right")
    }


def test_counting_adds_what_was_seen(small: Blueprint, clock: Clock) -> None:
    attempt = acts.start(small)
    attempts.move(user=attempt.user, attempt=attempt.pk, leaving=1, shown=NOW, to=2, at=NOW)
    acts.answer(attempt, 1, "a")
    acts.answer(attempt, 2, "b")
    acts.submit(attempt)
    settle()
    first, second = (acts.item(attempt, position).revision_id for position in (1, 2))
    assert sums() == {first: (1, 1), second: (1, 0)}


def test_counting_adds_up_over_people_and_takes_first_sights_only(clock: Clock) -> None:
    small = factories.exam(each=3, weights=(100,), question_count=3, scored_count=3)
    for _ in range(2):
        attempt = acts.start(small)
        for _ in range(2):  # the second time all is known
            acts.see_all(attempt)
            for position in (1, 2, 3):
                acts.answer(attempt, position, acts.item(attempt, position).revision.parsed.keys)
            acts.submit(attempt)
            settle()
            attempt = acts.start(small, attempt.user)
    assert sums() == dict.fromkeys(Revision.objects.values_list("pk", flat=True), (2, 2))
