"""Brings fixtures/ into the bank: idempotent, all or nothing, and blind to nothing that was edited by hand.

Each seeded row keeps a digest of what the files last said. A row that still says it follows the files; a row that
says something else was edited since, and is left alone and named.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from questions import content, publishing
from questions.interchange.yaml_files import Document, FileError, read
from questions.models import Blueprint, Misconception, Option, Placement, Question, Scenario, Service, Task
from questions.seeding_catalogue import Seeding, bring_in_blueprints, bring_in_rows, may_change

Path_ = tuple[str | int, ...]


@transaction.atomic
def seed(folder: Path, *, at: datetime, say: Callable[[str], None] = lambda line: None) -> Seeding:
    """Read a folder of fixtures into the bank and publish its questions; raises `FileError`."""
    seeding = Seeding()
    say("blueprints")
    bring_in_blueprints(_documents(folder, "blueprints", "blueprint"), seeding)
    say("services and misconceptions")
    for name, model in (("services", Service), ("misconceptions", Misconception)):
        bring_in_rows(read(folder / f"{name}.yaml", folder / "schema" / f"{name}.schema.json"), model, seeding)
    say("scenarios and their questions")
    _Bank(_documents(folder, "bank", "bank"), seeding, at).bring_in()
    return seeding


def _documents(folder: Path, name: str, schema: str) -> list[Document]:
    return [read(file, folder / "schema" / f"{schema}.schema.json") for file in sorted((folder / name).glob("*.yaml"))]


class _Bank:
    """The bank's files against the bank's rows, read once and compared in memory."""

    def __init__(self, documents: Iterable[Document], seeding: Seeding, at: datetime) -> None:
        self.documents = list(documents)
        self.seeding = seeding
        self.at = at
        self.services = {row.slug: row for row in Service.objects.all()}
        self.misconceptions = {row.slug: row for row in Misconception.objects.all()}
        self.blueprints = {row.code: row for row in Blueprint.objects.all()}
        self.tasks = {
            (task.domain.blueprint.code, task.domain.number, task.code): task
            for task in Task.objects.select_related("domain__blueprint")
        }
        self.scenarios = {
            row.slug: row
            for row in Scenario.objects.prefetch_related("services", "placements__task__domain__blueprint")
        }
        self.questions = {
            row.slug: row
            for row in Question.objects.select_related("scenario").prefetch_related(
                "options__misconception", "blueprints", "services", "revisions"
            )
        }

    def bring_in(self) -> None:
        seen: dict[str, str] = {}
        for document in self.documents:
            scenario = self._scenario(document)
            for place, item in enumerate(document.data["questions"]):
                path: Path_ = ("questions", place)
                if item["id"] in seen:
                    raise document.error((*path, "id"), f"{item['id']} stands in {seen[item['id']]} already")
                seen[item["id"]] = document.file.name
                self._question(document, path, item, scenario)

    # ---- scenarios ----

    def _scenario(self, document: Document) -> Scenario:
        data = document.data
        if data["scenario"] != document.file.stem:
            raise document.error(("scenario",), f"the file is named {document.file.name}")
        wanted = {
            "title": data["title"].strip(),
            "situation": data["situation"].strip(),
            "solution": data["solution"].strip(),
            "services": sorted(data["services"]),
            "tasks": sorted(self._placed(document)),
        }
        self._known(document, ("services",), data["services"], self.services, "service")
        row = self.scenarios.get(data["scenario"])
        if row is None:
            row = Scenario(slug=data["scenario"])
            self.seeding.created += 1
        elif not may_change(row, _scenario_now(row), wanted, self.seeding):
            return row
        return self._write_scenario(row, wanted)

    def _placed(self, document: Document) -> Iterator[str]:
        """The tasks of a scenario, as "DOP-C02 1.4"."""
        domains, tasks = document.data["domains"], document.data["tasks"]
        if set(domains) != set(tasks):
            raise document.error(("tasks",), "domains and tasks name different blueprints")
        for code, number in domains.items():
            if (code, number, tasks[code]) not in self.tasks:
                raise document.error(("tasks", code), f"domain {number} of {code} has no task {tasks[code]}")
            yield f"{code} {tasks[code]}"

    def _write_scenario(self, row: Scenario, wanted: dict[str, Any]) -> Scenario:
        row.title, row.situation, row.solution = wanted["title"], wanted["situation"], wanted["solution"]
        row.seed_digest = publishing.digest(wanted)
        row.save()
        row.services.set(self.services[slug] for slug in wanted["services"])
        row.placements.all().delete()
        by_name = {f"{code} {task}": row_ for (code, _, task), row_ in self.tasks.items()}
        Placement.objects.bulk_create(
            Placement(scenario=row, blueprint=by_name[name].domain.blueprint, task=by_name[name])
            for name in wanted["tasks"]
        )
        return row

    # ---- questions ----

    def _question(self, document: Document, path: Path_, item: dict[str, Any], scenario: Scenario) -> None:
        wanted = self._wanted(document, path, item)
        row = self.questions.get(item["id"])
        if row is None:
            row = Question(slug=item["id"])
            self.seeding.created += 1
        elif _is_retired(row) and _question_now(row) != wanted:
            self.seeding.left.append(f"question {row.slug} (retired)")
            return
        elif not may_change(row, _question_now(row), wanted, self.seeding):
            return
        self._write_question(row, scenario, wanted)
        self._publish(document, path, row)

    def _wanted(self, document: Document, path: Path_, item: dict[str, Any]) -> dict[str, Any]:
        self._known(document, (*path, "services"), item.get("services", []), self.services, "service")
        self._known(document, (*path, "blueprints"), item.get("blueprints", []), self.blueprints, "blueprint")
        keys: set[str] = set()
        for place, option in enumerate(item["options"]):
            if option["key"] in keys:
                raise document.error((*path, "options", place, "key"), f"two options have the key {option['key']!r}")
            keys.add(option["key"])
            if slug := option.get("misconception"):
                where = (*path, "options", place, "misconception")
                self._known(document, where, [slug], self.misconceptions, "misconception")
        document.date((*path, "verified"), item["verified"])
        try:
            data = content.dump(content.parse(item))
        except content.ContentError as error:
            raise document.error(path, str(error)) from None
        data["options"].sort(key=lambda option: str(option["key"]))
        return data | {
            "scenario": document.data["scenario"],
            "thinking": item["thinking"],
            "blueprints": sorted(item.get("blueprints", [])),
            "services": sorted(item.get("services", [])),
            "ratings": item["ratings"],
            "solved": item.get("solved", []),
            "verified": item["verified"],
        }

    def _known(self, document: Document, path: Path_, slugs: Iterable[str], known: dict[str, Any], what: str) -> None:
        for slug in slugs:
            if slug not in known:
                raise document.error(path, f"there is no {what} {slug!r}")

    def _write_question(self, row: Question, scenario: Scenario, wanted: dict[str, Any]) -> None:
        row.scenario, row.changed_at = scenario, self.at
        for name in ("kind", "thinking", "stem", "rationale", "references", "ratings", "solved", "verified"):
            setattr(row, name, wanted[name])
        row.seed_digest = publishing.digest(wanted)
        row.save()
        row.blueprints.set(self.blueprints[code] for code in wanted["blueprints"])
        row.services.set(self.services[slug] for slug in wanted["services"])
        row.options.all().delete()
        Option.objects.bulk_create(
            Option(
                question=row,
                key=option["key"],
                text=option["text"],
                correct=option["correct"],
                why=option["why"],
                misconception=self.misconceptions.get(option["misconception"]),
            )
            for option in wanted["options"]
        )

    def _publish(self, document: Document, path: Path_, row: Question) -> None:
        earlier = {revision.pk for revision in row.revisions.all()}
        try:
            revision = publishing.publish(row, by=None, at=self.at)
        except publishing.NotPublishable as error:
            raise document.error(path, str(error)) from None
        self.seeding.published += revision.pk not in earlier


def _is_retired(row: Question) -> bool:
    revisions = row.revisions.all()
    return bool(revisions) and all(one.superseded_at or one.retired_at for one in revisions)


def _scenario_now(row: Scenario) -> dict[str, Any]:
    return {
        "title": row.title,
        "situation": row.situation,
        "solution": row.solution,
        "services": sorted(service.slug for service in row.services.all()),
        "tasks": sorted(f"{placed.task.domain.blueprint.code} {placed.task.code}" for placed in row.placements.all()),
    }


def _question_now(row: Question) -> dict[str, Any]:
    try:
        data = content.dump(publishing.working_content(row))
    except content.ContentError:
        return {}  # somebody has edited it until it is no question: that is what no file says
    return data | {
        "scenario": row.scenario.slug,
        "thinking": row.thinking,
        "blueprints": sorted(blueprint.code for blueprint in row.blueprints.all()),
        "services": sorted(service.slug for service in row.services.all()),
        "ratings": row.ratings,
        "solved": row.solved,
        "verified": row.verified.isoformat(),
    }


__all__ = ["FileError", "Seeding", "seed"]
