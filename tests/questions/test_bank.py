"""What exams may draw, and contents that are read once."""

from datetime import date, timedelta
from typing import Any

import pytest

from questions import bank, content, publishing
from questions.bank import Drawable
from questions.models import (
    Blueprint,
    Misconception,
    Placement,
    Question,
    Revision,
    RevisionStatistics,
    Scenario,
    Service,
    Task,
)
from tests.factories import NOW, QuestionFactory, ScenarioFactory, blueprint

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def new() -> Blueprint:
    return blueprint("DOP-C02")


@pytest.fixture
def old() -> Blueprint:
    return blueprint("DOP-C01", weights=(60, 40))


def place(scenario: Scenario, of: Blueprint, code: str) -> None:
    task = Task.objects.get(domain__blueprint=of, code=code)
    Placement.objects.create(scenario=scenario, blueprint=of, task=task)


def published(slug: str, *places: tuple[Blueprint, str], **fields: Any) -> Question:
    """A published question whose scenario has these places."""
    question: Question = QuestionFactory(slug=slug, **fields)
    for of, code in places:
        place(question.scenario, of, code)
    publishing.publish(question, by=None, at=NOW)
    return question


def slugs(of: Blueprint) -> list[str]:
    found = {one.question for one in bank.drawable(of)}
    return sorted(Question.objects.filter(pk__in=found).values_list("slug", flat=True))


# ---- drawable ----


def test_a_question_is_drawn_for_the_task_of_its_scenario(new: Blueprint, old: Blueprint) -> None:
    question = published("q", (new, "3.2"), (old, "1.1"))
    live = Revision.objects.live().get()
    common = {"revision": live.pk, "question": question.pk, "scenario": question.scenario_id, "answers": 0}
    assert bank.drawable(new) == [Drawable(**common, domain=3, task="3.2")]
    assert bank.drawable(old) == [Drawable(**common, domain=1, task="1.1")]


def test_the_answers_are_those_that_were_counted(new: Blueprint) -> None:
    published("q", (new, "1.1"))
    RevisionStatistics.objects.create(revision=Revision.objects.get(), answers=7, right=3)
    assert [one.answers for one in bank.drawable(new)] == [7]


def test_siblings_of_a_scenario_share_it(new: Blueprint) -> None:
    first = published("first", (new, "1.1"))
    published("second", scenario=first.scenario)
    assert [one.scenario for one in bank.drawable(new)] == [first.scenario_id] * 2
    assert slugs(new) == ["first", "second"]


def test_without_a_place_a_question_is_not_drawn(new: Blueprint, old: Blueprint) -> None:
    published("q", (new, "1.1"))
    assert bank.drawable(old) == []


def test_a_question_may_be_narrowed_to_some_blueprints_of_its_scenario(new: Blueprint, old: Blueprint) -> None:
    places = ((new, "1.1"), (old, "1.1"))
    published("both", *places)
    published("new-only", *places).blueprints.add(new)
    published("old-only", *places).blueprints.add(old)
    published("named-both", *places).blueprints.add(new, old)
    assert slugs(new) == ["both", "named-both", "new-only"]
    assert slugs(old) == ["both", "named-both", "old-only"]


def test_narrowing_gives_no_place(new: Blueprint, old: Blueprint) -> None:
    published("q", (new, "1.1")).blueprints.add(old)
    assert bank.drawable(new) == bank.drawable(old) == []


def test_a_draft_is_not_drawn(new: Blueprint) -> None:
    question = QuestionFactory()
    place(question.scenario, new, "1.1")
    assert bank.drawable(new) == []


def test_a_retired_question_is_not_drawn_until_it_is_back(new: Blueprint) -> None:
    question = published("q", (new, "1.1"))
    publishing.retire(question, at=LATER)
    assert bank.drawable(new) == []
    back = publishing.publish(question, by=None, at=LATER)
    assert [one.revision for one in bank.drawable(new)] == [back.pk]


def test_only_the_live_revision_is_drawn(new: Blueprint) -> None:
    question = published("q", (new, "1.1"))
    Question.objects.filter(pk=question.pk).update(stem="Another?")
    assert [one.revision for one in bank.drawable(new)] == [Revision.objects.get().pk]  # an edit alone changes nothing
    second = publishing.publish(question, by=None, at=LATER)
    assert [one.revision for one in bank.drawable(new)] == [second.pk]


@pytest.mark.parametrize("questions", [0, 1, 5])
def test_drawing_takes_one_query(new: Blueprint, questions: int, django_assert_num_queries: Any) -> None:
    for number in range(questions):
        published(f"q{number}", (new, "1.1"))
    with django_assert_num_queries(1):
        assert len(bank.drawable(new)) == questions


# ---- contents ----


@pytest.fixture
def three() -> list[Revision]:
    return [publishing.publish(QuestionFactory(), by=None, at=NOW) for _ in range(3)]


def test_contents_are_those_of_the_revisions(three: list[Revision]) -> None:
    found = bank.contents([three[2].pk, three[0].pk])
    assert found == {three[0].pk: three[0].parsed, three[2].pk: three[2].parsed}


def test_contents_are_read_once(three: list[Revision], django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        first = bank.contents([three[0].pk, three[1].pk])
    with django_assert_num_queries(0):
        again = bank.contents([three[1].pk, three[0].pk])
    with django_assert_num_queries(1):  # for the one that is missing
        bank.contents(one.pk for one in three)
    assert all(again[pk] is first[pk] for pk in first)


def test_contents_of_nothing_take_no_query(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert bank.contents([]) == {}


def test_contents_of_an_unknown_revision_are_left_out(three: list[Revision]) -> None:
    assert bank.contents([three[0].pk, 999_999]) == {three[0].pk: three[0].parsed}


def test_what_is_forgotten_is_read_again(three: list[Revision], django_assert_num_queries: Any) -> None:
    bank.contents([three[0].pk])
    bank.forget()
    with django_assert_num_queries(1):
        bank.contents([three[0].pk])


def test_no_more_contents_are_kept_than_there_is_room_for(
    three: list[Revision], monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    monkeypatch.setattr(bank, "KEPT", 2)
    for one in three:
        bank.contents([one.pk])
    with django_assert_num_queries(0):
        bank.contents([three[1].pk, three[2].pk])
    with django_assert_num_queries(1):  # the oldest had to go
        bank.contents([three[0].pk])


def test_more_than_there_is_room_for_can_be_asked_at_once(
    three: list[Revision], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bank, "KEPT", 2)
    assert set(bank.contents(one.pk for one in three)) == {one.pk for one in three}


def test_contents_hand_out_what_cannot_be_changed(three: list[Revision]) -> None:
    found = bank.contents([three[0].pk])[three[0].pk]
    with pytest.raises(AttributeError):
        found.stem = "Mine"  # type: ignore[misc] # that is what is tried
    assert isinstance(found, content.Content)


def test_prompts_are_contents_without_the_key_and_are_read_once_with_them(
    three: list[Revision], django_assert_num_queries: Any
) -> None:
    first, second, _ = three
    with django_assert_num_queries(1):
        bank.contents([first.pk])
    with django_assert_num_queries(0):
        assert bank.prompts([first.pk]) == {first.pk: first.parsed.prompt()}
    with django_assert_num_queries(1):
        assert bank.prompts([second.pk, first.pk])[second.pk] == second.parsed.prompt()
    with django_assert_num_queries(0):
        bank.contents([second.pk])


# ---- what is gone ----


@pytest.mark.parametrize(
    ("status", "retired_on", "drawn"),
    [
        ("ok", None, True),
        ("renamed", None, True),
        ("closed", None, False),
        ("ended", None, False),
        ("closed", date(2023, 3, 7), True),
        ("ended", date(2023, 3, 7), True),
    ],
)
@pytest.mark.parametrize("owner", ["question", "scenario"])
def test_what_is_gone_is_drawn_for_an_exam_of_its_time_only(
    new: Blueprint, status: str, retired_on: date | None, drawn: bool, owner: str
) -> None:
    new.retired_on = retired_on
    new.save()
    question = published("q", (new, "1.1"))
    service = Service.objects.create(slug="s", name="S", status=status)
    (question if owner == "question" else question.scenario).services.add(service)
    assert slugs(new) == (["q"] if drawn else [])


def test_services_of_a_question_stand_before_what_is_gone_in_its_scenario(new: Blueprint) -> None:
    question = published("q", (new, "1.1"))
    question.scenario.services.add(Service.objects.create(slug="gone", name="Gone", status="ended"))
    question.services.add(Service.objects.create(slug="here", name="Here"))
    assert slugs(new) == ["q"]


# ---- about ----


def test_about_says_what_a_revision_is_about() -> None:
    scenario = ScenarioFactory(title="T")
    scenario.services.add(Service.objects.create(slug="b", name="B"), Service.objects.create(slug="a", name="A"))
    question = QuestionFactory(slug="q", scenario=scenario, verified=date(2026, 11, 1))
    revision = publishing.publish(question, by=None, at=NOW)
    found = bank.about([revision.pk])
    assert found == {revision.pk: bank.About(question.pk, "q", "T", ("A", "B"), date(2026, 11, 1))}


def test_services_of_a_question_stand_for_those_of_its_scenario() -> None:
    question = QuestionFactory()
    question.scenario.services.add(Service.objects.create(slug="a", name="A"))
    question.services.add(Service.objects.create(slug="c", name="C"))
    revision = publishing.publish(question, by=None, at=NOW)
    assert bank.about([revision.pk])[revision.pk].services == ("C",)


def test_about_takes_the_same_queries_for_any_number(three: list[Revision], django_assert_num_queries: Any) -> None:
    for some in (three[:1], three):
        bank.forget()
        with django_assert_num_queries(3):  # revisions with questions and scenarios; services of each
            bank.about(one.pk for one in some)


@pytest.mark.parametrize(("later", "queries", "title"), [(59.9, 0, "Old"), (60, 3, "New"), (60.1, 3, "New")])
def test_what_it_is_about_is_kept_for_a_minute(
    monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any, later: float, queries: int, title: str
) -> None:
    question = QuestionFactory(scenario=ScenarioFactory(title="Old"))
    revision = publishing.publish(question, by=None, at=NOW).pk
    monkeypatch.setattr(bank, "monotonic", lambda: 1000.0)
    bank.about([revision])
    Scenario.objects.update(title="New")
    monkeypatch.setattr(bank, "monotonic", lambda: 1000.0 + later)
    with django_assert_num_queries(queries):
        assert bank.about([revision])[revision].scenario == title


def test_misconceptions_by_slug() -> None:
    Misconception.objects.create(slug="a", name="A", remedy="Look.")
    Misconception.objects.create(slug="b", name="B", remedy="Think.")
    assert bank.misconceptions(["a", "a", "unknown", ""]) == {"a": ("A", "Look.")}
