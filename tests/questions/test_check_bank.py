"""manage.py check_bank: silent about a good bank, and loud with words where a flaw is planted."""

from dataclasses import replace
from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from questions import content, publishing
from questions.content import Content
from questions.models import Placement, Question, Revision, Service, Task
from tests import factories
from tests.factories import NOW, QuestionFactory, blueprint
from tests.questions.test_audit import STEM, TEXTS, single

pytestmark = pytest.mark.django_db


def bank_of(*contents: Content) -> None:
    """Publish these contents as they are, as no author could: q1, q2 and so on."""
    for number, one in enumerate(contents, 1):
        data = content.dump(one)
        Revision.objects.create(
            question=QuestionFactory(slug=f"q{number}", with_options=False),
            number=1,
            content=data,
            digest=publishing.digest(data),
            published_at=NOW,
        )


def checked(**options: Any) -> list[str]:
    printed = StringIO()
    call_command("check_bank", stdout=printed, **options)
    return printed.getvalue().splitlines()


def failed(**options: Any) -> list[str]:
    printed = StringIO()
    with pytest.raises(CommandError, match=r"^The bank has errors\.$"):
        call_command("check_bank", stdout=printed, **options)
    return printed.getvalue().splitlines()


def test_a_good_bank_passes() -> None:
    bank_of(single())
    lines = checked()
    assert lines[-1] == "check_bank: 1 questions, 0 errors, 0 flaws in all"
    assert lines[0] == "guesser: longest is right in 100.0% of 1, chance in 25.0%"
    assert len(lines) == 1 + 8  # a line for each guesser


def test_an_empty_bank_fails_with_what_to_do() -> None:
    with pytest.raises(CommandError, match=r"^The bank is empty\. Run: manage\.py seed$"):
        checked()


FLAWED: dict[str, tuple[Content, str]] = {
    "three options": (
        replace(single(), options=single().options[:3]),
        "error: q1, options: Give it four options and one key; it has 3 and 1.",
    ),
    "no key": (
        replace(single(), options=tuple(replace(one, correct=False) for one in single().options)),
        "error: q1, options: Give it four options and one key; it has 4 and 0.",
    ),
    "all of the above": (
        single(d="All of the above."),
        "error: q1, option d: Replace it with a design of its own: options are shuffled and none may speak of the others.",
    ),
    "a count in the stem": (
        replace(single(), stem=f"{STEM} Choose ONE."),
        "error: q1, stem: Take out 'Choose ONE': the page says how many to choose.",
    ),
    "no reference": (
        replace(single(), references=()),
        "error: q1, references: Cite a page of the AWS documentation that the key rests on.",
    ),
    "a key that stands out": (
        single(a=TEXTS["a"] + " Then keep watching it with great care for all of the time that is left until then."),
        "error: q1, options: The key has ",
    ),
}


@pytest.mark.parametrize(("flawed", "words"), FLAWED.values(), ids=FLAWED)
def test_a_planted_flaw_fails_with_words(flawed: Content, words: str) -> None:
    bank_of(flawed)
    assert [line for line in failed() if line.startswith(words)] != []


def test_stems_that_are_alike_fail_with_both_names() -> None:
    bank_of(single(), single())
    assert "error: q1, q2: The stems of these two are 100% alike: tell another story in one of them." in failed()


def told(number: int) -> Content:
    """A question of its own whose key is the longest option, by little each time."""
    names = ("alpha", "bravo", "carol", "delta")
    story = " ".join(f"{name}{number}" for name in (*names, *names[::-1]))
    options = (
        replace(one, text=f"Take the {name} {number} road.") for one, name in zip(single().options, names, strict=True)
    )
    lengthened = tuple(replace(one, text=one.text + "." * one.correct) for one in options)
    return replace(single(), stem=f"The story of {story}.\n\nWhich fits?", options=lengthened)


def test_a_guesser_that_beats_chance_fails_with_its_rule() -> None:
    bank_of(*map(told, range(30)))
    assert (
        "error: bank: the guesser 'longest' is right in 100.0% of 30, chance in 25.0%: take this cue out of the options"
    ) in failed()


def test_warnings_are_shown_when_asked_for() -> None:
    bank_of(replace(single(), stem=STEM.replace("Which change shortens", "Which change does not shorten")))
    words = "warning: q1, stem: Ask for what is so. If the question must be negative, write NOT in capitals."
    assert words not in checked()
    assert words in checked(warnings=True)
    assert checked()[-1] == "check_bank: 1 questions, 0 errors, 1 flaws in all"


def test_names_of_services_are_no_echo() -> None:
    stem = "A team uses Elastic Beanstalk.\n\nWhich change is next?"
    bank_of(replace(single(a="Swap the addresses of both Elastic Beanstalk sites at night."), stem=stem))
    echo = "warning: q1, options: The key alone repeats 'beanstalk', 'elastic' of the stem: "
    assert [line for line in checked(warnings=True) if line.startswith(echo)] != []
    Service.objects.create(slug="beanstalk", name="AWS Elastic Beanstalk")
    assert [line for line in checked(warnings=True) if line.startswith(echo)] == []


def test_only_live_revisions_are_checked() -> None:
    bank_of(single(), replace(single(), references=()))
    Revision.objects.filter(question__slug="q2").update(retired_at=NOW)
    assert checked()[-1] == "check_bank: 1 questions, 0 errors, 0 flaws in all"


# ---- what is gone, what is stale, how far it reaches ----


@pytest.mark.parametrize(
    ("status", "retired_on", "refused"),
    [("ended", None, True), ("closed", None, True), ("ok", None, False), ("ended", date(2023, 3, 7), False)],
)
def test_what_aws_has_ended_may_not_be_in_an_exam_of_today(status: str, retired_on: date | None, refused: bool) -> None:
    bank_of(single())
    of = blueprint(retired_on=retired_on)
    [question] = Question.objects.all()
    Placement.objects.create(scenario=question.scenario, blueprint=of, task=Task.objects.get(code="1.1"))
    question.services.add(Service.objects.create(slug="s", name="S", status=status))
    line = (
        "error: q1: It rests on what AWS has closed or ended, so no exam of today draws it: "
        "leave DOP-C02 out of its blueprints."
    )
    assert (line in (failed() if refused else checked())) == refused


def test_how_many_forms_the_bank_is_good_for() -> None:
    factories.exam(each=6)
    assert "DOP-C02: 12 questions; forms without a repeat: 2" in failed()  # and its stems are alike


@pytest.mark.parametrize(("days", "listed"), [(179, ["old", "older"]), (180, ["older"]), (181, [])])
def test_what_is_stale_is_listed_with_the_oldest_first(days: int, listed: list[str]) -> None:
    today = timezone.localdate()
    for slug, age in (("new", 0), ("old", 180), ("older", 181)):
        publishing.publish(QuestionFactory(slug=slug, verified=today - timedelta(days=age)), by=None, at=NOW)
    lines = checked(stale=days)
    assert [line.split()[1] for line in lines[:-1]] == listed[::-1]
    assert lines[-1] == f"check_bank: {len(listed)} of 3 were last checked more than {days} days ago"


@pytest.mark.parametrize("days", ["", "-1", "1.5", "many", "999999", "١"])
def test_days_that_are_no_number_are_refused(days: str) -> None:
    with pytest.raises(CommandError, match="give a number of days"):
        call_command("check_bank", f"--stale={days}")
