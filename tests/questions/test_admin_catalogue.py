"""The rest of the workshop: revisions for reading, blueprints, scenarios, misconceptions; and no page runs anything."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext

from questions import content, publishing
from questions.models import Blueprint, Domain, Misconception, Placement, Question, Revision, Scenario, Service, Task
from tests.factories import NOW, QuestionFactory, ScenarioFactory, UserFactory, blueprint
from tests.questions.hostile import dangers
from tests.questions.workshop import Fields, Page, address, browser, instructor, page, send
from tests.test_repository import inline

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def client() -> Client:
    return browser(instructor())


@pytest.fixture
def exam() -> Blueprint:
    return blueprint("DOP-C02")


def form_of(client: Client, row: Model) -> Fields:
    name = str(row._meta.model_name)
    return page(client, address(f"{name}_change", row.pk)).forms[f"{name}_form"]


def change(client: Client, row: Model, **changed: Any) -> Page:
    name = str(row._meta.model_name)
    return send(client, address(f"{name}_change", row.pk), form_of(client, row), **changed)


# ---- revisions ----


@pytest.fixture
def revision() -> Revision:
    return publishing.publish(QuestionFactory(slug="q", kind="multiple"), by=None, at=NOW)


def test_a_revision_shows_the_exam_and_the_review(client: Client, revision: Revision) -> None:
    shown = page(client, address("revision_change", revision.pk))
    text = shown.text
    start = text.index("In the exam")
    assert text[start : text.index("Options are shuffled")] == (
        "In the exam The case of q. Which option of q fits? Choose TWO. "
        "A Option a of q B Option b of q C Option c of q D Option d of q E Option e of q "
    )
    assert "A Right: the key. Reason a of q B Right: the key. Reason b of q C Wrong. Reason c of q" in text
    assert "Stands for: Mistake c" in shown.parts
    assert "The idea It depends on the case. Read it at AWS A page" in text


@pytest.mark.parametrize("who", ["instructor", "superuser"])
def test_revisions_are_for_reading(revision: Revision, who: str) -> None:
    user = instructor() if who == "instructor" else UserFactory(is_staff=True, is_superuser=True)
    client = browser(user)
    before = Revision.objects.values().get()
    assert client.get(address("revision_add")).status_code == 403
    assert client.post(address("revision_change", revision.pk), {"number": "2"}).status_code == 403
    assert client.post(address("revision_delete", revision.pk), {"post": "yes"}).status_code == 403
    sent = {"action": "delete_selected", "_selected_action": [revision.pk], "post": "yes"}
    client.post(address("revision_changelist"), sent)
    assert Revision.objects.values().get() == before
    page_of_it = client.get(address("revision_change", revision.pk)).content.decode()
    assert "_save" not in page_of_it


def test_a_revision_keeps_the_name_of_a_misconception_that_is_gone(client: Client) -> None:
    question = QuestionFactory()
    frozen = publishing.publish(question, by=None, at=NOW)
    question.options.filter(key="b").update(misconception=None)
    Misconception.objects.filter(slug="mistake-b").delete()
    assert "Stands for: mistake-b" in page(client, address("revision_change", frozen.pk)).parts


def test_hostile_text_stays_text_in_the_workshop(client: Client) -> None:
    hostile = "<script>alert(1)</script> <img src=x onerror=alert(2)> [go](javascript:alert(3))"
    question = QuestionFactory(stem=f"{hostile}\n\n{hostile}?", rationale=hostile)
    question.options.update(text=hostile, why=hostile)
    Misconception.objects.update(name=hostile)
    frozen = Revision.objects.create(
        question=question,
        number=1,
        content=content.dump(publishing.working_content(question)),
        digest="0",
        published_at=NOW,
    )
    for where in (address("question_change", question.pk), address("revision_change", frozen.pk)):
        text = client.get(where).content.decode()
        shown = text[text.index('<div class="shown">') :].partition("</section>\n</div>")[0]
        assert "alert(1)" in shown
        assert dangers(shown) == []
        assert hostile not in text


@pytest.mark.parametrize(
    ("state", "found"),
    [
        ("", ["a r1", "a r2", "b r1"]),
        ("live", ["a r2"]),
        ("superseded", ["a r1"]),
        ("retired", ["b r1"]),
        ("nonsense", ["a r1", "a r2", "b r1"]),
    ],
)
def test_revisions_by_state(client: Client, state: str, found: list[str]) -> None:
    first, second = QuestionFactory(slug="a"), QuestionFactory(slug="b")
    publishing.publish(first, by=None, at=NOW)
    publishing.publish(second, by=None, at=NOW)
    publishing.retire(second, at=LATER)
    Question.objects.filter(pk=first.pk).update(stem="Another?")
    publishing.publish(first, by=None, at=NOW)
    response = client.get(address("revision_changelist"), {"state": state})
    assert sorted(map(str, response.context["cl"].result_list)) == found


# ---- blueprints ----


def test_a_blueprint_is_changed_with_its_domains(client: Client, exam: Blueprint) -> None:
    changed = {"minutes": "170", "domains-0-weight": "21", "domains-1-weight": "18", "domains-2-name": "Third"}
    assert "was changed successfully" in change(client, exam, **changed).text
    exam.refresh_from_db()
    assert exam.minutes == 170
    assert list(exam.domains.values_list("weight", flat=True)) == [21, 18, 15, 15, 14, 17]
    assert exam.domains.get(number=3).name == "Third"


REFUSED: dict[str, tuple[dict[str, str], str]] = {
    "weights": ({"domains-0-weight": "21"}, "The weights add up to 99 per cent; they must add up to 100."),
    "no weight": ({"domains-0-weight": "0"}, "Ensure this value is greater than or equal to 1."),
    "scored": ({"scored_count": "76"}, "More questions are scored than asked."),
    "cut above": ({"cut": "1001"}, "The cut score must lie above the lowest and not above the highest score."),
    "cut at the bottom": ({"cut": "100"}, "The cut score must lie above the lowest and not above the highest score."),
    "no questions": ({"question_count": "0"}, "Ensure this value is greater than or equal to 1."),
}


@pytest.mark.parametrize(("changed", "words"), REFUSED.values(), ids=REFUSED)
def test_a_blueprint_that_cannot_be_is_refused(
    client: Client, exam: Blueprint, changed: dict[str, str], words: str
) -> None:
    before = Blueprint.objects.values().get()
    assert words in change(client, exam, name="Mine", **changed).parts
    assert Blueprint.objects.values().get() == before


def test_two_domains_of_one_number_are_refused(client: Client, exam: Blueprint) -> None:
    fields = form_of(client, exam) | {"domains-TOTAL_FORMS": ["7"]}
    new = {"domains-6-number": "6", "domains-6-name": "Again", "domains-6-weight": "1", "domains-0-weight": "21"}
    shown = send(client, address("blueprint_change", exam.pk), fields, **new)
    assert "Give each domain a number of its own." in shown.parts
    assert exam.domains.count() == 6


def test_codes_and_numbers_stay(client: Client, exam: Blueprint) -> None:
    domain = exam.domains.get(number=1)
    change(client, exam, code="MINE", **{"domains-0-number": "9"})
    change(client, domain, name="Domain one", **{"tasks-0-code": "9.9", "tasks-0-title": "Another title"})
    exam.refresh_from_db()
    domain.refresh_from_db()
    assert (exam.code, domain.number, domain.name) == ("DOP-C02", 1, "Domain one")
    assert domain.tasks.order_by("code").values_list("code", "title").first() == ("1.1", "Another title")


def test_weights_are_not_changed_on_the_page_of_one_domain(client: Client, exam: Blueprint) -> None:
    domain = exam.domains.get(number=1)
    change(client, domain, weight="99", number="9", blueprint="9")
    domain.refresh_from_db()
    assert (domain.weight, domain.number, domain.blueprint) == (22, 1, exam)
    assert client.get(address("domain_add")).status_code == 403


def test_a_domain_in_use_cannot_be_deleted(client: Client, exam: Blueprint) -> None:
    place(ScenarioFactory(), exam, "1.1")
    shown = change(client, exam, **{"domains-0-DELETE": "on", "domains-1-weight": "39"})
    assert "would require deleting the following protected related objects" in shown.text
    assert Domain.objects.count() == 6


# ---- scenarios ----


def place(scenario: Scenario, of: Blueprint, code: str) -> Placement:
    return Placement.objects.create(
        scenario=scenario, blueprint=of, task=Task.objects.get(domain__blueprint=of, code=code)
    )


def task(of: Blueprint, code: str) -> str:
    return str(Task.objects.get(domain__blueprint=of, code=code).pk)


def test_a_scenario_is_placed_on_its_page(client: Client, exam: Blueprint) -> None:
    old = blueprint("DOP-C01")
    scenario = ScenarioFactory(situation="One.\n\nTwo.")
    place(scenario, exam, "1.1")
    changed = {"placements-0-task": task(exam, "2.3"), "placements-1-task": task(old, "6.1")}
    assert "was changed successfully" in change(client, scenario, **changed).text
    assert list(scenario.placements.values_list("blueprint__code", "task__code").order_by("blueprint__code")) == [
        ("DOP-C01", "6.1"),
        ("DOP-C02", "2.3"),
    ]
    scenario.refresh_from_db()
    assert scenario.situation == "One.\n\nTwo."


def test_a_new_scenario_is_placed_at_once(client: Client, exam: Blueprint) -> None:
    fields = page(client, address("scenario_add")).forms["scenario_form"]
    filled = {"slug": "new", "title": "New", "situation": "A", "solution": "B", "placements-0-task": task(exam, "3.1")}
    send(client, address("scenario_add"), fields, **filled)
    placed = Placement.objects.get(scenario__slug="new")
    assert (placed.blueprint, placed.task.code) == (exam, "3.1")


def test_a_scenario_without_a_place_is_refused(client: Client, exam: Blueprint) -> None:
    scenario = ScenarioFactory()
    words = "Place the scenario in at least one blueprint, or no form can have it."
    assert words in change(client, scenario).parts
    place(scenario, exam, "1.1")
    assert words in change(client, scenario, **{"placements-0-DELETE": "on"}).parts
    assert scenario.placements.count() == 1


def test_two_places_in_one_blueprint_are_refused(client: Client, exam: Blueprint) -> None:
    scenario = ScenarioFactory()
    place(scenario, exam, "1.1")
    shown = change(client, scenario, **{"placements-1-task": task(exam, "2.1")})
    assert "DOP-C02 stands here twice: a scenario has one place in each blueprint." in shown.parts
    assert scenario.placements.count() == 1


def test_a_placement_stays_in_its_blueprint(client: Client, exam: Blueprint) -> None:
    old = blueprint("DOP-C01")
    scenario = ScenarioFactory()
    place(scenario, exam, "1.1")
    shown = change(client, scenario, **{"placements-0-task": task(old, "1.1")})
    assert "Select a valid choice. That choice is not one of the available choices." in shown.parts
    assert scenario.placements.get().blueprint == exam


def test_scenarios_by_domain(client: Client, exam: Blueprint) -> None:
    first, second = ScenarioFactory(), ScenarioFactory()
    place(first, exam, "1.1")
    place(second, exam, "2.1")
    response = client.get(address("scenario_changelist"), {"domain": str(exam.domains.get(number=2).pk)})
    assert list(response.context["cl"].result_list) == [second]


def test_a_scenario_with_questions_cannot_be_deleted(client: Client) -> None:
    question = QuestionFactory()
    client.post(address("scenario_delete", question.scenario.pk), {"post": "yes"})
    assert Scenario.objects.count() == 1


# ---- services and misconceptions ----


def test_slugs_stay(client: Client) -> None:
    service = Service.objects.create(slug="old-one", name="Old one")
    mistake = Misconception.objects.create(slug="takes-it", name="Takes it", remedy="Look.")
    change(client, service, slug="mine", name="New one", formerly="Old one", status="renamed")
    change(client, mistake, slug="mine", remedy="Look\r\ntwice.")
    assert Service.objects.values_list("slug", "name", "formerly", "status").get() == (
        "old-one",
        "New one",
        "Old one",
        "renamed",
    )
    assert Misconception.objects.values_list("slug", "remedy").get() == ("takes-it", "Look\ntwice.")


def test_misconceptions_are_listed_with_how_often_they_are_used(client: Client) -> None:
    QuestionFactory()
    QuestionFactory(kind="multiple")
    response = client.get(address("misconception_changelist"))
    assert {row.slug: row.uses for row in response.context["cl"].result_list} == {
        "mistake-b": 1,
        "mistake-c": 2,
        "mistake-d": 2,
        "mistake-e": 1,
    }


def test_a_misconception_in_use_cannot_be_deleted(client: Client) -> None:
    QuestionFactory()
    used = Misconception.objects.get(slug="mistake-b")
    client.post(address("misconception_delete", used.pk), {"post": "yes"})
    assert Misconception.objects.filter(pk=used.pk).exists()


# ---- every page ----

NAMES = ("blueprint", "domain", "service", "misconception", "scenario", "question", "revision")
READ_ONLY = {"revision", "domain"}


@pytest.fixture
def one_of_each(exam: Blueprint) -> dict[str, Model]:
    question = QuestionFactory(stem="```yaml\na: 1\n```\n\nWhich fits?")
    place(question.scenario, exam, "1.1")
    return {
        "blueprint": exam,
        "domain": exam.domains.get(number=1),
        "service": Service.objects.create(slug="s", name="S"),
        "misconception": Misconception.objects.get(slug="mistake-b"),
        "scenario": question.scenario,
        "question": question,
        "revision": publishing.publish(question, by=None, at=NOW),
    }


@pytest.mark.parametrize("name", NAMES)
def test_no_page_of_the_workshop_needs_anything_inline(
    client: Client, one_of_each: dict[str, Model], name: str
) -> None:
    pk = one_of_each[name].pk
    wheres = [address(f"{name}_changelist"), address(f"{name}_history", pk), address(f"{name}_change", pk)]
    wheres += [] if name in READ_ONLY else [address(f"{name}_add"), address(f"{name}_delete", pk)]
    wheres += ["/admin/", "/admin/questions/", "/admin/jsi18n/"]
    for where in wheres:
        response = client.get(where)
        assert response.status_code == 200, where
        assert inline(response.content.decode()) == [], where
        policy = dict(part.split(maxsplit=1) for part in response["Content-Security-Policy"].split(";"))
        assert (policy["default-src"], policy["script-src"], policy["style-src"]) == ("'none'", "'self'", "'self'")


@pytest.mark.parametrize("name", NAMES)
def test_lists_take_the_same_queries_for_one_row_and_for_three(
    client: Client, one_of_each: dict[str, Model], name: str
) -> None:
    where = address(f"{name}_changelist")
    counts = []
    for number in range(3):
        with CaptureQueriesContext(connection) as found:
            assert client.get(where).status_code == 200
        counts.append(len(found))
        other = QuestionFactory(kind="multiple")
        place(other.scenario, blueprint(f"DOP-X{number}", weights=(60, 40)), "1.1")
        publishing.publish(other, by=None, at=NOW)
        Service.objects.create(slug=f"s{number}", name=f"S{number}")
    assert counts[0] == counts[1] == counts[2]
