"""Four tables: the least in which an exam can be stored."""

from typing import ClassVar

from django.conf import settings
from django.db import models


class Question(models.Model):
    stem = models.TextField()
    options = models.JSONField()
    key = models.CharField(max_length=1)
    domain = models.PositiveSmallIntegerField()

    objects: ClassVar[models.Manager["Question"]] = models.Manager()

    class Meta:
        app_label = "floor"

    def __str__(self) -> str:
        return self.stem


class Attempt(models.Model):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    started_at = models.DateTimeField()
    deadline = models.DateTimeField()
    position = models.PositiveSmallIntegerField(default=1)
    submitted_at = models.DateTimeField(null=True)
    right = models.PositiveSmallIntegerField(null=True)

    objects: ClassVar[models.Manager["Attempt"]] = models.Manager()

    class Meta:
        app_label = "floor"

    def __str__(self) -> str:
        return str(self.pk)


class Item(models.Model):
    """A question of an attempt."""

    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE)
    position = models.PositiveSmallIntegerField()
    question = models.ForeignKey(Question, on_delete=models.PROTECT)

    objects: ClassVar[models.Manager["Item"]] = models.Manager()

    class Meta:
        app_label = "floor"
        constraints = [models.UniqueConstraint(fields=["attempt", "position"], name="one_item_a_position_floor")]

    def __str__(self) -> str:
        return str(self.pk)


class Response(models.Model):
    """What was chosen; a row appears with the first answer."""

    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE)
    position = models.PositiveSmallIntegerField()
    choice = models.CharField(max_length=1)
    saved_at = models.DateTimeField()

    objects: ClassVar[models.Manager["Response"]] = models.Manager()

    class Meta:
        app_label = "floor"
        constraints = [models.UniqueConstraint(fields=["attempt", "position"], name="one_response_a_position_floor")]

    def __str__(self) -> str:
        return str(self.pk)
