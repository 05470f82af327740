"""The group of instructors, and what it may do in the workshop."""

from django.contrib.auth.models import Group, Permission
from django.db.models import Q, QuerySet

from accounts.models import INSTRUCTORS

# revisions are made by publishing and never change
FROZEN = ("change_revision", "delete_revision")


def rights() -> QuerySet[Permission]:
    """All of the bank, except what would touch published revisions; exams for reading."""
    bank = Q(content_type__app_label="questions") & ~Q(codename__in=FROZEN)
    exams = Q(content_type__app_label="exams", codename__startswith="view_")
    return Permission.objects.filter(bank | exams)


def instructors() -> Group:
    """The group with its rights. Idempotent; rights that somebody has added by hand stay."""
    group, _ = Group.objects.get_or_create(name=INSTRUCTORS)
    group.permissions.add(*rights())
    return group
