"""The workshop as an instructor's browser without script uses it: pages read into forms, and forms sent."""

from html.parser import HTMLParser
from typing import Any

from django.test import Client
from django.urls import reverse

from accounts.instructors import instructors
from accounts.models import User
from questions.models import Question
from tests.factories import ScenarioFactory, UserFactory, mistakes

Fields = dict[str, list[str]]


class Page(HTMLParser):
    """What each form of a page would send, by the form's id; and the text of the page in its parts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.forms: dict[str, Fields] = {}
        self.parts: list[str] = []
        self._form: Fields = {}
        self._area = self._select = ""
        self.feed(text.replace("\r\n", "\n"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = self.forms.setdefault(values.get("id", ""), {})
        elif tag == "select":
            self._select = values.get("name", "")
        elif tag == "option" and self._select and "selected" in values:
            self._form.setdefault(self._select, []).append(values["value"])
        elif tag in {"input", "textarea"} and "name" in values and "disabled" not in values:
            self._control(tag, values)

    def _control(self, tag: str, values: dict[str, str]) -> None:
        if tag == "textarea":
            self._area = values["name"]
            self._form[self._area] = [""]
        elif values.get("type") in {"radio", "checkbox"}:
            if "checked" in values:
                self._form.setdefault(values["name"], []).append(values.get("value", "on"))
        elif values.get("type") != "submit":
            self._form.setdefault(values["name"], []).append(values.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        elif tag == "textarea":
            # browsers leave out the first line end of a text, and send all others as two characters
            text = self._form[self._area][0].removeprefix("\n")
            self._form[self._area] = [text.replace("\n", "\r\n")]
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self._form[self._area][0] += data
        elif data.strip():
            self.parts.append(" ".join(data.split()))

    @property
    def text(self) -> str:
        return " ".join(self.parts)


def instructor(email: str = "instructor@example.org") -> User:
    """Somebody of the group of instructors."""
    user: User = UserFactory(email=email, is_staff=True)
    user.groups.add(instructors())
    return user


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(client: Client, address: str, **asked: str) -> Page:
    response = client.get(address, asked)
    assert response.status_code == 200, (address, response.status_code)
    return Page(response.content.decode())


def address(name: str, *of: object) -> str:
    """An address of the bank's admin: `address("question_change", 3)`."""
    return reverse(f"admin:questions_{name}", args=of)


def loaded(client: Client, question: Question) -> Fields:
    """The form of a question, as its page brings it."""
    return page(client, address("question_change", question.pk)).forms["question_form"]


def send(client: Client, where: str, fields: Fields, *, press: str = "_continue", **changed: Any) -> Page:
    """Send a form with some fields changed (None takes one out); the page that comes, after redirects."""
    sent = {name: value for name, value in (fields | changed | {press: "1"}).items() if value is not None}
    response = client.post(where, sent, follow=True)
    assert response.status_code == 200, (where, response.status_code)
    return Page(response.content.decode())


def save(client: Client, question: Question, fields: Fields, *, press: str = "_continue", **changed: Any) -> Page:
    """Send the form of a question."""
    return send(client, address("question_change", question.pk), fields, press=press, **changed)


def add(client: Client, *, press: str = "_continue", **changed: Any) -> Page:
    """Fill in the page of a new question as the factory would, and save it."""
    fields = page(client, address("question_add")).forms["question_form"]
    filled: dict[str, Any] = {
        "slug": "new",
        "scenario": str(ScenarioFactory(slug="s").pk),
        "stem": "A case.\r\n\r\nWhich fits?",
        "rationale": "The idea.",
        "references": "A page | https://docs.aws.amazon.com/page.html",
        "verified": "2026-11-20",
    }
    for place, letter in enumerate("abcd"):
        filled |= {f"options-{place}-text": f"Option {letter}", f"options-{place}-why": f"Reason {letter}"}
        if place:
            filled[f"options-{place}-misconception"] = mistakes()[letter].slug
    filled["options-0-correct"] = "on"
    return send(client, address("question_add"), fields, press=press, **(filled | changed))


def act(client: Client, action: str, *questions: Question) -> list[str]:
    """Choose an action for these questions in the list; the messages that follow."""
    where = address("question_changelist")
    sent = {"action": action, "index": "0", "_selected_action": [question.pk for question in questions]}
    response = client.post(where, sent, follow=True)
    assert response.status_code == 200
    return [str(message) for message in response.context["messages"]]
