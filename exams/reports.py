"""Read models of finished attempts. Writes nothing; what a report says is computed from the stored responses."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from itertools import pairwise

from accounts.models import User
from exams import scoring
from exams.encounters import is_slow, pace
from exams.models import Attempt, AttemptItem, reached, unpack
from exams.screen import letters
from questions import bank
from questions.content import Content
from questions.marking import mark

LEAST_OF_A_THIRD = 5  # with fewer questions chance says more than stamina
SERVICE_MINIMUM = 3  # fewer questions on a service say nothing


@dataclass(frozen=True)
class Row:
    """One question of a finished attempt. `locked` hides the key while the candidate sits it elsewhere."""

    attempt: Attempt
    item: AttemptItem
    content: Content
    about: bank.About
    right: bool
    slow: bool
    locked: bool

    @property
    def position(self) -> int:
        return self.item.position

    @property
    def flagged(self) -> bool:
        return self.item.flagged

    @cached_property
    def letters(self) -> dict[str, str]:
        """Option key by the letter that was shown."""
        return letters(self.attempt, self.item.position, self.content.prompt())

    @cached_property
    def yours(self) -> str:
        return self._shown(self.item.chosen)

    @property
    def key(self) -> str:
        return self._shown(self.content.keys)

    @property
    def first(self) -> str:
        return self._shown(unpack(self.item.first_response))

    @cached_property
    def change(self) -> str:
        """What became of the first complete answer: "right to wrong" and so on; empty where it stayed."""
        if not self.item.first_response or self.item.first_response == self.item.response:
            return ""
        before = bool(mark(self.content, unpack(self.item.first_response)))
        return f"{'right' if before else 'wrong'} to {'right' if self.right else 'wrong'}"

    @property
    def misconceptions(self) -> tuple[str, ...]:
        """Slugs of the mistakes that the wrong choices stand for."""
        return tuple(
            option.misconception
            for option in self.content.distractors
            if option.key in self.item.chosen and option.misconception
        )

    def _shown(self, keys: frozenset[str]) -> str:
        return ", ".join(letter for letter, key in self.letters.items() if key in keys)


@dataclass(frozen=True, slots=True)
class DomainRow:
    """A domain of the report; `band` is above, near or below the cut."""

    number: int
    name: str
    weight: int
    right: int
    total: int
    band: str
    time: timedelta

    @property
    def percent(self) -> int:
        return round(100 * self.right / self.total) if self.total else 0


@dataclass(frozen=True, slots=True)
class ServiceRow:
    name: str
    right: int
    total: int

    @property
    def percent(self) -> int:
        return round(100 * self.right / self.total)


@dataclass(frozen=True, slots=True)
class Idea:
    """A mistake that wrong choices stand for, and the questions where it showed."""

    slug: str
    name: str
    remedy: str
    positions: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Third:
    """A third of an exam in the order of its questions: how many were right, and the mean time of one."""

    first: int
    last: int
    right: int
    total: int
    pace: timedelta


FILTERS = ("all", "wrong", "flagged", "slow", "changed")


@dataclass(frozen=True)
class Report:
    """A finished attempt, ready to be shown."""

    attempt: Attempt
    rows: tuple[Row, ...]
    score: scoring.Score
    misconceptions: dict[str, tuple[str, str]]
    asked: int

    @property
    def pace(self) -> timedelta:
        """The time a question has, by the time that was allowed."""
        return timedelta(seconds=pace(self.attempt, self.asked))

    @cached_property
    def counted(self) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if row.item.scored)

    @cached_property
    def domains(self) -> tuple[DomainRow, ...]:
        """By domain; `time` covers all questions, right and total those that count."""
        seconds: Counter[int] = Counter()
        for row in self.rows:
            seconds[row.item.domain] += row.item.seconds  # type: ignore[assignment] # a Counter adds floats as well
        found = {one.domain: one for one in self.score.domains}
        return tuple(
            DomainRow(
                number=number,
                name=name,
                weight=weight,
                right=found[number].right,
                total=found[number].total,
                band=scoring.band(found[number].right, found[number].total, self.attempt.scale),
                time=timedelta(seconds=seconds[number]),
            )
            for number, name, weight in self.attempt.domains
            if number in found
        )

    @cached_property
    def weakest(self) -> DomainRow | None:
        """The domain with the lowest share, if one lies below or near the cut and they are not all alike."""
        weak = [domain for domain in self.domains if domain.band != "above"]
        if len({domain.right * 1000 // domain.total for domain in self.domains}) == 1:
            return None
        return min(weak, key=lambda domain: (domain.right / domain.total, domain.number), default=None)

    @cached_property
    def services(self) -> tuple[ServiceRow, ...]:
        """Services with enough questions, the weakest first."""
        tally: dict[str, list[bool]] = defaultdict(list)
        for row in self.counted:
            for service in row.about.services:
                tally[service].append(row.right)
        rows = [
            ServiceRow(name, sum(marks), len(marks)) for name, marks in tally.items() if len(marks) >= SERVICE_MINIMUM
        ]
        return tuple(sorted(rows, key=lambda row: (row.right / row.total, -row.total, row.name)))

    @cached_property
    def ideas(self) -> tuple[Idea, ...]:
        """Misconceptions behind wrong choices, the most frequent first."""
        places: dict[str, list[int]] = defaultdict(list)
        for row in self.rows:
            for slug in row.misconceptions:
                if not row.locked:
                    places[slug].append(row.position)
        ideas = [
            Idea(slug, *self.misconceptions[slug], tuple(found))
            for slug, found in places.items()
            if slug in self.misconceptions
        ]
        return tuple(sorted(ideas, key=lambda idea: (-len(idea.positions), idea.positions)))

    @cached_property
    def changes(self) -> dict[str, int]:
        """How many complete answers were changed, by what became of them; locked ones are left out."""
        found = Counter(row.change for row in self.filtered("changed"))
        return {name: found[name] for name in ("wrong to right", "right to wrong", "wrong to wrong")}

    @cached_property
    def thirds(self) -> tuple[Third, ...]:
        """Stamina: the exam in three parts, by place in the form. None where a locked question could be told from them."""
        if self.locked or len(self.rows) < 3 * LEAST_OF_A_THIRD:
            return ()
        ends = [round(len(self.rows) * part / 3) for part in range(4)]
        return tuple(_third(self.rows[start:end]) for start, end in pairwise(ends))

    @cached_property
    def sunk(self) -> timedelta:
        """Time spent on questions that were missed all the same; locked ones are left out."""
        return timedelta(seconds=sum(row.item.seconds for row in self.filtered("wrong")))

    @cached_property
    def time(self) -> timedelta:
        return self.attempt.ended_at - self.attempt.started_at

    @cached_property
    def left_out(self) -> int:
        """Questions of a drill that were not reached before it ended."""
        return self.asked - len(self.rows)

    @cached_property
    def unscored(self) -> int:
        return len(self.rows) - len(self.counted)

    @property
    def expired(self) -> bool:
        return self.attempt.submitted_at is None or self.attempt.submitted_at >= self.attempt.deadline

    def filtered(self, name: str) -> tuple[Row, ...]:
        """The rows of a filter; an unknown one shows all. `d4` are those missed in domain 4.

        Where a row is locked, being in a list must not tell whether it was right.
        """
        tests = {
            "wrong": lambda row: not row.right and not row.locked,
            "flagged": lambda row: row.flagged,
            "slow": lambda row: row.slow,
            "changed": lambda row: bool(row.change) and not row.locked,
        } | {
            f"d{domain.number}": lambda row, number=domain.number: (
                row.item.domain == number and not row.right and not row.locked
            )
            for domain in self.domains
        }
        test = tests.get(name)
        return tuple(filter(test, self.rows)) if test else self.rows

    def words(self, name: str) -> str:
        """A filter in words, for the caption of its list."""
        missed = {f"d{domain.number}": f"missed in {domain.name}" for domain in self.domains}
        return missed.get(name, name)

    def knows(self, name: str) -> bool:
        """Whether there is such a filter."""
        return name in FILTERS or name in {f"d{domain.number}" for domain in self.domains}

    @cached_property
    def counts(self) -> dict[str, int]:
        return {name: len(self.filtered(name)) for name in FILTERS}

    @cached_property
    def locked(self) -> int:
        """How many questions are being sat elsewhere."""
        return sum(row.locked for row in self.rows)

    @property
    def missed(self) -> int:
        return self.counts["wrong"]

    @property
    def first_wrong(self) -> int:
        """Where going through the missed ones begins; only asked where one was missed."""
        return self.filtered("wrong")[0].position


def _third(rows: tuple[Row, ...]) -> Third:
    seconds = sum(row.item.seconds for row in rows)
    return Third(
        first=rows[0].position,
        last=rows[-1].position,
        right=sum(row.right for row in rows),
        total=len(rows),
        pace=timedelta(seconds=seconds / len(rows)),
    )


class StillOpen(Exception):
    """The attempt takes answers, so nothing of its result may be shown."""


def report(*, user: User, attempt: int, at: datetime) -> Report:
    """The report of this candidate's closed attempt. Raises `Attempt.DoesNotExist` and `StillOpen`."""
    row = user.attempts.select_related("blueprint").get(pk=attempt)
    if row.is_open(at):
        raise StillOpen
    all_items = list(row.items.order_by("position"))
    items = reached(all_items)
    revisions = [item.revision_id for item in items]
    contents, abouts = bank.contents(revisions), bank.about(revisions)
    locked = _locked(user, row, at)
    rows = tuple(
        _row(row, item, contents[item.revision_id], abouts[item.revision_id], len(all_items), locked) for item in items
    )
    marks = (scoring.ItemMark(one.position, one.item.domain, int(one.right), one.item.scored) for one in rows)
    slugs = {slug for one in rows for slug in one.misconceptions}
    return Report(row, rows, scoring.score(marks, row.scale), bank.misconceptions(slugs), len(all_items))


def row_of(attempt: Attempt, item: AttemptItem, count: int) -> Row:
    """One question of an attempt with `count`, for the view that tells at once."""
    contents, abouts = bank.contents([item.revision_id]), bank.about([item.revision_id])
    return _row(attempt, item, contents[item.revision_id], abouts[item.revision_id], count, set())


def _row(attempt: Attempt, item: AttemptItem, content: Content, about: bank.About, count: int, locked: set[int]) -> Row:
    return Row(
        attempt=attempt,
        item=item,
        content=content,
        about=about,
        right=bool(mark(content, item.chosen)),
        slow=is_slow(item.seconds, attempt, count),
        locked=about.question in locked,
    )


def _locked(user: User, attempt: Attempt, at: datetime) -> set[int]:
    """Questions that the candidate is sitting in a mock exam right now."""
    mocks = Attempt.objects.open(at).filter(user=user, mode=Attempt.Mode.MOCK)
    sitting = list(mocks.exclude(pk=attempt.pk).values_list("pk", flat=True))
    if not sitting:
        return set()
    return set(AttemptItem.objects.filter(attempt__in=sitting).values_list("revision__question_id", flat=True))


@dataclass(frozen=True, slots=True)
class Verdict:
    """An option after the fact."""

    letter: str
    text: str
    why: str
    is_key: bool
    chosen: bool
    struck: bool
    misconception: str


def verdicts(row: Row, names: dict[str, tuple[str, str]]) -> tuple[Verdict, ...]:
    """All options of a question in the order of the attempt, each with its reason."""
    options = {option.key: option for option in row.content.options}
    return tuple(
        Verdict(
            letter=letter,
            text=options[key].text,
            why=options[key].why,
            is_key=options[key].correct,
            chosen=key in row.item.chosen,
            struck=key in row.item.struck_out,
            misconception=names.get(options[key].misconception, ("", ""))[0],
        )
        for letter, key in row.letters.items()
    )


__all__ = ["FILTERS", "Report", "Row", "StillOpen", "Verdict", "report", "row_of", "verdicts"]
