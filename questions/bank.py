"""What exams may ask of the bank: what a form may be drawn from, contents by id, what a question is about."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from time import monotonic

from django.db.models import Exists, F, OuterRef, Q

from questions.content import Content, Prompt, parse
from questions.models import Blueprint, Misconception, Question, Revision, RevisionQuerySet, Scenario, Service


@dataclass(frozen=True, slots=True)
class Drawable:
    """A live revision and its place in a blueprint; `domain` is the domain's number, `answers` how many it has had."""

    revision: int
    question: int
    scenario: int
    domain: int
    task: str
    answers: int


def drawable(blueprint: Blueprint) -> list[Drawable]:
    """All live revisions that fit a blueprint, in one query; for an exam of today none on what AWS has closed."""
    found = fitting(blueprint)
    if blueprint.retired_on is None:
        found = found.exclude(on_what_is_gone())
    rows = found.values_list(
        "pk",
        "question_id",
        "question__scenario_id",
        "question__scenario__placements__task__domain__number",
        "question__scenario__placements__task__code",
        F("statistics__answers"),
    )
    return [
        Drawable(revision, question, scenario, domain, task, answers or 0)
        for revision, question, scenario, domain, task, answers in rows
    ]


def fitting(blueprint: Blueprint) -> RevisionQuerySet:
    """The live revisions whose scenario has a place in a blueprint, unless their question leaves it out."""
    narrowed = Question.blueprints.through.objects.filter(question_id=OuterRef("question_id"))
    return (
        Revision.objects.live()
        .filter(question__scenario__placements__blueprint=blueprint)
        .filter(Q(~Exists(narrowed)) | Q(Exists(narrowed.filter(blueprint_id=blueprint.pk))))
    )


def on_what_is_gone() -> Q:
    """Revisions on a service that is closed to new customers or ended: one of the question's, else the scenario's."""
    gone = Service.objects.filter(status__in=[Service.Status.CLOSED, Service.Status.ENDED])
    own = Question.services.through.objects.filter(question_id=OuterRef("question_id"))
    return Q(Exists(gone.filter(questions=OuterRef("question_id")))) | (
        Q(~Exists(own)) & Q(Exists(gone.filter(scenarios=OuterRef("question__scenario_id"))))
    )


KEPT = 8192
_kept: dict[int, tuple[Content, Prompt]] = {}


def contents(revisions: Iterable[int]) -> dict[int, Content]:
    """Content by revision id. Published content never changes, so it is kept in the process, bounded."""
    return {pk: content for pk, (content, _) in _found(revisions).items()}


def prompts(revisions: Iterable[int]) -> dict[int, Prompt]:
    """What a candidate may see before the key, by revision id; kept as contents are."""
    return {pk: prompt for pk, (_, prompt) in _found(revisions).items()}


def _found(revisions: Iterable[int]) -> dict[int, tuple[Content, Prompt]]:
    wanted = list(revisions)
    found = {pk: _kept[pk] for pk in wanted if pk in _kept}
    missing = [pk for pk in wanted if pk not in found]
    if missing:
        for pk, data in Revision.objects.filter(pk__in=missing).values_list("pk", "content"):
            content = parse(data)
            found[pk] = content, content.prompt()
            _keep(pk, found[pk])
    return found


def forget() -> None:
    """Empty what is kept in the process: for tests, whose databases come and go under the same ids."""
    _kept.clear()
    _kept_about.clear()


def _keep(pk: int, value: tuple[Content, Prompt]) -> None:
    while len(_kept) >= KEPT:
        _kept.pop(next(iter(_kept)), None)
    _kept[pk] = value


@dataclass(frozen=True, slots=True)
class About:
    """What a revision's question is about, for reports; `services` are names."""

    question: int
    slug: str
    scenario: str
    services: tuple[str, ...]
    verified: date


ABOUT = ("question_id", "question__slug", "question__scenario__title", "question__verified")
MINUTE = 60.0
_kept_about: dict[int, tuple[float, About]] = {}


def about(revisions: Iterable[int]) -> dict[int, About]:
    """Scenario, services and day of the last check, by revision id; what was edited since may be a minute late."""
    wanted, now = list(revisions), monotonic()
    found = {pk: _kept_about[pk][1] for pk in wanted if pk in _kept_about and now - _kept_about[pk][0] < MINUTE}
    if missing := [pk for pk in wanted if pk not in found]:
        if len(_kept_about) > KEPT:
            _kept_about.clear()
        for pk, one in _read_about(missing):
            found[pk] = one
            _kept_about[pk] = now, one
    return found


def _read_about(revisions: list[int]) -> Iterator[tuple[int, About]]:
    rows = list(Revision.objects.filter(pk__in=revisions).values_list("pk", "question__scenario_id", *ABOUT))
    own = _names(Service.objects.filter(questions__in={row[2] for row in rows}).values_list("questions", "name"))
    usual = _names(Service.objects.filter(scenarios__in={row[1] for row in rows}).values_list("scenarios", "name"))
    for pk, scenario, question, slug, title, verified in rows:
        yield pk, About(question, slug, title, own.get(question) or usual.get(scenario, ()), verified)


def _names(rows: Iterable[tuple[int, str]]) -> dict[int, tuple[str, ...]]:
    """Names by what they belong to, in the order given."""
    found: dict[int, tuple[str, ...]] = {}
    for pk, name in rows:
        found[pk] = (*found.get(pk, ()), name)
    return found


def on_services(slugs: Iterable[str]) -> set[int]:
    """Questions on one of these services: by their own, or else by their scenario's."""
    own = Question.services.through.objects.filter(question_id=OuterRef("pk"))
    found = Question.objects.filter(
        Q(services__slug__in=slugs) | (Q(~Exists(own)) & Q(scenario__services__slug__in=slugs))
    )
    return set(found.values_list("pk", flat=True))


def on_scenario(slug: str) -> set[int]:
    """Questions of a scenario."""
    return set(Question.objects.filter(scenario__slug=slug).values_list("pk", flat=True))


def on_misconception(slug: str) -> set[int]:
    """Questions with a distractor that stands for this mistake."""
    return set(Question.objects.filter(options__misconception__slug=slug).values_list("pk", flat=True))


def service_names(slugs: Iterable[str]) -> list[str]:
    return list(Service.objects.filter(slug__in=list(slugs)).values_list("name", flat=True))


def scenario_titles(slugs: Iterable[str]) -> list[str]:
    return list(Scenario.objects.filter(slug__in=list(slugs)).values_list("title", flat=True))


def misconceptions(slugs: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Name and remedy by slug."""
    rows = Misconception.objects.filter(slug__in=set(slugs)).values_list("slug", "name", "remedy")
    return {slug: (name, remedy) for slug, name, remedy in rows}
