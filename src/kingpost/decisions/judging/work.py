"""One decision in the making: the record, its state, what is measured, and the changes so far."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from kingpost.decisions.asking import holds
from kingpost.decisions.authority import addressed
from kingpost.decisions.case import Case, Plain, Suspension, Token
from kingpost.decisions.changes import (
    Addressed,
    Change,
    ClockSet,
    Draft,
    FieldsSet,
    StateSet,
    VotesLapsed,
)
from kingpost.decisions.commands import Facts, Parent
from kingpost.decisions.given import given
from kingpost.decisions.judging.clocks import calendar_named, due_clock, limit_clock, retimed
from kingpost.decisions.judging.values import Values, values_after
from kingpost.decisions.program import WorkflowProgram
from kingpost.decisions.refusals import (
    FieldsMissing,
    HandoverNotMet,
    InvariantBroken,
    MoveForbidden,
    RefusedError,
)
from kingpost.decisions.transition import Measurement, Request, Visit, Wanted
from kingpost.model.intent import MetricKind
from kingpost.model.workflow import Call, Decision, Exceptional, Run, Step, Task, Wait
from kingpost.values.identity import identify

_TIMED = (MetricKind.MEDIAN, MetricKind.PERCENTILE_85, MetricKind.MEAN)
_MILLISECONDS = 1000


class Work:
    """One decision in the making. Everything it does to the case is a change in `changes`.

    A rule that is broken on the way raises RefusedError; nothing outside this object has changed.

    passed:     how many steps the case came to in this decision.
    discharged: the obligations whose evidence it makes.
    released:   suspensions that it ends.
    asked:      by token, what a call that it comes to sends. again: the calls to be tried again.
    wanted:     by token, the cases that a step which it comes to begins. parent: of a new case.
    causes:     by token, why a call failed, or a case could not be begun. failing: that case.
    state_said: whether a step on the way named the record's state.
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
        self.explanations: list[Mapping[str, Any]] = []
        self.discharged: list[str] = []
        self.released: list[Suspension] = []
        self.asked: dict[str, Request] = {}
        self.wanted: dict[str, tuple[Wanted, ...]] = {}
        self.parent: Parent | None = None
        self.again: set[str] = set()
        self.causes: dict[str, str] = {}
        self.failing: str | None = None
        self.passed = 0
        self.state_said = False
        self._values = Values(program, self.draft)
        self._entered_state = False

    def change(self, change: Change) -> None:
        """Apply one change and keep it."""
        self.draft.apply(change)
        self.changes.append(change)
        self._values.follow(change)

    @property
    def values(self) -> dict[str, Any]:
        """Return what expressions may read now."""
        return self._values.current()

    def values_with(self, fields: Mapping[str, Plain]) -> dict[str, Any]:
        """Return what expressions would read if fields were recorded now."""
        before = self.draft.fields
        changed = {name: value for name, value in fields.items() if before.get(name) != value}
        return values_after(self.program, self.draft, changed) if changed else self.values

    def tokens(self) -> list[Token]:
        """Return where the case stands, in an order that does not depend on how it was kept."""
        tokens = self.draft.tokens
        return [tokens[name] for name in sorted(tokens)]

    def new_token_id(self) -> str:
        """Return the identity of the next token."""
        self.passed += 1
        name = f"{self.case.id}/{self.case.version + 1}/{self.passed}"
        return str(identify(self.draft.at, name))

    # Fields

    def given(
        self, step: str, allowed: Iterable[str], fields: Mapping[str, Plain]
    ) -> dict[str, Plain]:
        """Return the given fields, cleaned, or refuse one that is not asked or does not fit.

        Nor may they empty what is required. That is judged here, and not when they are recorded:
        what comes with a vote would otherwise be refused to whoever votes last.
        """
        cleaned = given(self.program, step, allowed, fields)
        self._refuse_emptied(cleaned)
        return cleaned

    def set_fields(self, fields: Mapping[str, Plain], leaving: str | None = None) -> bool:
        """Record fields; work that is addressed or timed by one of them follows it at once.

        leaving: the token that is left by the same act, and so stays as it is.
        Returns: whether anything changed.
        """
        before = self.draft.fields
        changed = {name: value for name, value in fields.items() if before.get(name) != value}
        if not changed:
            return False
        self.change(FieldsSet(tuple(sorted(changed.items()))))
        for token in self.tokens():
            if token.id != leaving:
                self._readdress(token, changed)
                self._ask_anew(token, changed)
        return True

    def require(self, step: str, names: Iterable[str]) -> None:
        """Refuse when one of the fields is empty."""
        missing = tuple(name for name in names if self.draft.fields.get(name) is None)
        if missing:
            raise RefusedError(FieldsMissing(step, missing))

    def _refuse_emptied(self, fields: Mapping[str, Plain]) -> None:
        """Refuse to empty what is required: the record began with it, and always has it."""
        before, known = self.draft.fields, self.program.fields
        emptied = tuple(
            name
            for name, value in fields.items()
            if value is None and before.get(name) is not None and known[name].required
        )
        if emptied:
            raise RefusedError(FieldsMissing(self.program.workflow.id, emptied))

    def address(self, step: Step) -> str | None:
        """Return the post to which a step's work goes; None for every post of its role.

        A call is laid on the post that answers for its failure, and so is what begins cases.
        """
        if isinstance(step, Run):
            return self.program.workflow.owner
        if isinstance(step, Call):
            return self.program.askings[step.id].contract.owner or self.program.workflow.owner
        if not isinstance(step, Task | Decision):
            return None
        value = self.draft.fields.get(step.to.field) if step.to.field else None
        return addressed(self.program, step.to, step.role, value)

    def _readdress(self, token: Token, changed: Mapping[str, Plain]) -> None:
        step = self.program.places[token.step].step
        post = token.post
        if isinstance(step, Task | Decision) and step.to.field in changed:
            post = self.address(step)
            if post != token.post:
                self.change(Addressed(token.id, post))
        if isinstance(step, Wait) and step.until in changed:
            limit = limit_clock(self.program, step, self.draft.fields, self.draft.at)
            self.change(ClockSet(token.id, limit, "limit"))
        if token.clock is None or step.due is None:
            return
        if post != token.post or step.due.field in changed:
            wanted = due_clock(self.program, step.due, self.draft.fields, post, self.draft.at)
            clock = retimed(self.program, token.clock, wanted)
            if clock != token.clock:
                self.change(ClockSet(token.id, clock))

    def _ask_anew(self, token: Token, changed: Mapping[str, Plain]) -> None:
        """Let votes lapse that were about another record, or given to another post's question."""
        step = self.program.places[token.step].step
        if token.votes and isinstance(step, Decision):
            moved = self.draft.tokens[token.id].post != token.post
            if moved or not changed.keys().isdisjoint(step.shows):
                self.change(VotesLapsed(token.id))

    # States

    def set_state(self, target: str) -> None:
        """Move the record to a state, if the lifecycle has the move."""
        draft = self.draft
        if draft.state == target:
            return
        if not self.program.object.permits(draft.state, target):
            raise RefusedError(MoveForbidden(draft.state, target))
        if self._entered_state:
            # The record only passes through; it must have been sound there as well.
            self.check_invariant()
        if draft.state_since is not None:
            self.visits.append(Visit("state", draft.state, draft.state_since, draft.at))
            self.measure(f"state/{draft.state}", draft.at - draft.state_since)
        self.change(StateSet(target))
        self._entered_state = True

    def check_invariant(self) -> None:
        """Refuse when the record breaks the invariant of the state it is in."""
        always = self.program.always.get(self.draft.state)
        if always is not None and not holds(always, self.values):
            raise RefusedError(InvariantBroken(self.draft.state, always.text))

    def check_handover(self, side: str) -> None:
        """Refuse when a stage's condition for starting or ending does not hold."""
        for condition in self.program.conditions:
            if condition.side == side and not holds(condition.holds, self.values):
                raise RefusedError(HandoverNotMet(condition.stage, side, condition.holds.text))

    # Suspensions

    def exception(self, why: Suspension) -> Exceptional:
        """Return the exception that a suspension names."""
        exception = self.program.workflow.exception(why.exception)
        assert exception is not None, "a suspension names an exception of its workflow"
        return exception

    def holding(self) -> Suspension | None:
        """Return a suspension that holds the record in its state, or None."""
        for token in self.tokens():
            why = token.suspension
            if why is not None and self.exception(why).state == self.draft.state:
                return why
        return None

    def end_suspension(self, token: Token) -> None:
        """Note that the suspension of a token ends now, if there is one."""
        why = token.suspension
        if why is not None:
            self.visits.append(Visit("exception", why.exception, why.since, self.draft.at))
            self.released.append(why)

    def release_state(self) -> None:
        """Return the record to where it was before the suspensions that ended.

        It stays where a step has put it meanwhile, or where another suspension holds it.
        """
        for why in self.released:
            held_here = self.exception(why).state == self.draft.state
            if held_here and not self.state_said and self.holding() is None:
                self.set_state(why.state_before)
        self.released.clear()

    # Measures

    def measure(self, key: str, stay: timedelta, token: Token | None = None) -> None:
        """Take down one value for each metric that looks at what has ended.

        key: of the gauges. stay: how long it lasted. token: of a step.
        """
        for gauge in self.program.gauges.get(key, ()):
            metric, where = gauge.metric, gauge.where
            counts = holds(where, self.values)
            if metric.kind is MetricKind.SHARE and not metric.within_due:
                value = int(counts)
            elif not counts:
                continue
            elif metric.kind is MetricKind.SHARE:
                if token is None or token.clock is None:
                    continue
                calendar = calendar_named(self.program.model, token.clock.calendar)
                value = int(token.clock.spent_ms(self.draft.at, calendar) <= token.clock.budget_ms)
            else:
                milliseconds = round(stay.total_seconds() * _MILLISECONDS)
                value = milliseconds if metric.kind in _TIMED else 1
            self.measurements.append(Measurement(metric.id, value))
