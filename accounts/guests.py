"""Guests: people who start before they sign up. The only writer of guest rows."""

import secrets

from django.contrib.auth import login
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse

from accounts.models import User

COOKIE = "guest"
YEAR = 365 * 24 * 3600
BACKEND = "django.contrib.auth.backends.ModelBackend"


def offer(request: HttpRequest, response: HttpResponse) -> None:
    """Give a visitor the signed token that a first start turns into a guest; a double click then makes one guest."""
    if request.user.is_authenticated or COOKIE in request.COOKIES:
        return
    response.set_signed_cookie(
        COOKIE, secrets.token_urlsafe(32), max_age=YEAR, httponly=True, samesite="Lax", secure=request.is_secure()
    )


def admit(request: HttpRequest) -> User:
    """The person behind the request; a visitor becomes a guest and is signed in for a year."""
    if isinstance(request.user, User):
        return request.user
    token = request.get_signed_cookie(COOKIE, default="", max_age=YEAR) or secrets.token_urlsafe(32)
    user = _guest(token)
    login(request, user, backend=BACKEND)
    return user


def readmit(request: HttpRequest) -> bool:
    """Sign a guest in again by the cookie; False if it names none."""
    token = request.get_signed_cookie(COOKIE, default="", max_age=YEAR)
    user = User.objects.filter(guest_token=token).first() if token else None
    if user is None:
        return False
    login(request, user, backend=BACKEND)
    return True


def guest_of(request: HttpRequest) -> User | None:
    """The guest who is signed in with this request, if one is."""
    user = request.user
    return user if isinstance(user, User) and user.is_guest else None


def step_back(request: HttpRequest) -> User | None:
    """Treat a guest as a visitor for sign-up and sign-in, and remember who it was."""
    guest = guest_of(request)
    if guest is not None:
        request.user = AnonymousUser()
        request.guest = guest  # type: ignore[attr-defined] # read back by the adapter within the same request
    return guest


def _guest(token: str) -> User:
    try:
        return User.objects.get(guest_token=token)
    except User.DoesNotExist:
        pass
    try:
        with transaction.atomic():
            guest = User(guest_token=token)
            guest.set_unusable_password()
            guest.save()
            return guest
    except IntegrityError:  # the other click was faster
        return User.objects.get(guest_token=token)
