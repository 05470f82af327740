"""Starting a mock exam: what is drawn, what is fixed at the start, and what a second start does."""

from collections import Counter
from datetime import timedelta

import pytest

from exams import attempts
from exams.drawing import Shortage
from exams.models import GRACE, Attempt, AttemptItem
from questions import publishing
from questions.models import Blueprint, Question, Revision, RevisionStatistics
from tests import factories
from tests.exams import acts
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def small() -> Blueprint:
    return factories.exam()


@pytest.fixture
def full() -> Blueprint:
    """The blueprint of today, with a bank that fills it."""
    made = factories.blueprint()
    factories.bank(made, 20)
    return made


# ---- the form ----


@pytest.mark.parametrize(
    ("counting", "unscored"),
    [("all", {}), ("aws", {1: 3, 2: 2, 3: 1, 4: 1, 5: 1, 6: 2})],
)
def test_a_form_has_the_quotas_of_the_blueprint(full: Blueprint, counting: str, unscored: dict[int, int]) -> None:
    items = list(acts.start(full, counting=counting).items.all())
    assert Counter(item.domain for item in items) == {1: 17, 2: 13, 3: 11, 4: 11, 5: 10, 6: 13}
    assert Counter(item.domain for item in items if not item.scored) == unscored
    assert [item.position for item in items] == list(range(1, 76))
    assert len({item.revision_id for item in items}) == 75


def test_quotas_of_both_ways_to_count(full: Blueprint) -> None:
    asked = {1: 17, 2: 13, 3: 11, 4: 11, 5: 10, 6: 13}
    assert attempts.quotas(full, "all") == (asked, dict.fromkeys(asked, 0))
    assert attempts.quotas(full, "aws") == (asked, {1: 3, 2: 2, 3: 1, 4: 1, 5: 1, 6: 2})


def test_domains_of_items_are_those_of_their_questions(small: Blueprint) -> None:
    for item in acts.start(small).items.select_related("revision__question__scenario"):
        placement = item.revision.question.scenario.placements.get(blueprint=small)
        assert item.domain == placement.task.domain.number


def test_unscored_are_the_questions_with_the_fewest_answers(small: Blueprint) -> None:
    *others, newest = Revision.objects.filter(question__scenario__placements__task__domain__number=1)
    RevisionStatistics.objects.bulk_create(RevisionStatistics(revision=one, answers=1) for one in others)
    unscored = acts.start(small, counting="aws").items.get(scored=False)
    assert unscored.revision == newest


def test_a_new_attempt_is_as_it_was_asked_for(small: Blueprint) -> None:
    attempt = acts.start(small, counting="aws", accommodation="1.5")
    attempt.refresh_from_db()
    assert (attempt.mode, attempt.counting, attempt.accommodation) == ("mock", "aws", "1.5")
    assert (attempt.started_at, attempt.deadline) == (NOW, NOW + timedelta(minutes=15))
    assert (attempt.submitted_at, attempt.settled_at, attempt.counted_at) == (None, None, None)
    assert attempt.position == 1


def test_only_the_first_question_counts_as_seen(small: Blueprint) -> None:
    seen = acts.start(small).items.filter(seen_at__isnull=False)
    assert list(seen.values_list("position", "seen_at")) == [(1, NOW)]


def test_every_attempt_has_a_seed_of_its_own(small: Blueprint) -> None:
    assert acts.start(small).seed != acts.start(small).seed


def test_retired_questions_and_drafts_are_not_drawn(small: Blueprint) -> None:
    published = Revision.objects.get(pk=acts.start(small).items.filter(domain=1)[0].revision_id)
    factories.QuestionFactory(scenario=published.question.scenario)
    publishing.retire(published.question, at=NOW)
    for _ in range(5):
        assert published.pk not in acts.start(small).items.values_list("revision_id", flat=True)


# ---- accommodations ----


@pytest.mark.parametrize(
    ("accommodation", "seconds"),
    [("standard", 10_800), ("esl", 12_600), ("1.25", 13_500), ("1.5", 16_200), ("2", 21_600)],
)
def test_accommodations_are_exact(accommodation: str, seconds: int) -> None:
    assert attempts.allowed(180, accommodation) == timedelta(seconds=seconds)


@pytest.mark.parametrize(("accommodation", "seconds"), [("1.25", 525), ("1.5", 630), ("esl", 2220)])
def test_accommodations_of_odd_minutes_are_exact(accommodation: str, seconds: int) -> None:
    assert attempts.allowed(7, accommodation) == timedelta(seconds=seconds)


def test_an_unknown_accommodation_is_refused() -> None:
    with pytest.raises(ValueError, match="not a valid Accommodation"):
        attempts.allowed(180, "3")


@pytest.mark.parametrize(
    ("accommodation", "seconds"), [("standard", 600), ("esl", 2400), ("1.25", 750), ("1.5", 900), ("2", 1200)]
)
def test_the_deadline_is_fixed_at_the_start(small: Blueprint, accommodation: str, seconds: int) -> None:
    attempt = acts.start(small, accommodation=accommodation)
    assert attempt.deadline - attempt.started_at == attempt.allowed == timedelta(seconds=seconds)


# ---- a second start ----


def test_a_second_start_gives_the_attempt_that_is_open(small: Blueprint) -> None:
    first = acts.start(small, counting="all", accommodation="standard")
    second = acts.start(small, first.user, counting="aws", accommodation="2", at=first.deadline)
    assert (second, second.counting, second.deadline) == (first, "all", first.deadline)
    assert AttemptItem.objects.count() == 5


def test_others_and_other_blueprints_start_their_own(small: Blueprint) -> None:
    first = acts.start(small)
    other = factories.exam(code="DOP-C01")
    assert len({first, acts.start(small), acts.start(other, first.user)}) == 3


def test_a_start_after_the_end_of_the_grace_settles_the_old_attempt_first(small: Blueprint) -> None:
    first = acts.start(small)
    closing = first.deadline + GRACE
    assert acts.start(small, first.user, at=closing - acts.INSTANT) == first
    second = acts.start(small, first.user, at=closing)
    first.refresh_from_db()
    assert second != first
    assert (first.settled_at, first.submitted_at, first.scaled) == (closing, None, 100)


def test_a_start_settles_what_expired_in_other_blueprints_too(small: Blueprint) -> None:
    other = acts.start(factories.exam(code="DOP-C01"))
    acts.start(small, other.user, at=other.deadline + GRACE)
    other.refresh_from_db()
    assert other.settled_at == other.deadline + GRACE


def test_a_start_settles_nothing_of_others(small: Blueprint) -> None:
    other = acts.start(small)
    acts.start(small, at=other.deadline + GRACE)
    other.refresh_from_db()
    assert other.settled_at is None


# ---- unseen first ----


def test_the_next_form_brings_the_unseen_first(small: Blueprint) -> None:
    first = acts.start(small)
    acts.see_all(first)
    acts.submit(first)
    second = acts.start(small, first.user)
    met = set(first.items.values_list("revision", flat=True))
    assert met.isdisjoint(second.items.values_list("revision", flat=True))
    assert set(second.items.values_list("first_sight", flat=True)) == {True}


def test_first_sight_is_by_question_and_by_what_was_shown() -> None:
    """A question that was in a form but never looked at is still unmet; a new revision of one that was met is not."""
    small = factories.exam(each=3, weights=(100,), question_count=3, scored_count=3)
    first = acts.start(small)
    met = acts.item(first, 1).revision.question
    acts.submit(first)
    met.stem = "A better case.\n\nWhich one?"
    met.save()
    publishing.publish(met, by=None, at=NOW)
    second = acts.start(small, first.user)
    assert dict(second.items.values_list("revision__question", "first_sight")) == {
        pk: pk != met.pk for pk in Question.objects.values_list("pk", flat=True)
    }


def test_what_others_have_seen_is_still_unseen(small: Blueprint) -> None:
    acts.see_all(acts.start(small))
    assert set(acts.start(small).items.values_list("first_sight", flat=True)) == {True}


# ---- shortage ----


def test_a_shortage_names_the_domains_and_starts_nothing() -> None:
    thin = factories.blueprint(weights=(60, 30, 10), question_count=10, scored_count=10)
    factories.bank(thin, 2)
    with pytest.raises(Shortage) as caught:
        acts.start(thin)
    assert caught.value.domains == {1: (6, 2), 2: (3, 2)}
    assert (Attempt.objects.count(), AttemptItem.objects.count()) == (0, 0)


# ---- copied at the start ----


def test_later_changes_of_the_blueprint_touch_no_attempt(small: Blueprint) -> None:
    attempt = acts.start(small)
    for position in (1, 2, 3, 4):
        acts.answer(attempt, position, "a")
    Blueprint.objects.update(cut=990, scale_min=0, scale_max=2000, minutes=1, question_count=4, scored_count=1)
    small.domains.update(weight=1, name="Renamed")
    ended = acts.submit(Attempt.objects.get(pk=attempt.pk))
    assert (ended.right, ended.total, ended.scaled, ended.passed) == (4, 5, 820, True)
    assert ended.deadline == NOW + timedelta(minutes=10)
    assert ended.domains == [[1, "Domain 1", 60], [2, "Domain 2", 40]]


def test_a_new_revision_touches_no_attempt(small: Blueprint) -> None:
    attempt = acts.start(small)
    before = list(attempt.items.values_list("revision", flat=True))
    question = acts.item(attempt, 1).revision.question
    question.options.filter(key="a").update(correct=False)
    question.options.filter(key="b").update(correct=True, misconception=None)
    published = publishing.publish(question, by=None, at=NOW)
    acts.answer(attempt, 1, "a")
    assert published.pk not in before
    assert list(attempt.items.values_list("revision", flat=True)) == before
    assert acts.submit(attempt).right == 1


def test_retiring_a_question_touches_no_attempt(small: Blueprint) -> None:
    attempt = acts.start(small)
    acts.answer(attempt, 1, "a")
    for question in Question.objects.all():
        publishing.retire(question, at=NOW)
    assert acts.submit(attempt).right == 1
