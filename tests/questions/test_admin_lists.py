"""The list of questions: states, filters, search and queries; publishing and retiring from it and from the page."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from questions import publishing
from questions.models import Blueprint, Placement, Question, Revision, Task
from tests.factories import NOW, QuestionFactory, UserFactory, blueprint
from tests.questions.workshop import act, add, address, browser, instructor, loaded, page, save

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)
LIST = address("question_changelist")


@pytest.fixture
def client() -> Client:
    return browser(instructor())


def made(slug: str, **fields: Any) -> Question:
    question: Question = QuestionFactory(slug=slug, changed_at=NOW, **fields)
    return question


def published(slug: str, **fields: Any) -> Question:
    question = made(slug, **fields)
    publishing.publish(question, by=None, at=NOW)
    return question


def in_every_state() -> None:
    """Questions named for how they stand."""
    made("draft")
    published("as-published")
    changed = published("changed")
    Question.objects.filter(pk=changed.pk).update(stem="Another?", changed_at=LATER)
    resaved = published("saved-again")  # with something that candidates do not see
    Question.objects.filter(pk=resaved.pk).update(ratings=[0.5], changed_at=LATER)
    again = published("second-revision")
    Question.objects.filter(pk=again.pk).update(stem="Second?", changed_at=LATER)
    publishing.publish(again, by=None, at=LATER)
    publishing.retire(published("retired"), at=LATER)
    edited = published("retired-and-changed")
    publishing.retire(edited, at=LATER)
    Question.objects.filter(pk=edited.pk).update(stem="Another?", changed_at=LATER)


def listed(client: Client, **asked: str) -> list[str]:
    """Ids of the questions on the list."""
    response = client.get(LIST, asked)
    assert response.status_code == 200
    return [row.slug for row in response.context["cl"].result_list]


# ---- states ----


def test_the_list_says_where_each_question_stands(client: Client) -> None:
    in_every_state()
    response = client.get(LIST)
    stands = {row.slug: str(row.standing) for row in response.context["cl"].result_list}
    assert stands == {
        "draft": "Draft",
        "as-published": "Revision 1",
        "changed": "Changed since revision 1",
        "saved-again": "Revision 1",
        "second-revision": "Revision 2",
        "retired": "Retired, last was revision 1",
        "retired-and-changed": "Retired, last was revision 1",
    }
    for words in stands.values():
        assert f'<td class="field-state">{words}</td>' in response.content.decode()


@pytest.mark.parametrize(
    ("state", "slugs"),
    [
        ("draft", ["draft"]),
        ("published", ["as-published", "saved-again", "second-revision"]),
        ("changed", ["changed"]),
        ("retired", ["retired", "retired-and-changed"]),
    ],
)
def test_the_list_by_state(client: Client, state: str, slugs: list[str]) -> None:
    in_every_state()
    assert listed(client, state=state) == slugs


def test_a_draft_that_is_no_question_any_more_counts_as_changed(client: Client) -> None:
    question = published("broken")
    Question.objects.filter(pk=question.pk).update(references="none", changed_at=LATER)
    assert listed(client, state="changed") == ["broken"]


def test_an_option_that_changed_counts_as_a_change(client: Client) -> None:
    question = published("q")
    question.options.filter(key="b").update(why="Another reason.")
    Question.objects.filter(pk=question.pk).update(changed_at=LATER)
    assert listed(client, state="changed") == ["q"]


# ---- filters and search ----


@pytest.fixture
def placed() -> dict[str, Blueprint]:
    """Scenarios in domain 1 of C02 (one of them in domain 2 of C01 too), and one question narrowed to C01."""
    new, old = blueprint("DOP-C02"), blueprint("DOP-C01")
    first, both = made("first", thinking="fault"), made("in-both", kind="multiple")
    narrow = made("narrow", scenario=both.scenario)
    narrow.blueprints.add(old)
    made("nowhere", stem="A needle in a stem?")
    for scenario, of, code in ((first.scenario, new, "1.1"), (both.scenario, new, "1.2"), (both.scenario, old, "2.1")):
        Placement.objects.create(
            scenario=scenario, blueprint=of, task=Task.objects.get(domain__blueprint=of, code=code)
        )
    return {"new": new, "old": old}


FILTERS: dict[str, tuple[dict[str, Any], list[str]]] = {
    "all": ({}, ["first", "in-both", "narrow", "nowhere"]),
    "blueprint": ({"blueprint": "DOP-C02"}, ["first", "in-both"]),
    "old blueprint": ({"blueprint": "DOP-C01"}, ["in-both", "narrow"]),
    "unknown blueprint": ({"blueprint": "DOP-C99"}, []),
    "domain": ({"domain": ("new", 1)}, ["first", "in-both"]),
    "domain of the old one": ({"domain": ("old", 2)}, ["in-both", "narrow"]),
    "empty domain": ({"domain": ("new", 2)}, []),
    "no domain at all": ({"domain": "first"}, ["first", "in-both", "narrow", "nowhere"]),
    "kind": ({"kind__exact": "multiple"}, ["in-both"]),
    "thinking": ({"thinking__exact": "fault"}, ["first"]),
    "two at once": ({"blueprint": "DOP-C02", "kind__exact": "single"}, ["first"]),
    "words of the stem": ({"q": "needle"}, ["nowhere"]),
    "an id": ({"q": "in-bot"}, ["in-both"]),
    "nothing found": ({"q": "haystack"}, []),
}


@pytest.mark.parametrize(("asked", "slugs"), FILTERS.values(), ids=FILTERS)
def test_the_list_by_filter(
    client: Client, placed: dict[str, Blueprint], asked: dict[str, Any], slugs: list[str]
) -> None:
    if isinstance(asked.get("domain"), tuple):
        of, number = asked["domain"]
        asked = asked | {"domain": str(placed[of].domains.get(number=number).pk)}
    assert listed(client, **asked) == slugs


def test_the_list_by_scenario_and_search_by_its_words(client: Client, placed: dict[str, Blueprint]) -> None:
    scenario = Question.objects.get(slug="in-both").scenario
    assert listed(client, scenario=scenario.slug) == ["in-both", "narrow"]
    assert listed(client, q=scenario.slug) == ["in-both", "narrow"]
    assert listed(client, q=scenario.title) == ["in-both", "narrow"]


def test_the_scenarios_to_choose_from_are_those_of_the_domain(client: Client, placed: dict[str, Blueprint]) -> None:
    old = Blueprint.objects.get(code="DOP-C01").domains.get(number=2)
    response = client.get(LIST, {"domain": str(old.pk)})
    choices = next(spec for spec in response.context["cl"].filter_specs if spec.title == "scenario").lookup_choices
    assert [slug for slug, _ in choices] == [Question.objects.get(slug="in-both").scenario.slug]


def test_the_list_counts_what_each_filter_would_show(client: Client) -> None:
    in_every_state()
    shown = page(client, LIST, _facets="True")
    start = shown.parts.index("Draft, never published (1)")
    assert shown.parts[start : start + 4] == [
        "Draft, never published (1)",
        "Published (3)",
        "Changed since published (1)",
        "Retired (2)",
    ]


def test_the_list_takes_the_same_queries_for_any_number_of_questions(client: Client) -> None:
    counts = []
    for some in range(1, 4):
        in_one_more_of_each_state(some)
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert len(listed(client)) == 4 * some
        counts.append(len(found))
    assert counts[0] == counts[1] == counts[2] <= 16


def in_one_more_of_each_state(number: int) -> None:
    made(f"draft-{number}")
    published(f"published-{number}")
    publishing.retire(published(f"retired-{number}"), at=LATER)
    changed = published(f"changed-{number}", kind="multiple")
    Question.objects.filter(pk=changed.pk).update(stem="Another?", changed_at=LATER)


def test_the_page_takes_the_same_queries_for_any_number_of_options_and_misconceptions(client: Client) -> None:
    counts = []
    loaded(client, made("first"))  # what Django looks up once and keeps
    for kind in ("single", "multiple"):
        question = published(f"q-{kind}", kind=kind)
        with CaptureQueriesContext(connection) as found:
            loaded(client, question)
        counts.append(len(found))
    assert counts[0] == counts[1] <= 30


# ---- publishing and retiring ----


def test_publishing_says_for_each_question_what_became_of_it(client: Client) -> None:
    flawed, same, new = made("a-flawed"), published("b-same"), made("c-new")
    flawed.options.filter(key="a").update(why=" ")
    Question.objects.filter(pk=flawed.pk).update(rationale=" ")
    assert act(client, "publish_selected", flawed, same, new) == [
        "Publish: 1 of 3.",
        "“a-flawed”: not published. Option a: Say why this option is right. "
        "Rationale: Write the rationale: what decides between the options.",
        "“b-same”: not published again: revision 1 says the same.",
        "“c-new”: published as revision 1.",
    ]
    assert list(Revision.objects.values_list("question__slug", "number")) == [("b-same", 1), ("c-new", 1)]


def test_publishing_keeps_who_and_when(monkeypatch: pytest.MonkeyPatch) -> None:
    author = instructor("author@example.org")
    client = browser(author)
    question = made("q")
    monkeypatch.setattr("django.utils.timezone.now", lambda: LATER)
    assert act(client, "publish_selected", question) == ["“q”: published as revision 1."]
    revision = Revision.objects.get()
    assert (revision.published_by, revision.published_at) == (author, LATER)
    assert LogEntry.objects.get().get_change_message() == "published as revision 1."


def test_publishing_what_is_no_question_says_what_is_missing(client: Client) -> None:
    question = made("q")
    Question.objects.filter(pk=question.pk).update(references=[{"title": "A page"}])
    assert act(client, "publish_selected", question) == ["“q”: not published: url of reference 1 is missing."]


def test_retiring_says_for_each_question_what_became_of_it(client: Client) -> None:
    draft, live = made("draft"), published("live")
    assert act(client, "retire_selected", draft, live) == [
        "Retire: 1 of 2.",
        "“draft”: not retired: no revision of it is live.",
        "“live”: retired. New forms are drawn without it; attempts that hold it keep it.",
    ]
    assert not Revision.objects.live().exists()


def test_actions_on_nothing_change_nothing(client: Client) -> None:
    made("q")
    assert act(client, "publish_selected") == [
        "Items must be selected in order to perform actions on them. No items have been changed."
    ]
    assert not Revision.objects.exists()


def test_who_may_only_edit_can_neither_publish_nor_retire() -> None:
    editor = UserFactory(is_staff=True)
    rights = ("view_question", "change_question", "view_option", "change_option", "add_option", "delete_option")
    editor.user_permissions.add(*Permission.objects.filter(codename__in=rights))
    client = browser(editor)
    live, draft = published("live"), made("draft")
    act(client, "publish_selected", draft)
    act(client, "retire_selected", live)
    assert "Save and publish" not in client.get(address("question_change", draft.pk)).content.decode()
    save(client, draft, loaded(client, draft), press="_publish")
    save(client, live, loaded(client, live), press="_retire")
    assert list(Revision.objects.live().values_list("question__slug", flat=True)) == ["live"]


def test_save_and_publish_saves_and_publishes(client: Client) -> None:
    question = published("q")
    shown = save(client, question, loaded(client, question), press="_publish", stem="A case.\r\n\r\nWhich fits?")
    assert "“q”: saved, published as revision 2." in shown.parts
    assert "Revision 2" in shown.parts
    live = Revision.objects.live().get()
    assert (live.number, live.content["stem"]) == (2, "A case.\n\nWhich fits?")


def test_save_and_publish_saves_what_it_cannot_publish(client: Client) -> None:
    question = made("q")
    shown = save(client, question, loaded(client, question), press="_publish", stem="Which fits? Choose TWO.")
    words = "“q”: saved, not published. Stem: Take out 'Choose TWO': the page says how many to choose."
    assert words in shown.parts
    question.refresh_from_db()
    assert question.stem == "Which fits? Choose TWO."
    assert not Revision.objects.exists()


def test_save_and_publish_publishes_nothing_that_it_cannot_save(client: Client) -> None:
    question = made("q")
    shown = save(client, question, loaded(client, question), press="_publish", **{"options-3-DELETE": "on"})
    assert "Give it four options and one key; it has 3 and 1." in shown.parts
    assert not Revision.objects.exists()


def test_save_and_retire(client: Client) -> None:
    question = published("q")
    assert "Save and retire" in client.get(address("question_change", question.pk)).content.decode()
    shown = save(client, question, loaded(client, question), press="_retire")
    assert "“q”: saved, retired. New forms are drawn without it; attempts that hold it keep it." in shown.parts
    assert "Retired, last was revision 1" in shown.parts


def test_a_draft_offers_nothing_to_retire(client: Client) -> None:
    question = made("q")
    text = client.get(address("question_change", question.pk)).content.decode()
    assert "Save and publish" in text
    assert "Save and retire" not in text


def test_a_new_question_can_be_published_at_once(client: Client) -> None:
    shown = add(client, press="_publish")
    assert "“new”: saved, published as revision 1." in shown.parts
    assert "question_form" in shown.forms  # the page of the question again, not the list


def test_the_page_of_a_question_leads_to_its_revisions(client: Client) -> None:
    question = published("q")
    published("other")
    assert (
        f"{address('revision_changelist')}?question__id__exact={question.pk}"
        in client.get(address("question_change", question.pk)).content.decode()
    )
    shown = page(client, address("revision_changelist"), question__id__exact=str(question.pk))
    assert "1 revision" in shown.text
