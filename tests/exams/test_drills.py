"""Drills: what fits a wish, what is told and when, and that an exam's questions stay out of them."""

from collections import Counter
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from exams import attempts, drills, reports
from exams.drawing import Candidate
from exams.drills import Source, Wish
from exams.models import GRACE, Attempt, AttemptItem, Encounter
from questions import bank
from questions.models import Blueprint, Misconception, Option, Question, Service
from tests import factories
from tests.exams import acts
from tests.exams.conftest import Clock
from tests.factories import NOW, UserFactory

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=2)


@pytest.fixture
def small() -> Blueprint:
    """Twelve questions, six in each of two domains."""
    return factories.exam(each=6)


@pytest.fixture
def user() -> User:
    return UserFactory()


def begin(user: User, of: Blueprint, *, at: Any = NOW, **wished: Any) -> Attempt:
    return attempts.start_drill(user=user, blueprint=of, wish=Wish(**wished), at=at)


def fits(user: User, of: Blueprint, *, at: Any = LATER, **wished: Any) -> set[int]:
    """The questions that fit."""
    found = drills.fitting(user=user, blueprint=of, wish=Wish(**wished), at=at)
    return set(Question.objects.filter(revisions__in=[one.revision for one in found]).values_list("pk", flat=True))


def questions(attempt: Attempt) -> list[int]:
    return list(attempt.items.order_by("position").values_list("revision__question_id", flat=True))


def check(attempt: Attempt, position: int, keys: str, *, at: Any = NOW, **said: Any) -> AttemptItem:
    values = {"confidence": "", "shown": at} | said
    return attempts.check(
        user=attempt.user, attempt=attempt.pk, position=position, chosen=frozenset(keys), at=at, **values
    )


# ---- what fits ----


def test_all_fit_a_wish_for_nothing_in_particular(user: User, small: Blueprint) -> None:
    assert len(fits(user, small)) == 12


def test_domains_narrow_a_wish(user: User, small: Blueprint) -> None:
    attempt = begin(user, small, domains=frozenset({2}), count=75)
    assert Counter(attempt.items.values_list("domain", flat=True)) == {2: 6}


def test_services_of_questions_stand_before_those_of_their_scenario(user: User, small: Blueprint) -> None:
    first, second, third = Question.objects.order_by("pk")[:3]
    a, b = (Service.objects.create(slug=slug, name=slug.upper()) for slug in "ab")
    first.scenario.services.add(a)
    second.scenario.services.add(a)
    second.services.add(b)
    third.services.add(a)
    assert fits(user, small, services=frozenset("a")) == {first.pk, third.pk}
    assert fits(user, small, services=frozenset("ab")) == {first.pk, second.pk, third.pk}


def test_a_scenario_or_a_mistake_narrows_a_wish(user: User, small: Blueprint) -> None:
    question = Question.objects.order_by("pk")[4]
    assert fits(user, small, scenario=question.scenario.slug) == {question.pk}
    mistake = Misconception.objects.create(slug="own", name="Own", remedy="Think.")
    Option.objects.filter(question=question, key="d").update(misconception=mistake)
    assert fits(user, small, misconception="own") == {question.pk}
    assert fits(user, small, misconception="nobodys") == set()


def test_nothing_fits(user: User, small: Blueprint) -> None:
    with pytest.raises(drills.NothingFits):
        begin(user, small, source=Source.MISSED)
    assert Attempt.objects.count() == 0


def test_sources_go_by_the_last_time(user: User, small: Blueprint) -> None:
    exam = acts.start(small, user)
    for item in exam.items.all():
        acts.answer(exam, item.position, "b" if item.position == 1 else item.revision.parsed.keys)
    attempts.flag(user=user, item=acts.item(exam, 2), on=True, at=NOW)
    exam.items.filter(position=3).update(seconds=181)  # one and a half times of two minutes, and a second
    acts.see_all(exam)
    acts.submit(exam, at=NOW + timedelta(minutes=5))
    first, second, third, *_ = questions(exam)
    assert fits(user, small, source=Source.MISSED) == {first}
    assert fits(user, small, source=Source.FLAGGED) == {second}
    assert fits(user, small, source=Source.SLOW) == {third}
    assert fits(user, small, source=Source.UNSEEN).isdisjoint(questions(exam))
    assert len(fits(user, small, source=Source.UNSEEN)) == 7

    again = begin(user, small, at=LATER, source=Source.MISSED)
    check(again, 1, "".join(again.items.get().revision.parsed.keys), at=LATER)
    assert fits(user, small, source=Source.MISSED) == set()


def test_an_exam_that_is_sat_keeps_its_questions(user: User, small: Blueprint) -> None:
    exam = acts.start(small, user)
    assert fits(user, small, at=NOW).isdisjoint(questions(exam))
    closing = exam.deadline + GRACE
    assert len(fits(user, small, at=closing - acts.INSTANT)) == 7
    assert len(fits(user, small, at=closing)) == 12


def test_a_drill_that_is_open_is_no_exam(user: User, small: Blueprint) -> None:
    begin(user, small)
    assert len(fits(user, small, at=NOW)) == 12


@given(
    count=st.integers(1, 20),
    domains=st.lists(st.integers(1, 3), min_size=1, max_size=30),
    seed=st.integers(0, 2**32),
)
def test_a_pick_has_as_many_as_there_are_and_none_twice(count: int, domains: list[int], seed: int) -> None:
    pool = [Candidate(number, domain, f"{domain}.{number % 2}", number % 5) for number, domain in enumerate(domains)]
    slots = drills.pick(pool, count, Random(seed))
    assert len(slots) == min(count, len(pool)) == len({slot.revision for slot in slots})
    assert all(slot.domain == domains[slot.revision] and slot.scored for slot in slots)


def test_a_pick_takes_the_unseen_first_then_those_met_longest_ago() -> None:
    pool = [Candidate(number, 1, "1.1", number, seen=None if number < 3 else float(-number)) for number in range(8)]
    assert {slot.revision for slot in drills.pick(pool, 5, Random(1))} == {0, 1, 2, 7, 6}


# ---- names ----


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        (Wish(), "All domains"),
        (Wish(domains=frozenset({1})), "Domain 1"),
        (Wish(domains=frozenset({1, 2}), source=Source.MISSED), "Domain 1, Domain 2; missed the last time"),
        (Wish(services=frozenset({"sns"})), "Amazon SNS"),
        (Wish(misconception="mistake-b"), "Mistake b"),
        (Wish(source=Source.UNSEEN), "All domains; not seen yet"),
    ],
)
def test_a_drill_says_what_it_is_about(small: Blueprint, wish: Wish, words: str) -> None:
    Service.objects.create(slug="sns", name="Amazon SNS")
    assert drills.words(small, wish) == words


def test_a_long_name_is_cut(small: Blueprint) -> None:
    for number in range(30):
        Service.objects.create(slug=f"s{number}", name=f"Amazon Service {number}")
    words = drills.words(small, Wish(services=frozenset(f"s{number}" for number in range(30))))
    assert len(words) == drills.ABOUT_LIMIT
    assert words.endswith(" …")


# ---- the clock ----


def test_a_drill_at_exam_pace_has_the_time_of_its_questions(user: User, small: Blueprint) -> None:
    attempt = begin(user, small, count=6, timed=True)  # ten minutes for five questions
    assert attempt.deadline - attempt.started_at == timedelta(minutes=12)


def test_an_untimed_drill_closes_after_a_month(user: User, small: Blueprint) -> None:
    attempt = begin(user, small)
    assert attempt.deadline - attempt.started_at == timedelta(days=30)
    assert (attempt.timed, attempt.mode, attempt.feedback) == (False, "drill", "each")


def test_drills_may_be_open_beside_each_other_and_an_exam(user: User, small: Blueprint) -> None:
    begin(user, small, count=5)
    begin(user, small, count=5)
    acts.start(small, user)
    assert Attempt.objects.open(NOW).count() == 3


# ---- told after each answer ----


@pytest.fixture
def drill(user: User, small: Blueprint) -> Attempt:
    return begin(user, small, count=5)


def right(attempt: Attempt, position: int) -> str:
    return "".join(attempt.items.get(position=position).revision.parsed.keys)


def test_an_answer_is_told_once(drill: Attempt) -> None:
    item = check(drill, 1, right(drill, 1), at=NOW + timedelta(seconds=40), shown=NOW, confidence="unsure")
    assert (item.chosen, item.confidence, item.seconds) == (frozenset(right(drill, 1)), "unsure", 40)
    again = check(drill, 1, "d", at=LATER, confidence="sure")
    assert (again.chosen, again.confidence, again.revealed_at) == (item.chosen, "unsure", item.revealed_at)


def test_an_answer_that_is_to_be_told_comes_no_other_way(drill: Attempt) -> None:
    with pytest.raises(attempts.Closed):
        acts.answer(drill, 1, "a")
    assert acts.item(drill, 1).response == ""


def test_an_exam_tells_nothing_before_its_end(user: User, small: Blueprint) -> None:
    exam = acts.start(small, user)
    with pytest.raises(attempts.Closed):
        check(exam, 1, "a")
    assert exam.items.get(position=1).revealed_at is None


@pytest.mark.parametrize(("moment", "taken"), list(zip(("before", "at", "after"), (True, False, False), strict=True)))
def test_the_deadline_ends_a_drill(user: User, small: Blueprint, moment: str, taken: bool) -> None:
    drill = begin(user, small, timed=True)
    closing = drill.deadline + GRACE
    at = {"before": closing - acts.INSTANT, "at": closing, "after": closing + acts.INSTANT}[moment]
    if taken:
        assert check(drill, 1, "a", at=at).revealed_at == at
    else:
        with pytest.raises(attempts.Closed):
            check(drill, 1, "a", at=at)


def test_only_what_was_reached_counts(drill: Attempt) -> None:
    check(drill, 1, right(drill, 1))
    check(drill, 2, "d")
    ended = acts.submit(drill, at=LATER)
    assert (ended.right, ended.total) == (1, 2)
    shown = reports.report(user=drill.user, attempt=drill.pk, at=LATER)
    assert [row.position for row in shown.rows] == [1, 2]
    assert (shown.left_out, shown.score.right, shown.score.total) == (3, 1, 2)


def test_a_drill_without_an_answer_has_nothing_right(drill: Attempt) -> None:
    ended = acts.submit(drill, at=LATER)
    assert (ended.right, ended.total) == (0, 5)
    assert Encounter.objects.count() == 0


def test_a_drill_changes_no_exam(user: User, small: Blueprint) -> None:
    exam = acts.submit(acts.start(small, user), at=NOW)
    before = Attempt.objects.filter(pk=exam.pk).values().get()
    drill = begin(user, small, at=LATER)
    check(drill, 1, "a", at=LATER)
    acts.submit(drill, at=LATER)
    assert Attempt.objects.filter(pk=exam.pk).values().get() == before


# ---- encounters ----


def test_the_later_result_of_a_question_stays(user: User, small: Blueprint) -> None:
    """A drill that is settled late ended earlier than what was met since."""
    old = begin(user, small, count=12, timed=True, feedback="end")
    acts.see_all(old)
    new = begin(user, small, count=12, at=NOW + timedelta(minutes=1))
    for position in range(1, 13):
        check(new, position, right(new, position), at=NOW + timedelta(minutes=30))
    assert attempts.settle(attempt=old.pk, at=LATER)
    assert set(Encounter.objects.values_list("right", "met_at")) == {(True, NOW + timedelta(minutes=30))}


def test_a_guest_takes_encounters_along(small: Blueprint) -> None:
    guest, account = factories.GuestFactory(), UserFactory()
    one, two, three = Question.objects.order_by("pk")[:3]
    for person, question, hours, was_right in (
        (guest, one, 1, True),
        (guest, two, 3, True),
        (account, two, 2, False),
        (guest, three, 1, True),
        (account, three, 2, False),
    ):
        at = NOW + timedelta(hours=hours)
        Encounter.objects.create(user=person, question=question, met_at=at, right=was_right)
    attempts.hand_over(guest=guest, to=account, at=LATER)
    found = dict(Encounter.objects.filter(user=account).values_list("question_id", "right"))
    assert found == {one.pk: True, two.pk: True, three.pk: False}
    assert Encounter.objects.count() == 3


# ---- pages ----


@pytest.fixture
def client(user: User, clock: Clock) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


def practice(attempt: Attempt, position: int) -> str:
    return reverse("practice", args=[attempt.pk, position])


def letters(attempt: Attempt, position: int, keys: str) -> list[str]:
    return [acts.letter(attempt, position, key) for key in keys]


def test_one_click_starts_a_drill(client: Client, small: Blueprint) -> None:
    response = client.post("/drill/DOP-C02/", {"domain": "2"})
    drill = Attempt.objects.get()
    assert response["Location"] == reverse("attempt", args=[drill.pk])
    assert client.get(response["Location"])["Location"] == practice(drill, 1)
    assert (drill.about, drill.items.count(), drill.feedback, drill.timed) == ("Domain 2", 6, "each", False)


@pytest.mark.parametrize(
    "sent",
    [
        *({"domain": "9"}, {"domain": "x"}, {"count": "4"}, {"count": "76"}, {"source": "x"}, {"feedback": "x"}),
        *({"clock": "x"}, {"service": "x"}, {"scenario": "no slug"}, {"misconception": "a\x00b"}),
    ],
)
def test_a_wish_that_no_page_sends_starts_nothing(client: Client, small: Blueprint, sent: dict[str, str]) -> None:
    response = client.post("/drill/DOP-C02/", sent)
    assert "The drill was not started." in response.content.decode()
    assert Attempt.objects.count() == 0


def test_where_nothing_fits_the_page_says_so(client: Client, small: Blueprint) -> None:
    response = client.post("/drill/DOP-C02/", {"source": "missed"})
    assert "No question fits." in response.content.decode()


def test_a_query_string_fills_the_form_in(client: Client, small: Blueprint) -> None:
    page = client.get("/drill/DOP-C02/?domain=2&count=20&source=slow").content.decode()
    for name, value in (("domain", "2"), ("count", "20"), ("source", "slow"), ("feedback", "each"), ("clock", "none")):
        assert f'name="{name}" value="{value}" checked' in page
    assert 'name="domain" value="1" checked' not in page


def test_the_short_address_keeps_the_query_string(client: Client, small: Blueprint) -> None:
    assert client.get("/drill/?domain=2&feedback=end")["Location"] == "/drill/DOP-C02/?domain=2&feedback=end"
    assert client.get("/drill/")["Location"] == "/drill/DOP-C02/"


def test_a_question_is_asked_then_told(client: Client, drill: Attempt) -> None:
    page = client.get(practice(drill, 1)).content.decode()
    assert "Check my answer" in page
    assert "The key" not in page
    assert f"Reason a of {drill.items.get(position=1).revision.question.slug}" not in page
    keys = right(drill, 1)
    form = {"shown": "1", "choice": letters(drill, 1, keys), "confidence": "guess", "go": "check"}
    assert client.post(practice(drill, 1), form)["Location"] == practice(drill, 1)
    page = client.get(practice(drill, 1)).content.decode()
    assert f"Right: {', '.join(sorted(letters(drill, 1, keys)))}." in page
    assert f"Reason a of {drill.items.get(position=1).revision.question.slug}" in page
    assert "1 of 1 right" in page
    assert acts.item(drill, 1).confidence == "guess"


def test_a_wrong_answer_names_the_mistake(client: Client, drill: Attempt) -> None:
    single = next(item for item in drill.items.order_by("position") if len(item.revision.parsed.keys) == 1)
    form = {"shown": "1", "choice": letters(drill, single.position, "c"), "go": "check"}
    client.post(practice(drill, single.position), form)
    page = client.get(practice(drill, single.position)).content.decode()
    assert f"Not right: the key is {letters(drill, single.position, 'a')[0]}." in page
    assert "Mistake c" in page
    assert "Think of c." in page


def test_not_knowing_is_an_answer(client: Client, drill: Attempt) -> None:
    client.post(practice(drill, 1), {"shown": "1", "go": "unknown", "choice": ["A"]})
    item = drill.items.get(position=1)
    assert (item.response, item.revealed_at) == ("", NOW)


def test_too_few_are_asked_for_again_and_stay_chosen(client: Client, user: User) -> None:
    drill = begin(user, factories.exam(each=9), count=18)
    several = next(item for item in drill.items.order_by("position") if len(item.revision.parsed.keys) == 2)
    page = client.post(practice(drill, several.position), {"shown": "1", "choice": ["B"], "go": "check"})
    assert "Choose two options, or say that you do not know." in page.content.decode()
    assert 'value="B" id="oB" checked' in page.content.decode()
    assert drill.items.get(position=several.position).revealed_at is None


@pytest.mark.parametrize(
    "sent", [{"choice": "G"}, {"choice": ["A", "B", "C"]}, {"confidence": "x"}, {"shown": "x"}, {"flag": "x"}]
)
def test_a_form_that_no_page_sends_is_refused(client: Client, drill: Attempt, sent: dict[str, Any]) -> None:
    response = client.post(practice(drill, 1), {"shown": "1", "choice": "A", "go": "check"} | sent)
    assert response.status_code == 422
    assert drill.items.filter(revealed_at__isnull=False).count() == 0


def test_the_flag_is_kept_and_goes_along(client: Client, drill: Attempt) -> None:
    check(drill, 1, "a")
    client.post(practice(drill, 1), {"flag": "on"})
    assert acts.item(drill, 1).flagged
    acts.submit(drill)
    assert Encounter.objects.get(question=questions(drill)[0]).flagged


def test_the_last_question_ends_the_drill(client: Client, drill: Attempt) -> None:
    for position in range(1, 6):
        check(drill, position, right(drill, position))
    assert "See how it went" in client.get(practice(drill, 5)).content.decode()
    report = client.post(reverse("end", args=[drill.pk]), {"end": "yes"})["Location"]
    page = client.get(report).content.decode()
    assert "Drill: 5 of 5 right" in page
    assert "passes" not in page


def test_a_drill_goes_on_at_the_first_question_that_is_not_told(client: Client, drill: Attempt) -> None:
    check(drill, 1, "a")
    check(drill, 3, "a")
    assert client.get(reverse("attempt", args=[drill.pk]))["Location"] == practice(drill, 2)


def test_the_exam_page_leads_to_the_drill(client: Client, drill: Attempt) -> None:
    question = reverse("question", args=[drill.pk, 1])
    assert client.get(question)["Location"] == reverse("attempt", args=[drill.pk])


def test_a_drill_that_tells_at_the_end_is_sat_like_an_exam(client: Client, small: Blueprint) -> None:
    client.post("/drill/DOP-C02/", {"feedback": "end"})
    drill = Attempt.objects.get()
    page = client.get(reverse("question", args=[drill.pk, 1])).content.decode()
    assert "DOP-C02 drill" in page
    assert 'id="timer"' not in page
    assert client.get(practice(drill, 1))["Location"] == reverse("attempt", args=[drill.pk])


def test_the_number_of_queries_does_not_grow(
    client: Client, small: Blueprint, user: User, django_assert_max_num_queries: Any
) -> None:
    for count in (5, 12):
        drill = begin(user, small, count=count)
        check(drill, 1, "a")
        bank.forget()
        with django_assert_max_num_queries(14):
            client.get(practice(drill, 1))


def test_a_report_offers_drills(client: Client, user: User, small: Blueprint) -> None:
    exam = acts.start(small, user)
    for item in exam.items.all():
        acts.answer(exam, item.position, "c" if item.domain == 1 else item.revision.parsed.keys)
    acts.submit(exam)
    page = client.get(reverse("report", args=[exam.pk])).content.decode()
    assert '<input type="hidden" name="domain" value="1"><button class="btn">Drill it, 10 questions</button>' in page
    assert '<input type="hidden" name="misconception" value="mistake-c">' in page
