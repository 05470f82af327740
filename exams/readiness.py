"""From the first sights of questions to the chance of passing the next form. Pure.

True shares of right answers are taken to follow a beta distribution, and a form to be a random sample of the bank, so
that the next raw score is beta-binomial (Lord 1965, A strong true-score theory, Psychometrika 30). Evidence is of first
sights only: questions that were seen before show memory, and count neither as right nor in the total.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import exp, inf, isqrt, lgamma, log, log1p

PRIOR_MEAN = 0.68  # a choice for the start; `kr21` gives our own figures once there are 100 first attempts
PRIOR_WEIGHT = 12.0  # questions; 3,000 simulated candidates: log-loss .411, .407 and .411 with 6, 18 and 30
DOMAIN_WEIGHT = 6.0  # questions; a choice: of a single domain, half as much is known beforehand
HALF_LIFE = 21.0  # days; a choice: candidates learn, so old answers tell less
SIZE = 65  # scored questions of a form
CUTS = range(45, 52)  # of 65; a choice: ours is 47, that of AWS is not published and moves with the form
LOWEST, HIGHEST = 0.05, 0.95  # a choice: a model this simple does not know more than that
TAIL = 0.025  # on each side of a 95 % interval
HALVINGS = 45  # of [0, 1]: the ends of an interval are exact to 3e-14


@dataclass(frozen=True, slots=True)
class Evidence:
    """First sights of questions in one attempt: how many right, of how many, and how many days ago."""

    right: int
    total: int
    days: float

    def __post_init__(self) -> None:
        _check(self.right, self.total)
        if not 0 <= self.days < inf:
            raise ValueError(f"{self.days} days ago is not possible")


@dataclass(frozen=True, slots=True)
class Chance:
    """The chance of passing the next form: with the hardest cut, on average over the cuts, and with the easiest."""

    low: float
    middle: float
    high: float


@dataclass(frozen=True, slots=True)
class Mastery:
    """The share of a domain that is known: its posterior mean, and the ends of its 95 % interval."""

    mean: float
    low: float
    high: float


def pooled(evidence: Iterable[Evidence]) -> tuple[float, float]:
    """Right answers and questions of all attempts; those of 21 days ago count half, those of 42 a quarter."""
    right = total = 0.0
    for attempt in evidence:
        weight = 0.5 ** (attempt.days / HALF_LIFE)
        right += weight * attempt.right
        total += weight * attempt.total
    return right, total


def chance_at(
    right: float, total: float, cut: int, *, size: int = SIZE, mean: float = PRIOR_MEAN, weight: float = PRIOR_WEIGHT
) -> float:
    """The chance that the next form of `size` questions has `cut` or more right, after `right` of `total`.

    The prior is worth `weight` questions with a share of `mean` right. Raises `ValueError` when the result is not
    possible, the cut is not on the form, or the prior is not inside (0, 1) or weighs nothing.
    """
    if not 0 <= cut <= size:
        raise ValueError(f"a cut of {cut} is not on a form of {size}")
    return min(1.0, sum(_predictive(*_posterior(right, total, mean, weight), size)[cut:]))


def chance(evidence: Iterable[Evidence]) -> Chance:
    """The range of the chance of passing a form of 65 over the cuts of 45 to 51, never below 5 % or above 95 %."""
    right, total = pooled(evidence)
    chances = [chance_at(right, total, cut) for cut in CUTS]
    low, middle, high = (
        min(HIGHEST, max(LOWEST, share)) for share in (chances[-1], sum(chances) / len(chances), chances[0])
    )
    return Chance(low, middle, high)


def next_score(evidence: Iterable[Evidence], *, size: int = SIZE) -> tuple[int, int]:
    """The 95 % interval of the next raw score of `size` questions, both ends included; on each side at most 2.5 %."""
    below = list(accumulate(_predictive(*_posterior(*pooled(evidence), PRIOR_MEAN, PRIOR_WEIGHT), size)))
    low = next(raw for raw, share in enumerate(below) if share > TAIL)
    return low, next(raw for raw, share in enumerate(below) if share >= 1 - TAIL)


def mastery(right: float, total: float, *, mean: float = PRIOR_MEAN, weight: float = DOMAIN_WEIGHT) -> Mastery:
    """The beta posterior of a domain's share of right answers, with its equal-tailed 95 % interval.

    The interval narrows as the same share is seen in more questions; one first answer against the prior may widen it.
    Raises `ValueError` as `chance_at` does, and when the prior is worth less than one right and one wrong answer: only
    without a peak at an end is the mean certain to lie inside the interval (each side of it holds at least 1/e).
    """
    a, b = _posterior(right, total, mean, weight)
    if weight * min(mean, 1 - mean) < 1:
        raise ValueError(f"a prior of {weight} with mean {mean} is worth less than one right and one wrong answer")
    return Mastery(a / (a + b), _quantile(a, b, TAIL), _quantile(a, b, 1 - TAIL))


def kr21(scores: Sequence[int], size: int) -> float | None:
    """The reliability r of raw scores on random forms of n = `size` questions (Kuder & Richardson 1937, formula 21).

    n/(n-1) * (1 - M(n-M)/(nV)), at most 1, and negative when scores spread less than those of equal candidates. V is divided by
    the number of scores, not by one less, as the item variances p(1-p) are for which M(n-M)/n stands; divided
    otherwise, r could pass 1. The weight of the prior is then n(1-r)/r. None for one question, and when no two
    scores differ; raises `ValueError` for a form without questions and a score that is not on the form.
    """
    _check_size(size)
    for raw in scores:
        _check(raw, size)
    people, points = len(scores), sum(scores)
    spread = people * sum(raw * raw for raw in scores) - points * points  # V times the square of people
    if size < 2 or spread == 0:
        return None
    return (size * spread - points * (size * people - points)) / ((size - 1) * spread)


def _posterior(right: float, total: float, mean: float, weight: float) -> tuple[float, float]:
    """The two shapes of the beta distribution of the true share: right and wrong answers with those of the prior."""
    _check(right, total)
    if not (0 < mean < 1 and 0 < weight < inf):
        raise ValueError(f"a prior of {weight} with mean {mean} is not possible")
    return weight * mean + right, weight * (1 - mean) + total - right


def _predictive(a: float, b: float, size: int) -> list[float]:
    """The beta-binomial chances of 0 to `size` right answers."""
    _check_size(size)
    every = lgamma(size + 1) - _log_beta(a, b)
    return [
        exp(every - lgamma(raw + 1) - lgamma(size - raw + 1) + _log_beta(a + raw, b + size - raw))
        for raw in range(size + 1)
    ]


def _quantile(a: float, b: float, share: float) -> float:
    """The point below which the beta distribution has `share`, by bisection."""
    low, high = 0.0, 1.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if _below(a, b, middle) < share else (low, middle)
    return (low + high) / 2


def _below(a: float, b: float, x: float) -> float:
    """The regularised incomplete beta function of 0 < x < 1 by its continued fraction (DLMF 8.17.22), from its end."""
    if x > (a + 1) / (a + b + 2):  # there the fraction of the other side converges faster
        return 1 - _below(b, a, 1 - x)
    fraction = 1.0
    for m in range(10 + 2 * isqrt(int(a + b)), -1, -1):  # its length grows with the root of the shapes
        even = (m + 1) * (b - m - 1) * x / ((a + 2 * m + 1) * (a + 2 * m + 2))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        fraction = 1 + odd / (1 + even / fraction)
    return exp(a * log(x) + b * log1p(-x) - _log_beta(a, b)) / (a * fraction)


def _log_beta(a: float, b: float) -> float:
    return lgamma(a) + lgamma(b) - lgamma(a + b)


def _check(right: float, total: float) -> None:
    if not 0 <= right <= total < inf:
        raise ValueError(f"{right} right of {total} is not possible")


def _check_size(size: int) -> None:
    if size < 1:
        raise ValueError(f"a form of {size} is not possible")
