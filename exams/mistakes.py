"""Which named mistakes a candidate makes again and again, until they are told apart. The only writer of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from exams.models import Attempt, AttemptItem, Mistake
from questions import bank
from questions.content import Content

CLEARED = 2  # times in a row that a mistake is told apart before it counts as mended
KEPT = 5  # places that are remembered as evidence


@dataclass(frozen=True, slots=True)
class Shown:
    """A mistake that is not mended yet; `places` are attempt and position, the latest first."""

    slug: str
    name: str
    remedy: str
    times: int
    apart: int
    places: tuple[tuple[int, int], ...]


def note(attempt: Attempt, items: Iterable[AttemptItem], contents: dict[int, Content], at: datetime) -> None:
    """Note which mistakes these answers show, and which of the known ones they tell apart."""
    chosen, avoided = _of(items, contents)
    known = {row.misconception: row for row in Mistake.objects.filter(user=attempt.user_id)}
    changed = []
    for slug in sorted(chosen.keys() | (avoided.keys() & known.keys())):
        row = known.get(slug) or Mistake(user_id=attempt.user_id, misconception=slug, shown=0, last_at=at)
        if places := chosen.get(slug):
            row.shown, row.apart, row.last_at = row.shown + len(places), 0, at
            row.evidence = ([[attempt.pk, place] for place in places[::-1]] + row.evidence)[:KEPT]
        else:
            row.apart += avoided[slug]
        changed.append(row)
    Mistake.objects.bulk_create(
        changed,
        update_conflicts=True,
        unique_fields=["user", "misconception"],
        update_fields=["shown", "apart", "last_at", "evidence"],
    )


def _of(items: Iterable[AttemptItem], contents: dict[int, Content]) -> tuple[dict[str, list[int]], dict[str, int]]:
    """The mistakes that were chosen, with positions, and those that right answers passed by, with how often."""
    chosen: dict[str, list[int]] = {}
    avoided: dict[str, int] = {}
    for item in items:
        content = contents[item.revision_id]
        for option in content.distractors:
            if option.misconception and option.key in item.chosen:
                chosen.setdefault(option.misconception, []).append(item.position)
        if item.chosen == content.keys:
            for slug in {option.misconception for option in content.distractors if option.misconception}:
                avoided[slug] = avoided.get(slug, 0) + 1
    return chosen, avoided


def repeating(user: User, *, count: int) -> list[Shown]:
    """The mistakes that are not mended, the most frequent first."""
    rows = list(Mistake.objects.filter(user=user, apart__lt=CLEARED).order_by("-shown", "-last_at", "pk")[:count])
    names = bank.misconceptions(row.misconception for row in rows)
    return [
        Shown(
            row.misconception,
            *names[row.misconception],
            row.shown,
            row.apart,
            tuple((attempt, position) for attempt, position in row.evidence),
        )
        for row in rows
        if row.misconception in names
    ]


def hand_over(guest: User, to: User) -> None:
    """Give an account the mistakes that its owner made as a guest; of one that both have made the sums are added."""
    theirs = {row.misconception: row for row in Mistake.objects.filter(user=to)}
    for row in Mistake.objects.filter(user=guest):
        if row.misconception not in theirs:
            Mistake.objects.filter(pk=row.pk).update(user=to)
            continue
        own = theirs[row.misconception]
        own.shown += row.shown
        own.apart = own.apart if own.last_at >= row.last_at else row.apart
        own.last_at = max(own.last_at, row.last_at)
        own.evidence = (row.evidence + own.evidence)[:KEPT]
        own.save()
