"""Names, and the values of a record as a story writes them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar, cast

from kingpost.model.scenario import Written
from kingpost.notation.findings import Spot
from kingpost.notation.forms import Deferred, MapOf
from kingpost.notation.phrases import REFERENCE, TEXT
from kingpost.notation.shapes import ByKind, ListOf, Made, Schema, Shape
from kingpost.notation.syntax.tree import Node

T = TypeVar("T")
Record: TypeAlias = dict[str, Written]


def by_name(shape: Shape[T]) -> Shape[Mapping[str, T]]:
    """Return the shape of a mapping from ids to what another shape reads."""
    pairs = MapOf(Made(shape, lambda spot, value: (spot.id, value)))
    return Made(pairs, lambda _, read: dict(read))


def _flat(pairs: tuple[tuple[str, Any], ...]) -> Record:
    """Return the values of a record by field; those of a group under `group.field`."""
    flat: Record = {}
    for name, value in pairs:
        if isinstance(value, dict):
            inner = cast("Record", value)
            flat.update({f"{name}.{field}": each for field, each in inner.items()})
        else:
            flat[name] = value
    return flat


_VALUE: Shape[Any] = ByKind(
    "a value, a list of values, or the fields of a group",
    text=TEXT,
    listed=ListOf(TEXT, distinct=False),
    mapped=Deferred(lambda: RECORD),
)
WRITTEN: Shape[Written] = ByKind(
    "a value or a list of values", text=TEXT, listed=ListOf(TEXT, distinct=False)
)
_PAIRS: Shape[Record] = Made(
    MapOf(Made(_VALUE, lambda spot, value: (spot.id, value))), lambda _, pairs: _flat(pairs)
)


@dataclass(frozen=True, slots=True)
class _RecordShape:
    """Values by field; a group holds values by field of its own, and so on."""

    expected: str = _PAIRS.expected

    def read(self, spot: Spot, node: Node) -> Record:
        return _PAIRS.read(spot, node)

    def schema(self, definitions: Schema) -> Schema:
        if "record" not in definitions:
            made: Schema = {}
            definitions["record"] = made
            made.update(_PAIRS.schema(definitions))
        return {"$ref": "#/$defs/record"}


RECORD = _RecordShape()
NAMES: Shape[tuple[str, ...]] = ByKind(
    "an id or a list of ids",
    text=Made(REFERENCE, lambda _, name: (name,)),
    listed=ListOf(REFERENCE),
)
NO_RECORD: Any = {}
