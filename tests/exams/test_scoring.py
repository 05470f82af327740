from fractions import Fraction
from math import floor
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exams.scoring import (
    Band,
    DomainScore,
    ItemMark,
    Scale,
    Score,
    band,
    cut_raw,
    first_pass,
    interval,
    passes,
    scaled,
    score,
    wilson,
)


@st.composite
def results(draw: st.DrawFn) -> tuple[int, int]:
    """How many right, of how many."""
    total = draw(st.integers(1, 200))
    return draw(st.integers(0, total)), total


@st.composite
def scales(draw: st.DrawFn) -> Scale:
    minimum, cut, maximum = sorted(draw(st.sets(st.integers(0, 2000), min_size=3, max_size=3)))
    return Scale(minimum=minimum, maximum=maximum, cut=cut)


marks = st.lists(
    st.builds(
        ItemMark,
        position=st.integers(1, 75),
        domain=st.integers(1, 6),
        points=st.integers(0, 1),
        scored=st.booleans(),
    ),
    max_size=75,
).filter(lambda items: any(item.scored for item in items))


@pytest.mark.parametrize(
    ("raw", "total", "points"),
    [
        (0, 65, 100),
        (16, 65, 321),
        (46, 65, 736),
        (47, 65, 750),
        (60, 65, 930),
        (65, 65, 1000),
        (54, 75, 748),
        (55, 75, 760),
        (70, 75, 940),
        (75, 75, 1000),
        (0, 1, 100),
        (1, 1, 1000),
    ],
)
def test_scaled_score_of(raw: int, total: int, points: int) -> None:
    assert scaled(raw, total) == points


def test_scaled_score_is_rounded_down_just_below_the_cut() -> None:
    assert scaled(7221, 9999) == 749  # 749.955


def test_scaled_score_follows_two_pieces_that_meet_in_the_cut() -> None:
    for raw in range(66):
        cut = Fraction(65 * 650, 900)
        exact = 100 + 650 * raw / cut if raw < cut else 750 + 250 * (raw - cut) / (65 - cut)
        assert scaled(raw, 65) == floor(exact)


def test_scaled_score_of_another_scale() -> None:
    scale = Scale(minimum=0, maximum=400, cut=100)
    assert [scaled(raw, 4, scale) for raw in range(5)] == [0, 100, 200, 300, 400]


@pytest.mark.parametrize(("total", "first"), [(65, 47), (75, 55), (18, 13), (1, 1)])
def test_first_pass_is_the_first_raw_score_at_the_cut(total: int, first: int) -> None:
    assert first_pass(total) == first
    assert passes(first, total)
    assert not passes(first - 1, total)


def test_cut_of_65_and_75_questions_is_exact() -> None:
    assert (cut_raw(65), cut_raw(75)) == (Fraction(845, 18), Fraction(325, 6))


@pytest.mark.parametrize(
    ("raw", "ends"), [(0, (100, 150)), (47, (643, 835)), (52, (718, 891)), (58, (814, 952)), (65, (949, 1000))]
)
def test_interval_of_65_questions(raw: int, ends: tuple[int, int]) -> None:
    assert interval(raw, 65) == ends


def test_wilson_agrees_with_its_published_example() -> None:
    # 81 of 263, method 3 in Newcombe 1998, Statistics in Medicine 17, table I: .2553 to .3662
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)


@pytest.mark.parametrize(
    ("right", "total", "expected"),
    [
        (0, 1, "below"),
        (1, 1, "above"),
        (9, 14, "near"),  # 64.3 %, just within 8 points below 72.2 %
        (16, 25, "below"),  # 64.0 %
        (4, 5, "near"),  # 80.0 %
        (361, 450, "near"),  # 80.2222 %, exactly 8 points above
        (289, 450, "near"),  # 64.2222 %, exactly 8 points below
        (3611, 4500, "above"),
        (2889, 4500, "below"),
    ],
)
def test_band_is_near_within_8_points_of_the_cut(right: int, total: int, expected: Band) -> None:
    assert band(right, total) == expected


@pytest.mark.parametrize(("raw", "total"), [(0, 0), (-1, 10), (11, 10), (1, -1)])
def test_impossible_results_are_refused(raw: int, total: int) -> None:
    for function in (scaled, passes, wilson, interval, band):
        with pytest.raises(ValueError, match=r"not possible|no scored item"):
            function(raw, total)


@pytest.mark.parametrize("cut", [100, 1000, 99, 1001])
def test_scale_refuses_a_cut_outside(cut: int) -> None:
    with pytest.raises(ValueError, match="is not between"):
        Scale(cut=cut)


def test_score_counts_scored_items_by_domain() -> None:
    marked = [
        ItemMark(position=1, domain=2, points=1, scored=True),
        ItemMark(position=2, domain=1, points=0, scored=True),
        ItemMark(position=3, domain=2, points=0, scored=True),
        ItemMark(position=4, domain=2, points=1, scored=False),
        ItemMark(position=5, domain=3, points=1, scored=False),
        ItemMark(position=6, domain=1, points=1, scored=True),
    ]
    assert score(marked) == Score(
        right=2,
        total=4,
        scaled=550,
        low=235,
        high=864,
        passed=False,
        domains=(DomainScore(1, 1, 2), DomainScore(2, 1, 2)),
    )


def test_score_needs_a_scored_item() -> None:
    with pytest.raises(ValueError, match="no scored item"):
        score([ItemMark(position=1, domain=1, points=1, scored=False)])


@given(results(), scales())
def test_scaled_score_rises_with_every_right_answer(result: tuple[int, int], scale: Scale) -> None:
    _, total = result
    points = [scaled(raw, total, scale) for raw in range(total + 1)]
    assert points == sorted(points)
    assert (points[0], points[-1]) == (scale.minimum, scale.maximum)


@given(results(), scales())
def test_pass_is_a_scaled_score_at_the_cut(result: tuple[int, int], scale: Scale) -> None:
    raw, total = result
    assert passes(raw, total, scale) == (scaled(raw, total, scale) >= scale.cut) == (raw >= first_pass(total, scale))


@given(results(), scales())
def test_interval_contains_the_score_and_stays_on_the_scale(result: tuple[int, int], scale: Scale) -> None:
    low, high = interval(*result, scale)
    assert scale.minimum <= low <= scaled(*result, scale) <= high <= scale.maximum


@given(results())
def test_wilson_is_symmetric(result: tuple[int, int]) -> None:
    raw, total = result
    low, high = wilson(total - raw, total)
    assert wilson(raw, total) == pytest.approx((1 - high, 1 - low), abs=1e-12)


@given(marks, st.randoms())
def test_score_does_not_depend_on_the_order_of_marks(items: list[ItemMark], rng: Random) -> None:
    shuffled = rng.sample(items, len(items))
    assert score(shuffled) == score(items)


@given(marks)
def test_domains_add_up_to_the_score(items: list[ItemMark]) -> None:
    result = score(items)
    assert sum(domain.right for domain in result.domains) == result.right
    assert sum(domain.total for domain in result.domains) == result.total
    assert [domain.domain for domain in result.domains] == sorted({item.domain for item in items if item.scored})
