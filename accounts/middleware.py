"""Times are shown in the time zone of the reader, which a small script writes into a cookie."""

import zoneinfo
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

COOKIE = "tz"


def local_time(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Activate the reader's time zone, UTC when it is unknown."""

    def middleware(request: HttpRequest) -> HttpResponse:
        with timezone.override(zone(request.COOKIES.get(COOKIE, ""))):
            return get_response(request)

    return middleware


def zone(name: str) -> zoneinfo.ZoneInfo:
    """The zone of this IANA name; UTC for an unknown name, whatever the cookie holds."""
    try:
        return zoneinfo.ZoneInfo(name) if name else zoneinfo.ZoneInfo("UTC")
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return zoneinfo.ZoneInfo("UTC")
