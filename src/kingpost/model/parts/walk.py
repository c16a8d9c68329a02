"""Walk through a model: every part with an address, and what its properties name."""

# ruff: noqa: ANN401 - a property is looked at whatever its class.

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, cast

from kingpost.model import assurance, intent, interfaces, objects, organisation, rules, workflow
from kingpost.model.model import Model
from kingpost.model.parts.classes import (
    KINDS,
    class_of,
    holds_values,
    name_of,
    noun_of,
    properties_of,
)
from kingpost.model.parts.references import Around, Named, Reads, reader_of
from kingpost.values.address import address, step_address


@dataclass(frozen=True, slots=True)
class Part:
    """Something in a model that has an address.

    outer: the address of the part that it stands in; empty for an element.
    scope: what the ids in it are looked up in.
    """

    address: str
    value: Any
    outer: str
    scope: Around


@dataclass(frozen=True, slots=True)
class Naming:
    """One property that names a part."""

    source: str
    named: Named


def walk(model: Model) -> Iterator[Part | Naming]:
    """Yield every part of a model, each before what it names. The order is that of the model."""
    for section, kind in KINDS.items():
        for name, element in getattr(model, section).items():
            yield from _part(Around(model, address(kind, name)), element)
    for number, entry in enumerate(model.governance, 1):
        yield from _part(Around(model, address("governance", str(number))), entry)


def _part(around: Around, value: Any, outer: str = "") -> Iterator[Part | Naming]:
    around = about(around.model, value, around)
    yield Part(around.part, value, outer, around)
    yield from _inside(around, value)


def _inside(around: Around, value: Any) -> Iterator[Part | Naming]:
    for name, reads, nested in _plan(class_of(value)):
        held = getattr(value, name)
        if reads is not None:
            for named in reads(around, value, held):
                yield Naming(named.source or around.part, named)
        elif nested and held is not None:
            for item in _items(held):
                yield from _nested(around, item)


def _nested(around: Around, value: Any) -> Iterator[Part | Naming]:
    name = name_of(value)
    if not name:
        yield from _inside(about(around.model, value, around), value)
        return
    if isinstance(value, workflow.Step) and around.workflow:
        # A step is unique in its workflow, however deep the block that it stands in.
        here = step_address(around.workflow, name)
    else:
        here = f"{around.part}/{noun_of(class_of(value))}/{name}"
    yield from _part(replace(around, part=here), value, around.part)


@lru_cache(maxsize=256)
def _plan(kind: type) -> tuple[tuple[str, Reads | None, bool], ...]:
    """Return for each property of a class that matters here: its reader, or that it holds parts."""
    plan: list[tuple[str, Reads | None, bool]] = []
    for name, hint in properties_of(kind).items():
        reads, nested = reader_of(kind, name), holds_values(hint)
        if reads is not None or nested:
            plan.append((name, reads, nested))
    return tuple(plan)


def _items(held: Any) -> Iterator[Any]:
    if isinstance(held, tuple):
        for item in cast("tuple[Any, ...]", held):
            yield from _items(item)
    elif isinstance(held, Mapping):
        yield from cast("Mapping[str, Any]", held).values()
    elif hasattr(held, "__dataclass_fields__"):
        yield held


def about(model: Model, value: Any, around: Around) -> Around:
    """Return what the ids in a value are looked up in."""
    match value:
        case workflow.Workflow():
            return replace(around, workflow=value.id, objects=(value.object,))
        case objects.BusinessObject():
            return replace(around, objects=(value.id,))
        case rules.Rule():
            return replace(around, objects=(value.object,) if value.object else ())
        case intent.Metric() if value.population is intent.Population.OBJECT:
            return replace(around, objects=(value.workflow,))
        case interfaces.View() | intent.Metric() | organisation.Grant():
            return _of_workflows(model, (value.workflow,), around)
        case assurance.Obligation():
            return _of_workflows(model, tuple(name for name, _ in value.evidence.made_by), around)
        case intent.Stage():
            return _of_workflows(model, value.workflows, around)
        case _:
            return around


def _of_workflows(model: Model, names: tuple[str, ...], around: Around) -> Around:
    known = [model.workflows[name] for name in dict.fromkeys(names) if name in model.workflows]
    found = tuple(dict.fromkeys(item.object for item in known))
    return replace(around, workflow=known[0].id if known else None, objects=found)
