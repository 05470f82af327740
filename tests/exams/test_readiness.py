from collections import defaultdict
from collections.abc import Callable
from functools import cache
from itertools import pairwise
from math import comb, exp, floor, inf, nan, sqrt
from random import Random

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from exams.readiness import (
    CUTS,
    Chance,
    Evidence,
    Mastery,
    chance,
    chance_at,
    kr21,
    mastery,
    next_score,
    pooled,
)
from exams.scoring import Z95, interval

CANDIDATES = 20_000


@st.composite
def results(draw: st.DrawFn) -> tuple[int, int]:
    """How many right, of how many; also of none."""
    total = draw(st.integers(0, 300))
    return draw(st.integers(0, total)), total


@st.composite
def attempts(draw: st.DrawFn) -> Evidence:
    right, total = draw(results())
    return Evidence(right, total, draw(st.floats(0, 1000)))


histories = st.lists(attempts(), max_size=6)


@cache
def candidates() -> list[tuple[int, int]]:
    """Two raw scores on forms of 65 of candidates whose true shares are Beta(12 * .68, 12 * .32), as the prior says."""
    rng = Random(20)
    shares = [rng.betavariate(12 * 0.68, 12 * 0.32) for _ in range(CANDIDATES)]
    return [(raw_score(rng, share), raw_score(rng, share)) for share in shares]


def raw_score(rng: Random, share: float) -> int:
    return sum(rng.random() < share for _ in range(65))


def at_least(right: int, total: int, share: float) -> float:
    """The binomial chance of `right` or more of `total`."""
    return sum(comb(total, k) * share**k * (1 - share) ** (total - k) for k in range(right, total + 1))


def width(right: float, total: float) -> float:
    found = mastery(right, total)
    return found.high - found.low


# ---- evidence ----


@pytest.mark.parametrize(
    ("evidence", "expected"),
    [
        ([], (0, 0)),
        ([Evidence(47, 65, 0)], (47, 65)),
        ([Evidence(48, 64, 21)], (24, 32)),
        ([Evidence(48, 64, 42)], (12, 16)),
        ([Evidence(40, 65, 0), Evidence(48, 64, 21), Evidence(0, 8, 63)], (64, 98)),
        ([Evidence(0, 0, 3)], (0, 0)),
        ([Evidence(65, 65, 1e9)], (0, 0)),  # too long ago to count at all
    ],
)
def test_pooled_halves_every_21_days(evidence: list[Evidence], expected: tuple[float, float]) -> None:
    assert pooled(evidence) == expected


@pytest.mark.parametrize(
    ("right", "total", "days"),
    [(-1, 10, 0), (11, 10, 0), (0, -1, 0), (1, 10, -0.001), (1, 10, inf), (1, 10, nan)],
)
def test_evidence_refuses_the_impossible(right: int, total: int, days: float) -> None:
    with pytest.raises(ValueError, match="is not possible"):
        Evidence(right, total, days)


@given(st.integers(1, 300), st.floats(0, 1000), st.floats(0.01, 1000))
def test_older_evidence_counts_less(total: int, days: float, longer: float) -> None:
    (_, new), (_, old) = pooled([Evidence(0, total, days)]), pooled([Evidence(0, total, days + longer)])
    assert 0 < old < new <= total


@given(histories)
def test_pooled_counts_never_more_right_than_there_are(evidence: list[Evidence]) -> None:
    right, total = pooled(evidence)
    assert 0 <= right <= total <= sum(attempt.total for attempt in evidence)


# ---- the chance of passing ----


@pytest.mark.parametrize(("right", "expected"), [(40, 0.134), (45, 0.386), (47, 0.521), (50, 0.721), (55, 0.939)])
def test_chance_after_one_form_of_65(right: int, expected: float) -> None:
    assert round(chance_at(right, 65, 47), 3) == expected


@pytest.mark.parametrize(("cut", "expected"), [(0, 1), (1, 10 / 11), (7, 4 / 11), (10, 1 / 11)])
def test_chance_of_a_flat_prior_is_the_same_for_every_score(cut: int, expected: float) -> None:
    assert chance_at(0, 0, cut, size=10, mean=0.5, weight=2) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(
    ("right", "total", "expected"), [(3, 4, 4 / 6), (0, 0, 1 / 2), (0.5, 1, 1 / 2), (0, 8, 1 / 10)]
)
def test_chance_of_one_question_is_the_rule_of_succession(right: float, total: float, expected: float) -> None:
    assert chance_at(right, total, 1, size=1, mean=0.5, weight=2) == pytest.approx(expected, abs=1e-12)


def test_chance_of_a_firm_prior_is_binomial() -> None:
    assert chance_at(0, 0, 47, mean=0.7, weight=1e7) == pytest.approx(at_least(47, 65, 0.7), abs=1e-5)


@pytest.mark.parametrize(
    ("evidence", "right", "total"), [([], 0, 0), ([Evidence(47, 65, 0)], 47, 65), ([Evidence(48, 64, 21)], 24, 32)]
)
def test_chance_goes_over_the_cuts_of_45_to_51(evidence: list[Evidence], right: int, total: int) -> None:
    found = chance(evidence)
    at = {cut: chance_at(right, total, cut) for cut in (45, 46, 47, 48, 49, 50, 51)}
    assert (found.low, found.high) == (at[51], at[45])
    assert found.middle == pytest.approx(sum(at.values()) / 7, abs=1e-12)


@pytest.mark.parametrize(
    ("evidence", "expected"),
    [
        ([], Chance(0.270, 0.393, 0.518)),
        ([Evidence(47, 65, 0)], Chance(0.217, 0.442, 0.673)),
        ([Evidence(40, 65, 0)], Chance(0.05, 0.111, 0.237)),
        ([Evidence(55, 65, 0)], Chance(0.761, 0.891, 0.95)),
        ([Evidence(0, 65, 0)], Chance(0.05, 0.05, 0.05)),
        ([Evidence(65, 65, 0)], Chance(0.95, 0.95, 0.95)),
    ],
)
def test_chance_shown(evidence: list[Evidence], expected: Chance) -> None:
    found = chance(evidence)
    assert (round(found.low, 3), round(found.middle, 3), round(found.high, 3)) == (
        expected.low,
        expected.middle,
        expected.high,
    )


@given(histories)
def test_chance_is_ordered_and_within_5_to_95_percent(evidence: list[Evidence]) -> None:
    found = chance(evidence)
    assert 0.05 <= found.low <= found.middle <= found.high <= 0.95


@given(results(), st.integers(1, 75), st.data())
def test_chance_rises_with_right_answers_and_falls_with_the_cut(
    result: tuple[int, int], size: int, data: st.DataObject
) -> None:
    right, total = result
    cut = data.draw(st.integers(1, size))
    found = chance_at(right, total, cut, size=size)
    assert 0 <= found <= chance_at(right, total, cut - 1, size=size) <= 1
    # the rounding of lgamma shows where the chance is as good as 0 or 1
    assert found < chance_at(right + 1, total + 1, cut, size=size) + 1e-11
    if 0.001 < found < 0.999:
        assert chance_at(right, total + 1, cut, size=size) < found < chance_at(right + 1, total + 1, cut, size=size)


@given(histories, st.data())
def test_one_more_right_answer_never_lowers_what_is_shown(evidence: list[Evidence], data: st.DataObject) -> None:
    assume(any(attempt.right < attempt.total for attempt in evidence))
    index = data.draw(st.sampled_from([i for i, attempt in enumerate(evidence) if attempt.right < attempt.total]))
    old = evidence[index]
    better = [*evidence[:index], Evidence(old.right + 1, old.total, old.days), *evidence[index + 1 :]]
    before, after = chance(evidence), chance(better)
    assert after.low >= before.low - 1e-11
    assert after.middle >= before.middle - 1e-11
    assert after.high >= before.high - 1e-11
    for end, better_end in zip(next_score(evidence), next_score(better), strict=True):
        assert end <= better_end


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: chance_at(11, 10, 47), "11 right of 10"),
        (lambda: chance_at(-1, 10, 47), "-1 right of 10"),
        (lambda: chance_at(nan, 10, 47), "nan right of 10"),
        (lambda: chance_at(1, inf, 47), "1 right of inf"),
        (lambda: chance_at(1, 2, 66), "a cut of 66"),
        (lambda: chance_at(1, 2, -1), "a cut of -1"),
        (lambda: chance_at(1, 2, 0, size=0), "a form of 0"),
        (lambda: chance_at(1, 2, 47, mean=0), "a prior of 12.0 with mean 0"),
        (lambda: chance_at(1, 2, 47, mean=1), "a prior of 12.0 with mean 1"),
        (lambda: chance_at(1, 2, 47, weight=0), "a prior of 0 with mean 0.68"),
        (lambda: chance_at(1, 2, 47, weight=inf), "a prior of inf with mean 0.68"),
        (lambda: next_score([], size=0), "a form of 0"),
        (lambda: mastery(2, 1), "2 right of 1"),
        (lambda: mastery(1, 2, mean=1), "a prior of 6.0 with mean 1"),
        (lambda: mastery(1, 2, weight=3), "worth less than one right and one wrong"),
        (lambda: mastery(1, 2, mean=0.1), "worth less than one right and one wrong"),
        (lambda: kr21([1, 2], 0), "a form of 0"),
        (lambda: kr21([], 0), "a form of 0"),
        (lambda: kr21([1, 11], 10), "11 right of 10"),
        (lambda: kr21([1, -1], 10), "-1 right of 10"),
    ],
)
def test_the_impossible_is_refused(call: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()


# ---- the next score ----


@pytest.mark.parametrize(
    ("evidence", "size", "expected"),
    [
        ([], 65, (25, 60)),
        ([Evidence(40, 65, 0)], 65, (30, 51)),
        ([Evidence(47, 65, 0)], 65, (36, 56)),
        ([Evidence(55, 65, 0)], 65, (44, 61)),
        ([Evidence(47, 65, 0)], 75, (43, 64)),
        ([Evidence(47, 65, 1e9)], 65, (25, 60)),
        ([], 1, (0, 1)),
        ([Evidence(2000, 2000, 0)], 1, (1, 1)),
    ],
)
def test_next_score_of(evidence: list[Evidence], size: int, expected: tuple[int, int]) -> None:
    assert next_score(evidence, size=size) == expected


@given(histories, st.integers(1, 75))
def test_next_score_is_the_smallest_interval_with_at_most_2_5_percent_outside_each_end(
    evidence: list[Evidence], size: int
) -> None:
    def reach(raw: int) -> float:
        return chance_at(*pooled(evidence), raw, size=size) if raw <= size else 0.0

    low, high = next_score(evidence, size=size)
    assert 0 <= low <= high <= size
    assert reach(low) >= 0.975 - 1e-9 > reach(low + 1) - 2e-9
    assert reach(high + 1) <= 0.025 + 1e-9 < reach(high) + 2e-9


# ---- mastery ----


def test_mastery_without_evidence_is_the_prior() -> None:
    found = mastery(0, 0)
    assert found.mean == pytest.approx(0.68, abs=1e-12)
    assert (round(found.low, 4), round(found.high, 4)) == (0.2966, 0.9529)


def test_mastery_mean_counts_the_prior_as_six_questions() -> None:
    assert mastery(7, 10).mean == pytest.approx((4.08 + 7) / 16, abs=1e-12)


@pytest.mark.parametrize(
    ("right", "total", "expected"),
    [
        (0, 0, Mastery(1 / 2, 0.025, 0.975)),
        (9, 9, Mastery(10 / 11, 0.025 ** (1 / 10), 0.975 ** (1 / 10))),
        (0, 9, Mastery(1 / 11, 1 - 0.975 ** (1 / 10), 1 - 0.025 ** (1 / 10))),
        (0, 999, Mastery(1 / 1001, 1 - 0.975 ** (1 / 1000), 1 - 0.025 ** (1 / 1000))),
    ],
)
def test_mastery_with_a_flat_prior_in_closed_form(right: int, total: int, expected: Mastery) -> None:
    found = mastery(right, total, mean=0.5, weight=2)
    assert found.mean == pytest.approx(expected.mean, abs=1e-12)
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high), abs=1e-11)


def test_mastery_of_many_questions_is_normal() -> None:
    found = mastery(5000, 10_000, mean=0.5, weight=2)
    half = Z95 * sqrt(0.25 / 10_003)  # the variance of a beta distribution is p(1-p)/(a+b+1)
    assert (found.low, found.high) == pytest.approx((0.5 - half, 0.5 + half), abs=1e-6)


@given(results())
@example((500, 1000))
def test_mastery_ends_leave_2_5_percent_by_the_binomial_sum(result: tuple[int, int]) -> None:
    # with a flat prior the posterior is Beta(right + 1, wrong + 1), whose integral is a binomial sum (DLMF 8.17.5)
    right, total = result
    found = mastery(right, total, mean=0.5, weight=2)
    assert at_least(right + 1, total + 1, found.low) == pytest.approx(0.025, abs=1e-9)
    assert at_least(right + 1, total + 1, found.high) == pytest.approx(0.975, abs=1e-9)


@given(results(), st.floats(0.05, 0.95), st.floats(1, 50))
def test_mastery_contains_its_mean_and_stays_within_0_and_1(
    result: tuple[int, int], mean: float, strength: float
) -> None:
    found = mastery(*result, mean=mean, weight=strength * 1.000001 / min(mean, 1 - mean))
    assert 0 <= found.low < found.mean < found.high <= 1


@given(results().filter(lambda result: result[1] > 0), st.integers(2, 5))
def test_mastery_narrows_as_the_same_share_is_seen_in_more_questions(result: tuple[int, int], times: int) -> None:
    right, total = result
    assert width(right * times, total * times) < width(right, total)


@pytest.mark.parametrize("total", [2, 3, 10, 65])
def test_mastery_of_two_questions_or_more_is_narrower_than_the_prior(total: int) -> None:
    assert max(width(right, total) for right in range(total + 1)) < width(0, 0)


def test_mastery_is_widened_by_one_first_answer_against_the_prior() -> None:
    assert width(1, 1) < width(0, 0) < width(0, 1) < width(0, 0) + 0.001


@given(results())
def test_mastery_rises_with_every_right_answer(result: tuple[int, int]) -> None:
    right, total = result
    worse, better = mastery(right, total + 1), mastery(right + 1, total + 1)
    assert worse.low < better.low
    assert worse.mean < better.mean
    assert worse.high < better.high


# ---- reliability ----


@pytest.mark.parametrize(
    ("scores", "size", "expected"),
    [
        ([0, 10], 10, 1.0),
        ([0, 10, 10, 10], 10, 1.0),  # divided by 3 instead of 4, V would make it 1.02
        ([2, 4, 6, 8], 10, 5 / 9),  # M 5, V 5: 10/9 * (1 - 25/50)
        ([4, 6], 10, -5 / 3),  # M 5, V 1: 10/9 * (1 - 25/10)
        ([0, 1], 2, 2 * (1 - 0.75 / 0.5)),  # M 1/2, V 1/4
        ([1, 0], 1, None),
        ([7, 7, 7], 10, None),
        ([7], 10, None),
        ([], 10, None),
    ],
)
def test_kr21_of(scores: list[int], size: int, expected: float | None) -> None:
    assert kr21(scores, size) == expected


@given(st.integers(2, 75), st.data())
def test_kr21_is_at_most_1_and_the_same_for_wrong_answers(size: int, data: st.DataObject) -> None:
    scores = data.draw(st.lists(st.integers(0, size), min_size=2, max_size=30).filter(lambda raws: len(set(raws)) > 1))
    found = kr21(scores, size)
    assert found is not None
    assert found <= 1
    assert found == kr21([size - raw for raw in scores], size)


def test_kr21_of_simulated_forms_gives_back_the_weight_of_the_prior() -> None:
    # r of parallel forms is n/(n + weight), here 65/77
    found = kr21([first for first, _ in candidates()], 65)
    assert found is not None
    assert 65 * (1 - found) / found == pytest.approx(12, abs=0.5)


# ---- simulated candidates ----


def test_next_score_covers_the_next_form_of_most_candidates() -> None:
    """Measured: the share of candidates whose second form of 65 lies in the interval after their first one."""
    intervals = [next_score([Evidence(raw, 65, 0)]) for raw in range(66)]
    covered = below = 0
    for first, second in candidates():
        low, high = intervals[first]
        covered += low <= second <= high
        below += second < low
    above = CANDIDATES - covered - below
    assert 0.93 <= covered / CANDIDATES <= 0.975
    assert max(below, above) / CANDIDATES <= 0.03


def test_predicted_chances_come_true_in_every_tenth() -> None:
    """Measured: in bins of the chance after the first form, the share that has 47 or more right on the second."""
    chances = [chance_at(raw, 65, 47) for raw in range(66)]
    bins: defaultdict[int, list[tuple[float, bool]]] = defaultdict(list)
    for first, second in candidates():
        bins[floor(chances[first] * 10)].append((chances[first], second >= 47))
    assert sorted(bins) == list(range(10))
    for members in bins.values():
        predicted = sum(share for share, _ in members) / len(members)
        observed = sum(passed for _, passed in members) / len(members)
        assert abs(predicted - observed) < 0.04, (predicted, observed, len(members))


def test_interval_of_a_score_covers_the_true_score_with_items_of_varying_difficulty() -> None:
    """Measured: the share of attempts, at 65 random items of a bank of 500, whose interval holds the true score.

    Items vary by .8 logit and candidates by .65; the true score is that of the whole bank, rounded down as scores are.
    """
    rng = Random(21)
    difficulties = [rng.gauss(0, 0.8) for _ in range(500)]
    abilities = [rng.gauss(0.85, 0.65) for _ in range(200)]
    intervals = [interval(raw, 65) for raw in range(66)]
    covered = 0
    for ability in abilities:
        chances = [1 / (1 + exp(difficulty - ability)) for difficulty in difficulties]
        true = floor(100 + 900 * sum(chances) / 500)
        for _ in range(CANDIDATES // 200):
            low, high = intervals[sum(rng.random() < share for share in rng.sample(chances, 65))]
            covered += low <= true <= high
    assert 0.93 <= covered / CANDIDATES <= 0.97


@pytest.mark.parametrize("first", [0, 30, 47, 55])
def test_known_questions_repeated_change_nothing(first: int) -> None:
    seen = Evidence(first, 65, 5)
    repeats = [Evidence(0, 0, 5 - day) for day in range(6)]
    assert chance([seen, *repeats]) == chance([seen])
    assert next_score([seen, *repeats]) == next_score([seen])
    # and would, were they handed in as if they were new
    assert next_score([seen, Evidence(65, 65, 0)]) > next_score([seen])


def test_memorisers_repeats_alone_leave_the_prior() -> None:
    assert chance([Evidence(0, 0, 0)] * 30) == chance([])
    assert list(CUTS) == [45, 46, 47, 48, 49, 50, 51]


def test_learning_pulls_ahead_of_old_failures() -> None:
    chances = [chance([Evidence(35, 65, days), Evidence(52, 65, 0)]).middle for days in (0, 21, 42, 84, 1000)]
    assert all(earlier < later for earlier, later in pairwise(chances))
