"""A small folder of fixtures to seed from: a blueprint, two scenarios with two questions each."""

import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db.models import Model

from questions.models import (
    Blueprint,
    Domain,
    Misconception,
    Option,
    Placement,
    Question,
    Revision,
    Scenario,
    Service,
    Task,
)
from questions.seeding import Seeding, seed
from tests.factories import NOW

ROOT = Path(__file__).resolve().parent.parent.parent
LATER = NOW + timedelta(hours=1)
LAST = NOW + timedelta(hours=2)

BLUEPRINT = """\
code: DOP-X
name: An exam
question_count: 4
scored_count: 3
minutes: 10
scale: {min: 100, max: 1000, cut: 750}
domains:
  - number: 1
    name: First
    weight: 60
    tasks: {"1.1": One, "1.2": Two}
  - number: 2
    name: Second
    weight: 40
    tasks: {"2.1": Three}
"""
SERVICES = """\
- {slug: ec2, name: Amazon EC2, status: ok}
- {slug: chat, name: Amazon Q Developer, formerly: AWS Chatbot, status: renamed}
"""
MISCONCEPTIONS = """\
- slug: takes-one
  name: Takes one for the other
  remedy: Look.
- slug: takes-two
  name: Takes two
  remedy: >-
    Look
    twice.
"""
BANK = """\
scenario: one
title: The first
domains: {DOP-X: 1}
tasks: {DOP-X: "1.1"}
situation: Something is needed.
solution: It is got.
services: [ec2]
questions:
  - id: one-1
    kind: single
    thinking: design
    stem: |
      A case of the first kind.

      Which fits?
    options:
      - {key: d, text: Option d, why: Reason d, misconception: takes-one}
      - {key: a, text: Option a, correct: true, why: Reason a}
      - {key: b, text: Option b, why: Reason b, misconception: takes-two}
      - {key: c, text: Option c, why: Reason c, misconception: takes-two}
    rationale: The idea.
    references:
      - {title: A page, url: "https://docs.aws.amazon.com/a.html"}
    ratings: [0.5, 0.65]
    solved:
      - {on: 2026-11-20, chosen: [a], sure: high, note: Plain}
    verified: 2026-11-21
  - id: one-2
    kind: multiple
    thinking: fault
    blueprints: [DOP-X]
    services: [chat]
    stem: Which two of them fit?
    options:
      - {key: a, text: Option a, correct: true, why: Reason a}
      - {key: b, text: Option b, correct: true, why: Reason b}
      - {key: c, text: Option c, why: Reason c, misconception: takes-one}
      - {key: d, text: Option d, why: Reason d, misconception: takes-one}
      - {key: e, text: Option e, why: Reason e, misconception: takes-two}
    rationale: Another idea.
    references:
      - {title: A page, url: "https://docs.aws.amazon.com/b.html"}
    ratings: []
    verified: 2026-11-21
"""
TWO = BANK.replace("scenario: one", "scenario: two").replace("id: one-", "id: two-").replace("The first", "The second")
FILES = {
    "blueprints/dop-x.yaml": BLUEPRINT,
    "services.yaml": SERVICES,
    "misconceptions.yaml": MISCONCEPTIONS,
    "bank/one.yaml": BANK,
    "bank/two.yaml": TWO.replace("first kind", "second kind"),
}
MODELS: tuple[type[Model], ...] = (
    Blueprint,
    Domain,
    Task,
    Service,
    Misconception,
    Scenario,
    Placement,
    Question,
    Option,
    Revision,
    Scenario.services.through,
    Question.services.through,
    Question.blueprints.through,
)


def lay_out(folder: Path) -> Path:
    """Write the files into a folder, with the schemas of the repository beside them."""
    shutil.copytree(ROOT / "fixtures" / "schema", folder / "schema")
    for name, text in FILES.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def rewrite(folder: Path, name: str, old: str, new: str) -> None:
    """Replace the first `old` of a file."""
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")


def everything() -> dict[str, list[dict[str, Any]]]:
    """Every row of the bank."""
    return {model.__name__: list(model._default_manager.order_by("pk").values()) for model in MODELS}


def run(folder: Path, *, at: Any = LATER) -> tuple[int, int, int, list[str]]:
    done: Seeding = seed(folder, at=at)
    return done.created, done.changed, done.published, done.left
