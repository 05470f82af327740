"""Counts of the published bank."""

from datetime import date
from typing import Any

import pytest

from questions import publishing
from questions.models import Blueprint, Placement, Question, Service, Task
from questions.overview import overview
from tests.factories import NOW, QuestionFactory, ScenarioFactory, blueprint

pytestmark = pytest.mark.django_db


@pytest.fixture
def new() -> Blueprint:
    return blueprint("DOP-C02", weights=(60, 40), question_count=5, scored_count=4)


def publish(of: Blueprint, code: str, **fields: Any) -> Question:
    question: Question = QuestionFactory(**fields)
    task = Task.objects.get(domain__blueprint=of, code=code)
    Placement.objects.get_or_create(scenario=question.scenario, blueprint=of, defaults={"task": task})
    publishing.publish(question, by=None, at=NOW)
    return question


def test_an_empty_bank_has_nothing_to_say() -> None:
    found = overview()
    assert (found.questions, found.scenarios, found.checked, found.blueprints) == (0, 0, None, ())


def test_a_blueprint_counts_what_is_published_by_domain_and_task(new: Blueprint) -> None:
    both = ScenarioFactory()
    for code, scenario in (("1.1", both), ("1.1", both), ("1.2", None), ("2.3", None), ("2.3", None)):
        publish(new, code, **({"scenario": scenario} if scenario else {}))
    QuestionFactory(scenario=both)  # a draft
    [rows] = overview().blueprints
    assert (rows.code, rows.questions, rows.forms) == ("DOP-C02", 5, 1)
    assert [(row.number, row.share, row.questions, row.scenarios) for row in rows.domains] == [
        (1, 3, 3, 2),
        (2, 2, 2, 2),
    ]
    assert [(task.code, task.questions) for row in rows.domains for task in row.tasks] == [
        ("1.1", 2),
        ("1.2", 1),
        ("1.3", 0),
        ("2.1", 0),
        ("2.2", 0),
        ("2.3", 2),
    ]


@pytest.mark.parametrize(
    ("first", "second", "forms"), [(3, 2, 1), (5, 4, 1), (6, 4, 2), (6, 3, 1), (9, 6, 3), (2, 9, 0)]
)
def test_the_domain_that_is_short_decides_how_many_forms_there_are(
    new: Blueprint, first: int, second: int, forms: int
) -> None:
    for code, count in (("1.1", first), ("2.1", second)):
        for _ in range(count):
            publish(new, code)
    assert overview().blueprints[0].forms == forms


def test_a_question_may_leave_out_a_blueprint_of_its_scenario(new: Blueprint) -> None:
    other = blueprint("DOP-C01", weights=(100,))
    question = publish(new, "1.1")
    Placement.objects.create(
        scenario=question.scenario, blueprint=other, task=Task.objects.get(domain__blueprint=other, code="1.1")
    )
    question.blueprints.add(other)
    assert {one.code: one.questions for one in overview().blueprints} == {"DOP-C02": 0, "DOP-C01": 1}


def test_retired_questions_do_not_count(new: Blueprint) -> None:
    publishing.retire(publish(new, "1.1"), at=NOW)
    assert overview().questions == 0


def test_kinds_thinking_and_days(new: Blueprint) -> None:
    publish(new, "1.1", kind="multiple", thinking="fault", verified=date(2026, 11, 3))
    publish(new, "1.1", thinking="read", verified=date(2026, 10, 3))
    found = overview()
    assert [number for _, number in found.kinds] == [1, 1]
    assert dict(found.thinking)["Find the fault"] == 1
    assert sum(number for _, number in found.thinking) == 2
    assert found.checked == (date(2026, 10, 3), date(2026, 11, 3))


def test_services_of_a_question_stand_for_those_of_its_scenario(new: Blueprint) -> None:
    a, b, c = (Service.objects.create(slug=slug, name=slug.upper()) for slug in "abc")
    usual = publish(new, "1.1")
    usual.scenario.services.add(a, b)
    publish(new, "1.1", scenario=usual.scenario).services.add(b, c)
    assert overview().services == (("B", 2), ("A", 1), ("C", 1))


def test_the_number_of_queries_does_not_grow(new: Blueprint, django_assert_num_queries: Any) -> None:
    for _ in range(2):
        publish(new, "1.1")
        with django_assert_num_queries(8):  # revisions, services twice, places, narrowed, blueprints, domains, tasks
            overview()
