"""The content of a published question, as frozen values.

Pure: no database, no Django. A revision stores the JSON form (`dump`), everything else works on `Content`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

SINGLE = "single"
MULTIPLE = "multiple"
KINDS = (SINGLE, MULTIPLE)


class ContentError(ValueError):
    """The JSON form does not describe a question; the message says where and why."""


@dataclass(frozen=True, slots=True)
class Option:
    """One answer choice; `why` says why it is right or wrong, `misconception` is the slug of the mistake."""

    key: str
    text: str
    correct: bool
    why: str
    misconception: str = ""


@dataclass(frozen=True, slots=True)
class Reference:
    """A documentation page that a question rests on."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Choice:
    """An option as a candidate may see it before the key: its stable key and its text."""

    key: str
    text: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a candidate may see before the key: `case` may be empty, `ask` is the last paragraph of the stem."""

    kind: str
    case: str
    ask: str
    choices: tuple[Choice, ...]
    choose: int


@dataclass(frozen=True, slots=True)
class Content:
    """A question: stem in Markdown, options in the author's order, rationale and references."""

    kind: str
    stem: str
    options: tuple[Option, ...]
    rationale: str
    references: tuple[Reference, ...]

    @property
    def keys(self) -> frozenset[str]:
        """The stable keys of the right options."""
        return frozenset(option.key for option in self.options if option.correct)

    @property
    def distractors(self) -> tuple[Option, ...]:
        """The wrong options, in the author's order."""
        return tuple(option for option in self.options if not option.correct)

    def prompt(self) -> Prompt:
        """The question without key, rationale, reasons and misconceptions."""
        case, ask = split_stem(self.stem)
        return Prompt(
            kind=self.kind,
            case=case,
            ask=ask,
            choices=tuple(Choice(option.key, option.text) for option in self.options),
            choose=len(self.keys),
        )


def split_stem(stem: str) -> tuple[str, str]:
    """Split a stem into the case and its last paragraph, which is what is asked.

    A stem whose last paragraph belongs to a fenced code block is asked as a whole.
    """
    case, _, ask = stem.strip().rpartition("\n\n")
    if case.count("```") % 2:
        return "", stem.strip()
    return case.strip(), ask.strip()


def parse(data: Mapping[str, Any]) -> Content:
    """Read the JSON form; raises `ContentError`."""
    kind = _text(data, "kind", "question")
    if kind not in KINDS:
        raise ContentError(f"kind is {kind!r}, and can be {' or '.join(KINDS)}")
    return Content(
        kind=kind,
        stem=_text(data, "stem", "question"),
        options=tuple(_option(item, place) for place, item in enumerate(_items(data, "options"), 1)),
        rationale=_text(data, "rationale", "question", empty=True),
        references=tuple(_reference(item, place) for place, item in enumerate(_items(data, "references"), 1)),
    )


def dump(content: Content) -> dict[str, Any]:
    """The JSON form of a question: `parse(dump(content)) == content`."""
    return {
        "kind": content.kind,
        "stem": content.stem,
        "options": [
            {
                "key": option.key,
                "text": option.text,
                "correct": option.correct,
                "why": option.why,
                "misconception": option.misconception,
            }
            for option in content.options
        ],
        "rationale": content.rationale,
        "references": [{"title": reference.title, "url": reference.url} for reference in content.references],
    }


def _option(data: Any, place: int) -> Option:
    where = f"option {place}"
    if not isinstance(data, Mapping):
        raise ContentError(f"{where} is not a mapping")
    correct = data.get("correct", False)
    if not isinstance(correct, bool):
        raise ContentError(f"correct of {where} is {correct!r}, and can be true or false")
    return Option(
        key=_text(data, "key", where),
        text=_text(data, "text", where),
        correct=correct,
        why=_text(data, "why", where, empty=True),
        misconception=_text(data, "misconception", where, empty=True),
    )


def _reference(data: Any, place: int) -> Reference:
    where = f"reference {place}"
    if not isinstance(data, Mapping):
        raise ContentError(f"{where} is not a mapping")
    return Reference(title=_text(data, "title", where), url=_text(data, "url", where))


def _items(data: Mapping[str, Any], name: str) -> list[Any]:
    value = data.get(name, [])
    if not isinstance(value, list):
        raise ContentError(f"{name} is not a list")
    return value


def _text(data: Mapping[str, Any], name: str, where: str, *, empty: bool = False) -> str:
    value = data.get(name, "")
    if not isinstance(value, str):
        raise ContentError(f"{name} of {where} is not text")
    if not empty and not value.strip():
        raise ContentError(f"{name} of {where} is missing")
    return value.strip()
