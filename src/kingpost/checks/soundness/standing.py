"""What becomes of a case that goes on from one record: where each act leads, or what stops it."""

from collections.abc import Iterable, Iterator

from kingpost.checks.soundness.acts import Act, Duty, changed_in
from kingpost.checks.soundness.cells import Cell
from kingpost.checks.soundness.guards import CAME, EMPTY, OPEN, Truth
from kingpost.checks.soundness.plan import Doing
from kingpost.checks.soundness.positions import (
    Block,
    Edge,
    Held,
    Position,
    Reason,
    Standing,
)
from kingpost.model.workflow import (
    End,
    Exceptional,
    Mark,
    Parallel,
    Route,
    RuleStep,
    Step,
)

# Steps that need nobody, where the case does not rest.
PASSING = (RuleStep, Mark)
_NO_TEXTS = frozenset[str]()
_NO_CHOICES = frozenset[int]()


class Reached:
    """What is found by going on from one record.

    A record that a person fills in may get any value. What is said to stand in the way is only
    of use where nothing else can be done.
    """

    def __init__(self, block: Block, state: str, held: Held = None) -> None:
        """Begin without any act. held: as of the position that is left."""
        self.block = block
        self.plan = block.plan
        self.state = state
        self.held = held
        self.told = 0
        self.tries = _NO_TEXTS
        self.balks = _NO_CHOICES
        self._edges: dict[Edge, None] = {}
        self._why: dict[Reason, None] = {}
        self._barred: set[str] = set()

    def standing(self) -> Standing:
        """Return what was found."""
        barred = frozenset(self._barred)
        return Standing(tuple(self._edges), tuple(self._why), barred=barred, balks=self.balks)

    def because(self, words: str, text: str | None) -> None:
        """Note what stands in the way of an act. text: the condition that it comes from."""
        self._why[Reason(words, self.plan.fields_in([text]))] = None

    def do(self, doing: Doing, cell: Cell, *, sure: bool = True, right: str | None = None) -> None:
        """Go on with the record as an act leaves it, if its evidence is there."""
        act, guards = doing.act, self.plan.guards
        granted = True if right is None else guards.truth(right, cell, self.state)
        kept = self._evidence(act.duties, cell, self.state)
        found = _all(granted, kept, self._is_sound(act, cell, self.state))
        if found is True or found is OPEN:
            self.told = int(doing.told)
            self.tries = doing.tries
            self.follow(act, cell, sure=sure and found is True and not doing.told)
        if doing.told and not self._edges:
            self.balks = frozenset({1})

    def _evidence(self, duties: tuple[Duty, ...], cell: Cell, state: str) -> Truth:
        """Tell whether the evidence is there that a step owes."""
        known = self.plan.guards.fields
        found: Truth = True
        for duty in duties:
            empty = [name for name in duty.holds if cell[known.index(name)] == EMPTY]
            applies = (
                True if duty.applies is None else self.plan.guards.truth(duty.applies, cell, state)
            )
            if empty and applies is True:
                words = f"evidence of `{duty.name}` needs `{empty[0]}`, which is empty"
                if not duty.name:
                    words = f"`{empty[0]}`, which says when it ends, is empty"
                self._why[Reason(words, self.plan.fields_in([duty.applies]))] = None
                found = False
            elif empty and applies is OPEN:
                found = _all(found, OPEN)
        return found

    def _is_sound(self, act: Act, cell: Cell, state: str) -> Truth:
        """Tell whether the state that a rule leaves behind suffers what the rule has set."""
        always = self.plan.always.get(state) if act.decides else None
        if always is None:
            return True
        found = self.plan.guards.truth(always, cell, state)
        if found is not True and found is not OPEN:
            self.because(f"`{always}` does not hold", always)
        return found

    def follow(self, act: Act, cell: Cell, *, sure: bool = True) -> None:
        """Go on from a step with a record, along the first way whose condition holds."""
        for go, certain in self._ways(act.routes, cell, self.state):
            self.enter(act.how, go, cell, self.state, sure=sure and certain)

    def _ways(
        self, routes: tuple[Route, ...], cell: Cell, state: str
    ) -> Iterator[tuple[str, bool]]:
        sure = True
        for route in routes:
            holds: Truth = True
            if route.when is not None:
                holds = self.plan.guards.truth(route.when, cell, state)
            if holds is True or holds is OPEN:
                sure = sure and holds is True
                yield route.go, sure
            if holds is True:
                return
            if holds is None:
                self.because(f"`{route.when}` has no answer", route.when)
                return

    def enter(self, how: str, go: str, cell: Cell, state: str, *, sure: bool = True) -> None:
        """Come to a step, if the lifecycle and what must always be true there let the case."""
        block, plan = self.block, self.plan
        cell = plan.guards.come(go, cell)
        step = plan.steps.get(go)
        back = self.held[1] if self.held else None
        passing = isinstance(step, PASSING)
        target = state
        if step is not None and step.state is not None:
            target, back = step.state, None
        elif back is not None and not passing:
            target, back = back, None
        if not self._may_move(state, target):
            self._barred.add(go)
            return
        held = ("", back) if back is not None else None
        aim = Position(go, block.lens(go).see(cell), self._known(target), held)
        found = _all(self._may_stand(step, cell, target), self._may_stay(step, cell, target))
        if found is True or found is OPEN:
            self._come(Edge(how, aim, sure and found is True, told=self.told))

    def _come(self, edge: Edge) -> None:
        """Note an act, and the same with what neighbours may have changed when it is done."""
        self._edges[edge] = None
        block, aim = self.block, edge.to
        if not block.shifting or isinstance(self.plan.steps.get(aim.step), PASSING):
            return
        # Where a case came once, it has come.
        came = [at for at in self.plan.guards.counting if aim.cell[at] == CAME]
        for cell in block.spread(aim.step, block.shifting).over(aim.cell):
            if cell != aim.cell and all(cell[at] == CAME for at in came):
                drifted = aim._replace(cell=cell)
                self._edges[Edge(edge.how, drifted, sure=False, drifts=True)] = None

    def _may_move(self, state: str, target: str) -> bool:
        # Where neighbours set the state, and where the move is forbidden, the checks of the
        # lifecycle say so.
        item = self.plan.guards.item
        return not state or not target or state == target or item.permits(state, target)

    def _may_stand(self, step: Step | None, cell: Cell, state: str) -> Truth:
        """Tell whether a record fulfils what its new state, and the end of a case, ask for."""
        if step is None or isinstance(step, RuleStep):
            return True
        texts = list(self.plan.ends) if isinstance(step, End) else []
        if step.state is not None and step.state in self.plan.always:
            texts.append(self.plan.always[step.state])
        found: Truth = True
        for text in texts:
            truth = self.plan.guards.truth(text, cell, state)
            if truth is not True and truth is not OPEN:
                if self._may_be_mended(step, text):
                    truth = OPEN
                else:
                    self.because(f"`{text}` does not hold", text)
            found = _all(found, truth)
        return found

    def _may_be_mended(self, step: Step, text: str) -> bool:
        """Tell whether rules that follow by the same act may change what a condition looks at."""
        plan, after = self.plan, list[Step]()
        if isinstance(step, Mark):
            after = plan.passed_after(step)
        elif isinstance(step, Parallel):
            after = [step]
        changed = plan.indices(changed_in(plan.acts, _begun(after)))
        return not plan.fields_in([text]).isdisjoint(changed)

    def _may_stay(self, step: Step | None, cell: Cell, state: str) -> Truth:
        """Tell whether what was recorded leaves the invariant of a state that no step names."""
        always = self.plan.always.get(state)
        if always not in self.tries or isinstance(step, PASSING):
            return True
        if step is not None and step.state is not None:
            return True
        found = self.plan.guards.truth(always, cell, state)
        if found is not True and found is not OPEN:
            # The last branch may lead to another state at once, and rules that begin branches may
            # mend it by the same act.
            if step is None or self._may_be_mended(step, always):
                return OPEN
            self.because(f"`{always}` does not hold", always)
        return found

    # Exceptions

    def suspend(
        self,
        step: Step,
        exception: Exceptional,
        cells: Iterable[Cell],
        how: str,
        *,
        sure: bool = True,
    ) -> None:
        """Suspend a step, with what may have been recorded there meanwhile."""
        before = self.held[1] if self.held else self.state
        state = exception.state or self.state
        if not self._may_move(self.state, state):
            self._barred.add(step.id)
            return
        for cell in cells:
            aim = Position(step.id, cell, self._known(state), (exception.id, before))
            self._come(Edge(how, aim, sure))

    def resume(self, step: Step, cell: Cell, how: str, *, sure: bool = True) -> None:
        """End a suspension: the record goes back to the state before it."""
        assert self.held is not None, "what is resumed was suspended"
        before = self.held[1]
        if self._may_move(self.state, before):
            self._come(Edge(how, Position(step.id, cell, self._known(before)), sure))
        else:
            self._barred.add(step.id)

    def _known(self, state: str) -> str:
        return state if self.block.steady else ""


def _all(*truths: Truth) -> Truth:
    """Return whether all hold; null counts as no."""
    for truth in truths:
        if truth is False or truth is None:
            return False
    return OPEN if OPEN in truths else True


def needs_somebody(step: Step) -> bool:
    """Tell whether a case rests at a step until somebody acts, in each branch of a parallel one."""
    if isinstance(step, Parallel):
        return all(needs_somebody(one.steps[0]) for one in step.branches)
    return not isinstance(step, PASSING)


def _begun(steps: Iterable[Step]) -> Iterator[Step]:
    """Yield steps; of parallel ones, those of the branches that begin without anybody."""
    for step in steps:
        if not isinstance(step, Parallel):
            yield step
            continue
        for branch in step.branches:
            if not needs_somebody(branch.steps[0]):
                yield from _begun(branch.steps)
