"""People in the workshop: what superusers edit, what staff may not, and guests, whom nobody edits."""

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import authenticate
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse

from accounts.models import INSTRUCTORS, User
from tests.factories import GuestFactory, UserFactory
from tests.questions.workshop import Page, browser, instructor, send
from tests.test_repository import inline

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough word"


def address(name: str, *of: object) -> str:
    return reverse(f"admin:accounts_user_{name}", args=of)


@pytest.fixture
def client() -> Client:
    return browser(UserFactory(email="root@example.org", is_staff=True, is_superuser=True))


@pytest.fixture
def helper() -> Client:
    """Staff who may edit people, and is no superuser."""
    user = UserFactory(email="helper@example.org", is_staff=True)
    user.user_permissions.add(*Permission.objects.filter(content_type__app_label="accounts", codename__contains="user"))
    return browser(user)


@pytest.fixture
def someone() -> User:
    user: User = UserFactory(email="someone@example.org", name="Someone")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def change(client: Client, user: User, **changed: Any) -> Page:
    where = address("change", user.pk)
    form = Page(client.get(where).content.decode()).forms["user_form"]
    return send(client, where, form, **changed)


def test_an_account_is_edited(client: Client, someone: User) -> None:
    group = Group.objects.create(name=INSTRUCTORS)
    shown = change(client, someone, name="Else", accommodation="1.5", is_staff="on", groups=[str(group.pk)])
    assert "was changed successfully" in shown.text
    someone.refresh_from_db()
    assert (someone.name, someone.accommodation, someone.is_staff) == ("Else", "1.5", True)
    assert list(someone.groups.all()) == [group]


def test_the_page_has_these_fields_and_no_others(client: Client, someone: User) -> None:
    form = Page(client.get(address("change", someone.pk)).content.decode()).forms["user_form"]
    named = {"email", "name", "accommodation", "is_active", "csrfmiddlewaretoken"}
    assert set(form) == named  # groups and is_staff are not ticked
    raised = change(client, someone, is_superuser="on", guest_token="token", password="mine").text
    assert "was changed successfully" in raised
    before = someone.password
    someone.refresh_from_db()
    assert (someone.is_superuser, someone.guest_token, someone.password) == (False, None, before)


def test_a_new_address_is_kept_once_and_counts_as_not_confirmed(client: Client, someone: User) -> None:
    change(client, someone, email="New@Example.org")
    someone.refresh_from_db()
    assert someone.email == "new@example.org"
    found = EmailAddress.objects.filter(user=someone).values_list("email", "primary", "verified")
    assert list(found) == [("new@example.org", True, False)]


def test_an_address_that_stays_stays_confirmed(client: Client, someone: User) -> None:
    change(client, someone, name="Else")
    assert EmailAddress.objects.get(user=someone).verified is True


@pytest.mark.parametrize(
    ("email", "words"),
    [
        ("ROOT@example.org", "Another account has this address."),
        ("", "This field is required."),
        ("nobody", "Enter a valid email address."),
    ],
)
def test_an_address_that_cannot_be_is_refused(client: Client, someone: User, email: str, words: str) -> None:
    assert words in change(client, someone, email=email).parts
    someone.refresh_from_db()
    assert someone.email == "someone@example.org"


def add(client: Client, **changed: Any) -> Page:
    form = Page(client.get(address("add")).content.decode()).forms["user_form"]
    filled = {"email": "New@example.org", "name": "New", "password1": PASSWORD, "password2": PASSWORD}
    return send(client, address("add"), form, **(filled | {"usable_password": "true"} | changed))


def test_a_new_account_can_sign_in(client: Client) -> None:
    assert "was added successfully" in add(client).text
    user = User.objects.get(email="new@example.org")
    assert (user.is_staff, user.is_superuser, user.is_guest, user.name) == (False, False, False, "New")
    assert authenticate(username=user.email, password=PASSWORD) == user
    assert EmailAddress.objects.values_list("email", "primary").get(user=user) == ("new@example.org", True)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"email": "ROOT@example.org"}, "Another account has this address."),
        ({"email": ""}, "This field is required."),
        ({"password2": "another word"}, "The two password fields didn’t match."),
        ({"password1": "password", "password2": "password"}, "This password is too common."),
    ],
)
def test_a_new_account_that_cannot_be_is_refused(client: Client, changed: dict[str, str], words: str) -> None:
    assert words in add(client, **changed).parts
    assert User.objects.count() == 1


def test_a_password_is_set_by_djangos_form(client: Client, someone: User) -> None:
    where = f"/admin/accounts/user/{someone.pk}/password/"
    sent = {"password1": PASSWORD, "password2": PASSWORD, "usable_password": "true", "set-password": "1"}
    assert client.get(where).status_code == 200
    assert client.post(where, sent).status_code == 302
    assert authenticate(username=someone.email, password=PASSWORD) == someone


# ---- guests ----


@pytest.mark.parametrize("who", ["client", "helper"])
def test_nobody_edits_a_guest(request: pytest.FixtureRequest, who: str) -> None:
    browser_of: Client = request.getfixturevalue(who)
    guest = GuestFactory()
    before = User.objects.filter(pk=guest.pk).values().get()
    shown = browser_of.get(address("change", guest.pk))
    assert shown.status_code == 200
    assert "_save" not in shown.content.decode()
    assert guest.guest_token not in shown.content.decode()
    sent = {"email": "mine@example.org", "accommodation": "2"}
    assert browser_of.post(address("change", guest.pk), sent).status_code == 403
    passwords = {"password1": PASSWORD, "password2": PASSWORD}
    assert browser_of.post(f"/admin/accounts/user/{guest.pk}/password/", passwords).status_code == 403
    assert browser_of.post(address("delete", guest.pk), {"post": "yes"}).status_code == 403
    assert User.objects.filter(pk=guest.pk).values().get() == before


@pytest.mark.parametrize(
    ("who", "found"), [("", 3), ("accounts", 2), ("guests", 1), ("nonsense", 3)], ids=["all", "accounts", "guests", "?"]
)
def test_guests_are_told_from_accounts(client: Client, someone: User, who: str, found: int) -> None:
    GuestFactory()
    response = client.get(address("changelist"), {"who": who})
    assert len(response.context["cl"].result_list) == found


# ---- rights ----


def test_an_instructor_sees_nobody(someone: User) -> None:
    client = browser(instructor())
    for where in (address("changelist"), address("add"), address("change", someone.pk)):
        assert client.get(where).status_code == 403


def test_who_is_no_superuser_hands_out_no_rights(helper: Client, someone: User) -> None:
    group = Group.objects.create(name=INSTRUCTORS)
    sent = {"is_staff": "on", "groups": [str(group.pk)], "is_active": None}
    assert "was changed successfully" in change(helper, someone, name="Else", **sent).text
    someone.refresh_from_db()
    assert (someone.name, someone.is_staff, someone.is_active, someone.groups.count()) == ("Else", False, True, 0)


@pytest.mark.parametrize(
    "rights", [{"is_staff": True}, {"is_staff": True, "is_superuser": True}, {"is_superuser": True}]
)
def test_who_is_no_superuser_edits_no_staff(helper: Client, rights: dict[str, bool]) -> None:
    other = UserFactory(**rights)
    assert helper.post(address("change", other.pk), {"email": "mine@example.org"}).status_code == 403
    passwords = {"password1": PASSWORD, "password2": PASSWORD}
    assert helper.post(f"/admin/accounts/user/{other.pk}/password/", passwords).status_code == 403
    assert helper.post(address("delete", other.pk), {"post": "yes"}).status_code == 403


def test_pages_of_people_need_nothing_inline(client: Client, someone: User) -> None:
    wheres = [address("changelist"), address("add"), address("change", someone.pk), address("history", someone.pk)]
    for where in [*wheres, f"/admin/accounts/user/{someone.pk}/password/", "/admin/auth/group/add/"]:
        response = client.get(where)
        assert response.status_code == 200, where
        assert inline(response.content.decode()) == [], where
