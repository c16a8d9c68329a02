"""What the classes of the model are made of, as their type hints say."""

# ruff: noqa: ANN401 - what is read follows the type hints of the model's classes at run time.

import sys
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any, cast, get_args, get_type_hints

from kingpost.model import intent, objects, rules, workflow
from kingpost.model.model import Model
from kingpost.values.business_time import Calendar

# The sections of a model, and the kind of the elements in each.
KINDS: Mapping[str, str] = MappingProxyType(
    {
        "objectives": "objective",
        "streams": "value-stream",
        "workflows": "workflow",
        "rules": "rule",
        "objects": "object",
        "units": "unit",
        "roles": "role",
        "posts": "post",
        "interfaces": "interface",
        "metrics": "metric",
        "frameworks": "framework",
        "obligations": "obligation",
        "calendars": "calendar",
    }
)

# What a part is called in an address, and the property that names it.
_NOUNS: Mapping[type, str] = MappingProxyType(
    {
        workflow.Step: "step",
        workflow.Outcome: "outcome",
        workflow.Awaited: "message",
        workflow.Branch: "branch",
        workflow.Exceptional: "exception",
        workflow.Ending: "ending",
        intent.Measure: "measure",
        intent.Stage: "stage",
        objects.Field: "field",
        objects.State: "state",
        rules.Input: "input",
        rules.Output: "output",
        rules.Parameter: "parameter",
        rules.Entry: "entry",
    }
)
_NAMES: Mapping[type, str] = MappingProxyType({Calendar: "name", workflow.Awaited: "message"})


def name_of(value: object) -> str | None:
    """Return the id of a value that is a part of its own, or None for one that has none."""
    return cast("str | None", getattr(value, naming_property(type(value)), None))


def class_of(value: object) -> type:
    """Return the class of a value."""
    return type(value)


def naming_property(kind: type) -> str:
    """Return the property that names the values of a class."""
    return _NAMES.get(kind, "id")


def title_of(value: object) -> str:
    """Return what people read for a value: its title, or else its id."""
    return cast("str", getattr(value, "title", "")) or name_of(value) or ""


@lru_cache(maxsize=256)
def noun_of(kind: type) -> str:
    """Return what a part of this class is called in addresses, such as `step`."""
    for ancestor in kind.__mro__:
        if ancestor in _NOUNS:
            return _NOUNS[ancestor]
    words = "".join(
        f"-{letter.lower()}" if letter.isupper() else letter for letter in kind.__name__
    )
    return words.lstrip("-")


@lru_cache(maxsize=256)
def properties_of(kind: type) -> Mapping[str, Any]:
    """Return the properties of a class that make its identity, each with its type."""
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in fields(kind) if field.compare}


def kinds_in(hint: Any) -> Iterator[type]:
    """Yield every plain class that a type is made of."""
    arguments = get_args(hint)
    if not arguments and isinstance(hint, type):
        yield hint
    for argument in arguments:
        yield from kinds_in(argument)


@lru_cache(maxsize=256)
def holds_values(hint: Any) -> bool:
    """Tell whether a type holds values of the model's own classes."""
    return any(is_dataclass(kind) for kind in kinds_in(hint))


def model_classes() -> tuple[type, ...]:
    """Return every class that a model may hold, found from the model itself."""
    found: dict[type, None] = {}
    waiting: list[type] = [Model]
    while waiting:
        kind = waiting.pop(0)
        if kind in found:
            continue
        found[kind] = None
        waiting.extend(_subclasses(kind))
        for hint in properties_of(kind).values():
            waiting.extend(inner for inner in kinds_in(hint) if is_dataclass(inner))
    return tuple(found)


def _subclasses(kind: type) -> Iterator[type]:
    """Yield the subclasses that their module knows: `slots` leaves the class of before behind."""
    for inner in kind.__subclasses__():
        if getattr(sys.modules[inner.__module__], inner.__name__, None) is inner:
            yield inner
