"""What every page knows of its reader: the theme."""

from django.http import HttpRequest

THEMES = ("auto", "light", "dark")
COOKIE = "theme"


def theme_of(request: HttpRequest) -> str:
    """The reader's theme; anything unknown is auto."""
    theme = request.COOKIES.get(COOKIE, "auto")
    return theme if theme in THEMES else "auto"


def appearance(request: HttpRequest) -> dict[str, str]:
    return {"theme": theme_of(request)}
