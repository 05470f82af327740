"""manage.py create_demo_instructor: somebody who may enter the workshop, for a look around."""

import secrets
from typing import Any

from allauth.account.models import EmailAddress
from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction

from accounts.instructors import instructors
from accounts.models import User

EMAIL = "instructor@example.org"


class Command(BaseCommand):
    help = f"Makes {EMAIL}, an instructor with a random password that is printed once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--new-password", action="store_true", help="give the instructor a new password")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        user, made = User.objects.get_or_create(email=EMAIL, defaults={"name": "Demo instructor", "is_staff": True})
        if made:
            EmailAddress.objects.create(user=user, email=EMAIL, verified=True, primary=True)
        user.groups.add(instructors())
        if made or options["new_password"]:
            self._give_password(user)
        else:
            self.stdout.write(f"Demo instructor: {EMAIL}, who has a password. For a new one: make password")

    def _give_password(self, user: User) -> None:
        password = secrets.token_urlsafe(12)
        user.set_password(password)
        user.save(update_fields=["password"])
        self.stdout.write(
            f"Demo instructor: {EMAIL}, password: {password} (shown only now; for a new one: make password)"
        )
