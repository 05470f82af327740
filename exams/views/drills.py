"""Drills: choosing what to practise, and questions whose key is told as soon as they are answered."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from accounts import guests
from accounts.models import User
from exams import attempts, drills, forms, memory, reports, screen
from exams.models import AttemptItem, Confidence
from exams.views.access import candidate, private
from questions import bank
from questions.marking import mark
from questions.models import Blueprint, Service

COUNTS = (5, 10, 20, 40, 75)
ASKED = ("domain", "service", "scenario", "misconception", "source", "count", "feedback", "clock")


@require_GET
def first_drill(request: HttpRequest) -> HttpResponse:
    """Drills on the blueprint of today."""
    blueprint = Blueprint.objects.first()
    if blueprint is None:
        raise Http404("The bank is empty. Run: manage.py seed")
    asked = request.GET.urlencode()
    return redirect(reverse("drill", args=[blueprint.code]) + (f"?{asked}" if asked else ""))


@private
@require_http_methods(["GET", "POST"])
def drill(request: HttpRequest, code: str) -> HttpResponse:
    """What to practise; POST begins. A query string fills the form in."""
    blueprint = get_object_or_404(Blueprint.objects.prefetch_related("domains"), code=code)
    form = _form(request, blueprint)
    nothing = False
    if request.method == "POST" and form.is_valid():
        try:
            at = timezone.now()
            row = attempts.start_drill(user=guests.admit(request), blueprint=blueprint, wish=form.wish(), at=at)
            return redirect("attempt", row.pk)
        except drills.NothingFits:
            nothing = True
    context = _drill_context(blueprint, form) | {"nothing": nothing, "due": due_today(request, blueprint)}
    response = render(request, "exams/drill.html", context)
    guests.offer(request, response)
    return response


def due_today(request: HttpRequest, blueprint: Blueprint) -> tuple[str, int] | None:
    """The blueprint's code and how many of its scenarios are due, for a candidate who has some."""
    if not isinstance(request.user, User):
        return None
    count = len(memory.due(request.user, blueprint, timezone.now()))
    return (blueprint.code, count) if count else None


def _form(request: HttpRequest, blueprint: Blueprint) -> forms.DrillForm:
    """The form as sent, or as the query string fills it in; what a page has not sent is as it is usually."""
    sent = request.POST if request.method == "POST" else request.GET
    usual = {"source": "any", "count": "10", "feedback": "each", "clock": "none"}
    data = sent.copy()
    for name, value in usual.items():
        data.setdefault(name, value)
    return forms.DrillForm(
        data,
        domains=[(domain.number, domain.name) for domain in blueprint.domains.all()],
        services=list(Service.objects.values_list("slug", "name")),
    )


def _drill_context(blueprint: Blueprint, form: forms.DrillForm) -> dict[str, Any]:
    form.is_valid()
    said = {name: [str(value) for value in form.data.getlist(name)] for name in ASKED}  # type: ignore[attr-defined] # a QueryDict
    scenario, misconception = (form.cleaned_data.get(name, "") for name in ("scenario", "misconception"))
    return {
        "blueprint": blueprint,
        "others": Blueprint.objects.exclude(pk=blueprint.pk),
        "form": form,
        "said": said,
        "domains": blueprint.domains.all(),
        "services": Service.objects.all(),
        "sources": drills.Source.choices,
        "counts": [str(count) for count in COUNTS],
        "scenario": (scenario, *bank.scenario_titles([scenario])) if scenario else (),
        "misconception": (misconception, *(name for name, _ in bank.misconceptions([misconception]).values())),
        "pace": 60 * blueprint.minutes / blueprint.question_count,
    }


@private
@require_http_methods(["GET", "POST"])
@candidate
def practice(request: HttpRequest, user: User, attempt: int, position: int) -> HttpResponse:
    """A question of a drill that tells at once: first the form, then the verdict."""
    at = timezone.now()
    item = user_item(user, attempt, position)
    if not item.attempt.tells_each or not item.attempt.is_open(at):
        return redirect("attempt", attempt)
    problem = ""
    if request.method == "POST":
        try:
            problem = _take(request, user, item, at)
        except attempts.Closed:
            return redirect("attempt", attempt)
        except forms.BadForm as error:
            return render(request, "exams/bad_form.html", {"reason": str(error), "back": request.path}, status=422)
        if not problem:
            return redirect("practice", attempt, position)
    return render(request, "exams/practice.html", _practice_context(request, item, at) | {"problem": problem})


def user_item(user: User, attempt: int, position: int) -> AttemptItem:
    """The candidate's own item, or 404."""
    items = AttemptItem.objects.select_related("attempt__blueprint")
    return get_object_or_404(items, attempt_id=attempt, attempt__user=user, position=position)


def _take(request: HttpRequest, user: User, item: AttemptItem, at: datetime) -> str:
    """Do what the form asks for; a sentence where it has to be asked for again."""
    prompt = screen.prompt_of(item)
    shown = screen.letters(item.attempt, item.position, prompt)
    marks = forms.marks(request.POST, shown)
    if marks.flag is not None:
        attempts.flag(user=user, item=item, on=marks.flag, at=at)
        return ""
    sent = forms.read_checked(request.POST)
    chosen = forms.keys(sent.letters, shown, prompt.choose) if request.POST.get("go") != "unknown" else frozenset()
    if request.POST.get("go") != "unknown" and len(chosen) < prompt.choose:
        word = screen.NUMBERS[prompt.choose]
        return f"Choose {word} option{'s' if prompt.choose > 1 else ''}, or say that you do not know."
    attempts.check(
        user=user,
        attempt=item.attempt_id,
        position=item.position,
        chosen=chosen,
        confidence=sent.confidence,
        shown=sent.shown,
        at=at,
    )
    return ""


def _practice_context(request: HttpRequest, item: AttemptItem, at: datetime) -> dict[str, Any]:
    told = list(item.attempt.items.filter(revealed_at__isnull=False))
    contents = bank.contents(one.revision_id for one in told)
    count = item.attempt.items.count()
    shown = screen.screen_of(item, at)
    context = {
        "attempt": item.attempt,
        "item": item,
        "count": count,
        "screen": shown,
        "chosen": request.POST.getlist("choice"),
        "confidence": request.POST.get("confidence", ""),
        "confidences": Confidence.choices,
        "shown": int(at.timestamp() * 1000),
        "told": len(told),
        "right": sum(mark(contents[one.revision_id], one.chosen) for one in told),
        "next": item.position + 1 if item.position < count else None,
        "domain": next(name for number, name, _ in item.attempt.domains if number == item.domain),
    }
    if item.revealed_at:
        row = reports.row_of(item.attempt, item, count)
        names = bank.misconceptions(option.misconception for option in row.content.distractors)
        context |= {"row": row, "prompt": row.content.prompt(), "verdicts": reports.verdicts(row, names)}
        context["mistakes"] = [names[slug] for slug in row.misconceptions if slug in names]
    return context
