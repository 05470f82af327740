"""Sums over responses, added once for each settled attempt."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from exams.models import Attempt
from questions import bank
from questions.marking import mark
from questions.models import RevisionStatistics


def count(*, attempt: int, at: datetime) -> bool:
    """Add a settled attempt to the sums, in one transaction with the note that it was added; False if it was before.

    Only the first sight of a question enters, since later ones measure memory.
    """
    with transaction.atomic():
        row = Attempt.objects.select_for_update().get(pk=attempt)
        if row.counted_at is not None or row.settled_at is None:
            return False
        _add(row)
        row.counted_at = at
        row.save(update_fields=["counted_at"])
        return True


def _add(attempt: Attempt) -> None:
    items = [item for item in attempt.items.order_by("revision_id") if item.first_sight and item.seen_at]
    contents = bank.contents(item.revision_id for item in items)
    RevisionStatistics.objects.bulk_create(
        [RevisionStatistics(revision_id=item.revision_id) for item in items], ignore_conflicts=True
    )
    for item in items:  # in the order of ids, so that two of these cannot wait for each other
        RevisionStatistics.objects.filter(pk=item.revision_id).update(
            answers=F("answers") + 1, right=F("right") + mark(contents[item.revision_id], item.chosen)
        )
