"""Bring the fixed values of a mapping, which are written as text, to what their fields keep."""

import re
from collections.abc import Mapping
from dataclasses import replace

from kingpost.decisions.case import Plain
from kingpost.exchange.mapping.mapping import Act, LogMapping
from kingpost.model.objects import Field, FieldType

_INTEGER = re.compile(r"-?[0-9]{1,16}")


def fitted(mapping: LogMapping, fields: Mapping[str, Field]) -> LogMapping:
    """Return a mapping whose fixed values are of the types of their fields.

    What does not fit stays as it is written, for the refusal to name.
    """

    def value(name: str, written: Plain) -> Plain:
        whole = name in fields and fields[name].type is FieldType.INTEGER
        text = whole and isinstance(written, str) and _INTEGER.fullmatch(written)
        return int(text.string) if text else written

    def acts(written: tuple[Act, ...]) -> tuple[Act, ...]:
        return tuple(
            replace(act, given={name: value(name, each) for name, each in act.given.items()})
            for act in written
        )

    columns = {
        name: replace(column, values={text: value(name, v) for text, v in column.values.items()})
        for name, column in mapping.fields.items()
    }
    return replace(
        mapping,
        fields=columns,
        signs=tuple(replace(sign, acts=acts(sign.acts)) for sign in mapping.signs),
        moves=tuple(
            replace(moves, ways={shown: acts(each) for shown, each in moves.ways.items()})
            for moves in mapping.moves
        ),
    )
