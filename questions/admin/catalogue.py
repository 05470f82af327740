"""What questions refer to: blueprints with their domains and tasks, services, misconceptions, scenarios."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest

from questions import forms
from questions.admin.base import TEXT, ModelAdmin, TabularInline
from questions.admin.filters import DomainOfScenarioFilter
from questions.models import Blueprint, Domain, Misconception, Placement, Scenario, Service, Task

# ---- blueprints ----


class DomainInline(TabularInline):
    model = Domain
    form = forms.DomainForm
    formset = forms.DomainFormSet
    extra = 0
    show_change_link = True


class TaskInline(TabularInline):
    model = Task
    form = forms.TaskForm
    fields = ("code", "title")
    extra = 0


@admin.register(Blueprint)
class BlueprintAdmin(ModelAdmin):
    form = forms.BlueprintForm
    inlines = [DomainInline]
    list_display = ("code", "name", "question_count", "minutes", "retired_on")


@admin.register(Domain)
class DomainAdmin(ModelAdmin):
    """The tasks of a domain. Weights are edited together, on the blueprint's page."""

    fields = ("blueprint", "number", "name", "weight")
    readonly_fields = ("blueprint", "number", "weight")
    inlines = [TaskInline]
    list_display = ("__str__", "weight")
    list_filter = ("blueprint",)
    list_select_related = ("blueprint",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


# ---- what questions refer to ----


@admin.register(Service)
class ServiceAdmin(ModelAdmin):
    form = forms.OnceMade
    fields = ("slug", "name", "formerly", "status")
    list_display = ("name", "formerly", "status", "slug")
    list_filter = ("status",)
    search_fields = ("name", "formerly", "slug")


@admin.register(Misconception)
class MisconceptionAdmin(ModelAdmin):
    form = forms.OnceMade
    fields = ("slug", "name", "remedy")
    formfield_overrides = TEXT
    list_display = ("name", "slug", "used")
    search_fields = ("name", "slug", "remedy")

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Misconception]":
        return Misconception.objects.annotate(uses=Count("options"))

    @admin.display(description="options", ordering="uses")
    def used(self, row: Any) -> int:
        return int(row.uses)


class PlacementInline(TabularInline):
    model = Placement
    form = forms.PlacementForm
    formset = forms.PlacementFormSet
    extra = 1

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs["queryset"] = Task.objects.select_related("domain__blueprint")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Placement]":
        return super().get_queryset(request).select_related("scenario", "task__domain__blueprint")


@admin.register(Scenario)
class ScenarioAdmin(ModelAdmin):
    form = forms.OnceMade
    fields = ("slug", "title", "situation", "solution", "services")
    filter_horizontal = ("services",)
    formfield_overrides = TEXT
    inlines = [PlacementInline]
    list_display = ("slug", "title", "places", "number_of_questions")
    list_filter = (DomainOfScenarioFilter, "services")
    search_fields = ("slug", "title", "situation", "solution")

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Scenario]":
        rows = Scenario.objects.annotate(number_of_questions=Count("questions", distinct=True))
        return rows.prefetch_related("placements__task__domain__blueprint")

    @admin.display(description="tasks")
    def places(self, row: Scenario) -> str:
        return ", ".join(f"{one.task.domain.blueprint.code} {one.task.code}" for one in row.placements.all())

    @admin.display(description="questions", ordering="number_of_questions")
    def number_of_questions(self, row: Any) -> int:
        return int(row.number_of_questions)
