"""The pages of a report, and its download, of one attempt that was sat by a script."""

import csv
import io

import pytest
from django.test import Client
from django.urls import reverse

from exams.models import GRACE, Attempt
from questions.models import Revision
from tests.exams import acts
from tests.exams.conftest import Clock
from tests.exams.script import FORM, after, sat

pytestmark = pytest.mark.django_db


@pytest.fixture
def attempt() -> Attempt:
    return sat()


@pytest.fixture
def ended(attempt: Attempt) -> Attempt:
    return acts.submit(attempt, at=after(1100))


@pytest.fixture
def client(ended: Attempt, clock: Clock) -> Client:
    clock.at = after(1100)
    browser = Client()
    browser.force_login(ended.user)
    return browser


def page(client: Client, name: str, ended: Attempt, *more: object, query: str = "") -> str:
    response = client.get(reverse(name, args=[ended.pk, *more]) + query)
    assert response.status_code == 200
    return response.content.decode()


def test_the_page_shows_the_figures(client: Client, ended: Attempt) -> None:
    text = " ".join(page(client, "report", ended).split())
    for words in (
        "<b>357</b>",
        "2 of 7 right, 1 unscored",
        "lies between 173 and 676",
        "puts 750 at 72.2% right",
        "18 min of 20 min.",
        "the pace of 2:30 a question",
        "2 questions took more than half as long again",
        "The 5 that you missed",
    ):
        assert words in text
    assert "The time is over." not in text


def test_the_page_of_an_expired_attempt_says_so(attempt: Attempt, clock: Clock) -> None:
    clock.at = attempt.deadline + GRACE
    browser = Client()
    browser.force_login(attempt.user)
    assert "<b>The time is over.</b> What was saved counts." in page(browser, "report", attempt)
    assert "<b>357</b>" in page(browser, "report", attempt)
    assert ">357<" in browser.get(reverse("attempts")).content.decode()


@pytest.mark.parametrize(
    ("query", "positions"),
    [("", [2, 4, 5, 6, 8]), ("?show=flagged", [3, 6]), ("?show=d2", [4, 5, 6]), ("?show=x", [2, 4, 5, 6, 8])],
)
def test_the_list_of_questions(client: Client, ended: Attempt, query: str, positions: list[int]) -> None:
    response = client.get(reverse("report", args=[ended.pk]) + query, headers={"HX-Request": "true"})
    assert [row.position for row in response.context["rows"]] == positions
    assert response.content.decode().lstrip().startswith('<div id="rows">')


def test_going_through_the_missed_ones(client: Client, ended: Attempt) -> None:
    first = client.get(reverse("question_review", args=[ended.pk, 4]) + "?show=wrong").context
    assert (first["place"], first["of"], first["before"], first["after"]) == (2, 5, 2, 5)
    aside = client.get(reverse("question_review", args=[ended.pk, 3]) + "?show=wrong").context
    assert (aside["place"], aside["before"], aside["after"]) == (None, 2, 4)


def test_a_question_in_review(client: Client, ended: Attempt) -> None:
    text = " ".join(page(client, "question_review", ended, 4).split())
    mine, key = acts.letter(ended, 4, "b"), acts.letter(ended, 4, "a")
    for words in (
        f"From {key} to {mine}: right to wrong",
        "1:30, against a pace of 2:30",
        f"{mine} stands for</dt><dd>Mistake b</dd>",
        "It depends on the case.",
        'href="https://docs.aws.amazon.com/page.html"',
        "Last checked on 20 November 2026.",
    ):
        assert words in text


def test_the_unscored_question_is_told_in_review(client: Client, ended: Attempt) -> None:
    assert "No: one of the unscored" in page(client, "question_review", ended, 7)
    assert "No: one of the unscored" not in page(client, "question_review", ended, 6)


# ---- the download ----


def rows(client: Client, ended: Attempt) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(page(client, "download", ended).removeprefix("\ufeff"))))


def test_the_download_has_a_row_for_each_question(client: Client, ended: Attempt) -> None:
    item = acts.item(ended, 6)
    letters = {key: acts.letter(ended, 6, key) for key in "abcde"}
    assert [row["question"] for row in rows(client, ended)] == [str(position) for position in FORM]
    assert rows(client, ended)[5] == {
        "question": "6",
        "scenario": item.revision.question.scenario.title,
        "domain": "2",
        "you": ", ".join(sorted(letters[key] for key in "de")),
        "key": ", ".join(sorted(letters[key] for key in "ab")),
        "right": "0",
        "counted": "1",
        "seconds": "245",
        "flagged": "1",
        "changed": "wrong to wrong",
        "note": "",
    }
    assert [row["counted"] for row in rows(client, ended)] == list("11111101")


def test_the_download_has_a_name(client: Client, ended: Attempt) -> None:
    response = client.get(reverse("download", args=[ended.pk]))
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response.content.startswith(b"\xef\xbb\xbfquestion,scenario,")
    assert response["Content-Disposition"] == f'attachment; filename="cutscore-DOP-C02-{ended.pk}.csv"'


@pytest.mark.parametrize(
    ("note", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("plain =1", "plain =1"),
        ('quote " and, comma', 'quote " and, comma'),
        ("two\nlines é 🙂", "two\nlines é 🙂"),
        ("'=1", "'=1"),
    ],
)
@pytest.mark.parametrize("place", ["note", "scenario"])
def test_cells_that_a_spreadsheet_would_run_are_quoted(
    client: Client, ended: Attempt, place: str, note: str, cell: str
) -> None:
    if place == "note":
        ended.items.filter(position=1).update(note=note)
    else:
        scenario = Revision.objects.get(items__attempt=ended, items__position=1).question.scenario
        scenario.title = note
        scenario.save()
    content = client.get(reverse("download", args=[ended.pk])).content.decode("utf-8-sig")
    found = list(csv.DictReader(io.StringIO(content, newline="")))
    assert found[0][place] == cell


def test_times_are_in_utc_unless_the_reader_has_a_zone(client: Client, ended: Attempt) -> None:
    assert "20 November 2026, 12:00 UTC to 12:18 UTC" in page(client, "report", ended)
    client.cookies["tz"] = "Asia/Tokyo"
    assert "20 November 2026, 21:00 to 21:18" in page(client, "report", ended)
