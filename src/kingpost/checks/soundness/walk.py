"""A walk over every position that a case can come to, block by block.

A parallel step is one position of its block. Its branches are walked by themselves, with what
their neighbours may change taken as unknown, so that the cost is the sum of the branches and not
their product.

Source: W. van der Aalst, Verification of Workflow Nets, 1997, for soundness: a net of nested
blocks is sound when each block is.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import product

from kingpost.checks.soundness.acts import Act
from kingpost.checks.soundness.guards import OPEN, Cell
from kingpost.checks.soundness.plan import Changes, Plan
from kingpost.checks.soundness.positions import (
    POSITIONS_MAX,
    Block,
    Edge,
    Position,
    Reason,
    Standing,
    TooManyPositionsError,
    empty_cell,
)
from kingpost.checks.soundness.standing import Reached, stand
from kingpost.model.workflow import DONE, Branch, JoinKind, Mark, Parallel, RuleStep


@dataclass(slots=True)
class Budget:
    """How many more positions of a workflow may be looked at."""

    left: int = POSITIONS_MAX

    def spend(self, count: int = 1) -> None:
        """Use some up. Raises: TooManyPositionsError."""
        self.left -= count
        if self.left < 0:
            raise TooManyPositionsError


@dataclass(slots=True)
class Walk:
    """What was found of one block.

    inner:   by position of a parallel step, by branch, the walks over the branches.
    refused: what stands in the way of beginning the block.
    """

    block: Block
    budget: Budget
    starts: tuple[Edge, ...]
    found: dict[Position, Standing] = field(default_factory=dict[Position, Standing])
    inner: dict[Position, dict[str, "Walk"]] = field(
        default_factory=dict[Position, "dict[str, Walk]"]
    )
    refused: list[Reason] = field(default_factory=list[Reason])
    known: dict[tuple[str, str, frozenset[int], bool, tuple[Edge, ...]], "Walk"] = field(
        default_factory=dict[tuple[str, str, frozenset[int], bool, tuple[Edge, ...]], "Walk"]
    )

    def run(self) -> "Walk":
        """Walk from the starts to wherever a case can come. Raises: TooManyPositionsError."""
        waiting = deque(edge.to for edge in self.starts)
        while waiting:
            position = waiting.popleft()
            if position not in self.found:
                self.budget.spend()
                self.found[position] = self._stand(position)
                waiting.extend(edge.to for edge in self.found[position].edges)
        self._refuse()
        return self

    def _refuse(self) -> None:
        """Take back the acts that would lead to a step which needs nobody and cannot be passed.

        Such an act is refused: the case stays where it was.
        """
        passed = self._passed()
        lost = [position for position in self.found if position not in passed]
        for position in passed if lost else ():
            standing = self.found[position]
            kept = tuple(edge for edge in standing.edges if edge.to in passed)
            if len(kept) < len(standing.edges):
                refused = [edge for edge in standing.edges if edge.to not in passed]
                why = dict.fromkeys([*standing.why, *self._why(edge.to for edge in refused)])
                balks = standing.balks or any(edge.told for edge in refused)
                self.found[position] = replace(standing, edges=kept, why=tuple(why), balks=balks)
        self.refused = self._why(edge.to for edge in self.starts if edge.to not in passed)
        self.starts = tuple(edge for edge in self.starts if edge.to in passed)
        for position in lost:
            del self.found[position]
            self.inner.pop(position, None)

    def _passed(self) -> set[Position]:
        """Return the positions in which a case may rest, or from which it comes to such a one."""
        back: dict[Position, list[Position]] = {}
        passed: set[Position] = set()
        for position, standing in self.found.items():
            for edge in standing.edges:
                back.setdefault(edge.to, []).append(position)
            if self._rests(position):
                passed.add(position)
        waiting = list(passed)
        while waiting:
            for position in back.get(waiting.pop(), ()):
                if position not in passed and not self._is_closed(position):
                    passed.add(position)
                    waiting.append(position)
        return passed

    def _rests(self, position: Position) -> bool:
        step = self.block.plan.steps.get(position.step)
        return not isinstance(step, RuleStep | Mark) and not self._is_closed(position)

    def _is_closed(self, position: Position) -> bool:
        """Tell whether some branch of a parallel step cannot be begun."""
        return any(not walk.found for walk in self.inner.get(position, {}).values())

    def _why(self, refused: Iterable[Position]) -> list[Reason]:
        """Return what stands in the way behind steps that are not passed."""
        why: dict[Reason, None] = {}
        seen: set[Position] = set()
        waiting = list(refused)
        while waiting:
            position = waiting.pop(0)
            if position not in seen:
                seen.add(position)
                why.update(dict.fromkeys(self.found[position].why))
                for walk in self.inner.get(position, {}).values():
                    why.update(dict.fromkeys(walk.refused))
                waiting.extend(edge.to for edge in self.found[position].edges)
        return list(why)

    def exits(self) -> Iterator[Position]:
        """Yield the positions in which a branch is left."""
        return (position for position in self.found if position.step == DONE)

    def is_certain(self) -> bool:
        """Tell whether a case can go every way of the block for certain, neighbours aside."""
        every = (edge for standing in self.found.values() for edge in standing.edges)
        return all(edge.sure or edge.drifts for edge in (*self.starts, *every))

    def _stand(self, position: Position) -> Standing:
        step = self.block.plan.steps.get(position.step)
        if not isinstance(step, Parallel):
            return stand(self.block, position)
        walks = self._branches(step, position)
        self.inner[position] = walks
        reached = Reached(self.block, position)
        if _joins(step, {name for name, walk in walks.items() if any(walk.exits())}):
            cells, exact = self._joined(step, position, walks)
            sure = exact and all(walk.is_certain() for walk in walks.values())
            for act in self.block.plan.acts[step.id]:
                for cell, state in cells:
                    reached.follow(act, cell, state, sure=sure)
        return reached.standing()

    # Parallel steps

    def _branches(self, step: Parallel, position: Position) -> dict[str, "Walk"]:
        return {branch.id: self._branch(step, branch, position) for branch in step.branches}

    def _branch(self, step: Parallel, branch: Branch, position: Position) -> "Walk":
        """Return the walk over a branch; what begins alike is walked once."""
        plan, block = self.block.plan, self.block
        beside = plan.beside[step.id, branch.id]
        shifting, steady = block.shifting | beside.fields, block.steady and not beside.sets
        inside = Block(plan, plan.leaves_branch(step, branch), shifting, steady)
        state = position.state if steady else ""
        reached = Reached(inside, Position(step.id, position.cell, state))
        first = branch.steps[0].id
        # Steps beside it that need nobody may have changed something before anybody can act.
        alone = not any(index in shifting for index, _ in inside.needs(first))
        reached.enter("", first, position.cell, state, sure=alone)
        begun = reached.standing()
        key = (step.id, branch.id, shifting, steady, begun.edges)
        if key not in self.known:
            walk = Walk(inside, self.budget, begun.edges, known=self.known).run()
            walk.refused += begun.why
            self.known[key] = walk
        return self.known[key]

    def _joined(
        self, step: Parallel, position: Position, walks: dict[str, "Walk"]
    ) -> tuple[list[tuple[Cell, str]], bool]:
        """Return what the record may be when the branches are over, and whether just that."""
        plan, matters = self.block.plan, self.block.plan.leaves[step.id]
        changes = {name: plan.changes[step.id, name] for name in walks}
        together = Changes()
        exact = True
        looked_at = {index for index, _ in matters}
        for name, one in changes.items():
            touched = Changes(one.fields & looked_at, one.sets)
            both = touched.fields & together.fields or (touched.sets and together.sets)
            awaited = step.join is JoinKind.ALL or name in step.named
            exact &= not both and (awaited or touched == Changes())
            together |= touched
        shown = self.block.seen(position.cell, matters)
        if not exact:
            state = "" if together.sets else position.state
            every = self.block.spread(shown, self.block.any_value(together.fields), matters)
            return [(cell, state) for cell in every], False
        cells = {(shown, position.state): None}
        for name, walk in walks.items():
            one = changes[name]
            ends = {(end.cell, end.state) for end in walk.exits()} if one != Changes() else ()
            cells = {
                (_overlaid(cell, end, one.fields), new if one.sets else state): None
                for cell, state in cells
                for end, new in ends or ((cell, state),)
            }
            self.budget.spend(len(cells))
        return list(cells), True


def _joins(step: Parallel, leaving: set[str]) -> bool:
    """Tell whether a parallel step is ever over. leaving: the branches that can be left."""
    match step.join:
        case JoinKind.ALL:
            return len(leaving) == len(step.branches)
        case JoinKind.ANY:
            return bool(leaving)
        case JoinKind.NAMED:
            return set(step.named) <= leaving
        case JoinKind.COUNT:
            return len(leaving) >= step.count


def _overlaid(below: Cell, above: Cell, fields: frozenset[int]) -> Cell:
    return tuple(above[index] if index in fields else chosen for index, chosen in enumerate(below))


def walk_workflow(plan: Plan) -> Walk:
    """Walk over a whole workflow, from every record with which a case may begin.

    What a stage asks of a record may come from the stage before it: where no new record has it,
    the walk begins with any record that has.
    """
    states = [state.id for state in plan.guards.item.states if state.begin]
    begun = _begin(plan, states, _form(plan))
    if not begun.edges and plan.begins:
        states = [state.id for state in plan.guards.item.states]
        begun = _begin(plan, states, Block(plan).any_value(range(len(plan.guards.fields))))
    walk = Walk(Block(plan), Budget(), begun.edges).run()
    walk.refused += begun.why
    return walk


def _form(plan: Plan) -> Mapping[int, tuple[int, ...]]:
    """Return the fields of the form that begins a case, with what each may hold."""
    required = {one.id for one in plan.guards.item.fields if one.required}
    begins = Act("", (), records=plan.workflow.begins.form, filled=tuple(required))
    return plan.written(begins)


def _begin(plan: Plan, states: Iterable[str], given: Mapping[int, tuple[int, ...]]) -> Standing:
    """Return how cases begin with records in some states, with some fields filled."""
    block, first, guards = Block(plan), plan.workflow.steps[0].id, plan.guards
    matters = block.needs(first) | guards.uses(plan.begins)
    reached = Reached(block, Position(first, empty_cell(plan), ""))
    for state, cell in product(states, block.spread(empty_cell(plan), given, matters)):
        truths = {text: guards.truth(text, cell, state) for text in plan.begins}
        refused = [text for text, truth in truths.items() if truth in {False, None}]
        for text in refused:
            reached.because(f"`{text}` does not hold", text)
        if not refused:
            reached.enter("", first, cell, state, sure=OPEN not in truths.values())
    return reached.standing()
