"""Where a candidate stands."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.models import User
from exams import mistakes, pictures
from exams.models import Attempt
from exams.progress import progress
from exams.scoring import Scale
from exams.views.access import candidate, private
from exams.views.drills import due_today
from questions.models import Blueprint

MISTAKES = 8  # that are listed, the most frequent
SHOWN = 10  # mock exams in the picture and the table, the latest


@private
@require_GET
@candidate
def show(request: HttpRequest, user: User) -> HttpResponse:
    """Scores, chance and mastery on the blueprint that is asked for, or the one of today."""
    blueprints = list(Blueprint.objects.prefetch_related("domains"))
    code = request.GET.get("blueprint", "")
    blueprint = next((one for one in blueprints if one.code == code), blueprints[0] if blueprints else None)
    if blueprint is None:
        raise Http404("The bank is empty. Run: manage.py seed")
    at = timezone.now()
    found = progress(user=user, blueprint=blueprint, at=at)
    # a mistake tells what is wrong in the question where it showed, and that one may be in the exam
    sitting = Attempt.objects.open(at).filter(user=user, mode=Attempt.Mode.MOCK).exists()
    mocks = found.mocks[-SHOWN:]
    scale = Scale(blueprint.scale_min, blueprint.scale_max, blueprint.cut)
    context = {
        "blueprint": blueprint,
        "others": [one for one in blueprints if one != blueprint],
        "progress": found,
        "mocks": mocks[::-1],
        "earlier": len(found.mocks) - len(mocks),
        "trend": pictures.trend_picture([(one.scaled, one.low, one.high) for one in mocks], scale) if mocks else "",
        "cut_percent": 100 * float(scale.cut_share),
        "sitting": sitting,
        "mistakes": [] if sitting else mistakes.repeating(user, count=MISTAKES),
        "due": due_today(request, blueprint),
        "percents": [round(100 * part) for part in (found.chance.low, found.chance.high)] if found.chance else [],
    }
    return render(request, "exams/progress.html", context)
