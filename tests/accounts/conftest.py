"""A browser, an exam to start, and the same clock as for exams."""

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache

from accounts.models import User
from questions.models import Blueprint
from tests import factories
from tests.exams.conftest import Clock, clock

__all__ = ["Clock", "clock"]
PASSWORD = "a long enough sentence"


@pytest.fixture
def small(db: None) -> Blueprint:
    """An exam of five questions."""
    return factories.exam()


@pytest.fixture
def account(db: None) -> User:
    """Somebody with an address and PASSWORD."""
    user: User = factories.UserFactory(email="candidate@example.org")
    user.set_password(PASSWORD)
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


@pytest.fixture(autouse=True)
def _no_throttles_kept(db: None) -> None:
    cache.clear()
