"""Questions of an exam that is being sat are locked in the candidate's older reports until it ends."""

import csv
import io
import re

import pytest
from django.test import Client
from django.urls import reverse

from exams.models import Attempt
from exams.reports import report
from questions import publishing
from questions.models import Blueprint
from tests.exams import acts
from tests.exams.canaries import CANARY, KEY, everywhere, exam_with_canaries, hidden, replies
from tests.exams.conftest import Clock
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def exam() -> Blueprint:
    return exam_with_canaries()


@pytest.fixture
def attempt(exam: Blueprint) -> Attempt:
    return acts.start(exam)


@pytest.fixture
def client(attempt: Attempt, clock: Clock) -> Client:
    browser = Client()
    browser.force_login(attempt.user)
    return browser


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
    content = client.get(reverse("download", args=[attempt.pk])).content
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


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


@pytest.mark.parametrize(("moment", "locked"), [("within the grace", True), ("after the grace", False)])
def test_the_lock_ends_with_the_grace_of_the_exam(older: Attempt, moment: str, locked: bool) -> None:
    at = acts.around(Attempt.objects.open(NOW).get())[moment]
    assert {row.locked for row in report(user=older.user, attempt=older.pk, at=at).rows} == {locked}


def test_others_are_not_locked_by_it(older: Attempt, exam: Blueprint) -> None:
    other = acts.submit(acts.start(exam))
    assert {row.locked for row in report(user=other.user, attempt=other.pk, at=NOW).rows} == {False}
