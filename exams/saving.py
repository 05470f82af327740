"""Saving one response: a single guarded statement, acknowledged only after its commit.

The statement checks owner, deadline, submission and version, and writes. On PostgreSQL it holds the attempt's row for
share, so that a submission waits for it and it for a submission; on SQLite a write statement is alone by itself.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING

from django.db import connection

from accounts.models import User
from exams.models import GRACE, AttemptItem, pack
from questions import bank

if TYPE_CHECKING:
    from exams.attempts import Change


class Outcome(Enum):
    STORED = "stored"
    AGAIN = "again"  # it is stored already: the reply was lost, or another page has stored the same
    SUPERSEDED = "superseded"  # the same page has stored a later change
    CONFLICT = "conflict"  # something else is stored that this page has not seen


@dataclass(frozen=True, slots=True)
class Saved:
    """What came of a save: `chosen` is what is stored now, at `version`."""

    outcome: Outcome
    version: int
    chosen: frozenset[str]


SAVE = """
WITH held AS (
  SELECT id FROM exams_attempt
  WHERE id = %s AND user_id = %s AND submitted_at IS NULL AND settled_at IS NULL AND deadline > %s {lock}
)
UPDATE exams_attemptitem AS item
SET response = %s, version = item.version + 1, page = %s, seq = %s, answered_at = %s, timed_at = %s,
    seconds = item.seconds + CASE WHEN COALESCE(item.timed_at, %s) = %s THEN %s ELSE 0 END,
    struck = CASE WHEN item.struck = %s THEN %s ELSE item.struck END,
    first_response = CASE WHEN item.first_response = '' THEN %s ELSE item.first_response END
FROM held
WHERE item.attempt_id = held.id AND item.position = %s
  AND ((item.version = %s AND NOT (item.page = %s AND item.seq >= %s)) OR (item.page = %s AND item.seq < %s))
RETURNING version
"""


def save(item: AttemptItem, change: "Change", *, user: User, at: datetime) -> Saved | None:
    """Write a change to the candidate's own item; None when the attempt has closed meanwhile.

    Raises `AttemptItem.DoesNotExist` where the item is not theirs.
    """
    version = _write(item, change, user, at)
    if version is not None:
        return Saved(Outcome.STORED, version, change.chosen)
    now = AttemptItem.objects.select_related("attempt").get(pk=item.pk, attempt__user=user)
    if not now.attempt.is_open(at):
        return None
    return Saved(_why(now, change), now.version, now.chosen)


def _write(item: AttemptItem, change: "Change", user: User, at: datetime) -> int | None:
    content = bank.contents([item.revision_id])[item.revision_id]
    response = pack(change.chosen)
    now = connection.ops.adapt_datetimefield_value(at)
    counted_from = connection.ops.adapt_datetimefield_value(item.timed_at or item.attempt.started_at)
    values = [
        item.attempt_id,
        user.pk,
        connection.ops.adapt_datetimefield_value(at - GRACE),
        response,
        change.page,
        change.seq,
        now,
        now,
        # of two saves that have read the same row only the first is credited: the time is the same
        counted_from,
        counted_from,
        elapsed(item, change.shown, at),
        item.struck,  # a strike of this very moment stays
        pack(item.struck_out - change.chosen),
        response if len(change.chosen) == len(content.keys) else "",
        item.position,
        change.version,
        change.page,
        change.seq,
        change.page,
        change.seq,
    ]
    lock = "FOR SHARE" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(SAVE.format(lock=lock), values)
        row = cursor.fetchone()
    return row[0] if row else None


def is_stored(item: AttemptItem, change: "Change") -> bool:
    """Whether a change says what is stored, and no earlier one of its page can still arrive and undo it.

    A page begins with seq 1 and nothing to send, and a form without script stays there.
    """
    latest = item.seq if item.page == change.page else 1
    return item.chosen == change.chosen and change.seq <= latest


def _why(item: AttemptItem, change: "Change") -> Outcome:
    if item.page == change.page and item.seq > change.seq:
        return Outcome.SUPERSEDED
    return Outcome.AGAIN if item.chosen == change.chosen else Outcome.CONFLICT


def elapsed(item: AttemptItem, shown: datetime, at: datetime) -> float:
    """Seconds to add to an item: since it was shown or last timed, never counted twice, never past the deadline."""
    since = max(shown, item.timed_at or item.attempt.started_at, item.attempt.started_at)
    until = min(at, item.attempt.deadline)
    return max((until - since).total_seconds(), 0.0)
