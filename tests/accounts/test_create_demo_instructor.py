"""The demo instructor: made once, with rights on the bank and none on published revisions."""

import re
from io import StringIO

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import authenticate
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command

from accounts.instructors import instructors
from accounts.management.commands.create_demo_instructor import EMAIL
from accounts.models import INSTRUCTORS, User

pytestmark = pytest.mark.django_db


def create(*arguments: str) -> str:
    printed = StringIO()
    call_command("create_demo_instructor", *arguments, stdout=printed)
    return printed.getvalue()


def password_in(printed: str) -> str:
    found = re.search(r"password: (\S+)", printed)
    assert found is not None
    return found[1]


def test_the_first_run_prints_a_password_that_signs_in() -> None:
    user = authenticate(username=EMAIL, password=password_in(create()))
    assert isinstance(user, User)
    assert (user.is_staff, user.is_superuser) == (True, False)
    assert user.groups.get().name == INSTRUCTORS


def test_the_address_counts_as_confirmed() -> None:
    create()
    address = EmailAddress.objects.get(user__email=EMAIL)
    assert (address.email, address.verified, address.primary) == (EMAIL, True, True)


def test_later_runs_change_nothing_and_say_how_to_get_a_new_password() -> None:
    password = password_in(create())
    second = create()
    assert password not in second
    assert "make password" in second
    assert authenticate(username=EMAIL, password=password) is not None
    assert User.objects.count() == 1


def test_a_new_password_replaces_the_old_one() -> None:
    old = password_in(create())
    new = password_in(create("--new-password"))
    assert authenticate(username=EMAIL, password=old) is None
    assert authenticate(username=EMAIL, password=new) is not None


def rights() -> set[str]:
    return {
        f"{app}.{name}" for app, name in instructors().permissions.values_list("content_type__app_label", "codename")
    }


def test_instructors_have_the_bank_but_not_what_is_published() -> None:
    every = set(Permission.objects.filter(content_type__app_label="questions").values_list("codename", flat=True))
    of_the_bank = {right.removeprefix("questions.") for right in rights() if right.startswith("questions.")}
    assert every - of_the_bank == {
        "change_revision",
        "delete_revision",
        "add_revisionstatistics",
        "change_revisionstatistics",
        "delete_revisionstatistics",
    }
    # to add a revision is to publish
    assert {"add_question", "change_question", "delete_question", "view_revision", "add_revision"} <= of_the_bank


def test_instructors_read_exams_and_touch_nobody() -> None:
    others = {right for right in rights() if not right.startswith("questions.")}
    assert others == {"exams.view_attempt", "exams.view_attemptitem"}


def test_rights_given_by_hand_stay() -> None:
    by_hand = Permission.objects.get(codename="view_user")
    instructors().permissions.add(by_hand)
    assert "accounts.view_user" in rights()
    assert Group.objects.count() == 1
