"""Saving by script: only a reply that echoes page and seq counts as saved, and every other reply says why it does not."""

from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from exams.models import GRACE, Attempt
from tests.exams import acts
from tests.exams.acts import PAGE, letter
from tests.exams.conftest import Clock
from tests.factories import NOW, UserFactory

pytestmark = pytest.mark.django_db
MILLISECONDS = int(NOW.timestamp() * 1000)


def save(client: Client, attempt: Attempt, keys: str, position: int = 1, **sent: object) -> HttpResponse:
    """Send these option keys, as the script of a page that was loaded at NOW and has seen version 0."""
    choice = [letter(attempt, position, key) for key in keys]
    values = {"choice": choice, "version": 0, "page": PAGE, "seq": 2, "shown": MILLISECONDS} | sent
    return client.post(reverse("save", args=[attempt.pk, position]), values)  # type: ignore[return-value] # a patched one


def json(response: HttpResponse) -> dict[str, Any]:
    assert response["Content-Type"] == "application/json"
    found: dict[str, Any] = response.json()  # type: ignore[attr-defined] # by the test client
    return found


# ---- 200 ----


def test_a_stored_save_is_echoed(client: Client, attempt: Attempt, clock: Clock) -> None:
    clock.go_on(seconds=41.5)
    response = save(client, attempt, "c")
    assert response.status_code == 200
    assert json(response) == {
        "position": 1,
        "version": 1,
        "page": PAGE,
        "seq": 2,
        "left": 558.5,
        "shown": MILLISECONDS + 41_500,
    }
    assert (acts.item(attempt, 1).response, acts.item(attempt, 1).seconds) == ("c", 41.5)


def test_a_retry_is_echoed_with_the_same_version(client: Client, attempt: Attempt) -> None:
    first, second = json(save(client, attempt, "c")), json(save(client, attempt, "c"))
    assert first == second
    assert acts.item(attempt, 1).version == 1


def test_a_late_arrival_is_echoed_and_not_stored(client: Client, attempt: Attempt) -> None:
    save(client, attempt, "c", seq=3)
    reply = json(save(client, attempt, "b", seq=2))
    assert (reply["seq"], reply["version"]) == (2, 1)
    assert acts.item(attempt, 1).response == "c"


def test_an_answer_that_was_changed_back_is_safe_from_what_is_still_under_way(client: Client, attempt: Attempt) -> None:
    """b, then c, then b again; the request with c arrives last, after the page was told that b is saved."""
    save(client, attempt, "b", seq=2)
    assert save(client, attempt, "b", seq=4).status_code == 200
    save(client, attempt, "c", seq=3)
    assert acts.item(attempt, 1).response == "b"


def test_an_answer_that_was_changed_back_on_a_new_page_is_safe_as_well(client: Client, attempt: Attempt) -> None:
    acts.answer(attempt, 1, "b", page="the-page-before")
    assert save(client, attempt, "b", version=1, seq=3).status_code == 200
    save(client, attempt, "c", version=1, seq=2)
    assert acts.item(attempt, 1).response == "b"


def test_an_empty_answer_is_saved(client: Client, attempt: Attempt) -> None:
    save(client, attempt, "c")
    assert json(save(client, attempt, "", version=1, seq=3))["version"] == 2
    assert acts.item(attempt, 1).response == ""


def test_marks_go_with_the_answer(client: Client, attempt: Attempt) -> None:
    strikes = [f"{letter(attempt, 1, key)}-on" for key in "bd"]
    reply = json(save(client, attempt, "c", flag="on", strike=strikes, note="why not b?"))
    item = acts.item(attempt, 1)
    assert (item.flagged, item.struck, item.note, item.response) == (True, "b,d", "why not b?", "c")
    assert reply["version"] == item.version == 1


def test_marks_alone_change_no_version(client: Client, attempt: Attempt) -> None:
    save(client, attempt, "c")
    reply = json(save(client, attempt, "c", version=1, flag="on"))
    assert (reply["version"], acts.item(attempt, 1).flagged) == (1, True)


def test_script_sends_a_note_only_when_it_was_changed(client: Client, attempt: Attempt) -> None:
    attempt.items.filter(position=1).update(note="kept")
    save(client, attempt, "c")
    assert acts.item(attempt, 1).note == "kept"
    save(client, attempt, "c", note="kept", note_was="kept")
    assert acts.item(attempt, 1).note == "kept"
    save(client, attempt, "c", note="")
    assert acts.item(attempt, 1).note == ""


def test_right_and_wrong_answers_get_the_same_reply(client: Client, attempt: Attempt) -> None:
    replies = [save(client, attempt, keys, version=place, seq=place + 2) for place, keys in enumerate("abcd")]
    assert len({len(reply.content) for reply in replies}) == 1
    assert len({(reply.status_code, *sorted(reply.items())) for reply in replies}) == 1


# ---- 401, 404 ----


def test_without_a_session_it_is_401_and_no_redirect(attempt: Attempt) -> None:
    response = save(Client(), attempt, "c")
    assert (response.status_code, json(response)) == (401, {"problem": "signed out"})
    assert not response.has_header("Location")
    assert acts.item(attempt, 1).response == ""


def test_to_others_it_does_not_exist(client: Client, attempt: Attempt) -> None:
    client.force_login(UserFactory())
    response = save(client, attempt, "c", flag="on")
    assert response.status_code == 404
    assert (acts.item(attempt, 1).response, acts.item(attempt, 1).flagged) == ("", False)


@pytest.mark.parametrize("position", [0, 4, 10**18 - 1])
def test_other_positions_do_not_exist(client: Client, attempt: Attempt, position: int) -> None:
    values = {"version": 0, "page": PAGE, "seq": 2, "shown": MILLISECONDS}
    assert client.post(f"/attempts/{attempt.pk}/questions/{position}/save/", values).status_code == 404


# ---- 409 ----


def test_a_conflict_brings_both_answers_and_the_stored_version(client: Client, attempt: Attempt) -> None:
    acts.answer(attempt, 1, "b", page="another-tab")
    response = save(client, attempt, "c")
    reply = json(response)
    mine, theirs = letter(attempt, 1, "c"), letter(attempt, 1, "b")
    assert (response.status_code, reply["version"], reply["page"], reply["seq"]) == (409, 1, PAGE, 2)
    assert f"There it is {theirs}; here you chose {mine}." in reply["notice"]
    assert 'name="overrule" value="1"' in reply["notice"]
    assert acts.item(attempt, 1).response == "b"


def test_overruling_stores(client: Client, attempt: Attempt) -> None:
    acts.answer(attempt, 1, "b", page="another-tab")
    assert save(client, attempt, "c", overrule=1).status_code == 200
    assert acts.item(attempt, 1).response == "c"


def test_the_same_seq_with_another_answer_is_a_conflict(client: Client, attempt: Attempt) -> None:
    save(client, attempt, "b")
    assert save(client, attempt, "c").status_code == 409
    assert acts.item(attempt, 1).response == "b"


# ---- 410 ----


@pytest.mark.parametrize("moment", ["before the deadline", "at the deadline", "within the grace"])
def test_until_the_end_of_the_grace_it_is_stored(client: Client, attempt: Attempt, clock: Clock, moment: str) -> None:
    clock.at = acts.around(attempt)[moment]
    reply = json(save(client, attempt, "c"))
    assert reply["left"] == pytest.approx(max((attempt.deadline - clock.at).total_seconds(), 0))
    assert acts.item(attempt, 1).response == "c"


@pytest.mark.parametrize("how", ["expired", "submitted"])
@pytest.mark.parametrize("keys", ["b", "c"])
def test_a_closed_attempt_is_410_and_says_where_to_go(
    client: Client, attempt: Attempt, clock: Clock, how: str, keys: str
) -> None:
    """Also for what is stored already: the page must learn that it is over."""
    acts.answer(attempt, 1, "b")
    if how == "expired":
        clock.at = attempt.deadline + GRACE
    else:
        acts.submit(attempt)
    response = save(client, attempt, keys, version=1, flag="on")
    report = reverse("report", args=[attempt.pk])
    assert (response.status_code, json(response)) == (410, {"problem": "closed", "next": report})
    assert (acts.item(attempt, 1).response, acts.item(attempt, 1).flagged) == ("b", False)


def test_shown_is_clamped_to_the_attempt(client: Client, attempt: Attempt, clock: Clock) -> None:
    """A wrong clock of the candidate's credits no time before the start, and none that has not passed."""
    clock.go_on(seconds=10)
    save(client, attempt, "c", shown=0)
    save(client, attempt, "b", seq=3, shown=int((NOW + timedelta(days=9)).timestamp() * 1000))
    assert acts.item(attempt, 1).seconds == 10


# ---- leaving a page ----


def test_the_time_on_a_page_is_noted_when_it_is_left(client: Client, attempt: Attempt, clock: Clock) -> None:
    clock.go_on(seconds=50)
    assert save(client, attempt, "", seq=1, leaving="yes").status_code == 200
    item = acts.item(attempt, 1)
    assert (item.seconds, item.version, item.response) == (50, 0, "")


def test_leaving_with_an_answer_credits_the_time_once(client: Client, attempt: Attempt, clock: Clock) -> None:
    clock.go_on(seconds=50)
    save(client, attempt, "c", leaving="yes")
    assert (acts.item(attempt, 1).response, acts.item(attempt, 1).seconds) == ("c", 50)
    clock.go_on(seconds=10)
    save(client, attempt, "c", leaving="yes")
    assert acts.item(attempt, 1).seconds == 60


def test_leaving_a_stale_page_stores_no_answer(client: Client, attempt: Attempt) -> None:
    acts.answer(attempt, 1, "b", page="another-tab")
    assert save(client, attempt, "c", seq=1, leaving="yes").status_code == 409
    assert acts.item(attempt, 1).response == "b"
