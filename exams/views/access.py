"""Who may see pages of attempts, and how they are kept out of caches."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.vary import vary_on_headers

from accounts import guests
from accounts.models import User

P = ParamSpec("P")


def private(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Never stored by a browser or a proxy; a page and its partial are told apart."""
    return cache_control(private=True, no_store=True)(vary_on_headers("HX-Request", "Cookie")(view))


def candidate(
    view: Callable[Concatenate[HttpRequest, User, P], HttpResponse],
) -> Callable[..., HttpResponse]:
    """Give the view its signed-in person, guest or not; others are led to sign in.

    A guest whose session is gone is known by the cookie: without script nobody else would ask for a new one.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not isinstance(request.user, User):
            guests.readmit(request)
        if isinstance(request.user, User):
            return view(request, request.user, *args, **kwargs)
        if request.headers.get("HX-Request"):
            return HttpResponse(status=401)
        return redirect_to_login(request.get_full_path(), reverse("account_login"))

    return wrapped


def to(request: HttpRequest, url: str) -> HttpResponse:
    """Redirect a page, or tell htmx to go there: a redirect would land in the middle of the page."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return redirect(url)


__all__ = ["candidate", "private", "to"]
