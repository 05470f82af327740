"""Every constraint of the database, by name, with an attempt to break it; and what is published stays as it is."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction

from accounts.models import User
from exams.models import Attempt, AttemptItem, Encounter, Memory, Mistake
from questions import frozen
from questions.models import (
    Blueprint,
    Domain,
    Option,
    Placement,
    Question,
    Revision,
    RevisionStatistics,
    Scenario,
    Service,
    Task,
)
from tests import factories
from tests.exams import acts
from tests.factories import NOW, GuestFactory, UserFactory

pytestmark = pytest.mark.django_db
BEFORE, AFTER = NOW - timedelta(seconds=1), NOW + timedelta(seconds=1)


def meet() -> Encounter:
    """The first person meets the first question."""
    return Encounter.objects.create(
        user=User.objects.earliest("pk"), question=Question.objects.earliest("pk"), met_at=NOW, right=True
    )


def err(shown: int = 1) -> Mistake:
    """The first person makes a mistake."""
    return Mistake.objects.create(user=User.objects.earliest("pk"), misconception="a", shown=shown, last_at=NOW)


def remember(due_at: datetime = AFTER) -> Memory:
    """The first person remembers the first scenario."""
    return Memory.objects.create(
        user=User.objects.earliest("pk"),
        scenario=Scenario.objects.earliest("pk"),
        stability=1,
        difficulty=5,
        reviewed_at=NOW,
        due_at=due_at,
    )


def twice(model: type[models.Model], **changed: object) -> models.Model:
    """Store the first row of a model once more."""
    row = model._default_manager.order_by("pk")[0]
    values = {
        field.attname: getattr(row, field.attname) for field in model._meta.concrete_fields if not field.primary_key
    }
    return model._default_manager.create(**(values | changed))


def change(model: type[models.Model], **changed: object) -> int:
    """Change the first row of a model past all rules in Python."""
    row = model._default_manager.order_by("pk")[0]
    return model._default_manager.filter(pk=row.pk).update(**changed)


SETTLED: dict[str, Any] = {
    "settled_at": NOW,
    "right": 1,
    "total": 5,
    "scaled": 280,
    "low": 136,
    "high": 661,
    "passed": False,
}

Breaking = Callable[[], object]
BREAKING: dict[str, list[Breaking]] = {
    # accounts
    "one_account_an_address": [lambda: UserFactory(email=User.objects.filter(email__isnull=False)[0].email.upper())],  # type: ignore[union-attr] # filtered above
    "a_guest_or_an_account": [
        User.objects.create,
        lambda: UserFactory(guest_token="token"),
        lambda: GuestFactory(email="guest@example.org"),
    ],
    "a_known_usual_accommodation": [
        lambda: change(User, accommodation="3"),
        lambda: change(User, accommodation=""),
    ],
    "a_guest_has_no_rights": [lambda: GuestFactory(is_staff=True), lambda: GuestFactory(is_superuser=True)],
    # questions
    "a_blueprint_asks_and_takes_time": [
        lambda: change(Blueprint, question_count=0, scored_count=0),
        lambda: change(Blueprint, minutes=0),
    ],
    "scored_are_among_the_asked": [
        lambda: change(Blueprint, scored_count=0),
        lambda: change(Blueprint, scored_count=6),
    ],
    "the_cut_lies_on_the_scale": [
        lambda: change(Blueprint, cut=100),
        lambda: change(Blueprint, cut=1000),
        lambda: change(Blueprint, cut=1001),
        lambda: change(Blueprint, scale_min=1000),
    ],
    "one_domain_a_number": [lambda: twice(Domain)],
    "a_weight_is_a_percentage": [lambda: change(Domain, weight=0), lambda: change(Domain, weight=101)],
    "one_task_a_code": [lambda: twice(Task)],
    "a_known_service_status": [
        lambda: Service.objects.create(slug="s3", name="S3", status="new"),
        lambda: Service.objects.create(slug="s3", name="S3", status=""),
    ],
    "one_place_a_scenario_and_blueprint": [lambda: twice(Placement)],
    "a_known_kind": [lambda: change(Question, kind="essay"), lambda: change(Question, kind="")],
    "a_known_thinking": [lambda: change(Question, thinking="deep"), lambda: change(Question, thinking="")],
    "one_option_a_key": [lambda: twice(Option)],
    "the_key_is_no_misconception": [
        lambda: Option.objects.filter(misconception__isnull=False).update(correct=True),
    ],
    "one_revision_a_number": [lambda: twice(Revision, superseded_at=NOW)],
    "one_live_revision_a_question": [lambda: twice(Revision, number=2)],
    "revisions_count_from_one": [lambda: twice(Revision, number=0, superseded_at=NOW)],
    "superseded_after_published": [lambda: change(Revision, superseded_at=BEFORE)],
    "retired_after_published": [lambda: change(Revision, retired_at=BEFORE)],
    "right_are_among_the_answers": [
        lambda: RevisionStatistics.objects.create(revision=Revision.objects.all()[0], answers=1, right=2),
    ],
    # exams
    "one_open_mock_a_user_and_blueprint": [lambda: twice(Attempt)],
    "the_deadline_follows_the_start": [lambda: change(Attempt, deadline=NOW), lambda: change(Attempt, deadline=BEFORE)],
    "submitted_after_the_start": [lambda: change(Attempt, submitted_at=BEFORE)],
    "settled_with_a_score": [
        lambda: change(Attempt, settled_at=NOW),
        *(lambda name=name: change(Attempt, **(SETTLED | {name: None})) for name in SETTLED),
    ],
    "counted_after_settled": [lambda: change(Attempt, counted_at=NOW)],
    "right_are_among_the_counted": [lambda: change(Attempt, **(SETTLED | {"right": 6}))],
    "a_known_mode": [lambda: change(Attempt, mode="play"), lambda: change(Attempt, mode="")],
    "a_known_counting": [lambda: change(Attempt, counting="some"), lambda: change(Attempt, counting="")],
    "a_known_accommodation": [
        lambda: change(Attempt, accommodation="3"),
        lambda: change(Attempt, accommodation=""),
    ],
    "a_known_feedback": [lambda: change(Attempt, mode="drill", feedback="now")],
    "a_mock_is_timed_and_tells_at_the_end": [
        lambda: change(Attempt, feedback="each"),
        lambda: change(Attempt, timed=False),
    ],
    "a_known_confidence_or_none": [lambda: change(AttemptItem, confidence="certain")],
    "a_day_has_5_to_75_questions": [lambda: change(User, daily=4), lambda: change(User, daily=76)],
    "one_memory_a_user_and_scenario": [lambda: (remember(), remember())],
    "due_after_the_review": [lambda: remember(due_at=NOW)],
    "one_mistake_a_user_and_misconception": [lambda: (err(), err())],
    "a_mistake_has_shown": [lambda: err(shown=0)],
    "one_encounter_a_user_and_question": [lambda: (meet(), meet())],
    "one_item_a_position": [lambda: change(AttemptItem, position=2)],
    "a_question_once_in_a_form": [
        lambda: change(AttemptItem, revision=AttemptItem.objects.order_by("pk")[1].revision),
    ],
    "positions_count_from_one": [lambda: change(AttemptItem, position=0)],
    "a_response_has_a_time_and_version": [
        lambda: change(AttemptItem, response="a"),
        lambda: change(AttemptItem, response="a", version=1),
        lambda: change(AttemptItem, response="a", answered_at=NOW),
    ],
    "time_is_not_negative": [lambda: change(AttemptItem, seconds=-0.001)],
}

OURS = [model for app in ("accounts", "questions", "exams") for model in apps.get_app_config(app).get_models()]
CONSTRAINTS = {constraint.name: (model, constraint) for model in OURS for constraint in model._meta.constraints}


@pytest.fixture
def attempt() -> Attempt:
    """A small bank and somebody who is sitting it: a row in every table that matters."""
    return acts.start(factories.exam(scored_count=5))


def refused(breaking: Breaking) -> str:
    """The database's words about what it refuses."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        breaking()
    return str(caught.value)


def test_every_constraint_has_a_test_that_tries_to_break_it() -> None:
    assert set(CONSTRAINTS) == set(BREAKING)


@pytest.mark.parametrize(
    ("name", "breaking"), [(name, breaking) for name, tries in BREAKING.items() for breaking in tries]
)
def test_constraint(attempt: Attempt, name: str, breaking: Breaking) -> None:
    assert names_it(*CONSTRAINTS[name], refused(breaking))


def names_it(model: type[models.Model], constraint: models.BaseConstraint, words: str) -> bool:
    """Whether these words are about this constraint; SQLite names the columns of a unique one instead."""
    fields = getattr(constraint, "fields", ())
    if connection.vendor == "sqlite" and isinstance(constraint, models.UniqueConstraint) and fields:
        columns = [f"{model._meta.db_table}.{model._meta.get_field(field).column}" for field in fields]  # type: ignore[union-attr] # plain fields
        return words == f"UNIQUE constraint failed: {', '.join(columns)}"
    return bool(constraint.name in words)


# ---- what the constraints allow ----

ALLOWED: dict[str, Breaking] = {
    "another mock when the first is settled": lambda: (change(Attempt, **SETTLED), twice(Attempt)),
    "a drill beside an open mock": lambda: twice(Attempt, mode="drill"),
    "two open drills": lambda: (twice(Attempt, mode="drill"), twice(Attempt, mode="drill")),
    "a mock of another blueprint": lambda: twice(Attempt, blueprint_id=factories.blueprint(code="DOP-C01").pk),
    "submitted in the moment of the start": lambda: change(Attempt, submitted_at=NOW),
    "all right": lambda: change(Attempt, **(SETTLED | {"right": 5})),
    "counted when settled": lambda: change(Attempt, **SETTLED, counted_at=NOW),
    "an answer taken back": lambda: change(AttemptItem, response="", version=2, answered_at=NOW),
    "a second revision when the first is superseded": lambda: (
        change(Revision, superseded_at=NOW),
        twice(Revision, number=2, superseded_at=None),
    ),
    "a second revision when the first is retired": lambda: (
        change(Revision, retired_at=NOW),
        twice(Revision, number=2, retired_at=None),
    ),
    "superseded and retired": lambda: change(Revision, superseded_at=AFTER, retired_at=AFTER),
    "several guests without an address": lambda: (GuestFactory(), GuestFactory()),
}


@pytest.mark.parametrize("allowed", ALLOWED.values(), ids=ALLOWED)
def test_what_is_allowed(attempt: Attempt, allowed: Breaking) -> None:
    allowed()


# ---- unique columns, and rows that others need ----


@pytest.mark.parametrize(
    "breaking",
    [
        lambda: twice(Blueprint),
        lambda: twice(Scenario),
        lambda: twice(Question),
        lambda: (GuestFactory(guest_token="same"), GuestFactory(guest_token="same")),
        lambda: (UserFactory(email="a@example.org"), UserFactory(email="a@example.org")),
    ],
    ids=["code", "slug of a scenario", "slug of a question", "guest token", "address"],
)
def test_unique_columns(attempt: Attempt, breaking: Breaking) -> None:
    assert "unique" in refused(breaking).lower()


@pytest.mark.parametrize("model", [Blueprint, Revision, Question, Scenario, Domain, Task])
def test_what_attempts_rest_on_cannot_be_deleted(attempt: Attempt, model: type[models.Model]) -> None:
    with pytest.raises(models.ProtectedError):
        model._default_manager.all().delete()


# ---- what is published never changes ----

OTHER: dict[str, Callable[[], object]] = {
    "question_id": lambda: factories.QuestionFactory().pk,
    "number": lambda: 7,
    "content": lambda: {"kind": "single"},
    "digest": lambda: "0" * 64,
    "published_at": lambda: BEFORE,
    "published_by_id": lambda: UserFactory().pk,
}
MAY_CHANGE = {"superseded_at", "retired_at"}


def test_every_column_of_a_revision_is_frozen_or_may_change() -> None:
    columns = {field.attname for field in Revision._meta.concrete_fields}
    assert columns - {"id"} == set(frozen.FROZEN) | MAY_CHANGE
    assert set(OTHER) == set(frozen.FROZEN)


@pytest.mark.parametrize("column", frozen.FROZEN)
def test_a_published_column_refuses_every_change(attempt: Attempt, column: str) -> None:
    before = list(Revision.objects.order_by("pk").values())
    value = OTHER[column]()
    assert frozen.MESSAGE in refused(lambda: change(Revision, **{column: value}))
    assert frozen.MESSAGE in refused(lambda: change(Revision, **{column: value, "retired_at": NOW}))
    assert list(Revision.objects.order_by("pk").values()) == before


def test_the_database_itself_refuses(attempt: Attempt) -> None:
    """Without Django between: as from a shell of the database."""
    with connection.cursor() as cursor:
        words = refused(lambda: cursor.execute("UPDATE questions_revision SET digest = 'x'"))
    assert frozen.MESSAGE in words


@pytest.mark.parametrize("column", sorted(MAY_CHANGE))
def test_a_revision_can_be_superseded_and_retired(attempt: Attempt, column: str) -> None:
    change(Revision, **{column: AFTER})
    assert Revision.objects.filter(**{column: AFTER}).count() == 1


def test_the_same_values_are_no_change(attempt: Attempt) -> None:
    for revision in Revision.objects.all():
        revision.save()


def test_the_trigger_can_be_installed_again(attempt: Attempt) -> None:
    frozen.install(using="default")
    assert frozen.MESSAGE in refused(lambda: change(Revision, number=7))
