"""A report, figure by figure, of one attempt that was sat by a script."""

from datetime import timedelta

import pytest

from exams import attempts, reports
from exams.models import GRACE, Attempt
from exams.reports import DomainRow, Idea, Report, ServiceRow, StillOpen, Third
from questions.models import Misconception
from tests import factories
from tests.exams import acts
from tests.exams.script import after, sat
from tests.exams.stored import stored
from tests.factories import NOW, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def attempt() -> Attempt:
    return sat()


@pytest.fixture
def ended(attempt: Attempt) -> Attempt:
    return acts.submit(attempt, at=after(1100))


@pytest.fixture
def shown(ended: Attempt) -> Report:
    return reports.report(user=ended.user, attempt=ended.pk, at=after(1100))


# ---- the figures ----


def test_score(shown: Report) -> None:
    """2 of 7: 100 + 900 · 2/7 = 357.1; the interval is Wilson's."""
    score = shown.score
    assert (score.right, score.total, score.scaled, score.passed) == (2, 7, 357, False)
    assert (score.low, score.high) == (173, 676)


def test_domains(shown: Report) -> None:
    """Time is that of all questions of a domain; the unscored one counts nowhere else, a domain without a question is left out."""
    assert shown.domains == (
        DomainRow(1, "Domain 1", 50, right=2, total=3, band="near", time=timedelta(seconds=440)),
        DomainRow(2, "Domain 2", 40, right=0, total=3, band="below", time=timedelta(seconds=590)),
        DomainRow(3, "Domain 3", 5, right=0, total=1, band="below", time=timedelta(0)),
    )
    assert [domain.percent for domain in shown.domains] == [67, 0, 0]
    assert shown.weakest == shown.domains[1]


def test_services_with_three_questions_or_more(shown: Report) -> None:
    """The weakest first, then by name. AWS Lambda has a fourth one, which is unscored."""
    assert shown.services == (
        ServiceRow("AWS Lambda", right=1, total=3),
        ServiceRow("Amazon SNS", right=1, total=3),
        ServiceRow("Amazon S3", right=2, total=3),
    )
    assert [row.percent for row in shown.services] == [33, 33, 67]


def test_ideas_behind_wrong_choices(shown: Report) -> None:
    assert shown.ideas == (
        Idea("mistake-b", "Mistake b", "Think of b.", (2, 4)),
        Idea("mistake-c", "Mistake c", "Think of c.", (5,)),
        Idea("mistake-d", "Mistake d", "Think of d.", (6,)),
        Idea("mistake-e", "Mistake e", "Think of e.", (6,)),
    )


def test_changes(shown: Report) -> None:
    assert shown.changes == {"wrong to right": 1, "right to wrong": 1, "wrong to wrong": 1}
    assert [row.change for row in shown.rows] == [
        "",
        "",
        "wrong to right",
        "right to wrong",
        "",
        "wrong to wrong",
        "",
        "",
    ]


def test_time_and_pace(shown: Report) -> None:
    assert (shown.time, shown.pace) == (timedelta(seconds=1100), timedelta(seconds=150))
    assert [row.item.seconds for row in shown.rows] == [100, 250, 90, 90, 225, 245, 30, 0]


def test_slow_is_more_than_one_and_a_half_times_the_pace(shown: Report) -> None:
    assert [row.position for row in shown.rows if row.slow] == [2, 6]


def test_counted_and_unscored(shown: Report) -> None:
    assert [row.position for row in shown.counted] == [1, 2, 3, 4, 5, 6, 8]
    assert shown.unscored == 1


@pytest.mark.parametrize(
    ("name", "positions"),
    [
        ("all", [1, 2, 3, 4, 5, 6, 7, 8]),
        ("wrong", [2, 4, 5, 6, 8]),
        ("flagged", [3, 6]),
        ("slow", [2, 6]),
        ("changed", [3, 4, 6]),
        ("d1", [2]),
        ("d2", [4, 5, 6]),
        ("d4", [1, 2, 3, 4, 5, 6, 7, 8]),
        ("nonsense", [1, 2, 3, 4, 5, 6, 7, 8]),
        ("", [1, 2, 3, 4, 5, 6, 7, 8]),
    ],
)
def test_filters(shown: Report, name: str, positions: list[int]) -> None:
    assert [row.position for row in shown.filtered(name)] == positions


def test_counts_of_the_filters(shown: Report) -> None:
    assert shown.counts == {"all": 8, "wrong": 5, "flagged": 2, "slow": 2, "changed": 3}
    assert (shown.missed, shown.first_wrong) == (5, 2)


def test_letters_are_those_of_the_attempt(shown: Report, ended: Attempt) -> None:
    row = shown.rows[5]
    letters = {key: acts.letter(ended, 6, key) for key in "abcde"}
    assert row.yours == ", ".join(sorted(letters[key] for key in "de"))
    assert row.key == ", ".join(sorted(letters[key] for key in "ab"))
    assert row.first == ", ".join(sorted(letters[key] for key in "cd"))
    assert (shown.rows[7].yours, shown.rows[7].first) == ("", "")


def test_verdicts(shown: Report) -> None:
    row = shown.rows[3]
    found = {verdict.letter: verdict for verdict in reports.verdicts(row, {"mistake-b": ("Mistake b", "")})}
    assert sorted(found) == list("ABCD")
    assert [(one.is_key, one.chosen, one.misconception) for one in found.values() if one.is_key or one.chosen] in (
        [(True, False, ""), (False, True, "Mistake b")],
        [(False, True, "Mistake b"), (True, False, "")],
    )
    assert {one.why[:8] for one in found.values()} == {f"Reason {key}" for key in "abcd"}


# ---- what makes a difference ----


def test_a_renamed_mistake_is_shown_by_its_name_of_today(ended: Attempt) -> None:
    Misconception.objects.filter(slug="mistake-b").update(name="Better name")
    Misconception.objects.filter(slug="mistake-c").update(slug="gone")
    found = reports.report(user=ended.user, attempt=ended.pk, at=after(1100))
    assert [idea.name for idea in found.ideas] == ["Better name", "Mistake d", "Mistake e"]


def test_when_all_is_right_nothing_is_weak_or_missed(attempt: Attempt) -> None:
    for item in attempt.items.all():
        acts.answer(attempt, item.position, item.revision.parsed.keys, at=after(1090))
    acts.submit(attempt, at=after(1100))
    found = reports.report(user=attempt.user, attempt=attempt.pk, at=after(1100))
    assert (found.score.scaled, found.score.passed, found.weakest, found.missed, found.ideas) == (
        1000,
        True,
        None,
        0,
        (),
    )


def test_when_all_is_wrong_no_domain_is_the_weakest(attempt: Attempt) -> None:
    for item in attempt.items.all():
        acts.answer(attempt, item.position, "", at=after(1090))
    acts.submit(attempt, at=after(1100))
    found = reports.report(user=attempt.user, attempt=attempt.pk, at=after(1100))
    assert (found.score.scaled, found.weakest) == (100, None)


# ---- when ----


@pytest.mark.parametrize("moment", ["before the deadline", "at the deadline", "within the grace"])
def test_there_is_no_report_of_an_open_attempt(attempt: Attempt, moment: str) -> None:
    with pytest.raises(StillOpen):
        reports.report(user=attempt.user, attempt=attempt.pk, at=acts.around(attempt)[moment])


def test_there_is_no_report_of_others(ended: Attempt) -> None:
    with pytest.raises(Attempt.DoesNotExist):
        reports.report(user=UserFactory(), attempt=ended.pk, at=after(1100))


def test_the_report_of_an_expired_attempt_is_right_without_writing(attempt: Attempt) -> None:
    before = stored()
    found = reports.report(user=attempt.user, attempt=attempt.pk, at=attempt.deadline + GRACE)
    assert (found.score.right, found.score.scaled, found.expired) == (2, 357, True)
    assert found.time == timedelta(minutes=20)
    assert stored() == before


@pytest.mark.parametrize(
    ("moment", "expired"), [("before the deadline", False), ("at the deadline", True), ("within the grace", True)]
)
def test_who_submits_before_the_deadline_is_not_told_that_time_is_over(
    attempt: Attempt, moment: str, expired: bool
) -> None:
    at = acts.around(attempt)[moment]
    acts.submit(attempt, at=at)
    found = reports.report(user=attempt.user, attempt=attempt.pk, at=at)
    assert found.expired is expired
    assert found.time == min(at, attempt.deadline) - NOW


def test_the_report_is_the_same_before_and_after_settling(attempt: Attempt) -> None:
    at = attempt.deadline + GRACE
    before = reports.report(user=attempt.user, attempt=attempt.pk, at=at)
    attempts.settle(attempt=attempt.pk, at=at)
    after_it = reports.report(user=attempt.user, attempt=attempt.pk, at=at)
    assert (before.score, before.domains, before.services) == (after_it.score, after_it.domains, after_it.services)


# ---- stamina ----


@pytest.fixture
def long() -> Attempt:
    """Sixteen questions; those after the fifth are missed, and each takes a second more than the one before."""
    of = factories.exam(each=12, question_count=16, scored_count=12)
    exam = acts.start(of)
    for item in exam.items.order_by("position"):
        keys = item.revision.parsed.keys if item.position <= 5 else frozenset("d")
        acts.answer(exam, item.position, keys)
        exam.items.filter(pk=item.pk).update(seconds=100 + item.position)
    return acts.submit(exam, at=after(60))


def test_an_exam_in_three_parts(long: Attempt) -> None:
    shown = reports.report(user=long.user, attempt=long.pk, at=after(60))
    assert shown.thirds == (
        Third(first=1, last=5, right=5, total=5, pace=timedelta(seconds=103)),
        Third(first=6, last=11, right=0, total=6, pace=timedelta(seconds=108.5)),
        Third(first=12, last=16, right=0, total=5, pace=timedelta(seconds=114)),
    )


def test_time_that_went_into_missed_questions(long: Attempt) -> None:
    shown = reports.report(user=long.user, attempt=long.pk, at=after(60))
    assert shown.sunk == timedelta(seconds=sum(100 + position for position in range(6, 17)))


def test_a_short_form_has_no_thirds(shown: Report) -> None:
    assert shown.thirds == ()


def test_thirds_tell_nothing_of_a_locked_question(long: Attempt) -> None:
    acts.start(long.blueprint, long.user, at=after(60))
    shown = reports.report(user=long.user, attempt=long.pk, at=after(60))
    assert shown.locked
    assert shown.thirds == ()
