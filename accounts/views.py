"""Sign-up and sign-in with guests in mind, the account page, and the theme."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from allauth.account import views as allauth_views
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from accounts import guests
from accounts.context import COOKIE, THEMES
from accounts.forms import AccountForm
from accounts.models import User


class SignUp(allauth_views.SignupView):  # type: ignore[misc] # allauth has no types
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        guests.step_back(request)
        return super().dispatch(request, *args, **kwargs)  # type: ignore[no-any-return] # as above


class SignIn(allauth_views.LoginView):  # type: ignore[misc] # allauth has no types
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        guests.step_back(request)
        return super().dispatch(request, *args, **kwargs)  # type: ignore[no-any-return] # as above

    def get_form(self, form_class: Any = None) -> Any:
        form = super().get_form(form_class)
        form.fields["password"].help_text = ""  # a link to a new password, which the page has below the form
        return form


def with_account(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Pages about address and password: a guest has neither, and is led to sign up first."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if guests.guest_of(request):
            return redirect("account_signup")
        return view(request, *args, **kwargs)

    return wrapped


@require_http_methods(["GET", "POST"])
@login_required
@never_cache
def account(request: HttpRequest) -> HttpResponse:
    """Name and usual extra time."""
    form = AccountForm(request.POST or None, instance=cast("User", request.user))
    if request.method == "POST" and form.is_valid():
        form.save()
        return redirect("account")
    return render(request, "accounts/account.html", {"form": form})


@require_POST
@csrf_exempt  # it is asked for by pages whose token is too old, and gives nothing that another site could read
def token(request: HttpRequest) -> HttpResponse:
    """A fresh token for an open page, after a sign-in elsewhere; 401 when nobody is signed in.

    A guest whose session is gone is known by the cookie, and goes on.
    """
    if not request.user.is_authenticated and not guests.readmit(request):
        return JsonResponse({"problem": "signed out"}, status=401)
    return JsonResponse({"token": get_token(request)}, headers={"Cache-Control": "private, no-store"})


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Remember the theme in a cookie, and go back to where the reader was."""
    back = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        back = "/"
    response = redirect(back)
    chosen = request.POST.get("theme", "")
    if chosen in THEMES:
        response.set_cookie(COOKIE, chosen, max_age=guests.YEAR, samesite="Lax", secure=request.is_secure())
    return response
