"""The only writer of attempts: start, answer, check, flag, strike, note, move, submit, settle.

Whoever calls says who asks (`user`) and when (`at`, read once a request). What is not theirs does not exist.
"""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from random import Random

from django.db import IntegrityError, transaction
from django.db.models import F, Max, Q

from accounts.models import Accommodation, User
from exams import drills, encounters, saving, scoring
from exams.drawing import Candidate, Slot, draw
from exams.models import SCORES, Attempt, AttemptItem, pack, reached
from questions import bank
from questions.allocation import allocate
from questions.marking import mark
from questions.models import Blueprint

FACTORS = {Accommodation.QUARTER: 1.25, Accommodation.HALF: 1.5, Accommodation.DOUBLE: 2.0}
ESL_MINUTES = 30
UNTIMED = timedelta(days=30)  # then a drill that was left closes by itself
# of 40 columns those that a save reads: the others would cost it a twentieth
FOR_A_SAVE = (
    *("position", "revision_id", "response", "version", "page", "seq", "struck", "timed_at", "revealed_at"),
    "attempt__seed",
    *(f"attempt__{name}" for name in ("started_at", "deadline", "submitted_at", "settled_at", "feedback")),
)


class Closed(Exception):
    """The attempt takes no more answers."""

    def __init__(self, attempt: Attempt) -> None:
        self.attempt = attempt
        super().__init__(f"attempt {attempt.pk} is closed")


def allowed(minutes: int, accommodation: str) -> timedelta:
    """The time allowed for a blueprint of so many minutes."""
    if accommodation == Accommodation.ESL:
        return timedelta(minutes=minutes + ESL_MINUTES)
    return timedelta(minutes=minutes) * FACTORS.get(Accommodation(accommodation), 1.0)


def quotas(blueprint: Blueprint, counting: str) -> tuple[dict[int, int], dict[int, int]]:
    """Questions by domain number, and how many of them are unscored."""
    domains = list(blueprint.domains.all())
    weights = [domain.weight for domain in domains]
    asked = allocate(blueprint.question_count, weights)
    scored = allocate(blueprint.scored_count, weights) if counting == Attempt.Counting.AWS else asked
    numbers = [domain.number for domain in domains]
    unscored = {number: all_ - some for number, all_, some in zip(numbers, asked, scored, strict=True)}
    return dict(zip(numbers, asked, strict=True)), unscored


# ---- start ----


def start(*, user: User, blueprint: Blueprint, counting: str, accommodation: str, at: datetime) -> Attempt:
    """Begin a mock exam, or give the one that is open: a double click gets the same attempt.

    Raises `drawing.Shortage`, which names the domains that cannot fill their share.
    """
    if running := _running(user, blueprint, at):
        return running
    seed = secrets.randbits(62)
    slots, unmet = _form(user, blueprint, counting, seed)
    try:
        with transaction.atomic():
            attempt = _new(user, blueprint, seed, at, at + allowed(blueprint.minutes, accommodation))
            attempt.counting, attempt.accommodation = counting, accommodation
            attempt.save()
            AttemptItem.objects.bulk_create(_items(attempt, slots, unmet, at))
            return attempt
    except IntegrityError:  # the other click was faster
        return Attempt.objects.get(user=user, blueprint=blueprint, mode=Attempt.Mode.MOCK, settled_at__isnull=True)


def start_drill(*, user: User, blueprint: Blueprint, wish: drills.Wish, at: datetime) -> Attempt:
    """Begin a drill with as many questions as are wished for and there. Raises `drills.NothingFits`."""
    settle_expired(user=user, at=at)
    seed = secrets.randbits(62)
    form = drills.form(user=user, blueprint=blueprint, wish=wish, rng=Random(seed), at=at)
    time = timedelta(minutes=blueprint.minutes) / blueprint.question_count * len(form.slots) if wish.timed else UNTIMED
    with transaction.atomic():
        attempt = _new(user, blueprint, seed, at, at + time)
        attempt.mode, attempt.feedback, attempt.timed = Attempt.Mode.DRILL, wish.feedback, wish.timed
        attempt.about = form.about
        attempt.save()
        AttemptItem.objects.bulk_create(_items(attempt, form.slots, form.unmet, at))
        return attempt


def _running(user: User, blueprint: Blueprint, at: datetime) -> Attempt | None:
    """The mock of this blueprint that the candidate is sitting; what has expired is settled first."""
    running = None
    for attempt in Attempt.objects.filter(user=user, settled_at__isnull=True):
        if not attempt.is_open(at):
            settle(attempt=attempt.pk, at=at)
        elif attempt.blueprint_id == blueprint.pk and attempt.mode == Attempt.Mode.MOCK:
            running = attempt
    return running


def _form(user: User, blueprint: Blueprint, counting: str, seed: int) -> tuple[tuple[Slot, ...], set[int]]:
    """A form, and the revisions that the candidate has not met before."""
    asked, unscored = quotas(blueprint, counting)
    seen = dict(
        AttemptItem.objects.filter(attempt__user=user, seen_at__isnull=False)
        .values_list("revision__question_id")
        .annotate(Max("seen_at"))
    )
    candidates = [
        Candidate(
            revision=one.revision,
            domain=one.domain,
            task=one.task,
            scenario=one.scenario,
            seen=seen[one.question].timestamp() if one.question in seen else None,
            answers=one.answers,
        )
        for one in bank.drawable(blueprint)
    ]
    unmet = {one.revision for one in candidates if one.seen is None}
    return draw(candidates, asked, Random(seed), unscored=unscored), unmet


def _new(user: User, blueprint: Blueprint, seed: int, at: datetime, deadline: datetime) -> Attempt:
    return Attempt(
        user=user,
        blueprint=blueprint,
        seed=seed,
        started_at=at,
        deadline=deadline,
        scale_min=blueprint.scale_min,
        scale_max=blueprint.scale_max,
        cut=blueprint.cut,
        domains=[[domain.number, domain.name, domain.weight] for domain in blueprint.domains.all()],
    )


def _items(attempt: Attempt, slots: tuple[Slot, ...], unmet: set[int], at: datetime) -> Iterator[AttemptItem]:
    for position, slot in enumerate(slots, 1):
        yield AttemptItem(
            attempt=attempt,
            position=position,
            revision_id=slot.revision,
            domain=slot.domain,
            scored=slot.scored,
            first_sight=slot.revision in unmet,
            seen_at=at if position == 1 else None,
        )


# ---- answer ----


@dataclass(frozen=True, slots=True)
class Change:
    """What a page sends of one question: the options chosen, and which page wrote what in which order.

    `version` is the stored version that the page saw, `page` the page load, `seq` rises with each change on it;
    `shown` is when the page was shown.
    """

    chosen: frozenset[str]
    version: int
    page: str
    seq: int
    shown: datetime


def answer(*, user: User, item: AttemptItem, change: Change, at: datetime) -> saving.Saved:
    """Store a response to the candidate's own item, durably before this returns. Raises `Closed`.

    Where the key is told after each answer, an answer comes with `check` and with nothing else.
    """
    _refuse_closed(item.attempt, at)
    if item.attempt.tells_each:
        raise Closed(item.attempt)
    if saving.is_stored(item, change):
        return saving.Saved(saving.Outcome.AGAIN, item.version, item.chosen)
    saved = saving.save(item, change, user=user, at=at)
    if saved is None:  # closed between looking and writing
        raise Closed(item.attempt)
    return saved


def check(
    *, user: User, attempt: int, position: int, chosen: frozenset[str], confidence: str, shown: datetime, at: datetime
) -> AttemptItem:
    """Answer an item of a drill that tells after each answer, and reveal it: once, and never again. Raises `Closed`."""
    with transaction.atomic():
        [item] = _locked(user, attempt, at, position)
        if not item.attempt.tells_each:
            raise Closed(item.attempt)
        if item.revealed_at:
            return item
        item.response = pack(chosen)
        complete = len(chosen) == len(bank.contents([item.revision_id])[item.revision_id].keys)
        item.first_response = item.response if complete else ""
        item.confidence, item.seconds = confidence, saving.elapsed(item, shown, at)
        item.revealed_at = item.answered_at = item.timed_at = at
        item.seen_at = item.seen_at or at
        item.version += 1
        item.save()
        encounters.record(item.attempt, [item], item.attempt.items.count(), at=at, now=at)
        return item


def theirs(*, user: User, attempt: int, position: int) -> AttemptItem:
    """The candidate's own item with its attempt, in one query. Raises `AttemptItem.DoesNotExist`."""
    items = AttemptItem.objects.select_related("attempt").only(*FOR_A_SAVE)
    return items.get(attempt_id=attempt, attempt__user=user, position=position)


def flag(*, user: User, item: AttemptItem, on: bool, at: datetime) -> None:
    """Set or clear the flag; a retry does not undo. Raises `Closed`, as all of these do."""
    with transaction.atomic():
        _update(user, item, at, flagged=on)
        if item.revealed_at:
            encounters.flag(item, on=on)


def strike(*, user: User, item: AttemptItem, key: str, on: bool, at: datetime) -> None:
    """Strike an option out or take that back. A chosen option cannot be struck."""
    with transaction.atomic():
        [now] = _locked(user, item.attempt_id, at, item.position)
        struck = now.struck_out | {key} if on and key not in now.chosen else now.struck_out - {key}
        AttemptItem.objects.filter(pk=now.pk).update(struck=pack(struck))


def note(*, user: User, item: AttemptItem, text: str, at: datetime) -> None:
    """Keep a private note."""
    _update(user, item, at, note=text)


def move(*, user: User, attempt: int, leaving: int, shown: datetime, to: int, at: datetime) -> AttemptItem:
    """Go to another question: it is the one to resume at, and counts as seen; the time goes to the one left.

    Returns the item gone to, with its attempt and blueprint.
    """
    with transaction.atomic():
        found = {item.position: item for item in _locked(user, attempt, at, leaving, to)}
        left, item = found[leaving], found[to]
        spent = saving.elapsed(left, shown, at)
        if spent:
            AttemptItem.objects.filter(pk=left.pk).update(seconds=F("seconds") + spent, timed_at=at)
        if item.seen_at is None:
            AttemptItem.objects.filter(pk=item.pk).update(seen_at=at)
        if item.attempt.position != to:
            Attempt.objects.filter(pk=attempt).update(position=to)
        item.seen_at, item.attempt.position = item.seen_at or at, to
        return item


def _update(user: User, item: AttemptItem, at: datetime, **values: object) -> None:
    with transaction.atomic():
        [now] = _locked(user, item.attempt_id, at, item.position)
        AttemptItem.objects.filter(pk=now.pk).update(**values)


def _locked(user: User, attempt: int, at: datetime, *positions: int) -> list[AttemptItem]:
    """The candidate's own open items at these positions, locked after their attempt; within a transaction.

    In this order, as a save takes them; without its own lock an item would be as it was before the wait.
    """
    there = reduce(or_, (Q(position=position) for position in positions))
    items = list(
        AttemptItem.objects.select_for_update(of=("attempt", "self"))
        .select_related("attempt__blueprint")
        .filter(there, attempt_id=attempt, attempt__user=user)
        .order_by("position")
    )
    if {item.position for item in items} != set(positions):
        raise AttemptItem.DoesNotExist
    _refuse_closed(items[0].attempt, at)
    return items


def _refuse_closed(attempt: Attempt, at: datetime) -> None:
    if not attempt.is_open(at):
        raise Closed(attempt)


# ---- the end ----


def submit(*, user: User, attempt: int, at: datetime) -> Attempt:
    """End an attempt and store its score. Twice is once; after the deadline it ends at the deadline."""
    with transaction.atomic():
        row = Attempt.objects.select_for_update(of=("self",)).select_related("user").get(pk=attempt, user=user)
        if row.is_open(at):
            row.submitted_at = at
        return _settle(row, at)


def settle(*, attempt: int, at: datetime) -> bool:
    """Store the score of a closed attempt; False if there was nothing to do."""
    with transaction.atomic():
        row = Attempt.objects.select_for_update().get(pk=attempt)
        if row.is_open(at) or row.settled_at is not None:
            return False
        _settle(row, at)
        return True


def settle_expired(*, user: User, at: datetime) -> int:
    """Settle what this candidate left behind when the time was over."""
    return sum(
        settle(attempt=pk, at=at) for pk in Attempt.objects.to_settle(at).filter(user=user).values_list("pk", flat=True)
    )


def score_of(attempt: Attempt) -> scoring.Score:
    """The score of an attempt from its stored responses, whether it is settled or not."""
    return _score(attempt, list(attempt.items.order_by("position")))


def _score(attempt: Attempt, items: list[AttemptItem]) -> scoring.Score:
    contents = bank.contents(item.revision_id for item in items)
    marks = (
        scoring.ItemMark(item.position, item.domain, mark(contents[item.revision_id], item.chosen), item.scored)
        for item in reached(items)
    )
    return scoring.score(marks, attempt.scale)


def _fresh(items: list[AttemptItem]) -> dict[str, list[int]]:
    """By domain, as JSON has it: right and total of what was met for the first time; memory of an item is left out."""
    contents = bank.contents(item.revision_id for item in items)
    found: dict[str, list[int]] = {}
    for item in reached(items):
        if item.first_sight and (item.seen_at or item.response):
            counts = found.setdefault(str(item.domain), [0, 0])
            counts[0] += mark(contents[item.revision_id], item.chosen)
            counts[1] += 1
    return found


def _settle(attempt: Attempt, at: datetime) -> Attempt:
    if attempt.settled_at is not None:
        return attempt
    items = list(attempt.items.order_by("position"))
    score = _score(attempt, items)
    if not attempt.tells_each:  # there each was recorded as it was answered
        encounters.record(attempt, items, len(items), at=attempt.ended_at, now=at)
    attempt.fresh = _fresh(items)
    attempt.settled_at = at
    attempt.right, attempt.total, attempt.scaled = score.right, score.total, score.scaled
    attempt.low, attempt.high, attempt.passed = score.low, score.high, score.passed
    attempt.save(update_fields=["submitted_at", "settled_at", "fresh", *SCORES])
    return attempt


def hand_over(*, guest: User, to: User, at: datetime) -> None:
    """Give an account what its owner did as a guest. An open exam goes along, unless the account is sitting one too."""
    with transaction.atomic():
        settle_expired(user=guest, at=at)
        settle_expired(user=to, at=at)
        sitting = (
            Attempt.objects.open(at).filter(user=to, mode=Attempt.Mode.MOCK).values_list("blueprint_id", flat=True)
        )
        for attempt in Attempt.objects.open(at).filter(user=guest, blueprint_id__in=list(sitting)):
            submit(user=guest, attempt=attempt.pk, at=at)
        Attempt.objects.filter(user=guest).update(user=to)
        encounters.hand_over(guest, to)
        guest.delete()
