"""manage.py check_bank: the audit over everything that is published."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from questions.audit import audit
from questions.audit_bank import Guesser, audit_bank
from questions.models import Revision, Service


class Command(BaseCommand):
    help = "Checks each published question and the bank as a whole for item-writing flaws and test-wise cues."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--warnings", action="store_true", help="show warnings too")

    def handle(self, *args: Any, **options: Any) -> None:
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
        for place, flaw in flaws:
            if flaw.severity in shown:
                self.stdout.write(f"{flaw.severity}: {place}: {flaw.message}")
        for guesser in report.guessers:
            self.stdout.write(said(guesser))
        errors = sum(flaw.severity == "error" for _, flaw in flaws) + sum(not guesser.ok for guesser in report.guessers)
        self.stdout.write(f"check_bank: {len(contents)} questions, {errors} errors, {len(flaws)} flaws in all")
        if errors:
            raise CommandError("The bank has errors.")


def said(guesser: Guesser) -> str:
    """A guesser in a sentence; one that beats chance begins with the word error."""
    figures = f"is right in {guesser.rate:.1%} of {guesser.questions}, chance in {guesser.chance:.1%}"
    if guesser.ok:
        return f"guesser: {guesser.rule} {figures}"
    return f"error: bank: the guesser {guesser.rule!r} {figures}: take this cue out of the options"
