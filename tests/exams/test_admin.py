"""Attempts in the workshop: a list for staff, in which nothing can be written."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from exams.admin import state_of
from exams.models import GRACE, Attempt
from tests import factories
from tests.factories import NOW, UserFactory
from tests.questions.workshop import Page, browser, instructor
from tests.test_repository import inline

pytestmark = pytest.mark.django_db
SCORE = {"right": 1, "total": 1, "scaled": 1000, "low": 300, "high": 1000, "passed": True}


def address(name: str, *of: object) -> str:
    return reverse(f"admin:exams_attempt_{name}", args=of)


def made(user: User, **fields: Any) -> Attempt:
    """An attempt of one question and ten minutes."""
    small = factories.BlueprintFactory(question_count=1, scored_count=1, minutes=10)
    question = factories.QuestionFactory()
    return factories.attempt(user, small, factories.published([question]), **fields)


@pytest.fixture
def someone() -> User:
    user: User = UserFactory(email="someone@example.org")
    return user


@pytest.fixture
def client() -> Client:
    return browser(instructor())


def test_the_list_tells_who_what_and_how_it_ended(client: Client, someone: User) -> None:
    made(someone, submitted_at=NOW, settled_at=NOW, **SCORE)
    shown = Page(client.get(address("changelist")).content.decode())
    row = shown.text[shown.text.index("1 of 1 selected" if "1 of 1 selected" in shown.text else "someone@") :]
    assert row.startswith("someone@example.org DOP-C02 Mock exam Nov. 20, 2026, noon Submitted")
    assert "1000 (1 of 1)" in shown.parts


@pytest.mark.parametrize(
    ("fields", "at", "words"),
    [
        ({}, NOW, "Open"),
        ({}, NOW + timedelta(minutes=10) + GRACE - timedelta(microseconds=1), "Open"),
        ({}, NOW + timedelta(minutes=10) + GRACE, "Time was over"),
        ({"submitted_at": NOW}, NOW, "Submitted"),
        ({"submitted_at": NOW}, NOW + timedelta(days=1), "Submitted"),
    ],
)
def test_the_state_in_words(someone: User, fields: dict[str, Any], at: datetime, words: str) -> None:
    assert state_of(made(someone, **fields), at) == words


@pytest.mark.parametrize(("state", "emails"), [("", ["a", "b", "c"]), ("open", ["a"]), ("closed", ["b", "c"])])
def test_attempts_by_state(client: Client, monkeypatch: pytest.MonkeyPatch, state: str, emails: list[str]) -> None:
    made(UserFactory(email="a@example.org"))
    made(UserFactory(email="b@example.org"), submitted_at=NOW)
    made(UserFactory(email="c@example.org"), started_at=NOW - timedelta(days=1), deadline=NOW - GRACE)
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    response = client.get(address("changelist"), {"state": state})
    assert sorted(row.user.email[0] for row in response.context["cl"].result_list) == emails


def test_attempts_are_found_by_the_address(client: Client, someone: User) -> None:
    made(someone)
    made(UserFactory())
    response = client.get(address("changelist"), {"q": "someone@"})
    assert [row.user for row in response.context["cl"].result_list] == [someone]


def test_the_page_of_an_attempt_keeps_notes_and_responses_to_the_candidate(client: Client, someone: User) -> None:
    attempt = made(someone)
    attempt.items.update(note="My private note")
    text = client.get(address("change", attempt.pk)).content.decode()
    assert "someone@example.org" in text
    assert "My private note" not in text
    assert "_save" not in text


@pytest.mark.parametrize("who", ["instructor", "superuser"])
def test_attempts_are_for_reading(someone: User, who: str) -> None:
    user = instructor() if who == "instructor" else UserFactory(is_staff=True, is_superuser=True)
    client = browser(user)
    attempt = made(someone)
    before = Attempt.objects.values().get()
    assert client.get(address("add")).status_code == 403
    assert client.post(address("change", attempt.pk), {"scaled": "1000"}).status_code == 403
    assert client.post(address("delete", attempt.pk), {"post": "yes"}).status_code == 403
    sent = {"action": "delete_selected", "index": "0", "_selected_action": [attempt.pk], "post": "yes"}
    client.post(address("changelist"), sent)
    assert Attempt.objects.values().get() == before


@pytest.mark.parametrize("who", [{}, {"is_staff": True}])
def test_attempts_are_not_for_everybody(someone: User, who: dict[str, bool]) -> None:
    attempt = made(someone)
    client = browser(UserFactory(**who))
    for where in (address("changelist"), address("change", attempt.pk)):
        assert client.get(where, follow=True).status_code == 403


def test_the_list_takes_the_same_queries_for_any_number(client: Client) -> None:
    counts = []
    client.get(address("changelist"))
    for _ in range(3):
        made(UserFactory())
        with CaptureQueriesContext(connection) as found:
            client.get(address("changelist"))
        counts.append(len(found))
    assert counts[0] == counts[1] == counts[2]


def test_pages_of_attempts_need_nothing_inline(client: Client, someone: User) -> None:
    attempt = made(someone)
    for where in (address("changelist"), address("change", attempt.pk)):
        assert inline(client.get(where).content.decode()) == []
