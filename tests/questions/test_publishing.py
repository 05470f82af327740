"""Publishing: numbers, what is refused and why, the live revision, retiring and coming back; two at once."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError

from questions import content, publishing
from questions.models import Misconception, Option, Question, Revision
from questions.publishing import NotPublishable
from tests.exams.threads import together
from tests.factories import NOW, QuestionFactory, UserFactory

LATER = NOW + timedelta(hours=1)
LAST = NOW + timedelta(hours=2)


@pytest.fixture
def question(db: None) -> Question:
    made: Question = QuestionFactory(slug="q")
    return made


def edit(question: Question, **fields: Any) -> None:
    Question.objects.filter(pk=question.pk).update(**fields)


def history(question: Question) -> list[tuple[Any, ...]]:
    return list(question.revisions.values_list("number", "published_at", "superseded_at", "retired_at"))


# ---- publishing ----


def test_the_first_revision_is_the_working_copy_frozen(question: Question) -> None:
    author = UserFactory()
    revision = publishing.publish(question, by=author, at=NOW)
    assert (revision.number, revision.published_by, revision.published_at) == (1, author, NOW)
    assert revision.content == {
        "kind": "single",
        "stem": "The case of q.\n\nWhich option of q fits?",
        "options": [
            {
                "key": letter,
                "text": f"Option {letter} of q",
                "correct": letter == "a",
                "why": f"Reason {letter} of q",
                "misconception": "" if letter == "a" else f"mistake-{letter}",
            }
            for letter in "abcd"
        ],
        "rationale": "It depends on the case.",
        "references": [{"title": "A page", "url": "https://docs.aws.amazon.com/page.html"}],
    }
    assert revision.digest == publishing.digest(revision.content)
    assert history(question) == [(1, NOW, None, None)]


def test_unchanged_content_gives_the_same_revision(question: Question) -> None:
    first = publishing.publish(question, by=None, at=NOW)
    edit(question, ratings=[0.5], thinking="fault", changed_at=LATER)
    assert publishing.publish(question, by=None, at=LATER) == first
    assert history(question) == [(1, NOW, None, None)]


def test_changed_content_supersedes_the_live_revision(question: Question) -> None:
    first = publishing.publish(question, by=None, at=NOW)
    edit(question, stem="Another case?")
    second = publishing.publish(question, by=None, at=LATER)
    assert history(question) == [(1, NOW, LATER, None), (2, LATER, None, None)]
    first.refresh_from_db()
    assert (first.content["stem"], second.content["stem"]) == (
        "The case of q.\n\nWhich option of q fits?",
        "Another case?",
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    "changed", [{"text": "New"}, {"why": "New"}, {"key": "z"}, {"misconception": None}, {"correct": True}], ids=str
)
def test_every_change_of_an_option_is_a_change(changed: dict[str, Any]) -> None:
    question = QuestionFactory(kind="multiple")
    publishing.publish(question, by=None, at=NOW)
    fields = changed | ({"misconception": None} if "correct" in changed else {})
    question.options.filter(key="c").update(**fields)
    assert publishing.publish(question, by=None, at=LATER).number == 2


def test_going_back_to_an_earlier_text_is_a_revision_of_its_own(question: Question) -> None:
    first = publishing.publish(question, by=None, at=NOW)
    edit(question, rationale="Another idea.")
    publishing.publish(question, by=None, at=LATER)
    edit(question, rationale="It depends on the case.")
    third = publishing.publish(question, by=None, at=LAST)
    assert (third.number, third.digest) == (3, first.digest)
    assert history(question) == [(1, NOW, LATER, None), (2, LATER, LAST, None), (3, LAST, None, None)]


def test_what_is_stored_is_published_and_not_what_the_caller_holds(question: Question) -> None:
    old = Question.objects.prefetch_related("options__misconception").get(pk=question.pk)
    assert [option.text for option in old.options.all()][1] == "Option b of q"
    edit(question, stem="Saved meanwhile?")
    question.options.filter(key="b").update(text="Saved meanwhile")
    frozen = publishing.publish(old, by=None, at=NOW).parsed
    assert (frozen.stem, frozen.options[1].text) == ("Saved meanwhile?", "Saved meanwhile")


def test_publishing_takes_the_same_queries_for_any_number_of_options(db: None, django_assert_num_queries: Any) -> None:
    for kind in ("single", "multiple"):
        question = QuestionFactory(kind=kind)
        # savepoint, locked question, options, misconceptions, last revision, supersede, insert, release
        with django_assert_num_queries(8):
            publishing.publish(question, by=None, at=NOW)


# ---- refusing ----

REFUSED: dict[str, tuple[dict[str, Any], list[tuple[str, str]]]] = {
    "rationale": ({"rationale": " "}, [("rationale", "Write the rationale: what decides between the options.")]),
    "references": (
        {"references": []},
        [("references", "Cite a page of the AWS documentation that the key rests on.")],
    ),
    "count in the stem": (
        {"stem": "A case.\n\nWhich fits? (Choose two.)"},
        [("stem", "Take out 'Choose two': the page says how many to choose.")],
    ),
    "kind": (
        {"kind": "multiple"},
        [("options", "Give it five or six options and two or three keys; it has 4 and 1.")],
    ),
    "two at once": (
        {"rationale": "", "references": []},
        [
            ("rationale", "Write the rationale: what decides between the options."),
            ("references", "Cite a page of the AWS documentation that the key rests on."),
        ],
    ),
}


@pytest.mark.parametrize(("fields", "found"), REFUSED.values(), ids=REFUSED)
def test_flaws_that_are_errors_refuse_with_words(
    question: Question, fields: dict[str, Any], found: list[tuple[str, str]]
) -> None:
    edit(question, **fields)
    with pytest.raises(NotPublishable) as refused:
        publishing.publish(question, by=None, at=NOW)
    assert [(flaw.where, flaw.message) for flaw in refused.value.flaws] == found
    assert {flaw.severity for flaw in refused.value.flaws} == {"error"}
    assert str(refused.value) == "q: " + "; ".join(message for _, message in found)
    assert refused.value.question == question
    assert history(question) == []


def test_a_refused_change_leaves_the_live_revision_live(question: Question) -> None:
    publishing.publish(question, by=None, at=NOW)
    edit(question, rationale="")
    with pytest.raises(NotPublishable):
        publishing.publish(question, by=None, at=LATER)
    assert history(question) == [(1, NOW, None, None)]


def test_a_warning_refuses_nothing(question: Question) -> None:
    edit(question, stem="A case.\n\nWhich does not fit?")
    assert publishing.publish(question, by=None, at=NOW).number == 1


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"stem": " "}, "stem of question is missing"),
        ({"references": {}}, "references is not a list"),
        ({"references": [{"title": "A page"}]}, "url of reference 1 is missing"),
    ],
)
def test_what_describes_no_question_is_an_error_of_content(
    question: Question, fields: dict[str, Any], words: str
) -> None:
    edit(question, **fields)
    with pytest.raises(content.ContentError, match=words):
        publishing.publish(question, by=None, at=NOW)
    assert history(question) == []


# ---- retiring ----


def test_retiring_takes_the_live_revision_out(question: Question) -> None:
    publishing.publish(question, by=None, at=NOW)
    assert publishing.retire(question, at=LATER) is True
    assert history(question) == [(1, NOW, None, LATER)]
    assert not Revision.objects.live().exists()


def test_retiring_again_changes_nothing(question: Question) -> None:
    publishing.publish(question, by=None, at=NOW)
    publishing.retire(question, at=LATER)
    assert publishing.retire(question, at=LAST) is False
    assert history(question) == [(1, NOW, None, LATER)]


def test_a_draft_cannot_be_retired(question: Question) -> None:
    assert publishing.retire(question, at=NOW) is False


def test_retiring_one_question_leaves_the_others(question: Question) -> None:
    other = QuestionFactory()
    for one in (question, other):
        publishing.publish(one, by=None, at=NOW)
    publishing.retire(question, at=LATER)
    assert list(Revision.objects.live().values_list("question", flat=True)) == [other.pk]


@pytest.mark.parametrize("fields", [{}, {"stem": "Another case?"}], ids=["unchanged", "changed"])
def test_a_retired_question_comes_back_as_the_next_revision(question: Question, fields: dict[str, Any]) -> None:
    publishing.publish(question, by=None, at=NOW)
    publishing.retire(question, at=LATER)
    edit(question, **fields)
    assert publishing.publish(question, by=None, at=LAST).number == 2
    assert history(question) == [(1, NOW, None, LATER), (2, LAST, None, None)]


# ---- the digest ----


def test_the_digest_ignores_the_order_of_keys_and_nothing_else() -> None:
    data = {"a": [1, 2], "b": "ä"}
    assert publishing.digest({"b": "ä", "a": [1, 2]}) == publishing.digest(data)
    assert publishing.digest({"a": [2, 1], "b": "ä"}) != publishing.digest(data)
    assert publishing.digest({"a": [1, 2], "b": "a"}) != publishing.digest(data)
    # kept for good with each revision, so it must not change with the code
    assert publishing.digest(data) == "6ec5c6ddbd9602ed549c327b992c6f2cf4d5a20442b68730cae2fcbe947d1f55"


# ---- at the same time ----


@pytest.mark.django_db(transaction=True)
def test_publishing_twice_at_once_makes_one_revision() -> None:
    question = QuestionFactory()
    revisions = together([lambda: publishing.publish(question, by=None, at=NOW)] * 4)
    assert {revision.number for revision in revisions} == {1}
    assert history(question) == [(1, NOW, None, None)]


@pytest.mark.django_db(transaction=True)
def test_publishing_and_retiring_at_once_leave_a_history_that_holds() -> None:
    question = QuestionFactory()
    publishing.publish(question, by=None, at=NOW)
    edit(question, stem="Another case?")
    acts: list[Callable[[], object]] = [
        lambda: publishing.publish(question, by=None, at=LATER),
        lambda: publishing.retire(question, at=LATER),
    ]
    together(acts)
    assert history(question) in [
        [(1, NOW, None, LATER), (2, LATER, None, None)],  # retired first
        [(1, NOW, LATER, None), (2, LATER, None, LATER)],  # published first
    ]


# ---- the database holds it too ----


def test_the_database_refuses_a_second_live_revision(question: Question) -> None:
    first = publishing.publish(question, by=None, at=NOW)
    with pytest.raises(IntegrityError):
        Revision.objects.create(
            question=question, number=2, content=first.content, digest=first.digest, published_at=NOW
        )


def test_an_option_that_is_published_may_change_and_its_misconception_go(question: Question) -> None:
    frozen = publishing.publish(question, by=None, at=NOW)
    Option.objects.all().delete()
    Misconception.objects.all().delete()
    frozen.refresh_from_db()
    assert [option.misconception for option in frozen.parsed.distractors] == ["mistake-b", "mistake-c", "mistake-d"]
