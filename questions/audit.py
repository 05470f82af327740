"""Item-writing flaws of one question: what is missing, and what gives the key away. Pure.

The rules are those of Haladyna, Downing and Rodriguez (2002) and of the NBME guide that can be computed. No source has
one accepted limit for "too long"; the limits here are ours. An error refuses publication, a warning asks the author to
look again, an info is worth knowing.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import fmean
from typing import Literal

from questions import cues
from questions.content import SINGLE, Content, Option, split_stem

Severity = Literal["error", "warning", "info"]

DOCUMENTATION = "https://docs.aws.amazon.com/"
LONG, TOO_LONG = 1.3, 1.5  # words of the key to words of a distractor, in the mean
STANDS_OUT = 1.25  # characters of the key to characters of the longest distractor
# Among one-word options a letter more is a quarter more, and nobody sees it: a cue has at least so much of it.
VISIBLE_WORDS, VISIBLE_CHARACTERS = 3, 12

_CHOOSE = re.compile(
    r"\b(?:choose|select|pick)\s+(?:the\s+)?(?:one|two|three|four|[1-4])\b(?=\W*$|\s*[.)\]*]|\s+(?:of|correct|answer|option))",
    re.IGNORECASE | re.MULTILINE,
)
_ABOVE = re.compile(
    r"\b(?:all|none|both|neither|any|some) of the (?:above|other (?:options|answers|choices))\b"
    r"|^(?:all|none) of (?:these|them)(?: (?:options|answers|choices))?\W*$"
    r"|^(?:both |neither )?[A-F] (?:and|or|nor) [A-F]\W*$",
    re.IGNORECASE,
)
_ONE = re.compile(r"\bwhich (?:solution|action|step|change|option|statement|design|reason|cause)\b", re.IGNORECASE)
_SEVERAL = re.compile(
    r"\bwhich (?:two|three|solutions|actions|steps|changes|options|statements|reasons)\b", re.IGNORECASE
)
_ARTICLE = re.compile(r"\b(?P<article>an?)\s*[:.…]*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Flaw:
    """One flaw: the message tells the author what to do, `where` names the part of the question or the questions."""

    severity: Severity
    rule: str
    message: str
    where: str = ""


Rule = Callable[[Content], Iterator[Flaw]]
WordRule = Callable[[Content, cues.Vocabulary], Iterator[Flaw]]


def audit(content: Content, *, service_names: Collection[str] = ()) -> tuple[Flaw, ...]:
    """The flaws of one question, errors first. `service_names` are not counted as words that stem and key share."""
    vocabulary = cues.Vocabulary.without(service_names)
    flaws = [flaw for rule in _RULES for flaw in rule(content)]
    flaws += [flaw for word_rule in _WORD_RULES for flaw in word_rule(content, vocabulary)]
    order = ("error", "warning", "info")
    return tuple(sorted(flaws, key=lambda flaw: order.index(flaw.severity)))


def _counts(content: Content) -> Iterator[Flaw]:
    options, keys = len(content.options), sum(option.correct for option in content.options)
    if content.kind == SINGLE and (options, keys) != (4, 1):
        yield Flaw("error", "count", f"Give it four options and one key; it has {options} and {keys}.", "options")
    if content.kind != SINGLE and not (options in {5, 6} and keys in {2, 3}):
        message = f"Give it five or six options and two or three keys; it has {options} and {keys}."
        yield Flaw("error", "count", message, "options")


def _option_keys(content: Content) -> Iterator[Flaw]:
    for key, count in Counter(option.key for option in content.options).items():
        if count > 1:
            yield Flaw("error", "option-key", f"Give each option a key of its own; {count} have {key!r}.", _at(key))


def _duplicates(content: Content) -> Iterator[Flaw]:
    for one, other in _pairs(content):
        if _normal(one.text) == _normal(other.text):
            yield Flaw(
                "error", "duplicate", f"It says the same as option {one.key}: rewrite one of them.", _at(other.key)
            )


def _explanation(content: Content) -> Iterator[Flaw]:
    for option in content.options:
        if not option.why.strip():
            verdict = "right" if option.correct else "wrong"
            yield Flaw("error", "why", f"Say why this option is {verdict}.", _at(option.key))
        if not option.correct and not option.misconception:
            yield Flaw("warning", "misconception", "Name the mistake that leads to this option.", _at(option.key))
    for one, other in _pairs(content):
        if one.why.strip() and _normal(one.why) == _normal(other.why):
            message = f"Give it a reason of its own; this is the one of option {one.key}."
            yield Flaw("warning", "why", message, _at(other.key))
    if not content.rationale.strip():
        yield Flaw("error", "rationale", "Write the rationale: what decides between the options.", "rationale")


def _references(content: Content) -> Iterator[Flaw]:
    if not content.references:
        yield Flaw("error", "reference", "Cite a page of the AWS documentation that the key rests on.", "references")
    for place, reference in enumerate(content.references, 1):
        if not reference.url.startswith(DOCUMENTATION):
            yield Flaw("warning", "reference", f"Cite a page of {DOCUMENTATION} if there is one.", f"reference {place}")
        if not reference.url.startswith("https://"):
            yield Flaw(
                "error", "reference", "Give the address of a page, beginning with https://.", f"reference {place}"
            )


def _ending(content: Content) -> Iterator[Flaw]:
    if not split_stem(content.stem)[1].rstrip("*_ ").endswith("?"):
        yield Flaw("warning", "question", "End the stem with the question, as a paragraph of its own.", "stem")


def _count_in_stem(content: Content) -> Iterator[Flaw]:
    found = _CHOOSE.search(content.stem)
    if found:
        message = f"Take out {found.group()!r}: the page says how many to choose."
        yield Flaw("error", "count-in-stem", message, "stem")


def _negative(content: Content) -> Iterator[Flaw]:
    word = cues.negation(content)
    if word is not None and not word.isupper():
        message = f"Ask for what is so. If the question must be negative, write {word.upper()} in capitals."
        yield Flaw("warning", "negative", message, "stem")


def _above(content: Content) -> Iterator[Flaw]:
    for option in content.options:
        if _ABOVE.search(option.text):
            message = "Replace it with a design of its own: options are shuffled and none may speak of the others."
            yield Flaw("error", "above", message, _at(option.key))


def _length(content: Content) -> Iterator[Flaw]:
    ratio = cues.length_ratio(content)
    right, wrong = cues.apart(content, cues.word_counts(content))
    if ratio is not None and ratio > LONG and fmean(right) - fmean(wrong) >= VISIBLE_WORDS:
        message = f"The key has {ratio:.2f} times the words of a distractor: shorten it, or fill out the distractors."
        yield Flaw("error" if ratio > TOO_LONG else "warning", "length", message, "options")
    lengths = cues.characters(content)
    right, wrong = cues.apart(content, lengths)
    if cues.keys_lead(content, lengths, by=STANDS_OUT) and min(right) - max(wrong) >= VISIBLE_CHARACTERS:
        message = (
            f"The key is longer than every distractor ({min(right):.0f} to {max(wrong):.0f} characters): even them out."
        )
        yield Flaw("error", "length", message, "options")


def _absolutes(content: Content) -> Iterator[Flaw]:
    right, wrong = cues.apart(content, cues.count_of(content, cues.ABSOLUTES))
    if any(wrong) and not any(right):
        found = _found(content.distractors, cues.ABSOLUTES)
        message = f"Only distractors have words like {found}, which sound wrong to a guesser: take them out."
        yield Flaw("warning", "absolutes", message, "options")


def _hedges(content: Content) -> Iterator[Flaw]:
    right, wrong = cues.apart(content, cues.count_of(content, cues.HEDGES))
    if any(right) and not any(wrong):
        found = _found([option for option in content.options if option.correct], cues.HEDGES)
        message = f"Only the key has words like {found}, which sound right to a guesser: take them out."
        yield Flaw("warning", "hedges", message, "options")


def _grammar(content: Content) -> Iterator[Flaw]:
    for form in (cues.opening, cues.closing):
        odd = cues.odd_one(content.options, form)
        if odd is not None:
            message = f"Write it like the other options: it alone {form(odd)}."
            yield Flaw("warning", "grammar", message, _at(odd.key))
    article = _ARTICLE.search(split_stem(content.stem)[1])
    if article:
        message = f"Move {article['article']!r} into the options: it fits only some of them."
        yield Flaw("warning", "grammar", message, "stem")


def _number(content: Content) -> Iterator[Flaw]:
    ask = split_stem(content.stem)[1]
    if content.kind == SINGLE and _SEVERAL.search(ask):
        yield Flaw("warning", "grammar", "Ask for one thing: the question has one key.", "stem")
    if content.kind != SINGLE and _ONE.search(ask) and not re.search("combination", ask, re.IGNORECASE):
        yield Flaw("warning", "grammar", "Ask for several things: the question has more than one key.", "stem")


def _opposites(content: Content) -> Iterator[Flaw]:
    if cues.has_opposites(content):
        message = "The key and a distractor differ in a word or two: a guesser will look at this pair only."
        yield Flaw("info", "opposites", message, "options")


def _echo(content: Content, vocabulary: cues.Vocabulary) -> Iterator[Flaw]:
    if not cues.keys_lead(content, cues.echoes(content, vocabulary)):
        return
    asked = vocabulary.stems(content.stem)
    wrong = {stem for option in content.distractors for stem in vocabulary.stems(option.text)}
    right = {
        word
        for option in content.options
        if option.correct
        for stem, word in vocabulary.stems(option.text).items()
        if stem in asked and stem not in wrong and len(word) >= 6
    }
    if right:
        message = (
            f"The key alone repeats {_quoted(sorted(right))} of the stem: say it otherwise, or in a distractor too."
        )
        yield Flaw("warning", "echo", message, "options")


def _convergence(content: Content, vocabulary: cues.Vocabulary) -> Iterator[Flaw]:
    if cues.keys_lead(content, cues.centralities(content, vocabulary)):
        message = (
            "The key has most in common with the other options, and a guesser looks for that: vary the distractors."
        )
        yield Flaw("info", "convergence", message, "options")


_RULES: tuple[Rule, ...] = (
    _counts,
    _option_keys,
    _duplicates,
    _explanation,
    _references,
    _ending,
    _count_in_stem,
    _negative,
    _above,
    _length,
    _absolutes,
    _hedges,
    _grammar,
    _number,
    _opposites,
)
_WORD_RULES: tuple[WordRule, ...] = (_echo, _convergence)


def _pairs(content: Content) -> Iterator[tuple[Option, Option]]:
    return combinations(content.options, 2)


def _found(options: Sequence[Option], listed: Collection[str]) -> str:
    return _quoted(
        sorted({word for option in options for word in cues.words(cues.plain(option.text)) if word in listed})
    )


def _quoted(found: Sequence[str]) -> str:
    return ", ".join(repr(word) for word in found)


def _normal(text: str) -> str:
    return " ".join(re.sub(r"[^\w\s]", "", text).casefold().split())


def _at(key: str) -> str:
    return f"option {key}"
