"""Published revisions, for reading: what candidates are asked, and what they are told afterwards."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.safestring import SafeString

from questions.admin.base import ModelAdmin
from questions.admin.shown import shown
from questions.models import Revision


class LiveFilter(admin.SimpleListFilter):
    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("live", "Live"), ("superseded", "Superseded"), ("retired", "Retired")]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        match self.value():
            case "live":
                return queryset.live()
            case "superseded":
                return queryset.filter(superseded_at__isnull=False)
            case "retired":
                return queryset.filter(retired_at__isnull=False)
            case _:
                return queryset


@admin.register(Revision)
class RevisionAdmin(ModelAdmin):
    fields = (
        "question",
        ("number", "published_at", "published_by"),
        ("superseded_at", "retired_at", "answered"),
        "as_candidates_see_it",
    )
    readonly_fields = ("answered", "as_candidates_see_it")
    list_display = ("question", "number", "published_at", "published_by", "superseded_at", "retired_at")
    list_filter = (LiveFilter, "question__kind")
    list_select_related = ("question", "published_by")
    search_fields = ("question__slug", "question__scenario__title")
    ordering = ("-published_at", "question__slug", "-number")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description="answers counted")
    def answered(self, revision: Revision) -> str:
        statistics = getattr(revision, "statistics", None)
        return f"{statistics.right} right of {statistics.answers}" if statistics else "none yet"

    @admin.display(description="content")
    def as_candidates_see_it(self, revision: Revision) -> SafeString:
        return shown(revision.parsed)
