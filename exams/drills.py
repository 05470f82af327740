"""What to practise: which questions fit a wish, and a form of them. Reads only; exams/attempts begins the drill."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from random import Random

from django.db.models import QuerySet, TextChoices

from accounts.models import User
from exams import memory
from exams.drawing import Candidate, Slot, draw
from exams.models import Attempt, AttemptItem, Encounter
from questions import bank
from questions.models import Blueprint

LEAST, MOST = 5, 75
ABOUT_LIMIT = 200  # characters of a drill's name


class Source(TextChoices):
    """Which of the questions that fit are asked, by how the candidate met them last."""

    ANY = "any", "Any, those not seen first"
    UNSEEN = "unseen", "Not seen yet"
    MISSED = "missed", "Missed the last time"
    FLAGGED = "flagged", "Flagged the last time"
    SLOW = "slow", "Slow the last time"
    DUE = "due", "Due for repetition today"


@dataclass(frozen=True, slots=True)
class Wish:
    """A drill as it is asked for: empty sets and names leave out nothing. Services, scenario, misconception are slugs."""

    count: int = 10
    source: str = Source.ANY
    domains: frozenset[int] = field(default_factory=frozenset)
    services: frozenset[str] = field(default_factory=frozenset)
    scenario: str = ""
    misconception: str = ""
    feedback: str = Attempt.Feedback.EACH
    timed: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """The questions of a drill, those that the candidate has not met before, and what it is about in words."""

    slots: tuple[Slot, ...]
    unmet: set[int]
    about: str


class NothingFits(Exception):
    """No question fits the wish."""


def form(*, user: User, blueprint: Blueprint, wish: Wish, rng: Random, at: datetime) -> Form:
    """A form of at most `wish.count` questions that fit. Raises `NothingFits`."""
    found = fitting(user=user, blueprint=blueprint, wish=wish, at=at)
    if not found:
        raise NothingFits
    # of a scenario that is due one question is asked: the sibling that was not seen, or not for the longest time
    count = len({one.scenario for one in found}) if wish.source == Source.DUE else wish.count
    return Form(
        slots=pick(found, min(count, wish.count), rng),
        unmet={one.revision for one in found if one.seen is None},
        about=words(blueprint, wish),
    )


def fitting(*, user: User, blueprint: Blueprint, wish: Wish, at: datetime) -> list[Candidate]:
    """All questions that fit a wish. Those of an exam that the candidate is sitting are left out: drills show keys."""
    open_now = Attempt.objects.open(at).filter(user=user)
    sitting = _questions(AttemptItem.objects.filter(attempt__in=open_now.filter(mode=Attempt.Mode.MOCK)))
    met = {one.question_id: one for one in Encounter.objects.filter(user=user)}
    asked = _questions(AttemptItem.objects.filter(attempt__in=open_now, seen_at__isnull=False))
    narrow = _narrow(wish)
    due = set(memory.due(user, blueprint, at)[: wish.count]) if wish.source == Source.DUE else set()
    return [
        Candidate(one.revision, one.domain, one.task, one.scenario, _seen(one.question, met, asked, at), one.answers)
        for one in bank.drawable(blueprint)
        if one.question not in sitting
        and (not wish.domains or one.domain in wish.domains)
        and all(one.question in questions for questions in narrow)
        and (wish.source != Source.DUE or one.scenario in due)
        and _comes_from(wish.source, met.get(one.question), seen=one.question in met or one.question in asked)
    ]


def pick(candidates: Iterable[Candidate], count: int, rng: Random) -> tuple[Slot, ...]:
    """At most `count` of them: spread over tasks and scenarios, unseen ones first, then those met longest ago. Pure."""
    pool = list(candidates)
    domains = {one.revision: one.domain for one in pool}
    some = min(count, len(pool))
    slots = draw((replace(one, domain=0) for one in pool), {0: some}, rng, cap=some)
    return tuple(Slot(slot.revision, domains[slot.revision], scored=True) for slot in slots)


def words(blueprint: Blueprint, wish: Wish) -> str:
    """What a drill is about: "Monitoring and Logging; missed the last time"."""
    names = [domain.name for domain in blueprint.domains.all() if domain.number in wish.domains]
    names += bank.service_names(wish.services)
    names += bank.scenario_titles([wish.scenario] if wish.scenario else [])
    names += [name for name, _ in bank.misconceptions([wish.misconception]).values()] if wish.misconception else []
    about = ", ".join(names) or "All domains"
    if wish.source != Source.ANY:
        about += f"; {Source(wish.source).label.lower()}"
    return about if len(about) <= ABOUT_LIMIT else f"{about[: ABOUT_LIMIT - 2]} …"


def _questions(items: QuerySet[AttemptItem]) -> set[int]:
    return set(items.values_list("revision__question_id", flat=True))


def _narrow(wish: Wish) -> list[set[int]]:
    """For each thing wished for, the questions on it."""
    sets = []
    if wish.services:
        sets.append(bank.on_services(wish.services))
    if wish.scenario:
        sets.append(bank.on_scenario(wish.scenario))
    if wish.misconception:
        sets.append(bank.on_misconception(wish.misconception))
    return sets


def _seen(question: int, met: dict[int, Encounter], asked: set[int], at: datetime) -> float | None:
    """When this was last before the candidate's eyes; what an open attempt shows counts as seen now."""
    if question in asked:
        return at.timestamp()
    return met[question].met_at.timestamp() if question in met else None


def _comes_from(source: str, met: Encounter | None, *, seen: bool) -> bool:
    match source:
        case Source.UNSEEN:
            return not seen
        case Source.MISSED:
            return met is not None and not met.right
        case Source.FLAGGED:
            return met is not None and met.flagged
        case Source.SLOW:
            return met is not None and met.slow
        case _:
            return True
