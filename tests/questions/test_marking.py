from fractions import Fraction

import pytest

from questions.content import MULTIPLE, SINGLE, Content, Option
from questions.marking import guess_chance, mark


def question(options: str, keys: str) -> Content:
    return Content(
        kind=SINGLE if len(keys) == 1 else MULTIPLE,
        stem="Which?",
        options=tuple(Option(key=key, text=f"Option {key}", correct=key in keys, why="Because.") for key in options),
        rationale="",
        references=(),
    )


@pytest.mark.parametrize(
    ("keys", "response", "points"),
    [
        ("a", ["a"], 1),
        ("a", ["b"], 0),
        ("a", [], 0),
        ("a", ["a", "b"], 0),
        ("ac", ["a", "c"], 1),
        ("ac", ["c", "a"], 1),
        ("ac", ("a", "a", "c"), 1),
        ("ac", {"a"}, 0),
        ("ac", {"a", "b"}, 0),
        ("ac", {"a", "c", "d"}, 0),
        ("ac", {"a", "c", "unknown"}, 0),
    ],
)
def test_mark_gives_a_point_for_exactly_the_key(keys: str, response: list[str], points: int) -> None:
    assert mark(question("abcde", keys), response) == points


@pytest.mark.parametrize(
    ("options", "keys", "chance"),
    [
        ("abcd", "a", Fraction(1, 4)),
        ("abcde", "bd", Fraction(1, 10)),
        ("abcdef", "af", Fraction(1, 15)),
        ("abcdef", "bdf", Fraction(1, 20)),
    ],
)
def test_guess_chance_counts_the_possible_responses(options: str, keys: str, chance: Fraction) -> None:
    assert guess_chance(question(options, keys)) == chance
