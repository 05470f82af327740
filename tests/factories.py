"""Makers of rows for tests: surprise-free, with the smallest values that are valid."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta

import factory
from django.contrib.auth.hashers import make_password
from factory.django import DjangoModelFactory

from accounts.models import User
from exams.models import Attempt, AttemptItem
from questions import content, publishing
from questions.models import Blueprint, Domain, Misconception, Option, Placement, Question, Revision, Scenario, Task

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
WEIGHTS = (22, 17, 15, 15, 14, 17)


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User

    email = factory.Sequence(lambda number: f"candidate{number}@example.org")


class GuestFactory(DjangoModelFactory):
    class Meta:
        model = User

    guest_token = factory.Sequence(lambda number: f"token-{number}")
    password = factory.LazyFunction(lambda: make_password(None))


class BlueprintFactory(DjangoModelFactory):
    class Meta:
        model = Blueprint
        django_get_or_create = ("code",)

    code = "DOP-C02"
    name = "AWS Certified DevOps Engineer - Professional"
    question_count = 75
    scored_count = 65
    minutes = 180


class DomainFactory(DjangoModelFactory):
    class Meta:
        model = Domain

    blueprint = factory.SubFactory(BlueprintFactory)
    number = factory.Sequence(lambda number: number + 1)
    name = factory.LazyAttribute(lambda domain: f"Domain {domain.number}")
    weight = 100


class TaskFactory(DjangoModelFactory):
    class Meta:
        model = Task

    domain = factory.SubFactory(DomainFactory)
    code = factory.LazyAttribute(lambda task: f"{task.domain.number}.1")
    title = factory.LazyAttribute(lambda task: f"Task {task.code}")


class ScenarioFactory(DjangoModelFactory):
    class Meta:
        model = Scenario

    slug = factory.Sequence(lambda number: f"scenario-{number}")
    title = factory.LazyAttribute(lambda scenario: f"Title of {scenario.slug}")
    situation = "A team needs something."
    solution = "It gets it."


class QuestionFactory(DjangoModelFactory):
    """A working copy that can be published: single with four options, or multiple with five; the key is a (and b)."""

    class Meta:
        model = Question
        skip_postgeneration_save = True

    slug = factory.Sequence(lambda number: f"question-{number}")
    scenario = factory.SubFactory(ScenarioFactory)
    kind = "single"
    stem = factory.LazyAttribute(
        lambda question: f"The case of {question.slug}.\n\nWhich option of {question.slug} fits?"
    )
    rationale = "It depends on the case."
    references = factory.LazyFunction(lambda: [{"title": "A page", "url": "https://docs.aws.amazon.com/page.html"}])
    verified = date(2026, 11, 20)

    @factory.post_generation
    def with_options(self: Question, create: bool, extracted: bool | None, **kwargs: object) -> None:
        if extracted is not False:
            Option.objects.bulk_create(options(self, mistakes()))


def options(question: Question, wrong: dict[str, Misconception]) -> list[Option]:
    """Options for a question, not stored yet: the key is a (and b), each other stands for its mistake."""
    keys = "ab" if question.kind == "multiple" else "a"
    return [
        Option(
            question=question,
            key=letter,
            text=f"Option {letter} of {question.slug}",
            correct=letter in keys,
            why=f"Reason {letter} of {question.slug}",
            misconception=None if letter in keys else wrong[letter],
        )
        for letter in ("abcde" if question.kind == "multiple" else "abcd")
    ]


def mistakes() -> dict[str, Misconception]:
    """The mistakes that distractors stand for in all questions made here, by letter."""
    Misconception.objects.bulk_create(
        (
            Misconception(slug=f"mistake-{letter}", name=f"Mistake {letter}", remedy=f"Think of {letter}.")
            for letter in "bcde"
        ),
        ignore_conflicts=True,
    )
    return {one.slug[-1]: one for one in Misconception.objects.filter(slug__startswith="mistake-")}


def blueprint(code: str = "DOP-C02", weights: tuple[int, ...] = WEIGHTS, **fields: object) -> Blueprint:
    """A blueprint with its domains, each with two tasks."""
    made = BlueprintFactory(code=code, **fields)
    for number, weight in enumerate(weights, 1):
        domain = Domain.objects.create(blueprint=made, number=number, name=f"Domain {number}", weight=weight)
        for task in (1, 2, 3):
            Task.objects.create(domain=domain, code=f"{number}.{task}", title=f"Task {number}.{task}")
    return made


def bank(of: Blueprint, each: int = 20) -> list[Revision]:
    """A published bank for a blueprint: so many questions in each domain, every third one multiple, all scenarios new."""
    tasks = Task.objects.filter(domain__blueprint=of).select_related("domain").order_by("domain__number", "code")
    places = [
        (task, "multiple" if place % 3 == 2 else "single")
        for task in tasks
        for place in range((each + 2 - (int(task.code[-1]) - 1)) // 3)
    ]
    scenarios = Scenario.objects.bulk_create(ScenarioFactory.build_batch(len(places)))
    Placement.objects.bulk_create(
        Placement(scenario=scenario, blueprint=of, task=task)
        for scenario, (task, _) in zip(scenarios, places, strict=True)
    )
    questions = Question.objects.bulk_create(
        QuestionFactory.build(scenario=scenario, kind=kind, with_options=False)
        for scenario, (_, kind) in zip(scenarios, places, strict=True)
    )
    wrong = mistakes()
    Option.objects.bulk_create(option for question in questions for option in options(question, wrong))
    return published(questions)


def published(questions: Iterable[Question], *, number: int = 1, at: datetime = NOW) -> list[Revision]:
    """Revisions of working copies as they are, in their order and without the checks of `publishing.publish`."""
    wanted = [question.pk for question in questions]
    found = Question.objects.prefetch_related("options__misconception").in_bulk(wanted)
    contents = [content.dump(publishing.working_content(found[pk])) for pk in wanted]
    return Revision.objects.bulk_create(
        Revision(question_id=pk, number=number, content=data, digest=publishing.digest(data), published_at=at)
        for pk, data in zip(wanted, contents, strict=True)
    )


def exam(each: int = 6, **fields: object) -> Blueprint:
    """A small exam with its bank: 5 questions in 10 minutes, 3 of domain 1 and 2 of domain 2; 4 where 1 is unscored."""
    small = {"weights": (60, 40), "question_count": 5, "scored_count": 4, "minutes": 10} | fields
    made = blueprint(**small)  # type: ignore[arg-type] # the fields of a blueprint have different types
    bank(made, each)
    return made


def attempt(
    user: User, of: Blueprint, revisions: Sequence[Revision], *, domains: Sequence[int] = (), **fields: object
) -> Attempt:
    """An attempt with these questions in this order, started at NOW; `domains` has one for each, 1 by default."""
    values = {
        "seed": 1,
        "started_at": NOW,
        "deadline": NOW + timedelta(minutes=of.minutes),
        "scale_min": of.scale_min,
        "scale_max": of.scale_max,
        "cut": of.cut,
        "domains": [[domain.number, domain.name, domain.weight] for domain in of.domains.all()],
    }
    made = Attempt.objects.create(user=user, blueprint=of, **(values | fields))
    AttemptItem.objects.bulk_create(
        AttemptItem(attempt=made, position=position, revision=revision, domain=domain)
        for position, (revision, domain) in enumerate(zip(revisions, domains or [1] * len(revisions), strict=True), 1)
    )
    return made
