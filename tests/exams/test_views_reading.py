"""What reading may do: nothing is written by it, and nothing of an attempt is kept by browsers and proxies."""

import pytest
from django.test import Client
from django.urls import reverse

from exams.models import GRACE, Attempt
from tests.exams.conftest import Clock
from tests.exams.pages import HTMX
from tests.exams.routes import CASES, TABLE, Case, Cast, cast
from tests.exams.stored import stored

pytestmark = pytest.mark.django_db
READING = [case for case in CASES if case.method == "GET"]
OF_ATTEMPTS = [case for case in CASES if case.state or case.route in {"attempts", "start"}]
# allauth's views take what they take; these are ours
OURS = sorted(name for name in TABLE if not name.startswith(("account_", "admin:")))
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@pytest.fixture
def people(clock: Clock) -> Cast:
    return cast()


@pytest.mark.parametrize("case", READING, ids=str)
def test_reading_writes_nothing(people: Cast, case: Case) -> None:
    """Also where a visitor gets a cookie, and where htmx asks for a part of a page."""
    browsers = [people.browser(role) for role in ("anonymous", "guest", "owner", "staff")]
    before = stored()
    for browser in browsers:
        browser.get(people.address(case.route, case.state))
        browser.get(people.address(case.route, case.state), headers=HTMX)
    assert stored() == before


@pytest.mark.parametrize("case", [case for case in READING if case.state == "open"], ids=str)
def test_reading_what_has_expired_writes_nothing(people: Cast, clock: Clock, case: Case) -> None:
    browser = people.browser("owner")
    clock.at = people.open.deadline + GRACE
    before = stored()
    for name in (case.route, "attempts", "home"):
        browser.get(people.address(name, case.state))
    assert stored() == before


@pytest.mark.parametrize("case", OF_ATTEMPTS, ids=str)
def test_nothing_of_attempts_is_kept(people: Cast, case: Case) -> None:
    """Whatever the answer is: a page, a part of one, a redirect, a refusal."""
    for role in ("anonymous", "owner", "stranger"):
        for headers in ({}, HTMX):
            browser = people.browser(role)
            send = browser.get if case.method == "GET" else browser.post
            response = send(people.address(case.route, case.state), headers=headers)
            assert set(response["Cache-Control"].split(", ")) == {"private", "no-store"}
            assert {"HX-Request", "Cookie"} <= set(response["Vary"].split(", "))


@pytest.mark.parametrize("name", ["home", "account"])
def test_pages_with_the_name_of_somebody_are_not_kept(people: Cast, name: str) -> None:
    response = people.browser("owner").get(reverse(name))
    assert {"private", "no-store"} <= set(response["Cache-Control"].split(", "))


@pytest.mark.parametrize("name", OURS)
def test_other_methods_are_refused(people: Cast, name: str) -> None:
    before = stored()
    allowed = {line.split()[0] for line in TABLE[name]}
    for method in set(METHODS) - allowed:
        response = Client().generic(method, people.address(name, "open"))
        assert response.status_code == 405
        assert allowed <= set(response["Allow"].split(", "))
    assert stored() == before


@pytest.mark.parametrize(
    "tail", ["", "questions/1/", "questions/1/save/", "left/", "review/", "end/", "report/", "report/1/", "report.csv"]
)
@pytest.mark.parametrize("number", [0, 999_999, 10**18 - 1, 2**63, 10**30])
def test_absurd_attempts_are_not_found(people: Cast, tail: str, number: int) -> None:
    for role in ("anonymous", "owner", "staff"):
        browser = people.browser(role)
        for response in (browser.get(f"/attempts/{number}/{tail}"), browser.post(f"/attempts/{number}/{tail}")):
            assert response.status_code in ({302, 401, 404, 405} if role == "anonymous" else {404, 405})


@pytest.mark.parametrize("tail", ["questions/{}/", "questions/{}/save/", "report/{}/"])
@pytest.mark.parametrize("number", [0, 999, 2**31, 10**18 - 1, 10**30])
def test_absurd_positions_are_not_found(people: Cast, tail: str, number: int) -> None:
    address = f"/attempts/{people.attempt('ended' if 'report' in tail else 'open').pk}/{tail.format(number)}"
    browser = people.browser("owner")
    assert {browser.get(address).status_code, browser.post(address).status_code} <= {404, 405}


@pytest.mark.parametrize("code", ["nothing", "%00", "a%00b", "x" * 500, "%F0%9F%99%82", "..", "%ED%A0%80"])
def test_absurd_codes_are_not_found(people: Cast, code: str) -> None:
    browser = people.browser("owner")
    assert browser.get(f"/start/{code}/").status_code == 404
    assert browser.post(f"/start/{code}/", people.form("start")).status_code == 404
    assert Attempt.objects.count() == 2


@pytest.mark.parametrize("query", ["show=", "show=nothing", "show=%00", "show=wrong&show=all", "show[]=x", "%00=%00"])
def test_absurd_filters_show_a_page(people: Cast, query: str) -> None:
    browser = people.browser("owner")
    for name, state in {"review": "open", "report": "ended", "question_review": "ended"}.items():
        assert browser.get(f"{people.address(name, state)}?{query}").status_code == 200
