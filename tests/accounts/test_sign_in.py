"""Signing in: what a guest did goes over, guesses are slowed down, and nothing says who has an account."""

import re
import time

import pytest
from django.contrib.auth.hashers import make_password
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import User
from exams.models import Attempt
from questions.models import Blueprint
from tests.accounts.conftest import PASSWORD, Clock
from tests.exams import acts
from tests.exams.threads import together
from tests.factories import NOW, UserFactory

pytestmark = pytest.mark.django_db


def sign_in(
    visitor: Client, email: str = "candidate@example.org", password: str = PASSWORD, **more: str
) -> HttpResponse:
    form = {"login": email, "password": password} | more
    return visitor.post(reverse("account_login"), form)  # type: ignore[return-value] # a patched HttpResponse


def is_in(visitor: Client) -> bool:
    return visitor.get(reverse("attempts")).status_code == 200


@pytest.fixture
def guest(small: Blueprint, clock: Clock) -> Client:
    """A guest with a finished attempt and an open one."""
    visitor = Client()
    visitor.get("/start/DOP-C02/")
    visitor.post("/start/DOP-C02/", {"time": "standard", "counting": "all"})
    acts.submit(Attempt.objects.get(), at=NOW)
    visitor.post("/start/DOP-C02/", {"time": "standard", "counting": "all"})
    return visitor


# ---- who and whereto ----


def test_signing_in_leads_to_the_attempts(account: User) -> None:
    visitor = Client()
    response = sign_in(visitor)
    assert (response.status_code, response["Location"]) == (302, reverse("attempts"))
    assert visitor.session["_auth_user_id"] == str(account.pk)


@pytest.mark.parametrize("email", ["Candidate@example.org", "CANDIDATE@EXAMPLE.ORG", " candidate@example.org "])
def test_addresses_are_the_same_in_any_case(account: User, email: str) -> None:
    visitor = Client()
    sign_in(visitor, email)
    assert is_in(visitor)


def test_the_session_key_changes_with_signing_in(account: User, guest: Client) -> None:
    before = guest.cookies["session"].value
    sign_in(guest)
    assert guest.cookies["session"].value != before


@pytest.mark.parametrize(
    ("target", "place"),
    [
        ("/start/DOP-C02/", "/start/DOP-C02/"),
        ("//evil.example/", "/attempts/"),
        ("https://evil.example/", "/attempts/"),
        ("http:///evil.example", "/attempts/"),
        ("javascript:alert(1)", "/attempts/"),
        ("\\\\evil.example", "/attempts/"),
        ("/\\evil.example", "/attempts/"),
        ("", "/attempts/"),
    ],
)
def test_signing_in_leads_to_addresses_of_ours_only(account: User, target: str, place: str) -> None:
    assert sign_in(Client(), next=target)["Location"] == place


def test_signing_out_ends_the_session(account: User) -> None:
    visitor = Client()
    sign_in(visitor)
    session = visitor.cookies["session"].value
    visitor.get(reverse("account_logout"))
    assert is_in(visitor)
    visitor.post(reverse("account_logout"))
    visitor.cookies["session"] = session
    assert not is_in(visitor)


def test_an_account_that_is_closed_is_out_at_once(account: User) -> None:
    visitor = Client()
    sign_in(visitor)
    User.objects.update(is_active=False)
    assert not is_in(visitor)
    sign_in(visitor)
    assert not is_in(visitor)


def test_a_changed_password_ends_the_sessions_elsewhere(account: User) -> None:
    here, there = Client(), Client()
    sign_in(here)
    sign_in(there)
    form = {"oldpassword": PASSWORD, "password1": "another long sentence", "password2": "another long sentence"}
    here.post(reverse("account_change_password"), form)
    assert (is_in(here), is_in(there)) == (True, False)


# ---- guests ----


def test_attempts_of_the_guest_go_over_and_the_open_one_goes_on(account: User, guest: Client) -> None:
    running = Attempt.objects.open(NOW).get()
    sign_in(guest)
    assert account.attempts.count() == 2
    assert guest.get(reverse("question", args=[running.pk, 1])).status_code == 200
    assert list(User.objects.all()) == [account]


def test_who_sits_the_same_exam_already_goes_on_with_the_own(account: User, small: Blueprint, guest: Client) -> None:
    own = acts.start(small, account)
    sign_in(guest)
    assert Attempt.objects.open(NOW).get() == own
    assert account.attempts.filter(submitted_at=NOW).count() == 2


def test_a_wrong_password_leaves_the_guest_as_it_was(account: User, guest: Client) -> None:
    before = [*User.objects.order_by("pk").values(), *Attempt.objects.order_by("pk").values()]
    response = sign_in(guest, password="a wrong sentence")
    assert "You are not signed in" in response.content.decode()
    assert [*User.objects.order_by("pk").values(), *Attempt.objects.order_by("pk").values()] == before
    assert is_in(guest)


def test_the_page_tells_a_guest_what_becomes_of_the_exam(guest: Client) -> None:
    assert "What you did as a guest moves to the account" in guest.get(reverse("account_login")).content.decode()
    assert "What you did as a guest moves to the account" not in Client().get(reverse("account_login")).content.decode()


def test_an_account_hands_nothing_over_to_another(account: User, small: Blueprint) -> None:
    other = acts.start(small, at=NOW).user
    visitor = Client()
    visitor.force_login(other)
    sign_in(visitor)
    assert (other.attempts.count(), account.attempts.count()) == (1, 0)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_an_answer_and_signing_in_at_once_lose_nothing(account: User, guest: Client) -> None:
    """The answer is stored for the guest or for the account, or refused: never acknowledged and gone."""
    running = Attempt.objects.open(NOW).get()
    saving = Client()
    saving.cookies["session"] = guest.cookies["session"].value
    form = {"version": 0, "page": acts.PAGE, "seq": 2, "shown": 0, "choice": "A"}
    place = reverse("save", args=[running.pk, 1])
    saved, _ = together([lambda: saving.post(place, form), lambda: sign_in(guest)])
    stored = Attempt.objects.get(pk=running.pk).items.get(position=1)
    assert saved.status_code in {200, 401, 404}
    assert (stored.response != "") is (saved.status_code == 200)
    assert stored.attempt.user == account


# ---- guesses ----


def guess(count: int, *, email: str = "candidate@example.org", address: str = "127.0.0.1") -> None:
    for number in range(count):
        sign_in(Client(REMOTE_ADDR=address), email, f"a wrong sentence {number}")


def test_after_five_wrong_passwords_the_right_one_is_not_taken(account: User) -> None:
    guess(4)
    visitor = Client()
    sign_in(visitor)
    assert is_in(visitor)
    guess(5)
    late = Client()
    response = sign_in(late)
    assert "Too many failed" in response.content.decode()
    assert not is_in(late)


def test_the_limit_follows_the_account_over_addresses(account: User) -> None:
    for number in range(5):
        guess(1, address=f"10.0.0.{number}")
    late = Client(REMOTE_ADDR="10.0.0.99")
    sign_in(late)
    assert not is_in(late)


def test_another_account_is_not_locked_out(account: User) -> None:
    guess(5, email="somebody@example.org")
    visitor = Client()
    sign_in(visitor)
    assert is_in(visitor)


def test_nobody_is_locked_out_for_ever(account: User, monkeypatch: pytest.MonkeyPatch) -> None:
    guess(5)
    later = time.time() + 301
    monkeypatch.setattr("time.time", lambda: later)
    visitor = Client()
    sign_in(visitor)
    assert is_in(visitor)


def test_one_address_may_guess_at_ten_accounts_a_minute(account: User) -> None:
    for number in range(10):
        guess(1, email=f"somebody{number}@example.org")
    late = Client()
    sign_in(late)
    assert not is_in(late)
    elsewhere = Client(REMOTE_ADDR="10.0.0.1")
    sign_in(elsewhere)
    assert is_in(elsewhere)


def test_a_forged_header_is_no_other_address(account: User) -> None:
    """Without a proxy in front nobody may say where a request comes from."""
    for number in range(10):
        sign_in(Client(headers={"X-Forwarded-For": f"10.0.0.{number}"}), f"somebody{number}@example.org", "wrong")
    late = Client(headers={"X-Forwarded-For": "10.0.0.99"})
    sign_in(late)
    assert not is_in(late)


def test_far_too_many_tries_get_429(db: None) -> None:
    replies = [sign_in(Client(), f"somebody{number}@example.org", "wrong").status_code for number in range(31)]
    assert replies == [200] * 30 + [429]


def test_the_workshop_has_no_second_way_in(db: None) -> None:
    """Its own sign-in would not be throttled."""
    staff = UserFactory(is_staff=True)
    staff.set_password(PASSWORD)
    staff.save()
    visitor = Client()
    response = visitor.post(reverse("admin:login"), {"username": staff.email, "password": PASSWORD, "next": "/admin/"})
    assert (response.status_code, response["Location"].partition("?")[0]) == (302, reverse("account_login"))
    assert not is_in(visitor)


# ---- what is told ----


def without_tokens(response: HttpResponse, *words: str) -> str:
    text = response.content.decode()
    for word in words:
        text = text.replace(word, "")
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text)


@pytest.mark.parametrize("other", ["nobody@example.org", "closed@example.org", "unusable@example.org"])
def test_a_refusal_does_not_tell_who_has_an_account(account: User, other: str) -> None:
    UserFactory(email="unusable@example.org", password=make_password(None))
    UserFactory(email="closed@example.org", is_active=False)
    one = sign_in(Client(), password="a wrong sentence")
    two = sign_in(Client(), other, "a wrong sentence")
    assert one.status_code == two.status_code == 200
    assert without_tokens(one, str(account.email)) == without_tokens(two, other)
    assert sorted(one.headers) == sorted(two.headers)
