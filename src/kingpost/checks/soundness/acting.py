"""What can be done at the positions of a block, and by whom."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import product

from kingpost.checks.soundness.acts import Act
from kingpost.checks.soundness.branches.jams import Passed
from kingpost.checks.soundness.cells import Cell
from kingpost.checks.soundness.guards import OPEN, Truth
from kingpost.checks.soundness.positions import NOTHING, Block, Held, Position, Standing
from kingpost.checks.soundness.standing import Reached
from kingpost.model.workflow import Decision, End, Exceptional, Step, Task


class Acting:
    """What can be done at the positions of one block; what comes to the same is worked out once.

    An act leads to the same from all records that look alike once it is done, so that the cost is
    that of the ways on and not that of the positions.
    """

    def __init__(self, block: Block) -> None:
        """Begin with nothing worked out."""
        self.block = block
        self._known: dict[tuple[object, ...], Standing] = {}

    def stand(self, position: Position) -> Standing:
        """Return what can be done at a position of any step but a parallel one."""
        plan, gap = self.block.plan, False
        step = plan.steps.get(position.step)
        if step is None or isinstance(step, End):
            return NOTHING
        found: list[Standing] = []
        if position.held is not None and position.held[0]:
            found += self._resolve(step, position)
        elif isinstance(step, Decision):
            gap = self._decide(step, position, found)
        else:
            for act in plan.acts[step.id]:
                found += self._do(step, act, position)
        if step.id in plan.raised:
            found += self._interrupt(step, position)
        return together(found, gap=gap)

    def pass_on(
        self, step: Step, records: Iterable[tuple[Cell, str, int]], held: Held, *, sure: bool
    ) -> list[Passed]:
        """Return what becomes of a case that goes on from a parallel step, with each record.

        records: each with its state, and with the choice after which rules tell it, or 0.
        """
        found: list[Passed] = []
        for act, (cell, state, told) in product(self.block.plan.acts[step.id], records):
            reached = Reached(self.block, state, held)
            reached.told = told
            reached.follow(act, cell, sure=sure)
            standing = reached.standing()
            if told and not standing.edges:
                standing = standing._replace(balks=frozenset({told}))
            found.append(Passed(cell, state, standing))
        return found

    # Acts

    def _do(
        self,
        step: Step,
        act: Act,
        position: Position,
        *,
        sure: bool = True,
        right: str | None = None,
    ) -> Iterator[Standing]:
        """Do an act: record, hold the evidence, go on. right: what must be true afterwards too."""
        doing = self.block.plan.doing(step, act, self.block.leaving)
        for cell in doing.after.over(position.cell):
            key = (id(act), cell, position.state, position.held, right, sure)
            found = self._known.get(key)
            if found is None:
                reached = Reached(self.block, position.state, position.held)
                reached.do(doing, cell, sure=sure, right=right)
                found = self._known[key] = reached.standing()
            yield found

    def _decide(self, step: Decision, position: Position, found: list[Standing]) -> Truth:
        """Take each outcome that somebody in reach may take; tell whether there is none."""
        plan, cell, state = self.block.plan, position.cell, position.state
        gaps: list[Truth] = []
        groups = plan.rights[step.id]
        for rights in groups:
            best: Truth = False
            for act in plan.acts[step.id]:
                reported = act.outcome in plan.ungranted[step.id]
                texts = (None,) if reported else rights.get(act.outcome, ())
                for text in texts:
                    holds = True if text is None else plan.guards.truth(text, cell, state)
                    if holds is True or holds is OPEN:
                        best = True if best is True or holds is True else OPEN
                        sure = holds is True and len(groups) == 1
                        found += self._do(step, act, position, sure=sure, right=text)
            gaps.append(best)
        if all(best is True for best in gaps):
            return False
        return True if len(gaps) == 1 and gaps[0] is False else OPEN

    # Exceptions

    def _interrupt(self, step: Step, position: Position) -> Iterator[Standing]:
        """Raise each exception that may be raised here.

        Work beside the case records nothing, sets no state and leads nowhere: the case stands as it
        did. What is recorded on raising it could have been recorded without.
        """
        now = position.held[0] if position.held else ""
        for exception in self.block.plan.raised[step.id]:
            if exception.id != now and exception.alongside is None:
                yield self._raise(step, exception, position)

    def _raise(self, step: Step, exception: Exceptional, position: Position) -> Standing:
        aim = step.id if exception.divert is None else exception.divert
        recorded = self.block.plan.recorded[step.id]
        cells = self.block.spread(aim, recorded).over(position.cell)
        key = (step.id, exception.id, cells, position.state, position.held)
        found = self._known.get(key)
        if found is None:
            reached = Reached(self.block, position.state, position.held)
            how = f"by exception `{exception.id}`"
            # What is recorded by the way may break what must always be true.
            sure = not self.block.plan.tried(recorded)
            if exception.divert is None:
                reached.suspend(step, exception, cells, how, sure=sure)
            else:
                for cell in cells:
                    reached.enter(how, exception.divert, cell, position.state, sure=sure)
            found = self._known[key] = reached.standing()
        return found

    def _resolve(self, step: Step, position: Position) -> Iterator[Standing]:
        """End the suspension: the work goes on where it was, or is completed by the same act."""
        assert position.held is not None, "the caller has found a suspension"
        plan = self.block.plan
        exception = plan.workflow.exception(position.held[0])
        for ending in exception.endings if exception else ():
            if ending.completes and isinstance(step, Task):
                for act in plan.acts[step.id]:
                    yield from self._do(step, act, position)
            else:
                yield self._resume(step, position, f"by ending `{ending.id}`")
        if exception is not None and exception.errand is not None:
            # While nothing says when it ends, it does not end by itself.
            sure = exception.moment is None
            yield self._resume(step, position, f"when `{exception.id}` is over", sure=sure)

    def _resume(self, step: Step, position: Position, how: str, *, sure: bool = True) -> Standing:
        reached = Reached(self.block, position.state, position.held)
        reached.resume(step, position.cell, how, sure=sure)
        return reached.standing()


def together(found: Sequence[Standing], *, gap: Truth = False) -> Standing:
    """Return all that can be done, by whichever act."""
    if len(found) == 1 and gap is False:
        return found[0]
    return Standing(
        tuple(dict.fromkeys([edge for one in found for edge in one.edges])),
        tuple(dict.fromkeys([reason for one in found for reason in one.why])),
        gap,
        frozenset([step for one in found for step in one.barred]),
        frozenset([choice for one in found for choice in one.balks]),
    )
