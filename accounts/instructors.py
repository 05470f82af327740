"""The group of instructors, and what it may do in the workshop."""

from django.contrib.auth.models import Group, Permission
from django.db.models import Q, QuerySet

from accounts.models import INSTRUCTORS

# revisions are made by publishing, for which add_revision is the right, and never change; statistics are counted
WRITTEN_BY_NOBODY = (
    *("change_revision", "delete_revision"),
    *("add_revisionstatistics", "change_revisionstatistics", "delete_revisionstatistics"),
)


def rights() -> QuerySet[Permission]:
    """All of the bank, except what would touch published revisions and their statistics; exams for reading."""
    bank = Q(content_type__app_label="questions") & ~Q(codename__in=WRITTEN_BY_NOBODY)
    exams = Q(content_type__app_label="exams", codename__in=("view_attempt", "view_attemptitem"))
    return Permission.objects.filter(bank | exams)


def instructors() -> Group:
    """The group with its rights. Idempotent; rights that somebody has added by hand stay."""
    group, _ = Group.objects.get_or_create(name=INSTRUCTORS)
    group.permissions.add(*rights())
    return group
