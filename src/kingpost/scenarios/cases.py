"""Cases of other workflows in a story: they begin as they would, and end as the story says."""

from collections.abc import Mapping
from copy import copy
from datetime import datetime

from kingpost.decisions.case import Case, Token
from kingpost.decisions.commands import CLOCK, Command, Facts, Fail, Parent, Report, Start
from kingpost.decisions.decide import begin, decide
from kingpost.decisions.program import Program
from kingpost.decisions.transition import CaseChange, Transition, Wanted
from kingpost.model.records.written import plain_record
from kingpost.model.scenario import Answered, Written
from kingpost.model.scope import STATE
from kingpost.model.workflow import Run, Waits

# Scenarios hide nothing, so that the same story is the same to the byte.
SEED = bytes(32)


class Others:
    """The cases that the case of a story begins.

    wanted: by token, those that a step begins. begun: those that have begun.
    """

    def __init__(self, program: Program, ends: Mapping[str, tuple[Answered, ...]]) -> None:
        """Begin with none. ends: by step, how they end."""
        self.program = program
        self.ends = ends
        self.wanted: dict[str, CaseChange] = {}
        self.begun: set[str] = set()

    def copy(self) -> "Others":
        """Return one that goes on from here for itself."""
        other = copy(self)
        other.wanted, other.begun = dict(self.wanted), set(self.begun)
        return other

    def note(self, transition: Transition) -> None:
        """Note the cases that a transition wants."""
        wanted = (change for change in transition.cases if change.wanted)
        self.wanted.update((str(change.token), change) for change in wanted)

    def next(self, case: Case, facts: Facts) -> tuple[Command, str] | None:
        """Let the next one begin or end; return what the case is told, and of which workflow.

        None when nothing is left to do.
        """
        places = self.program.workflows[case.workflow].places
        for name in sorted(case.tokens):
            step = places[case.tokens[name].step].step
            command = (
                self._of(case, case.tokens[name], step, facts) if isinstance(step, Run) else None
            )
            if command is not None and isinstance(step, Run):
                return command, f"a case of {step.workflow}"
        return None

    def _of(self, case: Case, token: Token, step: Run, facts: Facts) -> Command | None:
        wanted, over = self._ends(token, step), {one.id for one in token.children if one.state}
        for one, end in wanted if token.suspension is None else ():
            if str(one.id) not in self.begun:
                parent = Parent(case.id, case.number, case.workflow, step.id, token.id)
                command = self._begin(parent, step, one, facts, fails=end is None)
                if command is not None:
                    return command
        for one, end in wanted if step.waits is not Waits.NONE else ():
            if end and str(one.id) in self.begun and str(one.id) not in over:
                return self._end(token, step, one, end)
        return None

    def _ends(self, token: Token, step: Run) -> list[tuple[Wanted, Answered]]:
        """Return how each ends: None when it cannot begin, empty when nothing is said of it."""
        said = self.ends.get(step.id) or ({},)
        wanted = self.wanted[token.id].wanted
        return [(one, said[min(place, len(said) - 1)]) for place, one in enumerate(wanted)]

    def _begin(
        self, parent: Parent, step: Run, one: Wanted, facts: Facts, *, fails: bool
    ) -> Command | None:
        """Let one begin by the function that decides it; None when nobody need be told."""
        begun = begin(self.program, step.workflow, one.id, str(one.id), facts.now)
        outcome = decide(self.program, begun, Start(one.form, parent), facts)
        if fails or not isinstance(outcome, Transition):
            cause = "it cannot begin" if isinstance(outcome, Transition) else str(outcome)
            return Fail(parent.token, cause, case=str(one.id))
        self.begun.add(str(one.id))
        if step.waits is Waits.NONE:
            return Report(parent.token, str(one.id), "", outcome.case.state)
        return None

    def _end(self, token: Token, step: Run, one: Wanted, written: Mapping[str, Written]) -> Command:
        item = self.program.workflows[step.workflow].object
        # Where a story does not say in which state, it is the first final one of the lifecycle.
        state = written.get(STATE) or next(state.id for state in item.states if state.end)
        record = {name: value for name, value in written.items() if name != STATE}
        fields = plain_record(self.program.model, item, record)
        return Report(token.id, str(one.id), "", str(state), fields)


def clock_at(now: datetime, vacant: frozenset[str]) -> Facts:
    """Return what the clock knows at a moment of a story."""
    return Facts(now, now, CLOCK, vacant, SEED)
