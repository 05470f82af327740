"""Repetition by scenario: what an answer says, when a scenario comes back, and what is due today."""

from datetime import date, datetime, timedelta
from itertools import pairwise
from math import ceil
from random import Random
from statistics import fmean
from typing import Any

import pytest
from django.test import Client
from fsrs import Rating
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from exams import attempts, memory
from exams.drills import Source, Wish
from exams.models import Attempt, Memory
from questions.models import Blueprint, Placement, Question, Scenario, Task
from tests import factories
from tests.exams import acts
from tests.exams.conftest import Clock
from tests.factories import NOW, QuestionFactory, UserFactory

AGAIN, HARD, GOOD = Rating.Again, Rating.Hard, Rating.Good
RATINGS = st.sampled_from([AGAIN, HARD, GOOD])
DAY = timedelta(days=1)


def days_until_due(*said: Rating, exam_on: date | None = None) -> list[int]:
    """Days to the next review after each of these, each given on the day when it is due."""
    trace, at, found = None, NOW, []
    for one in said:
        trace = memory.review(trace, one, at, exam_on)
        found.append((trace.due_at - at).days)
        at = trace.due_at
    return found


# ---- what an answer says ----


@pytest.mark.parametrize(
    ("right", "confidence", "said"),
    [
        (True, "sure", GOOD),
        (True, "", GOOD),
        (True, "unsure", HARD),
        (True, "guess", AGAIN),
        (False, "sure", AGAIN),
        (False, "", AGAIN),
        (False, "unsure", AGAIN),
        (False, "guess", AGAIN),
    ],
)
def test_what_an_answer_says(right: bool, confidence: str, said: Rating) -> None:
    assert memory.rating(right=right, confidence=confidence) == said


# ---- when a scenario comes back ----


@pytest.mark.parametrize(("first", "days"), [(AGAIN, [1, 2, 6, 17]), (HARD, [1, 5, 17, 50]), (GOOD, [2, 11, 46, 163])])
def test_the_first_answer_sets_the_pace(first: Rating, days: list[int]) -> None:
    assert days_until_due(first, GOOD, GOOD, GOOD) == days


@pytest.mark.parametrize(
    ("ahead", "days"),
    [(400, [2, 11, 46, 163]), (30, [2, 11, 16, 97]), (10, [2, 7]), (2, [1]), (1, [2]), (0, [2]), (-5, [2])],
)
def test_all_comes_back_before_the_exam(ahead: int, days: list[int]) -> None:
    exam_on = NOW.date() + ahead * DAY
    assert days_until_due(*[GOOD] * len(days), exam_on=exam_on) == days


@given(st.lists(RATINGS, min_size=1, max_size=12), st.integers(0, 400))
def test_a_better_answer_never_comes_back_sooner(said: list[Rating], late: int) -> None:
    trace, at = None, NOW
    for one in said:
        trace = memory.review(trace, one, at)
        at = trace.due_at + late * timedelta(hours=1)
    plans = [memory.review(trace, one, at) for one in (AGAIN, HARD, GOOD)]
    assert all(worse.due_at <= better.due_at for worse, better in pairwise(plans))
    assert all(plan.due_at >= at + DAY for plan in plans)


@given(st.lists(RATINGS, min_size=1, max_size=8), st.integers(0, 300))
def test_recall_falls_with_time(said: list[Rating], days: int) -> None:
    trace = None
    for number, one in enumerate(said):
        trace = memory.review(trace, one, NOW + number * DAY)
    assert trace is not None
    sooner, later = (memory.recall(trace, trace.reviewed_at + (days + more) * DAY) for more in (0, 1))
    assert 0 < later <= sooner <= 1


@pytest.mark.parametrize(("place", "day"), [(0, 29), (1, 28), (6, 23), (7, 29), (20, 23)])
def test_the_last_week_is_spread_over_its_days(place: int, day: int) -> None:
    known = memory.Trace(stability=300, difficulty=3, reviewed_at=NOW - 100 * DAY, due_at=NOW)
    assert memory.review(known, GOOD, NOW, NOW.date() + 30 * DAY, place=place).due_at == NOW + day * DAY


class Learner:
    """Forgets as the planner's curve says; every fourth scenario is missed at first."""

    def __init__(self, seed: int, exam: datetime) -> None:
        self.rng, self.exam, self.work = Random(seed), exam, 0
        self.traces: dict[int, memory.Trace] = {}

    def review(self, number: int, at: datetime) -> memory.Trace:
        before = self.traces.get(number)
        known = self.rng.random() < memory.recall(before, at) if before else number % 4 != 0
        self.work += 1
        self.traces[number] = memory.review(before, GOOD if known else AGAIN, at, self.exam.date(), place=number)
        return self.traces[number]

    def recall(self) -> float:
        return fmean(memory.recall(trace, self.exam) for trace in self.traces.values())


@pytest.mark.parametrize("seed", range(3))
def test_planned_repetition_beats_a_fixed_interval_at_equal_work(seed: int) -> None:
    """A hundred scenarios, 56 days: the mean chance of recall on the exam day."""
    exam, count = NOW + 56 * DAY, 100
    planned, fixed = Learner(seed, exam), Learner(seed, exam)
    for number in range(count):
        at = NOW
        while at < exam:
            at = planned.review(number, at).due_at
    each = ceil(planned.work / count)
    for number in range(count):
        for time in range(each):
            fixed.review(number, NOW + time * 56 // each * DAY)
    assert fixed.work >= planned.work
    assert planned.recall() > fixed.recall()


# ---- remembering ----


@pytest.fixture
def user(db: None) -> User:
    return UserFactory()


@pytest.fixture
def small(db: None) -> Blueprint:
    return factories.exam(each=6)


def scenario(number: int) -> Scenario:
    return Scenario.objects.order_by("pk")[number]


def due(user: User, of: Blueprint, at: datetime) -> list[int]:
    return memory.due(user, of, at)


def test_the_worse_of_two_answers_counts(user: User, small: Blueprint) -> None:
    one = scenario(0).pk
    memory.remember(user, [(one, GOOD), (one, AGAIN), (one, HARD)], NOW)
    assert Memory.objects.get().due_at == NOW + DAY


def test_an_older_result_that_comes_late_changes_nothing(user: User, small: Blueprint) -> None:
    one = scenario(0).pk
    memory.remember(user, [(one, GOOD)], NOW)
    before = Memory.objects.values().get()
    memory.remember(user, [(one, AGAIN)], NOW - DAY)
    memory.remember(user, [(one, AGAIN)], NOW)
    assert Memory.objects.values().get() == before


def test_an_exam_is_remembered_by_scenario(user: User, small: Blueprint) -> None:
    exam = acts.start(small, user)
    for item in exam.items.all():
        acts.answer(exam, item.position, "d" if item.position == 1 else item.revision.parsed.keys)
    acts.submit(exam)
    first = exam.items.get(position=1).revision.question.scenario_id
    plan = dict(Memory.objects.values_list("scenario_id", "due_at"))
    assert len(plan) == 5
    assert {key: (at - NOW).days for key, at in plan.items()} == {key: 1 if key == first else 2 for key in plan}


@pytest.mark.parametrize(("confidence", "days"), [("sure", 2), ("unsure", 1), ("guess", 1)])
def test_a_drill_asks_how_sure(user: User, small: Blueprint, confidence: str, days: int) -> None:
    drill = attempts.start_drill(user=user, blueprint=small, wish=Wish(count=5), at=NOW)
    keys = drill.items.get(position=1).revision.parsed.keys
    attempts.check(user=user, attempt=drill.pk, position=1, chosen=keys, confidence=confidence, shown=NOW, at=NOW)
    assert (Memory.objects.get().due_at - NOW).days == days


# ---- due today ----


def remember(user: User, number: int, due_at: datetime, reviewed_at: datetime = NOW - 9 * DAY) -> int:
    one = scenario(number).pk
    Memory.objects.create(user=user, scenario_id=one, stability=3, difficulty=5, reviewed_at=reviewed_at, due_at=due_at)
    return one


MIDNIGHT = NOW.replace(hour=0) + DAY


@pytest.mark.parametrize(
    ("due_at", "is_due"), [(MIDNIGHT - acts.INSTANT, True), (MIDNIGHT, False), (NOW - 5 * DAY, True)]
)
def test_a_scenario_is_due_until_the_day_ends(user: User, small: Blueprint, due_at: datetime, is_due: bool) -> None:
    one = remember(user, 0, due_at)
    assert due(user, small, NOW) == ([one] if is_due else [])


def test_the_longest_overdue_come_first_and_a_day_is_bounded(user: User, small: Blueprint) -> None:
    user.daily = 5
    ones = [remember(user, number, NOW - number * timedelta(hours=1)) for number in range(8)]
    assert due(user, small, NOW) == ones[:2:-1]


def test_what_was_done_today_is_taken_off(user: User, small: Blueprint) -> None:
    user.daily = 5
    for number in range(4):
        remember(user, number, NOW - DAY)
    for number in (5, 6, 7):
        remember(user, number, NOW + 9 * DAY, reviewed_at=NOW)
    assert len(due(user, small, NOW)) == 2
    assert len(due(user, small, NOW + DAY)) == 4


def test_scenarios_of_another_blueprint_or_person_are_not_due(user: User, small: Blueprint) -> None:
    other = factories.blueprint("DOP-C01", weights=(100,))
    alone = QuestionFactory().scenario
    Placement.objects.create(scenario=alone, blueprint=other, task=Task.objects.filter(domain__blueprint=other)[0])
    Memory.objects.create(
        user=user, scenario=alone, stability=3, difficulty=5, reviewed_at=NOW - 9 * DAY, due_at=NOW - DAY
    )
    remember(UserFactory(), 0, NOW - DAY)
    assert due(user, small, NOW) == []
    assert due(user, other, NOW) == [alone.pk]


def test_a_drill_of_what_is_due_asks_an_unseen_sibling(user: User, small: Blueprint) -> None:
    seen = Question.objects.order_by("pk")[0]
    sibling = QuestionFactory(scenario=seen.scenario)
    factories.published([sibling])
    first = attempts.start_drill(user=user, blueprint=small, wish=Wish(scenario=seen.scenario.slug), at=NOW)
    asked = first.items.get(position=1)
    attempts.check(user=user, attempt=first.pk, position=1, chosen=frozenset(), confidence="", shown=NOW, at=NOW)
    acts.submit(first)
    again = attempts.start_drill(user=user, blueprint=small, wish=Wish(source=Source.DUE, count=75), at=NOW + 2 * DAY)
    assert again.items.count() == 1
    assert again.items.get().revision.question.scenario == seen.scenario
    assert again.items.get().revision_id != asked.revision_id


def test_a_guest_takes_memories_along(small: Blueprint) -> None:
    guest, account = factories.GuestFactory(), UserFactory()
    kept = remember(guest, 0, NOW + DAY)
    later = remember(guest, 1, NOW + 5 * DAY, reviewed_at=NOW - DAY)
    remember(account, 1, NOW + 2 * DAY, reviewed_at=NOW - 2 * DAY)
    theirs = remember(account, 2, NOW + 7 * DAY, reviewed_at=NOW - DAY)
    remember(guest, 2, NOW + DAY, reviewed_at=NOW - 2 * DAY)
    attempts.hand_over(guest=guest, to=account, at=NOW)
    plan = dict(Memory.objects.filter(user=account).values_list("scenario_id", "due_at"))
    assert plan == {kept: NOW + DAY, later: NOW + 5 * DAY, theirs: NOW + 7 * DAY}
    assert Memory.objects.count() == 3


# ---- pages ----


def test_the_front_page_says_what_is_due(user: User, small: Blueprint, clock: Clock) -> None:
    browser = Client()
    browser.force_login(user)
    assert "due today" not in browser.get("/").content.decode()
    for number in range(3):
        remember(user, number, NOW - DAY)
    for page in ("/", "/drill/DOP-C02/"):
        assert "3 due today" in browser.get(page).content.decode()
    response = browser.post("/drill/DOP-C02/", {"source": "due", "count": "75"})
    drill = Attempt.objects.get()
    assert response["Location"] == f"/attempts/{drill.pk}/"
    assert (drill.items.count(), drill.about) == (3, "All domains; due for repetition today")


def test_exam_day_and_daily_work_are_settings(user: User, clock: Clock) -> None:
    browser = Client()
    browser.force_login(user)
    sent: dict[str, Any] = {"name": "A", "accommodation": "standard", "exam_on": "2027-01-15", "daily": "30"}
    browser.post("/account/", sent)
    user.refresh_from_db()
    assert (user.exam_on, user.daily) == (date(2027, 1, 15), 30)
    for wrong in ({"daily": "4"}, {"daily": "76"}, {"exam_on": "soon"}):
        assert "This was not kept" in browser.post("/account/", sent | wrong).content.decode()
    user.refresh_from_db()
    assert (user.exam_on, user.daily) == (date(2027, 1, 15), 30)
