"""The mechanics of moving a case: entering, leaving, routing, states, clocks and fields."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from kingpost.decisions.authority import addressed
from kingpost.decisions.case import Case, Clock, Plain, Token
from kingpost.decisions.changes import (
    Addressed,
    BranchEnded,
    CaseClosed,
    Change,
    ClockSet,
    Draft,
    Entered,
    FieldsSet,
    Left,
    StateSet,
)
from kingpost.decisions.commands import Facts
from kingpost.decisions.judging.clocks import budget_ms, calendar_of, stands_still
from kingpost.decisions.judging.rules import evaluate
from kingpost.decisions.program import Way, WorkflowProgram
from kingpost.decisions.record import expected, fits, to_value
from kingpost.decisions.refusals import (
    FieldNotAsked,
    FieldNotFitting,
    FieldsMissing,
    HandoverNotMet,
    InvariantBroken,
    MoveForbidden,
    RefusedError,
    Undecided,
)
from kingpost.decisions.transition import Measurement, Visit
from kingpost.model.intent import MetricKind
from kingpost.model.scope import CHANGED, ENTERED, STATE
from kingpost.model.workflow import (
    DONE,
    Decision,
    End,
    JoinKind,
    Parallel,
    RuleStep,
    Step,
    Task,
    Wait,
)
from kingpost.values.business_time import Calendar
from kingpost.values.identity import identify

# A chain of steps that need nobody is cut here: a loop of rules would otherwise never end.
AUTOMATIC_STEPS_MAX = 1000

_ZERO = Decimal(0)
_TIMED = (MetricKind.MEDIAN, MetricKind.PERCENTILE_85, MetricKind.MEAN)


class Work:
    """One decision in the making. Everything it does to the case is a change in `changes`.

    A rule that is broken on the way raises RefusedError; nothing outside this object has changed.
    """

    def __init__(self, program: WorkflowProgram, case: Case, facts: Facts) -> None:
        """Begin from the case at one version and the facts."""
        self.program = program
        self.case = case
        self.facts = facts
        self.draft = Draft(case, facts.now)
        self.changes: list[Change] = []
        self.visits: list[Visit] = []
        self.measurements: list[Measurement] = []
        self.explanations: list[dict[str, Any]] = []
        self.fields_changed = False
        self._values: dict[str, Any] | None = None
        self._ordinal = 0

    def change(self, change: Change) -> None:
        """Apply one change and keep it."""
        self.draft.apply(change)
        self.changes.append(change)
        self._values = None

    @property
    def values(self) -> dict[str, Any]:
        """Return what expressions may read now."""
        if self._values is None:
            self._values = case_values(self.program, self.draft)
        return self._values

    # Fields

    def given(
        self, step: str, allowed: Iterable[str], fields: Mapping[str, Plain]
    ) -> dict[str, Plain]:
        """Return the given fields, cleaned, or refuse the first that is not asked or not fitting."""
        known = tuple(allowed)
        cleaned: dict[str, Plain] = {}
        for name, value in fields.items():
            if name not in known:
                raise RefusedError(FieldNotAsked(name, step, known))
            field = self.program.fields[name]
            clean = clean_text(value) if isinstance(value, str) else value
            if not fits(field, clean, self.program.model.posts):
                raise RefusedError(FieldNotFitting(name, str(value)[:100], expected(field)))
            cleaned[name] = None if clean == "" else clean
        return cleaned

    def set_fields(self, fields: Mapping[str, Plain]) -> None:
        """Record fields; what is addressed or timed by one of them follows it at once."""
        before = self.draft.fields
        changed = {name: value for name, value in fields.items() if before.get(name) != value}
        if not changed:
            return
        self.change(FieldsSet(tuple(sorted(changed.items()))))
        self.fields_changed = True
        for token in list(self.draft.tokens.values()):
            step = self.program.places[token.step].step
            if isinstance(step, Task | Decision) and step.to.field in changed:
                self._readdress(token, step)
            if step.due is not None and step.due.field in changed and token.clock is not None:
                budget = budget_ms(step.due, self.draft.fields, self._calendar(token.clock))
                self.change(ClockSet(token.id, replace(token.clock, budget_ms=budget)))

    def require(self, step: str, names: Iterable[str]) -> None:
        """Refuse when one of the fields is empty."""
        missing = tuple(name for name in names if self.draft.fields.get(name) is None)
        if missing:
            raise RefusedError(FieldsMissing(step, missing))

    def _readdress(self, token: Token, step: Task | Decision) -> None:
        post = self._address(step)
        if post != token.post:
            self.change(Addressed(token.id, post))

    def _address(self, step: Task | Decision) -> str | None:
        value = self.draft.fields.get(step.to.field) if step.to.field else None
        return addressed(self.program, step.to, step.role, value)

    # States

    def set_state(self, target: str) -> None:
        """Move the record to a state, if the lifecycle has the move and the invariant holds."""
        draft = self.draft
        if draft.state == target:
            return
        if draft.state and not self.program.object.permits(draft.state, target):
            raise RefusedError(MoveForbidden(draft.state, target))
        if draft.state and draft.state_since is not None:
            self.visits.append(Visit("state", draft.state, draft.state_since, draft.at))
            stay = (draft.at - draft.state_since).total_seconds()
            self._measure(f"state/{draft.state}", seconds=stay)
        self.change(StateSet(target))

    def check_invariant(self) -> None:
        """Refuse when the record breaks the invariant of the state it is in."""
        always = self.program.always.get(self.draft.state)
        if always is not None and always.evaluate(self.values) is not True:
            raise RefusedError(InvariantBroken(self.draft.state, always.text))

    def check_handover(self, side: str) -> None:
        """Refuse when a stage's condition for starting or ending does not hold."""
        for condition in self.program.conditions:
            if condition.side == side and condition.holds.evaluate(self.values) is not True:
                raise RefusedError(HandoverNotMet(condition.stage, side, condition.holds.text))

    # Steps

    def enter(self, step_id: str, parent: str | None = None, branch: str | None = None) -> None:
        """Come to a step. Steps that need nobody are passed at once."""
        step = self.program.places[step_id].step
        if self._ordinal > AUTOMATIC_STEPS_MAX:
            raise RefusedError(Undecided(step_id, "a loop of steps that need nobody"))
        if step.state is not None:
            self.set_state(step.state)
        token = self._new_token_id()
        post = self._address(step) if isinstance(step, Task | Decision) else None
        self.change(Entered(token, step_id, parent, branch, post, self._clock(step, post)))
        match step:
            case RuleStep():
                answer = evaluate(self.program, self.program.tables[step.rule], self.values)
                self.explanations.append(answer.explained())
                self.set_fields(answer.result)
                self.leave(token)
                self.follow(step_id, parent, branch)
            case Parallel():
                for item in step.branches:
                    # An earlier branch may have ended the whole block at once.
                    if token in self.draft.tokens:
                        self.enter(item.steps[0].id, token, item.id)
            case End():
                self.leave(token)
                self._close()
            case _:
                return

    def leave(self, token_id: str, how: str = "completed") -> None:
        """Leave a step; what is open inside it is withdrawn."""
        for inner in [item for item in self.draft.tokens.values() if item.parent == token_id]:
            self.leave(inner.id, "withdrawn")
        token = self.draft.tokens[token_id]
        self.end_suspension_visit(token)
        self.visits.append(Visit("step", token.step, token.since, self.draft.at, how))
        if how == "completed":
            stay = (self.draft.at - token.since).total_seconds()
            self._measure(f"step/{token.step}", seconds=stay, token=token)
        self.change(Left(token_id, how))

    def follow(self, key: str, parent: str | None, branch: str | None) -> None:
        """Go on from a step that was left. key: of the compiled ways."""
        go = self._choose(key, self.program.ways[key])
        self.go(go, parent, branch)

    def go(self, target: str, parent: str | None, branch: str | None) -> None:
        """Go to a step of the same block, or out of the branch."""
        if target != DONE:
            self.enter(target, parent, branch)
            return
        assert parent is not None, "the check lets `done` stand in a branch only"
        assert branch is not None, "a token in a branch names it"
        self.change(BranchEnded(parent, branch))
        around = self.draft.tokens[parent]
        step = self.program.places[around.step].step
        assert isinstance(step, Parallel), "the parent of a token is a parallel step"
        if _is_over(step, around.done):
            self.leave(parent)
            self.follow(step.id, around.parent, around.branch)

    def end_suspension_visit(self, token: Token) -> None:
        """Note the stay in a suspension that ends now, if there is one."""
        why = token.suspension
        if why is not None:
            self.visits.append(Visit("exception", why.exception, why.since, self.draft.at))

    def refresh_clocks(self) -> None:
        """Stop or start each clock as the suspensions on its path say."""
        for token in list(self.draft.tokens.values()):
            clock = token.clock
            if clock is None:
                continue
            stands = stands_still(self.program, self.draft.tokens, token)
            if stands and clock.since is not None:
                spent = clock.spent_ms(self.draft.at, self._calendar(clock))
                self.change(ClockSet(token.id, replace(clock, consumed_ms=spent, since=None)))
            elif not stands and clock.since is None:
                self.change(ClockSet(token.id, replace(clock, since=self.draft.at)))

    # Within

    def _new_token_id(self) -> str:
        self._ordinal += 1
        name = f"{self.case.id}/{self.case.version + 1}/{self._ordinal}"
        return str(identify(self.draft.at, name))

    def _close(self) -> None:
        self.check_handover("end")
        self.change(CaseClosed())
        stay = (self.draft.at - self.case.started_at).total_seconds()
        self._measure("case", seconds=stay)

    def _choose(self, key: str, ways: tuple[Way, ...]) -> str:
        for way in ways:
            if way.when is None:
                return way.go
            truth = way.when.evaluate(self.values)
            # A condition that routes must be answered: null is no silent `else`.
            if truth is None:
                raise RefusedError(Undecided(key, way.when.text))
            if truth is True:
                return way.go
        raise AssertionError("the check wants an else")

    def _clock(self, step: Step, post: str | None) -> Clock | None:
        if step.due is None:
            return None
        calendar = calendar_of(self.program, post or self.program.workflow.owner)
        budget = budget_ms(step.due, self.draft.fields, calendar)
        return Clock(budget, 0, self.draft.at, calendar.name)

    def _calendar(self, clock: Clock) -> Calendar:
        return self.program.model.calendars[clock.calendar]

    def _measure(self, key: str, *, seconds: float, token: Token | None = None) -> None:
        for gauge in self.program.gauges.get(key, ()):
            metric, where = gauge.metric, gauge.where
            holds = True if where is None else where.evaluate(self.values) is True
            if metric.kind is MetricKind.SHARE and metric.within_due:
                if not holds or token is None or token.clock is None:
                    continue
                spent = token.clock.spent_ms(self.draft.at, self._calendar(token.clock))
                value = int(spent <= token.clock.budget_ms)
            elif metric.kind is MetricKind.SHARE:
                value = int(holds)
            elif not holds:
                continue
            else:
                value = round(seconds * 1000) if metric.kind in _TIMED else 1
            self.measurements.append(Measurement(metric.id, value))


def case_values(program: WorkflowProgram, case: Case | Draft) -> dict[str, Any]:
    """Return what expressions about a case may read: its record, `entered` and `changed`."""
    plain = case.fields
    record: dict[str, Any] = {
        name: to_value(field.type, plain.get(name)) for name, field in program.fields.items()
    }
    record[STATE] = case.state
    return {
        program.object.id: record,
        ENTERED: _counts(program.places, case.entered),
        CHANGED: _counts(program.fields, case.changed),
    }


def clean_text(text: str) -> str:
    """Return text in Unicode normal form C, without blanks around it.

    Half a surrogate pair, which no canonical form has, becomes the replacement character.
    """
    if text.isascii():
        return text.strip()
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return unicodedata.normalize("NFC", whole).strip()


def _counts(names: Iterable[str], counts: Mapping[str, int]) -> dict[str, Any]:
    """Return counts as numbers of the expression language; what never happened counts 0."""
    return dict.fromkeys(names, _ZERO) | {name: Decimal(count) for name, count in counts.items()}


def _is_over(step: Parallel, done: tuple[str, ...]) -> bool:
    match step.join:
        case JoinKind.ALL:
            return len(set(done)) == len(step.branches)
        case JoinKind.ANY:
            return bool(done)
        case JoinKind.NAMED:
            return set(step.named) <= set(done)


def is_open_work(step: Step) -> bool:
    """Tell whether a step is something that stands open for somebody or for a time."""
    return isinstance(step, Task | Decision | Wait)
