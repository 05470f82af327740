"""The time that views read, an attempt, and the browser of its candidate."""

from datetime import datetime, timedelta

import pytest
from django.test import Client

from exams.models import Attempt
from tests import factories
from tests.factories import NOW


class Clock:
    """Stands still until a test moves it."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def go_on(self, **span: float) -> datetime:
        self.at += timedelta(**span)
        return self.at


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Django's clock, which views read once a request; it begins at NOW."""
    clock = Clock(NOW)
    monkeypatch.setattr("django.utils.timezone.now", clock)
    return clock


@pytest.fixture
def attempt() -> Attempt:
    """Three questions, ten minutes: one key (a), two keys (a and b), one key."""
    questions = [factories.QuestionFactory(kind=kind) for kind in ("single", "multiple", "single")]
    small = factories.blueprint(weights=(100,), question_count=3, scored_count=3, minutes=10)
    made = factories.attempt(factories.UserFactory(), small, factories.published(questions))
    made.items.filter(position=1).update(seen_at=NOW)
    return made


@pytest.fixture
def client(attempt: Attempt, clock: Clock) -> Client:
    """The browser of the candidate who sits `attempt`."""
    browser = Client()
    browser.force_login(attempt.user)
    return browser
