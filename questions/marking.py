"""What a response to a question earns, and what guessing would earn. Pure."""

from collections.abc import Collection
from fractions import Fraction
from math import comb

from questions.content import Content


def mark(content: Content, response: Collection[str]) -> int:
    """1 point when the response is exactly the key, else 0.

    AWS gives no partial credit: "You must select all the correct responses to receive credit for the question."
    """
    return int(frozenset(response) == content.keys)


def guess_chance(content: Content) -> Fraction:
    """The chance that as many options as are right, picked blindly, are the right ones: 1 / C(options, keys)."""
    return Fraction(1, comb(len(content.options), len(content.keys)))
