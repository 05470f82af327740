"""From marks to a raw score, a scaled score with its interval, and a pass. Pure and exact.

AWS does not publish how it converts raw scores. Programmes that do use two straight pieces that meet in the cut. Our
raw cut is where the cut score stands on the scale, so the pieces have one slope: a straight line from no right answer
to all of them, without a hidden parameter.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor, sqrt
from typing import Literal

Z95 = 1.959964  # two-sided 95 % of the normal distribution
NEAR = Fraction(8, 100)

Band = Literal["above", "near", "below"]


@dataclass(frozen=True, slots=True)
class Scale:
    """The reported scale: its ends and the score that passes, in scaled points."""

    minimum: int = 100
    maximum: int = 1000
    cut: int = 750

    def __post_init__(self) -> None:
        if not self.minimum < self.cut < self.maximum:
            raise ValueError(f"the cut {self.cut} is not between {self.minimum} and {self.maximum}")

    @property
    def cut_share(self) -> Fraction:
        """The share of right answers that passes."""
        return Fraction(self.cut - self.minimum, self.maximum - self.minimum)


SCALE = Scale()


@dataclass(frozen=True, slots=True)
class ItemMark:
    """One item of a form, marked: `points` is 0 or 1, and counts when `scored`."""

    position: int
    domain: int
    points: int
    scored: bool


@dataclass(frozen=True, slots=True)
class DomainScore:
    """The scored items of one domain: how many were right, of how many."""

    domain: int
    right: int
    total: int


@dataclass(frozen=True, slots=True)
class Score:
    """The result of a form; `low` and `high` are the 95 % interval, in scaled points."""

    right: int
    total: int
    scaled: int
    low: int
    high: int
    passed: bool
    domains: tuple[DomainScore, ...]


def cut_raw(total: int, scale: Scale = SCALE) -> Fraction:
    """The raw score at the cut, which need not be whole: 650/900 of the items by default."""
    return total * scale.cut_share


def first_pass(total: int, scale: Scale = SCALE) -> int:
    """The smallest whole raw score that passes."""
    _check(0, total)
    return ceil(cut_raw(total, scale))


def passes(raw: int, total: int, scale: Scale = SCALE) -> bool:
    """Whether the raw score reaches the cut."""
    _check(raw, total)
    return raw >= cut_raw(total, scale)


def scaled(raw: int, total: int, scale: Scale = SCALE) -> int:
    """The scaled score, rounded down: 749.6 must not read as a pass."""
    _check(raw, total)
    return floor(_on_scale(Fraction(raw, total), scale))


def wilson(raw: int, total: int) -> tuple[float, float]:
    """The 95 % interval for the share of right answers (Wilson 1927), which contains raw/total."""
    _check(raw, total)
    share, spread = raw / total, Z95**2 / total
    half = Z95 * sqrt(share * (1 - share) / total + spread / (4 * total))
    low, high = (share + spread / 2 - half) / (1 + spread), (share + spread / 2 + half) / (1 + spread)
    # The bounds are exact at no and at all right answers, and rounding would miss them by the last bit.
    return (0.0 if raw == 0 else low), (1.0 if raw == total else high)


def interval(raw: int, total: int, scale: Scale = SCALE) -> tuple[int, int]:
    """The 95 % interval of the scaled score: both ends of `wilson` through the scale, rounded down."""
    low, high = (floor(_on_scale(Fraction(end), scale)) for end in wilson(raw, total))
    return max(scale.minimum, low), min(scale.maximum, high)


def band(right: int, total: int, scale: Scale = SCALE) -> Band:
    """Where a share of right answers lies against the cut; within 8 percentage points of it is near."""
    _check(right, total)
    distance = Fraction(right, total) - scale.cut_share
    if abs(distance) <= NEAR:
        return "near"
    return "above" if distance > 0 else "below"


def score(marks: Iterable[ItemMark], scale: Scale = SCALE) -> Score:
    """The score of a form, from its scored items; raises `ValueError` when there is none."""
    scored = [item for item in marks if item.scored]
    right, total = sum(item.points for item in scored), len(scored)
    low, high = interval(right, total, scale)
    return Score(
        right=right,
        total=total,
        scaled=scaled(right, total, scale),
        low=low,
        high=high,
        passed=passes(right, total, scale),
        domains=_by_domain(scored),
    )


def _by_domain(marks: list[ItemMark]) -> tuple[DomainScore, ...]:
    points: dict[int, list[int]] = {}
    for item in marks:
        points.setdefault(item.domain, []).append(item.points)
    return tuple(DomainScore(domain, sum(points[domain]), len(points[domain])) for domain in sorted(points))


def _on_scale(share: Fraction, scale: Scale) -> Fraction:
    """The scaled score of a share of right answers, not yet rounded."""
    return scale.minimum + (scale.maximum - scale.minimum) * share


def _check(raw: int, total: int) -> None:
    if total < 1:
        raise ValueError("there is no scored item")
    if not 0 <= raw <= total:
        raise ValueError(f"{raw} right of {total} is not possible")
