"""Where a candidate stands: scores over time, the chance of passing the next form, mastery by domain. Reads only.

All of it comes from the sums that each attempt keeps of the questions met for the first time, so that repeats flatter
nobody, and a page costs the same after a hundred attempts as after one.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from exams import readiness, scoring
from exams.models import Attempt
from questions.models import Blueprint

DAY = 86400.0
COLUMNS = ("user", "mode", "deadline", "submitted_at", "scaled", "low", "high", "passed", "fresh")


@dataclass(frozen=True, slots=True)
class Mock:
    """A finished mock exam; `fresh` is the scaled score of the questions met for the first time, None without any."""

    pk: int
    ended_at: datetime
    scaled: int
    low: int
    high: int
    passed: bool
    fresh: int | None


@dataclass(frozen=True, slots=True)
class DomainMastery:
    """A domain: first sights, and the share that the candidate is likely to know, in per cent."""

    name: str
    right: int
    total: int
    mastery: readiness.Mastery

    @property
    def percent(self) -> int:
        return round(100 * self.mastery.mean)

    @property
    def ends(self) -> tuple[int, int]:
        return round(100 * self.mastery.low), round(100 * self.mastery.high)


@dataclass(frozen=True, slots=True)
class Progress:
    """What the page shows; `chance` is None before there is evidence, `expected` the next scaled score's interval."""

    mocks: tuple[Mock, ...]
    first_sights: int
    chance: readiness.Chance | None
    expected: tuple[int, int] | None
    domains: tuple[DomainMastery, ...]


def progress(*, user: User, blueprint: Blueprint, at: datetime) -> Progress:
    """A candidate's progress on a blueprint, from settled attempts; the oldest mock first."""
    settled = user.attempts.filter(blueprint=blueprint, settled_at__isnull=False)
    rows = list(settled.only(*COLUMNS).order_by("settled_at", "pk"))
    evidence = [one for row in rows if (one := _evidence(row, at)).total]
    sights = sum(one.total for one in evidence)
    size = blueprint.scored_count
    raw = readiness.next_score(evidence, size=size) if evidence else None
    scale = scoring.Scale(blueprint.scale_min, blueprint.scale_max, blueprint.cut)
    return Progress(
        mocks=tuple(_mock(row, scale) for row in rows if row.is_mock),
        first_sights=sights,
        chance=readiness.chance(evidence) if evidence else None,
        expected=(scoring.scaled(raw[0], size, scale), scoring.scaled(raw[1], size, scale)) if raw else None,
        domains=_domains(blueprint, rows),
    )


def _evidence(row: Attempt, at: datetime) -> readiness.Evidence:
    counts = (row.fresh or {}).values()
    days = max((at - row.ended_at).total_seconds() / DAY, 0.0)
    return readiness.Evidence(sum(one[0] for one in counts), sum(one[1] for one in counts), days)


def _mock(row: Attempt, scale: scoring.Scale) -> Mock:
    right, total = (sum(one[place] for one in (row.fresh or {}).values()) for place in (0, 1))
    assert row.scaled is not None and row.low is not None and row.high is not None  # noqa: S101, PT018 - it is settled
    fresh = scoring.scaled(right, total, scale) if total else None
    return Mock(row.pk, row.ended_at, row.scaled, row.low, row.high, bool(row.passed), fresh)


def _domains(blueprint: Blueprint, rows: list[Attempt]) -> tuple[DomainMastery, ...]:
    right, total = Counter[int](), Counter[int]()
    for row in rows:
        for number, (some, all_) in (row.fresh or {}).items():
            right[int(number)] += some
            total[int(number)] += all_
    return tuple(
        DomainMastery(
            one.name, right[one.number], total[one.number], readiness.mastery(right[one.number], total[one.number])
        )
        for one in blueprint.domains.all()
    )
