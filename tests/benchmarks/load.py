"""The choice of a server: each kind by the same measure, and several candidates at once."""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

from tests.benchmarks.sides import Burst, Running, middle
from tests.benchmarks.steps import Person

STEPS = ("question page", "save", "save and next")
REPEATS = 3
WARMING, GROUP, CLIENTS = 8, 10, 8  # people
OPERATIONS = 120
SECONDS = 3.0
PEOPLE = WARMING + REPEATS * (GROUP + CLIENTS)


@dataclass(frozen=True, slots=True)
class Load:
    """What several clients got without a pause: operations a second, waits in ms."""

    rate: float
    p50: float
    p99: float


@dataclass(frozen=True, slots=True)
class Figures:
    """One kind of server, by step: one client, and several at once; memory of its processes in MB."""

    one: dict[str, Burst]
    several: dict[str, Load]
    memory: float


def compare(running: dict[str, Running]) -> dict[str, Figures]:
    """All kinds in turn, repeated; medians."""
    for server in running.values():
        server.warm_up(server.people(WARMING), 240)
    ones = [{kind: _one(server) for kind, server in running.items()} for _ in range(REPEATS)]
    several = [{kind: _several(server) for kind, server in running.items()} for _ in range(REPEATS)]
    return {
        kind: Figures(
            {step: middle([repeat[kind][step] for repeat in ones]) for step in STEPS},
            {step: middle([repeat[kind][step] for repeat in several]) for step in STEPS},
            sum(_memory(pid) for pid in server.server.processes),
        )
        for kind, server in running.items()
    }


def _one(server: Running) -> dict[str, Burst]:
    people = server.people(GROUP)
    return {step: server.burst(step, people, OPERATIONS) for step in STEPS}


def _several(server: Running) -> dict[str, Load]:
    people = [person for _ in range(CLIENTS) for person in server.side.people(1, server.server.connect())]
    return {step: _together(people, step) for step in STEPS}


def _together(people: Sequence[Person], step: str) -> Load:
    """They take a step over and over, each on a connection of their own."""
    for person in people:
        person.take("question page")
    until = time.monotonic() + SECONDS
    with ThreadPoolExecutor(len(people)) as pool:
        waits = [wait for found in pool.map(lambda person: _waits(person, step, until), people) for wait in found]
    return Load(len(waits) / SECONDS, 1000 * median(waits), 1000 * quantiles(waits, n=100)[-1])


def _waits(person: Person, step: str, until: float) -> list[float]:
    waits = []
    while time.monotonic() < until:
        waits.append(sum(reply.seconds for reply in person.take(step)))
    return waits


def _memory(pid: int) -> float:
    """MB of a process, shared pages divided among those who share them."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
