"""What the wording of options can give away to a candidate who does not know the answer. Pure.

Each measure looks at one question and gives a figure for every option, in the author's order. The audit of a question
and the test-wise guessers of a bank share them, so that both judge by the same ruler.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import fmean
from typing import Self

from questions.content import Content, Option, split_stem

_SUFFIXES = ("ations", "ation", "ings", "ing", "edly", "ies", "ed", "es", "ly", "s", "e", "y")
_CODE = re.compile(r"```.*?```|`[^`]*`", re.DOTALL)
_WORD = re.compile(r"[a-z0-9]+(?:['-][a-z0-9]+)*")
_NEGATIVE = re.compile(r"\b(?:which|what)\b(?P<between>[^,;:]*?)\b(?P<word>not|except)\b", re.IGNORECASE)
_SUBORDINATE = re.compile(r"\b(?:that|so|if|when|while|because|where|whose|who|but|and)\b", re.IGNORECASE)


def words(text: str) -> list[str]:
    """The words of a text in lower case, code included."""
    return _WORD.findall(text.lower())


def _listed(text: str) -> frozenset[str]:
    return frozenset(words(text))


ABSOLUTES = _listed("always never only all none every must cannot completely entirely guaranteed")
HEDGES = _listed("may can usually often generally typically")

_LINKS = _listed("after as at because before by during for from if in on since so through to when while with")
_DETERMINERS = _listed("a an the this that these those its their each no both")
_STOP_WORDS = _listed(
    """a about after again all also amazon an and any are as at aws be because been before being between both but by can
    cannot could do does each every few for from had has have how if in into is it its itself may more most must never
    no nor not now of off on once one only or other out over own per same should so some such than that the their them
    then there these they this those through to too two under until up use used uses using was were what when where
    which while who whose why will with within without would"""
)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Reads the words of a text that carry content: without stop words and without `service_names`.

    A service name says what a question is about, and every option of a question on it may repeat it.
    """

    service_names: re.Pattern[str]

    @classmethod
    def without(cls, service_names: Collection[str]) -> Self:
        """Leave out service names as they are written, with or without Amazon or AWS before them."""
        bare = {re.sub(r"^(Amazon|AWS)\s+", "", name) for name in service_names}
        longest_first = sorted(bare, key=lambda name: (-len(name), name))
        names = "|".join(re.escape(name) for name in longest_first)
        # (?!) matches nothing: without names there is nothing to leave out.
        return cls(re.compile(rf"\b(?:{names})\b" if names else r"(?!)"))

    def stems(self, text: str) -> dict[str, str]:
        """Stem -> the longest form in which the text has it."""
        forms: dict[str, str] = {}
        for word in words(self.service_names.sub(" ", text)):
            if word not in _STOP_WORDS:
                root = stem(word)
                forms[root] = max(forms.get(root, ""), word, key=len)
        return forms


def plain(text: str) -> str:
    """A text without its code, where `all` may be a value and does not speak to the reader."""
    return _CODE.sub(" ", text)


def stem(word: str) -> str:
    """A word without its ending, as far as three letters stay: policies and policy are both polic."""
    if word.endswith("ss"):
        return word
    endings = (suffix for suffix in _SUFFIXES if word.endswith(suffix) and len(word) - len(suffix) >= 3)
    return word.removesuffix(next(endings, ""))


def characters(content: Content) -> list[int]:
    """The length of each option in characters."""
    return [len(option.text) for option in content.options]


def word_counts(content: Content) -> list[int]:
    """The length of each option in words, as a reader counts them."""
    return [len(option.text.split()) for option in content.options]


def count_of(content: Content, listed: Collection[str]) -> list[int]:
    """How many words of each option are listed ones; code is not counted."""
    return [sum(word in listed for word in words(plain(option.text))) for option in content.options]


def specifics(content: Content) -> list[int]:
    """How many digits and capitals each option has: names and figures make it look exact."""
    return [sum(letter.isdigit() or letter.isupper() for letter in option.text) for option in content.options]


def echoes(content: Content, vocabulary: Vocabulary) -> list[float]:
    """The share of each option's content words that the stem has too."""
    asked = vocabulary.stems(content.stem).keys()
    stems = [vocabulary.stems(option.text).keys() for option in content.options]
    return [len(own & asked) / len(own) if own else 0.0 for own in stems]


def centralities(content: Content, vocabulary: Vocabulary) -> list[float]:
    """How much each option has in common with the others: its mean Jaccard similarity to them, by content words."""
    stems = [frozenset(vocabulary.stems(option.text)) for option in content.options]
    return [_mean_similarity(own, stems[:place] + stems[place + 1 :]) for place, own in enumerate(stems)]


def similarity(one: Collection[object], other: Collection[object]) -> float:
    """The Jaccard similarity of two sets; two empty sets have nothing in common."""
    first, second = frozenset(one), frozenset(other)
    return len(first & second) / len(first | second) if first or second else 0.0


def _mean_similarity(own: frozenset[str], others: Sequence[frozenset[str]]) -> float:
    return fmean(similarity(own, other) for other in others) if others else 0.0


def keys_lead(content: Content, figures: Sequence[float], *, by: float = 1.0) -> bool:
    """Whether every right option has a higher figure than every wrong one, by a factor of more than `by`."""
    right, wrong = apart(content, figures)
    return bool(right and wrong) and min(right) > by * max(wrong)


def apart(content: Content, figures: Sequence[float]) -> tuple[list[float], list[float]]:
    """The figures of the right options, and those of the wrong ones."""
    pairs = list(zip(content.options, figures, strict=True))
    return [figure for option, figure in pairs if option.correct], [
        figure for option, figure in pairs if not option.correct
    ]


def length_ratio(content: Content) -> float | None:
    """Mean words of the right options to mean words of the wrong ones; None when there is nothing to compare."""
    right, wrong = apart(content, word_counts(content))
    return fmean(right) / fmean(wrong) if right and wrong and any(wrong) else None


def negation(content: Content) -> str | None:
    """The word that turns the question round, as it is written; a `not` in a clause of its own does not."""
    ask = re.split(r"(?<=[.!?])\s+", split_stem(content.stem)[1])[-1]
    found = _NEGATIVE.search(ask)
    return found["word"] if found and not _SUBORDINATE.search(found["between"]) else None


def has_opposites(content: Content) -> bool:
    """Whether a right and a wrong option differ in at most two words, so that the key is one of this pair."""
    pairs = combinations(content.options, 2)
    return any(one.correct != other.correct and _nearly_equal(one, other) for one, other in pairs)


def opening(option: Option) -> str:
    """With what kind of word an option begins, as a predicate."""
    if option.text.startswith("`"):
        return "begins with code"
    first = next(iter(words(option.text)), "")
    if first[:1].isdigit():
        return "begins with a figure"
    if first.endswith("ing") and len(first) > 5:
        return "begins with a word in -ing"
    if first in _DETERMINERS:
        return "begins with a noun"
    return (
        "begins with a condition or a preposition"
        if first in _LINKS
        else "begins with neither article, figure nor preposition"
    )


def closing(option: Option) -> str:
    """How an option ends, as a predicate."""
    return "ends in a full stop" if option.text.rstrip().endswith(".") else "has no full stop"


def odd_one(options: Sequence[Option], form: Callable[[Option], str]) -> Option | None:
    """The one option whose form differs, when all the others agree."""
    counts = Counter(form(option) for option in options)
    if len(options) < 3 or len(counts) != 2 or min(counts.values()) != 1:
        return None
    return next(option for option in options if counts[form(option)] == 1)


def _nearly_equal(one: Option, other: Option) -> bool:
    first, second = Counter(words(one.text)), Counter(words(other.text))
    fewest, most = sorted((first.total(), second.total()))
    return fewest >= 5 and most - (first & second).total() <= 2
