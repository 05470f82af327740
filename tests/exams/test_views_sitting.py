"""The exam by plain forms, as without script, and by htmx: what is shown, what is stored, where it leads."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from exams import attempts
from exams.models import GRACE, Attempt, AttemptItem
from tests.exams import acts
from tests.exams.acts import letter
from tests.exams.conftest import Clock
from tests.exams.pages import HTMX, loaded, page, url
from tests.factories import NOW, UserFactory

pytestmark = pytest.mark.django_db


# ---- the page ----


def test_a_page_holds_what_orders_its_saves(client: Client, attempt: Attempt) -> None:
    form = loaded(client, attempt, 1)
    assert (form.method, form.action) == ("post", url(attempt, 1))
    assert {name: form.fields[name] for name in ("version", "seq", "shown", "note_was", "note")} == {
        "version": ["0"],
        "seq": ["1"],
        "shown": [str(int(NOW.timestamp() * 1000))],
        "note_was": [""],
        "note": [""],
    }
    assert "choice" not in form.fields


def test_each_page_load_has_a_name_of_its_own(client: Client, attempt: Attempt) -> None:
    names = {loaded(client, attempt, 1).fields["page"][0] for _ in range(3)}
    assert len(names) == 3


def test_a_page_shows_what_is_stored(client: Client, attempt: Attempt) -> None:
    item = acts.item(attempt, 2)
    acts.answer(attempt, 2, "bd")
    attempts.flag(user=attempt.user, item=item, on=True, at=NOW)
    attempts.strike(user=attempt.user, item=item, key="c", on=True, at=NOW)
    attempts.note(user=attempt.user, item=item, text='"<b>&', at=NOW)
    form = loaded(client, attempt, 2)
    assert form.fields["choice"] == sorted(letter(attempt, 2, key) for key in "bd")
    assert (form.fields["version"], form.fields["note"], form.fields["note_was"]) == (["1"], ['"<b>&'], ['"<b>&'])
    assert ("flag", "off") in form.buttons
    assert ("strike", f"{letter(attempt, 2, 'c')}-off") in form.buttons


@pytest.mark.parametrize(
    ("position", "places"), [(1, {"n": "2"}), (2, {"p": "1", "n": "3"}), (3, {"p": "2", "n": "review"})]
)
def test_a_page_leads_on_and_back(client: Client, attempt: Attempt, position: int, places: dict[str, str]) -> None:
    text = client.get(url(attempt, position)).content.decode()
    found = re.findall(r'name="go" value="(\w+)" data-key="(\w)"', text)
    assert {key: place for place, key in found} == places


def test_the_navigator_leads_everywhere(client: Client, attempt: Attempt) -> None:
    buttons = loaded(client, attempt, 2).buttons
    assert {value for name, value in buttons if name == "go"} == {"1", "2", "3", "stay", "review"}


def test_the_number_to_choose_is_said_for_several_only(client: Client, attempt: Attempt) -> None:
    pages = [client.get(url(attempt, position)).content.decode() for position in (1, 2)]
    assert ["Choose TWO." in text for text in pages] == [False, True]
    assert ['type="checkbox"' in text for text in pages] == [False, True]
    assert ['type="radio"' in text for text in pages] == [True, False]


@pytest.mark.parametrize(
    ("headers", "whole"),
    [({}, True), (HTMX, False), (HTMX | {"HX-History-Restore-Request": "true"}, True)],
)
def test_htmx_gets_the_form_alone(client: Client, attempt: Attempt, headers: dict[str, str], whole: bool) -> None:
    text = client.get(url(attempt, 1), headers=headers).content.decode()
    assert ("<html" in text) is whole
    assert text.count("<title>") == text.count('id="exam"') == 1


@pytest.mark.parametrize(("passed", "low"), [(299, False), (300, True), (629, True)])
def test_under_five_minutes_there_is_a_notice(
    client: Client, attempt: Attempt, clock: Clock, passed: int, low: bool
) -> None:
    clock.go_on(seconds=passed)
    text = client.get(url(attempt, 1)).content.decode()
    assert ("Under 5 minutes left." in text) is low


# ---- sending ----


def test_a_form_stores_the_answer_and_moves_on(client: Client, attempt: Attempt, clock: Clock) -> None:
    form = loaded(client, attempt, 1)
    clock.go_on(seconds=40)
    response = client.post(form.action, form.with_(choice=letter(attempt, 1, "c"), go="2"))
    assert (response.status_code, response["Location"]) == (302, url(attempt, 2))
    item = acts.item(attempt, 1)
    assert (item.response, item.version, item.seconds, item.attempt.position) == ("c", 1, 40, 2)
    assert acts.item(attempt, 2).seen_at == clock.at


def test_several_options_are_stored(client: Client, attempt: Attempt) -> None:
    form = loaded(client, attempt, 2)
    client.post(form.action, form.with_(choice=[letter(attempt, 2, key) for key in "ae"], go="stay"))
    assert acts.item(attempt, 2).response == "a,e"


def test_a_form_without_a_choice_takes_the_answer_back(client: Client, attempt: Attempt) -> None:
    acts.answer(attempt, 2, "ab")
    form = loaded(client, attempt, 2)
    client.post(form.action, form.with_(choice=None, go="stay"))
    assert (acts.item(attempt, 2).response, acts.item(attempt, 2).version) == ("", 2)


def test_an_unchanged_form_writes_no_version(client: Client, attempt: Attempt) -> None:
    acts.answer(attempt, 1, "c")
    form = loaded(client, attempt, 1)
    client.post(form.action, form.with_(go="2"))
    assert acts.item(attempt, 1).version == 1


@pytest.mark.parametrize(
    ("go", "place"), [("stay", "2"), (None, "2"), ("2", "2"), ("1", "1"), ("3", "3"), ("review", "review")]
)
def test_where_a_form_leads(client: Client, attempt: Attempt, go: str | None, place: str) -> None:
    form = loaded(client, attempt, 2)
    response = client.post(form.action, form.with_(go=go))
    target = reverse("review", args=[attempt.pk]) if place == "review" else url(attempt, int(place))
    assert (response.status_code, response["Location"]) == (302, target)


@pytest.mark.parametrize("go", ["0", "4", "9999"])
def test_a_place_that_is_not_there_is_not_found_and_the_answer_is_kept(
    client: Client, attempt: Attempt, go: str
) -> None:
    form = loaded(client, attempt, 1)
    response = client.post(form.action, form.with_(choice=letter(attempt, 1, "c"), go=go))
    assert response.status_code == 404
    assert (acts.item(attempt, 1).response, acts.item(attempt, 1).attempt.position) == ("c", 1)


def test_htmx_gets_the_next_question_and_its_address(client: Client, attempt: Attempt) -> None:
    form = loaded(client, attempt, 1)
    response = client.post(form.action, form.with_(choice=letter(attempt, 1, "c"), go="2"), headers=HTMX)
    assert (response.status_code, response["HX-Push-Url"]) == (200, url(attempt, 2))
    assert page(response).form().action == url(attempt, 2)
    assert acts.item(attempt, 1).response == "c"


def test_htmx_is_sent_to_the_review(client: Client, attempt: Attempt) -> None:
    form = loaded(client, attempt, 1)
    response = client.post(form.action, form.with_(go="review"), headers=HTMX)
    assert (response.status_code, response["HX-Redirect"]) == (204, reverse("review", args=[attempt.pk]))
    assert response.content == b""


# ---- closed, foreign ----


@pytest.mark.parametrize("how", ["submitted", "expired"])
def test_a_closed_attempt_leads_to_its_report(client: Client, attempt: Attempt, clock: Clock, how: str) -> None:
    form = loaded(client, attempt, 1)
    clock.at = attempt.deadline + GRACE if how == "expired" else NOW
    if how == "submitted":
        acts.submit(attempt)
    report = reverse("report", args=[attempt.pk])
    sent = form.with_(choice=letter(attempt, 1, "c"), go="2")
    for response in (client.get(url(attempt, 1)), client.post(form.action, sent)):
        assert (response.status_code, response["Location"]) == (302, report)
    for response in (client.get(url(attempt, 1), headers=HTMX), client.post(form.action, sent, headers=HTMX)):
        assert (response.status_code, response["HX-Redirect"]) == (204, report)
    assert AttemptItem.objects.filter(response="").count() == 3


@pytest.mark.parametrize("at", ["before the deadline", "at the deadline", "within the grace"])
def test_until_the_end_of_the_grace_a_form_is_taken(client: Client, attempt: Attempt, clock: Clock, at: str) -> None:
    form = loaded(client, attempt, 1)
    clock.at = acts.around(attempt)[at]
    client.post(form.action, form.with_(choice=letter(attempt, 1, "c"), go="2"))
    assert acts.item(attempt, 1).response == "c"


@pytest.mark.parametrize("position", [0, 4, 10**18 - 1])
def test_other_positions_are_not_found(client: Client, attempt: Attempt, position: int) -> None:
    form = loaded(client, attempt, 1)
    assert client.get(url(attempt, position)).status_code == 404
    assert client.post(url(attempt, position), form.with_(choice="A")).status_code == 404


@pytest.mark.parametrize("pk", [0, 10**18 - 1])
def test_other_attempts_are_not_found(client: Client, attempt: Attempt, pk: int) -> None:
    for name, arguments in {"question": [pk, 1], "review": [pk], "end": [pk], "attempt": [pk]}.items():
        assert client.get(reverse(name, args=arguments)).status_code == 404


def test_nobody_else_sees_or_stores_anything(client: Client, attempt: Attempt) -> None:
    form = loaded(client, attempt, 1)
    client.force_login(UserFactory())
    assert client.get(url(attempt, 1)).status_code == 404
    assert client.post(form.action, form.with_(choice=letter(attempt, 1, "c"), flag="on")).status_code == 404
    item = acts.item(attempt, 1)
    assert (item.response, item.flagged) == ("", False)


def test_without_a_session_a_page_leads_to_sign_in_and_htmx_gets_401(client: Client, attempt: Attempt) -> None:
    form = loaded(client, attempt, 1)
    client.logout()
    for response in (client.get(url(attempt, 1)), client.post(form.action, form.with_())):
        assert (response.status_code, response["Location"]) == (
            302,
            f"{reverse('account_login')}?next={url(attempt, 1)}",
        )
    assert client.post(form.action, form.with_(), headers=HTMX).status_code == 401


def test_the_clock_of_a_page_is_the_servers(client: Client, attempt: Attempt, clock: Clock) -> None:
    clock.at = NOW + timedelta(minutes=2, seconds=0.25)
    assert 'data-left="479.750"' in client.get(url(attempt, 1)).content.decode()
