"""Questions with their options on one page, what the audit says of them, and publishing."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from questions import content, forms, publishing, standing
from questions.admin import filters
from questions.admin.base import TEXT, ModelAdmin, StackedInline
from questions.admin.shown import shown
from questions.audit import Flaw, audit
from questions.models import Misconception, Option, Question, Service
from questions.option_forms import OptionForm, OptionFormSet

STANDING = "standing"
HEADINGS = {
    "error": "Must be mended before it can be published",
    "warning": "Look at these again",
    "info": "Worth knowing",
}


@dataclass(frozen=True, slots=True)
class Did:
    """What became of publishing or retiring one question, in words that follow its name."""

    level: int
    words: str


Act = Callable[[Question, User, datetime], Did]


def publish(question: Question, by: User, at: datetime) -> Did:
    try:
        revision = publishing.publish(question, by=by, at=at)
    except publishing.NotPublishable as refused:
        return Did(messages.ERROR, "not published. " + " ".join(map(_said, refused.flaws)))
    except content.ContentError as error:
        return Did(messages.ERROR, f"not published: {error}.")
    if revision.published_at != at:
        return Did(messages.WARNING, f"not published again: revision {revision.number} says the same.")
    return Did(messages.SUCCESS, f"published as revision {revision.number}.")


def retire(question: Question, by: User, at: datetime) -> Did:
    if publishing.retire(question, at=at):
        return Did(messages.SUCCESS, "retired. New forms are drawn without it; attempts that hold it keep it.")
    return Did(messages.WARNING, "not retired: no revision of it is live.")


ACTS: dict[str, Act] = {"publish": publish, "retire": retire}


class QuestionList(ChangeList):
    """A page of the list, with where each question stands: found for all rows at once."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        found = standing.standings(self.result_list)
        for row in self.result_list:
            setattr(row, STANDING, found[row.pk])


class OptionInline(StackedInline):
    model = Option
    form = OptionForm
    formset = OptionFormSet
    fields = (("key", "correct", "misconception"), "text", "why")
    formfield_overrides = TEXT
    max_num = 6
    verbose_name_plural = "options (a row left empty is not stored)"

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        """Empty rows, up to six in all: without script there is no other way to add one."""
        return 6 if obj is None else 2

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Option]":
        return super().get_queryset(request).select_related("misconception", "question")


@admin.register(Question)
class QuestionAdmin(ModelAdmin):
    form = forms.QuestionForm
    inlines = [OptionInline]
    formfield_overrides = TEXT
    fieldsets = (
        (None, {"fields": ("slug", "scenario", ("kind", "thinking"), "stem")}),
        ("Why, and where it is written", {"fields": ("rationale", "references", "verified")}),
        ("For a few questions only", {"fields": ("blueprints", "services", "ratings", "solved_by")}),
    )
    readonly_fields = ("solved_by",)
    filter_horizontal = ("services",)
    list_display = ("slug", "state", "keys", "thinking", "scenario", "changed_at")
    list_filter = (
        filters.StateFilter,
        filters.BlueprintFilter,
        filters.DomainFilter,
        "kind",
        "thinking",
        filters.ScenarioFilter,
    )
    list_select_related = ("scenario",)
    search_fields = ("slug", "stem", "scenario__slug", "scenario__title")
    search_help_text = "Searches ids, stems and scenarios."
    actions = ["publish_selected", "retire_selected"]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return QuestionList

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("questions.add_revision")

    @admin.display(description="state")
    def state(self, question: Question) -> str:
        return str(getattr(question, STANDING))

    @admin.display(description="solved by readers who did not see the key")
    def solved_by(self, question: Question) -> str:
        return "; ".join(
            f"{one.get('on')}: chose {' and '.join(one.get('chosen', ()))}, {one.get('sure')} confidence"
            for one in question.solved
        )

    @admin.display(description="kind", ordering="kind")
    def keys(self, question: Question) -> str:
        return question.kind.capitalize()

    # ---- the page ----

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        question = context["original"]
        context |= {
            "may_publish": self.has_publish_permission(request),
            "misconceptions": Misconception.objects.values_list("slug", "name"),
        }
        if question is not None:
            context |= _checked(Question.objects.get(pk=question.pk))
        return super().render_change_form(request, context, *args, **kwargs)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if form.has_changed() or any(formset.has_changed() for formset in formsets):
            form.instance.changed_at = timezone.now()
            form.instance.save(update_fields=["changed_at"])

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        return self._pressed(request, obj) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        return self._pressed(request, obj) or super().response_change(request, obj)

    def _pressed(self, request: HttpRequest, question: Question) -> HttpResponse | None:
        """Do what the buttons beside Save say, and come back to the page."""
        act = next((act for name, act in ACTS.items() if f"_{name}" in request.POST), None)
        if act is None or not self.has_publish_permission(request):
            return None
        did = self._do(request, question, act, timezone.now())
        self.message_user(request, f"“{question}”: saved, {did.words}", did.level)
        return HttpResponseRedirect(reverse("admin:questions_question_change", args=[question.pk]))

    # ---- actions ----

    @admin.action(description="Publish the selected questions", permissions=["publish"])
    def publish_selected(self, request: HttpRequest, queryset: "QuerySet[Question]") -> None:
        self._each(request, queryset, publish)

    @admin.action(description="Retire the selected questions", permissions=["publish"])
    def retire_selected(self, request: HttpRequest, queryset: "QuerySet[Question]") -> None:
        self._each(request, queryset, retire)

    def _each(self, request: HttpRequest, questions: "QuerySet[Question]", act: Act) -> None:
        """One message for each question, and before them how many it worked for."""
        at = timezone.now()
        done = [(question, self._do(request, question, act, at)) for question in questions.order_by("slug")]
        if len(done) > 1:
            worked = sum(did.level == messages.SUCCESS for _, did in done)
            self.message_user(request, f"{act.__name__.capitalize()}: {worked} of {len(done)}.", messages.INFO)
        for question, did in done:
            self.message_user(request, f"“{question}”: {did.words}", did.level)

    def _do(self, request: HttpRequest, question: Question, act: Act, at: datetime) -> Did:
        did = act(question, cast("User", request.user), at)
        if did.level == messages.SUCCESS:
            self.log_change(request, question, did.words)
        return did


def _checked(question: Question) -> dict[str, Any]:
    """What the audit finds in the working copy as it is stored, and how candidates would see it."""
    stands = standing.standings([question])[question.pk]
    try:
        working = publishing.working_content(question)
    except content.ContentError as error:
        return {"standing": stands, "flaws": [(HEADINGS["error"], [str(error)])]}
    flaws = audit(working, service_names=Service.objects.values_list("name", flat=True))
    found = [
        (HEADINGS[severity], [_said(flaw) for flaw in flaws if flaw.severity == severity]) for severity in HEADINGS
    ]
    return {"standing": stands, "flaws": [group for group in found if group[1]], "preview": shown(working)}


def _said(flaw: Flaw) -> str:
    return f"{flaw.where.capitalize()}: {flaw.message}" if flaw.where else flaw.message
