"""What pages send, checked before anything is written. Every message says what to do."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.http import QueryDict

from accounts.models import Accommodation
from exams.drills import LEAST, MOST, Source, Wish
from exams.models import Attempt, Confidence

PAGE = re.compile(r"[A-Za-z0-9_-]{8,32}")
NOTE_LIMIT = 4000
BIGGEST = 2**31 - 1


class StartForm(forms.Form):
    """Time and counting of a new mock exam."""

    time = forms.ChoiceField(choices=Accommodation.choices, initial=Accommodation.STANDARD)
    counting = forms.ChoiceField(choices=Attempt.Counting.choices, initial=Attempt.Counting.ALL)


class DrillForm(forms.Form):
    """What to practise. Domains and services are those of the page; a slug that nobody has fits no question."""

    domain = forms.TypedMultipleChoiceField(coerce=int, required=False)
    service = forms.MultipleChoiceField(required=False)
    scenario = forms.SlugField(required=False, max_length=80)
    misconception = forms.SlugField(required=False, max_length=80)
    source = forms.ChoiceField(choices=Source.choices, initial=Source.ANY)
    count = forms.IntegerField(min_value=LEAST, max_value=MOST, initial=10)
    feedback = forms.ChoiceField(choices=Attempt.Feedback.choices, initial=Attempt.Feedback.EACH)
    clock = forms.ChoiceField(choices=[("none", "None"), ("pace", "The pace of the exam")], initial="none")

    def __init__(self, *args: Any, domains: list[tuple[int, str]], services: list[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        for name, choices in (("domain", [(str(number), name) for number, name in domains]), ("service", services)):
            self.fields[name].choices = choices  # type: ignore[attr-defined] # these two are choice fields

    def wish(self) -> Wish:
        """The drill that a valid form asks for."""
        said = self.cleaned_data
        return Wish(
            count=said["count"],
            source=said["source"],
            domains=frozenset(said["domain"]),
            services=frozenset(said["service"]),
            scenario=said["scenario"],
            misconception=said["misconception"],
            feedback=said["feedback"],
            timed=said["clock"] == "pace",
        )


class BadForm(ValueError):
    """A form that no page of ours sends; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A question's form: letters chosen, and the version, page and seq that order the saves."""

    letters: tuple[str, ...]
    version: int
    page: str
    seq: int
    shown: datetime


def read(data: QueryDict) -> Sent:
    """The part of a form that carries the answer. Raises `BadForm`; nothing is guessed where something is missing."""
    page = data.get("page", "")
    if not PAGE.fullmatch(page):
        raise BadForm("page is missing or malformed")
    letters = tuple(data.getlist("choice"))
    if len(set(letters)) != len(letters):
        raise BadForm("an option is chosen twice")
    return Sent(
        letters=letters,
        version=_number(data, "overrule" if "overrule" in data else "version"),
        page=page,
        seq=_number(data, "seq"),
        shown=_moment(data),
    )


def keys(letters: tuple[str, ...], shown: dict[str, str], choose: int) -> frozenset[str]:
    """Option keys for the letters sent; `shown` has key by letter. Raises `BadForm`."""
    unknown = [letter for letter in letters if letter not in shown]
    if unknown:
        raise BadForm("an option is chosen that this question does not have")
    if len(letters) > choose:
        raise BadForm(f"{len(letters)} options are chosen where {choose} can be")
    return frozenset(shown[letter] for letter in letters)


@dataclass(frozen=True, slots=True)
class Checked:
    """An answer of a drill that is to be told at once: letters, how sure, and when the page was shown."""

    letters: tuple[str, ...]
    confidence: str
    shown: datetime


def read_checked(data: QueryDict) -> Checked:
    """The form of a question that is told at once. Raises `BadForm`."""
    confidence = data.get("confidence", "")
    if confidence not in {"", *Confidence.values}:
        raise BadForm("confidence is malformed")
    return Checked(tuple(dict.fromkeys(data.getlist("choice"))), confidence, _moment(data))


@dataclass(frozen=True, slots=True)
class Marks:
    """What a form wants besides the answer; None where it says nothing. `strikes` has option keys and their state."""

    flag: bool | None
    strikes: tuple[tuple[str, bool], ...]
    note: str | None


STATES = {"on": True, "off": False}


def marks(data: QueryDict, shown: dict[str, str]) -> Marks:
    """Toggles are sent as the state they want, so that a retry does not undo. Raises `BadForm`."""
    flag = data.get("flag")
    if flag is not None and flag not in STATES:
        raise BadForm("flag is malformed")
    strikes = tuple(_strike(text, shown) for text in data.getlist("strike"))
    return Marks(flag=None if flag is None else STATES[flag], strikes=strikes, note=_note(data))


def _strike(text: str, shown: dict[str, str]) -> tuple[str, bool]:
    letter, _, state = text.partition("-")
    if letter not in shown or state not in STATES:
        raise BadForm("an option is struck out that this question does not have")
    return shown[letter], STATES[state]


def _note(data: QueryDict) -> str | None:
    """The note as sent; None where `note_was` says that it was not changed on this page."""
    text, before = data.get("note"), data.get("note_was")
    if text is None or (before is not None and _lines(text) == _lines(before)):
        return None
    if len(text) > NOTE_LIMIT or "\x00" in text:
        raise BadForm(f"a note can have {NOTE_LIMIT} characters")
    return _lines(text)


def _lines(text: str | None) -> str:
    return (text or "").replace("\r\n", "\n")


def _number(data: QueryDict, name: str) -> int:
    text = data.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) <= 10 and int(text) <= BIGGEST):
        raise BadForm(f"{name} is missing or malformed")
    return int(text)


def _moment(data: QueryDict) -> datetime:
    """When the page was shown, in milliseconds since 1970; the clamp to the attempt is the attempt's."""
    text = data.get("shown", "")
    if not (text.isascii() and text.isdigit() and len(text) <= 13):
        raise BadForm("shown is missing or malformed")
    return datetime.fromtimestamp(int(text) / 1000, tz=UTC)


__all__ = [
    "BadForm",
    "Checked",
    "DrillForm",
    "Marks",
    "Sent",
    "StartForm",
    "keys",
    "marks",
    "read",
    "read_checked",
]
