"""What a part of the model was called when another version of the model ran.

Renames are declared: an element says what it was called before (`was`). So a part is found by the
name that it has today, and by any that it had.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from kingpost.model.model import Model
from kingpost.model.parts.classes import KINDS

_SECTIONS = {kind: section for section, kind in KINDS.items()}


def name_then(
    versions: Sequence[str], then: int, model_of: Callable[[str], Model], address: str
) -> str:
    """Return what an address was in one version; the address itself when nothing else is known.

    versions: in the order in which they took effect. then: the place of the one asked about.
    """
    path = tuple(address.split("/"))
    if has(model_of(versions[then]), path):
        return address
    # The name of today comes first: people ask by it.
    others = (nth for nth in reversed(range(len(versions))) if nth != then)
    known = next((nth for nth in others if has(model_of(versions[nth]), path)), None)
    if known is None:
        return address
    way = range(known, then, 1 if known < then else -1)
    for nth in way:
        here, there = model_of(versions[nth]), model_of(versions[nth + way.step])
        path = _renamed(here, there, path, back=way.step < 0)
    return "/".join(path)


def has(model: Model, path: tuple[str, ...]) -> bool:
    """Tell whether a model has an element, or a step, of an address."""
    if path[0] not in _SECTIONS or len(path) not in {2, 4}:
        return False
    if path[1] not in _elements(model, path[0]):
        return False
    return len(path) == 2 or path[3] in _steps(model, path[1])  # noqa: PLR2004 - kind and id


def _renamed(here: Model, there: Model, path: tuple[str, ...], *, back: bool) -> tuple[str, ...]:
    """Return the address in the next version on the way. back: that is the one before."""
    kind, name, *rest = path
    if name not in _elements(here, kind):
        return path
    other = _other(_elements(here, kind), _elements(there, kind), name, back=back)
    if len(rest) == 2 and rest[1] in _steps(here, name):  # noqa: PLR2004 - `step` and its id
        step = _other(_steps(here, name), _steps(there, other), rest[1], back=back)
        return (kind, other, rest[0], step)
    return (kind, other, *rest)


def _other(here: Mapping[str, Any], there: Mapping[str, Any], name: str, *, back: bool) -> str:
    if name in there:
        return name
    if back:
        return here[name].was or name
    return next((key for key, item in there.items() if name in _before(item)), name)


def _before(item: Any) -> tuple[str, ...]:  # noqa: ANN401 - an element of any kind
    """Return what an element was called, and those whose work it has taken over."""
    return (item.was, *getattr(item, "and_was", ()), *getattr(item, "takes_over", ()))


def _elements(model: Model, kind: str) -> Mapping[str, Any]:
    return getattr(model, _SECTIONS[kind]) if kind in _SECTIONS else {}


def _steps(model: Model, workflow: str) -> Mapping[str, Any]:
    found = model.workflows.get(workflow)
    return {step.id: step for step in found.all_steps()} if found else {}
