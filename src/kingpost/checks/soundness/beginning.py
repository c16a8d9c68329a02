"""The walk over a whole workflow, from every record with which a case may begin."""

from collections.abc import Iterable, Mapping
from itertools import product

from kingpost.checks.soundness.acting import Acting, together
from kingpost.checks.soundness.acts import Act
from kingpost.checks.soundness.cells import Spread
from kingpost.checks.soundness.guards import OPEN
from kingpost.checks.soundness.plan import Plan
from kingpost.checks.soundness.positions import Block, Standing, empty_cell
from kingpost.checks.soundness.standing import Reached, needs_somebody
from kingpost.checks.soundness.walk import Common, Walk


def walk_workflow(plan: Plan) -> Walk:
    """Walk over a whole workflow, from every record with which a case may begin.

    What a stage asks of a record may come from the stage before it: where no new record has it,
    the walk begins with any record that has.
    """
    states = [state.id for state in plan.guards.item.states if state.begin]
    block = Block(plan)
    begun = _begin(block, states, _form(plan))
    if not begun.edges and plan.begins:
        states = [state.id for state in plan.guards.item.states]
        begun = _begin(block, states, plan.any_value(range(len(plan.guards.fields))))
    walk = Walk(Acting(block), Common(), begun.edges).run()
    walk.refused += begun.why
    return walk


def _form(plan: Plan) -> Mapping[int, tuple[int, ...]]:
    """Return the fields of the form that begins a case, with what each may hold."""
    required = {one.id for one in plan.guards.item.fields if one.required}
    begins = Act("", (), records=plan.workflow.begins.form, filled=tuple(required))
    return plan.written(begins)


def _begin(block: Block, states: Iterable[str], given: Mapping[int, tuple[int, ...]]) -> Standing:
    """Return how cases begin with records in some states, with some fields filled."""
    plan, guards = block.plan, block.plan.guards
    first = plan.workflow.steps[0].id
    asked = {state: _asked(plan, state) for state in states}
    texts = {text for some in asked.values() for text in some}
    matters = guards.lens(block.needs(first) | guards.uses(texts))
    cells = Spread(matters, given).over(empty_cell(plan))
    found: list[Standing] = []
    for state, cell in product(asked, cells):
        reached = Reached(block, state)
        truths = {text: guards.truth(text, cell, state) for text in asked[state]}
        refused = [text for text, truth in truths.items() if truth in {False, None}]
        for text in refused:
            reached.because(f"`{text}` does not hold", text)
        if not refused:
            reached.enter("", first, cell, state, sure=OPEN not in truths.values())
        found.append(reached.standing())
    return together(found)


def _asked(plan: Plan, state: str) -> tuple[str, ...]:
    """Return what must hold of a record in some state with which a case begins."""
    first = plan.workflow.steps[0]
    always = plan.always.get(state)
    # A step that names a state leaves this one at once; what needs nobody may mend the record.
    stays = first.state is None and needs_somebody(first)
    return (*plan.begins, always) if stays and always is not None else plan.begins
