"""Makers of rows for tests: surprise-free, with the smallest values that are valid."""

from datetime import UTC, date, datetime

import factory
from factory.django import DjangoModelFactory

from accounts.models import User
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


class BlueprintFactory(DjangoModelFactory):
    class Meta:
        model = Blueprint
        django_get_or_create = ("code",)

    code = "DOP-C02"
    name = "AWS Certified DevOps Engineer – Professional"
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
    stem = factory.LazyAttribute(lambda question: f"The case of {question.slug}.\n\nWhich option of {question.slug} fits?")
    rationale = "It depends on the case."
    references = factory.LazyFunction(lambda: [{"title": "A page", "url": "https://docs.aws.amazon.com/page.html"}])
    verified = date(2026, 11, 20)

    @factory.post_generation
    def with_options(self: Question, create: bool, extracted: bool | None, **kwargs: object) -> None:
        if extracted is False:
            return
        keys = "ab" if self.kind == "multiple" else "a"
        for letter in "abcde" if self.kind == "multiple" else "abcd":
            correct = letter in keys
            Option.objects.create(
                question=self,
                key=letter,
                text=f"Option {letter} of {self.slug}",
                correct=correct,
                why=f"Reason {letter} of {self.slug}",
                misconception=None if correct else misconception(letter),
            )


def misconception(letter: str) -> Misconception:
    """The mistake that distractor `letter` stands for in all questions made here."""
    slug = f"mistake-{letter}"
    return Misconception.objects.get_or_create(slug=slug, defaults={"name": f"Mistake {letter}", "remedy": "Think."})[0]


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
    revisions: list[Revision] = []
    for task in Task.objects.filter(domain__blueprint=of).select_related("domain").order_by("domain__number", "code"):
        third = (each + 2 - (int(task.code[-1]) - 1)) // 3
        revisions += [_published(task, place) for place in range(third)]
    return revisions


def _published(task: Task, place: int) -> Revision:
    kind = "multiple" if place % 3 == 2 else "single"
    question = QuestionFactory(kind=kind)
    Placement.objects.create(scenario=question.scenario, blueprint=task.domain.blueprint, task=task)
    data = content.dump(publishing.working_content(question))
    return Revision.objects.create(
        question=question, number=1, content=data, digest=publishing.digest(data), published_at=NOW
    )
