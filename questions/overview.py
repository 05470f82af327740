"""What the bank holds, for the public page about it: counts of what is published. Reads only."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from questions.allocation import allocate
from questions.models import Blueprint, Domain, Placement, Question, Revision, Service


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task statement and how many questions are on it."""

    code: str
    title: str
    questions: int


@dataclass(frozen=True, slots=True)
class DomainRow:
    """A domain: its questions and scenarios, and how many of them a form takes."""

    number: int
    name: str
    weight: int
    share: int
    questions: int
    scenarios: int
    tasks: tuple[TaskRow, ...]


@dataclass(frozen=True, slots=True)
class BlueprintRows:
    """A blueprint and its domains; `forms` is how many forms could be sat without meeting a question twice."""

    code: str
    questions: int
    forms: int
    domains: tuple[DomainRow, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """The published bank in numbers. `checked` has the earliest and the latest day of a last check, if there is one."""

    questions: int
    scenarios: int
    kinds: tuple[tuple[str, int], ...]
    thinking: tuple[tuple[str, int], ...]
    services: tuple[tuple[str, int], ...]
    checked: tuple[date, date] | None
    blueprints: tuple[BlueprintRows, ...]


@dataclass(frozen=True, slots=True)
class _Published:
    question: int
    scenario: int
    kind: str
    thinking: str
    verified: date


def overview() -> Overview:
    """Count what is published, in a fixed number of queries."""
    columns = ("question_id", *(f"question__{name}" for name in ("scenario_id", "kind", "thinking", "verified")))
    rows = [_Published(*row) for row in Revision.objects.live().values_list(*columns)]
    days = sorted(row.verified for row in rows)
    return Overview(
        questions=len(rows),
        scenarios=len({row.scenario for row in rows}),
        kinds=_by_choice(Question.Kind, (row.kind for row in rows)),
        thinking=_by_choice(Question.Thinking, (row.thinking for row in rows)),
        services=_services(rows),
        checked=(days[0], days[-1]) if days else None,
        blueprints=_blueprints(rows),
    )


def _by_choice(
    choices: type[Question.Kind] | type[Question.Thinking], found: Iterable[str]
) -> tuple[tuple[str, int], ...]:
    counted = Counter(found)
    return tuple((str(choice.label), counted[choice.value]) for choice in choices)


def _services(rows: list[_Published]) -> tuple[tuple[str, int], ...]:
    """Questions by service, the most frequent first; a question without services of its own has its scenario's."""
    own, usual = _grouped("questions"), _grouped("scenarios")
    counted = Counter(name for row in rows for name in own.get(row.question) or usual.get(row.scenario, []))
    return tuple(sorted(counted.items(), key=lambda pair: (-pair[1], pair[0])))


def _grouped(relation: str) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for pk, name in Service.objects.filter(**{f"{relation}__isnull": False}).values_list(relation, "name"):
        found[pk].append(name)
    return found


def _blueprints(rows: list[_Published]) -> tuple[BlueprintRows, ...]:
    placed: dict[int, dict[int, int]] = defaultdict(dict)
    for of, scenario, place in Placement.objects.values_list("blueprint_id", "scenario_id", "task_id"):
        placed[of][scenario] = place
    narrowed: dict[int, set[int]] = defaultdict(set)
    for question, of in Question.blueprints.through.objects.values_list("question_id", "blueprint_id"):
        narrowed[question].add(of)
    found = []
    for blueprint in Blueprint.objects.prefetch_related("domains__tasks"):
        by_task: dict[int, list[_Published]] = defaultdict(list)
        for row in rows:
            task = placed[blueprint.pk].get(row.scenario)
            if task is not None and blueprint.pk in narrowed.get(row.question, {blueprint.pk}):
                by_task[task].append(row)
        found.append(_blueprint(blueprint, by_task))
    return tuple(found)


def _blueprint(blueprint: Blueprint, by_task: dict[int, list[_Published]]) -> BlueprintRows:
    domains = list(blueprint.domains.all())
    shares = allocate(blueprint.question_count, [domain.weight for domain in domains])
    rows = tuple(_domain(domain, share, by_task) for domain, share in zip(domains, shares, strict=True))
    forms = min((row.questions // row.share for row in rows if row.share), default=0)
    return BlueprintRows(blueprint.code, sum(row.questions for row in rows), forms, rows)


def _domain(domain: Domain, share: int, by_task: dict[int, list[_Published]]) -> DomainRow:
    tasks = list(domain.tasks.all())
    here = [row for task in tasks for row in by_task.get(task.pk, [])]
    return DomainRow(
        number=domain.number,
        name=domain.name,
        weight=domain.weight,
        share=share,
        questions=len(here),
        scenarios=len({row.scenario for row in here}),
        tasks=tuple(TaskRow(task.code, task.title, len(by_task.get(task.pk, []))) for task in tasks),
    )
