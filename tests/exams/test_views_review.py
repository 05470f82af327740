"""Resuming, the time left, the review before the end, and the end itself."""

import pytest
from django.test import Client
from django.urls import reverse

from exams import attempts
from exams.models import GRACE, Attempt
from tests.exams import acts
from tests.exams.acts import letter
from tests.exams.conftest import Clock
from tests.exams.pages import HTMX, page, url
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def address(name: str, attempt: Attempt) -> str:
    return reverse(name, args=[attempt.pk])


def leads_to(client: Client, name: str, attempt: Attempt) -> str:
    response = client.get(address(name, attempt))
    assert response.status_code == 302
    return str(response["Location"])


# ---- resume ----


def test_resuming_leads_to_the_question_where_it_was_left(client: Client, attempt: Attempt) -> None:
    assert leads_to(client, "attempt", attempt) == url(attempt, 1)
    attempts.move(user=attempt.user, attempt=attempt.pk, leaving=1, shown=NOW, to=3, at=NOW)
    assert leads_to(client, "attempt", attempt) == url(attempt, 3)


def test_another_browser_shows_all_that_was_saved(client: Client, attempt: Attempt) -> None:
    acts.answer(attempt, 2, "bd")
    other = Client()
    other.force_login(attempt.user)
    form = page(other.get(leads_to(other, "attempt", attempt))).form()
    assert form.action == url(attempt, 1)
    assert page(other.get(url(attempt, 2))).form().fields["choice"] == sorted(letter(attempt, 2, key) for key in "bd")


@pytest.mark.parametrize(
    ("moment", "route"),
    [("before the deadline", "question"), ("within the grace", "question"), ("after the grace", "report")],
)
def test_resuming_around_the_deadline(client: Client, attempt: Attempt, clock: Clock, moment: str, route: str) -> None:
    clock.at = acts.around(attempt)[moment]
    place = url(attempt, 1) if route == "question" else address("report", attempt)
    assert leads_to(client, "attempt", attempt) == place


# ---- the time left ----


@pytest.mark.parametrize(("seconds", "left"), [(0, 600), (0.25, 599.75), (599, 1), (600, 0), (629.999, 0)])
def test_time_left(client: Client, attempt: Attempt, clock: Clock, seconds: float, left: float) -> None:
    clock.go_on(seconds=seconds)
    response = client.get(address("left", attempt))
    assert (response.status_code, response.json()) == (200, {"left": left})


def test_time_left_of_a_closed_attempt_says_where_to_go(client: Client, attempt: Attempt, clock: Clock) -> None:
    clock.at = attempt.deadline + GRACE
    response = client.get(address("left", attempt))
    assert (response.status_code, response.json()) == (410, {"problem": "closed", "next": address("report", attempt)})


# ---- review ----


@pytest.fixture
def half(attempt: Attempt) -> Attempt:
    """The first is answered and flagged, the second incomplete, the third not seen."""
    acts.answer(attempt, 1, "c")
    attempts.flag(user=attempt.user, item=acts.item(attempt, 1), on=True, at=NOW)
    attempts.move(user=attempt.user, attempt=attempt.pk, leaving=1, shown=NOW, to=2, at=NOW)
    acts.answer(attempt, 2, "d")
    return attempt


@pytest.mark.parametrize(
    ("query", "positions"),
    [
        ("", [1, 2, 3]),
        ("?show=all", [1, 2, 3]),
        ("?show=todo", [1, 2, 3]),
        ("?show=unanswered", [3]),
        ("?show=incomplete", [2]),
        ("?show=flagged", [1]),
        ("?show=nonsense", [1, 2, 3]),
    ],
)
def test_tabs_of_the_review(client: Client, half: Attempt, query: str, positions: list[int]) -> None:
    response = client.get(address("review", half) + query)
    assert [line.position for line in response.context["lines"]] == positions
    assert response.context["tabs"] == [("all", 3), ("todo", 3), ("unanswered", 1), ("incomplete", 1), ("flagged", 1)]


def test_the_review_says_what_is_open(client: Client, half: Attempt) -> None:
    response = client.get(address("review", half))
    first, second, third = response.context["lines"]
    assert (first.words, first.letters, first.flagged) == ("Answered", letter(half, 1, "c"), True)
    assert (second.words, second.letters, second.flagged) == ("One of two chosen", letter(half, 2, "d"), False)
    assert (third.words, third.letters, third.flagged) == ("Not seen", "", False)
    assert response.context["counts"] == {"done": 1, "part": 1, "seen": 0, "unseen": 1, "flagged": 1}
    assert "1 of 3 are answered and 1 flagged." in response.content.decode()


def test_the_review_leads_to_a_question(client: Client, half: Attempt) -> None:
    response = client.post(address("review", half), {"go": "3"})
    assert (response.status_code, response["Location"]) == (302, url(half, 3))
    item = acts.item(half, 3)
    assert (item.attempt.position, item.seen_at) == (3, NOW)


def test_leaving_the_review_credits_no_time(client: Client, half: Attempt, clock: Clock) -> None:
    clock.go_on(minutes=2)
    client.post(address("review", half), {"go": "2"})
    assert [acts.item(half, position).seconds for position in (1, 2, 3)] == [0, 0, 0]


@pytest.mark.parametrize("go", ["", "0", "4", "-1", "x", "99999"])
def test_the_review_leads_nowhere_else(client: Client, half: Attempt, go: str) -> None:
    assert client.post(address("review", half), {"go": go}).status_code == 404
    assert acts.item(half, 1).attempt.position == 2


# ---- the end ----


def test_the_confirmation_ends_nothing(client: Client, half: Attempt, clock: Clock) -> None:
    clock.go_on(seconds=30)
    response = client.get(address("end", half))
    facts = {name: response.context[name] for name in ("count", "still_open", "seconds_left")}
    assert facts == {"count": 3, "still_open": 2, "seconds_left": 570}
    assert Attempt.objects.open(clock.at).get() == half


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_ending_submits_and_leads_to_the_report(
    client: Client, half: Attempt, clock: Clock, headers: dict[str, str]
) -> None:
    clock.go_on(seconds=30)
    response = client.post(address("end", half), headers=headers)
    place = "HX-Redirect" if headers else "Location"
    assert (response.status_code, response[place]) == (204 if headers else 302, address("report", half))
    half.refresh_from_db()
    assert (half.submitted_at, half.settled_at, half.total) == (clock.at, clock.at, 3)


def test_ending_twice_is_once(client: Client, half: Attempt, clock: Clock) -> None:
    client.post(address("end", half))
    before = Attempt.objects.values().get()
    clock.go_on(seconds=30)
    response = client.post(address("end", half))
    assert (response.status_code, response["Location"]) == (302, address("report", half))
    assert Attempt.objects.values().get() == before


@pytest.mark.parametrize("moment", ["at the deadline", "within the grace"])
def test_the_page_ends_by_itself_at_the_deadline(client: Client, half: Attempt, clock: Clock, moment: str) -> None:
    clock.at = acts.around(half)[moment]
    client.post(address("end", half))
    half.refresh_from_db()
    assert (half.submitted_at, half.ended_at) == (clock.at, half.deadline)


def test_ending_what_has_expired_leads_to_the_report(client: Client, half: Attempt, clock: Clock) -> None:
    clock.at = half.deadline + GRACE
    assert client.post(address("end", half))["Location"] == address("report", half)
    half.refresh_from_db()
    assert half.submitted_at is None


@pytest.mark.parametrize("name", ["review", "end"])
def test_review_and_end_of_a_closed_attempt_lead_htmx_to_the_report(client: Client, half: Attempt, name: str) -> None:
    acts.submit(half)
    response = client.get(address(name, half), headers=HTMX)
    assert (response.status_code, response["HX-Redirect"]) == (204, address("report", half))
