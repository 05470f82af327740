"""What the database knows of a candidate's exam: the key as it is lettered on the page, and what is stored."""

import secrets
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from importlib import import_module

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.utils import timezone
from playwright.sync_api import BrowserContext

from accounts.guests import BACKEND
from accounts.models import User
from exams import attempts
from exams.models import Attempt, AttemptItem
from exams.screen import letters, prompt_of
from questions import bank
from questions.models import Blueprint
from tests.factories import UserFactory


@dataclass(frozen=True)
class Sitting:
    """One attempt, read anew at each question about it."""

    pk: int

    @classmethod
    def begin(cls, user: User, *, ago: timedelta = timedelta(0), counting: str = "all") -> "Sitting":
        """A mock exam that this person has started."""
        blueprint = Blueprint.objects.get(code="DOP-C02")
        at = timezone.now() - ago
        return cls(
            attempts.start(user=user, blueprint=blueprint, counting=counting, accommodation="standard", at=at).pk
        )

    @property
    def attempt(self) -> Attempt:
        return Attempt.objects.select_related("user", "blueprint").get(pk=self.pk)

    def item(self, position: int) -> AttemptItem:
        return AttemptItem.objects.select_related("attempt").get(attempt_id=self.pk, position=position)

    def items(self) -> list[AttemptItem]:
        return list(AttemptItem.objects.filter(attempt_id=self.pk).order_by("position"))

    # ---- letters of this attempt ----

    def shown(self, position: int) -> dict[str, str]:
        """Option key by letter."""
        item = self.item(position)
        return letters(item.attempt, position, prompt_of(item))

    def choose(self, position: int) -> int:
        """How many options are asked for."""
        return prompt_of(self.item(position)).choose

    def key(self, position: int) -> str:
        """The letters that are right, "BD"."""
        item = self.item(position)
        keys = bank.contents([item.revision_id])[item.revision_id].keys
        return "".join(letter for letter, key in self.shown(position).items() if key in keys)

    def wrong(self, position: int) -> str:
        """As many letters as are asked for, one of them wrong."""
        key = self.key(position)
        other = next(letter for letter in self.shown(position) if letter not in key)
        return "".join(sorted(key[1:] + other))

    def chosen(self, position: int) -> str:
        """The letters that are stored."""
        stored = self.item(position).chosen
        return "".join(letter for letter, key in self.shown(position).items() if key in stored)

    def struck(self, position: int) -> str:
        stored = self.item(position).struck_out
        return "".join(letter for letter, key in self.shown(position).items() if key in stored)

    def answers(self) -> dict[int, str]:
        """The stored letters of all questions that have some."""
        return {item.position: self.chosen(item.position) for item in self.items() if item.response}

    def first(self, choose: int) -> int:
        """The first question that asks for so many options."""
        return next(item.position for item in self.items() if prompt_of(item).choose == choose)

    def with_options(self, number: int) -> int:
        """The first question that offers so many options."""
        return next(item.position for item in self.items() if len(prompt_of(item).choices) == number)

    # ---- what a report must say ----

    def domains(self, right: set[int]) -> dict[str, tuple[int, int]]:
        """By name of the domain how many of these positions it has, and how many questions in all."""
        names = {number: name for number, name, _ in self.attempt.domains}
        totals = Counter(item.domain for item in self.items())
        found = Counter(item.domain for item in self.items() if item.position in right)
        return {names[number]: (found[number], total) for number, total in totals.items()}

    # ---- what happens behind the candidate's back ----

    def leave(self, **left: float) -> datetime:
        """Move start and deadline so that this much time is left; returns the deadline."""
        row = self.attempt
        deadline = timezone.now() + timedelta(**left)
        Attempt.objects.filter(pk=self.pk).update(deadline=deadline, started_at=deadline - row.allowed)
        return deadline

    def answer(self, position: int, chosen: str) -> None:
        """Store an answer as another page would."""
        row, shown = self.attempt, self.shown(position)
        item, now = self.item(position), timezone.now()
        keys = frozenset(shown[letter] for letter in chosen)
        change = attempts.Change(keys, item.version, secrets.token_urlsafe(9), 1, now)
        attempts.answer(user=row.user, item=item, change=change, at=now)

    def submit(self) -> None:
        attempts.submit(user=self.attempt.user, attempt=self.pk, at=timezone.now())

    def answer_all(self, *, right: int, of: int = 75, start: int = 1) -> None:
        """Answer the questions from `start` to `of`, those up to `right` correctly, and end."""
        for position in range(start, of + 1):
            self.answer(position, self.key(position) if position <= right else self.wrong(position))
        self.submit()


def scaled(right: int, total: int) -> int:
    """The scaled score by the rule that the report states: 100 to 1000 on a straight line, rounded down."""
    return int(100 + 900 * Fraction(right, total))


def session_of(user: User) -> str:
    """A session of this person, for a cookie."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = BACKEND
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return str(session.session_key)


def sign_in(context: BrowserContext, user: User) -> None:
    """Give the context a session of this person; cookies do not know ports."""
    context.add_cookies(
        [{"name": "session", "value": session_of(user), "domain": "127.0.0.1", "path": "/", "httpOnly": True}]
    )


def person(**fields: object) -> User:
    """Somebody with an account."""
    made: User = UserFactory(**fields)
    return made


def set_password(user: User, password: str) -> User:
    """Let this person sign in by hand; the server knows the hashers of production, with as many rounds as it finds."""
    user.password = PBKDF2PasswordHasher().encode(password, "salt", iterations=1)
    user.save(update_fields=["password"])
    return user
