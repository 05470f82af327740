"""Attempts: facts with timestamps. Whether an attempt is open, expired or finished is derived on reading."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import Accommodation
from exams.scoring import Scale
from questions.models import Blueprint, Question, Revision, Scenario

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager

# for the network, never shown: what was sent before the deadline still counts when it arrives a little later
GRACE = timedelta(seconds=30)
SCORES = ("right", "total", "scaled", "low", "high", "passed")


class AttemptQuerySet(models.QuerySet["Attempt"]):
    def open(self, at: datetime) -> "AttemptQuerySet":
        """Attempts that take answers at this moment."""
        return self.filter(submitted_at__isnull=True, settled_at__isnull=True, deadline__gt=at - GRACE)

    def closed(self, at: datetime) -> "AttemptQuerySet":
        """Attempts that were submitted, or whose time is over; a settled one stays closed, whatever the clock says."""
        return self.filter(Q(submitted_at__isnull=False) | Q(settled_at__isnull=False) | Q(deadline__lte=at - GRACE))

    def to_settle(self, at: datetime) -> "AttemptQuerySet":
        """Closed attempts whose score is not stored yet."""
        return self.closed(at).filter(settled_at__isnull=True)

    def to_count(self) -> "AttemptQuerySet":
        """Settled attempts that are not in the statistics yet."""
        return self.filter(settled_at__isnull=False, counted_at__isnull=True)


class Attempt(models.Model):
    """One sitting of a mock exam or a drill. Rules are copied at the start and never change."""

    class Mode(models.TextChoices):
        MOCK = "mock", "Mock exam"
        DRILL = "drill", "Drill"

    class Counting(models.TextChoices):
        ALL = "all", "All questions count"
        AWS = "aws", "Some questions are unscored, as in the real exam"

    class Feedback(models.TextChoices):
        END = "end", "At the end"
        EACH = "each", "After each answer"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="attempts")
    blueprint = models.ForeignKey(Blueprint, on_delete=models.PROTECT, related_name="attempts")
    mode = models.CharField(max_length=8, choices=Mode.choices, default=Mode.MOCK)
    feedback = models.CharField(max_length=4, choices=Feedback.choices, default=Feedback.END)
    timed = models.BooleanField(default=True, help_text="Without it the deadline is there to close what is forgotten.")
    about = models.CharField(max_length=200, blank=True, default="", help_text="What a drill is on, in words.")
    counting = models.CharField(max_length=8, choices=Counting.choices, default=Counting.ALL)
    accommodation = models.CharField(max_length=8, choices=Accommodation.choices, default=Accommodation.STANDARD)
    seed = models.BigIntegerField()
    started_at = models.DateTimeField()
    deadline = models.DateTimeField()
    position = models.PositiveSmallIntegerField(default=1)
    submitted_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    counted_at = models.DateTimeField(null=True, blank=True)
    # what scoring needs, as it was at the start
    scale_min = models.PositiveSmallIntegerField()
    scale_max = models.PositiveSmallIntegerField()
    cut = models.PositiveSmallIntegerField()
    domains = models.JSONField(help_text="[[number, name, weight], …]")
    # the score, stored when the attempt is settled
    right = models.PositiveSmallIntegerField(null=True, blank=True)
    total = models.PositiveSmallIntegerField(null=True, blank=True)
    scaled = models.PositiveSmallIntegerField(null=True, blank=True)
    low = models.PositiveSmallIntegerField(null=True, blank=True)
    high = models.PositiveSmallIntegerField(null=True, blank=True)
    passed = models.BooleanField(null=True, blank=True)
    fresh = models.JSONField(
        null=True, blank=True, help_text="By domain: right and total of the questions that were met for the first time."
    )

    objects: ClassVar[AttemptQuerySet] = AttemptQuerySet.as_manager()  # type: ignore[assignment] # django-stubs sees a Manager
    if TYPE_CHECKING:
        items: "RelatedManager[AttemptItem]"

    class Meta:
        ordering = ["-started_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "blueprint"],
                condition=Q(mode="mock", settled_at__isnull=True),
                name="one_open_mock_a_user_and_blueprint",
            ),
            models.CheckConstraint(condition=Q(deadline__gt=F("started_at")), name="the_deadline_follows_the_start"),
            models.CheckConstraint(
                condition=Q(submitted_at__isnull=True) | Q(submitted_at__gte=F("started_at")),
                name="submitted_after_the_start",
            ),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True, **{f"{name}__isnull": True for name in SCORES})
                | Q(settled_at__isnull=False, **{f"{name}__isnull": False for name in SCORES}),
                name="settled_with_a_score",
            ),
            models.CheckConstraint(
                condition=Q(counted_at__isnull=True) | Q(settled_at__isnull=False), name="counted_after_settled"
            ),
            models.CheckConstraint(
                condition=Q(right__isnull=True) | Q(right__lte=F("total")), name="right_are_among_the_counted"
            ),
            models.CheckConstraint(condition=Q(mode__in=["mock", "drill"]), name="a_known_mode"),
            models.CheckConstraint(condition=Q(feedback__in=["end", "each"]), name="a_known_feedback"),
            models.CheckConstraint(
                condition=Q(mode="drill") | Q(feedback="end", timed=True), name="a_mock_is_timed_and_tells_at_the_end"
            ),
            models.CheckConstraint(condition=Q(counting__in=["all", "aws"]), name="a_known_counting"),
            models.CheckConstraint(condition=Q(accommodation__in=Accommodation.values), name="a_known_accommodation"),
        ]
        indexes = [
            # what `settle` looks for is a handful among millions
            models.Index(fields=["deadline"], condition=Q(settled_at__isnull=True), name="attempts_to_settle"),
            models.Index(fields=["settled_at"], condition=Q(counted_at__isnull=True), name="attempts_to_count"),
        ]

    def __str__(self) -> str:
        return f"{self.blueprint_id} {self.mode} of {self.started_at:%Y-%m-%d %H:%M}"

    def is_open(self, at: datetime) -> bool:
        """True while answers are taken and no key may be shown."""
        return self.submitted_at is None and self.settled_at is None and at < self.deadline + GRACE

    @property
    def ended_at(self) -> datetime:
        """When a closed attempt ended: when it was submitted, at the latest at its deadline."""
        return min(self.submitted_at or self.deadline, self.deadline)

    def left(self, at: datetime) -> timedelta:
        """Time left, never negative."""
        return max(self.deadline - at, timedelta())

    @property
    def allowed(self) -> timedelta:
        """The time that was allowed at the start."""
        return self.deadline - self.started_at

    @property
    def is_mock(self) -> bool:
        return self.mode == self.Mode.MOCK

    @property
    def kind(self) -> str:
        return "mock exam" if self.is_mock else "drill"

    @property
    def tells_each(self) -> bool:
        """Whether the key of a question is shown as soon as it is answered."""
        return self.feedback == self.Feedback.EACH

    @property
    def time_words(self) -> str:
        """The accommodation in a few words."""
        if self.accommodation == Accommodation.STANDARD:
            return "standard time"
        return "30 minutes more" if self.accommodation == Accommodation.ESL else f"{self.accommodation} times the time"

    @property
    def scale(self) -> Scale:
        return Scale(self.scale_min, self.scale_max, self.cut)


class Confidence(models.TextChoices):
    """What a candidate says of an answer before the key is shown; never scored."""

    GUESS = "guess", "A guess"
    UNSURE = "unsure", "Unsure"
    SURE = "sure", "Sure"


class AttemptItem(models.Model):
    """One question of a form with the candidate's response. Option keys are stored joined by commas, sorted."""

    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField()
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="items")
    domain = models.PositiveSmallIntegerField()
    scored = models.BooleanField(default=True)
    response = models.CharField(max_length=64, blank=True, default="")
    first_response = models.CharField(max_length=64, blank=True, default="")
    version = models.PositiveIntegerField(default=0)
    page = models.CharField(max_length=32, blank=True, default="")
    seq = models.PositiveIntegerField(default=0)
    first_sight = models.BooleanField(default=True)
    flagged = models.BooleanField(default=False)
    struck = models.CharField(max_length=64, blank=True, default="")
    note = models.TextField(blank=True, default="")
    seen_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    timed_at = models.DateTimeField(null=True, blank=True)
    seconds = models.FloatField(default=0)
    confidence = models.CharField(max_length=8, choices=Confidence.choices, blank=True, default="")
    revealed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["attempt", "position"]
        constraints = [
            models.UniqueConstraint(fields=["attempt", "position"], name="one_item_a_position"),
            models.UniqueConstraint(fields=["attempt", "revision"], name="a_question_once_in_a_form"),
            models.CheckConstraint(condition=Q(position__gte=1), name="positions_count_from_one"),
            models.CheckConstraint(
                condition=Q(response="") | Q(answered_at__isnull=False, version__gte=1),
                name="a_response_has_a_time_and_version",
            ),
            models.CheckConstraint(condition=Q(seconds__gte=0), name="time_is_not_negative"),
            models.CheckConstraint(
                condition=Q(confidence__in=["", *Confidence.values]), name="a_known_confidence_or_none"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.attempt_id}/{self.position}"

    @property
    def chosen(self) -> frozenset[str]:
        """Option keys of the response."""
        return unpack(self.response)

    @property
    def struck_out(self) -> frozenset[str]:
        """Option keys that the candidate has struck out; one that is chosen as well counts as chosen."""
        return unpack(self.struck) - self.chosen


class Encounter(models.Model):
    """How a candidate last met a question, in attempts that have ended or had it revealed: what drills are chosen by."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="encounters")
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="encounters")
    met_at = models.DateTimeField()
    right = models.BooleanField()
    flagged = models.BooleanField(default=False)
    slow = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "question"], name="one_encounter_a_user_and_question")]

    def __str__(self) -> str:
        return f"{self.user_id} met {self.question_id}"


class Memory(models.Model):
    """What a candidate remembers of a scenario, as the repetition planner sees it; exams/memory.py writes it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memories")
    scenario = models.ForeignKey(Scenario, on_delete=models.CASCADE, related_name="memories")
    stability = models.FloatField(help_text="Days after which nine of ten are still remembered.")
    difficulty = models.FloatField()
    reviewed_at = models.DateTimeField()
    due_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "scenario"], name="one_memory_a_user_and_scenario"),
            models.CheckConstraint(condition=Q(due_at__gt=F("reviewed_at")), name="due_after_the_review"),
        ]
        indexes = [models.Index(fields=["user", "due_at"], name="memories_by_due")]

    def __str__(self) -> str:
        return f"{self.user_id} remembers {self.scenario_id}"


class Mistake(models.Model):
    """A named mistake that a candidate has made; exams/mistakes.py writes it. Cleared by telling it apart twice running."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mistakes")
    misconception = models.CharField(max_length=80, help_text="Its slug, as revisions have it.")
    shown = models.PositiveIntegerField(help_text="How often an option that stands for it was chosen.")
    apart = models.PositiveIntegerField(default=0, help_text="How often in a row it was told apart since.")
    last_at = models.DateTimeField()
    evidence = models.JSONField(default=list, help_text="The latest places where it showed: [[attempt, position], …]")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "misconception"], name="one_mistake_a_user_and_misconception"),
            models.CheckConstraint(condition=Q(shown__gte=1), name="a_mistake_has_shown"),
        ]

    def __str__(self) -> str:
        return f"{self.misconception}: {self.shown}"


def reached(items: "list[AttemptItem]") -> "list[AttemptItem]":
    """The items that a result is about: where keys are told one by one, those that were told, if any was."""
    return [item for item in items if item.revealed_at] or items


def pack(keys: frozenset[str] | set[str]) -> str:
    """Option keys as stored."""
    return ",".join(sorted(keys))


def unpack(stored: str) -> frozenset[str]:
    """Option keys from what is stored."""
    return frozenset(stored.split(",")) if stored else frozenset()
