"""A bank with a canary in everything that must not be seen, and a crawl over all that a browser can reach."""

import re
from collections import deque
from collections.abc import Iterable
from typing import Any

from django.test import Client
from django.urls import reverse

from exams.models import Attempt
from questions import publishing
from questions.models import Blueprint, Misconception, Option, Question, Revision, Service
from tests import factories
from tests.exams.pages import HTMX, Page
from tests.exams.routes import TABLE
from tests.factories import NOW

# every text of a key begins with it; a key itself cannot, since it has 8 characters
CANARY, KEY, ABOUT = "CANARY", "zkey", "SIGNPOST"
# what is new in every reply: tokens, the name of the page, and the second
RANDOM = re.compile(r'name="(?:csrfmiddlewaretoken|page)" value="[\w-]+"|^Expires: .*$', re.MULTILINE)


def exam_with_canaries() -> Blueprint:
    """As many questions as are asked, so that every attempt has them all, and a draft; two of five have two keys."""
    made = factories.blueprint(weights=(60, 40), question_count=5, scored_count=5, minutes=10)
    factories.bank(made, 3)
    Revision.objects.all().delete()
    for number, question in enumerate(Question.objects.order_by("pk")):
        _mark(question, number, several=number in {1, 4})
        if number < 5:  # the last one stays a draft
            publishing.publish(question, by=None, at=NOW)
    return made


def _mark(question: Question, number: int, *, several: bool) -> None:
    """Put a canary into all that a candidate must not see, and a signpost into what the exam screen does not show."""
    question.slug, question.kind = f"{ABOUT}-slug-{number}", "multiple" if several else "single"
    question.rationale = f"{CANARY} rationale {number}"
    question.references = [
        {"title": f"{CANARY} title {number}", "url": f"https://docs.aws.amazon.com/{CANARY}-{number}"}
    ]
    question.save()
    question.options.all().delete()
    for letter in "abcde" if several else "abcd":
        slug = f"{CANARY}-{number}{letter}".lower()
        mistake = Misconception.objects.create(
            slug=slug, name=f"{CANARY} name {slug}", remedy=f"{CANARY} remedy {slug}"
        )
        correct = letter in ("ab" if several else "a")
        Option.objects.create(
            question=question,
            key=f"{KEY}{number}{letter}",
            text=f"Text {letter} of question {number}",
            correct=correct,
            why=f"{CANARY} why {number}{letter}",
            misconception=None if correct else mistake,
        )
    scenario = question.scenario
    scenario.title, scenario.slug = f"{ABOUT} scenario {number}", f"{ABOUT}-scenario-{number}"
    scenario.situation = scenario.solution = f"{CANARY} solution {number}"
    scenario.save()
    scenario.services.add(Service.objects.create(slug=f"{ABOUT}-{number}", name=f"{ABOUT} service {number}"))


# ---- reading ----


def replies(client: Client, first: Iterable[str]) -> dict[str, str]:
    """All that is reached from these addresses by links, forms and what scripts ask for, each as page and by htmx."""
    waiting, found = deque(first), dict[str, str]()
    while waiting:
        address = waiting.popleft()
        if address in found:
            continue
        assert len(found) < 500
        whole, part = client.get(address), client.get(address, headers=HTMX)
        found[address] = text(whole) + text(part)
        waiting += [place for place in places(whole, address) if place.startswith("/") and not place.startswith("//")]
    return found


def text(response: Any) -> str:
    """Status, headers and body."""
    head = "\n".join(f"{name}: {value}" for name, value in response.items())
    return f"{response.status_code}\n{head}\n{response.content.decode()}\n"


def places(response: Any, address: str) -> list[str]:
    if response.has_header("Location"):
        return [response["Location"]]
    body = response.content.decode()
    asked = re.findall(r'(?:hx-\w+|data-\w+)="([/?][^"]*)"', body)
    found = Page(body)
    targets = [*found.links, *asked, *(form.action for form in found.forms if form.action)]
    base = address.partition("?")[0]
    return [
        (base + place if place.startswith("?") else place).partition("#")[0].replace("&amp;", "&") for place in targets
    ]


def everywhere(attempt: Attempt) -> list[str]:
    """The front page, and every address of this attempt, linked or not."""
    names = ["attempt", "left", "review", "end", "report", "download"]
    assert set(names) | {"question", "question_review", "practice", "save"} == {
        name for name in TABLE if "open" in str(TABLE[name])
    }
    by_position = [
        reverse(name, args=[attempt.pk, position])
        for name in ("question", "question_review", "practice", "save")
        for position in range(7)
    ]
    return ["/", "/attempts/", *(reverse(name, args=[attempt.pk]) for name in names), *by_position]


def without_random(body: str) -> str:
    return RANDOM.sub("", body)


def hidden(found: dict[str, str], *words: str) -> dict[str, list[str]]:
    """Where something is shown that must not be. Random values are left out: by chance they spell anything.

    The pages about the bank and for choosing a drill name the services of all questions together.
    """
    pattern = re.compile("|".join(words), re.IGNORECASE)
    listed = re.compile(rf'{ABOUT} service|value="{ABOUT}-\d"', re.IGNORECASE)
    bodies = {
        address: listed.sub("", body) if address.startswith(("/bank/", "/drill/")) else body
        for address, body in found.items()
    }
    return {address: seen for address, body in bodies.items() if (seen := pattern.findall(without_random(body)))}
