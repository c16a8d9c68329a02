"""What an expression of the model names: fields, states it compares with, steps, posts, rules."""

# ruff: noqa: ANN401 - a property is looked at whatever its class.

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias, cast

from kingpost.model import objects, workflow
from kingpost.model.model import Model
from kingpost.model.parts import relations as how
from kingpost.model.parts.relations import Relation
from kingpost.model.scope import CHANGED, ENTERED, STATE
from kingpost.values.address import address, step_address

_WORDS = re.compile(r"(?P<text>\"[^\"]*\"|'[^']*')|(?P<path>[a-z][a-z0-9-]*(?:\.[a-z][a-z0-9-]*)*)")


@dataclass(frozen=True, slots=True)
class Around:
    """What the ids in a part are looked up in: the workflow and the objects it is about."""

    model: Model
    part: str
    workflow: str | None = None
    objects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Named:
    """A part that a property names. source: the part that names it, when not the one around."""

    relation: Relation
    target: str
    source: str | None = None


Reads: TypeAlias = Callable[[Around, Any, Any], Iterable[Named]]
"""From what is around, the value that has the property, and the property: what it names."""


def expression(around: Around, _owner: Any, value: Any) -> Iterator[Named]:
    """Yield what an expression reads: fields, states it compares with, steps, posts, rules."""
    for text in _texts(value):
        yield from _in_expression(around, text)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for item in cast("tuple[Any, ...]", value):
            yield from _texts(item)


def _in_expression(around: Around, text: str) -> Iterator[Named]:
    found = list(_WORDS.finditer(text))
    paths = [match["path"].split(".") for match in found if match["path"]]
    for path in paths:
        yield from _in_path(around, path)
    literals = {match["text"][1:-1] for match in found if match["text"]}
    for item in dict.fromkeys(path[0] for path in paths if path[1:2] == [STATE]):
        known = around.model.objects.get(item)
        for state in known.states if known else ():
            if state.id in literals:
                yield Named(how.READS, address("object", item, "state", state.id))
    for name in sorted(literals & around.model.posts.keys()):
        if any(_is_post(around.model, path) for path in paths):
            yield Named(how.READS, address("post", name))


def _in_path(around: Around, path: list[str]) -> Iterator[Named]:
    first, second = path[0], path[1] if len(path) > 1 else ""
    item = around.model.objects.get(first)
    if item is not None:
        name = _field_in(item, path[1:])
        if name:
            yield Named(how.READS, address("object", first, "field", name))
    elif first in {ENTERED, CHANGED} and around.workflow is not None:
        yield from _in_counts(around, around.model.workflows[around.workflow], path)
    elif first in around.model.rules and not second:
        yield Named(how.READS, address("rule", first))


def _in_counts(around: Around, here: workflow.Workflow, path: list[str]) -> Iterator[Named]:
    """Yield the step behind `entered.STEP`, or the field behind `changed.FIELD`."""
    second = path[1] if len(path) > 1 else ""
    if path[0] == ENTERED:
        name = _longest(second, lambda name: here.step(name) is not None)
        yield Named(how.COUNTS_VISITS, step_address(here.id, name or second))
        return
    item = around.model.objects.get(here.object)
    name = _field_in(item, path[1:]) if item else ""
    yield Named(how.READS, address("object", here.object, "field", name or second))


def _field_in(item: objects.BusinessObject, path: list[str]) -> str:
    """Return the field that a path begins with, also one in a group."""
    for length in range(len(path), 0, -1):
        name = _longest(".".join(path[:length]), lambda name: item.field(name) is not None)
        if name:
            return name
    return ""


def _longest(name: str, known: Callable[[str], bool]) -> str:
    """Return the longest known name that a text begins with: what follows is subtracted."""
    words = name.split("-")
    names = ("-".join(words[:length]) for length in range(len(words), 0, -1))
    return next((found for found in names if known(found)), "")


def _is_post(model: Model, path: list[str]) -> bool:
    item = model.objects.get(path[0])
    field = item.field(_field_in(item, path[1:])) if item else None
    return field is not None and field.type is objects.FieldType.POST
