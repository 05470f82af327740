"""Finished attempts: the list, the report, the review of each question, the download."""

import csv
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.models import User
from exams import pictures, reports
from exams.models import Attempt
from exams.views.access import candidate, private, to
from questions import bank


@private
@require_GET
@candidate
def attempts(request: HttpRequest, user: User) -> HttpResponse:
    """All attempts of a candidate, the open ones first."""
    at = timezone.now()
    rows = list(user.attempts.select_related("blueprint"))
    context = {
        "open": [row for row in rows if row.is_open(at)],
        "finished": [_finished(row) for row in rows if not row.is_open(at)],
    }
    return render(request, "exams/attempts.html", context)


def _finished(row: Attempt) -> dict[str, Any]:
    """A line of the list; an expired attempt that nobody has settled yet is scored on the spot."""
    if row.scaled is None:
        from exams.attempts import score_of  # the only reader here that needs the writer's module

        score = score_of(row)
        return {
            "attempt": row,
            "scaled": score.scaled,
            "passed": score.passed,
            "right": score.right,
            "total": score.total,
        }
    return {"attempt": row, "scaled": row.scaled, "passed": row.passed, "right": row.right, "total": row.total}


def _report(user: User, attempt: int) -> reports.Report:
    try:
        return reports.report(user=user, attempt=attempt, at=timezone.now())
    except Attempt.DoesNotExist:
        raise Http404 from None


@private
@require_GET
@candidate
def report(request: HttpRequest, user: User, attempt: int) -> HttpResponse:
    """The score and what to do about it."""
    try:
        found = _report(user, attempt)
    except reports.StillOpen:
        return to(request, reverse("attempt", args=[attempt]))
    show = request.GET.get("show", "wrong")
    show = show if found.knows(show) else "wrong"
    context = {
        "report": found,
        "attempt": found.attempt,
        "score": found.score,
        "show": show,
        "show_words": found.words(show),
        "counts": found.counts,
        "tabs": list(found.counts.items()),
        "rows": found.filtered(show),
        "scale_picture": pictures.scale_picture(
            found.score.scaled, found.score.low, found.score.high, found.attempt.scale
        ),
        "pace_picture": pictures.pace_picture(
            [pictures.Bar(row.position, row.item.seconds, None if row.locked else row.right) for row in found.rows],
            found.pace.total_seconds(),
        ),
        "cut_percent": 100 * float(found.attempt.scale.cut_share),
    }
    if request.headers.get("HX-Request") and not request.headers.get("HX-History-Restore-Request"):
        return render(request, "exams/_report_rows.html", context)
    return render(request, "exams/report.html", context)


@private
@require_GET
@candidate
def review(request: HttpRequest, user: User, attempt: int, position: int) -> HttpResponse:
    """One question after the fact: choice, key, and why each option is right or wrong."""
    try:
        found = _report(user, attempt)
    except reports.StillOpen:
        return to(request, reverse("attempt", args=[attempt]))
    show = request.GET.get("show", "all")
    rows = found.filtered(show)
    row = next((row for row in found.rows if row.position == position), None)
    if row is None:
        raise Http404
    places = [one.position for one in rows]
    before = [place for place in places if place < position]
    after = [place for place in places if place > position]
    names = bank.misconceptions(option.misconception for option in row.content.distractors)
    context = {
        "report": found,
        "attempt": found.attempt,
        "row": row,
        "prompt": row.content.prompt(),
        "verdicts": reports.verdicts(row, names),
        "show": show if found.knows(show) else "all",
        "show_words": found.words(show) if found.knows(show) else "all",
        "place": places.index(position) + 1 if position in places else None,
        "of": len(places),
        "before": before[-1] if before else None,
        "after": after[0] if after else None,
        "domain": next(name for number, name, _ in found.attempt.domains if number == row.item.domain),
    }
    return render(request, "exams/question_review.html", context)


@private
@require_GET
@candidate
def download(request: HttpRequest, user: User, attempt: int) -> HttpResponse:
    """The rows of the report as CSV; cells that a spreadsheet would run as formulas are quoted."""
    try:
        found = _report(user, attempt)
    except reports.StillOpen:
        return to(request, reverse("attempt", args=[attempt]))
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="cutscore-{found.attempt.blueprint.code}-{attempt}.csv"'
    response.write("\ufeff")  # without it Excel reads the accents of a note wrong
    writer = csv.writer(response)
    writer.writerow(
        ["question", "scenario", "domain", "you", "key", "right", "counted", "seconds", "flagged", "changed", "note"]
    )
    for row in found.rows:
        writer.writerow(
            map(
                _cell,
                [
                    row.position,
                    row.about.scenario,
                    row.item.domain,
                    row.yours,
                    "" if row.locked else row.key,
                    "" if row.locked else int(row.right),
                    int(row.item.scored),
                    round(row.item.seconds),
                    int(row.flagged),
                    "" if row.locked else row.change,
                    row.item.note,
                ],
            )
        )
    return response


def _cell(value: object) -> object:
    text = str(value)
    return "'" + text if text[:1] in {"=", "+", "-", "@", "\t", "\r", "\x00"} else value
