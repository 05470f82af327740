"""The choice of a server: each kind by the same measure, with one client and with several at once."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

from tests.benchmarks.sides import Burst, Running, middle
from tests.benchmarks.steps import Person

STEPS = ("question page", "save", "save and next")
REPEATS = 5
CLIENTS = 8
PEOPLE = 3 * CLIENTS  # who warm up, who take turns, who come at once
OPERATIONS = 80
SECONDS = 1.5


@dataclass(frozen=True, slots=True)
class Load:
    """What several clients got without a pause: CPU-ms an operation, operations a second, waits in ms."""

    cpu: float
    rate: float
    p50: float
    p99: float


@dataclass(frozen=True, slots=True)
class Figures:
    """One kind of server, by step: one client, and several at once; memory of its processes in MB."""

    one: dict[str, Burst]
    several: dict[str, Load]
    memory: float


class Contender:
    """A kind of server with people who do not end their exam, so that they can go on in each repeat."""

    def __init__(self, server: Running) -> None:
        self.server = server
        server.warm_up(server.people(CLIENTS), 240)
        self.turns = server.people(CLIENTS)
        self.crowd = [person for _ in range(CLIENTS) for person in server.people(1, apart=True)]
        for person in self.turns + self.crowd:
            person.take("question page")

    def one(self, step: str) -> Burst:
        """They take a step in turn, on one connection."""
        return self.server.burst(step, self.turns, OPERATIONS)

    def several(self, step: str) -> Load:
        """They take a step over and over, each on a connection of their own."""
        before, until = sum(self.server.spent()), time.monotonic() + SECONDS
        with ThreadPoolExecutor(CLIENTS) as pool:
            found = list(pool.map(lambda person: _waits(person, step, until), self.crowd))
        waits = [wait for one in found for wait in one]
        cpu = (sum(self.server.spent()) - before) / len(waits)
        return Load(1000 * cpu, len(waits) / SECONDS, 1000 * median(waits), 1000 * quantiles(waits, n=100)[-1])

    @property
    def memory(self) -> float:
        """MB of all processes, shared pages divided among those who share them."""
        return sum(_memory(pid) for pid in self.server.server.processes)


def compare(running: dict[str, Running]) -> dict[str, Figures]:
    """All kinds in turn at each step, so that they share the same seconds; repeated, medians."""
    contenders = {kind: Contender(server) for kind, server in running.items()}
    turns = [(kind, step) for step in STEPS for kind in contenders]
    ones = [{(kind, step): contenders[kind].one(step) for kind, step in turns} for _ in range(REPEATS)]
    crowds = [{(kind, step): contenders[kind].several(step) for kind, step in turns} for _ in range(REPEATS)]
    return {
        kind: Figures(
            {step: middle([repeat[kind, step] for repeat in ones]) for step in STEPS},
            {step: middle([repeat[kind, step] for repeat in crowds]) for step in STEPS},
            contender.memory,
        )
        for kind, contender in contenders.items()
    }


def _waits(person: Person, step: str, until: float) -> list[float]:
    waits = []
    while time.monotonic() < until:
        waits.append(sum(reply.seconds for reply in person.take(step)))
    return waits


def _memory(pid: int) -> float:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
