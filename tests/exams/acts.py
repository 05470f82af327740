"""What candidates do in tests, in one call each, at a moment that the test names."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from accounts.models import User
from exams import attempts
from exams.models import GRACE, Attempt, AttemptItem
from exams.saving import Saved
from exams.screen import letters, prompt_of
from questions.models import Blueprint
from tests.factories import NOW, UserFactory

INSTANT = timedelta(microseconds=1)
PAGE = "page-for-tests"


def start(of: Blueprint, user: User | None = None, *, at: datetime = NOW, **asked: str) -> Attempt:
    """A mock exam, of a new candidate unless one is named."""
    rules = {"counting": "all", "accommodation": "standard"} | asked
    return attempts.start(user=user or UserFactory(), blueprint=of, at=at, **rules)


def item(of: Attempt, position: int) -> AttemptItem:
    """The item as it is stored now, with its attempt."""
    return attempts.theirs(user=of.user, attempt=of.pk, position=position)


def letter(of: Attempt, position: int, key: str) -> str:
    """The letter that stands for an option key in this attempt."""
    shown = letters(of, position, prompt_of(item(of, position)))
    return next(letter for letter, found in shown.items() if found == key)


def answer(of: Attempt, position: int, keys: Iterable[str], *, at: datetime = NOW, **sent: object) -> Saved:
    """Answer from a page that was loaded at this moment; what else the page sent can be named."""
    seen = item(of, position)
    values = {"version": seen.version, "page": f"page-{seen.version:04}", "seq": 2, "shown": at} | sent
    change = attempts.Change(chosen=frozenset(keys), **values)  # type: ignore[arg-type] # the fields differ in type
    return attempts.answer(user=of.user, item=seen, change=change, at=at)


def see_all(of: Attempt, *, at: datetime = NOW) -> None:
    """Go through all questions."""
    for position in of.items.values_list("position", flat=True):
        attempts.move(user=of.user, attempt=of.pk, leaving=position, shown=at, to=position, at=at)


def submit(of: Attempt, *, at: datetime = NOW) -> Attempt:
    return attempts.submit(user=of.user, attempt=of.pk, at=at)


def around(attempt: Attempt) -> dict[str, datetime]:
    """The moments that decide: just before and at the deadline, just before and at the end of the grace."""
    closing = attempt.deadline + GRACE
    return {
        "before the deadline": attempt.deadline - INSTANT,
        "at the deadline": attempt.deadline,
        "within the grace": closing - INSTANT,
        "after the grace": closing,
    }
