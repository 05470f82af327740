"""The figures of each step: medians of interleaved repeats, ratios of the same minutes, statements, bytes, aims."""

from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median
from typing import Any

from tests.benchmarks.database import queries
from tests.benchmarks.sides import Burst, Running, middle
from tests.benchmarks.steps import MATCHES, Person

REPEATS = 3
WARMING, GROUP = 8, 20  # people; in a repeat each submits and starts once
PEOPLE = WARMING + REPEATS * GROUP + 2
OPERATIONS = {"question page": 150, "save": 300, "save and next": 150, "submit": GROUP, "start": GROUP}
USUAL = 90


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the app and its floor, in ms an operation; `ratio` is of CPU times, `statements` are all round trips."""

    name: str
    match: str
    app: Burst
    floor: Burst
    ratio: float
    statements: list[str]
    sent: int

    @property
    def queries(self) -> int:
        return queries(self.statements)

    @property
    def missed(self) -> list[str]:
        """The aims that this step misses."""
        most = AIMS[self.name]
        found = {"ratio": self.ratio, "cpu": self.app.cpu, "queries": self.queries}
        return [f"{name} {found[name]:.4g} > {limit:g}" for name, limit in most.items() if found[name] > limit]

    def as_json(self) -> dict[str, Any]:
        """As it is kept in var/bench.json."""
        return {
            "step": self.name,
            "floor_step": self.match,
            "cpu_ms": round(self.app.cpu, 3),
            "server_cpu_ms": round(self.app.server, 3),
            "database_cpu_ms": round(self.app.database, 3),
            "p50_ms": round(self.app.wait, 3),
            "floor_cpu_ms": round(self.floor.cpu, 3),
            "floor_p50_ms": round(self.floor.wait, 3),
            "ratio": round(self.ratio, 3),
            "queries": self.queries,
            "round_trips": len(self.statements),
            "bytes": self.sent,
            "missed": self.missed,
            "statements": self.statements,
        }


# at most so much; what the exam page may weigh is in weight.py
AIMS: dict[str, dict[str, float]] = {
    "question page": {"queries": 10},
    "save": {"ratio": 1.2, "queries": 4},
    "save and next": {"cpu": 8, "queries": 10},
    "review screen": {"cpu": 12, "queries": 10},
    "submit": {"cpu": 5, "queries": 10},
    "report": {"cpu": 6.5, "queries": 10},
    "question review": {"queries": 10},
    "start": {"cpu": 8, "queries": 10},
}


def steps(app: Running, floor: Running) -> Iterator[Step]:
    """Every step on both sides in turn, repeated with other people each time."""
    for side in (app, floor):
        side.warm_up(side.people(WARMING), 240)
    repeats = [_repeat(app, floor) for _ in range(REPEATS)]
    counted = _counted(app)
    for name, match in MATCHES.items():
        pairs = [repeat[name] for repeat in repeats]
        yield Step(
            name=name,
            match=match,
            app=middle([ours for ours, _ in pairs]),
            floor=middle([theirs for _, theirs in pairs]),
            ratio=median(ours.cpu / theirs.cpu for ours, theirs in pairs),
            statements=counted[name][0],
            sent=counted[name][1],
        )


def _repeat(app: Running, floor: Running) -> dict[str, tuple[Burst, Burst]]:
    """One exam of a group on each side, step by step: app and floor are measured within the same seconds."""
    ours, theirs = app.people(GROUP), floor.people(GROUP)
    return {name: (_burst(app, ours, name), _burst(floor, theirs, name)) for name in MATCHES}


def _burst(running: Running, people: list[Person], step: str) -> Burst:
    return running.burst(step, people, OPERATIONS.get(step, USUAL))


def _counted(app: Running) -> dict[str, tuple[list[str], int]]:
    """Statements and bytes by step, of one person; logging them takes time, so nothing else is measured here."""
    [person] = app.people(1)
    with app.side.database.logged():
        return {step: app.statements(person, step) for step in MATCHES}
