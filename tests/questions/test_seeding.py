"""Seeding: twice is once, all or nothing, what is wrong and where, and hands off what was edited here."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from questions import publishing
from questions.models import (
    Blueprint,
    Domain,
    Misconception,
    Option,
    Placement,
    Question,
    Revision,
    Scenario,
    Service,
    Task,
)
from tests.factories import NOW
from tests.questions.seeds import BANK, FILES, LAST, LATER, everything, lay_out, rewrite, run
from tests.questions.workshop import address, browser, instructor, loaded, save

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return lay_out(tmp_path)


# ---- what it brings in ----


def test_the_files_become_rows_and_revisions(folder: Path) -> None:
    assert run(folder) == (1 + 2 + 2 + 2 + 4, 0, 4, [])
    question = Question.objects.get(slug="one-1")
    assert (question.scenario.slug, question.kind, question.thinking) == ("one", "single", "design")
    assert question.stem == "A case of the first kind.\n\nWhich fits?"
    assert question.references == [{"title": "A page", "url": "https://docs.aws.amazon.com/a.html"}]
    assert question.ratings == [0.5, 0.65]
    assert question.solved == [{"on": "2026-11-20", "chosen": ["a"], "sure": "high", "note": "Plain"}]
    assert (question.verified.isoformat(), question.changed_at) == ("2026-11-21", LATER)
    assert list(question.options.values_list("key", "correct", "misconception__slug")) == [
        ("a", True, None),
        ("b", False, "takes-two"),
        ("c", False, "takes-two"),
        ("d", False, "takes-one"),
    ]
    narrowed = Question.objects.get(slug="one-2")
    assert [row.code for row in narrowed.blueprints.all()] == ["DOP-X"]
    assert [row.slug for row in narrowed.services.all()] == ["chat"]
    placed = Placement.objects.get(scenario__slug="one")
    assert (placed.blueprint.code, placed.task.code, placed.task.domain.number) == ("DOP-X", "1.1", 1)
    assert Misconception.objects.get(slug="takes-two").remedy == "Look twice."
    assert Service.objects.values_list("name", "formerly", "status").get(slug="chat") == (
        "Amazon Q Developer",
        "AWS Chatbot",
        "renamed",
    )


def test_the_revisions_are_those_of_publishing(folder: Path) -> None:
    run(folder)
    for revision in Revision.objects.select_related("question"):
        working = publishing.working_content(revision.question)
        assert revision.parsed == working
        assert (revision.number, revision.published_by, revision.published_at) == (1, None, LATER)


# ---- twice is once ----


def test_a_second_run_reads_and_writes_nothing(folder: Path) -> None:
    run(folder)
    before = everything()
    with CaptureQueriesContext(connection) as found:
        assert run(folder, at=LAST) == (0, 0, 0, [])
    assert everything() == before
    statements = [query["sql"].split()[0] for query in found.captured_queries]
    # blueprints, domains, tasks; services; misconceptions; then for the bank: services, misconceptions, blueprints,
    # tasks, scenarios (with services, placements, tasks, domains and blueprints), questions (with options,
    # misconceptions, blueprints, services, revisions)
    assert statements == ["SAVEPOINT", *["SELECT"] * (3 + 1 + 1 + 4 + 6 + 6), "RELEASE"]


def test_a_second_run_takes_the_same_queries_for_any_number_of_questions(folder: Path) -> None:
    counts = []
    for name in ("three", "four"):
        text = (folder / "bank" / "one.yaml").read_text(encoding="utf-8").replace("one-", f"{name}-")
        (folder / "bank" / f"{name}.yaml").write_text(text.replace("scenario: one", f"scenario: {name}"))
        run(folder)
        with CaptureQueriesContext(connection) as found:
            run(folder)
        counts.append(len(found))
    assert counts[0] == counts[1]


# ---- what the files change ----


def test_changed_content_makes_the_next_revision(folder: Path) -> None:
    run(folder, at=NOW)
    rewrite(folder, "bank/one.yaml", "Reason c", "A better reason")
    assert run(folder, at=LATER) == (0, 1, 1, [])
    found = Revision.objects.filter(question__slug="one-1").values_list("number", "published_at", "superseded_at")
    assert list(found) == [(1, NOW, LATER), (2, LATER, None)]
    assert Revision.objects.live().get(question__slug="one-1").content["options"][2]["why"] == "A better reason"
    assert Revision.objects.exclude(question__slug="one-1").count() == 3


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("[0.5, 0.65]", "[0.4]"),
        ("thinking: design", "thinking: read"),
        ("sure: high", "sure: low"),
        ("verified: 2026-11-21", "verified: 2026-11-22"),
        ("  - id: one-2\n    kind: multiple", "  - id: one-2\n    kind: multiple\n    services: [ec2]"),
    ],
)
def test_what_candidates_do_not_see_makes_no_revision(folder: Path, old: str, new: str) -> None:
    run(folder, at=NOW)
    if "services" in new:
        rewrite(folder, "bank/one.yaml", "    services: [chat]\n", "")
    rewrite(folder, "bank/one.yaml", old, new)
    assert run(folder) == (0, 1, 0, [])
    assert set(Revision.objects.values_list("number", "superseded_at")) == {(1, None)}
    assert run(folder) == (0, 0, 0, [])


def test_the_order_of_options_in_a_file_says_nothing(folder: Path) -> None:
    run(folder)
    lines = BANK.splitlines(keepends=True)
    lines[16:20] = reversed(lines[16:20])
    (folder / "bank" / "one.yaml").write_text("".join(lines))
    assert run(folder) == (0, 0, 0, [])


def test_changes_of_everything_else_follow_the_files(folder: Path) -> None:
    run(folder)
    rewrite(folder, "blueprints/dop-x.yaml", "weight: 60", "weight: 55")
    rewrite(folder, "blueprints/dop-x.yaml", "weight: 40", "weight: 45")
    rewrite(folder, "blueprints/dop-x.yaml", "minutes: 10", "minutes: 12\nretired_on: 2026-12-01")
    rewrite(folder, "blueprints/dop-x.yaml", '"1.2": Two', '"1.2": Second, "1.3": New')
    rewrite(folder, "services.yaml", "Amazon EC2", "EC2")
    rewrite(folder, "misconceptions.yaml", "remedy: Look.", "remedy: Think.")
    rewrite(folder, "bank/one.yaml", 'tasks: {DOP-X: "1.1"}', 'tasks: {DOP-X: "1.3"}')
    assert run(folder) == (0, 4, 0, [])
    made = Blueprint.objects.get()
    assert (made.minutes, str(made.retired_on)) == (12, "2026-12-01")
    assert list(Domain.objects.values_list("weight", flat=True)) == [55, 45]
    assert list(Task.objects.filter(domain__number=1).values_list("code", "title")) == [
        ("1.1", "One"),
        ("1.2", "Second"),
        ("1.3", "New"),
    ]
    assert Service.objects.get(slug="ec2").name == "EC2"
    assert Misconception.objects.get(slug="takes-one").remedy == "Think."
    assert Placement.objects.get(scenario__slug="one").task.code == "1.3"
    assert run(folder) == (0, 0, 0, [])


def test_a_question_may_move_to_another_scenario(folder: Path) -> None:
    run(folder)
    start = BANK.index("  - id: one-2")
    (folder / "bank" / "one.yaml").write_text(BANK[:start])
    (folder / "bank" / "two.yaml").write_text(FILES["bank/two.yaml"] + BANK[start:])
    assert run(folder) == (0, 1, 0, [])
    assert Question.objects.get(slug="one-2").scenario.slug == "two"


def test_what_the_files_say_no_more_stays(folder: Path) -> None:
    run(folder)
    (folder / "bank" / "two.yaml").unlink()
    rewrite(folder, "blueprints/dop-x.yaml", ', "1.2": Two', "")
    assert run(folder) == (0, 0, 0, [])
    assert (Scenario.objects.count(), Task.objects.count()) == (2, 3)


# ---- what was edited here ----


def edited(folder: Path) -> dict[str, Any]:
    """One row of each kind edited by hand, and the same row changed in the files."""
    run(folder, at=NOW)
    Domain.objects.filter(number=1).update(weight=70)
    Service.objects.filter(slug="ec2").update(name="Mine")
    Misconception.objects.filter(slug="takes-one").update(remedy="Mine.")
    Scenario.objects.filter(slug="one").update(situation="Mine.")
    Question.objects.filter(slug="one-1").update(rationale="Mine.")
    Option.objects.filter(question__slug="one-2", key="c").update(why="Mine.")
    rewrite(folder, "blueprints/dop-x.yaml", "name: First", "name: Theirs")
    rewrite(folder, "services.yaml", "Amazon EC2", "Theirs")
    rewrite(folder, "misconceptions.yaml", "remedy: Look.", "remedy: Theirs.")
    rewrite(folder, "bank/one.yaml", "situation: Something is needed.", "situation: Theirs.")
    rewrite(folder, "bank/one.yaml", "rationale: The idea.", "rationale: Theirs.")
    rewrite(folder, "bank/one.yaml", "rationale: Another idea.", "rationale: Theirs.")
    return everything()


NAMED = [
    "blueprint DOP-X",
    "service ec2",
    "misconception takes-one",
    "scenario one",
    "question one-1",
    "question one-2",
]


def test_edits_by_hand_are_left_alone_and_named(folder: Path) -> None:
    before = edited(folder)
    assert run(folder, at=LATER) == (0, 0, 0, NAMED)
    assert everything() == before


def test_edits_by_hand_are_left_alone_when_the_files_are_as_they_were(folder: Path) -> None:
    run(folder, at=NOW)
    Question.objects.filter(slug="one-1").update(rationale="Mine.")
    before = everything()
    assert run(folder) == (0, 0, 0, ["question one-1"])
    assert everything() == before


def test_a_row_that_was_edited_until_it_is_no_question_is_left_alone(folder: Path) -> None:
    run(folder, at=NOW)
    Question.objects.filter(slug="one-1").update(references="none")
    assert run(folder) == (0, 0, 0, ["question one-1"])


def test_a_row_that_was_edited_to_what_the_files_say_follows_them_again(folder: Path) -> None:
    run(folder, at=NOW)
    Question.objects.filter(slug="one-1").update(rationale="Mine.")
    rewrite(folder, "bank/one.yaml", "rationale: The idea.", "rationale: Mine.")
    assert run(folder) == (0, 0, 0, [])


@pytest.mark.parametrize(
    "edit",
    [
        lambda row: row.options.filter(key="b").delete(),
        lambda row: row.services.clear(),
        lambda row: row.blueprints.clear(),
        lambda row: Question.objects.filter(pk=row.pk).update(ratings=[0.1]),
        lambda row: Question.objects.filter(pk=row.pk).update(solved=[{"on": "2026-01-01"}]),
        lambda row: Question.objects.filter(pk=row.pk).update(verified="2026-01-01"),
    ],
    ids=["option", "services", "blueprints", "ratings", "solved", "verified"],
)
def test_every_part_of_a_question_counts_as_an_edit(folder: Path, edit: Any) -> None:
    run(folder, at=NOW)
    edit(Question.objects.get(slug="one-2"))
    assert run(folder) == (0, 0, 0, ["question one-2"])


def test_a_question_that_was_saved_in_the_workshop_unchanged_follows_the_files(folder: Path) -> None:
    run(folder, at=NOW)
    client: Client = browser(instructor())
    for question in Question.objects.all():
        assert "was changed successfully" in save(client, question, loaded(client, question)).text
    assert run(folder) == (0, 0, 0, [])
    rewrite(folder, "bank/one.yaml", "Reason c", "A better reason")
    assert run(folder) == (0, 1, 1, [])


def test_a_question_that_was_edited_in_the_workshop_is_left_alone(folder: Path) -> None:
    run(folder, at=NOW)
    client: Client = browser(instructor())
    question = Question.objects.get(slug="one-1")
    save(client, question, loaded(client, question), press="_publish", rationale="Mine.")
    rewrite(folder, "bank/one.yaml", "Reason c", "A better reason")
    assert run(folder) == (0, 0, 0, ["question one-1"])
    assert Revision.objects.live().get(question=question).content["rationale"] == "Mine."
    assert client.get(address("question_changelist")).status_code == 200


# ---- retired ----


def test_a_retired_question_stays_retired(folder: Path) -> None:
    run(folder, at=NOW)
    publishing.retire(Question.objects.get(slug="one-1"), at=NOW)
    assert run(folder) == (0, 0, 0, [])
    rewrite(folder, "bank/one.yaml", "Reason c", "A better reason")
    before = everything()
    assert run(folder) == (0, 0, 0, ["question one-1 (retired)"])
    assert everything() == before


def test_a_retired_question_that_was_republished_by_hand_follows_the_files(folder: Path) -> None:
    run(folder, at=NOW)
    question = Question.objects.get(slug="one-1")
    publishing.retire(question, at=NOW)
    publishing.publish(question, by=None, at=LATER)
    rewrite(folder, "bank/one.yaml", "Reason c", "A better reason")
    assert run(folder, at=LAST) == (0, 1, 1, [])
    assert Revision.objects.live().get(question=question).number == 3


# ---- the command ----


def command(folder: Path) -> list[str]:
    printed = StringIO()
    call_command("seed", folder=folder, stdout=printed)
    return printed.getvalue().splitlines()


def test_the_command_says_what_it_did(folder: Path) -> None:
    steps = ["seed: blueprints", "seed: services and misconceptions", "seed: scenarios and their questions"]
    assert command(folder) == [*steps, "seed: 11 new, 0 changed, 4 revisions published"]
    Question.objects.filter(slug="one-1").update(rationale="Mine.")
    rewrite(folder, "bank/two.yaml", "Reason c", "A better reason")
    assert command(folder) == [
        *steps,
        "seed: 0 new, 1 changed, 1 revisions published",
        "seed: left alone, it was edited or retired here: question one-1",
    ]


def test_the_command_fails_with_file_line_and_reason(folder: Path) -> None:
    rewrite(folder, "bank/two.yaml", "[ec2]", "[ec3]")
    with pytest.raises(CommandError) as failed:
        command(folder)
    assert str(failed.value) == "Nothing was seeded. two.yaml, line 7: there is no service 'ec3'"
    assert not Blueprint.objects.exists()
