"""Business objects: fields that can be filled, and lifecycles in which every state has its use."""

from collections.abc import Iterable, Iterator

from kingpost.checks.finding import error, listed, of, of_field, warning
from kingpost.checks.workflows.flow import settable_states
from kingpost.expressions.functions.registry import BUILTINS
from kingpost.model.model import Model
from kingpost.model.objects import BusinessObject, FieldType
from kingpost.model.scope import CHANGED, EACH, ENTERED, STATE
from kingpost.model.workflow import Workflow
from kingpost.values.diagnostic import Diagnostic


def check_begin_states(model: Model) -> Iterator[Diagnostic]:
    """Find lifecycles with no begin state or with several, and those without a final state."""
    for item in model.objects.values():
        here = of("object", item.id, "states")
        begins = [state.id for state in item.states if state.begin]
        if not begins:
            message = f"no state of object `{item.id}` is the one in which records begin"
            yield error(model, "KP0401", here, message, "Mark one state with `begin: true`.")
        elif len(begins) > 1:
            message = f"records of object `{item.id}` begin in {listed(begins)} at once"
            where = here.at(begins[1], "begin")
            yield error(model, "KP0401", where, message, "Keep `begin: true` on one state only.")
        if not any(state.end for state in item.states):
            message = f"no state of object `{item.id}` is final"
            yield error(model, "KP0402", here, message, "Mark at least one with `end: true`.")


def check_final_moves(model: Model) -> Iterator[Diagnostic]:
    """Find moves that lead out of a final state."""
    for item in model.objects.values():
        for index, move in enumerate(item.moves):
            source = item.state(move.source)
            if source is not None and source.end:
                yield error(
                    model,
                    "KP0403",
                    of("object", item.id, "moves", index),
                    f"state `{source.id}` is final, and a move leads from it to `{move.target}`",
                    f"Remove the move, or `end: true` from `{source.id}`.",
                )


def check_dead_ends(model: Model) -> Iterator[Diagnostic]:
    """Find every state that is not final and that no move leaves.

    Source: a part of soundness, W. van der Aalst, Verification of Workflow Nets, 1997.
    """
    for item in model.objects.values():
        left = {move.source for move in item.moves if move.source != move.target}
        everywhere = {move.target for move in item.moves if move.source == "*"}
        for state in item.states:
            if not state.end and state.id not in left and not everywhere - {state.id}:
                yield error(
                    model,
                    "KP0404",
                    of("object", item.id, "states", state.id),
                    f"state `{state.id}` of object `{item.id}` has no way out",
                    f"Add a move from `{state.id}`, or mark it `end: true`.",
                )


def check_reachable_states(model: Model) -> Iterator[Diagnostic]:
    """Find states to which no moves lead from the begin state."""
    for item in model.objects.values():
        reached = _reached(item)
        for state in item.states if reached else ():
            if state.id not in reached:
                yield error(
                    model,
                    "KP0405",
                    of("object", item.id, "states", state.id),
                    f"no moves lead from the begin state to state `{state.id}` of object"
                    f" `{item.id}`",
                    f"Add a move to `{state.id}`, or remove the state.",
                )


def _reached(item: BusinessObject) -> set[str]:
    waiting = [state.id for state in item.states if state.begin]
    reached = set(waiting)
    while waiting:
        source = waiting.pop()
        for state in item.states:
            if state.id not in reached and item.permits(source, state.id):
                reached.add(state.id)
                waiting.append(state.id)
    return reached


def check_states_are_set(model: Model) -> Iterator[Diagnostic]:
    """Find states that no step of any workflow sets and in which no record begins."""
    working: dict[str, list[Workflow]] = {}
    for one in model.workflows.values():
        working.setdefault(one.object, []).append(one)
    for item in model.objects.values():
        workflows = working.get(item.id, [])
        if not workflows:
            message = f"no workflow works on object `{item.id}`"
            advice = "Name it as the `object` of a workflow, or remove it."
            yield warning(model, "KP0406", of("object", item.id), message, advice)
            continue
        set_somewhere = {name for one in workflows for name in settable_states(one, one.steps)}
        unreached = set(_names(item)) - _reached(item)
        for state in item.states:
            if not state.begin and state.id not in set_somewhere | unreached:
                yield error(
                    model,
                    "KP0407",
                    of("object", item.id, "states", state.id),
                    f"no step sets state `{state.id}` of object `{item.id}`",
                    f"Write `state: {state.id}` in a step, or remove the state.",
                )


def _names(item: BusinessObject) -> Iterable[str]:
    return (state.id for state in item.states)


def check_choices(model: Model) -> Iterator[Diagnostic]:
    """Find choice fields with nothing to choose from, and other fields with choices."""
    for item in model.objects.values():
        for field in item.fields:
            where = of_field(item.id, field.id)
            kept = field.item or field
            is_choice = kept.type is FieldType.CHOICE
            if is_choice and not kept.choices:
                message = f"choice field `{field.id}` has nothing to choose from"
                yield error(model, "KP0408", where, message, "List its values in `of`.")
            elif kept.choices and not is_choice:
                message = f"field `{field.id}` holds {kept.type.value} and lists choices"
                advice = "Write `type: choice`, or remove `of`."
                yield error(model, "KP0410", where.at("of"), message, advice)


def check_money(model: Model) -> Iterator[Diagnostic]:
    """Find money of which nobody says in which currency it is."""
    for item in model.objects.values():
        for field in item.fields:
            kept = field.item or field
            if kept.type is FieldType.MONEY and not kept.currency:
                message = f"field `{field.id}` holds money, and nothing says in which currency"
                advice = "Write `currency: EUR` at the top of the model, or at the field."
                yield error(model, "KP0411", of_field(item.id, field.id), message, advice)


def check_names_in_expressions(model: Model) -> Iterator[Diagnostic]:
    """Find names that expressions could not tell from those that every expression has."""
    taken = {ENTERED, CHANGED, EACH, *model.objects, *BUILTINS}
    for name in model.rules:
        if name in taken:
            what = "an object" if name in model.objects else "a meaning of its own"
            has = f"is the name of {what}" if name in model.objects else f"has {what}"
            message = f"`{name}` {has} in expressions"
            where = of("rule", name)
            yield error(model, "KP0409", where, message, "Give the rule another id.")
    for item in model.objects.values():
        if item.id in {ENTERED, CHANGED, EACH}:
            message = f"`{item.id}` has a meaning of its own in expressions"
            where = of("object", item.id)
            yield error(model, "KP0409", where, message, "Give the object another id.")
        if item.field(STATE) is not None:
            message = f"field `{STATE}` of object `{item.id}` hides the state of the record"
            where = of("object", item.id, "fields", STATE)
            yield error(model, "KP0409", where, message, "Give the field another id.")
