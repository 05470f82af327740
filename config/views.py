"""Error pages. They say what happened and what to do, and never claim that something was saved."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string


def server_error(request: HttpRequest) -> HttpResponse:
    """A fault of ours is 500; a database that cannot be reached is 503, so that clients try again."""
    if isinstance(sys.exception(), OperationalError | InterfaceError):
        return HttpResponse(render_to_string("503.html"), status=503, headers={"Retry-After": "5"})
    return HttpResponse(render_to_string("500.html"), status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without our token: the page was open while somebody signed in or out, or comes from elsewhere."""
    return HttpResponse(render_to_string("403_csrf.html", request=request), status=403)
