"""People and their addresses."""

import pytest

from accounts.models import User
from tests.factories import GuestFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_a_superuser_may_do_all() -> None:
    user = User.objects.create_superuser("staff@example.org", "a long enough sentence")
    assert (user.is_staff, user.is_superuser, user.is_guest) == (True, True, False)
    assert user.check_password("a long enough sentence")


def test_the_domain_of_an_address_is_written_in_lower_case() -> None:
    assert User.objects.create_user("Somebody@EXAMPLE.org").email == "Somebody@example.org"


def test_people_are_found_by_their_address_in_any_case() -> None:
    user = UserFactory(email="Somebody@example.org")
    assert User.objects.get_by_natural_key("somebody@EXAMPLE.org") == user


@pytest.mark.parametrize(
    ("person", "name"),
    [
        (lambda: UserFactory.build(name="Ada", email="ada@example.org"), "Ada"),
        (lambda: UserFactory.build(email="ada@example.org"), "ada@example.org"),
        (GuestFactory.build, "Guest"),
        (lambda: GuestFactory.build(name="Ada"), "Ada"),
    ],
)
def test_how_people_are_called(person: "type[UserFactory]", name: str) -> None:
    assert str(person()) == name
