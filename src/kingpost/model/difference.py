"""Which elements two models differ in."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, cast

from kingpost.model.content import content
from kingpost.model.model import Model
from kingpost.values.address import address

# The parts of a model's content, and the kind of the elements in each.
_KINDS: Mapping[str, str] = MappingProxyType(
    {
        "calendars": "calendar",
        "objectives": "objective",
        "streams": "value-stream",
        "units": "unit",
        "roles": "role",
        "posts": "post",
        "objects": "object",
        "rules": "rule",
        "interfaces": "interface",
        "workflows": "workflow",
        "metrics": "metric",
        "frameworks": "framework",
        "obligations": "obligation",
    }
)


def changed_elements(before: Model, after: Model) -> tuple[str, ...]:
    """Return the addresses of what was added, removed or changed, in order.

    What belongs to the model as a whole stands under `company`, and governance under `governance`.
    """
    return tuple(sorted(_changed(_content(before), _content(after))))


def _content(model: Model) -> Mapping[str, Any]:
    whole = cast("Mapping[str, Any]", content(model))
    return whole["model"]


def _changed(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    for part in {*old, *new}:
        if part not in _KINDS:
            if old.get(part) != new.get(part):
                yield "governance" if part == "governance" else "company"
            continue
        for name in {*old[part], *new[part]}:
            if old[part].get(name) != new[part].get(name):
                yield address(_KINDS[part], name)
