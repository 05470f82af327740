"""How times and questions are written on pages."""

from datetime import datetime, timedelta

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString

from exams import pictures
from questions import rendering

register = template.Library()
register.filter("block", rendering.block)
register.filter("inline", rendering.inline)


@register.filter
def clock(span: timedelta | float) -> str:
    """A span as 2:24 or 1:02:24."""
    seconds = int(span.total_seconds() if isinstance(span, timedelta) else span)
    hours, rest = divmod(seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


@register.filter
def timer(seconds: float) -> str:
    """Time left as 2:31:18, always with hours."""
    whole = int(seconds)
    return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"


@register.filter
def hours(span: timedelta) -> str:
    """A span in words: 2 h 41 min."""
    minutes = round(span.total_seconds() / 60)
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min"


@register.filter
def moment(at: datetime) -> str:
    """A time of day in the reader's zone, named where it is UTC: 16:42."""
    local = timezone.localtime(at)
    return f"{local:%H:%M}" + (" UTC" if str(timezone.get_current_timezone()) == "UTC" else "")


@register.filter
def day(at: datetime) -> str:
    """A day in the reader's zone: 20 November 2026."""
    local = timezone.localtime(at)
    return f"{local.day} {local:%B %Y}"


@register.simple_tag
def bar(percent: float, cut: float) -> SafeString:
    return pictures.bar(percent, cut)
