"""The steps of an exam, as a candidate's browser takes them in the app and on the floor.

A step gives the replies that it took. Every reply is checked: the time of an error page means nothing.
"""

import json
import re
from collections.abc import Callable
from typing import Protocol

from tests.benchmarks.client import Browser, Reply, Unexpected

BLUEPRINT = "DOP-C02"
QUESTIONS, ANSWERED = 75, 40  # in all, and answered already
# in the order in which a candidate takes them; with what each is compared
MATCHES = {
    "question page": "page",
    "save": "answer",
    "save and next": "answer, then page",
    "review screen": "review",
    "submit": "finish",
    "report": "report",
    "question review": "page",
    "start": "start",
}
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')
OPTION = re.compile(r'name="choice" value="([A-F])"[^>]*?( checked)?[ >]')
CHOOSE = re.compile(r'data-choose="(\d)"')


class Person(Protocol):
    """Somebody who can take every step by its name."""

    browser: Browser

    def take(self, step: str) -> list[Reply]: ...


class Candidate:
    """A candidate of the app at question 41."""

    def __init__(self, browser: Browser, attempt: int) -> None:
        self.browser, self.attempt, self.position = browser, attempt, ANSWERED + 1
        self.form: dict[str, str] = {}
        self.letters, self.chosen = "", ""
        self.steps: dict[str, Callable[[], list[Reply]]] = {
            "question page": self.page,
            "save": self.save,
            "save and next": self.advance,
            "review screen": lambda: [self.browser.get(f"{self._address}review/")],
            "submit": lambda: [self.browser.post(f"{self._address}end/", self._token, expect=302)],
            "report": lambda: [self.browser.get(f"{self._address}report/")],
            "question review": lambda: [self.browser.get(f"{self._address}report/{self.position}/?show=all")],
            "start": self.start,
        }

    def take(self, step: str) -> list[Reply]:
        return self.steps[step]()

    def page(self) -> list[Reply]:
        reply = self.browser.get(self._question)
        self._read(reply.text)
        return [reply]

    def save(self) -> list[Reply]:
        """Another choice by script, as static/js/saving.js sends it."""
        self._choose()
        reply = self.browser.post(f"{self._question}save/", self._sent, Accept="application/json")
        stored = json.loads(reply.text)
        if str(stored["seq"]) != self.form["seq"] or int(self.form["version"]) + 1 != stored["version"]:
            raise Unexpected(f"the save was not stored: {stored}")
        self.form |= {"version": str(stored["version"]), "shown": str(stored["shown"])}
        return [reply]

    def advance(self) -> list[Reply]:
        """Another choice and the next question, as htmx sends them."""
        self._choose()
        after = self.position % QUESTIONS + 1
        sent = [*self._sent, ("note", ""), ("note_was", ""), ("go", str(after))]
        reply = self.browser.post(self._question, sent, HX_Request="true", HX_Target="exam")
        self.position = after
        self._read(reply.text)
        return [reply]

    def start(self) -> list[Reply]:
        sent = [*self._token, ("time", "standard"), ("counting", "aws"), ("shortcuts", "on")]
        return [self.browser.post(f"/start/{BLUEPRINT}/", sent, expect=302)]

    @property
    def _address(self) -> str:
        return f"/attempts/{self.attempt}/"

    @property
    def _question(self) -> str:
        return f"{self._address}questions/{self.position}/"

    @property
    def _token(self) -> list[tuple[str, str]]:
        return [("csrfmiddlewaretoken", self.form["csrfmiddlewaretoken"])]

    @property
    def _sent(self) -> list[tuple[str, str]]:
        names = ("version", "page", "seq", "shown")
        return self._token + [(name, self.form[name]) for name in names] + [("choice", one) for one in self.chosen]

    def _read(self, page: str) -> None:
        """Take over the form of a question, its options and what is chosen."""
        options = OPTION.findall(page)
        self.form = dict(HIDDEN.findall(page))
        self.letters = "".join(letter for letter, _ in options)
        self.chosen = "".join(letter for letter, checked in options if checked)
        self.choose = int(CHOOSE.findall(page)[0])

    def _choose(self) -> None:
        """Choose as many as asked for, and others than before: the options that follow the first one chosen."""
        start = self.letters.index(self.chosen[0]) + 1 if self.chosen else 0
        around = self.letters[start:] + self.letters[:start]
        self.chosen = "".join(sorted(around[: self.choose]))
        self.form["seq"] = str(int(self.form["seq"]) + 1)


class Visitor:
    """A candidate of the floor at question 41."""

    def __init__(self, browser: Browser, attempt: int) -> None:
        self.browser, self.attempt, self.position = browser, attempt, ANSWERED + 1
        self.token, self.turn = "", 0
        self.steps: dict[str, Callable[[], list[Reply]]] = {
            "question page": self.page,
            "save": self.answer,
            "save and next": self.advance,
            "review screen": lambda: [self.browser.get(f"{self._address}review/")],
            "submit": lambda: [self.browser.post(f"{self._address}finish/", self._token, expect=302)],
            "report": lambda: [self.browser.get(f"{self._address}report/")],
            "question review": self.page,
            "start": lambda: [self.browser.post("/start/", self._token, expect=302)],
        }

    def take(self, step: str) -> list[Reply]:
        return self.steps[step]()

    def page(self) -> list[Reply]:
        reply = self.browser.get(f"{self._address}{self.position}/")
        self.token = dict(HIDDEN.findall(reply.text))["csrfmiddlewaretoken"]
        return [reply]

    def answer(self) -> list[Reply]:
        self.turn += 1
        sent = [*self._token, ("choice", "ABCD"[self.turn % 4])]
        return [self.browser.post(f"{self._address}{self.position}/answer/", sent)]

    def advance(self) -> list[Reply]:
        replies = self.answer()
        self.position = self.position % QUESTIONS + 1
        return replies + self.page()

    @property
    def _address(self) -> str:
        return f"/attempts/{self.attempt}/"

    @property
    def _token(self) -> list[tuple[str, str]]:
        return [("csrfmiddlewaretoken", self.token)]
