"""Pages read as a browser without script reads them: forms with what they would send, and links."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Protocol

from django.test import Client
from django.urls import reverse

from exams.models import Attempt

HTMX = {"HX-Request": "true"}


class Response(Protocol):
    """A reply of the test client or of a view."""

    @property
    def content(self) -> bytes: ...


@dataclass
class Form:
    """A form as it stands: where it goes, what it holds, and the buttons that could send it."""

    method: str
    action: str
    id: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    def with_(self, **changed: object) -> dict[str, object]:
        """What is sent when these fields are changed; None takes a field out."""
        sent = self.fields | changed
        return {name: value for name, value in sent.items() if value is not None}


class Page(HTMLParser):
    """Forms, links, and the text of each heading and notice."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[str] = []
        self._area = ""
        self.feed(text)

    def form(self, name: str = "exam") -> Form:
        """The form with this id."""
        return next(form for form in self.forms if form.id == name)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in values:
            self.links.append(values["href"])
        elif tag == "form":
            self.forms.append(Form(values.get("method", "get"), values.get("action", ""), values.get("id", "")))
        elif self.forms and "name" in values:
            self._control(tag, values)

    def _control(self, tag: str, values: dict[str, str]) -> None:
        form, name = self.forms[-1], values["name"]
        if tag == "button":
            form.buttons.append((name, values.get("value", "")))
        elif tag == "textarea":
            self._area = name
            form.fields[name] = [""]
        elif values.get("type") not in {"radio", "checkbox"} or "checked" in values:
            form.fields.setdefault(name, []).append(values.get("value", "on"))

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.forms[-1].fields[self._area][0] += data


def page(response: Response) -> Page:
    return Page(response.content.decode())


def url(of: Attempt, position: int) -> str:
    """The address of a question."""
    return reverse("question", args=[of.pk, position])


def loaded(client: Client, of: Attempt, position: int) -> Form:
    """The form of a question, as its page brings it."""
    return page(client.get(url(of, position))).form()
