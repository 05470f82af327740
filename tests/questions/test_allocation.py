from fractions import Fraction
from math import ceil, floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questions.allocation import allocate

DOP_C02 = (22, 17, 15, 15, 14, 17)
DOP_C01 = (22, 19, 15, 10, 18, 16)

totals = st.integers(0, 500)
weightings = st.lists(st.integers(0, 1000), min_size=1, max_size=12).filter(any)


@pytest.mark.parametrize(
    ("total", "weights", "seats"),
    [
        (75, DOP_C02, (17, 13, 11, 11, 10, 13)),  # the last seat is an exact tie between the first and the fifth
        (65, DOP_C02, (14, 11, 10, 10, 9, 11)),
        (30, DOP_C02, (7, 5, 5, 4, 4, 5)),
        (10, DOP_C02, (2, 2, 2, 1, 1, 2)),
        (75, DOP_C01, (17, 14, 11, 7, 14, 12)),
        (65, DOP_C01, (14, 12, 10, 7, 12, 10)),
        (0, DOP_C02, (0, 0, 0, 0, 0, 0)),
        (1, (1, 1), (1, 0)),
        (1, (1, 3, 2), (0, 1, 0)),
        (5, (0, 1), (0, 5)),
    ],
)
def test_allocate_gives(total: int, weights: tuple[int, ...], seats: tuple[int, ...]) -> None:
    assert allocate(total, weights) == seats


@pytest.mark.parametrize(
    ("weights", "unscored"), [(DOP_C02, (3, 2, 1, 1, 1, 2)), (DOP_C01, (3, 2, 1, 0, 2, 2))], ids=["DOP-C02", "DOP-C01"]
)
def test_65_scored_questions_fit_within_75(weights: tuple[int, ...], unscored: tuple[int, ...]) -> None:
    both = zip(allocate(75, weights), allocate(65, weights), strict=True)
    assert tuple(total - scored for total, scored in both) == unscored


def test_allocate_gives_a_tie_to_the_larger_weight_wherever_it_stands() -> None:
    assert allocate(75, (14, 17, 15, 15, 17, 22)) == (10, 13, 11, 11, 13, 17)


@pytest.mark.parametrize(
    ("total", "weights", "message"),
    [
        (-1, (1, 2), "cannot share -1"),
        (5, (), "no weight"),
        (5, (0, 0), "no weight"),
        (5, (3, -1), "negative"),
    ],
)
def test_allocate_refuses(total: int, weights: tuple[int, ...], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        allocate(total, weights)


@given(totals, weightings)
def test_allocate_hands_out_every_seat(total: int, weights: list[int]) -> None:
    assert sum(allocate(total, weights)) == total


@given(totals, weightings)
def test_allocate_rounds_each_quota_down_or_up(total: int, weights: list[int]) -> None:
    for weight, seats in zip(weights, allocate(total, weights), strict=True):
        quota = Fraction(total * weight, sum(weights))
        assert seats in {floor(quota), ceil(quota)}


@given(totals, weightings)
def test_allocate_gives_a_larger_weight_no_less(total: int, weights: list[int]) -> None:
    by_weight = sorted(zip(weights, allocate(total, weights), strict=True))
    seats = [seat for _, seat in sorted(by_weight)]
    assert seats == sorted(seats)


@given(totals, weightings, st.integers(2, 50))
def test_allocate_looks_at_proportions_only(total: int, weights: list[int], factor: int) -> None:
    assert allocate(total, [weight * factor for weight in weights]) == allocate(total, weights)
