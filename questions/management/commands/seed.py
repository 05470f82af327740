"""manage.py seed: bring fixtures/ into the bank."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from questions.seeding import FileError, seed


class Command(BaseCommand):
    help = "Brings the questions of fixtures/ into the bank and publishes them. Running it twice changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--folder", type=Path, default=settings.FIXTURES_DIR)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            done = seed(options["folder"], at=timezone.now(), say=lambda line: self.stdout.write(f"seed: {line}"))
        except FileError as error:
            raise CommandError(f"Nothing was seeded. {error}") from error
        self.stdout.write(f"seed: {done.created} new, {done.changed} changed, {done.published} revisions published")
        for name in done.left:
            self.stdout.write(f"seed: left alone, it was edited or retired here: {name}")
