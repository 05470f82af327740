"""People: candidates with and without an account, instructors, staff. Nothing of exams."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

INSTRUCTORS = "Instructors"


class Accommodation(models.TextChoices):
    """Extra time, as testing centres grant it."""

    STANDARD = "standard", "The standard time"
    ESL = "esl", "30 minutes more for those whose first language is not English, as AWS grants on request"
    QUARTER = "1.25", "A quarter more"
    HALF = "1.5", "Half as much again"
    DOUBLE = "2", "Double"


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """A person, or a guest: somebody who has not signed up, known by a token in a signed cookie."""

    email = models.EmailField("e-mail address", null=True, blank=True, unique=True)
    name = models.CharField(max_length=80, blank=True)
    guest_token = models.CharField(max_length=43, null=True, blank=True, unique=True, editable=False)
    accommodation = models.CharField(max_length=8, choices=Accommodation.choices, default=Accommodation.STANDARD)
    exam_on = models.DateField("day of your exam", null=True, blank=True)
    daily = models.PositiveSmallIntegerField(
        "questions to repeat a day at most", default=20, validators=[MinValueValidator(5), MaxValueValidator(75)]
    )
    is_staff = models.BooleanField("may enter the workshop", default=False)
    is_active = models.BooleanField("may sign in", default=True)
    date_joined = models.DateTimeField(default=timezone.now, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="one_account_an_address"),
            models.CheckConstraint(
                condition=Q(email__isnull=False, guest_token__isnull=True)
                | Q(email__isnull=True, guest_token__isnull=False),
                name="a_guest_or_an_account",
            ),
            models.CheckConstraint(
                condition=Q(guest_token__isnull=True) | Q(is_staff=False, is_superuser=False),
                name="a_guest_has_no_rights",
            ),
            models.CheckConstraint(
                condition=Q(accommodation__in=Accommodation.values), name="a_known_usual_accommodation"
            ),
            models.CheckConstraint(condition=Q(daily__gte=5, daily__lte=75), name="a_day_has_5_to_75_questions"),
        ]

    def __str__(self) -> str:
        return self.name or self.email or "Guest"

    @property
    def is_guest(self) -> bool:
        return self.guest_token is not None
