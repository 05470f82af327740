"""Filters of the list of questions: by blueprint, domain, scenario and state."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest

from questions import standing
from questions.models import Blueprint, Domain, Question, Scenario


def fitting(questions: "QuerySet[Question]", blueprints: "QuerySet[Blueprint]") -> "QuerySet[Question]":
    """Questions that may be drawn for one of these blueprints: not narrowed to others."""
    narrowed = Question.blueprints.through.objects.filter(question_id=OuterRef("pk"))
    return questions.filter(Q(~Exists(narrowed)) | Q(Exists(narrowed.filter(blueprint_id__in=blueprints.values("pk")))))


class BlueprintFilter(admin.SimpleListFilter):
    title = "blueprint"
    parameter_name = "blueprint"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(row.code, row.code) for row in Blueprint.objects.all()]

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Question]") -> "QuerySet[Question]":
        if not self.value():
            return queryset
        chosen = Blueprint.objects.filter(code=self.value())
        return fitting(queryset.filter(scenario__placements__blueprint__in=chosen), chosen)


class DomainFilter(admin.SimpleListFilter):
    title = "domain"
    parameter_name = "domain"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterator[tuple[str, str]]:
        for row in Domain.objects.select_related("blueprint"):
            yield str(row.pk), str(row)

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        chosen = self.value() or ""
        return self.of_domain(queryset, int(chosen)) if chosen.isdigit() else queryset

    def of_domain(self, questions: "QuerySet[Question]", domain: int) -> Any:
        placed = questions.filter(scenario__placements__task__domain=domain)
        return fitting(placed, Blueprint.objects.filter(domains=domain))


class DomainOfScenarioFilter(DomainFilter):
    def of_domain(self, scenarios: Any, domain: int) -> Any:
        return scenarios.filter(placements__task__domain=domain)


class ScenarioFilter(admin.SimpleListFilter):
    """The scenarios of the chosen domain, or all."""

    title = "scenario"
    parameter_name = "scenario"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterator[tuple[str, str]]:
        rows = Scenario.objects.all()
        domain = request.GET.get(DomainFilter.parameter_name, "")
        if domain.isdigit():
            rows = rows.filter(placements__task__domain=int(domain))
        for slug in rows.values_list("slug", flat=True):
            yield slug, slug

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Question]") -> "QuerySet[Question]":
        return queryset.filter(scenario__slug=self.value()) if self.value() else queryset


class StateFilter(admin.SimpleListFilter):
    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return list(standing.STATES.items())

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Question]") -> "QuerySet[Question]":
        return standing.in_state(queryset, self.value() or "")
