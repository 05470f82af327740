"""The front page, the start page, and the pages about the site."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from accounts import guests
from accounts.models import Accommodation, User
from exams import attempts, pictures
from exams.drawing import Shortage
from exams.forms import StartForm
from exams.models import Attempt
from exams.scoring import SCALE
from exams.views.access import private
from exams.views.drills import due_today
from questions.allocation import allocate
from questions.models import Blueprint
from questions.overview import overview

# the head of a report, as an example on the front page
SAMPLE_SCORE, SAMPLE_LOW, SAMPLE_HIGH = 820, 726, 887
SAMPLE_SHARES = (88, 92, 82, 55, 70, 85)


def _blueprint(blueprint: Blueprint) -> dict[str, Any]:
    domains = list(blueprint.domains.all())
    asked = allocate(blueprint.question_count, [domain.weight for domain in domains])
    return {
        "blueprint": blueprint,
        "domains": [
            {"domain": domain, "asked": count, "blocks": pictures.blocks(count)}
            for domain, count in zip(domains, asked, strict=True)
        ],
        "picture": pictures.weights_picture(
            blueprint.code, [(domain.number, domain.name, domain.weight) for domain in domains]
        ),
    }


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """What this is, and the way in; a candidate who is sitting a mock is led back to it first."""
    blueprints = [_blueprint(one) for one in Blueprint.objects.prefetch_related("domains")]
    first = blueprints[0]["domains"] if blueprints else []
    cut = 100 * float(SCALE.cut_share)
    context = {
        "blueprints": blueprints,
        "running": _running(request),
        "due": due_today(request, blueprints[0]["blueprint"]) if blueprints else None,
        "sample": SAMPLE_SCORE,
        "sample_picture": pictures.scale_picture(SAMPLE_SCORE, SAMPLE_LOW, SAMPLE_HIGH, SCALE, labels=False),
        "sample_bars": [
            (entry["domain"].name, pictures.bar(share, cut)) for entry, share in zip(first, SAMPLE_SHARES, strict=False)
        ],
    }
    response = render(request, "exams/home.html", context)
    if request.user.is_authenticated:
        response["Cache-Control"] = "private, no-store"
    return response


def _running(request: HttpRequest) -> list[Attempt]:
    if not isinstance(request.user, User):
        return []
    return list(Attempt.objects.open(timezone.now()).filter(user=request.user).select_related("blueprint"))


@private
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest, code: str) -> HttpResponse:
    """The rules, the form, the time; POST begins, or goes on where the candidate is."""
    blueprint = get_object_or_404(Blueprint.objects.prefetch_related("domains"), code=code)
    form = StartForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _start(request, blueprint, form)
    response = render(request, "exams/start.html", _start_context(request, blueprint, form), status=200)
    guests.offer(request, response)
    return response


def _start(request: HttpRequest, blueprint: Blueprint, form: StartForm) -> HttpResponse:
    user = guests.admit(request)
    try:
        attempt = attempts.start(
            user=user,
            blueprint=blueprint,
            counting=form.cleaned_data["counting"],
            accommodation=form.cleaned_data["time"],
            at=timezone.now(),
        )
    except Shortage as shortage:
        names = {domain.number: domain.name for domain in blueprint.domains.all()}
        short = [(names[number], there, needed) for number, (needed, there) in shortage.domains.items()]
        context = _start_context(request, blueprint, form) | {"short": short}
        return render(request, "exams/start.html", context, status=409)
    response = redirect(reverse("question", args=[attempt.pk, attempt.position]))
    shortcuts = "on" if request.POST.get("shortcuts") else "off"
    response.set_cookie("shortcuts", shortcuts, max_age=guests.YEAR, samesite="Lax", secure=request.is_secure())
    return response


def _start_context(request: HttpRequest, blueprint: Blueprint, form: StartForm) -> dict[str, Any]:
    at = timezone.now()
    usual = request.user.accommodation if isinstance(request.user, User) else Accommodation.STANDARD
    chosen = form.data.get("time", usual) if form.is_bound else usual
    times = [(choice, attempts.allowed(blueprint.minutes, choice.value), choice.label) for choice in Accommodation]
    running = next((one for one in _running(request) if one.blueprint_id == blueprint.pk), None)
    return _blueprint(blueprint) | {
        "form": form,
        "running": running,
        "times": [
            (choice.value, int(span.total_seconds() // 60), label, choice.value == chosen)
            for choice, span, label in times
        ],
        "pace": times[0][1] / blueprint.question_count,
        "now": at,
        "ends": at + attempts.allowed(blueprint.minutes, Accommodation.STANDARD),
        "unscored": blueprint.question_count - blueprint.scored_count,
        "shortcuts": request.COOKIES.get("shortcuts") != "off",
    }


@require_GET
def first_start(request: HttpRequest) -> HttpResponse:
    """The start page of the blueprint of today."""
    blueprint = Blueprint.objects.first()
    if blueprint is None:
        raise Http404("The bank is empty. Run: manage.py seed")
    return redirect("start", blueprint.code)


@require_GET
def bank(request: HttpRequest) -> HttpResponse:
    """What the bank holds, and how its questions are made and checked."""
    return render(request, "exams/bank.html", {"bank": overview()})


@require_GET
def about(request: HttpRequest, page: str) -> HttpResponse:
    """Accessibility and privacy, in our words."""
    return render(request, f"exams/{page}.html")


@private
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A page that is not here, or not theirs; whoever is sitting an exam is led back to it."""
    return render(request, "404.html", {"running": _running(request)}, status=404)
