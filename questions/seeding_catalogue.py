"""Brings in what scenarios refer to: blueprints with their domains and tasks, services, misconceptions."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from questions import publishing
from questions.interchange.yaml_files import Document
from questions.models import Blueprint, Domain, Misconception, Seeded, Service, Task


@dataclass
class Seeding:
    """What a run did: counts of new and changed rows and of published revisions, and what it left alone."""

    created: int = 0
    changed: int = 0
    published: int = 0
    left: list[str] = field(default_factory=list)


def may_change(row: Seeded, now: dict[str, Any], wanted: dict[str, Any], seeding: Seeding) -> bool:
    """True where the files say something new and nobody has edited the row."""
    if now == wanted:
        return False
    if publishing.digest(now) != row.seed_digest:
        seeding.left.append(f"{row._meta.verbose_name} {getattr(row, 'slug', row)}")
        return False
    seeding.changed += 1
    return True


# ---- blueprints ----


def bring_in_blueprints(documents: Iterable[Document], seeding: Seeding) -> None:
    """A blueprint is one thing with its domains and tasks: edited here, all of it is left alone."""
    present = {row.code: row for row in Blueprint.objects.prefetch_related("domains__tasks")}
    for document in documents:
        wanted = _blueprint_wanted(document)
        row = present.get(wanted["code"])
        if row is None:
            row = Blueprint(code=wanted["code"])
            seeding.created += 1
        elif not may_change(row, _blueprint_now(row, wanted), wanted, seeding):
            continue
        _write_blueprint(row, document, wanted)


def _blueprint_wanted(document: Document) -> dict[str, Any]:
    data: dict[str, Any] = document.data
    if data["scored_count"] > data["question_count"]:
        raise document.error(("scored_count",), "more questions are scored than asked")
    if not data["scale"]["min"] < data["scale"]["cut"] <= data["scale"]["max"]:
        raise document.error(("scale",), "the cut does not lie on the scale")
    domains: dict[str, Any] = {}
    for place, item in enumerate(data["domains"]):
        if str(item["number"]) in domains:
            raise document.error(("domains", place), f"domain {item['number']} stands here for the second time")
        domains[str(item["number"])] = {name: item[name] for name in ("name", "weight", "tasks")}
    return data | {"retired_on": data.get("retired_on", ""), "domains": domains}


def _blueprint_now(row: Blueprint, wanted: dict[str, Any]) -> dict[str, Any]:
    """What stands here of the parts that the file names; domains and tasks that were added here are nobody else's."""
    domains: dict[str, Any] = {}
    for domain in row.domains.all():
        named = wanted["domains"].get(str(domain.number), {}).get("tasks", {})
        tasks = {task.code: task.title for task in domain.tasks.all() if task.code in named}
        if named:
            domains[str(domain.number)] = {"name": domain.name, "weight": domain.weight, "tasks": tasks}
    return {
        "code": row.code,
        "name": row.name,
        "retired_on": row.retired_on.isoformat() if row.retired_on else "",
        "question_count": row.question_count,
        "scored_count": row.scored_count,
        "minutes": row.minutes,
        "scale": {"min": row.scale_min, "max": row.scale_max, "cut": row.cut},
        "domains": domains,
    }


def _write_blueprint(row: Blueprint, document: Document, wanted: dict[str, Any]) -> None:
    retired = wanted["retired_on"]
    row.retired_on = document.date(("retired_on",), retired) if retired else None
    for name in ("name", "question_count", "scored_count", "minutes"):
        setattr(row, name, wanted[name])
    row.scale_min, row.scale_max, row.cut = (wanted["scale"][name] for name in ("min", "max", "cut"))
    row.seed_digest = publishing.digest(wanted)
    row.save()
    for number, item in wanted["domains"].items():
        domain, _ = Domain.objects.update_or_create(
            blueprint=row, number=int(number), defaults={"name": item["name"], "weight": item["weight"]}
        )
        for code, title in item["tasks"].items():
            Task.objects.update_or_create(domain=domain, code=code, defaults={"title": title})


# ---- services and misconceptions ----


def bring_in_rows(document: Document, model: type[Service] | type[Misconception], seeding: Seeding) -> None:
    """Rows of one slug each, without relations."""
    fields = ("slug", "name", "formerly", "status") if model is Service else ("slug", "name", "remedy")
    present = {row.slug: row for row in model.objects.all()}
    seen: set[str] = set()
    for place, item in enumerate(document.data):
        if item["slug"] in seen:
            raise document.error((place,), f"{item['slug']} stands here for the second time")
        seen.add(item["slug"])
        wanted = {name: item.get(name, "").strip() for name in fields}
        row = present.get(item["slug"])
        if row is None:
            model.objects.create(**wanted, seed_digest=publishing.digest(wanted))
            seeding.created += 1
        elif may_change(row, {name: getattr(row, name) for name in fields}, wanted, seeding):
            for name, value in wanted.items():
                setattr(row, name, value)
            row.seed_digest = publishing.digest(wanted)
            row.save()
