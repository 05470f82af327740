"""Rules that the database holds: each is broken once here, also past the forms."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import ProtectedError

from questions import frozen, publishing
from questions.models import (
    Blueprint,
    Domain,
    Misconception,
    Option,
    Placement,
    Question,
    Revision,
    RevisionStatistics,
    Scenario,
    Service,
    Task,
)
from tests.factories import NOW, QuestionFactory, UserFactory, blueprint

pytestmark = pytest.mark.django_db
BEFORE = NOW - timedelta(microseconds=1)


@pytest.fixture
def bank() -> Revision:
    """One of each, named as the rules below expect it."""
    exam = blueprint("DOP-C02")
    Service.objects.create(slug="s", name="S")
    question = QuestionFactory(slug="q")
    question.scenario.slug = "one"
    question.scenario.save()
    Placement.objects.create(scenario=question.scenario, blueprint=exam, task=Task.objects.get(code="1.1"))
    revision = publishing.publish(question, by=None, at=NOW)
    RevisionStatistics.objects.create(revision=revision, answers=2, right=1)
    return revision


def copy(model: Any, **fields: Any) -> Any:
    """A second row like the first one of a model, but for these fields; stored."""
    row = model.objects.order_by("pk").first()
    row.pk = None
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()
    return row


RULES: dict[str, Callable[[], Any]] = {
    "a_blueprint_asks_and_takes_time: no questions": lambda: Blueprint.objects.update(question_count=0, scored_count=0),
    "a_blueprint_asks_and_takes_time: no time": lambda: Blueprint.objects.update(minutes=0),
    "scored_are_among_the_asked: more": lambda: Blueprint.objects.update(scored_count=76),
    "scored_are_among_the_asked: none": lambda: Blueprint.objects.update(scored_count=0),
    "the_cut_lies_on_the_scale: at the bottom": lambda: Blueprint.objects.update(cut=100),
    "the_cut_lies_on_the_scale: above": lambda: Blueprint.objects.update(cut=1001),
    "one code": lambda: copy(Blueprint),
    "one_domain_a_number": lambda: copy(Domain),
    "a_weight_is_a_percentage: none": lambda: Domain.objects.update(weight=0),
    "a_weight_is_a_percentage: more than all": lambda: Domain.objects.update(weight=101),
    "one_task_a_code": lambda: copy(Task),
    "a_known_service_status": lambda: Service.objects.update(status="fine"),
    "one slug of a service": lambda: copy(Service),
    "one slug of a misconception": lambda: copy(Misconception),
    "one slug of a scenario": lambda: copy(Scenario),
    "one_place_a_scenario_and_blueprint": lambda: copy(Placement, task=Task.objects.get(code="2.1")),
    "one id of a question": lambda: copy(Question),
    "a_known_kind": lambda: Question.objects.update(kind="several"),
    "a_known_thinking": lambda: Question.objects.update(thinking="hard"),
    "one_option_a_key": lambda: copy(Option),
    "the_key_is_no_misconception": lambda: Option.objects.filter(key="b").update(correct=True),
    "one_revision_a_number": lambda: copy(Revision, superseded_at=NOW),
    "one_live_revision_a_question": lambda: copy(Revision, number=2),
    "revisions_count_from_one": lambda: copy(Revision, number=0, superseded_at=NOW),
    "superseded_after_published": lambda: Revision.objects.update(superseded_at=BEFORE),
    "retired_after_published": lambda: Revision.objects.update(retired_at=BEFORE),
    "right_are_among_the_answers": lambda: RevisionStatistics.objects.update(right=3),
}


@pytest.mark.parametrize("break_it", RULES.values(), ids=RULES)
def test_the_database_holds_every_rule(bank: Revision, break_it: Callable[[], Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        break_it()


def test_every_rule_is_broken_once_here() -> None:
    models = (Blueprint, Domain, Task, Service, Placement, Question, Option, Revision, RevisionStatistics)
    names = {str(rule.name) for model in models for rule in model._meta.constraints}
    assert names - {rule.partition(":")[0] for rule in RULES} == set()


KEPT: dict[str, Callable[[], Any]] = {
    "the cut below the top": lambda: Blueprint.objects.update(cut=999),
    "all are scored": lambda: Blueprint.objects.update(scored_count=75),
    "one domain of all the weight": lambda: Domain.objects.filter(number=1).update(weight=100),
    "superseded at once": lambda: Revision.objects.update(superseded_at=NOW),
    "retired at once": lambda: Revision.objects.update(retired_at=NOW),
    "a distractor without a misconception": lambda: Option.objects.filter(key="b").update(misconception=None),
    "two of a number in two questions": lambda: copy(Option, question=QuestionFactory(with_options=False)),
    "a second revision when the first is superseded": lambda: (
        Revision.objects.update(superseded_at=NOW),
        copy(Revision, number=2, superseded_at=None),
    ),
}


@pytest.mark.parametrize("do_it", KEPT.values(), ids=KEPT)
def test_the_rules_allow_what_they_should(bank: Revision, do_it: Callable[[], Any]) -> None:
    with transaction.atomic():
        do_it()


# ---- what may not go ----

IN_USE: dict[str, Callable[[], Any]] = {
    "question": lambda: Question.objects.get().delete(),
    "scenario": lambda: Scenario.objects.get().delete(),
    "misconception": lambda: Misconception.objects.get(slug="mistake-b").delete(),
    "task": lambda: Task.objects.get(code="1.1").delete(),
    "domain": lambda: Domain.objects.get(number=1).delete(),
    "blueprint": lambda: Blueprint.objects.get().delete(),
}


@pytest.mark.parametrize("delete", IN_USE.values(), ids=IN_USE)
def test_what_is_in_use_stays(bank: Revision, delete: Callable[[], Any]) -> None:
    with pytest.raises(ProtectedError):
        delete()


def test_who_has_published_stays(bank: Revision) -> None:
    author = UserFactory()
    publishing.publish(QuestionFactory(), by=author, at=NOW)
    with pytest.raises(ProtectedError):
        author.delete()


def test_a_draft_goes_with_its_options(bank: Revision) -> None:
    draft = QuestionFactory()
    before = Option.objects.count()
    draft.delete()
    assert Option.objects.count() == before - 4


# ---- frozen revisions ----

CHANGES: dict[str, dict[str, Any]] = {
    "content": {"content": {"stem": "Mine"}},
    "number": {"number": 2},
    "digest": {"digest": "0"},
    "published_at": {"published_at": BEFORE},
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_published_content_never_changes(bank: Revision, change: dict[str, Any]) -> None:
    before = Revision.objects.values().get()
    with pytest.raises(DatabaseError, match="a published revision never changes"), transaction.atomic():
        Revision.objects.update(**change)
    for name, value in change.items():
        setattr(bank, name, value)
    with pytest.raises(DatabaseError, match="a published revision never changes"), transaction.atomic():
        bank.save()
    assert Revision.objects.values().get() == before


def test_a_revision_stays_with_its_question_and_its_publisher(bank: Revision) -> None:
    for change in ({"question": QuestionFactory()}, {"published_by": UserFactory()}):
        with pytest.raises(DatabaseError, match="a published revision never changes"), transaction.atomic():
            Revision.objects.update(**change)


def test_published_content_never_changes_by_sql_either(bank: Revision) -> None:
    statement = "UPDATE questions_revision SET digest = 'mine', superseded_at = published_at"
    with (
        pytest.raises(DatabaseError, match="a published revision never changes"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_the_two_dates_may_change(bank: Revision) -> None:
    Revision.objects.update(superseded_at=NOW, retired_at=NOW)
    Revision.objects.update(superseded_at=None)
    assert Revision.objects.values_list("superseded_at", "retired_at").get() == (None, NOW)


def test_an_update_that_says_the_same_is_no_change(bank: Revision) -> None:
    assert Revision.objects.update(digest=bank.digest, number=1) == 1


def test_the_trigger_comes_back_after_a_migration(bank: Revision) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "DROP TRIGGER questions_revision_frozen"
            + (" ON questions_revision" if connection.vendor == "postgresql" else "")
        )
    assert Revision.objects.update(digest="mine") == 1
    call_command("migrate", verbosity=0)
    with pytest.raises(DatabaseError, match="a published revision never changes"), transaction.atomic():
        Revision.objects.update(digest="mine again")


def test_installing_twice_is_installing_once(bank: Revision) -> None:
    frozen.install(using="default")
    frozen.install(using="default")
    with pytest.raises(DatabaseError, match="a published revision never changes"), transaction.atomic():
        Revision.objects.update(digest="mine")


# ---- words ----


def test_how_rows_are_called(bank: Revision) -> None:
    called = {
        Blueprint.objects.get(): "DOP-C02",
        Domain.objects.get(number=1): "DOP-C02 1. Domain 1",
        Task.objects.get(code="1.1"): "DOP-C02 1.1 Task 1.1",
        Service.objects.get(): "S",
        Misconception.objects.get(slug="mistake-b"): "Mistake b",
        Question.objects.get(): "q",
        Option.objects.get(key="a"): "q a",
        bank: "q r1",
        bank.statistics: "q r1: 1 of 2",
    }
    assert {str(row): words for row, words in called.items()} == {words: words for words in called.values()}


def test_blueprints_in_use_come_before_retired_ones() -> None:
    blueprint("DOP-C01", retired_on="2023-03-07")
    blueprint("DOP-C03")
    blueprint("DOP-C02")
    assert list(Blueprint.objects.values_list("code", flat=True)) == ["DOP-C02", "DOP-C03", "DOP-C01"]
