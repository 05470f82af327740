"""Repetition by scenario: what was missed comes back soon, what was known later, all of it fresh on the exam day.

The planner is FSRS. A scenario comes back with a sibling question where there is one, so that the idea is learnt and not
the item. Wrong or guessed is "again", right but unsure "hard", right "good" (measurement: never "easy", never "hard" for
a wrong answer).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.utils import timezone
from fsrs import Card, Rating, Scheduler, State

from accounts.models import User
from exams.models import Confidence, Memory
from questions.models import Blueprint

LAST_DAYS = 7  # before the exam, in which everything comes back once more
SCHEDULER = Scheduler(
    desired_retention=0.9,  # the share that is to be remembered when a scenario comes back
    learning_steps=(),  # a scenario comes back on another day, never within a session
    relearning_steps=(),
    maximum_interval=365,
    enable_fuzzing=False,
)


@dataclass(frozen=True, slots=True)
class Trace:
    """The planner's state of one scenario: stability in days, difficulty from 1 to 10."""

    stability: float
    difficulty: float
    reviewed_at: datetime
    due_at: datetime


def rating(*, right: bool, confidence: str) -> Rating:
    """What an answer says of the memory of its scenario."""
    if not right or confidence == Confidence.GUESS:
        return Rating.Again
    return Rating.Hard if confidence == Confidence.UNSURE else Rating.Good


def review(before: Trace | None, said: Rating, at: datetime, exam_on: date | None = None, *, place: int = 0) -> Trace:
    """The state after a review, which comes back in a day at the earliest. Pure.

    What would come back after the last week before the exam comes back in that week instead, so that everything is
    fresh on the day; `place` spreads scenarios over its days.
    """
    card = Card(card_id=0, due=at) if before is None else _card(before)
    after, _ = SCHEDULER.review_card(card, said, at.astimezone(UTC))
    assert after.stability is not None and after.difficulty is not None  # noqa: S101, PT018 - a reviewed card has both
    wait = max(after.due - at, timedelta(days=1))
    if exam_on:
        final = (exam_on - at.date()).days - 1 - place % LAST_DAYS
        if final >= 1:
            wait = min(wait, timedelta(days=final))
    return Trace(after.stability, after.difficulty, at, at + wait)


def recall(trace: Trace, at: datetime) -> float:
    """The chance that the scenario is remembered at this moment, by the planner's forgetting curve."""
    return float(SCHEDULER.get_card_retrievability(_card(trace), at.astimezone(UTC)))


def _card(trace: Trace) -> Card:
    return Card(
        card_id=0,
        state=State.Review,
        stability=trace.stability,
        difficulty=trace.difficulty,
        due=trace.due_at.astimezone(UTC),
        last_review=trace.reviewed_at.astimezone(UTC),
    )


def remember(user: User, results: Iterable[tuple[int, Rating]], at: datetime) -> None:
    """Note how scenarios went at this moment; of two questions on one scenario the worse counts."""
    worst: dict[int, Rating] = {}
    for scenario, said in results:
        worst[scenario] = min(said, worst.get(scenario, said))
    before = {row.scenario_id: row for row in Memory.objects.filter(user=user, scenario__in=worst)}
    Memory.objects.bulk_create(
        [
            _row(user, scenario, worst[scenario], before, at)
            for scenario in sorted(worst)
            if _is_news(before, scenario, at)
        ],
        update_conflicts=True,
        unique_fields=["user", "scenario"],
        update_fields=["stability", "difficulty", "reviewed_at", "due_at"],
    )


def _is_news(before: Mapping[int, Memory], scenario: int, at: datetime) -> bool:
    """An attempt that is settled late may have ended before what was reviewed since."""
    return scenario not in before or before[scenario].reviewed_at < at


def _row(user: User, scenario: int, said: Rating, before: Mapping[int, Memory], at: datetime) -> Memory:
    trace = review(_trace(before.get(scenario)), said, at, user.exam_on, place=scenario)
    return Memory(
        user=user,
        scenario_id=scenario,
        stability=trace.stability,
        difficulty=trace.difficulty,
        reviewed_at=trace.reviewed_at,
        due_at=trace.due_at,
    )


def _trace(row: Memory | None) -> Trace | None:
    return Trace(row.stability, row.difficulty, row.reviewed_at, row.due_at) if row else None


def due(user: User, blueprint: Blueprint, at: datetime) -> list[int]:
    """The scenarios to repeat today, the longest overdue first: at most what is left of a day's work."""
    rows = Memory.objects.filter(user=user, scenario__placements__blueprint=blueprint)
    today = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    done = rows.filter(reviewed_at__gte=today, stability__gt=0).count()
    waiting = rows.filter(due_at__lt=today + timedelta(days=1)).order_by("due_at", "pk")
    return list(waiting.values_list("scenario_id", flat=True)[: max(user.daily - done, 0)])


def hand_over(guest: User, to: User) -> None:
    """Give an account what its owner learnt as a guest; of a scenario that both have met the later review stays."""
    theirs = dict(Memory.objects.filter(user=to).values_list("scenario_id", "reviewed_at"))
    for row in Memory.objects.filter(user=guest):
        if row.scenario_id in theirs and row.reviewed_at <= theirs[row.scenario_id]:
            continue
        Memory.objects.filter(user=to, scenario_id=row.scenario_id).delete()
        Memory.objects.filter(pk=row.pk).update(user=to)
