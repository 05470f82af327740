"""The theme: a cookie, and back to where the reader was, on this site only."""

import pytest
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db


def choose(theme: str, referer: str | None = None, **extra: str) -> tuple[str, str]:
    """Where it leads, and the cookie that is set."""
    visitor = Client()
    headers = {} if referer is None else {"Referer": referer}
    response = visitor.post(reverse("theme"), {"theme": theme}, headers=headers, **extra)  # type: ignore[arg-type] # of the WSGI environment
    assert response.status_code == 302
    cookie = response.cookies.get("theme")
    return response["Location"], cookie.value if cookie else ""


@pytest.mark.parametrize("theme", ["auto", "light", "dark"])
def test_a_theme_is_kept_for_a_year(theme: str) -> None:
    visitor = Client()
    visitor.post(reverse("theme"), {"theme": theme})
    assert (visitor.cookies["theme"].value, visitor.cookies["theme"]["max-age"]) == (theme, 365 * 24 * 3600)


@pytest.mark.parametrize("theme", ["", "DARK", "blue", "dark ", '"><script>', "\x00", "x" * 5000])
def test_another_theme_is_not_kept(theme: str) -> None:
    assert choose(theme) == ("/", "")


@pytest.mark.parametrize(
    ("referer", "place"),
    [
        (None, "/"),
        ("", "/"),
        ("http://testserver/privacy/", "http://testserver/privacy/"),
        ("http://testserver/attempts/1/report/?show=all", "http://testserver/attempts/1/report/?show=all"),
        ("/privacy/", "/privacy/"),
        ("http://evil.example/", "/"),
        ("https://evil.example/privacy/", "/"),
        ("//evil.example/", "/"),
        ("///evil.example/", "/"),
        ("\\\\evil.example", "/"),
        ("/\\evil.example", "/"),
        ("http:\\\\evil.example", "/"),
        ("http:evil.example", "/"),
        ("http://testserver@evil.example/", "/"),
        ("http://testserver.evil.example/", "/"),
        ("http://evil.example\\@testserver/", "/"),
        ("javascript:alert(1)", "/"),
        ("data:text/html,x", "/"),
        ("ftp://testserver/", "/"),
        ("http://testserver:8000/", "/"),
        (" http://evil.example/", "/"),
        ("\x08http://evil.example/", "/"),
        ("http://[evil/", "/"),
    ],
)
def test_it_leads_back_to_this_site_only(referer: str | None, place: str) -> None:
    assert choose("dark", referer) == (place, "dark")


def test_a_secure_page_is_not_left_for_an_insecure_one() -> None:
    visitor = Client()
    response = visitor.post(
        reverse("theme"), {"theme": "dark"}, secure=True, headers={"Referer": "http://testserver/privacy/"}
    )
    assert response["Location"] == "/"
    assert response.cookies["theme"]["secure"]


@pytest.mark.parametrize(
    ("cookie", "attribute"),
    [
        ("light", ' data-theme="light"'),
        ("dark", ' data-theme="dark"'),
        ("auto", ""),
        ("", ""),
        ("blue", ""),
        ('"><script>alert(1)</script>', ""),
    ],
)
def test_pages_wear_the_theme(cookie: str, attribute: str) -> None:
    visitor = Client()
    visitor.cookies["theme"] = cookie
    text = visitor.get("/privacy/").content.decode()
    assert f'<html lang="en"{attribute}>' in text
    assert "alert(1)" not in text


@pytest.mark.parametrize(("cookie", "pressed"), [("dark", "Dark"), ("light", "Light"), ("auto", "Auto"), ("x", "Auto")])
def test_the_button_of_the_theme_is_pressed(cookie: str, pressed: str) -> None:
    visitor = Client()
    visitor.cookies["theme"] = cookie
    text = visitor.get("/privacy/").content.decode()
    assert text.count('name="theme"') == 3
    assert f'aria-pressed="true">{pressed}</button>' in text
    assert text.count('aria-pressed="true"') == 1
