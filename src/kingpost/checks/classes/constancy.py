"""Conditions that come out the same for every record, decided over classes of values.

What a condition only compares with written values cuts what a field may hold into a few classes
that it treats alike; one value of each stands for all.
"""

from collections.abc import Mapping
from itertools import product
from math import prod
from typing import Any

from kingpost.checks.classes.values import classes
from kingpost.expressions import Compiled, Value, YesNoType, compile_expression
from kingpost.expressions.comparisons import comparisons
from kingpost.expressions.tree import Compare, Member, Name
from kingpost.model.model import Model
from kingpost.model.objects import BusinessObject, Field, FieldType, State
from kingpost.model.scope import STATE, post_type, record_scope

# Above this many records a condition is not tried on all of them.
RECORDS_MAX = 2_000


def constant_answer(
    model: Model, item: BusinessObject, asked: Compiled, state: str = ""
) -> tuple[Value] | None:
    """Return what a condition says of every record, in a tuple of one; None where that varies.

    state: the one in which the record is; empty where it may be in any.
    A condition that holds for no record is false, though it may be null for some. None too where
    it does more than compare fields with written values.
    """
    if isinstance(asked.tree, Compare | Member | Name) and not state:
        # One comparison tells values apart.
        return None
    found = comparisons(asked)
    choices = None if found is None else _choices(model, item, found.held, state)
    if found is None or not choices or prod(map(len, choices.values())) > RECORDS_MAX:
        return None
    answers: set[bool | None] = set()
    for values in product(*choices.values()):
        answers.add(found.answer(dict(zip(choices, values, strict=True))))
        if True in answers and len(answers) > 1:
            return None
    if True in answers:
        return (True,)
    return (False if False in answers else None,)


def keeps_filled(model: Model, item: BusinessObject, state: State, field: str) -> bool:
    """Tell whether what must always be true in a state leaves no record there without a field."""
    scope = record_scope(model, item)
    asked = compile_expression(state.always, scope, YesNoType()) if state.always else None
    found = comparisons(asked) if isinstance(asked, Compiled) else None
    choices = None if found is None else _choices(model, item, found.held, state.id)
    path = f"{item.id}.{field}"
    if found is None or not choices or path not in choices:
        return False
    choices[path] = (None,)
    return prod(map(len, choices.values())) <= RECORDS_MAX and not any(
        found.answer(dict(zip(choices, values, strict=True))) is True
        for values in product(*choices.values())
    )


def names_of(model: Model, field: Field) -> tuple[str, ...]:
    """Return what a choice, or a post, may be; nothing for any other field."""
    return post_type(model).of if field.type is FieldType.POST else field.choices


def _choices(
    model: Model, item: BusinessObject, held: Mapping[str, tuple[Value, ...]], state: str
) -> dict[str, tuple[Any, ...]] | None:
    """Return one value of each class by path; None where a path is no field of the record."""
    fields = {f"{item.id}.{one.id}": one for one in item.fields}
    found: dict[str, tuple[Any, ...]] = {}
    for path, against in held.items():
        field = fields.get(path)
        if path == f"{item.id}.{STATE}":
            found[path] = (state,) if state else tuple(one.id for one in item.states)
        elif field is None:
            return None
        else:
            found[path] = classes(field, names_of(model, field), against)
    return found
