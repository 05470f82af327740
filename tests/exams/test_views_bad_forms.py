"""Forms that no page of ours sends: nothing is guessed, nothing is stored, and nothing breaks."""

import pytest
from django.test import Client
from django.urls import reverse

from exams.models import Attempt
from tests.exams import acts
from tests.exams.acts import PAGE
from tests.factories import NOW

pytestmark = pytest.mark.django_db
MILLISECONDS = int(NOW.timestamp() * 1000)
SENT: dict[str, object] = {"version": 0, "page": PAGE, "seq": 2, "shown": MILLISECONDS}
TOO_LONG = "x" * 1_000_000
NUMBERS: tuple[object, ...] = (None, "", "-1", "1.5", "1e3", "x", " 1", "２", "1\x00", 2**31, 10**10, 10**30)
BAD: list[tuple[str, object]] = [
    *(("version", value) for value in NUMBERS),
    *(("seq", value) for value in NUMBERS),
    *(("overrule", value) for value in NUMBERS[1:]),
    *(("shown", value) for value in (None, "", "-1", "1.5", "x", "1" * 14, 10**30)),
    *(
        ("page", value)
        for value in (None, "", "short", "x" * 33, "with a space", "<script>", "pagë-for-tests", TOO_LONG)
    ),
    *(("choice", value) for value in ("", "E", "a", "AB", "A,B", "1", "\x00", TOO_LONG)),
    ("choice", ["A", "B"]),
    ("choice", ["A", "A"]),
    ("choice", ["A", "Z"]),
    ("choice", list("ABCDEFGHIJ")),
    ("note", "x" * 4001),
    ("note", "\x00"),
    ("note", TOO_LONG),
    *(("flag", value) for value in ("", "maybe", "ON")),
    *(("strike", value) for value in ("", "A", "A-", "-on", "E-on", "a-on", "A-maybe", "A-on-on")),
    ("strike", ["B-on", "Z-on"]),
]


def name(value: object) -> str:
    return str(value)[:20]


@pytest.mark.parametrize("route", ["save", "question"])
@pytest.mark.parametrize(("field", "value"), BAD, ids=name)
def test_a_bad_form_stores_nothing(client: Client, attempt: Attempt, route: str, field: str, value: object) -> None:
    sent = SENT | {"choice": "A", "flag": "on", "note": "n", field: value}
    sent = {name: one for name, one in sent.items() if one is not None}
    before = list(attempt.items.order_by("position").values())
    response = client.post(reverse(route, args=[attempt.pk, 1]), sent)
    assert response.status_code == 422
    assert list(attempt.items.order_by("position").values()) == before


@pytest.mark.parametrize("go", ["", "nowhere", "-1", "99999", "1.0", "２", "\x00"])
def test_a_place_that_cannot_be_stores_nothing(client: Client, attempt: Attempt, go: str) -> None:
    response = client.post(reverse("question", args=[attempt.pk, 1]), SENT | {"choice": "A", "go": go})
    assert response.status_code == 422
    assert "there is no such place to go" in response.content.decode()
    assert acts.item(attempt, 1).version == 0


@pytest.mark.parametrize(("choices", "status"), [("ABC", 422), ("AB", 200), ("A", 200), ("", 200)])
def test_as_many_can_be_chosen_as_are_asked_for(client: Client, attempt: Attempt, choices: str, status: int) -> None:
    sent = SENT | {"choice": list(choices)}
    assert client.post(reverse("save", args=[attempt.pk, 2]), sent).status_code == status
    assert len(acts.item(attempt, 2).chosen) == (len(choices) if status == 200 else 0)


def test_an_option_cannot_be_chosen_twice(client: Client, attempt: Attempt) -> None:
    response = client.post(reverse("save", args=[attempt.pk, 2]), SENT | {"choice": ["A", "A"]})
    assert (response.status_code, response.json()) == (422, {"problem": "an option is chosen twice"})
    assert acts.item(attempt, 2).version == 0


def test_a_bad_form_says_what_is_wrong_with_it(client: Client, attempt: Attempt) -> None:
    response = client.post(reverse("save", args=[attempt.pk, 1]), SENT | {"choice": ["A", "B"]})
    assert response.json() == {"problem": "2 options are chosen where 1 can be"}


def test_a_bad_form_without_script_leads_back(client: Client, attempt: Attempt) -> None:
    response = client.post(reverse("question", args=[attempt.pk, 1]), {"version": 0})
    assert response.status_code == 422
    assert f'href="{reverse("question", args=[attempt.pk, 1])}">Back to the question</a>' in response.content.decode()


@pytest.mark.parametrize("route", ["save", "question"])
@pytest.mark.parametrize(
    "sent", [{"note": "x" * 2**21}, {f"field{number}": "x" for number in range(1001)}], ids=["size", "fields"]
)
def test_what_is_far_too_much_is_400(client: Client, attempt: Attempt, route: str, sent: dict[str, object]) -> None:
    assert client.post(reverse(route, args=[attempt.pk, 1]), sent).status_code == 400


def test_of_a_field_that_is_sent_twice_the_last_counts(client: Client, attempt: Attempt) -> None:
    """B06: one rule, and fields in the address do not count."""
    sent = SENT | {"version": ["7", "0"], "page": ["x", PAGE], "choice": "A"}
    assert client.post(reverse("save", args=[attempt.pk, 1]), sent).status_code == 200
    address = reverse("save", args=[attempt.pk, 3]) + f"?version=0&page={PAGE}&seq=2&shown={MILLISECONDS}"
    assert client.post(address, {"choice": "A"}).status_code == 422


@pytest.mark.parametrize(
    "field", ["user", "scored", "seconds", "deadline", "position", "first_response", "submitted_at"]
)
def test_fields_of_the_tables_cannot_be_sent(client: Client, attempt: Attempt, field: str) -> None:
    before = acts.item(attempt, 1)
    client.post(reverse("save", args=[attempt.pk, 1]), SENT | {"choice": "A", field: "99"})
    after = acts.item(attempt, 1)
    assert (after.scored, after.seconds, after.position) == (before.scored, 0, 1)
    assert (after.attempt.user, after.attempt.deadline, after.attempt.submitted_at) == (
        before.attempt.user,
        before.attempt.deadline,
        None,
    )
