"""manage.py check_bank: the audit over everything that is published."""

from argparse import ArgumentTypeError
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from questions import bank
from questions.audit import Flaw, audit
from questions.audit_bank import Guesser, audit_bank
from questions.models import Blueprint, Revision, Service
from questions.overview import overview


class Command(BaseCommand):
    help = "Checks each published question and the bank as a whole for item-writing flaws and test-wise cues."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--warnings", action="store_true", help="show warnings too")
        parser.add_argument(
            "--stale", type=_days, metavar="DAYS", help="instead, list what was last checked more than so many days ago"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["stale"] is not None:
            return self._list_stale(options["stale"])
        return self._check(options)

    def _list_stale(self, days: int) -> None:
        live = Revision.objects.live()
        stale = live.filter(question__verified__lt=timezone.localdate() - timedelta(days=days))
        rows = stale.order_by("question__verified", "question__slug").values_list(
            "question__verified", "question__slug"
        )
        for verified, slug in rows:
            self.stdout.write(f"{verified:%Y-%m-%d} {slug}")
        self.stdout.write(f"check_bank: {len(rows)} of {live.count()} were last checked more than {days} days ago")

    def _check(self, options: dict[str, Any]) -> None:
        shown = ("error", "warning") if options["warnings"] else ("error",)
        live = Revision.objects.live().select_related("question").order_by("question__slug")
        contents = {revision.question.slug: revision.parsed for revision in live}
        if not contents:
            raise CommandError("The bank is empty. Run: manage.py seed")
        services = list(Service.objects.values_list("name", flat=True))
        flaws = [
            (f"{slug}, {flaw.where}" if flaw.where else slug, flaw)
            for slug, content in contents.items()
            for flaw in audit(content, service_names=services)
        ]
        report = audit_bank(contents, service_names=services)
        flaws += [(flaw.where or "bank", flaw) for flaw in report.flaws]
        flaws += [(flaw.where, flaw) for flaw in _gone()]
        for place, flaw in flaws:
            if flaw.severity in shown:
                self.stdout.write(f"{flaw.severity}: {place}: {flaw.message}")
        for guesser in report.guessers:
            self.stdout.write(said(guesser))
        for blueprint in overview().blueprints:
            self.stdout.write(
                f"{blueprint.code}: {blueprint.questions} questions; forms without a repeat: {blueprint.forms}"
            )
        errors = sum(flaw.severity == "error" for _, flaw in flaws) + sum(not guesser.ok for guesser in report.guessers)
        self.stdout.write(f"check_bank: {len(contents)} questions, {errors} errors, {len(flaws)} flaws in all")
        if errors:
            raise CommandError("The bank has errors.")


def _days(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 5:
        raise ArgumentTypeError("give a number of days")
    return int(text)


def _gone() -> list[Flaw]:
    """Questions that have a place in an exam of today, and rest on what AWS has closed or ended."""
    message = "It rests on what AWS has closed or ended, so no exam of today draws it: leave {} out of its blueprints."
    return [
        Flaw("error", "gone", message.format(blueprint.code), slug)
        for blueprint in Blueprint.objects.filter(retired_on=None)
        for slug in bank.fitting(blueprint).filter(bank.on_what_is_gone()).values_list("question__slug", flat=True)
    ]


def said(guesser: Guesser) -> str:
    """A guesser in a sentence; one that beats chance begins with the word error."""
    figures = f"is right in {guesser.rate:.1%} of {guesser.questions}, chance in {guesser.chance:.1%}"
    if guesser.ok:
        return f"guesser: {guesser.rule} {figures}"
    return f"error: bank: the guesser {guesser.rule!r} {figures}: take this cue out of the options"
