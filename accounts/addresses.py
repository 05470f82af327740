"""The address that somebody signs in with stands with the account, and once more with allauth, which confirms it."""

from allauth.account.models import EmailAddress
from django.db import transaction

from accounts.models import User


@transaction.atomic
def follow(user: User) -> None:
    """Make the account's address the only one that allauth knows of it; a new one is not confirmed yet."""
    EmailAddress.objects.filter(user=user).exclude(email__iexact=user.email).delete()
    EmailAddress.objects.update_or_create(
        user=user,
        email__iexact=user.email,
        defaults={"primary": True},
        create_defaults={"email": user.email, "primary": True},
    )
