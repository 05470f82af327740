"""What a candidate has met and how it went: one row a question, written when a result is final, and its scenario's memory."""

from collections.abc import Iterable
from datetime import datetime

from accounts.models import User
from exams import memory
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


def record(attempt: Attempt, items: Iterable[AttemptItem], count: int, at: datetime) -> None:
    """Note these items, of `count` in the attempt, as met at this moment; a later result of a question stays."""
    met = {item.revision_id: item for item in items if item.seen_at or item.response}
    places = Revision.objects.filter(pk__in=met).order_by().values_list("pk", "question_id", "question__scenario_id")
    questions, scenarios = {}, {}
    for pk, question, scenario in places:
        questions[pk], scenarios[pk] = question, scenario
    known = Encounter.objects.filter(user=attempt.user_id, question__in=questions.values(), met_at__gt=at)
    newer = set(known.values_list("question_id", flat=True))
    contents = bank.contents(met)
    right = {revision: bool(mark(contents[revision], item.chosen)) for revision, item in met.items()}
    Encounter.objects.bulk_create(
        [
            Encounter(
                user_id=attempt.user_id,
                question_id=questions[revision],
                met_at=at,
                right=right[revision],
                flagged=item.flagged,
                slow=is_slow(item.seconds, attempt, count),
            )
            # in the order of questions, so that two of these cannot wait for each other
            for revision, item in sorted(met.items(), key=lambda pair: questions[pair[0]])
            if questions[revision] not in newer
        ],
        update_conflicts=True,
        unique_fields=["user", "question"],
        update_fields=["met_at", "right", "flagged", "slow"],
    )
    memory.remember(
        attempt.user,
        (
            (scenarios[revision], memory.rating(right=right[revision], confidence=item.confidence))
            for revision, item in met.items()
        ),
        at,
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
