"""The exam while it is sat: question, saving, review, end. Every fetch starts from the candidate."""

import secrets
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import User
from exams import attempts, forms, screen
from exams.models import Attempt, AttemptItem
from exams.navigator import navigator
from exams.saving import Outcome, Saved
from exams.views.access import candidate, private, to


@private
@require_GET
@candidate
def resume(request: HttpRequest, user: User, attempt: int) -> HttpResponse:
    """The question where the candidate left off, or the report."""
    row = user.attempts.filter(pk=attempt).first()
    if row is None:
        raise Http404
    if not row.is_open(timezone.now()):
        return redirect("report", row.pk)
    if row.tells_each:
        return redirect("practice", row.pk, screen.first_unrevealed(row))
    return redirect("question", row.pk, row.position)


@private
@require_http_methods(["GET", "POST"])
@candidate
def question(request: HttpRequest, user: User, attempt: int, position: int) -> HttpResponse:
    """One question of an open attempt; POST saves what the form holds, and goes where it says."""
    at = timezone.now()
    try:
        if request.method == "POST":
            return _post(request, user, attempt, position, at)
        return _page(request, user, attempt, position, at)
    except AttemptItem.DoesNotExist:
        raise Http404 from None
    except attempts.Closed as closed:
        return to(request, reverse("attempt" if closed.attempt.is_open(at) else "report", args=[attempt]))
    except forms.BadForm as error:
        return _bad(request, user, attempt, position, error)


def _post(request: HttpRequest, user: User, attempt: int, position: int, at: datetime) -> HttpResponse:
    item = attempts.theirs(user=user, attempt=attempt, position=position)
    going = request.POST.get("go", "stay")
    target = _target(going, position)
    sent, saved = _take(request, item, user, at)
    if saved.outcome is Outcome.CONFLICT:
        return _page(request, user, attempt, position, at, conflict=sent)
    item = attempts.move(user=user, attempt=attempt, leaving=position, shown=sent.shown, to=target, at=at)
    if going == "review":
        return to(request, reverse("review", args=[attempt]))
    if request.htmx and not request.htmx.history_restore_request:  # type: ignore[attr-defined] # set by django-htmx
        response = _show(request, screen.screen_of(item, at))
        response["HX-Push-Url"] = reverse("question", args=[attempt, target])
        return response
    return redirect("question", attempt, target)


def _take(request: HttpRequest, item: AttemptItem, user: User, at: datetime) -> tuple[forms.Sent, Saved]:
    """Store what a form holds. All of it is read before anything is written, so that a bad form changes nothing."""
    prompt = screen.prompt_of(item)
    shown = screen.letters(item.attempt, item.position, prompt)
    sent = forms.read(request.POST)
    chosen = forms.keys(sent.letters, shown, prompt.choose)
    marks = forms.marks(request.POST, shown)
    change = attempts.Change(chosen, sent.version, sent.page, sent.seq, sent.shown)
    saved = attempts.answer(user=user, item=item, change=change, at=at)
    _mark(item, marks, user, at)
    return sent, saved


def _mark(item: AttemptItem, marks: forms.Marks, user: User, at: datetime) -> None:
    """Flag, strikes and note: they belong to no version, so a conflict of the answer does not hold them up."""
    if marks.flag is not None:
        attempts.flag(user=user, item=item, on=marks.flag, at=at)
    for key, on in marks.strikes:
        attempts.strike(user=user, item=item, key=key, on=on, at=at)
    if marks.note is not None:
        attempts.note(user=user, item=item, text=marks.note, at=at)


def _target(going: str, position: int) -> int:
    if going in {"stay", "review"}:
        return position
    if going.isascii() and going.isdigit() and len(going) <= 4:
        return int(going)
    raise forms.BadForm("there is no such place to go")


def _page(
    request: HttpRequest, user: User, attempt: int, position: int, at: datetime, conflict: forms.Sent | None = None
) -> HttpResponse:
    shown = screen.open_screen(user=user, attempt=attempt, position=position, at=at)
    if not shown.attempt.is_open(at) or shown.attempt.tells_each:
        raise attempts.Closed(shown.attempt)
    return _show(request, shown, conflict)


def _show(request: HttpRequest, shown: screen.Screen, conflict: forms.Sent | None = None) -> HttpResponse:
    partial = bool(request.htmx) and not request.htmx.history_restore_request  # type: ignore[attr-defined] # by django-htmx
    context = _context(request, shown) | {"partial": partial, "conflict": bool(conflict)}
    if conflict:
        context |= _both_answers(shown.item, conflict, shown.item.chosen)
        context["screen"] = shown.with_letters(conflict.letters)
    template = "exams/_question.html" if partial else "exams/question.html"
    return render(request, template, context, status=409 if conflict else 200)


def _context(request: HttpRequest, shown: screen.Screen) -> dict[str, Any]:
    return {
        "screen": shown,
        "attempt": shown.attempt,
        "navigator": navigator(shown.cells, shown.position),
        "page": secrets.token_urlsafe(9),
        "shown": int(shown.at.timestamp() * 1000),
        "timer_hidden": request.COOKIES.get("timer") == "hidden",
        "shortcuts": request.COOKIES.get("shortcuts") != "off",
    }


def _bad(request: HttpRequest, user: User, attempt: int, position: int, error: forms.BadForm) -> HttpResponse:
    if not user.attempts.filter(pk=attempt, items__position=position).exists():
        raise Http404
    context = {"reason": str(error), "back": reverse("question", args=[attempt, position])}
    return render(request, "exams/bad_form.html", context, status=422)


@private
@require_POST
def save(request: HttpRequest, attempt: int, position: int) -> HttpResponse:
    """A save by script: the reply echoes page and seq, and only that counts as saved.

    401 without a session and 410 for a closed attempt are answers for the script, never a page or a redirect.
    """
    at = timezone.now()
    user = request.user
    if not isinstance(user, User):
        return JsonResponse({"problem": "signed out"}, status=401)
    try:
        item = attempts.theirs(user=user, attempt=attempt, position=position)
        sent, saved = _take(request, item, user, at)
        if "leaving" in request.POST:
            attempts.move(user=user, attempt=attempt, leaving=position, shown=sent.shown, to=position, at=at)
    except AttemptItem.DoesNotExist:
        raise Http404 from None
    except attempts.Closed:
        return JsonResponse({"problem": "closed", "next": reverse("report", args=[attempt])}, status=410)
    except forms.BadForm as error:
        return JsonResponse({"problem": str(error)}, status=422)
    reply = {
        "position": position,
        "version": saved.version,
        "page": sent.page,
        "seq": sent.seq,
        "left": item.attempt.left(at).total_seconds(),
        "shown": int(at.timestamp() * 1000),
    }
    if saved.outcome is Outcome.CONFLICT:
        return JsonResponse(reply | {"notice": _conflict_notice(request, item, sent, saved)}, status=409)
    return JsonResponse(reply)


@private
@require_GET
def left(request: HttpRequest, attempt: int) -> HttpResponse:
    """The time left in seconds, for a page that was asleep."""
    at = timezone.now()
    if not isinstance(request.user, User):
        return JsonResponse({"problem": "signed out"}, status=401)
    row = request.user.attempts.filter(pk=attempt).first()
    if row is None:
        raise Http404
    if not row.is_open(at):
        return JsonResponse({"problem": "closed", "next": reverse("report", args=[attempt])}, status=410)
    return JsonResponse({"left": row.left(at).total_seconds()})


def _conflict_notice(request: HttpRequest, item: AttemptItem, sent: forms.Sent, saved: Saved) -> str:
    context = _both_answers(item, sent, saved.chosen) | {"version": saved.version}
    return render_to_string("exams/_conflict.html", context, request=request)


def _both_answers(item: AttemptItem, sent: forms.Sent, stored: frozenset[str]) -> dict[str, str]:
    shown = screen.letters(item.attempt, item.position, screen.prompt_of(item))
    theirs = [letter for letter, key in shown.items() if key in stored]
    return {
        "theirs": ", ".join(theirs) or "nothing",
        "mine": ", ".join(sorted(sent.letters)) or "nothing",
        "reload": reverse("question", args=[item.attempt_id, item.position]),
    }


@private
@require_http_methods(["GET", "POST"])
@candidate
def review(request: HttpRequest, user: User, attempt: int) -> HttpResponse:
    """All questions with what is open and flagged, before the end. A cell posts here too."""
    at = timezone.now()
    row = _open_or_report(user, attempt, at)
    if row is None:
        return to(request, reverse("report", args=[attempt]))
    if request.method == "POST":
        return _leave_review(user, row, request.POST.get("go", ""), at)
    marks = screen.marks(row.pk)
    lines, cells = screen.lines(marks, row), screen.cells(marks)
    show = request.GET.get("show", "todo")
    show = show if show in screen.TABS else "todo"
    context = {
        "attempt": row,
        "lines": [line for line in lines if line.is_in(show)],
        "show": show,
        "tabs": [(name, sum(line.is_in(name) for line in lines)) for name in screen.TABS],
        "counts": screen.counts(cells),
        "count": len(cells),
        "navigator": navigator(cells),
        "seconds_left": row.left(at).total_seconds(),
        "is_low": row.left(at).total_seconds() <= 300,
        "timer_hidden": request.COOKIES.get("timer") == "hidden",
    }
    return render(request, "exams/review.html", context)


def _leave_review(user: User, attempt: Attempt, going: str, at: datetime) -> HttpResponse:
    try:
        target = _target(going, attempt.position)
        attempts.move(user=user, attempt=attempt.pk, leaving=target, shown=at, to=target, at=at)
    except (forms.BadForm, AttemptItem.DoesNotExist):
        raise Http404 from None
    except attempts.Closed:
        return redirect("report", attempt.pk)
    return redirect("question", attempt.pk, target)


@private
@require_http_methods(["GET", "POST"])
@candidate
def end(request: HttpRequest, user: User, attempt: int) -> HttpResponse:
    """The confirmation, and the end. Twice is once."""
    at = timezone.now()
    if request.method == "POST":
        try:
            attempts.submit(user=user, attempt=attempt, at=at)
        except Attempt.DoesNotExist:
            raise Http404 from None
        return to(request, reverse("report", args=[attempt]))
    row = _open_or_report(user, attempt, at)
    if row is None:
        return to(request, reverse("report", args=[attempt]))
    cells = screen.cells(screen.marks(row.pk))
    counts = screen.counts(cells)
    context = {
        "attempt": row,
        "counts": counts,
        "count": len(cells),
        "still_open": len(cells) - counts["done"],
        "seconds_left": row.left(at).total_seconds(),
        "is_low": row.left(at).total_seconds() <= 300,
        "timer_hidden": request.COOKIES.get("timer") == "hidden",
    }
    return render(request, "exams/end.html", context)


def _open_or_report(user: User, attempt: int, at: datetime) -> Attempt | None:
    row = user.attempts.select_related("blueprint").filter(pk=attempt).first()
    if row is None:
        raise Http404
    return row if row.is_open(at) else None
