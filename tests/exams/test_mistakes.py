"""Named mistakes: what shows them, what mends them, and what is listed."""

from datetime import timedelta
from random import Random

import pytest
from django.test import Client

from accounts.models import User
from exams import attempts, mistakes
from exams.drills import Wish
from exams.models import Attempt, Mistake
from questions.models import Blueprint, Misconception, Option, Question, Revision
from tests import factories
from tests.exams import acts
from tests.exams.conftest import Clock
from tests.factories import NOW, UserFactory

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def small() -> Blueprint:
    return factories.exam(each=6)


@pytest.fixture
def user() -> User:
    return UserFactory()


def drill(user: User, of: Blueprint, answers: list[str], *, at: object = NOW) -> Attempt:
    """A drill in which the questions are answered with these keys, one after the other."""
    made = attempts.start_drill(user=user, blueprint=of, wish=Wish(count=len(answers)), at=at)  # type: ignore[arg-type] # a moment
    for position, keys in enumerate(answers, 1):
        attempts.check(
            user=user,
            attempt=made.pk,
            position=position,
            chosen=frozenset(keys),
            confidence="",
            shown=at,  # type: ignore[arg-type] # as above
            at=at,  # type: ignore[arg-type] # as above
        )
    return made


def state(user: User) -> dict[str, tuple[int, int]]:
    return {row.misconception[-1]: (row.shown, row.apart) for row in Mistake.objects.filter(user=user)}


@pytest.mark.parametrize(
    ("answers", "found"),
    [
        (["a"], {}),
        (["b"], {"b": (1, 0)}),
        (["b", "b", "c"], {"b": (2, 0), "c": (1, 0)}),
        (["b", "a"], {"b": (1, 1)}),
        (["b", "a", "a"], {"b": (1, 2)}),
        (["b", "a", "b"], {"b": (2, 0)}),
        (["b", "c"], {"b": (1, 0), "c": (1, 0)}),  # missed otherwise: nothing was told apart
        (["b", ""], {"b": (1, 0)}),
    ],
)
def test_what_answers_show(user: User, small: Blueprint, answers: list[str], found: dict[str, tuple[int, int]]) -> None:
    drill(user, small, answers)
    assert state(user) == found


def test_an_exam_shows_mistakes_at_its_end(user: User, small: Blueprint) -> None:
    exam = acts.start(small, user)
    for item in exam.items.all():
        acts.answer(exam, item.position, "b" if item.position in {2, 4} else "a")
    assert state(user) == {}
    acts.submit(exam)
    assert state(user) == {"b": (2, 0)}
    assert Mistake.objects.get().evidence == [[exam.pk, 4], [exam.pk, 2]]


def test_what_was_told_apart_twice_running_is_off_the_list(user: User, small: Blueprint) -> None:
    drill(user, small, ["b", "c", "a"])
    assert [one.slug for one in mistakes.repeating(user, count=8)] == ["mistake-b", "mistake-c"]
    drill(user, small, ["a", "c"], at=NOW + DAY)
    [left] = mistakes.repeating(user, count=8)
    assert (left.slug, left.name, left.remedy, left.times, left.apart) == (
        "mistake-c",
        "Mistake c",
        "Think of c.",
        2,
        0,
    )


def test_evidence_is_bounded_and_the_latest_comes_first(user: User, small: Blueprint) -> None:
    first = drill(user, small, ["b"] * 4)
    second = drill(user, small, ["b"] * 3, at=NOW + DAY)
    [found] = mistakes.repeating(user, count=8)
    assert found.places == (*((second.pk, place) for place in (3, 2, 1)), (first.pk, 4), (first.pk, 3))
    assert found.times == 7


def test_a_planted_misconception_ranks_first(user: User) -> None:
    """A candidate who knows three in four, guesses the rest, and falls for one mistake whenever it is offered."""
    of = factories.exam(each=30, question_count=30, scored_count=20)
    planted = Misconception.objects.create(slug="planted", name="Planted", remedy="Think twice.")
    questions = list(Question.objects.order_by("pk"))
    Option.objects.filter(question__in=questions[::6], key="d").update(misconception=planted)
    Revision.objects.update(superseded_at=NOW)
    factories.published(questions, number=2)
    rng = Random(4)
    for number in range(3):
        exam = acts.start(of, user, at=NOW + number * DAY)
        for item in exam.items.select_related("revision__question"):
            falls = any(option.misconception == "planted" for option in item.revision.parsed.options)
            keys = sorted(item.revision.parsed.keys)
            wrong = rng.choice(["b", "c", "d"])
            chosen = "d" if falls else "".join(keys) if rng.random() < 0.75 else wrong
            acts.answer(exam, item.position, chosen, at=NOW + number * DAY)
        acts.submit(exam, at=NOW + number * DAY)
    assert mistakes.repeating(user, count=8)[0].slug == "planted"


def test_a_guest_takes_mistakes_along(small: Blueprint) -> None:
    guest, account = factories.GuestFactory(), UserFactory()
    drill(guest, small, ["b", "c"], at=NOW + DAY)
    drill(account, small, ["b", "b", "a"])
    attempts.hand_over(guest=guest, to=account, at=NOW + 2 * DAY)
    assert state(account) == {"b": (3, 0), "c": (1, 0)}
    assert Mistake.objects.filter(user=account).count() == Mistake.objects.count() == 2


def test_the_page_lists_them_with_a_drill(user: User, small: Blueprint, clock: Clock) -> None:
    browser = Client()
    browser.force_login(user)
    assert "Mistakes that repeat" not in browser.get("/progress/").content.decode()
    made = drill(user, small, ["b", "b"])
    page = browser.get("/progress/").content.decode()
    assert "Mistake b" in page
    assert "Chosen 2 times" in page
    assert f'<a href="/attempts/{made.pk}/report/2/">question 2</a>' in page
    assert '<input type="hidden" name="misconception" value="mistake-b">' in page


def test_mistakes_are_kept_back_while_an_exam_is_sat(user: User, small: Blueprint, clock: Clock) -> None:
    browser = Client()
    browser.force_login(user)
    drill(user, small, ["b"])
    exam = acts.start(small, user)
    page = browser.get("/progress/").content.decode()
    assert "Mistake b" not in page
    assert "You are sitting an exam." in page
    acts.submit(exam)
    assert "Mistake b" in browser.get("/progress/").content.decode()
