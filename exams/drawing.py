"""Which questions a form gets, and in which order their options are shown. Pure.

What must hold outranks what should: no revision twice and at most `cap` of a task; then one of each task; then a
scenario once while others are left; then what the candidate has never seen, or not for the longest time; then chance.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import chain
from math import inf
from operator import attrgetter
from random import Random


@dataclass(frozen=True, slots=True)
class Candidate:
    """A revision that may be drawn. Its scenario lies in one task, and the task in one domain.

    `seen` is when this person last met it (larger is later, None is never), `answers` how many the bank has on it.
    """

    revision: int
    domain: int
    task: str
    scenario: int
    seen: float | None = None
    answers: int = 0


@dataclass(frozen=True, slots=True)
class Slot:
    """One place of a form."""

    revision: int
    domain: int
    scored: bool


class Shortage(Exception):
    """Domains that cannot fill their quota: domain -> (needed, available), where the cap of a task counts."""

    def __init__(self, domains: dict[int, tuple[int, int]]) -> None:
        self.domains = domains
        words = (f"domain {domain} has {there} of {needed}" for domain, (needed, there) in domains.items())
        super().__init__("too few questions: " + ", ".join(words))


@dataclass(slots=True)
class _Draft:
    """The part of a form that comes from one domain, while it is being filled."""

    quota: int
    cap: int
    tasks: Counter[str]
    taken: dict[int, Candidate] = field(default_factory=dict)
    by_task: Counter[str] = field(default_factory=Counter)
    by_scenario: Counter[int] = field(default_factory=Counter)

    def allows(self, candidate: Candidate) -> bool:
        """Whether the cap holds, and enough places stay for the tasks that have no question yet.

        A refusal is final: later picks never make room again. That is why one pass over the candidates is enough.
        """
        if not self.by_task[candidate.task]:
            return True
        waiting = len(self.tasks) - len(self.by_task)
        return self.by_task[candidate.task] < self.cap and self.quota - len(self.taken) > waiting

    def take(self, ordered: Iterable[Candidate], count: int) -> list[Candidate]:
        """Take `count` more, the first that are allowed."""
        picked: list[Candidate] = []
        for candidate in ordered:
            if len(picked) == count:
                break
            if self.allows(candidate):
                self._add(candidate)
                picked.append(candidate)
        return picked

    def _add(self, candidate: Candidate) -> None:
        self.taken[candidate.revision] = candidate
        self.by_task[candidate.task] += 1
        self.by_scenario[candidate.scenario] += 1


def draw(
    candidates: Iterable[Candidate],
    quotas: Mapping[int, int],
    rng: Random,
    *,
    unscored: Mapping[int, int] | None = None,
    cap: int = 7,
) -> tuple[Slot, ...]:
    """Draw a form with exactly `quotas[domain]` questions a domain, shuffled over all domains.

    `unscored` says how many of each quota do not count. They go to the candidates with the fewest answers, since they
    are how a new question gets its statistics; the laws on caps, tasks and scenarios hold for them too.
    The result depends on the candidates as a set, the quotas and the state of `rng`, not on any order.
    Raises `Shortage`, which names every short domain, and `ValueError` when the arguments contradict each other.
    """
    unscored = unscored or {}
    for domain, count in unscored.items():
        if not 0 <= count <= quotas.get(domain, 0):
            raise ValueError(f"{count} unscored questions do not fit in domain {domain}")
    pools = _pools(candidates, quotas)
    tasks = {domain: Counter(candidate.task for candidate in pool) for domain, pool in pools.items()}
    _refuse_shortage(tasks, quotas, cap)
    slots: list[Slot] = []
    for domain in sorted(quotas):
        draft = _Draft(quotas[domain], cap, tasks[domain])
        slots += _draw_domain(draft, pools[domain], unscored.get(domain, 0), rng)
    rng.shuffle(slots)
    return tuple(slots)


def option_order(seed: int, position: int, keys: Sequence[str]) -> tuple[str, ...]:
    """The option keys of an item in the order shown: fixed for an attempt, and random over attempts and positions."""
    # Hashed first, since a blake2b key has at most 64 bytes and a seed may have any size.
    item = blake2b(f"{seed} {position}".encode()).digest()
    return tuple(sorted(keys, key=lambda key: blake2b(key.encode(), key=item).digest()))


def _pools(candidates: Iterable[Candidate], quotas: Mapping[int, int]) -> dict[int, list[Candidate]]:
    """The distinct candidates of each domain by revision."""
    pools: dict[int, list[Candidate]] = {domain: [] for domain in quotas}
    last: Candidate | None = None
    for candidate in sorted(candidates, key=attrgetter("revision")):
        if last is not None and candidate.revision == last.revision:
            if candidate != last:
                raise ValueError(f"revision {candidate.revision} is given twice, and differently")
            continue
        last = candidate
        if candidate.domain in pools:
            pools[candidate.domain].append(candidate)
    return pools


def _refuse_shortage(tasks: Mapping[int, Counter[str]], quotas: Mapping[int, int], cap: int) -> None:
    available = {domain: sum(min(cap, count) for count in tasks[domain].values()) for domain in sorted(quotas)}
    short = {domain: (quotas[domain], there) for domain, there in available.items() if there < quotas[domain]}
    if short:
        raise Shortage(short)


def _draw_domain(draft: _Draft, pool: list[Candidate], unscored: int, rng: Random) -> list[Slot]:
    rng.shuffle(pool)  # the sorts below are stable, so what they do not decide is left to chance
    news = draft.take(_in_order(draft, pool, lambda one: (one.answers, _last_seen(one))), unscored) if unscored else []
    rest = draft.take(_in_order(draft, pool, _last_seen), draft.quota - unscored)
    slots = [Slot(candidate.revision, candidate.domain, scored=False) for candidate in news]
    return slots + [Slot(candidate.revision, candidate.domain, scored=True) for candidate in rest]


def _in_order(
    draft: _Draft, pool: Iterable[Candidate], key: Callable[[Candidate], float | tuple[float, ...]]
) -> Iterable[Candidate]:
    """The candidates not yet taken: the best of each scenario, then the second best of each, and so on.

    A scenario that the draft has used starts so much later.
    """
    uses = draft.by_scenario.copy()
    rounds: defaultdict[int, list[Candidate]] = defaultdict(list)
    for candidate in sorted((one for one in pool if one.revision not in draft.taken), key=key):
        rounds[uses[candidate.scenario]].append(candidate)
        uses[candidate.scenario] += 1
    return chain.from_iterable(rounds[use] for use in sorted(rounds))


def _last_seen(candidate: Candidate) -> float:
    return -inf if candidate.seen is None else candidate.seen
