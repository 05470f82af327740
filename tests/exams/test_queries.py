"""How many statements each request sends: an exact number, whatever the size of the bank and the past of the candidate."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from exams.models import GRACE, Attempt
from tests import factories
from tests.exams import acts
from tests.exams.conftest import Clock
from tests.exams.pages import HTMX, url
from tests.factories import NOW

pytestmark = pytest.mark.django_db
# what opens and closes transactions, which tests do in another way than requests
CONTROL = re.compile(r"BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE")
BEGUN = NOW - timedelta(minutes=1)
SENT = {"version": 0, "page": acts.PAGE, "seq": 1, "shown": int(BEGUN.timestamp() * 1000)}

Request = Callable[[Client, Attempt], object]


def place(name: str, attempt: Attempt, *more: object) -> str:
    return reverse(name, args=[attempt.pk, *more])


OPEN: dict[str, tuple[int, Request]] = {
    "home": (7, lambda client, attempt: client.get("/")),
    "start page": (5, lambda client, attempt: client.get("/start/DOP-C02/")),
    "start again": (5, lambda client, attempt: client.post("/start/DOP-C02/", {"time": "standard", "counting": "all"})),
    "list": (3, lambda client, attempt: client.get("/attempts/")),
    "resume": (3, lambda client, attempt: client.get(place("attempt", attempt))),
    "question": (4, lambda client, attempt: client.get(url(attempt, 2))),
    "save": (4, lambda client, attempt: client.post(place("save", attempt, 1), SENT | {"choice": "A"})),
    "save nothing new": (3, lambda client, attempt: client.post(place("save", attempt, 1), SENT)),
    "save a flag": (5, lambda client, attempt: client.post(place("save", attempt, 1), SENT | {"flag": "on"})),
    "next": (7, lambda client, attempt: client.post(url(attempt, 1), SENT | {"go": "2"})),
    "save and next": (7, lambda client, attempt: client.post(url(attempt, 1), SENT | {"choice": "A", "go": "2"})),
    "save and next by htmx": (
        8,
        lambda client, attempt: client.post(url(attempt, 1), SENT | {"choice": "A", "go": "2"}, headers=HTMX),
    ),
    "left": (3, lambda client, attempt: client.get(place("left", attempt))),
    "review": (4, lambda client, attempt: client.get(place("review", attempt))),
    "confirmation": (4, lambda client, attempt: client.get(place("end", attempt))),
    "submit": (10, lambda client, attempt: client.post(place("end", attempt))),
}
ENDED: dict[str, tuple[int, Request]] = {
    "start": (9, lambda client, attempt: client.post("/start/DOP-C02/", {"time": "standard", "counting": "all"})),
    "report": (9, lambda client, attempt: client.get(place("report", attempt))),
    "rows of the report": (9, lambda client, attempt: client.get(place("report", attempt) + "?show=all", headers=HTMX)),
    "question review": (10, lambda client, attempt: client.get(place("question_review", attempt, 2))),
    "download": (9, lambda client, attempt: client.get(place("download", attempt))),
}


@pytest.fixture(params=[(6, 0), (12, 3)], ids=["small", "large"])
def sitting(request: pytest.FixtureRequest, clock: Clock) -> Attempt:
    """An attempt, with a small bank and no past, and with a larger bank and some past."""
    each, past = request.param
    exam = factories.exam(each)
    attempt = acts.start(exam, at=BEGUN)
    for _ in range(past):
        acts.submit(acts.start(exam))
        acts.submit(attempt)
        attempt = acts.start(exam, attempt.user, at=BEGUN)
    return attempt


def statements(attempt: Attempt, request: Request) -> list[str]:
    client = Client()
    client.force_login(attempt.user)
    client.get(url(attempt, 1))  # contents never change and are kept in the process
    with CaptureQueriesContext(connection) as captured:
        response = request(client, attempt)
    assert response.status_code in {200, 204, 302}  # type: ignore[attr-defined] # the test client has no public type
    return [query["sql"] for query in captured if not CONTROL.match(query["sql"])]


@pytest.mark.parametrize("name", OPEN)
def test_while_it_is_sat(sitting: Attempt, name: str) -> None:
    number, request = OPEN[name]
    assert len(found := statements(sitting, request)) == number, "\n".join(found)


@pytest.mark.parametrize("name", ENDED)
def test_when_it_has_ended(sitting: Attempt, name: str) -> None:
    acts.answer(sitting, 1, "d")  # for the mistake that it stands for
    acts.submit(sitting)
    number, request = ENDED[name]
    assert len(found := statements(sitting, request)) == number, "\n".join(found)


def test_a_list_with_an_expired_attempt_needs_one_more(sitting: Attempt, clock: Clock) -> None:
    clock.at = sitting.deadline + GRACE
    found = statements(sitting, lambda client, attempt: client.get(reverse("attempts")))
    assert len(found) == 4, "\n".join(found)


def test_no_request_needs_more_than_ten() -> None:
    assert max(number for number, _ in (OPEN | ENDED).values()) == 10


@pytest.mark.slow
def test_starting_75_questions(clock: Clock) -> None:
    """SQLite takes so many rows in two statements."""
    full = factories.blueprint()
    factories.bank(full, 20)
    client = Client()
    client.force_login(factories.UserFactory())
    with CaptureQueriesContext(connection) as captured:
        client.post("/start/DOP-C02/", {"time": "standard", "counting": "all"})
    sent = [query["sql"] for query in captured if not CONTROL.match(query["sql"])]
    assert len(sent) == (10 if connection.vendor == "sqlite" else 9), "\n".join(sent)
