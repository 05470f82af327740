"""A new password by a link in a mail, and nothing that tells who has an account."""

import re

import pytest
from django.contrib.auth import authenticate
from django.core import mail
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import User
from questions.models import Blueprint
from tests.accounts.conftest import PASSWORD
from tests.factories import GuestFactory

pytestmark = pytest.mark.django_db
NEW = "another long sentence"


def ask(email: str, visitor: Client | None = None) -> HttpResponse:
    return (visitor or Client()).post(reverse("account_reset_password"), {"email": email})  # type: ignore[return-value] # a patched HttpResponse


def link(place: int = -1) -> str:
    """The link in a mail."""
    found = re.search(r"http://testserver(/account/password/reset/key/\S+)", str(mail.outbox[place].body))
    assert found is not None
    return found[1]


def opened(visitor: Client, address: str) -> str:
    """Where a link leads: its key goes into the session, so that it stands in no Referer."""
    response = visitor.get(address)
    assert response.status_code == 302
    assert address not in response["Location"]
    return str(response["Location"])


def set_password(visitor: Client, place: str, password: str = NEW) -> HttpResponse:
    return visitor.post(place, {"password1": password, "password2": password})  # type: ignore[return-value] # a patched HttpResponse


def test_the_link_in_the_mail_sets_a_new_password(account: User) -> None:
    visitor = Client()
    response = ask("candidate@example.org", visitor)
    assert (response.status_code, response["Location"]) == (302, reverse("account_reset_password_done"))
    (message,) = mail.outbox
    assert (message.to, message.subject) == (["candidate@example.org"], "Set a new password")
    response = set_password(visitor, opened(visitor, link()))
    assert (response.status_code, response["Location"]) == (302, reverse("account_reset_password_from_key_done"))
    assert authenticate(username=account.email, password=NEW) == account
    assert authenticate(username=account.email, password=PASSWORD) is None


def test_a_link_works_once(account: User) -> None:
    ask("candidate@example.org")
    visitor = Client()
    set_password(visitor, opened(visitor, link()))
    again = Client().get(link())
    assert "This link has been used, or is too old." in again.content.decode()
    set_password(Client(), link(), "a third long sentence")
    assert authenticate(username=account.email, password=NEW) == account


def test_a_link_dies_with_a_change_of_the_password(account: User) -> None:
    ask("candidate@example.org")
    account.set_password("changed in the meantime")
    account.save()
    assert "This link has been used, or is too old." in Client().get(link()).content.decode()


@pytest.mark.parametrize("tail", ["1-nothing", "zzzzzz-set-password", "1-c0ffee-0123456789abcdef", "0-0"])
def test_invented_links_set_nothing(account: User, tail: str) -> None:
    address = f"/account/password/reset/key/{tail}/"
    visitor = Client()
    assert "This link has been used, or is too old." in visitor.get(address).content.decode()
    set_password(visitor, address)
    assert authenticate(username=account.email, password=PASSWORD) == account


def test_looking_at_a_link_changes_no_password(account: User) -> None:
    ask("candidate@example.org")
    visitor = Client()
    visitor.get(opened(visitor, link()))
    assert authenticate(username=account.email, password=PASSWORD) == account


def test_a_weak_password_is_refused(account: User) -> None:
    ask("candidate@example.org")
    visitor = Client()
    place = opened(visitor, link())
    assert "The password is not set" in set_password(visitor, place, "seven77").content.decode()
    set_password(visitor, place)
    assert authenticate(username=account.email, password=NEW) == account


def test_sessions_elsewhere_end_with_the_old_password(account: User) -> None:
    there = Client()
    there.force_login(account)
    ask("candidate@example.org")
    visitor = Client()
    set_password(visitor, opened(visitor, link()))
    assert there.get(reverse("attempts")).status_code == 302


def test_who_has_no_account_is_answered_alike(account: User) -> None:
    one, two = ask("candidate@example.org"), ask("nobody@example.org")
    assert (one.status_code, one["Location"], one.content) == (two.status_code, two["Location"], two.content)
    assert [message.to for message in mail.outbox] == [["candidate@example.org"], ["nobody@example.org"]]
    assert "there is no account with this address" in str(mail.outbox[1].body)


def test_guests_get_no_link(small: Blueprint) -> None:
    GuestFactory()
    ask("nobody@example.org")
    assert "/password/reset/key/" not in str(mail.outbox[0].body)


def test_mails_for_one_address_are_limited(account: User) -> None:
    replies = [ask("candidate@example.org").status_code for _ in range(6)]
    assert replies == [302] * 5 + [429]
    assert len(mail.outbox) == 5


def test_a_wrong_host_gets_no_link(account: User) -> None:
    response = Client().post(
        reverse("account_reset_password"), {"email": "candidate@example.org"}, headers={"Host": "evil.example"}
    )
    assert response.status_code == 400
    assert mail.outbox == []
