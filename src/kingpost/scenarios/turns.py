"""Which way a case took wherever it could have taken another."""

from collections.abc import Iterator
from dataclasses import dataclass

from kingpost.decisions.case import Case
from kingpost.decisions.changes import Draft, Left
from kingpost.decisions.judging.values import case_values
from kingpost.decisions.program import WorkflowProgram
from kingpost.decisions.transition import Transition
from kingpost.model.workflow import Decision, Wait


@dataclass(frozen=True, slots=True)
class Turn:
    """A way that was taken.

    key:    of the compiled ways. index: from 0. when: its condition; None for the `else`.
    passed: the conditions before it, which did not hold.
    """

    key: str
    index: int
    go: str
    when: str | None
    passed: tuple[str, ...] = ()

    def __str__(self) -> str:
        if self.when is not None:
            return f"`{self.key}` led to `{self.go}`, since `{self.when}`"
        conditions = " nor ".join(f"`{text}`" for text in self.passed)
        return f"`{self.key}` led to `{self.go}`, since not {conditions}"


def turns(program: WorkflowProgram, before: Case, transition: Transition) -> Iterator[Turn]:
    """Yield the ways that a transition took at the steps which it completed, in order.

    The same conditions are asked again over the same values, since an event keeps where the case
    went and not why.
    """
    draft = Draft(before, transition.at)
    for change in transition.changes:
        token = draft.tokens.get(change.token) if isinstance(change, Left) else None
        draft.apply(change)
        if token is None or not isinstance(change, Left) or change.how != "completed":
            continue
        if token.step in program.workflow.errands:
            continue  # It leads nowhere.
        key = _key(program, token.step, transition)
        passed: list[str] = []
        for index, way in enumerate(program.ways[key]):
            if way.when is None or way.when.evaluate(case_values(program, draft)) is True:
                condition = way.when.text if way.when else None
                yield Turn(key, index, way.go, condition, tuple(passed))
                break
            passed.append(way.when.text)


def _key(program: WorkflowProgram, step: str, transition: Transition) -> str:
    """Return the key of the ways on from a step: of its outcome or message, or of itself."""
    choice = transition.body.get("choice")
    declared = program.places[step].step
    if step != transition.step or choice is None:
        return step
    chosen = isinstance(declared, Decision) or (
        isinstance(declared, Wait) and transition.kind == "delivered"
    )
    return f"{step}/{choice}" if chosen else step
