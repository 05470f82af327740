"""The app as it is deployed: tables, the real bank, collected files; and people in the middle of an exam."""

import random
from datetime import datetime, timedelta
from io import StringIO

from django.core.management import call_command
from django.utils import timezone

from accounts.models import User
from exams import attempts
from exams.models import Attempt, AttemptItem, pack
from questions import bank
from questions.content import Content
from questions.models import Blueprint
from tests.benchmarks.sessions import session
from tests.benchmarks.steps import ANSWERED, BLUEPRINT

RIGHT, FLAGGED, CHANGED = 0.7, 0.15, 0.1  # shares of the questions answered
SECONDS = 110  # on a question
WRITTEN = ["response", "first_response", "version", "page", "seq", "flagged", "seconds"]
WRITTEN += ["seen_at", "answered_at", "timed_at"]


def prepare(count: int) -> list[dict[str, str | int]]:
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("seed", stdout=StringIO())
    call_command("collectstatic", verbosity=0, interactive=False)
    at = timezone.now()
    return [_candidate(number, at) for number in range(count)]


def _candidate(number: int, at: datetime) -> dict[str, str | int]:
    """A signed-in guest with a finished attempt of last week, and at question 41 of an open one."""
    user = User.objects.create(guest_token=f"benchmark-{number}", password="!")
    before = _sit(user, answered=75, at=at - timedelta(days=7))
    attempts.submit(user=user, attempt=before.pk, at=before.deadline - timedelta(minutes=20))
    running = _sit(user, answered=ANSWERED, at=at - ANSWERED * timedelta(seconds=SECONDS))
    return {"session": session(user), "attempt": running.pk}


def _sit(user: User, *, answered: int, at: datetime) -> Attempt:
    """An attempt that began then, with its first questions answered and the next one in view."""
    blueprint = Blueprint.objects.get(code=BLUEPRINT)
    attempt = attempts.start(user=user, blueprint=blueprint, counting="aws", accommodation="standard", at=at)
    items = list(attempt.items.all()[:answered])
    contents = bank.contents(item.revision_id for item in items)
    for item in items:
        _respond(item, contents[item.revision_id], at + item.position * timedelta(seconds=SECONDS))
    # one INSERT that finds all rows there: bulk_update writes a condition for each row and field, ten times as slow
    AttemptItem.objects.bulk_create(items, update_conflicts=True, unique_fields=["id"], update_fields=WRITTEN)
    here = min(answered + 1, 75)
    attempts.move(user=user, attempt=attempt.pk, leaving=here, shown=at, to=here, at=at)
    return attempt


def _respond(item: AttemptItem, content: Content, at: datetime) -> None:
    """What a candidate leaves behind on a question."""
    item.response = item.first_response = _choice(content)
    if random.random() < CHANGED:
        item.first_response = _choice(content)
    item.version, item.page, item.seq = random.randint(1, 3), f"page-{item.position:04}", 3
    item.flagged = random.random() < FLAGGED
    item.seconds = SECONDS * random.uniform(0.3, 1.7)
    item.seen_at, item.answered_at, item.timed_at = at - timedelta(seconds=item.seconds), at, at


def _choice(content: Content) -> str:
    """The key more often than not; else as many options as asked for, by chance."""
    if random.random() < RIGHT:
        return pack(content.keys)
    return pack(set(random.sample([option.key for option in content.options], len(content.keys))))
