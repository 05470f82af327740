"""How many questions of a form each domain gets. Pure."""

from collections.abc import Sequence
from fractions import Fraction


def allocate(total: int, weights: Sequence[int]) -> tuple[int, ...]:
    """Share `total` seats by `weights` with the method of the largest remainder (Hamilton).

    Each share is its quota rounded down or up. An exact tie of remainders goes to the larger weight, for which one
    seat more is the smaller relative deviation, then to the lower index. Raises `ValueError` when the total is
    negative, a weight is negative or all weights are zero.
    """
    if total < 0:
        raise ValueError(f"cannot share {total} questions")
    if any(weight < 0 for weight in weights):
        raise ValueError(f"a weight is negative: {list(weights)}")
    if not any(weights):
        raise ValueError("there is no weight to share by")
    # Fractions: a tie is exact, and a float would break it by its last bit.
    quotas = [Fraction(total * weight, sum(weights)) for weight in weights]
    seats = [int(quota) for quota in quotas]
    order = sorted(range(len(weights)), key=lambda i: (seats[i] - quotas[i], -weights[i], i))
    for index in order[: total - sum(seats)]:
        seats[index] += 1
    return tuple(seats)
