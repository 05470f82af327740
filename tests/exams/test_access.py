"""Every route for every kind of person, by the table in routes.py; a route that is not in it fails."""

import re
from dataclasses import replace

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import resolve, reverse

from exams.models import Attempt
from tests.exams.conftest import Clock
from tests.exams.routes import CASES, ROLES, TABLE, Case, Cast, all_routes, cast
from tests.exams.stored import stored

pytestmark = pytest.mark.django_db
ADMIN = sorted(name for name, _ in all_routes() if name.startswith("admin:") and name not in TABLE)
POSTS = [case for case in CASES if case.method == "POST" and case.route != "token"]
OF_ATTEMPTS = [case for case in CASES if case.state]


@pytest.fixture
def people(clock: Clock) -> Cast:
    return cast()


def send(people: Cast, browser: Client, case: Case) -> HttpResponse:
    """The request of a case; a form goes with it where one is due."""
    address = people.address(case.route, case.state)
    if case.method == "GET":
        return browser.get(address)  # type: ignore[return-value] # a patched HttpResponse
    return browser.post(address, people.form(case.route))  # type: ignore[return-value] # as above


def answer(response: HttpResponse) -> str:
    """The status, or the route that it leads to."""
    if not response.has_header("Location"):
        return str(response.status_code)
    assert response.status_code == 302
    return resolve(response["Location"].partition("?")[0]).view_name


def test_every_route_is_in_the_table() -> None:
    names = {name for name, _ in all_routes() if not name.startswith("admin:")}
    assert names | {"admin:index", "admin:login"} == set(TABLE)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_access(people: Cast, case: Case) -> None:
    answers = []
    for role in ROLES:
        with transaction.atomic():  # each begins with the same rows
            answers.append(answer(send(people, people.browser(role), case)))
            transaction.set_rollback(True)
    assert dict(zip(ROLES, answers, strict=True)) == dict(zip(ROLES, case.answers, strict=True))


def test_the_table_gives_nobody_what_is_not_theirs() -> None:
    others = [place for place, role in enumerate(ROLES) if role not in {"anonymous", "owner"}]
    assert {case.answers[place] for case in OF_ATTEMPTS for place in others} == {"404"}
    assert {case.answers[0] for case in OF_ATTEMPTS} == {"account_login", "401"}


@pytest.mark.parametrize("case", OF_ATTEMPTS, ids=str)
def test_what_is_not_theirs_looks_like_what_is_not_there(people: Cast, case: Case) -> None:
    browser = people.browser("stranger")
    one = send(people, browser, case)
    other = send(replace(people, open=Attempt(pk=999_999), ended=Attempt(pk=999_999)), browser, case)
    assert one.status_code == other.status_code == 404
    assert without_tokens(one.content) == without_tokens(other.content)


def without_tokens(content: bytes) -> bytes:
    return re.sub(rb'name="csrfmiddlewaretoken" value="\w+"', b"", content)


@pytest.mark.parametrize("case", OF_ATTEMPTS, ids=str)
def test_nobody_changes_what_is_not_theirs(people: Cast, case: Case) -> None:
    browsers = [people.browser(role) for role in ROLES if role != "owner"]
    before = stored()
    for browser in browsers:
        send(people, browser, case)
    assert stored() == before


# ---- the workshop ----


@pytest.mark.parametrize("name", ADMIN)
def test_nobody_else_gets_into_the_workshop(people: Cast, name: str) -> None:
    browsers = [people.browser(role) for role in ("anonymous", "guest", "owner")]
    for send in [browser.get for browser in browsers] + [browser.post for browser in browsers]:
        response = send(admin_address(name))
        assert response.status_code == 302
        assert resolve(response["Location"].partition("?")[0]).view_name in {"admin:login", "admin:index"}


def admin_address(name: str) -> str:
    """An address of this route, with 1 wherever it wants something."""
    pattern = next(pattern for found, pattern in all_routes() if found == name)
    wanted = pattern.pattern.regex.groupindex
    kwargs = {argument: "questions" if argument == "app_label" else 1 for argument in wanted}
    return reverse(name, kwargs=kwargs) if name != "admin:" else "/admin/no-such-page/"


# ---- forms of other sites ----


@pytest.mark.parametrize("case", POSTS, ids=str)
def test_a_form_without_our_token_is_refused(people: Cast, case: Case) -> None:
    browsers = [people.browser(role, enforce_csrf_checks=True) for role in ("anonymous", "owner", "staff")]
    before = stored()
    for browser in browsers:
        response = send(people, browser, case)
        assert response.status_code == 403
        assert "This form was too old to be taken." in response.content.decode()
    assert stored() == before


@pytest.mark.parametrize("name", [name for name in ADMIN if name != "admin:"])
def test_the_workshop_refuses_a_form_without_our_token(people: Cast, name: str) -> None:
    browser = people.browser("staff", enforce_csrf_checks=True)
    assert browser.post(admin_address(name)).status_code == 403


def test_a_form_with_our_token_is_taken(people: Cast) -> None:
    """So that the refusals above are about the token."""
    browser = people.browser("owner", enforce_csrf_checks=True)
    token = browser.post(reverse("token")).json()["token"]
    sent = people.form("save") | {"csrfmiddlewaretoken": token}
    assert browser.post(people.address("save"), sent).status_code == 200


def test_the_token_route_needs_no_token_and_changes_nothing(people: Cast) -> None:
    """It is asked by pages whose token is too old; another site cannot read its reply."""
    browser = people.browser("owner", enforce_csrf_checks=True)
    before = stored()
    response = browser.post(reverse("token"))
    assert (response.status_code, list(response.json())) == (200, ["token"])
    assert not response.has_header("Access-Control-Allow-Origin")
    assert stored() == before


def test_another_origin_is_refused_even_with_a_token(people: Cast) -> None:
    browser: Client = people.browser("owner", enforce_csrf_checks=True)
    token = browser.post(reverse("token")).json()["token"]
    sent = people.form("save") | {"csrfmiddlewaretoken": token}
    response = browser.post(people.address("save"), sent, headers={"Origin": "https://elsewhere.example"})
    assert response.status_code == 403
