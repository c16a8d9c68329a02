"""A walk over every position that a case can come to, block by block.

A parallel step is one position of its block. Its branches are walked by themselves, with what
their neighbours may change taken as unknown, so that the cost is the sum of the branches and not
their product.

Source: W. van der Aalst, Verification of Workflow Nets, 1997, for soundness: a net of nested
blocks is sound when each block is.
"""

from collections import deque
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile

from kingpost.checks.soundness.acting import Acting, together
from kingpost.checks.soundness.branches.jams import Passed, jam
from kingpost.checks.soundness.branches.joining import Joined, choices, finals, is_over, join
from kingpost.checks.soundness.cells import POSITIONS_MAX, Cell, TooManyPositionsError
from kingpost.checks.soundness.positions import (
    NOTHING,
    Block,
    Edge,
    Position,
    Reason,
    Standing,
)
from kingpost.checks.soundness.standing import PASSING, Reached
from kingpost.model.workflow import DONE, Branch, Parallel


@dataclass(slots=True)
class Common:
    """What the walks over the blocks of one workflow have in common.

    left:   how many more positions may be looked at.
    inside: the branches, by step, branch, and what is known of their neighbours.
    walks:  those over branches, by branch and how it is begun.
    """

    left: int = POSITIONS_MAX
    inside: dict[tuple[str, str, frozenset[int], bool], Acting] = field(
        default_factory=dict[tuple[str, str, frozenset[int], bool], Acting]
    )
    walks: dict[tuple[Acting, tuple[Edge, ...]], "Walk"] = field(
        default_factory=dict[tuple[Acting, tuple[Edge, ...]], "Walk"]
    )

    def spend(self, count: int = 1) -> None:
        """Use some positions up. Raises: TooManyPositionsError."""
        self.left -= count
        if self.left < 0:
            raise TooManyPositionsError


@dataclass(slots=True)
class Walk:
    """What was found of one block.

    inner:   by position of a parallel step, by branch, the walks over the branches.
    refused: what stands in the way of beginning the block.
    passed:  by position of a parallel step, what becomes of each record that is left behind there.
    jammed:  by such a position, a record with which no case goes on.
    doubted: positions in which no case rests, and to which an act may be refused.
    """

    acting: Acting
    common: Common
    starts: tuple[Edge, ...]
    found: dict[Position, Standing] = field(default_factory=dict[Position, Standing])
    inner: dict[Position, dict[str, "Walk"]] = field(
        default_factory=dict[Position, "dict[str, Walk]"]
    )
    refused: list[Reason] = field(default_factory=list[Reason])
    passed: dict[Position, list[Passed]] = field(default_factory=dict[Position, list[Passed]])
    jammed: dict[Position, Passed] = field(default_factory=dict[Position, Passed])
    doubted: set[Position] = field(default_factory=set[Position])
    _begun: dict[tuple[str, str, Cell, str], "Walk"] = field(
        default_factory=dict[tuple[str, str, Cell, str], "Walk"]
    )
    _joins: dict[tuple[object, ...], Joined] = field(
        default_factory=dict[tuple[object, ...], Joined]
    )

    @property
    def block(self) -> Block:
        """Return the block that is walked over."""
        return self.acting.block

    def run(self) -> "Walk":
        """Walk from the starts to wherever a case can come. Raises: TooManyPositionsError."""
        waiting = deque(edge.to for edge in self.starts)
        while waiting:
            position = waiting.popleft()
            if position not in self.found:
                self.common.spend()
                self.found[position] = self._stand(position)
                waiting.extend(edge.to for edge in self.found[position].edges)
        self._refuse()
        self._jam()
        self._doubt()
        return self

    def _refuse(self) -> None:
        """Take back the acts that would lead to a step which needs nobody and cannot be passed.

        Such an act is refused: the case stays where it was.
        """
        lost = self._lost()
        for position in self.found if lost else ():
            standing = self.found[position]
            refused = [edge for edge in standing.edges if edge.to in lost]
            if refused and position not in lost:
                kept = tuple(edge for edge in standing.edges if edge.to not in lost)
                why = dict.fromkeys([*standing.why, *self._why([edge.to for edge in refused])])
                balks = standing.balks | {edge.told for edge in refused if edge.told}
                self.found[position] = standing._replace(edges=kept, why=tuple(why), balks=balks)
        self.refused = self._why([edge.to for edge in self.starts if edge.to in lost])
        self.starts = tuple(edge for edge in self.starts if edge.to not in lost)
        for position in lost:
            del self.found[position]
            self.inner.pop(position, None)

    def _lost(self) -> set[Position]:
        """Return the positions in which no case rests, and from which it comes to no such one."""
        passing = [position for position in reversed(self.found) if not self._rests(position)]
        lost = set(passing)
        growing = bool(lost)
        while growing:
            growing = False
            for position in passing:
                if position in lost and self._is_passed(position, lost):
                    lost.remove(position)
                    growing = True
        return lost

    def _is_passed(self, position: Position, lost: Container[Position]) -> bool:
        edges = self.found[position].edges
        return not self._is_shut(position) and any(edge.to not in lost for edge in edges)

    def _rests(self, position: Position) -> bool:
        step = self.block.plan.steps.get(position.step)
        return not isinstance(step, PASSING) and not self._is_closed(position)

    def _is_closed(self, position: Position) -> bool:
        """Tell whether some branch of a parallel step cannot be begun."""
        walks = self.inner.get(position)
        return walks is not None and not all(walk.found for walk in walks.values())

    def _is_shut(self, position: Position) -> bool:
        """Tell whether no case passes a parallel step, as a branch of it cannot be begun.

        The branches are begun in turn: those before it may be over at once, and the step with them.
        """
        if not self._is_closed(position):
            return False
        before = takewhile(lambda one: one[1].found, self.inner[position].items())
        step = self.block.plan.steps[position.step]
        assert isinstance(step, Parallel), "only parallel steps have walks inside"
        return not is_over(step, [name for name, walk in before if walk.needs_nobody()])

    def _jam(self) -> None:
        """Find the parallel steps from which a case does not go on, as branches leave it."""
        for position, passed in self.passed.items():
            step = self.block.plan.steps.get(position.step)
            if position in self.found and isinstance(step, Parallel):
                now = [self._kept(one) for one in passed]
                branches = {name: walk.found for name, walk in self.inner[position].items()}
                jammed = jam(self.block.plan, step, now, branches)
                if jammed is not None:
                    self.jammed[position] = jammed

    def _kept(self, passed: Passed) -> Passed:
        """Return what becomes of a case without the acts that were taken back."""
        standing = passed.standing
        lost = [edge.to for edge in standing.edges if edge.to not in self.found]
        if not lost:
            return passed
        edges = tuple(edge for edge in standing.edges if edge.to in self.found)
        return passed._replace(standing=standing._replace(edges=edges))

    def _doubt(self) -> None:
        """Find the positions in which no case rests, and which may not be passed."""
        passing = [one for one in reversed(self.found) if one in self.inner or not self._rests(one)]
        self.doubted = set(passing)
        growing = bool(passing)
        while growing:
            sure = [one for one in passing if one in self.doubted and self._is_surely_passed(one)]
            self.doubted.difference_update(sure)
            growing = bool(sure)

    def _is_surely_passed(self, position: Position) -> bool:
        if position in self.inner:
            begun = not any(
                walk.refused or any(edge.to in walk.doubted for edge in walk.starts)
                for walk in self.inner[position].values()
            )
            if not begun or not self.is_passed_at_once(position):
                return begun
        edges, why, _, barred, balks = self.found[position]
        leading = [edge for edge in edges if edge.to not in self.doubted]
        if why or barred or balks:
            return any(edge.sure for edge in leading)
        return any(edge.sure for edge in leading) or all(
            edge.told and edge.to not in self.doubted for edge in edges
        )

    def is_passed_at_once(self, position: Position) -> bool:
        """Tell whether a parallel step may be over as soon as it is begun, as it needs nobody."""
        step = self.block.plan.steps[position.step]
        assert isinstance(step, Parallel), "only parallel steps have walks inside"
        walks = self.inner[position]
        return is_over(step, [name for name, walk in walks.items() if walk.needs_nobody()])

    def needs_nobody(self) -> bool:
        """Tell whether the block may be left as soon as it is begun."""
        seen: set[Position] = set()
        waiting = [edge.to for edge in self.starts]
        while waiting:
            position = waiting.pop()
            if position.step == DONE:
                return True
            passes = not self._rests(position) or (
                position in self.inner and self.is_passed_at_once(position)
            )
            if passes and position not in seen:
                seen.add(position)
                waiting.extend(edge.to for edge in self.found[position].edges)
        return False

    def is_never_at_rest(self) -> bool:
        """Tell whether the block is left as soon as it is begun, whatever rules tell."""
        return not self.refused and not any(
            (self._rests(position) and position.step != DONE) or standing.balks or standing.why
            for position, standing in self.found.items()
        )

    def _why(self, refused: Sequence[Position]) -> list[Reason]:
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
        if seen and not why and not any(self.found[one].barred for one in seen):
            first = refused[0].step
            why[Reason(f"from `{first}` steps that need nobody lead round in a circle")] = None
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
            return self.acting.stand(position)
        walks = {branch.id: self._branch(step, branch, position) for branch in step.branches}
        self.inner[position] = walks
        if not is_over(step, {name for name, walk in walks.items() if any(walk.exits())}):
            return NOTHING
        records, sure = self._joined(step, position, walks)
        passed = self.acting.pass_on(step, records, position.held, sure=sure)
        self.passed[position] = passed
        found = together([one.standing for one in passed])
        return _perhaps(found) if self._may_be_shut(step, walks) else found

    # Parallel steps

    def _branch(self, step: Parallel, branch: Branch, position: Position) -> "Walk":
        """Return the walk over a branch; what begins alike is walked once."""
        acting = self._inside(step, branch)
        inside = acting.block
        first = branch.steps[0].id
        state = position.state if inside.steady else ""
        cell = inside.lens(first).see(self._begun_with(step, branch, position.cell))
        key = (step.id, branch.id, cell, state)
        if key not in self._begun:
            reached = Reached(inside, state)
            # Steps beside it that need nobody may have changed something before anybody can act.
            alone = not any(index in inside.shifting for index, _ in inside.needs(first))
            reached.enter("", first, cell, state, sure=alone)
            self._begun[key] = self._walked(acting, reached.standing())
        return self._begun[key]

    def _begun_with(self, step: Parallel, branch: Branch, cell: Cell) -> Cell:
        """Return a record as it is when a branch begins: the case has come to those before it.

        They are begun in turn, and nobody acts before all of them are.
        """
        at = step.branches.index(branch)
        rests = not isinstance(branch.steps[0], (*PASSING, Parallel))
        begun = step.branches if rests else step.branches[:at]
        for one in begun:
            cell = self.block.plan.guards.come(one.steps[0].id, cell)
        return cell

    def _inside(self, step: Parallel, branch: Branch) -> Acting:
        plan, block = self.block.plan, self.block
        beside = plan.beside[step.id, branch.id]
        shifting, steady = block.shifting | beside.fields, block.steady and not beside.sets
        key = (step.id, branch.id, shifting, steady)
        if key not in self.common.inside:
            inside = Block(plan, plan.leaves_branch(step, branch), shifting, steady)
            self.common.inside[key] = Acting(inside)
        return self.common.inside[key]

    def _walked(self, acting: Acting, begun: Standing) -> "Walk":
        key = (acting, begun.edges)
        if key not in self.common.walks:
            walk = Walk(acting, self.common, begun.edges).run()
            walk.refused += begun.why
            self.common.walks[key] = walk
        return self.common.walks[key]

    def _may_be_shut(self, step: Parallel, walks: Mapping[str, "Walk"]) -> bool:
        """Tell whether a branch cannot be begun and those before it may not be over at once."""
        over: list[str] = []
        for name, walk in walks.items():
            if not walk.found:
                return not is_over(step, over)
            if walk.is_never_at_rest():
                over.append(name)
        return False

    def _joined(self, step: Parallel, position: Position, walks: dict[str, "Walk"]) -> Joined:
        """Return what the record may be when the branches are over, and whether for certain."""
        plan = self.block.plan
        shown = plan.guards.lens(plan.leaves[step.id]).see(position.cell)
        key = (step.id, shown, position.state, *map(id, walks.values()))
        if key not in self._joins:
            ends = {name: choices(walk.starts, walk.found) for name, walk in walks.items()}
            last = {name: finals(walk.starts, walk.found) for name, walk in walks.items()}
            before, hasty = (shown, position.state), self.is_passed_at_once(position)
            records, exact = join(plan, step, before, ends, last, hasty=hasty)
            self.common.spend(len(records))
            sure = exact and all(walk.is_certain() for walk in walks.values())
            self._joins[key] = (records, sure)
        return self._joins[key]


def _perhaps(found: Standing) -> Standing:
    """Return what can be done where nothing of it need be possible, and nobody has a say in it."""
    told = max((edge.told for edge in found.edges), default=0) + 1
    edges = tuple(edge._replace(sure=False, told=told) for edge in found.edges)
    return found._replace(edges=edges, balks=found.balks | {told})
