"""What gives keys away over a whole bank, though no single question shows it. Pure.

Guessers that know nothing but a rule of thumb answer every question; none may do clearly better than chance. The other
figures say where a cue comes from. The limits are ours: chance, plus what sampling explains.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from math import ceil, comb, erfc, exp, floor, lgamma, log, pi, sqrt
from statistics import fmean

from questions import cues
from questions.audit import Flaw
from questions.content import SINGLE, Content
from questions.marking import guess_chance

SIGNIFICANCE = 0.01  # shared by all guessers (Bonferroni)
MARGIN = Fraction(5, 100)  # a guesser may be this much better than chance, however large the bank
FEW = 20  # below this many questions the figures are shown, but not judged: one question would move them too far
ONE_SIDED_95 = 1.645
GRAM = 5  # words in a row; stems that share most of these share their text
ALIKE, TOO_ALIKE = Fraction(4, 10), Fraction(5, 10)

Items = Mapping[str, Content]
Measure = Callable[[Content, cues.Vocabulary], Sequence[float]]


@dataclass(frozen=True, slots=True)
class Guesser:
    """A rule of thumb at work: the successes it can expect over `questions`, and how likely chance does as well."""

    rule: str
    questions: int
    expected: float
    chance: float
    p: float
    ok: bool

    @property
    def rate(self) -> float:
        """The share of questions it can expect to get right."""
        return self.expected / self.questions if self.questions else 0.0


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of the bank with the limits that it should keep; `questions` is how many it rests on."""

    rule: str
    value: float
    low: float
    high: float
    questions: int
    message: str

    @property
    def ok(self) -> bool:
        """Whether it is within its limits, or rests on too few questions to say."""
        return self.questions < FEW or self.low <= self.value <= self.high


@dataclass(frozen=True, slots=True)
class BankReport:
    """The audit of a bank; `single` holds the guessers for questions with one key, `guessers` those for all."""

    questions: int
    flaws: tuple[Flaw, ...]
    figures: tuple[Figure, ...]
    guessers: tuple[Guesser, ...]
    single: tuple[Guesser, ...]

    @property
    def ok(self) -> bool:
        """Whether the bank may be used: no error, and no guesser beats chance."""
        return all(guesser.ok for guesser in self.guessers) and all(flaw.severity != "error" for flaw in self.flaws)


def audit_bank(items: Items, *, service_names: Collection[str] = ()) -> BankReport:
    """Audit the questions of a bank, by name. Those without a key, or without a distractor, cannot be guessed at."""
    vocabulary = cues.Vocabulary.without(service_names)
    usable = [content for content in items.values() if content.keys and content.distractors]
    single = [content for content in usable if content.kind == SINGLE]
    successes = [_successes(content, vocabulary) for content in usable]
    figures = tuple(_figures(usable, single))
    outside = [Flaw("warning", figure.rule, figure.message, "bank") for figure in figures if not figure.ok]
    return BankReport(
        questions=len(items),
        flaws=(*_near_duplicates(items), *outside),
        figures=figures,
        guessers=_guessers(usable, successes),
        single=_guessers(
            single, [row for row, content in zip(successes, usable, strict=True) if content.kind == SINGLE]
        ),
    )


# Guessers


def _letter(place: int) -> Measure:
    return lambda content, _: [float(index == place) for index in range(len(content.options))]


GUESSERS: Mapping[str, Measure] = {
    "longest": lambda content, _: cues.characters(content),
    "shortest": lambda content, _: [-length for length in cues.characters(content)],
    "stem echo": cues.echoes,
    "most central": cues.centralities,
    "most specific": lambda content, _: cues.specifics(content),
    "fewest absolutes": lambda content, _: [-count for count in cues.count_of(content, cues.ABSOLUTES)],
    "letter B": _letter(1),
    "letter C": _letter(2),
}


def success(content: Content, figures: Sequence[float]) -> Fraction:
    """The chance that the options with the highest figures, as many as there are keys, are the key; ties are drawn."""
    keys = len(content.keys)
    limit = sorted(figures, reverse=True)[keys - 1]
    certain = {option.key for option, figure in zip(content.options, figures, strict=True) if figure > limit}
    tied = {option.key for option, figure in zip(content.options, figures, strict=True) if figure == limit}
    if not certain <= content.keys <= certain | tied:
        return Fraction(0)
    return Fraction(1, comb(len(tied), keys - len(certain)))


def at_least(successes: int, trials: int, chance: float) -> float:
    """P(X >= successes) for a binomial X."""
    if successes <= 0:
        return 1.0
    if chance >= 1:
        return float(successes <= trials)
    logs = lgamma(trials + 1), log(chance), log(1 - chance)
    return min(
        1.0,
        sum(
            exp(logs[0] - lgamma(hits + 1) - lgamma(trials - hits + 1) + hits * logs[1] + (trials - hits) * logs[2])
            for hits in range(successes, trials + 1)
        ),
    )


def _successes(content: Content, vocabulary: cues.Vocabulary) -> dict[str, Fraction]:
    return {rule: success(content, measure(content, vocabulary)) for rule, measure in GUESSERS.items()}


def _guessers(contents: Sequence[Content], successes: Sequence[Mapping[str, Fraction]]) -> tuple[Guesser, ...]:
    """What each rule expects, from its successes on the same questions."""
    chance = sum((guess_chance(content) for content in contents), Fraction(0)) / max(1, len(contents))
    return tuple(_guesser(rule, [row[rule] for row in successes], chance) for rule in GUESSERS)


def _guesser(rule: str, successes: Sequence[Fraction], chance: Fraction) -> Guesser:
    questions, expected = len(successes), sum(successes, Fraction(0))
    # Ties shared make a fraction of a success; rounding down gives the bank the benefit.
    p = at_least(floor(expected), questions, float(chance))
    beats_chance = p < SIGNIFICANCE / len(GUESSERS) and expected > (chance + MARGIN) * questions
    return Guesser(rule, questions, float(expected), float(chance), p, ok=not beats_chance)


# Figures


def _figures(usable: Sequence[Content], single: Sequence[Content]) -> Iterator[Figure]:
    yield _extreme_share("longest", max, single)
    yield _extreme_share("shortest", min, single)
    ratios = [ratio for content in usable if (ratio := cues.length_ratio(content)) is not None]
    message = "Keys and distractors differ in length: the mean ratio of their words should be 0.95 to 1.05."
    yield Figure("length", fmean(ratios) if ratios else 1.0, 0.95, 1.05, len(ratios), message)
    yield _key_position(single)
    yield _rates("absolutes", cues.ABSOLUTES, usable)
    yield _rates("hedges", cues.HEDGES, usable)
    share = _share(sum(map(cues.has_opposites, usable)), len(usable))
    message = "Too many keys have a twin among the distractors: more than 60 % of the questions."
    yield Figure("opposites", share, 0.0, 0.60, len(usable), message)
    share = _share(sum(cues.negation(content) is not None for content in usable), len(usable))
    yield Figure("negative", share, 0.0, 0.05, len(usable), "More than 5 % of the questions ask for what is not so.")


def _extreme_share(name: str, extreme: Callable[[list[int]], int], single: Sequence[Content]) -> Figure:
    """How often the key is the longest (or shortest) option, of the questions where one option is alone in that."""
    hits: list[bool] = []
    chances: list[float] = []
    for content in single:
        lengths = cues.characters(content)
        if lengths.count(extreme(lengths)) == 1:
            hits.append(content.options[lengths.index(extreme(lengths))].correct)
            chances.append(1 / len(lengths))
    mean = fmean(chances) if chances else 0.0
    spread = ONE_SIDED_95 * sqrt(mean * (1 - mean) / max(1, len(hits)))
    # Keys tend to be long, so each side is judged alone; the guessers see to the other.
    long = extreme is max
    message = f"The key is the {name} option too {'often' if long else 'seldom'}: even out the lengths."
    low, high = (0.0, mean + spread) if long else (mean - spread, 1.0)
    return Figure(name, _share(sum(hits), len(hits)), low, high, len(hits), message)


def _key_position(single: Sequence[Content]) -> Figure:
    """P of the chi-square of key letters, for questions of four options."""
    places = Counter(
        place
        for content in single
        if len(content.options) == 4
        for place, option in enumerate(content.options)
        if option.correct
    )
    mean = places.total() / 4
    statistic = sum((places[place] - mean) ** 2 / mean for place in range(4)) if mean else 0.0
    message = "Key letters are uneven: write the options in random order. (Candidates see them shuffled.)"
    return Figure("key position", _chi_square_tail_3(statistic), 0.01, 1.0, places.total(), message)


def _chi_square_tail_3(statistic: float) -> float:
    """P of a larger chi-square with three degrees of freedom, in closed form."""
    return erfc(sqrt(statistic / 2)) + sqrt(2 * statistic / pi) * exp(-statistic / 2)


def _rates(rule: str, listed: Collection[str], usable: Sequence[Content]) -> Figure:
    """The z of two proportions: right options with such a word, against wrong ones."""
    right: list[bool] = []
    wrong: list[bool] = []
    for content in usable:
        own_right, own_wrong = cues.apart(content, cues.count_of(content, listed))
        right += map(bool, own_right)
        wrong += map(bool, own_wrong)
    message = f"Keys and distractors differ in how often they have {rule} ({', '.join(sorted(listed))}): even them out."
    return Figure(rule, _z(sum(right), len(right), sum(wrong), len(wrong)), -2.58, 2.58, len(usable), message)


def _z(first: int, of_first: int, second: int, of_second: int) -> float:
    pooled = _share(first + second, of_first + of_second)
    if pooled in {0.0, 1.0}:
        return 0.0
    error = sqrt(pooled * (1 - pooled) * (1 / of_first + 1 / of_second))
    return (first / of_first - second / of_second) / error


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


# Near-duplicate stems


def _near_duplicates(items: Items) -> Iterator[Flaw]:
    shingles = {name: _shingles(content.stem) for name, content in items.items()}
    for one, other in sorted(_candidates(shingles)):
        first, second = shingles[one], shingles[other]
        shared = len(first & second)
        alike = Fraction(shared, len(first) + len(second) - shared)
        if alike >= ALIKE:
            message = f"The stems of these two are {float(alike):.0%} alike: tell another story in one of them."
            yield Flaw("error" if alike >= TOO_ALIKE else "warning", "near-duplicate", message, f"{one}, {other}")


def _shingles(text: str) -> frozenset[str]:
    found = cues.words(text)
    return frozenset(" ".join(found[start : start + GRAM]) for start in range(max(1, len(found) - GRAM + 1)))


def _candidates(shingles: Mapping[str, frozenset[str]]) -> set[tuple[str, str]]:
    """Pairs that may be alike, from an inverted index of each stem's rarest shingles.

    Stems with a Jaccard similarity of t share at least t of each one's shingles, so they must share one of the rarest
    1 - t (plus one). Phrases that half the bank ends with are common, and never looked up. (Bayardo, Ma and Srikant
    2007: all-pairs similarity search.)
    """
    frequency = Counter(shingle for own in shingles.values() for shingle in own)
    index: defaultdict[str, list[str]] = defaultdict(list)
    for name, own in shingles.items():
        rarest = sorted(own, key=lambda shingle: (frequency[shingle], shingle))
        for shingle in rarest[: len(own) - ceil(ALIKE * len(own)) + 1]:
            index[shingle].append(name)
    return {pair for names in index.values() for pair in combinations(sorted(names), 2)}
