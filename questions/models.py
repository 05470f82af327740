"""The bank: blueprints and their domains, scenarios, questions as working copies, revisions as published."""

from functools import cached_property
from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from questions.content import KINDS, MULTIPLE, SINGLE, Content, parse


class Seeded(models.Model):
    """A row that may come from fixtures/: a digest of what the files last said tells later edits apart."""

    seed_digest = models.CharField(max_length=64, blank=True, default="", editable=False)

    class Meta:
        abstract = True


class Blueprint(Seeded):
    """An exam version: how many questions, how long, how it is scored."""

    code = models.CharField(max_length=16, unique=True)
    name = models.CharField(max_length=120)
    retired_on = models.DateField(null=True, blank=True, help_text="The day after the last sitting.")
    question_count = models.PositiveSmallIntegerField(validators=[MinValueValidator(1)])
    scored_count = models.PositiveSmallIntegerField(
        help_text="How many count where some are unscored, as in the real exam.", validators=[MinValueValidator(1)]
    )
    minutes = models.PositiveSmallIntegerField(validators=[MinValueValidator(1)])
    scale_min = models.PositiveSmallIntegerField(default=100)
    scale_max = models.PositiveSmallIntegerField(default=1000)
    cut = models.PositiveSmallIntegerField("cut score", default=750)

    class Meta:
        ordering = [F("retired_on").asc(nulls_first=True), "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(question_count__gte=1, minutes__gte=1), name="a_blueprint_asks_and_takes_time"
            ),
            models.CheckConstraint(
                condition=Q(scored_count__gte=1, scored_count__lte=F("question_count")),
                name="scored_are_among_the_asked",
            ),
            models.CheckConstraint(
                condition=Q(scale_min__lt=F("cut"), cut__lt=F("scale_max")), name="the_cut_lies_on_the_scale"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Domain(models.Model):
    """One weighted part of a blueprint."""

    blueprint = models.ForeignKey(Blueprint, on_delete=models.PROTECT, related_name="domains")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)
    weight = models.PositiveSmallIntegerField(
        help_text="Per cent.", validators=[MinValueValidator(1), MaxValueValidator(100)]
    )

    class Meta:
        ordering = ["blueprint", "number"]
        constraints = [
            models.UniqueConstraint(fields=["blueprint", "number"], name="one_domain_a_number"),
            models.CheckConstraint(condition=Q(weight__gte=1, weight__lte=100), name="a_weight_is_a_percentage"),
        ]

    def __str__(self) -> str:
        return f"{self.blueprint} {self.number}. {self.name}"


class Task(models.Model):
    """A task statement of a domain, "1.4"."""

    domain = models.ForeignKey(Domain, on_delete=models.PROTECT, related_name="tasks")
    code = models.CharField(max_length=8)
    title = models.CharField(max_length=200)

    class Meta:
        ordering = ["domain", "code"]
        constraints = [models.UniqueConstraint(fields=["domain", "code"], name="one_task_a_code")]

    def __str__(self) -> str:
        return f"{self.domain.blueprint} {self.code} {self.title}"


class Service(Seeded):
    """An AWS service under its present name."""

    class Status(models.TextChoices):
        OK = "ok", "In use"
        RENAMED = "renamed", "Renamed"
        CLOSED = "closed", "Closed to new customers"
        ENDED = "ended", "Ended"

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    formerly = models.CharField(max_length=120, blank=True)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.OK)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["ok", "renamed", "closed", "ended"]), name="a_known_service_status"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Misconception(Seeded):
    """The named mistake that a distractor stands for, and what helps against it."""

    slug = models.SlugField(unique=True, max_length=80)
    name = models.CharField(max_length=200)
    remedy = models.TextField()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Scenario(Seeded):
    """A situation with its expected solution: what questions test."""

    slug = models.SlugField(unique=True, max_length=80)
    title = models.CharField(max_length=160)
    situation = models.TextField()
    solution = models.TextField()
    services = models.ManyToManyField(Service, related_name="scenarios", blank=True)
    tasks: "models.ManyToManyField[Task, Placement]" = models.ManyToManyField(
        Task, through="Placement", related_name="scenarios"
    )

    class Meta:
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.title


class Placement(models.Model):
    """Where a scenario belongs in a blueprint: one task, and with it one domain."""

    scenario = models.ForeignKey(Scenario, on_delete=models.CASCADE, related_name="placements")
    blueprint = models.ForeignKey(Blueprint, on_delete=models.PROTECT, related_name="placements")
    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="placements")

    class Meta:
        ordering = ["scenario", "blueprint"]
        constraints = [
            models.UniqueConstraint(fields=["scenario", "blueprint"], name="one_place_a_scenario_and_blueprint")
        ]

    def __str__(self) -> str:
        return f"{self.scenario}: {self.task}"


class Question(Seeded):
    """The working copy of a question, edited freely; candidates are served revisions of it."""

    class Kind(models.TextChoices):
        SINGLE = SINGLE, "Multiple choice (one is right)"
        MULTIPLE = MULTIPLE, "Multiple response (two or three are right)"

    class Thinking(models.TextChoices):
        DESIGN = "design", "Choose a design"
        FAULT = "fault", "Find the fault"
        READ = "read", "Read an artefact"
        ORDER = "order", "Order of steps"

    slug = models.SlugField("id", unique=True, max_length=90)
    scenario = models.ForeignKey(Scenario, on_delete=models.PROTECT, related_name="questions")
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.SINGLE)
    thinking = models.CharField(max_length=8, choices=Thinking.choices, default=Thinking.DESIGN)
    stem = models.TextField(
        help_text="Markdown. The last paragraph is what is asked; “Choose TWO.” is added by the pages."
    )
    rationale = models.TextField(help_text="The idea in two to five sentences: what decides between the options.")
    references = models.JSONField(
        default=list, help_text='AWS documentation: [{"title": "…", "url": "https://docs.aws…"}]'
    )
    blueprints = models.ManyToManyField(
        Blueprint,
        blank=True,
        related_name="questions",
        help_text="Only where it fits fewer blueprints than its scenario.",
    )
    services = models.ManyToManyField(Service, blank=True, related_name="questions", help_text="Empty: the scenario's.")
    ratings = models.JSONField(
        default=list, blank=True, help_text="Each rater's share of just-competent candidates who get it right (Angoff)."
    )
    solved = models.JSONField(default=list, blank=True, help_text="By readers who did not see the key.")
    verified = models.DateField(help_text="The day the facts were last checked.")
    changed_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["slug"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="a_known_kind"),
            models.CheckConstraint(
                condition=Q(thinking__in=["design", "fault", "read", "order"]), name="a_known_thinking"
            ),
        ]

    def __str__(self) -> str:
        return self.slug


class Option(models.Model):
    """One answer choice of a working copy."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="options")
    key = models.SlugField(max_length=8, help_text="Stable, never shown: a, b, c …")
    text = models.TextField()
    correct = models.BooleanField("is right", default=False)
    why = models.TextField(help_text="Why it is right or wrong here; one to three sentences that teach.")
    misconception = models.ForeignKey(
        Misconception, on_delete=models.PROTECT, null=True, blank=True, related_name="options"
    )

    class Meta:
        ordering = ["question", "key"]
        constraints = [
            models.UniqueConstraint(fields=["question", "key"], name="one_option_a_key"),
            models.CheckConstraint(
                condition=Q(correct=False) | Q(misconception__isnull=True), name="the_key_is_no_misconception"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question} {self.key}"


class RevisionQuerySet(models.QuerySet["Revision"]):
    def live(self) -> "RevisionQuerySet":
        """The revisions that forms may be drawn from: published, neither superseded nor retired."""
        return self.filter(superseded_at__isnull=True, retired_at__isnull=True)


class Revision(models.Model):
    """An immutable published version of a question: what candidates are served and scored on.

    A trigger (questions/frozen.py) refuses changes to everything but the two dates at the end.
    """

    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    superseded_at = models.DateTimeField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[RevisionQuerySet] = RevisionQuerySet.as_manager()  # type: ignore[assignment] # django-stubs sees a Manager

    class Meta:
        ordering = ["question", "number"]
        constraints = [
            models.UniqueConstraint(fields=["question", "number"], name="one_revision_a_number"),
            models.UniqueConstraint(
                fields=["question"],
                condition=Q(superseded_at__isnull=True, retired_at__isnull=True),
                name="one_live_revision_a_question",
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="revisions_count_from_one"),
            models.CheckConstraint(
                condition=Q(superseded_at__isnull=True) | Q(superseded_at__gte=F("published_at")),
                name="superseded_after_published",
            ),
            models.CheckConstraint(
                condition=Q(retired_at__isnull=True) | Q(retired_at__gte=F("published_at")),
                name="retired_after_published",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question} r{self.number}"

    @cached_property
    def parsed(self) -> Content:
        """The content as values."""
        data: dict[str, Any] = self.content
        return parse(data)


class RevisionStatistics(models.Model):
    """Sums over counted responses to a revision; `manage.py settle` adds each settled attempt once."""

    revision = models.OneToOneField(Revision, on_delete=models.CASCADE, primary_key=True, related_name="statistics")
    answers = models.PositiveIntegerField(default=0)
    right = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name_plural = "revision statistics"
        constraints = [
            models.CheckConstraint(condition=Q(right__lte=F("answers")), name="right_are_among_the_answers"),
        ]

    def __str__(self) -> str:
        return f"{self.revision}: {self.right} of {self.answers}"
