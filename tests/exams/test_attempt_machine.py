"""Random sittings against a model in memory: whatever the order of acts, the rows are what the model says."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from exams import attempts
from exams.attempts import Change, Closed
from exams.models import GRACE, Attempt, AttemptItem, unpack
from exams.saving import Outcome
from questions.models import Blueprint, Placement, Task
from tests import factories
from tests.exams import acts
from tests.factories import NOW, UserFactory

POSITIONS = st.sampled_from([1, 1, 1, 2, 3])  # mostly one place, so that acts meet
KEYS = st.sets(st.sampled_from("abcd"), max_size=2).map(frozenset)


@dataclass
class Question:
    """What the model knows of one question."""

    key: frozenset[str]
    chosen: frozenset[str] = frozenset()
    first: frozenset[str] = frozenset()
    struck: frozenset[str] = frozenset()
    version: int = 0
    page: str = ""
    seq: int = 0
    flagged: bool = False
    note: str = ""
    seen: bool = False

    def outcome(self, change: Change) -> Outcome:
        """What must come of a change, said in another way than the statement says it."""
        same = change.chosen == self.chosen
        if change.page == self.page:
            if change.seq > self.seq:
                return Outcome.STORED
            if same:
                return Outcome.AGAIN
            return Outcome.CONFLICT if change.seq == self.seq else Outcome.SUPERSEDED
        if same and (change.seq <= 1 or change.version != self.version):
            return Outcome.AGAIN
        return Outcome.STORED if change.version == self.version else Outcome.CONFLICT

    def store(self, change: Change) -> None:
        self.chosen, self.page, self.seq = change.chosen, change.page, change.seq
        self.version += 1
        self.struck -= change.chosen
        if not self.first and len(change.chosen) == len(self.key):
            self.first = change.chosen


@dataclass
class Sitting:
    """What the model knows of an attempt."""

    row: Attempt
    questions: dict[int, Question] = field(default_factory=dict)
    position: int = 1
    submitted: datetime | None = None
    settled: datetime | None = None

    def is_open(self, at: datetime) -> bool:
        return not self.submitted and not self.settled and at < self.row.deadline + GRACE

    @property
    def right(self) -> int:
        return sum(question.chosen == question.key for question in self.questions.values())


class Machine(RuleBasedStateMachine):
    """One candidate with one exam of ten minutes, and a clock that only goes on."""

    blueprint: Blueprint

    def __init__(self) -> None:
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.at = NOW
        self.user = UserFactory()
        self.past: list[Sitting] = []

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)

    # ---- acts ----

    @initialize()
    def begin(self) -> None:
        self.sitting = self.started()

    def started(self) -> Sitting:
        row = acts.start(self.blueprint, self.user, at=self.at)
        questions = {
            item.position: Question(item.revision.parsed.keys) for item in row.items.select_related("revision")
        }
        questions[1].seen = True
        return Sitting(row, questions)

    @rule(seconds=st.sampled_from([0.5, 20, 90]))
    def wait(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)

    @rule(how=st.sampled_from(["submit", "settle", "settle", "wait for the last instant", "wait for the end"]))
    def end(self, how: str) -> None:
        """One rule, so that most acts find an open attempt."""
        closing = self.sitting.row.deadline + GRACE
        if how == "submit":
            self.submit()
        elif how == "settle":
            self.settle()
        else:
            self.at = max(self.at, closing - acts.INSTANT if how == "wait for the last instant" else closing)

    @rule()
    def start(self) -> None:
        """Again the same where one is open, else another one; what has expired is settled by it."""
        if self.is_open():
            assert acts.start(self.blueprint, self.user, at=self.at) == self.sitting.row
            return
        old, self.sitting = self.sitting, self.started()
        old.settled = old.settled or self.at
        self.past.append(old)
        assert self.sitting.row != old.row

    @rule(
        position=POSITIONS,
        keys=KEYS,
        page=st.sampled_from(["page-one", "page-two"]),
        behind=st.sampled_from([0, 0, 0, 1, -1]),
        seq=st.integers(1, 5),
        ago=st.sampled_from([0, 10, 100_000]),
    )
    def answer(self, position: int, keys: frozenset[str], page: str, behind: int, seq: int, ago: int) -> None:
        question = self.sitting.questions[position]
        version = max(question.version - behind, 0)
        change = Change(keys, version, page, seq, self.at - timedelta(seconds=ago))
        item = acts.item(self.sitting.row, position)
        if not self.is_open():
            with pytest.raises(Closed):
                attempts.answer(user=self.user, item=item, change=change, at=self.at)
            return
        expected = question.outcome(change)
        saved = attempts.answer(user=self.user, item=item, change=change, at=self.at)
        if expected is Outcome.STORED:
            question.store(change)
        assert (saved.outcome, saved.version, saved.chosen) == (expected, question.version, question.chosen)

    @rule(position=POSITIONS, on=st.booleans())
    def flag(self, position: int, on: bool) -> None:
        item = acts.item(self.sitting.row, position)
        if self.act(lambda: attempts.flag(user=self.user, item=item, on=on, at=self.at)):
            self.sitting.questions[position].flagged = on

    @rule(position=POSITIONS, key=st.sampled_from("abcd"), on=st.sampled_from([True, True, False]))
    def strike(self, position: int, key: str, on: bool) -> None:
        item = acts.item(self.sitting.row, position)
        question = self.sitting.questions[position]
        if self.act(lambda: attempts.strike(user=self.user, item=item, key=key, on=on, at=self.at)):
            question.struck = question.struck | {key} if on and key not in question.chosen else question.struck - {key}

    @rule(position=POSITIONS, text=st.sampled_from(["", "one", "two"]))
    def note(self, position: int, text: str) -> None:
        item = acts.item(self.sitting.row, position)
        if self.act(lambda: attempts.note(user=self.user, item=item, text=text, at=self.at)):
            self.sitting.questions[position].note = text

    @rule(leaving=POSITIONS, to=POSITIONS)
    def move(self, leaving: int, to: int) -> None:
        moment = {"shown": self.at - timedelta(seconds=30), "at": self.at}
        row = self.sitting.row.pk
        if self.act(lambda: attempts.move(user=self.user, attempt=row, leaving=leaving, to=to, **moment)):
            self.sitting.position, self.sitting.questions[to].seen = to, True

    def submit(self) -> None:
        ended = acts.submit(self.sitting.row, at=self.at)
        if self.is_open():
            self.sitting.submitted = self.at
        self.sitting.settled = self.sitting.settled or self.at
        assert (ended.submitted_at, ended.settled_at) == (self.sitting.submitted, self.sitting.settled)

    def settle(self) -> None:
        due = not self.is_open() and not self.sitting.settled
        assert attempts.settle(attempt=self.sitting.row.pk, at=self.at) is due
        if due:
            self.sitting.settled = self.at

    @precondition(lambda self: self.past)
    @rule()
    def answer_in_an_attempt_of_the_past(self) -> None:
        item = acts.item(self.past[-1].row, 1)
        with pytest.raises(Closed):
            attempts.flag(user=self.user, item=item, on=True, at=self.at)

    def is_open(self) -> bool:
        return self.sitting.is_open(self.at)

    def act(self, act: Callable[[], object]) -> bool:
        """Do it; True where it was taken, as it must be exactly while the attempt is open."""
        if self.is_open():
            act()
            return True
        with pytest.raises(Closed):
            act()
        return False

    # ---- what always holds ----

    @invariant()
    def rows_are_what_the_model_says(self) -> None:
        for sitting in [self.sitting, *self.past]:
            row = Attempt.objects.get(pk=sitting.row.pk)
            assert (row.submitted_at, row.settled_at) == (sitting.submitted, sitting.settled)
            assert row.right == (sitting.right if sitting.settled else None)
            assert (row.position, row.deadline) == (sitting.position, sitting.row.deadline)
            items = list(row.items.select_related("revision"))
            assert {item.position: stored(item) for item in items} == sitting.questions
            until = (min(self.at, row.deadline) - row.started_at).total_seconds()
            assert all(0 <= item.seconds <= until for item in items)


def stored(item: AttemptItem) -> Question:
    """A row as the model would know it."""
    return Question(
        key=item.revision.parsed.keys,
        chosen=item.chosen,
        first=unpack(item.first_response),
        struck=item.struck_out,
        version=item.version,
        page=item.page,
        seq=item.seq,
        flagged=item.flagged,
        note=item.note,
        seen=item.seen_at is not None,
    )


def test_random_sittings(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("secrets.randbits", lambda bits: 1)  # chance is hypothesis's, so that a failure comes again
    Machine.blueprint = factories.blueprint(weights=(100,), question_count=3, scored_count=3, minutes=10)
    tasks = Task.objects.filter(domain__blueprint=Machine.blueprint)
    questions = [factories.QuestionFactory(kind=kind) for kind in ("single", "multiple", "single")]
    for question, task in zip(questions, tasks, strict=True):
        Placement.objects.create(scenario=question.scenario, blueprint=Machine.blueprint, task=task)
    factories.published(questions)
    run_state_machine_as_test(Machine, settings=settings(max_examples=40, stateful_step_count=30, deadline=None))
