"""One case of a log carried out from its beginning, by the function that decides live work."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from kingpost.decisions.case import Case
from kingpost.decisions.commands import CLOCK, Actor, Command, Expire, Facts, Fail
from kingpost.decisions.decide import begin, decide
from kingpost.decisions.judging.clocks import wait_limit
from kingpost.decisions.program import Program
from kingpost.decisions.refusals import NotYourPost, OutsideAuthority, Refusal
from kingpost.decisions.transition import Transition
from kingpost.exchange.mapping.mapping import LogMapping
from kingpost.exchange.replay.commands import (
    NOT_STARTED,
    TIME_RUNS_BACK,
    Deviation,
    commands_for,
    start_of,
)
from kingpost.exchange.replay.rights import Rights
from kingpost.exchange.replay.rows import Row
from kingpost.model.workflow import Call
from kingpost.values.identity import derive, identify

_CAPITAL = re.compile(r"(?<!^)(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Frame:
    """What is the same for all cases of one import.

    shift:    added to every time of the log.
    until:    waits whose limit is not later than this have expired; in the shifted time.
    recorded: when it is written down.
    seed:     32 bytes from which the salts of all events are derived.
    """

    run: UUID
    shift: timedelta
    until: datetime
    recorded: datetime
    seed: bytes


@dataclass(frozen=True, slots=True)
class Deviant:
    """A deviation with its row. part: counts what deviates in one row, from 1."""

    row: Row
    part: int
    kind: str
    reason: str


@dataclass(slots=True)
class Replayed:
    """What the rows of one case came to. case: None when it could not even begin."""

    case: Case | None = None
    transitions: list[tuple[UUID, Transition]] = field(
        default_factory=list[tuple[UUID, Transition]]
    )
    deviants: list[Deviant] = field(default_factory=list[Deviant])
    conforming: int = 0
    unchanged: int = 0
    deviating: int = 0


def replay(
    program: Program, mapping: LogMapping, rights: Rights, frame: Frame, rows: Sequence[Row]
) -> Replayed:
    """Carry out the rows of one case, at least one, in their order."""
    run = _Run(program, mapping, rights, frame)
    return run.rows(rows)


def refusal_kind(refusal: object) -> str:
    """Return the kind of deviation that a refusal is: its name in kebab-case."""
    return _CAPITAL.sub("-", type(refusal).__name__).lower()


class _Run:
    """A case on its way through its rows."""

    def __init__(self, program: Program, mapping: LogMapping, rights: Rights, frame: Frame) -> None:
        self.program = program
        self.workflow = program.workflows[mapping.workflow]
        self.mapping = mapping
        self.rights = rights
        self.frame = frame
        self.result = Replayed()
        self.case: Case | None = None
        self.last: datetime | None = None

    def rows(self, rows: Sequence[Row]) -> Replayed:
        before: Row | None = None
        for row in rows:
            if before is None:
                self._first(row)
            elif self.case is None:
                self._deviate(row, NOT_STARTED, "the case of the row could not begin")
                self.result.deviating += 1
            else:
                self._row(row, before, done=0)
            before = row
        self._expire(self.frame.until, including=True)
        self.result.case = self.case
        return self.result

    def _first(self, row: Row) -> None:
        at = min(row.started or row.at, row.at) + self.frame.shift
        number = row.number
        case_id = identify(at, f"import/{self.frame.run}/{number}")
        fresh = begin(self.program, self.mapping.workflow, case_id, number, at)
        outcome = self._decide(fresh, start_of(self.mapping, row), row, at)
        if not isinstance(outcome, Transition):
            self._deviate(row, refusal_kind(outcome), str(outcome))
            self.result.deviating += 1
            return
        self._take(outcome)
        self._row(row, None, done=1)

    def _row(self, row: Row, before: Row | None, *, done: int) -> None:
        """Carry out one row. done: how many of its commands were accepted already."""
        at = row.at + self.frame.shift
        self._expire(at)
        known = len(self.result.deviants)
        assert self.last is not None, "the case has begun"
        if at < self.last:
            words = f"the row is earlier than what happened before it; taken as {self.last:%H:%M}"
            self._deviate(row, TIME_RUNS_BACK, words)
            at = self.last
        for item in commands_for(self.mapping, row, before, self._now):
            if isinstance(item, Deviation):
                self._deviate(row, item.kind, item.reason)
                continue
            outcome = self._decide(self._now(), item, row, at)
            if isinstance(outcome, Transition):
                done += 1
                self._take(outcome)
            else:
                self._deviate(row, refusal_kind(outcome), str(outcome))
        if len(self.result.deviants) > known:
            self.result.deviating += 1
        elif done:
            self.result.conforming += 1
        else:
            self.result.unchanged += 1

    def _now(self) -> Case:
        assert self.case is not None, "the case has begun"
        return self.case

    def _decide(self, case: Case, command: Command, row: Row, at: datetime) -> Transition | Refusal:
        held = self.rights.held(row.person, at) if row.person else ()
        facts = self._facts(case, Actor(row.person, row.interface, held), at)
        outcome = decide(self.program, case, command, facts)
        if isinstance(outcome, NotYourPost | OutsideAuthority) and held:
            vacant = self.rights.vacant(at)
            if vacant:
                return decide(self.program, case, command, replace(facts, vacant=vacant))
        return outcome

    def _facts(self, case: Case, actor: Actor, at: datetime) -> Facts:
        frame = self.frame
        seed = sha256(frame.seed + f"{case.id}/{case.version + 1}".encode()).digest()
        return Facts(at, frame.recorded, actor, seed=seed, origin="import")

    def _expire(self, at: datetime, *, including: bool = False) -> None:
        """Let waits end whose limit lies before a time, each at its limit."""
        while self.case is not None and self.case.closed_at is None:
            case = self.case
            limits = (
                (limit, token.id)
                for token in case.tokens.values()
                if (limit := wait_limit(self.workflow, token)) is not None
            )
            first = min(limits, default=None)
            if first is None or first[0] > at or (first[0] == at and not including):
                return
            limit = max(first[0], self.last or first[0])
            outcome = decide(self.program, case, Expire(first[1]), self._facts(case, CLOCK, limit))
            if not isinstance(outcome, Transition):
                return
            self._take(outcome)

    def _take(self, transition: Transition) -> None:
        self.case = transition.case
        self.last = transition.at
        key = derive(f"import/{transition.case.id}/{transition.case.version}")
        self.result.transitions.append((key, transition))
        self._fail_calls()

    def _fail_calls(self) -> None:
        """Let the calls fail that the case has come to: a log does not tell what was answered."""
        case = self._now()
        for token in case.tokens.values():
            step = self.workflow.places[token.step].step
            if isinstance(step, Call) and token.suspension is None:
                failing = Fail(token.id, "the log does not tell what was answered")
                facts = self._facts(case, CLOCK, self.last or case.latest)
                outcome = decide(self.program, case, failing, facts)
                if isinstance(outcome, Transition):
                    self._take(outcome)
                    return

    def _deviate(self, row: Row, kind: str, reason: str) -> None:
        deviants = self.result.deviants
        part = 1 + sum(item.row.line == row.line for item in deviants[-8:])
        deviants.append(Deviant(row, part, kind, reason))
