"""Where a candidate stands: scores, first sights, chance and mastery from scripted attempts."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from exams import attempts, readiness
from exams.drills import Wish
from exams.models import Attempt
from exams.progress import progress
from questions.models import Blueprint
from tests import factories
from tests.exams import acts
from tests.exams.conftest import Clock
from tests.factories import NOW, UserFactory

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def small() -> Blueprint:
    """Five questions of a bank of twelve; four are scored where some are unscored."""
    return factories.exam(each=6)


@pytest.fixture
def user() -> User:
    return UserFactory()


def sit(user: User, of: Blueprint, wrong: set[int], *, at: Any = NOW) -> Attempt:
    """A mock exam with everything right but these positions."""
    exam = acts.start(of, user, at=at)
    for item in exam.items.all():
        acts.answer(exam, item.position, "d" if item.position in wrong else item.revision.parsed.keys, at=at)
    acts.see_all(exam, at=at)
    return acts.submit(exam, at=at)


def repeat(user: User, of: Blueprint, *, at: Any) -> Attempt:
    """A memoriser's exam: the questions of the last one again, all right."""
    last = Attempt.objects.filter(user=user).latest("started_at")
    items = list(last.items.order_by("position"))
    again = factories.attempt(
        user,
        of,
        [item.revision for item in items],
        domains=[item.domain for item in items],
        started_at=at,
        deadline=at + timedelta(minutes=10),
    )
    again.items.update(first_sight=False, seen_at=at)
    for item in items:
        acts.answer(again, item.position, item.revision.parsed.keys, at=at)
    return acts.submit(again, at=at)


def test_nobody_knows_anything_before_the_first_attempt(user: User, small: Blueprint) -> None:
    found = progress(user=user, blueprint=small, at=NOW)
    assert (found.mocks, found.first_sights, found.chance, found.expected) == ((), 0, None, None)
    assert [(one.right, one.total, one.percent) for one in found.domains] == [(0, 0, 68), (0, 0, 68)]


def test_an_attempt_keeps_its_first_sights_by_domain(user: User, small: Blueprint) -> None:
    exam = sit(user, small, {1})
    domains = dict(exam.items.values_list("position", "domain"))
    right = {"1": 3, "2": 2}
    right[str(domains[1])] -= 1
    assert exam.fresh == {"1": [right["1"], 3], "2": [right["2"], 2]}


def test_what_was_never_seen_is_no_evidence(user: User, small: Blueprint) -> None:
    exam = acts.submit(acts.start(small, user))
    assert exam.fresh is not None
    assert sum(total for _, total in exam.fresh.values()) == 1  # the first question is shown at the start
    assert (exam.right, exam.total) == (0, 5)


def test_figures_of_one_exam(user: User, small: Blueprint) -> None:
    exam = sit(user, small, {1, 2})
    found = progress(user=user, blueprint=small, at=NOW)
    [mock] = found.mocks
    assert (mock.pk, mock.scaled, mock.fresh, mock.passed) == (exam.pk, 640, 640, False)
    assert found.first_sights == 5
    evidence = [readiness.Evidence(3, 5, 0.0)]
    assert found.chance == readiness.chance(evidence)
    low, high = readiness.next_score(evidence, size=4)
    assert found.expected == (100 + 900 * low // 4, 100 + 900 * high // 4)
    assert sum(one.total for one in found.domains) == 5


def test_a_memoriser_gains_nothing(user: User, small: Blueprint) -> None:
    sit(user, small, {1, 2, 3})
    before = progress(user=user, blueprint=small, at=NOW + DAY)
    again = repeat(user, small, at=NOW + DAY)
    after = progress(user=user, blueprint=small, at=NOW + DAY)
    assert again.scaled == 1000
    assert [mock.fresh for mock in after.mocks] == [460, None]
    assert (after.chance, after.expected, after.domains) == (before.chance, before.expected, before.domains)


def test_older_answers_count_less(user: User, small: Blueprint) -> None:
    sit(user, small, {1, 2, 3, 4, 5})
    sit(user, small, set(), at=NOW + 42 * DAY)
    found = progress(user=user, blueprint=small, at=NOW + 42 * DAY)
    assert found.chance == readiness.chance([readiness.Evidence(0, 5, 42.0), readiness.Evidence(5, 5, 0.0)])
    assert [mock.fresh for mock in found.mocks] == [100, 1000]


def test_drills_count_as_evidence_and_not_as_scores(user: User, small: Blueprint) -> None:
    drill = attempts.start_drill(user=user, blueprint=small, wish=Wish(count=5), at=NOW)
    for position in (1, 2):
        keys = drill.items.get(position=position).revision.parsed.keys
        attempts.check(user=user, attempt=drill.pk, position=position, chosen=keys, confidence="", shown=NOW, at=NOW)
    assert progress(user=user, blueprint=small, at=NOW).first_sights == 0
    acts.submit(drill)
    found = progress(user=user, blueprint=small, at=NOW)
    assert (found.mocks, found.first_sights) == ((), 2)


def test_another_blueprint_is_another_exam(user: User, small: Blueprint) -> None:
    sit(user, small, {1})
    other = factories.blueprint("DOP-C01", weights=(100,))
    assert progress(user=user, blueprint=other, at=NOW).first_sights == 0


# ---- the page ----


@pytest.fixture
def client(user: User, clock: Clock) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


def test_the_page_says_where_one_stands(client: Client, user: User, small: Blueprint) -> None:
    assert "Nothing to go by yet." in client.get("/progress/").content.decode()
    sit(user, small, {1, 2})
    page = client.get("/progress/").content.decode()
    chance = readiness.chance([readiness.Evidence(3, 5, 0.0)])
    assert f"<b>{round(100 * chance.low)}%</b> and <b>{round(100 * chance.high)}%</b>" in page
    assert '<td role="cell" class="n" data-th="score">640</td>' in page
    assert "Scaled scores of 1 mock exams, from 640 at first to 640." in page


def test_the_page_of_the_other_blueprint(client: Client, user: User, small: Blueprint) -> None:
    factories.blueprint("DOP-C01", weights=(100,), retired_on=date(2023, 3, 7))
    sit(user, small, {1})
    assert "Nothing to go by yet." in client.get("/progress/?blueprint=DOP-C01").content.decode()
    assert "Nothing to go by yet." not in client.get("/progress/?blueprint=nothing").content.decode()


def test_the_number_of_queries_does_not_grow(
    client: Client, user: User, small: Blueprint, django_assert_num_queries: Any
) -> None:
    for number in range(3):
        sit(user, small, {number + 1}, at=NOW + number * DAY)
        with django_assert_num_queries(10):  # three of them for a list of mistakes and an open exam
            client.get("/progress/")
