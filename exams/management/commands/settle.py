"""manage.py settle: store the scores of attempts whose time is over, and add settled ones to the statistics."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from exams import statistics
from exams.attempts import settle
from exams.models import Attempt


class Command(BaseCommand):
    help = "Settles expired attempts and counts settled ones. Run it every minute; several at once do no harm."

    def handle(self, *args: Any, **options: Any) -> None:
        at = timezone.now()
        settled = sum(settle(attempt=pk, at=at) for pk in Attempt.objects.to_settle(at).values_list("pk", flat=True))
        counted = sum(
            statistics.count(attempt=pk, at=at) for pk in Attempt.objects.to_count().values_list("pk", flat=True)
        )
        self.stdout.write(f"settle: {settled} settled, {counted} counted")
