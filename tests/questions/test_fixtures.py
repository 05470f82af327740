"""The real fixtures: their form, the ledger of scenarios, enough questions everywhere, and forms drawn from them."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from statistics import fmean
from typing import Any

import pytest
import yaml
from django.core.management import call_command
from django.db import transaction
from jsonschema import Draft202012Validator

from exams.attempts import quotas
from exams.drawing import Candidate, Slot, draw
from questions import bank
from questions.audit import audit
from questions.interchange.yaml_files import read
from questions.models import Blueprint, Question, Revision, Scenario, Service
from questions.overview import overview
from questions.seeding import Seeding, seed
from tests.factories import NOW

FIXTURES = Path(__file__).resolve().parent.parent.parent / "fixtures"
SCHEMAS = sorted((FIXTURES / "schema").glob("*.json"))
FORMS = {
    "bank": sorted((FIXTURES / "bank").glob("*.yaml")),
    "blueprint": sorted((FIXTURES / "blueprints").glob("*.yaml")),
    "services": [FIXTURES / "services.yaml"],
    "misconceptions": [FIXTURES / "misconceptions.yaml"],
}
CAP = 7  # of a task in one form

# the 58 scenarios that the bank has to cover; the bank may have more
LEDGER = [
    "sdlc-beanstalk-blue-green",
    "sdlc-lambda-alias-cutover",
    "sdlc-lambda-weighted-alias",
    "sdlc-alb-route53-blue-green",
    "sdlc-opsworks-clone-stack",
    "sdlc-codecommit-poweruser",
    "sdlc-codedeploy-before-traffic",
    "sdlc-codedeploy-after-traffic",
    "sdlc-codecommit-pr-build",
    "sdlc-build-artifact-deploy",
    "sdlc-artifact-bucket-versioning",
    "sdlc-codebuild-slack",
    "sdlc-codedeploy-slack",
    "sdlc-pipeline-daily-run",
    "sdlc-lambda-canary-10-10",
    "sdlc-beanstalk-rolling-extra-batch",
    "sdlc-beanstalk-immutable",
    "iac-export-import",
    "iac-lambda-code-s3",
    "iac-lambda-inline",
    "iac-asg-replacing-update",
    "iac-opsworks-time-based",
    "iac-agentless-discovery",
    "iac-ecs-template-types",
    "mon-config-aggregator",
    "mon-cloudtrail-central-bucket",
    "mon-cloudtrail-log-validation",
    "mon-app-logs-agent",
    "mon-fargate-awslogs",
    "mon-logs-subscription",
    "mon-service-limits",
    "pol-buildspec-secrets",
    "pol-codecommit-deny-branch",
    "pol-s3-https-only",
    "pol-cheapest-secret-store",
    "pol-secret-rotation",
    "pol-managed-policies-by-role",
    "pol-ssm-automation-ami",
    "pol-session-manager-audit",
    "pol-ssm-inventory",
    "pol-patch-custom-baseline",
    "inc-s3-delete-notice",
    "inc-rds-failover-notice",
    "inc-exposed-access-key",
    "inc-ec2-maintenance-slack",
    "inc-health-events-sns",
    "inc-asg-launch-terminate-events",
    "inc-s3-data-events",
    "inc-pipeline-stage-failed",
    "inc-codedeploy-alarm-rollback",
    "inc-manual-approval-qa",
    "inc-opsworks-autoheal-events",
    "ha-multi-az",
    "ha-cross-region-replica",
    "ha-route53-failover",
    "ha-asg-one-one",
    "ha-lifecycle-launch",
    "ha-lifecycle-terminate-logs",
]


# ---- form ----


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.name)
def test_the_schemas_are_schemas(path: Path) -> None:
    schema = json.loads(path.read_text(encoding="utf-8"))
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    Draft202012Validator.check_schema(schema)


def test_there_is_a_schema_for_each_kind_of_file() -> None:
    assert [path.name for path in SCHEMAS] == [f"{name}.schema.json" for name in sorted(FORMS)]


def test_every_file_is_of_a_kind() -> None:
    known = {*SCHEMAS, *(path for paths in FORMS.values() for path in paths)}
    assert {path for path in FIXTURES.rglob("*") if path.is_file()} == known


@pytest.mark.parametrize(
    ("schema", "path"),
    [(schema, path) for schema, paths in FORMS.items() for path in paths],
    ids=lambda value: value.name if isinstance(value, Path) else value,
)
def test_every_file_has_the_form_of_its_schema(schema: str, path: Path) -> None:
    read(path, FIXTURES / "schema" / f"{schema}.schema.json")  # or it raises, with the line


@pytest.mark.parametrize(
    ("schema", "spoil"),
    [
        ("bank", lambda data: data.pop("solution")),
        ("bank", lambda data: data["questions"][0]["options"][0].pop("why")),
        ("bank", lambda data: data["questions"][0].update(kind="several")),
        ("bank", lambda data: data["questions"][0]["references"].clear()),
        ("bank", lambda data: data["questions"][0].update(surprise=1)),
        ("bank", lambda data: data["questions"].clear()),
        ("blueprint", lambda data: data["domains"][0].pop("weight")),
        ("blueprint", lambda data: data["scale"].update(middle=500)),
        ("services", lambda data: data[0].update(status="unknown")),
        ("misconceptions", lambda data: data[0].update(remedy="")),
    ],
)
def test_the_schemas_refuse_what_is_spoilt(schema: str, spoil: Any) -> None:
    data = yaml.load(FORMS[schema][0].read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506 - text only
    validator = Draft202012Validator(json.loads((FIXTURES / "schema" / f"{schema}.schema.json").read_text()))
    before = {(tuple(flaw.absolute_path), flaw.validator) for flaw in validator.iter_errors(data)}
    spoil(data)
    assert {(tuple(flaw.absolute_path), flaw.validator) for flaw in validator.iter_errors(data)} - before


# ---- the seeded bank ----


@pytest.fixture(scope="module")
def seeded(django_db_setup: None, django_db_blocker: Any) -> Iterator[Seeding]:
    """The real bank, seeded once for the tests below."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield seed(FIXTURES, at=NOW)
        transaction.set_rollback(True)


@pytest.fixture(params=["DOP-C02", "DOP-C01"])
def blueprint(request: pytest.FixtureRequest, seeded: Seeding, db: None) -> Blueprint:
    return Blueprint.objects.get(code=request.param)


def test_the_real_bank_is_seeded_and_all_of_it_is_published(seeded: Seeding, db: None) -> None:
    files = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in FORMS["bank"]]
    questions = [question["id"] for file in files for question in file["questions"]]
    assert seeded.left == []
    assert seeded.published == len(questions) == Revision.objects.live().count()
    assert set(Question.objects.values_list("slug", flat=True)) == set(questions)
    assert set(Scenario.objects.values_list("slug", flat=True)) == {path.stem for path in FORMS["bank"]}
    again = seed(FIXTURES, at=NOW)
    assert (again.created, again.changed, again.published, again.left) == (0, 0, 0, [])


def test_the_ledger_has_58_scenarios() -> None:
    assert len(set(LEDGER)) == len(LEDGER) == 58
    prefixes = Counter(slug.partition("-")[0] for slug in LEDGER)
    assert prefixes == {"sdlc": 17, "iac": 7, "mon": 7, "pol": 10, "inc": 11, "ha": 6}


@pytest.mark.parametrize("slug", LEDGER)
def test_each_scenario_of_the_ledger_has_two_questions_that_can_be_drawn(seeded: Seeding, db: None, slug: str) -> None:
    scenario = Scenario.objects.get(slug=slug)
    assert scenario.situation
    assert scenario.solution
    drawable = {
        one.question for of in Blueprint.objects.all() for one in bank.drawable(of) if one.scenario == scenario.pk
    }
    assert len(drawable) >= 2


def test_every_question_can_be_drawn_for_some_blueprint(seeded: Seeding, db: None) -> None:
    drawable = {one.question for of in Blueprint.objects.all() for one in bank.drawable(of)}
    assert list(Question.objects.exclude(pk__in=drawable).values_list("slug", flat=True)) == []


def test_no_published_question_has_a_flaw_that_is_an_error(seeded: Seeding, db: None) -> None:
    names = list(Service.objects.values_list("name", flat=True))
    found = {
        revision.question.slug: flaw.message
        for revision in Revision.objects.live().select_related("question")
        for flaw in audit(revision.parsed, service_names=names)
        if flaw.severity == "error"
    }
    assert found == {}


def test_the_command_finds_the_bank_in_order(seeded: Seeding, db: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("check_bank")
    assert (
        capsys.readouterr()
        .out.splitlines()[-1]
        .startswith(f"check_bank: {Revision.objects.live().count()} questions, 0 errors, ")
    )


# ---- what the bank promises ----

QUESTIONS = [
    (path.stem, question)
    for path in FORMS["bank"]
    for question in yaml.safe_load(path.read_text(encoding="utf-8"))["questions"]
]
# services that candidates meet as a name only, and some near the guide that may come later
MENTIONED = {"cognito", "direct-connect", "documentdb", "emr", "lambda-edge", "redshift", "vpn"}
LATER = {"compute-optimizer", "detective", "iam-access-analyzer", "managed-grafana", "managed-prometheus", "rds-proxy"}


def share(of: Callable[[dict[str, Any]], bool]) -> float:
    return sum(of(question) for _, question in QUESTIONS) / len(QUESTIONS)


def has_an_artefact(question: dict[str, Any]) -> bool:
    return any("```" in text for text in (question["stem"], *(option["text"] for option in question["options"])))


def test_the_bank_is_large() -> None:
    by_scenario = Counter(scenario for scenario, _ in QUESTIONS)
    assert len(QUESTIONS) >= 450
    assert len(by_scenario) >= 170
    assert max(by_scenario.values()) <= 5


def test_the_bank_is_mixed() -> None:
    assert 0.25 <= share(lambda question: question["kind"] == "multiple") <= 0.35
    assert share(has_an_artefact) >= 0.25
    assert share(lambda question: question["thinking"] == "fault") >= 0.2


def test_every_question_was_solved_and_rated_by_readers() -> None:
    found = {
        question["id"]
        for _, question in QUESTIONS
        if len(question["ratings"]) != 2
        or not any(set(one["chosen"]) == keys(question) for one in question.get("solved", []))
    }
    assert found == set()


def keys(question: dict[str, Any]) -> set[str]:
    return {option["key"] for option in question["options"] if option.get("correct")}


def test_misconceptions_are_shared_and_have_a_remedy() -> None:
    used = Counter(
        slug
        for _, question in QUESTIONS
        for slug in {option["misconception"] for option in question["options"] if "misconception" in option}
    )
    assert sum(count > 1 for count in used.values()) >= 60
    listed = yaml.safe_load(FORMS["misconceptions"][0].read_text(encoding="utf-8"))
    assert set(used) == {one["slug"] for one in listed}
    short = [one["slug"] for one in listed if not 2 <= len(re.findall(r"[.?!](?=\s|$)", one["remedy"].strip())) <= 4]
    assert short == []


def test_every_service_in_use_has_a_question(seeded: Seeding, db: None) -> None:
    there = {name for name, _ in overview().services}
    in_use = Service.objects.filter(status__in=["ok", "renamed"]).exclude(slug__in=MENTIONED | LATER)
    assert [one.slug for one in in_use if one.name not in there] == []


# ---- forms ----


# four forms without a repeat for the exam of today, two for the retired one
ENOUGH = {"DOP-C02": (4, [68, 52, 44, 44, 40, 52]), "DOP-C01": (2, [34, 28, 22, 14, 28, 24])}


def test_each_domain_fills_several_forms(blueprint: Blueprint) -> None:
    there = Counter(one.domain for one in bank.drawable(blueprint))
    _, wanted = ENOUGH[blueprint.code]
    assert {domain: count for domain, count in enumerate(wanted, 1) if there[domain] < count} == {}


@pytest.mark.parametrize("seed", range(5))
def test_forms_without_a_repeat(blueprint: Blueprint, seed: int) -> None:
    asked, unscored = quotas(blueprint, "all")
    left = candidates(blueprint)
    for _ in range(ENOUGH[blueprint.code][0]):
        form = draw(left, asked, Random(seed), unscored=unscored)  # or it raises what is short
        taken = {slot.revision for slot in form}
        left = [one for one in left if one.revision not in taken]


def test_each_task_has_questions(blueprint: Blueprint) -> None:
    there = Counter(one.task for one in bank.drawable(blueprint))
    least = 12 if blueprint.code == "DOP-C02" else 1
    tasks = [task.code for domain in blueprint.domains.all() for task in domain.tasks.all()]
    assert {code: there[code] for code in tasks if there[code] < least} == {}


def test_forms_are_of_a_like_difficulty(blueprint: Blueprint) -> None:
    """The mean of the ratings is the share that a just competent candidate is expected to get right."""
    asked, unscored = quotas(blueprint, "all")
    ratings = {question["id"]: fmean(question["ratings"]) for _, question in QUESTIONS}
    slugs = dict(Revision.objects.live().values_list("pk", "question__slug"))
    pool = candidates(blueprint)
    means = [
        fmean(ratings[slugs[slot.revision]] for slot in draw(pool, asked, Random(number), unscored=unscored))
        for number in range(100)
    ]
    assert min(means) >= 0.6
    assert max(means) <= 0.75


def candidates(blueprint: Blueprint) -> list[Candidate]:
    return [
        Candidate(one.revision, one.domain, one.task, one.scenario, None, one.answers)
        for one in bank.drawable(blueprint)
    ]


@pytest.mark.parametrize("counting", ["all", "aws"])
def test_two_hundred_forms_keep_every_law(blueprint: Blueprint, counting: str) -> None:
    pool = candidates(blueprint)
    asked, unscored = quotas(blueprint, counting)
    assert (sum(asked.values()), sum(unscored.values())) == (75, 0 if counting == "all" else 10)
    forms = [draw(pool, asked, Random(number), unscored=unscored) for number in range(100)]
    for form in forms:
        assert broken_laws(form, pool, asked, unscored) == []
    assert len({frozenset(slot.revision for slot in form) for form in forms}) == 100


def broken_laws(
    form: tuple[Slot, ...], pool: list[Candidate], asked: dict[int, int], unscored: dict[int, int]
) -> list[str]:
    """What a form breaks of: quotas, unscored places, no question twice, caps, every task, a scenario once."""
    known = {one.revision: one for one in pool}
    taken = [known[slot.revision] for slot in form]
    by_task = Counter((one.domain, one.task) for one in taken)
    by_scenario = Counter(one.scenario for one in taken)
    tasks = {(one.domain, one.task) for one in pool}
    free = [one for one in pool if one.scenario not in by_scenario and by_task[one.domain, one.task] < CAP]
    again = {one.domain for one in taken if by_scenario[one.scenario] > 1}
    laws = {
        "quotas": Counter(slot.domain for slot in form) == asked,
        "unscored": Counter(slot.domain for slot in form if not slot.scored) == Counter(unscored),
        "domains": all(slot.domain == known[slot.revision].domain for slot in form),
        "no question twice": len(known.keys() & {slot.revision for slot in form}) == len(form),
        "caps": max(by_task.values()) <= CAP,
        "every task": tasks == set(by_task),
        "a scenario once while others are left": not [one for one in free if one.domain in again],
    }
    return [law for law, kept in laws.items() if not kept]


def test_the_check_of_the_laws_finds_what_is_broken() -> None:
    """Four tasks of three questions in one domain; a form that breaks each law in turn."""
    pool = [Candidate(number, 1, f"1.{number % 4}", number) for number in range(12)]
    good = tuple(Slot(number, 1, scored=True) for number in range(6))
    assert broken_laws(good, pool, {1: 6}, {1: 0}) == []
    assert broken_laws(good, pool, {1: 5}, {1: 0}) == ["quotas"]
    assert broken_laws(good, pool, {1: 6}, {1: 1}) == ["unscored"]
    assert broken_laws((*good[:5], good[0]), pool, {1: 6}, {1: 0}) == [
        "no question twice",
        "a scenario once while others are left",
    ]
    assert broken_laws(tuple(Slot(n, 1, scored=True) for n in (0, 4, 8, 1, 2, 5)), pool, {1: 6}, {1: 0}) == [
        "every task"
    ]
    alike = [Candidate(number, 1, "1.1", number) for number in range(9)]
    many = tuple(Slot(number, 1, scored=True) for number in range(8))
    assert broken_laws(many, alike, {1: 8}, {1: 0}) == ["caps"]


def test_a_narrowed_question_is_drawn_for_its_blueprint_only(seeded: Seeding, db: None) -> None:
    narrowed = Question.objects.filter(blueprints__isnull=False).distinct()
    assert narrowed
    for question in narrowed:
        for of in Blueprint.objects.all():
            fits = question.blueprints.filter(pk=of.pk).exists()
            assert (question.pk in {one.question for one in bank.drawable(of)}) == fits, (question, of)
