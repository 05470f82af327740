"""Two tabs on one question: toggles and notes that do not undo each other, and answers of which one must be chosen."""

import pytest
from django.test import Client

from exams.models import Attempt
from tests.exams import acts
from tests.exams.acts import letter
from tests.exams.pages import HTMX, Form, loaded, page, url

pytestmark = pytest.mark.django_db


# ---- toggles and notes ----


@pytest.mark.parametrize(("states", "flagged"), [("on", True), ("on on", True), ("on off", False), ("off off", False)])
def test_flags_are_as_they_were_wanted_last(client: Client, attempt: Attempt, states: str, flagged: bool) -> None:
    form = loaded(client, attempt, 1)
    for state in states.split():
        client.post(form.action, form.with_(flag=state))
    assert acts.item(attempt, 1).flagged is flagged


@pytest.mark.parametrize(("states", "struck"), [("on", "c"), ("on on", "c"), ("on off", ""), ("off off", "")])
def test_strikes_are_as_they_were_wanted_last(client: Client, attempt: Attempt, states: str, struck: str) -> None:
    form = loaded(client, attempt, 1)
    for state in states.split():
        client.post(form.action, form.with_(strike=f"{letter(attempt, 1, 'c')}-{state}"))
    assert acts.item(attempt, 1).struck == struck


def test_a_note_is_stored_with_plain_line_ends(client: Client, attempt: Attempt) -> None:
    form = loaded(client, attempt, 1)
    client.post(form.action, form.with_(note="one\r\ntwo"))
    assert acts.item(attempt, 1).note == "one\ntwo"


def test_a_note_is_not_overwritten_by_a_page_that_did_not_change_it(client: Client, attempt: Attempt) -> None:
    stale = loaded(client, attempt, 1)
    form = loaded(client, attempt, 1)
    client.post(form.action, form.with_(note="from the other tab\r\n"))
    client.post(stale.action, stale.with_(choice=letter(attempt, 1, "c")))
    assert acts.item(attempt, 1).note == "from the other tab\n"
    assert acts.item(attempt, 1).response == "c"


def test_a_note_of_several_lines_comes_back_unchanged(client: Client, attempt: Attempt) -> None:
    """Browsers send CR LF where the page had LF."""
    acts.item(attempt, 1)
    attempt.items.filter(position=1).update(note="one\ntwo")
    form = loaded(client, attempt, 1)
    client.post(form.action, form.with_(note="one\r\ntwo", note_was="one\ntwo"))
    assert acts.item(attempt, 1).note == "one\ntwo"


# ---- conflict ----


@pytest.fixture
def stale(client: Client, attempt: Attempt) -> Form:
    """A page on which c is chosen, loaded before another tab has stored b."""
    form = loaded(client, attempt, 1)
    acts.answer(attempt, 1, "b", page="another-tab")
    form.fields["choice"] = [letter(attempt, 1, "c")]
    return form


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_conflict_shows_both_answers_and_stores_none(
    client: Client, attempt: Attempt, stale: Form, headers: dict[str, str]
) -> None:
    response = client.post(stale.action, stale.with_(go="2"), headers=headers)
    mine, theirs = letter(attempt, 1, "c"), letter(attempt, 1, "b")
    assert response.status_code == 409
    assert f"There it is {theirs}; here you chose {mine}." in response.content.decode()
    assert f">Keep {theirs}</a>" in response.content.decode()
    assert f">Use {mine}</button>" in response.content.decode()
    assert (acts.item(attempt, 1).response, acts.item(attempt, 1).attempt.position) == ("b", 1)


def test_a_conflict_keeps_the_own_answer_on_the_page_and_offers_both(
    client: Client, attempt: Attempt, stale: Form
) -> None:
    shown = page(client.post(stale.action, stale.with_()))
    assert shown.form().fields["choice"] == [letter(attempt, 1, "c")]
    assert ("overrule", "1") in shown.form().buttons
    assert url(attempt, 1) in shown.links


def test_overruling_stores_the_own_answer(client: Client, attempt: Attempt, stale: Form) -> None:
    form = page(client.post(stale.action, stale.with_())).form()
    response = client.post(form.action, form.with_(overrule="1"))
    assert response.status_code == 302
    assert (acts.item(attempt, 1).response, acts.item(attempt, 1).version) == ("c", 2)


def test_overruling_what_has_changed_again_is_a_conflict_again(client: Client, attempt: Attempt, stale: Form) -> None:
    form = page(client.post(stale.action, stale.with_())).form()
    acts.answer(attempt, 1, "d", page="a-third-tab")
    response = client.post(form.action, form.with_(overrule="1"))
    assert response.status_code == 409
    assert f"There it is {letter(attempt, 1, 'd')};" in response.content.decode()
    assert acts.item(attempt, 1).response == "d"


def test_flag_and_note_of_a_conflict_are_stored(client: Client, attempt: Attempt, stale: Form) -> None:
    """They would be lost with the page, and nobody has to decide about them."""
    client.post(stale.action, stale.with_(flag="on", note="typed here"))
    item = acts.item(attempt, 1)
    assert (item.flagged, item.note) == (True, "typed here")


def test_the_same_answer_from_two_tabs_is_no_conflict(client: Client, attempt: Attempt, stale: Form) -> None:
    response = client.post(stale.action, stale.with_(choice=letter(attempt, 1, "b"), go="2"))
    assert (response.status_code, response["Location"]) == (302, url(attempt, 2))


def test_an_empty_page_does_not_take_back_what_another_tab_has_stored(
    client: Client, attempt: Attempt, stale: Form
) -> None:
    response = client.post(stale.action, stale.with_(choice=None))
    assert response.status_code == 409
    assert "here you chose nothing." in response.content.decode()
    assert acts.item(attempt, 1).response == "b"
