"""What an open attempt shows: the question without its key, the navigator, the counts. Reads only.

Nothing here can reach a key: questions come as prompts.
"""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

from django.db.models import Q

from accounts.models import User
from exams.drawing import option_order
from exams.models import Attempt, AttemptItem, unpack
from questions import bank
from questions.content import Prompt

LETTERS = "ABCDEF"
TABS = ("all", "todo", "unanswered", "incomplete", "flagged")
NUMBERS = {1: "one", 2: "two", 3: "three", 4: "four", 5: "five", 6: "six"}


@dataclass(frozen=True, slots=True)
class ShownOption:
    """An option under the letter of this attempt."""

    letter: str
    key: str
    text: str
    chosen: bool
    struck: bool


class Mark(NamedTuple):
    """What the navigator needs of a question: columns, since 75 rows as models cost more than all else on a page."""

    position: int
    revision: int
    response: str
    flagged: bool
    seen: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """One question in the navigator; `state` is done, part, seen or empty for not seen."""

    position: int
    state: str
    flagged: bool


STATES = {"done": "answered", "part": "incomplete", "seen": "not answered", "": "not seen"}


@dataclass(frozen=True)
class Screen:
    """An open attempt at one of its questions."""

    attempt: Attempt
    item: AttemptItem
    prompt: Prompt
    options: tuple[ShownOption, ...]
    cells: tuple[Cell, ...]
    at: datetime

    def with_letters(self, chosen: tuple[str, ...]) -> "Screen":
        """The same screen with these options chosen instead of the stored ones."""
        options = tuple(replace(option, chosen=option.letter in chosen) for option in self.options)
        return replace(self, options=options)

    @property
    def count(self) -> int:
        return len(self.cells)

    @property
    def position(self) -> int:
        return self.item.position

    @property
    def previous(self) -> int | None:
        return self.position - 1 if self.position > 1 else None

    @property
    def next(self) -> int | None:
        return self.position + 1 if self.position < self.count else None

    @property
    def is_multiple(self) -> bool:
        return self.prompt.choose > 1

    @property
    def choose_word(self) -> str:
        return NUMBERS[self.prompt.choose].upper()

    @cached_property
    def counts(self) -> dict[str, int]:
        return counts(self.cells)

    @property
    def seconds_left(self) -> float:
        return self.attempt.left(self.at).total_seconds()

    @property
    def is_low(self) -> bool:
        return self.seconds_left <= 300

    @cached_property
    def open_positions(self) -> list[int]:
        return [cell.position for cell in self.cells if cell.state != "done"]


@dataclass(frozen=True, slots=True)
class Line:
    """One question on the review screen."""

    position: int
    begins: str
    state: str
    words: str
    letters: str
    flagged: bool

    def is_in(self, tab: str) -> bool:
        """Whether a tab of the review screen lists this question."""
        match tab:
            case "todo":
                return self.state != "done" or self.flagged
            case "unanswered":
                return self.state in {"", "seen"}
            case "incomplete":
                return self.state == "part"
            case "flagged":
                return self.flagged
            case _:
                return True


def letters(attempt: Attempt, position: int, prompt: Prompt) -> dict[str, str]:
    """Option key by the letter shown, in the order shown."""
    keys = tuple(choice.key for choice in prompt.choices)
    return dict(zip(LETTERS, option_order(attempt.seed, position, keys), strict=False))


def prompt_of(item: AttemptItem) -> Prompt:
    """The question of an item, without its key."""
    return bank.prompts([item.revision_id])[item.revision_id]


def open_screen(*, user: User, attempt: int, position: int, at: datetime) -> Screen:
    """An attempt of this candidate at a question. Raises `AttemptItem.DoesNotExist`."""
    items = AttemptItem.objects.select_related("attempt__blueprint")
    return screen_of(items.get(attempt_id=attempt, attempt__user=user, position=position), at)


def screen_of(item: AttemptItem, at: datetime) -> Screen:
    """The screen of an item that has come with its attempt."""
    prompt = prompt_of(item)
    return Screen(
        attempt=item.attempt,
        item=item,
        prompt=prompt,
        options=_options(item.attempt, item, prompt),
        cells=cells(marks(item.attempt_id)),
        at=at,
    )


def first_unrevealed(attempt: Attempt) -> int:
    """Where a drill that tells after each answer goes on; its last question when all are told."""
    waiting = attempt.items.filter(revealed_at__isnull=True).order_by("position").values_list("position", flat=True)
    return waiting.first() or attempt.items.count()


def marks(attempt: int) -> list[Mark]:
    """All questions of an attempt by position."""
    rows = AttemptItem.objects.filter(attempt_id=attempt).order_by("position")
    rows = rows.annotate(seen=Q(seen_at__isnull=False))  # a truth, since 75 times take long to read
    return [Mark(*row) for row in rows.values_list("position", "revision_id", "response", "flagged", "seen")]


def lines(marks: list[Mark], attempt: Attempt) -> list[Line]:
    """All questions as the review screen lists them."""
    prompts = bank.prompts(mark.revision for mark in marks)
    return [_line(mark, attempt, prompts[mark.revision]) for mark in marks]


def cells(marks: list[Mark]) -> tuple[Cell, ...]:
    prompts = bank.prompts(mark.revision for mark in marks)
    return tuple(_cell(mark, prompts[mark.revision].choose) for mark in marks)


def counts(cells: tuple[Cell, ...]) -> dict[str, int]:
    """How many are done, part, seen, unseen and flagged."""
    states = Counter(cell.state for cell in cells)
    return {
        "done": states["done"],
        "part": states["part"],
        "seen": states["seen"],
        "unseen": states[""],
        "flagged": sum(cell.flagged for cell in cells),
    }


def _options(attempt: Attempt, item: AttemptItem, prompt: Prompt) -> tuple[ShownOption, ...]:
    texts = {choice.key: choice.text for choice in prompt.choices}
    return tuple(
        ShownOption(letter, key, texts[key], key in item.chosen, key in item.struck_out)
        for letter, key in letters(attempt, item.position, prompt).items()
    )


def _cell(mark: Mark, choose: int) -> Cell:
    chosen = mark.response.count(",") + 1 if mark.response else 0
    if chosen:
        state = "done" if chosen == choose else "part"
    else:
        state = "seen" if mark.seen else ""
    return Cell(mark.position, state, mark.flagged)


def _line(mark: Mark, attempt: Attempt, prompt: Prompt) -> Line:
    cell, chosen = _cell(mark, prompt.choose), unpack(mark.response)
    words = STATES[cell.state].capitalize()
    if cell.state == "part":
        words = f"{NUMBERS[len(chosen)].capitalize()} of {NUMBERS[prompt.choose]} chosen"
    shown = letters(attempt, mark.position, prompt)
    return Line(
        position=mark.position,
        begins=_begins(prompt.case or prompt.ask),
        state=cell.state,
        words=words,
        letters=", ".join(letter for letter, key in shown.items() if key in chosen),
        flagged=mark.flagged,
    )


def _begins(text: str, words: int = 9) -> str:
    """The first words of a stem, without the marks of Markdown."""
    return " ".join(text.replace("`", "").replace("*", "").split()[:words]) + " …"
