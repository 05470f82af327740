"""How allauth treats our people: a guest who signs up keeps the row, and with it everything done so far."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.utils import timezone
from django.utils.module_loading import import_string

from accounts.models import User


class Adapter(DefaultAccountAdapter):  # type: ignore[misc] # allauth has no types
    def new_user(self, request: HttpRequest) -> User:
        return getattr(request, "guest", None) or User()

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        """Turn a guest into an account: an address instead of the token."""
        user.guest_token = None
        return super().save_user(request, user, form, commit)  # type: ignore[no-any-return] # as above

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Sign in, and hand over what the guest of this browser did."""
        guest = getattr(request, "guest", None)
        super().login(request, user)
        if guest is not None and guest.pk != user.pk:
            import_string(settings.GUEST_HANDOVER)(guest=guest, to=user, at=timezone.now())
