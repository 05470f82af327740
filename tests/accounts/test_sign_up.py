"""Signing up: a guest keeps the row, and with it everything done so far."""

import pytest
from django.contrib.auth import authenticate
from django.core import mail
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import User
from exams.models import Attempt
from questions.models import Blueprint
from tests.accounts.conftest import PASSWORD, Clock
from tests.exams import acts
from tests.exams.pages import Page
from tests.factories import NOW

pytestmark = pytest.mark.django_db
FORM = {"email": "new@example.org", "password1": PASSWORD}


def sign_up(visitor: Client, **changed: str) -> HttpResponse:
    return visitor.post(reverse("account_signup"), FORM | changed)  # type: ignore[return-value] # a patched HttpResponse


def words(response: HttpResponse) -> str:
    return " ".join(response.content.decode().split())


@pytest.fixture
def guest(small: Blueprint, clock: Clock) -> Client:
    """A guest with a finished attempt, and an open one with an answer."""
    visitor = Client()
    visitor.get("/start/DOP-C02/")
    visitor.post("/start/DOP-C02/", {"time": "standard", "counting": "all"})
    acts.submit(Attempt.objects.get(), at=NOW)
    visitor.post("/start/DOP-C02/", {"time": "standard", "counting": "all"})
    acts.answer(Attempt.objects.open(NOW).get(), 1, "a")
    return visitor


# ---- guests ----


def test_a_guest_becomes_an_account_in_the_same_row(guest: Client) -> None:
    before = User.objects.get()
    response = sign_up(guest)
    after = User.objects.get()
    assert (response.status_code, response["Location"]) == (302, reverse("attempts"))
    assert (after.pk, after.email, after.guest_token, after.is_guest) == (before.pk, "new@example.org", None, False)
    assert authenticate(username="new@example.org", password=PASSWORD) == after


def test_attempts_come_along_and_the_open_one_goes_on(guest: Client) -> None:
    running = Attempt.objects.open(NOW).get()
    sign_up(guest)
    assert Attempt.objects.filter(user__email="new@example.org").count() == 2
    assert Attempt.objects.open(NOW).get() == running
    assert guest.get(reverse("question", args=[running.pk, 1])).status_code == 200
    assert acts.answer(running, 2, "b").version == 1


def test_what_the_guest_chose_is_kept(guest: Client) -> None:
    User.objects.update(name="Somebody", accommodation="1.5")
    sign_up(guest)
    assert User.objects.values_list("name", "accommodation").get() == ("Somebody", "1.5")


@pytest.mark.parametrize(
    "wrong",
    [{"password1": "short12"}, {"password1": "password"}, {"email": "no address"}, {"email": ""}, {"password1": ""}],
)
def test_a_refused_sign_up_leaves_the_guest_as_it_was(guest: Client, wrong: dict[str, str]) -> None:
    before = User.objects.values().get()
    response = sign_up(guest, **wrong)
    assert "There is no account yet" in words(response)
    assert User.objects.values().get() == before
    assert guest.get(reverse("attempts")).status_code == 200


def test_the_cookie_of_the_former_guest_opens_nothing(guest: Client) -> None:
    sign_up(guest)
    other = Client()
    other.cookies["guest"] = guest.cookies["guest"].value
    assert other.post(reverse("token")).status_code == 401


def test_other_browsers_of_the_former_guest_are_signed_out(guest: Client) -> None:
    other = Client()
    other.cookies["guest"] = guest.cookies["guest"].value
    other.post(reverse("token"))
    assert other.get(reverse("attempts")).status_code == 200
    sign_up(guest)
    assert other.get(reverse("attempts")).status_code == 302


def test_a_new_guest_after_signing_out_is_somebody_else(guest: Client) -> None:
    sign_up(guest)
    guest.post(reverse("account_logout"))
    guest.post("/start/DOP-C02/", {"time": "standard", "counting": "all"})
    assert User.objects.count() == 2
    assert Attempt.objects.filter(user__email=None).count() == 1


# ---- anybody ----


def test_a_visitor_signs_up_and_is_signed_in(db: None) -> None:
    visitor = Client()
    sign_up(visitor)
    assert visitor.get(reverse("attempts")).status_code == 200
    assert User.objects.values_list("email", "is_staff", "is_superuser").get() == ("new@example.org", False, False)


def test_the_session_key_changes_with_signing_up(guest: Client) -> None:
    before = guest.cookies["session"].value
    sign_up(guest)
    assert guest.cookies["session"].value != before
    stale = Client()
    stale.cookies["session"] = before
    assert stale.get(reverse("attempts")).status_code == 302


@pytest.mark.parametrize("field", ["is_staff", "is_superuser", "guest_token", "accommodation", "name", "is_active"])
def test_signing_up_takes_nothing_else(db: None, field: str) -> None:
    sign_up(Client(), **{field: "1"})
    user = User.objects.get()
    assert (user.is_staff, user.is_superuser, user.is_active, user.guest_token) == (False, False, True, None)
    assert (user.name, user.accommodation) == ("", "standard")


@pytest.mark.parametrize("email", ["candidate@example.org", "Candidate@Example.ORG"])
def test_an_address_has_one_account(account: User, email: str) -> None:
    visitor = Client()
    sign_up(visitor, email=email)
    assert User.objects.count() == 1
    assert visitor.get(reverse("attempts")).status_code == 302
    assert authenticate(username=account.email, password=PASSWORD) == account


def test_a_guest_with_the_address_of_an_account_stays_a_guest(guest: Client, account: User) -> None:
    sign_up(guest, email=str(account.email))
    assert User.objects.filter(guest_token__isnull=False).count() == 1
    assert account.attempts.count() == 0
    assert guest.get(reverse("attempts")).status_code == 200


@pytest.mark.parametrize(
    ("password", "taken"),
    [
        ("seven77", False),
        ("password1", False),
        ("new@example.org", False),
        ("eight88x", True),
        ("x" * 128, True),
        ("  spaces count  ", True),
        ("пароль 🙂 длинный", True),
    ],
)
def test_passwords(db: None, password: str, taken: bool) -> None:
    sign_up(Client(), password1=password)
    assert User.objects.exists() is taken
    assert (authenticate(username="new@example.org", password=password) is not None) is taken


def test_the_address_is_confirmed_by_a_link_in_a_mail(db: None) -> None:
    visitor = Client()
    sign_up(visitor)
    (message,) = mail.outbox
    assert (message.to, message.subject) == (["new@example.org"], "Confirm your address")
    link = next(line for line in str(message.body).splitlines() if line.startswith("http://testserver/"))
    page = Client().get(link)
    assert "Is new@example.org your address?" in page.content.decode()
    assert not User.objects.get().emailaddress_set.get().verified  # type: ignore[attr-defined] # allauth's relation
    visitor.post(link)
    assert User.objects.get().emailaddress_set.get().verified  # type: ignore[attr-defined] # as above


def test_the_page_has_a_label_for_every_field_and_lets_paste(db: None) -> None:
    text = Client().get(reverse("account_signup")).content.decode()
    form = next(form for form in Page(text).forms if "password1" in form.fields)
    assert set(form.fields) >= {"email", "password1", "csrfmiddlewaretoken"}
    assert 'autocomplete="new-password"' in text
    assert 'autocomplete="email"' in text
