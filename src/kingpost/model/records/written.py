"""Values as a scenario writes them, and as a record keeps them."""

import re
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from kingpost.model.interfaces import Contract
from kingpost.model.model import Model
from kingpost.model.objects import BusinessObject, Field, FieldType
from kingpost.model.records.values import Entry, Plain, fits, stored, to_value
from kingpost.model.scenario import Written
from kingpost.model.scope import put

# How a story writes that an answer holds a member and no value for it.
_NULL = "null"
_INTEGER = re.compile(r"-?[0-9]{1,16}")
_TRUTHS: Mapping[str, bool] = MappingProxyType(
    {"true": True, "yes": True, "false": False, "no": False}
)


def plain_record(
    model: Model, item: BusinessObject, record: Mapping[str, Written]
) -> dict[str, Plain]:
    """Return written values as a command carries them."""
    known = {field.id: field for field in item.fields}
    return {name: plain(model, known[name], value) for name, value in record.items()}


def answer_members(
    model: Model, item: BusinessObject, contract: Contract, written: Mapping[str, Written]
) -> dict[str, Any]:
    """Return the written members of an answer as JSON has them, each inside those around it."""
    fields = {field.id: field for field in item.fields}
    members: dict[str, Any] = {}
    for name, _, field in contract.receive:
        if name in written:
            value = written[name]
            known = fields[field]
            put(members, name, None if value == _NULL else plain(model, known, value))
    return members


def plain(model: Model, field: Field, written: Written) -> Plain:
    """Return a written value as its field wants it; what does not fit is left for the refusal."""
    if field.item is not None:
        entries = (written,) if isinstance(written, str) else written
        return [_entry(model, field.item, entry) for entry in entries]
    return _entry(model, field, written if isinstance(written, str) else ", ".join(written))


def _entry(model: Model, field: Field, text: str) -> Entry:
    match field.type:
        case FieldType.INTEGER if _INTEGER.fullmatch(text):
            return int(text)
        case FieldType.YES_NO:
            return _TRUTHS.get(text, text)
        case FieldType.DATETIME:
            return _in_zone(text, model.zone)
        case _:
            return text


def same(model: Model, field: Field, written: Written, kept: Plain) -> bool:
    """Tell whether a kept value is the written one: numbers as numbers, times as times."""
    wanted = plain(model, field, written)
    if kept is None or not fits(field, wanted, model.posts):
        return False
    return to_value(field, stored(field, wanted)) == to_value(field, kept)


def _in_zone(text: str, zone: str) -> str:
    """Return a time with a zone: one that says none is on the clocks of the company."""
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        return text
    return text if read.tzinfo else read.replace(tzinfo=ZoneInfo(zone)).isoformat()
