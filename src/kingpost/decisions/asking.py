"""Asking a condition strictly: yes, no, or why nobody can tell."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from kingpost.expressions import Compiled, NoValue, Problem


@dataclass(frozen=True, slots=True)
class Unknown:
    """Why a condition has no answer. empty: what it reads and is empty. cause: in a clause."""

    empty: tuple[str, ...]
    cause: str


def ask(condition: Compiled, values: Mapping[str, Any]) -> bool | Unknown:
    """Return whether a condition holds; null is no silent no."""
    found = condition.require(values)
    if isinstance(found, NoValue):
        return Unknown(_empty(condition, found.cause, values), found.cause.message)
    return found is True


def _empty(condition: Compiled, cause: Problem, values: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what is empty of what the cause reads."""
    part = condition.text[cause.offset : cause.offset + cause.length]
    return tuple(
        path for path in sorted(condition.reads) if path in part and _at(values, path) is None
    )


def holds(condition: Compiled | None, values: Mapping[str, Any]) -> bool:
    """Tell whether a condition is known to hold; none always does."""
    return condition is None or ask(condition, values) is True


def _at(values: Mapping[str, Any], path: str) -> Any:  # noqa: ANN401 - any value
    found: Any = values
    for name in path.split("."):
        found = cast("dict[str, Any]", found).get(name) if isinstance(found, dict) else None
    return found
