"""The key never leaves early: canaries in all that must stay hidden, and a crawl over all that a candidate can reach."""

import csv
import io
import re
from collections import deque
from collections.abc import Iterable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from exams.models import Attempt
from exams.reports import report
from questions import bank, frozen, publishing
from questions.models import Blueprint, Misconception, Option, Question, Revision, Service
from tests import factories
from tests.exams import acts
from tests.exams.conftest import Clock
from tests.exams.pages import HTMX, Page, loaded, url
from tests.exams.routes import TABLE
from tests.factories import NOW, UserFactory

pytestmark = pytest.mark.django_db
# every text of a key begins with it; a key itself cannot, since it has 8 characters
CANARY, KEY, ABOUT = "CANARY", "zkey", "SIGNPOST"


@pytest.fixture
def exam() -> Blueprint:
    """As many questions as are asked, so that every attempt has them all, and a draft; two of five have two keys."""
    made = factories.blueprint(weights=(60, 40), question_count=5, scored_count=5, minutes=10)
    factories.bank(made, 3)
    Revision.objects.all().delete()
    for number, question in enumerate(Question.objects.order_by("pk")):
        _mark(question, number, several=number in {1, 4})
        if number < 5:  # the last one stays a draft
            publishing.publish(question, by=None, at=NOW)
    return made


def _mark(question: Question, number: int, *, several: bool) -> None:
    """Put a canary into all that a candidate must not see, and a signpost into what the exam screen does not show."""
    question.slug, question.kind = f"{ABOUT}-slug-{number}", "multiple" if several else "single"
    question.rationale = f"{CANARY} rationale {number}"
    question.references = [
        {"title": f"{CANARY} title {number}", "url": f"https://docs.aws.amazon.com/{CANARY}-{number}"}
    ]
    question.save()
    question.options.all().delete()
    for letter in "abcde" if several else "abcd":
        slug = f"{CANARY}-{number}{letter}".lower()
        mistake = Misconception.objects.create(
            slug=slug, name=f"{CANARY} name {slug}", remedy=f"{CANARY} remedy {slug}"
        )
        correct = letter in ("ab" if several else "a")
        Option.objects.create(
            question=question,
            key=f"{KEY}{number}{letter}",
            text=f"Text {letter} of question {number}",
            correct=correct,
            why=f"{CANARY} why {number}{letter}",
            misconception=None if correct else mistake,
        )
    scenario = question.scenario
    scenario.title, scenario.slug = f"{ABOUT} scenario {number}", f"{ABOUT}-scenario-{number}"
    scenario.situation = scenario.solution = f"{CANARY} solution {number}"
    scenario.save()
    scenario.services.add(Service.objects.create(slug=f"{ABOUT}-{number}", name=f"{ABOUT} service {number}"))


@pytest.fixture
def attempt(exam: Blueprint) -> Attempt:
    return acts.start(exam)


@pytest.fixture
def client(attempt: Attempt, clock: Clock) -> Client:
    browser = Client()
    browser.force_login(attempt.user)
    return browser


# ---- reading ----


def replies(client: Client, first: Iterable[str]) -> dict[str, str]:
    """All that is reached from these addresses by links, forms and what scripts ask for, each as page and by htmx."""
    waiting, found = deque(first), dict[str, str]()
    while waiting:
        address = waiting.popleft()
        if address in found:
            continue
        assert len(found) < 500
        whole, part = client.get(address), client.get(address, headers=HTMX)
        found[address] = text(whole) + text(part)
        waiting += [place for place in places(whole, address) if place.startswith("/") and not place.startswith("//")]
    return found


def text(response: Any) -> str:
    """Status, headers and body."""
    head = "\n".join(f"{name}: {value}" for name, value in response.items())
    return f"{response.status_code}\n{head}\n{response.content.decode()}\n"


def places(response: Any, address: str) -> list[str]:
    if response.has_header("Location"):
        return [response["Location"]]
    body = response.content.decode()
    asked = re.findall(r'(?:hx-\w+|data-\w+)="([/?][^"]*)"', body)
    found = Page(body)
    targets = [*found.links, *asked, *(form.action for form in found.forms if form.action)]
    base = address.partition("?")[0]
    return [
        (base + place if place.startswith("?") else place).partition("#")[0].replace("&amp;", "&") for place in targets
    ]


def everywhere(attempt: Attempt) -> list[str]:
    """The front page, and every address of this attempt, linked or not."""
    names = ["attempt", "left", "review", "end", "report", "download"]
    assert set(names) | {"question", "question_review", "save"} == {
        name for name in TABLE if "open" in str(TABLE[name])
    }
    by_position = [
        reverse(name, args=[attempt.pk, position])
        for name in ("question", "question_review", "save")
        for position in range(7)
    ]
    return ["/", "/attempts/", *(reverse(name, args=[attempt.pk]) for name in names), *by_position]


def hidden(found: dict[str, str], *words: str) -> dict[str, list[str]]:
    """Where something is shown that must not be."""
    pattern = re.compile("|".join(words), re.IGNORECASE)
    return {address: seen for address, body in found.items() if (seen := pattern.findall(body))}


def sent(client: Client, attempt: Attempt) -> dict[str, str]:
    """Replies to every way to answer every question, to conflicts, and to forms that are refused."""
    found = {}
    for item in attempt.items.all():
        place = reverse("save", args=[attempt.pk, item.position])
        for step, choice in enumerate(["A", "B", "C", "D", "E", "F", "", "A"]):
            form = {"version": step, "page": acts.PAGE, "seq": step + 2, "shown": 0, "choice": choice, "flag": "on"}
            found[f"{place} {step}"] = text(client.post(place, form))
            form = loaded(client, attempt, item.position).with_(choice=choice, strike="B-on", note="n")
            for headers in ({}, HTMX):
                found[f"{place} form {step} {headers}"] = text(
                    client.post(url(attempt, item.position), form, headers=headers)
                )
        stale = {"version": 0, "page": "another-page", "seq": 9, "shown": 0, "choice": "B"}
        found[f"{place} stale"] = text(client.post(place, stale)) + text(
            client.post(url(attempt, item.position), stale)
        )
    return found


# ---- an open attempt ----


def test_nothing_of_a_key_can_be_read(client: Client, attempt: Attempt) -> None:
    found = replies(client, everywhere(attempt))
    assert {url(attempt, position) for position in range(1, 6)} <= set(found)
    assert all("Text a of question" in found[url(attempt, position)] for position in range(1, 6))
    assert hidden(found, CANARY, KEY, ABOUT) == {}


def test_nothing_of_a_key_comes_with_a_reply(client: Client, attempt: Attempt) -> None:
    found = sent(client, attempt)
    assert {body[:3] for body in found.values()} == {"200", "302", "409", "422"}
    assert hidden(found, CANARY, KEY, ABOUT) == {}
    assert hidden(replies(client, everywhere(attempt)), CANARY, KEY, ABOUT) == {}


def test_others_read_nothing_either(client: Client, attempt: Attempt) -> None:
    for person in (None, UserFactory(), factories.GuestFactory()):
        browser = Client()
        if person:
            browser.force_login(person)
        assert hidden(replies(browser, everywhere(attempt)), CANARY, KEY, ABOUT) == {}


def test_the_canaries_sing_when_the_attempt_has_ended(client: Client, attempt: Attempt) -> None:
    """So that the silence above says something."""
    for item in attempt.items.all():
        acts.answer(attempt, item.position, [item.revision.parsed.distractors[0].key])
    acts.submit(attempt)
    found = "".join(replies(client, everywhere(attempt)).values())
    for word in ("why", "rationale", "title", "name", "remedy"):
        assert len(set(re.findall(rf"{CANARY} {word} [\w-]+", found))) >= 5
    assert f"https://docs.aws.amazon.com/{CANARY}-0" in found
    assert hidden({"all": found}, KEY, f"{CANARY} solution") == {}


def test_pages_do_not_depend_on_the_key(client: Client, attempt: Attempt) -> None:
    """The same attempt with other options right: not a byte of what can be read differs, but for tokens."""
    sent(client, attempt)
    before = {address: without_tokens(body) for address, body in replies(client, everywhere(attempt)).items()}
    key = {revision.pk: revision.parsed.keys for revision in Revision.objects.all()}
    permute_keys()
    assert all(key[revision.pk].isdisjoint(revision.parsed.keys) for revision in Revision.objects.all())
    after = {address: without_tokens(body) for address, body in replies(client, everywhere(attempt)).items()}
    assert after == before


def without_tokens(body: str) -> str:
    """Without what is new in every reply: tokens, the name of the page, and the second."""
    return re.sub(r'name="(?:csrfmiddlewaretoken|page)" value="[\w-]+"|^Expires: .*$', "", body, flags=re.MULTILINE)


def permute_keys() -> None:
    """Make other options right in what is published, which takes the trigger away; the test's end brings it back."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("DROP TRIGGER questions_revision_frozen ON questions_revision")
        else:
            cursor.execute("DROP TRIGGER questions_revision_frozen")
    for revision in Revision.objects.all():
        options = revision.content["options"]
        states = [option["correct"] for option in options]
        for option, state in zip(options, states[-2:] + states[:-2], strict=True):
            option["correct"] = state
        revision.save()
    frozen.install(using="default")
    bank.forget()


@pytest.mark.parametrize("several", [False, True])
def test_right_and_wrong_answers_are_handled_alike(client: Client, attempt: Attempt, several: bool) -> None:
    """The same status, size and headers, and as many statements."""
    item = next(item for item in attempt.items.all() if (len(item.revision.parsed.keys) == 2) is several)
    client.get(url(attempt, item.position))  # contents are kept in the process
    seen = set()
    for step in range(12):
        letters = ["ABCDE"[step % 4], "ABCDE"[step % 4 + 1]] if several else "ABCD"[step % 4]
        form = {"version": step, "page": acts.PAGE, "seq": step + 2, "shown": 0, "choice": letters}
        with CaptureQueriesContext(connection) as captured:
            response = client.post(reverse("save", args=[attempt.pk, item.position]), form)
        width = len(str(step + 1)) + len(str(step + 2))  # of version and seq
        seen.add((response.status_code, len(response.content) - width, tuple(sorted(response.items())), len(captured)))
    assert len({one[:2] + one[3:] for one in seen}) == 1


# ---- an older report of the same questions ----


@pytest.fixture
def older(attempt: Attempt) -> Attempt:
    """All wrong but one, and one changed from right to wrong; the next attempt has the same questions and is open."""
    for item in attempt.items.all():
        content = item.revision.parsed
        first = content.keys if item.position < 3 else [content.distractors[0].key]
        acts.answer(attempt, item.position, first)
    content = acts.item(attempt, 2).revision.parsed
    acts.answer(attempt, 2, [option.key for option in content.distractors][: len(content.keys)])
    ended = acts.submit(attempt)
    acts.start(attempt.blueprint, attempt.user)
    return ended


def test_questions_of_an_open_exam_are_locked_everywhere(client: Client, older: Attempt) -> None:
    found = replies(client, everywhere(older) + everywhere(Attempt.objects.open(NOW).get()))
    assert hidden(found, CANARY, KEY) == {}
    for position in range(1, 6):
        assert (
            "This question is in the exam that you are sitting."
            in found[reverse("question_review", args=[older.pk, position])]
        )


def test_a_locked_row_does_not_tell_whether_it_was_right(client: Client, older: Attempt, clock: Clock) -> None:
    shown = report(user=older.user, attempt=older.pk, at=NOW)
    assert shown.counts == {"all": 5, "wrong": 0, "flagged": 0, "slow": 0, "changed": 0}
    assert set(shown.changes.values()) == {0}
    assert shown.ideas == ()
    page = client.get(reverse("report", args=[older.pk]) + "?show=all").content.decode()
    rows = page[page.index('<div id="rows">') :]
    assert rows.count(">Locked<") == 5
    assert not re.search(r">(Right|Wrong)<|to wrong|to right", rows)
    assert 'class="p-hollow"' not in page


def rows(client: Client, attempt: Attempt) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(client.get(reverse("download", args=[attempt.pk])).content.decode())))


def test_a_locked_row_has_no_key_in_the_download(client: Client, older: Attempt) -> None:
    assert {(row["key"], row["right"], row["changed"]) for row in rows(client, older)} == {("", "", "")}


def test_all_is_shown_again_when_the_exam_has_ended(client: Client, older: Attempt) -> None:
    acts.submit(Attempt.objects.open(NOW).get())
    assert [row["right"] for row in rows(client, older)] == ["1", "0", "0", "0", "0"]
    assert [row["changed"] for row in rows(client, older)] == ["", "right to wrong", "", "", ""]
    found = replies(client, [reverse("question_review", args=[older.pk, 1])])
    assert hidden(found, f"{CANARY} why") != {}


def test_a_locked_question_is_locked_in_its_newer_revision_too(client: Client, older: Attempt) -> None:
    """The lock is on the question: the key of an older revision is the key."""
    running = Attempt.objects.open(NOW).get()
    item = acts.item(running, 1)
    item.revision.question.refresh_from_db()
    question = item.revision.question
    question.stem = "Another case.\n\nWhich one?"
    question.save()
    newer = publishing.publish(question, by=None, at=NOW)
    running.items.filter(position=1).update(revision=newer)
    assert {row.locked for row in report(user=older.user, attempt=older.pk, at=NOW).rows} == {True}


def test_others_are_not_locked_by_it(older: Attempt, exam: Blueprint) -> None:
    other = acts.submit(acts.start(exam))
    assert {row.locked for row in report(user=other.user, attempt=other.pk, at=NOW).rows} == {False}
