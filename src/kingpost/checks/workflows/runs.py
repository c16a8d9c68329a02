"""Cases that steps of other cases begin: they may be, their forms are filled in, and it ends."""

from collections.abc import Collection, Iterator

from kingpost.checks.finding import Where, error, listed, of_step
from kingpost.checks.workflows.flow import diversions, ways_on
from kingpost.model.model import Model
from kingpost.model.objects import BusinessObject, Field, FieldClass, FieldType
from kingpost.model.scope import STATE, fill_of
from kingpost.model.workflow import DONE, End, JoinKind, Parallel, Run, Step, Waits, Workflow
from kingpost.values.diagnostic import Diagnostic

_PERSONAL = frozenset({FieldClass.PERSONAL, FieldClass.SENSITIVE})


def check_runs(model: Model) -> Iterator[Diagnostic]:
    """Find steps that begin what they may not, or leave a form empty or a value without a place."""
    for workflow in model.workflows.values():
        for step in workflow.all_steps():
            begun = model.workflows.get(step.workflow) if isinstance(step, Run) else None
            if isinstance(step, Run) and begun is not None:
                yield from _permitted(model, workflow, step, begun)
                yield from _filled(model, workflow, step, begun)
                yield from _brought(model, workflow, step, begun)


def _permitted(
    model: Model, workflow: Workflow, step: Run, begun: Workflow
) -> Iterator[Diagnostic]:
    where = of_step(workflow.id, step.id, "run")
    if workflow.id not in begun.begins.workflows:
        message = (
            f"step `{step.id}` begins workflow `{begun.id}`, which does not let"
            f" `{workflow.id}` begin it"
        )
        advice = f"Add `{workflow.id}` to `workflows` in `begins` of workflow `{begun.id}`."
        yield error(model, "KP0555", where, message, advice)
    own = model.objects.get(workflow.object)
    field = own.field(step.each) if own and step.each else None
    if field is not None and field.type is not FieldType.LIST:
        message = (
            f"step `{step.id}` begins a case for each of `{field.id}`, which is {field.type.value}"
        )
        advice = "Name a field of type `list`, or remove `each`."
        yield error(model, "KP0556", where.at("each"), message, advice)


def _filled(model: Model, workflow: Workflow, step: Run, begun: Workflow) -> Iterator[Diagnostic]:
    there = model.objects.get(begun.object)
    filled = {name for name, _ in fill_of(workflow, begun, step)}
    for field in there.fields if there else ():
        if field.required and field.id in begun.begins.form and field.id not in filled:
            where = of_step(workflow.id, step.id, "run")
            message = (
                f"step `{step.id}` leaves `{field.id}` empty, which a case of workflow"
                f" `{begun.id}` requires"
            )
            advice = f"Add `{field.id}` to `with`, with an expression for it."
            yield error(model, "KP0557", where, message, advice)


def _brought(model: Model, workflow: Workflow, step: Run, begun: Workflow) -> Iterator[Diagnostic]:
    own, there = model.objects.get(workflow.object), model.objects.get(begun.object)
    for here, name in step.brings if own and there else ():
        where = of_step(workflow.id, step.id, "run", "brings", here)
        field = own.field(here) if own else None
        other = _source(there, name) if there else None
        if step.waits is Waits.NONE:
            message = f"step `{step.id}` waits for no case, and so none brings `{here}`"
            yield error(model, "KP0558", where, message, "Write `waits: all` or `waits: any`.")
        elif field is not None and other is not None:
            yield from _fitting(model, step, (field, other), name, where)


def _source(there: BusinessObject, name: str) -> Field | None:
    if name == STATE:
        return Field(STATE, "State", FieldType.TEXT)
    return there.field(name)


def _fitting(
    model: Model, step: Run, fields: tuple[Field, Field], name: str, where: Where
) -> Iterator[Diagnostic]:
    """Find what a case brings that has no place in its field."""
    field, other = fields
    place = field.item if step.each is not None else field
    if place is None:
        message = f"each case of step `{step.id}` brings `{name}`, and `{field.id}` is no list"
        advice = f"Let `{field.id}` be a list of {other.type.value}."
        yield error(model, "KP0558", where, message, advice)
    elif place.type is not FieldType.TEXT and not _takes(place, other):
        message = (
            f"`{field.id}` takes {_kind(place)}, and step `{step.id}` brings `{name}`, which is"
            f" {_kind(other)}"
        )
        yield error(model, "KP0558", where, message, _advice(field.id, place, other))
    elif other.privacy in _PERSONAL and field.privacy not in _PERSONAL:
        message = f"`{name}` is {other.privacy.value}, and `{field.id}`, which it fills, is not"
        advice = f"Add `class: {other.privacy.value}` to field `{field.id}`."
        yield error(model, "KP0558", where, message, advice)


def _takes(place: Field, other: Field) -> bool:
    """Tell whether every value of another field has its place in a field."""
    if place.item is not None and other.item is not None:
        return _takes(place.item, other.item)
    if place.type is FieldType.DECIMAL and other.type is FieldType.INTEGER:
        return True
    one = place.type is other.type and place.currency == other.currency
    return one and not _strange(place, other)


def _strange(place: Field, other: Field) -> tuple[str, ...]:
    """Return the values of a choice that another choice does not have."""
    return tuple(choice for choice in other.choices if choice not in place.choices)


def _kind(field: Field) -> str:
    """Return the type of a field with all that decides which values fit it."""
    if field.item is not None:
        return f"a list of {_kind(field.item)}"
    if field.choices:
        return f"a choice of {listed(field.choices)}"
    return f"{field.type.value} in {field.currency}" if field.currency else field.type.value


def _advice(name: str, place: Field, other: Field) -> str:
    if place.item is not None and other.item is not None:
        return _advice(name, place.item, other.item)
    if place.type is not other.type:
        return "Name fields of one type."
    if place.type is FieldType.MONEY:
        return "Name fields of one currency."
    return f"Add {listed(_strange(place, other))} to the choices of `{name}`."


# --- it ends --------------------------------------------------------------------------------------


def check_endless_runs(model: Model) -> Iterator[Diagnostic]:
    """Find workflows that begin each other for ever, whichever way their cases go."""
    # One that goes round in circles all by itself is told of as such, and not as one of these.
    endless = {one.id: one for one in model.workflows.values() if _ends(one, one.steps, ())}
    shrinking = True
    while shrinking:
        ending = [name for name, one in endless.items() if _ends(one, one.steps, endless)]
        shrinking = bool(ending)
        for name in ending:
            del endless[name]
    for name, workflow in endless.items():
        runs = [
            step
            for step in workflow.all_steps()
            if isinstance(step, Run) and _leads_into(step, endless)
        ]
        message = (
            f"a case of workflow `{name}` always begins one of"
            f" {listed(dict.fromkeys(step.workflow for step in runs), 'or')}, and this goes on"
            f" without end"
        )
        where = of_step(name, runs[0].id, "run")
        yield error(model, "KP0559", where, message, "Let a way lead to the end past the step.")


def _leads_into(step: Step, endless: Collection[str]) -> bool:
    """Tell whether a step always begins one of the workflows: of an empty list it begins none."""
    return isinstance(step, Run) and step.each is None and step.workflow in endless


def _ends(workflow: Workflow, block: tuple[Step, ...], endless: Collection[str]) -> bool:
    """Tell whether some way leads out of a block without beginning one of the workflows."""
    steps = {step.id: step for step in block}
    waiting, seen = [block[0].id], set[str]()
    while waiting:
        name = waiting.pop()
        step = steps.get(name)
        if name == DONE or isinstance(step, End):
            return True
        if step is not None and name not in seen and _is_passed(workflow, step, endless):
            waiting += (*ways_on(step), *diversions(workflow, step))
        seen.add(name)
    return False


def _is_passed(workflow: Workflow, step: Step, endless: Collection[str]) -> bool:
    """Tell whether a case may come past a step without beginning one of the workflows."""
    if not isinstance(step, Parallel):
        return not _leads_into(step, endless)
    if step.join is not JoinKind.ALL:
        # A branch that nobody waits for may rest before the step that begins something.
        return not any(_leads_into(branch.steps[0], endless) for branch in step.branches)
    return all(_ends(workflow, branch.steps, endless) for branch in step.branches)
