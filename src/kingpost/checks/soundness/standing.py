"""What can be done at one position, by whom, and where each act leads."""

from collections.abc import Iterator

from kingpost.checks.soundness.acts import Act, Duty, recorded_at
from kingpost.checks.soundness.guards import EMPTY, OPEN, Cell, Truth
from kingpost.checks.soundness.positions import Block, Edge, Position, Reason, Standing
from kingpost.model.workflow import (
    Decision,
    End,
    Exceptional,
    Mark,
    Route,
    RuleStep,
    Step,
    Task,
)


def stand(block: Block, position: Position) -> Standing:
    """Return what can be done at a position of any step but a parallel one."""
    step = block.plan.steps.get(position.step)
    if step is None or isinstance(step, End):
        return Standing()
    reached = Reached(block, position)
    held = position.held
    if held is not None and held[0]:
        reached.resolve(step, held)
    elif isinstance(step, Decision):
        reached.decide(step)
    else:
        for act in block.plan.acts[step.id]:
            reached.do(step, act)
    reached.interrupt(step)
    return reached.standing()


class Reached:
    """What is found at one position.

    A record that a person fills in may get any value. What is said to stand in the way is only
    of use where nothing else can be done.
    """

    def __init__(self, block: Block, position: Position) -> None:
        """Begin without any act."""
        self.block = block
        self.position = position
        self.plan = block.plan
        self.gap: Truth = False
        self.told = False
        self.balks = False
        self._came = False
        self._edges: dict[Edge, None] = {}
        self._why: dict[Reason, None] = {}
        self._barred: set[str] = set()

    def standing(self) -> Standing:
        """Return what was found."""
        barred = frozenset(self._barred)
        return Standing(tuple(self._edges), tuple(self._why), self.gap, barred, self.balks)

    def because(self, words: str, text: str | None) -> None:
        """Note what stands in the way of an act. text: the condition that it comes from."""
        self._why[Reason(words, self.plan.fields_in([text]))] = None

    # Acts

    def do(self, step: Step, act: Act, *, sure: bool = True, right: str | None = None) -> None:
        """Do an act: record, hold the evidence, go on. right: what must be true afterwards too."""
        block, plan = self.block, self.plan
        doing = plan.doing(step, act, block.leaving)
        told = doing.told
        for cell in block.spread(self.position.cell, doing.written, doing.matters):
            state = self.position.state
            granted = True if right is None else plan.guards.truth(right, cell, state)
            kept = self._evidence(act.duties, cell, state)
            sound = self._is_sound(step, act, cell, state)
            found = _all(granted, kept, sound)
            self._came = False
            if found is True or found is OPEN:
                self.told = told
                self.follow(act, cell, sure=sure and found is True and not told)
            self.balks |= told and not self._came

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

    def _is_sound(self, step: Step, act: Act, cell: Cell, state: str) -> Truth:
        """Tell whether the state that a rule leaves behind suffers what the rule has set."""
        always = self.plan.always.get(state) if act.decides and step.state else None
        return True if always is None else self.plan.guards.truth(always, cell, state)

    def follow(self, act: Act, cell: Cell, state: str | None = None, *, sure: bool = True) -> None:
        """Go on from a step with a record, along the first way whose condition holds."""
        now = self.position.state if state is None else state
        for go, certain in self._ways(act.routes, cell, now):
            self.enter(act.how, go, cell, now, sure=sure and certain)

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
        step = plan.steps.get(go)
        back = self.position.held[1] if self.position.held else None
        passing = isinstance(step, RuleStep | Mark)
        target = state
        if step is not None and step.state is not None:
            target, back = step.state, None
        elif back is not None and not passing:
            target, back = back, None
        if not self._may_move(state, target):
            self._barred.add(go)
            return
        shown = block.seen(cell, block.needs(go))
        held = ("", back) if back is not None else None
        aim = Position(go, shown, target if block.steady else "", held)
        found = self._may_stand(step, cell, target)
        if found is True or found is OPEN:
            self._come(Edge(how, aim, sure and found is True, told=self.told))

    def _come(self, edge: Edge) -> None:
        """Note an act, and the same with what neighbours may have changed when it is done."""
        self._edges[edge] = None
        self._came = True
        block, aim = self.block, edge.to
        if not block.shifting or isinstance(self.plan.steps.get(aim.step), RuleStep | Mark):
            return
        for cell in block.drifted(aim.cell, block.needs(aim.step)):
            if cell != aim.cell:
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
                self.because(f"`{text}` does not hold", text)
            found = _all(found, truth)
        return found

    # Decisions

    def decide(self, step: Decision) -> None:
        """Take each outcome for which somebody in reach has the authority."""
        cell, state = self.position.cell, self.position.state
        gaps: list[Truth] = []
        groups = self.plan.rights[step.id]
        for rights in groups:
            best: Truth = False
            for act in self.plan.acts[step.id]:
                reported = act.outcome in self.plan.ungranted[step.id]
                texts = (None,) if reported else rights.get(act.outcome, ())
                for text in texts:
                    holds = True if text is None else self.plan.guards.truth(text, cell, state)
                    if holds is True or holds is OPEN:
                        best = True if best is True or holds is True else OPEN
                        sure = holds is True and len(groups) == 1
                        self.do(step, act, sure=sure, right=text)
            gaps.append(best)
        if not all(best is True for best in gaps):
            self.gap = True if len(gaps) == 1 and gaps[0] is False else OPEN

    # Exceptions

    def interrupt(self, step: Step) -> None:
        """Raise each exception that may be raised here."""
        block, plan, position = self.block, self.plan, self.position
        now = position.held[0] if position.held else ""
        recorded = block.any_value(plan.indices(recorded_at(step)))
        for exception in plan.raised.get(step.id, ()):
            if exception.id == now:
                continue
            how = f"by exception `{exception.id}`"
            if exception.divert is not None:
                matters = block.needs(exception.divert)
                for cell in block.spread(position.cell, recorded, matters):
                    self.enter(how, exception.divert, cell, position.state)
            elif exception.alongside is None:
                self._suspend(step, exception, how)

    def _suspend(self, step: Step, exception: Exceptional, how: str) -> None:
        position, block = self.position, self.block
        before = position.held[1] if position.held else position.state
        state = exception.state or position.state
        if not self._may_move(position.state, state):
            self._barred.add(step.id)
            return
        recorded = block.any_value(self.plan.indices(recorded_at(step)))
        for cell in block.spread(position.cell, recorded, block.needs(step.id)):
            shown = block.seen(cell, block.needs(step.id))
            aim = Position(step.id, shown, state if block.steady else "", (exception.id, before))
            self._come(Edge(how, aim))

    def resolve(self, step: Step, held: tuple[str, str]) -> None:
        """End the suspension: the work goes on where it was, or is completed by the same act."""
        position, block = self.position, self.block
        exception = self.plan.workflow.exception(held[0])
        for ending in exception.endings if exception else ():
            if ending.completes and isinstance(step, Task):
                for act in self.plan.acts[step.id]:
                    self.do(step, act)
            elif not self._may_move(position.state, held[1]):
                self._barred.add(step.id)
            else:
                aim = Position(step.id, position.cell, held[1] if block.steady else "")
                self._come(Edge(f"by ending `{ending.id}`", aim))


def _all(*truths: Truth) -> Truth:
    """Return whether all hold; null counts as no."""
    if any(truth is False or truth is None for truth in truths):
        return False
    return OPEN if OPEN in truths else True
