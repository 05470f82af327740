"""The steps of an exam as plain as they can be, each with the fewest statements that do the work."""

import random
from datetime import timedelta

from django.contrib.auth.decorators import login_required
from django.db import connection, transaction
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from tests.benchmarks.floor.models import Attempt, Item, Question, Response

QUESTIONS = 75
UPSERT = """
INSERT INTO floor_response (attempt_id, position, choice, saved_at) VALUES (%s, %s, %s, %s)
ON CONFLICT (attempt_id, position) DO UPDATE SET choice = excluded.choice, saved_at = excluded.saved_at
"""


def _attempt(request: HttpRequest, attempt: int) -> Attempt:
    return get_object_or_404(Attempt, pk=attempt, user_id=request.user.pk)


@login_required
@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """An attempt with 75 questions, drawn by their ids."""
    at = timezone.now()
    drawn = random.sample(list(Question.objects.values_list("pk", flat=True)), QUESTIONS)
    with transaction.atomic():
        attempt = Attempt.objects.create(user_id=request.user.pk, started_at=at, deadline=at + timedelta(hours=3))
        Item.objects.bulk_create(
            Item(attempt=attempt, position=position, question_id=pk) for position, pk in enumerate(drawn, 1)
        )
    return redirect(f"/attempts/{attempt.pk}/1/")


@login_required
def page(request: HttpRequest, attempt: int, position: int) -> HttpResponse:
    """A question with the navigator: three queries, each by an index."""
    row = _attempt(request, attempt)
    item = get_object_or_404(Item.objects.select_related("question"), attempt=row, position=position)
    chosen = dict(Response.objects.filter(attempt=row).values_list("position", "choice"))
    cells = [(number, number in chosen) for number in range(1, QUESTIONS + 1)]
    context = {"attempt": row, "item": item, "choice": chosen.get(position), "cells": cells, "count": QUESTIONS}
    return render(request, "page.html", context)


@login_required
@require_POST
def answer(request: HttpRequest, attempt: int, position: int) -> HttpResponse:
    """One select, one upsert, a fragment."""
    at = timezone.now()
    row = _attempt(request, attempt)
    if row.submitted_at or at > row.deadline:
        return HttpResponse(status=410)
    with connection.cursor() as cursor:
        cursor.execute(UPSERT, [row.pk, position, request.POST["choice"], at])
    return render(request, "saved.html", {"attempt": row, "position": position, "choice": request.POST["choice"]})


def _items(attempt: Attempt) -> list[Item]:
    choice = Response.objects.filter(attempt=OuterRef("attempt"), position=OuterRef("position")).values("choice")
    items = Item.objects.filter(attempt=attempt).select_related("question").order_by("position")
    return list(items.annotate(choice=Subquery(choice)))


@login_required
def review(request: HttpRequest, attempt: int) -> HttpResponse:
    """All 75 questions in a table."""
    row = _attempt(request, attempt)
    return render(request, "review.html", {"attempt": row, "items": _items(row)})


def _tally(attempt: Attempt) -> list[dict[str, int]]:
    """Right and total by domain."""
    choice = Response.objects.filter(attempt=OuterRef("attempt"), position=OuterRef("position")).values("choice")
    rows = Item.objects.filter(attempt=attempt).annotate(choice=Subquery(choice))
    right = Count("pk", filter=Q(choice=F("question__key")))
    return list(rows.values("question__domain").annotate(right=right, total=Count("pk")).order_by("question__domain"))


@login_required
@require_POST
def finish(request: HttpRequest, attempt: int) -> HttpResponse:
    """The score is stored."""
    row = _attempt(request, attempt)
    row.submitted_at, row.right = timezone.now(), sum(domain["right"] for domain in _tally(row))
    row.save(update_fields=["submitted_at", "right"])
    return redirect(f"/attempts/{row.pk}/report/")


@login_required
def report(request: HttpRequest, attempt: int) -> HttpResponse:
    """75 responses by domain."""
    row = _attempt(request, attempt)
    return render(request, "report.html", {"attempt": row, "domains": _tally(row)})
