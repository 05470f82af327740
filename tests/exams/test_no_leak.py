"""The key never leaves early: canaries in all that must stay hidden, and a crawl over all that a candidate can reach."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from exams.models import Attempt
from questions import bank, frozen
from questions.models import Blueprint, Revision
from tests import factories
from tests.exams import acts
from tests.exams.canaries import (
    ABOUT,
    CANARY,
    KEY,
    everywhere,
    exam_with_canaries,
    hidden,
    replies,
    text,
    without_random,
)
from tests.exams.conftest import Clock
from tests.exams.pages import HTMX, loaded, url
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def exam() -> Blueprint:
    return exam_with_canaries()


@pytest.fixture
def attempt(exam: Blueprint) -> Attempt:
    return acts.start(exam)


@pytest.fixture
def client(attempt: Attempt, clock: Clock) -> Client:
    browser = Client()
    browser.force_login(attempt.user)
    return browser


def sent(client: Client, attempt: Attempt) -> dict[str, str]:
    """Replies to every way to answer every question, to conflicts, and to forms that are refused."""
    found = {}
    for item in attempt.items.all():
        place = reverse("save", args=[attempt.pk, item.position])
        for step, choice in enumerate(["A", "B", "C", "D", "E", "F", "", "A"]):
            form = {"version": step, "page": acts.PAGE, "seq": step + 2, "shown": 0, "choice": choice, "flag": "on"}
            found[f"{place} {step}"] = text(client.post(place, form))
            form = loaded(client, attempt, item.position).with_(choice=choice, strike="B-on", note="n")
            for headers in ({}, HTMX):
                found[f"{place} form {step} {headers}"] = text(
                    client.post(url(attempt, item.position), form, headers=headers)
                )
        stale = {"version": 0, "page": "another-page", "seq": 9, "shown": 0, "choice": "B"}
        found[f"{place} stale"] = text(client.post(place, stale)) + text(
            client.post(url(attempt, item.position), stale)
        )
    return found


# ---- an open attempt ----


def test_nothing_of_a_key_can_be_read(client: Client, attempt: Attempt) -> None:
    found = replies(client, everywhere(attempt))
    assert {url(attempt, position) for position in range(1, 6)} <= set(found)
    assert all("Text a of question" in found[url(attempt, position)] for position in range(1, 6))
    assert hidden(found, CANARY, KEY, ABOUT) == {}


def test_nothing_of_a_key_comes_with_a_reply(client: Client, attempt: Attempt) -> None:
    found = sent(client, attempt)
    assert {body[:3] for body in found.values()} == {"200", "302", "409", "422"}
    assert hidden(found, CANARY, KEY, ABOUT) == {}
    assert hidden(replies(client, everywhere(attempt)), CANARY, KEY, ABOUT) == {}


def test_others_read_nothing_either(client: Client, attempt: Attempt) -> None:
    for person in (None, UserFactory(), factories.GuestFactory()):
        browser = Client()
        if person:
            browser.force_login(person)
        assert hidden(replies(browser, everywhere(attempt)), CANARY, KEY, ABOUT) == {}


def test_the_canaries_sing_when_the_attempt_has_ended(client: Client, attempt: Attempt) -> None:
    """So that the silence above says something."""
    for item in attempt.items.all():
        acts.answer(attempt, item.position, [item.revision.parsed.distractors[0].key])
    acts.submit(attempt)
    found = "".join(replies(client, everywhere(attempt)).values())
    for word in ("why", "rationale", "title", "name", "remedy"):
        assert len(set(re.findall(rf"{CANARY} {word} [\w-]+", found))) >= 5
    assert f"https://docs.aws.amazon.com/{CANARY}-0" in found
    assert hidden({"all": found}, KEY, f"{CANARY} solution") == {}


def test_pages_do_not_depend_on_the_key(client: Client, attempt: Attempt) -> None:
    """The same attempt with other options right: not a byte of what can be read differs, but for tokens."""
    sent(client, attempt)
    before = {address: without_random(body) for address, body in replies(client, everywhere(attempt)).items()}
    key = {revision.pk: revision.parsed.keys for revision in Revision.objects.all()}
    permute_keys()
    assert all(key[revision.pk].isdisjoint(revision.parsed.keys) for revision in Revision.objects.all())
    after = {address: without_random(body) for address, body in replies(client, everywhere(attempt)).items()}
    assert after == before


def permute_keys() -> None:
    """Make other options right in what is published, which takes the trigger away; the test's end brings it back."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("DROP TRIGGER questions_revision_frozen ON questions_revision")
        else:
            cursor.execute("DROP TRIGGER questions_revision_frozen")
    for revision in Revision.objects.all():
        options = revision.content["options"]
        states = [option["correct"] for option in options]
        for option, state in zip(options, states[-2:] + states[:-2], strict=True):
            option["correct"] = state
        revision.save()
    frozen.install(using="default")
    bank.forget()


@pytest.mark.parametrize("several", [False, True])
def test_right_and_wrong_answers_are_handled_alike(client: Client, attempt: Attempt, several: bool) -> None:
    """The same status, size and headers, and as many statements."""
    item = next(item for item in attempt.items.all() if (len(item.revision.parsed.keys) == 2) is several)
    client.get(url(attempt, item.position))  # contents are kept in the process
    seen = set()
    for step in range(12):
        letters = ["ABCDE"[step % 4], "ABCDE"[step % 4 + 1]] if several else "ABCD"[step % 4]
        form = {"version": step, "page": acts.PAGE, "seq": step + 2, "shown": 0, "choice": letters}
        with CaptureQueriesContext(connection) as captured:
            response = client.post(reverse("save", args=[attempt.pk, item.position]), form)
        width = len(str(step + 1)) + len(str(step + 2))  # of version and seq
        seen.add((response.status_code, len(response.content) - width, tuple(sorted(response.items())), len(captured)))
    assert len({one[:2] + one[3:] for one in seen}) == 1
