"""The front page and the start page: what they say, and what a start that cannot be leads to."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from exams.models import GRACE, Attempt
from questions.models import Blueprint
from tests import factories
from tests.exams import acts
from tests.exams.conftest import Clock
from tests.exams.pages import page, url
from tests.factories import NOW, UserFactory

pytestmark = pytest.mark.django_db
START = "/start/DOP-C02/"


@pytest.fixture
def small(clock: Clock) -> Blueprint:
    return factories.exam()


@pytest.fixture
def visitor() -> Client:
    """Somebody with an account who is signed in."""
    browser = Client()
    browser.force_login(UserFactory())
    return browser


def words(browser: Client, place: str) -> str:
    return " ".join(browser.get(place).content.decode().split())


# ---- an empty bank ----


def test_without_a_blueprint_the_front_page_says_what_to_do(db: None) -> None:
    assert "The bank is empty." in words(Client(), "/")
    assert Client().get(reverse("first_start")).status_code == 404
    assert Client().get(START).status_code == 404


@pytest.mark.parametrize("signed_in", [True, False])
def test_a_thin_bank_starts_nothing_and_names_the_domain(clock: Clock, visitor: Client, signed_in: bool) -> None:
    factories.bank(factories.blueprint(weights=(60, 40), question_count=10, scored_count=10), 5)
    response = (visitor if signed_in else Client()).post(START, {"time": "standard", "counting": "all"})
    assert response.status_code == 409
    assert "Domain 1 has 5 of 6 questions. Nothing was started." in response.content.decode()
    assert "Domain 2 has" not in response.content.decode()
    assert Attempt.objects.count() == 0


# ---- the start page ----


def test_the_start_page_states_the_rules(small: Blueprint, visitor: Client) -> None:
    text = words(visitor, START)
    for fact in (
        "Your 5 questions",
        "<dd>10 <small>min</small></dd>",
        "<dd>750 <small>of 1000</small></dd>",
        "4, as in the real exam",
    ):
        assert fact in text
    for minutes in ("10", "40", "12", "15", "20"):
        assert f"<span>{minutes} minutes<span" in text


def test_the_questions_by_domain_are_those_that_will_be_drawn(small: Blueprint, visitor: Client) -> None:
    shown = visitor.get(START).context["domains"]
    assert [(entry["domain"].number, entry["asked"]) for entry in shown] == [(1, 3), (2, 2)]


@pytest.mark.parametrize("usual", ["standard", "esl", "1.25", "1.5", "2"])
def test_the_usual_time_is_chosen(small: Blueprint, usual: str) -> None:
    browser = Client()
    browser.force_login(UserFactory(accommodation=usual))
    form = next(form for form in page(browser.get(START)).forms if "time" in form.fields)
    assert (form.fields["time"], form.fields["counting"]) == ([usual], ["all"])


def test_a_start_fixes_what_was_chosen(small: Blueprint, visitor: Client) -> None:
    response = visitor.post(START, {"time": "1.5", "counting": "aws"})
    attempt = Attempt.objects.get()
    assert (response.status_code, response["Location"]) == (302, url(attempt, 1))
    assert (attempt.accommodation, attempt.counting, attempt.started_at) == ("1.5", "aws", NOW)
    assert attempt.allowed.total_seconds() == 900


@pytest.mark.parametrize(
    "wrong", [{"time": "3"}, {"time": ""}, {"counting": "none"}, {"counting": "\x00"}, {"time": "standard\x00"}]
)
def test_a_wrong_start_starts_nothing(small: Blueprint, visitor: Client, wrong: dict[str, str]) -> None:
    response = visitor.post(START, {"time": "standard", "counting": "all"} | wrong)
    assert response.status_code == 200
    assert "The exam was not started." in response.content.decode()
    assert Attempt.objects.count() == 0


@pytest.mark.parametrize("field", ["deadline", "seed", "started_at", "user", "minutes", "cut", "mode"])
def test_a_start_takes_nothing_else(small: Blueprint, visitor: Client, field: str) -> None:
    visitor.post(START, {"time": "standard", "counting": "all", field: "1"})
    attempt = Attempt.objects.get()
    assert (attempt.deadline, attempt.started_at, attempt.cut, attempt.mode) == (
        NOW + attempt.allowed,
        NOW,
        750,
        "mock",
    )
    assert attempt.allowed.total_seconds() == 600
    assert attempt.user == User.objects.get()


@pytest.mark.parametrize(("sent", "kept"), [({"shortcuts": "on"}, "on"), ({}, "off")])
def test_shortcuts_are_kept_in_a_cookie(small: Blueprint, visitor: Client, sent: dict[str, str], kept: str) -> None:
    visitor.post(START, {"time": "standard", "counting": "all"} | sent)
    assert visitor.cookies["shortcuts"].value == kept
    text = visitor.get(url(Attempt.objects.get(), 1)).content.decode()
    assert f'data-shortcuts="{kept}"' in text


def test_who_sits_the_exam_is_led_back(small: Blueprint, visitor: Client, clock: Clock) -> None:
    visitor.post(START, {"time": "standard", "counting": "all"})
    attempt = Attempt.objects.get()
    for place in ("/", START, "/attempts/", "/no-such-page/"):
        assert url(attempt, 1) in page(visitor.get(place)).links
    clock.at = attempt.deadline + GRACE
    for place in ("/", START, "/attempts/", "/no-such-page/"):
        assert url(attempt, 1) not in page(visitor.get(place)).links


def test_the_running_exam_of_another_is_nobodys_business(small: Blueprint, visitor: Client) -> None:
    other = acts.start(small)
    assert url(other, 1) not in page(visitor.get("/")).links


# ---- the front page ----


def test_the_blueprint_of_today_comes_first(clock: Clock) -> None:
    factories.exam(code="DOP-C01", retired_on="2023-03-06")
    factories.exam(code="DOP-C02")
    assert Client().get(reverse("first_start"))["Location"] == START
    text = words(Client(), "/")
    assert text.index("DOP-C02") < text.index("DOP-C01")
    assert "retired, sat until March 2023" in text


# ---- the list of attempts ----


def test_the_list_has_open_and_finished_attempts(small: Blueprint, clock: Clock) -> None:
    user = UserFactory()
    browser = Client()
    browser.force_login(user)
    assert "Nothing here yet." in words(browser, "/attempts/")
    ended = acts.submit(acts.start(small, user))
    running = acts.start(small, user)
    response = browser.get("/attempts/")
    assert ([row.pk for row in response.context["open"]], len(response.context["finished"])) == ([running.pk], 1)
    assert reverse("report", args=[ended.pk]) in page(response).links


@pytest.mark.parametrize("settled", [True, False])
def test_an_expired_attempt_is_listed_with_its_score(small: Blueprint, clock: Clock, settled: bool) -> None:
    attempt = acts.start(small)
    acts.answer(attempt, 1, "a")
    clock.at = attempt.deadline + GRACE
    if settled:
        acts.submit(attempt, at=clock.at)
    browser = Client()
    browser.force_login(attempt.user)
    (line,) = browser.get("/attempts/").context["finished"]
    assert (line["scaled"], line["right"], line["total"], line["passed"]) == (280, 1, 5, False)
    assert "20 November 2026, 12:10 UTC" in words(browser, "/attempts/")
