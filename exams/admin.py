"""Attempts in the workshop: a list to look things up in. Only exams/attempts writes them."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone

from exams.models import Attempt

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Attempt]
else:  # Django's own class takes no type arguments
    ModelAdmin = admin.ModelAdmin


class StateFilter(admin.SimpleListFilter):
    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("open", "Open"), ("closed", "Closed")]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        match self.value():
            case "open":
                return queryset.open(timezone.now())
            case "closed":
                return queryset.closed(timezone.now())
            case _:
                return queryset


@admin.register(Attempt)
class AttemptAdmin(ModelAdmin):
    """Private notes and single responses are the candidate's, and not shown."""

    fields = (
        ("user", "blueprint", "mode"),
        ("counting", "accommodation"),
        ("started_at", "deadline", "submitted_at", "settled_at"),
        ("right", "total", "scaled", "low", "high", "passed"),
    )
    list_display = ("user", "blueprint", "mode", "started_at", "state", "accommodation", "score", "passed")
    list_filter = (StateFilter, "blueprint", "mode", "passed", "accommodation")
    list_select_related = ("user", "blueprint")
    search_fields = ("user__email", "user__name")
    date_hierarchy = "started_at"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description="state")
    def state(self, attempt: Attempt) -> str:
        return state_of(attempt, timezone.now())

    @admin.display(description="score", ordering="scaled")
    def score(self, attempt: Attempt) -> str:
        return "" if attempt.scaled is None else f"{attempt.scaled} ({attempt.right} of {attempt.total})"


def state_of(attempt: Attempt, at: datetime) -> str:
    """In words: open, submitted, or over because the time was."""
    if attempt.is_open(at):
        return "Open"
    return "Submitted" if attempt.submitted_at else "Time was over"
