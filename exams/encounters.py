"""What a candidate has met and how it went: one row a question, written when a result is final, and its scenario's memory."""

from collections.abc import Iterable
from datetime import datetime

from accounts.models import User
from exams import memory, mistakes
from exams.models import Attempt, AttemptItem, Encounter
from questions import bank
from questions.marking import mark
from questions.models import Revision

SLOW = 1.5  # times the pace


def is_slow(seconds: float, attempt: Attempt, count: int) -> bool:
    """Whether a question took long, by the time that it had; an untimed attempt has the pace of its blueprint."""
    return seconds > SLOW * pace(attempt, count)


def pace(attempt: Attempt, count: int) -> float:
    """Seconds for a question of an attempt with so many."""
    if attempt.timed:
        return attempt.allowed.total_seconds() / max(count, 1)
    return 60 * attempt.blueprint.minutes / attempt.blueprint.question_count


def record(attempt: Attempt, items: Iterable[AttemptItem], count: int, *, at: datetime, now: datetime) -> None:
    """Note these items, of `count` in the attempt, as met at this moment, with the mistakes and memories they show.

    `now` is when it is noted: what is settled late gives way to later results of the same questions.
    """
    met = {item.revision_id: item for item in items if item.seen_at or item.response}
    contents = bank.contents(met)
    columns = ("pk", "question_id", "question__scenario_id")
    places = {pk: rest for pk, *rest in Revision.objects.filter(pk__in=met).order_by().values_list(*columns)}
    right = {revision: bool(mark(contents[revision], item.chosen)) for revision, item in met.items()}
    rows = [
        Encounter(
            user_id=attempt.user_id,
            question_id=places[revision][0],
            met_at=at,
            right=right[revision],
            flagged=item.flagged,
            slow=is_slow(item.seconds, attempt, count),
        )
        for revision, item in met.items()
    ]
    _store(rows, _later(rows, at) if at < now else set())
    mistakes.note(attempt, met.values(), contents, at)
    said = ((places[pk][1], memory.rating(right=right[pk], confidence=item.confidence)) for pk, item in met.items())
    memory.remember(attempt.user, said, at)


def _later(rows: list[Encounter], at: datetime) -> set[int]:
    """The questions of these that were met again since."""
    user, questions = rows[0].user_id if rows else None, [row.question_id for row in rows]
    found = Encounter.objects.filter(user=user, question__in=questions, met_at__gt=at)
    return set(found.values_list("question_id", flat=True))


def _store(rows: list[Encounter], later: set[int]) -> None:
    # in the order of questions, so that two of these cannot wait for each other
    Encounter.objects.bulk_create(
        sorted((row for row in rows if row.question_id not in later), key=lambda row: row.question_id),
        update_conflicts=True,
        unique_fields=["user", "question"],
        update_fields=["met_at", "right", "flagged", "slow"],
    )


def flag(item: AttemptItem, *, on: bool) -> None:
    """The flag of a question whose result is recorded already."""
    found = Encounter.objects.filter(user=item.attempt.user_id, question__revisions=item.revision_id)
    found.update(flagged=on)


def hand_over(guest: User, to: User) -> None:
    """Give an account what its owner met as a guest; of a question that both have met the later result stays."""
    theirs = dict(Encounter.objects.filter(user=to).values_list("question_id", "met_at"))
    for one in Encounter.objects.filter(user=guest):
        if one.question_id not in theirs:
            Encounter.objects.filter(pk=one.pk).update(user=to)
        elif one.met_at > theirs[one.question_id]:
            Encounter.objects.filter(user=to, question_id=one.question_id).update(
                met_at=one.met_at, right=one.right, flagged=one.flagged, slow=one.slow
            )
    memory.hand_over(guest, to)
    mistakes.hand_over(guest, to)
