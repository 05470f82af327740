"""Guests: made by a first start, known by a signed cookie, one for each browser."""

from functools import partial

import pytest
from django.core import signing
from django.db import IntegrityError, connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import guests
from accounts.models import User
from exams.models import Attempt
from questions.models import Blueprint
from tests import factories
from tests.exams import acts
from tests.exams.threads import together

pytestmark = pytest.mark.django_db
START = {"time": "standard", "counting": "all"}


def start(visitor: Client) -> HttpResponse:
    return visitor.post("/start/DOP-C02/", START)  # type: ignore[return-value] # a patched HttpResponse


def guest_cookie(visitor: Client) -> str:
    return visitor.cookies["guest"].value


@pytest.fixture
def visitor(small: Blueprint) -> Client:
    """A browser that has seen the start page."""
    made = Client()
    made.get("/start/DOP-C02/")
    return made


# ---- the first start ----


def test_a_visit_makes_nobody(visitor: Client) -> None:
    for page in ("/", "/start/", "/start/DOP-C02/", "/privacy/", reverse("account_login")):
        visitor.get(page)
    assert User.objects.count() == 0


def test_the_start_page_gives_a_signed_cookie(visitor: Client) -> None:
    cookie = visitor.cookies["guest"]
    request = HttpRequest()
    request.COOKIES["guest"] = cookie.value
    assert len(str(request.get_signed_cookie("guest"))) == 43
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", 365 * 24 * 3600)


def test_a_second_visit_keeps_the_cookie(visitor: Client) -> None:
    before = guest_cookie(visitor)
    visitor.get("/start/DOP-C02/")
    assert guest_cookie(visitor) == before


def test_the_first_start_makes_a_guest_who_is_signed_in_for_a_year(visitor: Client) -> None:
    response = start(visitor)
    guest = User.objects.get()
    assert response["Location"] == reverse("question", args=[Attempt.objects.get(user=guest).pk, 1])
    assert (guest.is_guest, guest.email, guest.has_usable_password(), str(guest)) == (True, None, False, "Guest")
    assert visitor.session["_auth_user_id"] == str(guest.pk)
    assert visitor.session.get_expiry_age() == 365 * 24 * 3600
    assert visitor.cookies["session"]["max-age"] == 365 * 24 * 3600


def test_without_a_cookie_a_start_makes_a_guest_all_the_same(small: Blueprint) -> None:
    assert start(Client()).status_code == 302
    assert User.objects.get().is_guest


def test_a_second_start_is_of_the_same_guest_and_attempt(visitor: Client) -> None:
    assert start(visitor)["Location"] == start(visitor)["Location"]
    assert (User.objects.count(), Attempt.objects.count()) == (1, 1)


def test_a_refused_start_makes_nobody(visitor: Client) -> None:
    response = visitor.post("/start/DOP-C02/", {"time": "for ever", "counting": "all"})
    assert "The exam was not started." in response.content.decode()
    assert User.objects.count() == 0


def test_a_double_click_makes_one_guest(visitor: Client) -> None:
    """Both clicks were sent before a reply brought a session."""
    token = guest_cookie(visitor)
    for _ in range(2):
        other = Client()
        other.cookies["guest"] = token
        start(other)
    assert (User.objects.count(), Attempt.objects.count()) == (1, 1)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_ten_clicks_at_once_make_one_guest_and_one_attempt(visitor: Client) -> None:
    browsers = [Client() for _ in range(10)]
    for one in browsers:
        one.cookies["guest"] = guest_cookie(visitor)
    replies = together([partial(start, one) for one in browsers])
    assert {reply.status_code for reply in replies} == {302}
    assert len({reply["Location"] for reply in replies}) == 1
    assert (User.objects.count(), Attempt.objects.count()) == (1, 1)


# ---- the cookie ----


def tampered(value: str) -> list[str]:
    token, *rest = value.split(":")
    return [
        ":".join([token[:-1] + ("a" if token[-1] != "a" else "b"), *rest]),
        value[:-1] + ("a" if value[-1] != "a" else "b"),
        token,
        "",
        "nonsense",
        "a" * 5000,
        signing.get_cookie_signer(salt="another").sign(token),
    ]


@pytest.mark.parametrize("which", range(7))
def test_a_cookie_that_was_tampered_with_is_nobodys(visitor: Client, which: int) -> None:
    start(visitor)
    other = Client()
    other.cookies["guest"] = tampered(guest_cookie(visitor))[which]
    assert other.post(reverse("token")).status_code == 401
    start(other)
    assert User.objects.count() == 2
    assert Attempt.objects.filter(user=User.objects.order_by("pk")[0]).count() == 1


def test_a_token_that_was_read_in_the_database_is_no_cookie(visitor: Client) -> None:
    """The cookie is signed: who can read the table cannot sign in."""
    start(visitor)
    other = Client()
    other.cookies["guest"] = str(User.objects.get().guest_token)
    assert other.post(reverse("token")).status_code == 401


def test_an_account_is_not_reached_by_a_guest_cookie(visitor: Client) -> None:
    start(visitor)
    User.objects.update(email="somebody@example.org", guest_token=None)
    other = Client()
    other.cookies["guest"] = guest_cookie(visitor)
    assert other.post(reverse("token")).status_code == 401


# ---- readmission ----


def test_a_guest_whose_session_is_gone_is_readmitted_by_the_token_page(visitor: Client) -> None:
    start(visitor)
    visitor.cookies.pop("session")
    response = visitor.post(reverse("token"))
    assert (response.status_code, set(response.json())) == (200, {"token"})
    assert "session" in visitor.cookies
    assert User.objects.count() == 1


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_a_guest_whose_session_is_gone_goes_on_where_the_guest_was(visitor: Client, headers: dict[str, str]) -> None:
    place = start(visitor)["Location"]
    visitor.cookies.pop("session")
    assert visitor.get(place, headers=headers).status_code == 200
    visitor.cookies.pop("session")
    form = {"page": "0123456789", "version": "0", "seq": "1", "shown": "1", "choice": "B", "go": "2"}
    visitor.post(place, form, headers=headers)
    attempt = Attempt.objects.get()
    assert acts.item(attempt, 1).version == 1
    assert attempt.position == 2
    assert User.objects.count() == 1


def test_a_guest_who_signs_out_comes_back_with_the_next_start(visitor: Client) -> None:
    place = start(visitor)["Location"]
    visitor.post(reverse("account_logout"))
    assert start(visitor)["Location"] == place


def test_the_token_page_works_with_the_token_it_gave(visitor: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = visitor.cookies
    start(visitor)
    token = strict.post(reverse("token")).json()["token"]
    assert strict.post("/start/DOP-C02/", START).status_code == 403
    assert strict.post("/start/DOP-C02/", START | {"csrfmiddlewaretoken": token}).status_code == 302


def test_the_token_page_is_kept_by_nobody(visitor: Client) -> None:
    start(visitor)
    assert visitor.post(reverse("token"))["Cache-Control"] == "private, no-store"


def test_without_session_and_cookie_the_token_page_is_401(db: None) -> None:
    response = Client().post(reverse("token"))
    assert (response.status_code, response.json()) == (401, {"problem": "signed out"})


# ---- what a guest is ----


@pytest.mark.parametrize(
    "name", ["account_email", "account_change_password", "account_set_password", "account_reauthenticate"]
)
def test_address_and_password_of_a_guest_begin_with_sign_up(visitor: Client, name: str) -> None:
    start(visitor)
    for response in (visitor.get(reverse(name)), visitor.post(reverse(name), {"email": "new@example.org"})):
        assert (response.status_code, response["Location"]) == (302, reverse("account_signup"))
    assert User.objects.get().is_guest


def test_a_guest_may_give_a_name_and_the_usual_time(visitor: Client) -> None:
    start(visitor)
    visitor.post(reverse("account"), {"name": "Somebody", "accommodation": "1.5", "daily": "20"})
    guest = User.objects.get()
    assert (guest.name, guest.accommodation, str(guest)) == ("Somebody", "1.5", "Somebody")


def test_the_usual_time_is_chosen_on_the_start_page(visitor: Client) -> None:
    start(visitor)
    User.objects.update(accommodation="1.5")
    acts.submit(Attempt.objects.get(), at=timezone.now())
    assert 'name="time" value="1.5" checked' in visitor.get("/start/DOP-C02/").content.decode()


@pytest.mark.parametrize("field", ["is_staff", "is_superuser", "email", "guest_token", "is_active", "password"])
def test_the_account_form_takes_nothing_else(visitor: Client, field: str) -> None:
    start(visitor)
    before = User.objects.values().get()
    visitor.post(reverse("account"), {"name": "", "accommodation": "standard", field: "1"})
    assert User.objects.values().get() == before


def test_admitting_somebody_who_is_signed_in_changes_nothing(account: User) -> None:
    request = HttpRequest()
    request.user = account
    assert guests.admit(request) == account
    assert guests.guest_of(request) is None


def test_two_guests_never_share_a_token(db: None) -> None:
    factories.GuestFactory(guest_token="same")
    with pytest.raises(IntegrityError):
        factories.GuestFactory(guest_token="same")
    assert connection.in_atomic_block
