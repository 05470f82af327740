"""Tables and questions of the floor, and people in the middle of an exam."""

import random
from datetime import timedelta

from django.contrib.auth.models import User
from django.core.management import call_command
from django.utils import timezone

from tests.benchmarks.floor.models import Attempt, Item, Question, Response
from tests.benchmarks.sessions import session
from tests.benchmarks.steps import ANSWERED

BANK = 200
STEM = (
    "A company runs a web application in several accounts and deploys it from one pipeline. Each release must reach a "
    "tenth of the users first, go back by itself when an alarm rises, and leave a record of who approved it. "
)
OPTION = "Deploy with a canary configuration, attach the alarm to the deployment group, and approve in the pipeline"


def prepare(count: int) -> list[dict[str, str | int]]:
    call_command("migrate", verbosity=0)
    call_command("migrate", run_syncdb=True, verbosity=0)  # our own tables, which refer to those of Django
    _questions()
    return [_candidate(number) for number in range(count)]


def _questions() -> None:
    """A bank of questions of usual length, in six domains."""
    Question.objects.bulk_create(
        Question(
            stem=f"Case {number}. " + STEM * 3 + "\n\nWhich solution fits?",
            options=[[letter, f"{OPTION} ({letter} of {number})."] for letter in "ABCD"],
            key=random.choice("ABCD"),
            domain=number % 6 + 1,
        )
        for number in range(BANK)
    )


def _candidate(number: int) -> dict[str, str | int]:
    """A signed-in person with an open attempt, 40 of 75 answered."""
    at = timezone.now()
    user = User.objects.create(username=f"candidate{number}", password="!")
    attempt = Attempt.objects.create(user=user, started_at=at, deadline=at + timedelta(hours=3), position=ANSWERED + 1)
    drawn = random.sample(list(Question.objects.values_list("pk", flat=True)), 75)
    Item.objects.bulk_create(Item(attempt=attempt, position=place, question_id=pk) for place, pk in enumerate(drawn, 1))
    Response.objects.bulk_create(
        Response(attempt=attempt, position=place, choice=random.choice("ABCD"), saved_at=at)
        for place in range(1, ANSWERED + 1)
    )
    return {"session": session(user), "attempt": attempt.pk}
