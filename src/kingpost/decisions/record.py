"""Values of a record: do they fit their fields, and what are they in expressions?"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Any

from kingpost.decisions.case import Plain
from kingpost.model.objects import Field, FieldType

TEXT_LENGTH_MAX = 10_000
_INTEGER_MAX = 2**53 - 1
_DECIMAL_DIGITS_MAX = 34
_DECIMAL = re.compile(r"-?\d+(\.\d+)?")
_DURATION = re.compile(r"(-)?P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")

EXPECTED: Mapping[FieldType, str] = MappingProxyType(
    {
        FieldType.TEXT: f"text of at most {TEXT_LENGTH_MAX} characters",
        FieldType.INTEGER: "a whole number",
        FieldType.DECIMAL: "a number such as `12.50`",
        FieldType.DATE: "a date such as `2026-11-21`",
        FieldType.DATETIME: "a time with its zone, such as `2026-11-21T10:30:00Z`",
        FieldType.DURATION: "a duration such as `PT4H30M`",
        FieldType.YES_NO: "yes or no",
        FieldType.CHOICE: "one of its choices",
        FieldType.POST: "a post of the model",
    }
)


def fits(field: Field, value: object, posts: Mapping[str, object]) -> bool:
    """Tell whether a plain value fits a field; null fits every field that is not required."""
    if value is None:
        return True
    match field.type:
        case FieldType.TEXT:
            return isinstance(value, str) and len(value) <= TEXT_LENGTH_MAX and "\x00" not in value
        case FieldType.CHOICE:
            return value in field.choices
        case FieldType.POST:
            return isinstance(value, str) and value in posts
        case FieldType.YES_NO:
            return isinstance(value, bool)
        case FieldType.INTEGER:
            return type(value) is int and abs(value) <= _INTEGER_MAX
        case _:
            return isinstance(value, str) and _reads(field.type, value)


def expected(field: Field) -> str:
    """Return what a field expects, for a sentence."""
    if field.type is FieldType.CHOICE:
        return "one of " + ", ".join(f"`{choice}`" for choice in field.choices)
    return EXPECTED[field.type]


def to_value(field_type: FieldType, plain: Plain) -> Any:
    """Return a stored value as the expression language has it. The value must fit its type."""
    read = _READERS.get(field_type)
    return plain if read is None or plain is None else read(plain)


def to_plain(field_type: FieldType, value: Any) -> Plain:
    """Return a value of the expression language as it is stored; the reverse of `to_value`."""
    match value:
        case None | bool() | str():
            return value
        case Decimal():
            return int(value) if field_type is FieldType.INTEGER else format(value, "f")
        case datetime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case date():
            return value.isoformat()
        case timedelta():
            return write_duration(value)
        case _:
            raise TypeError(f"no field holds a {type(value).__name__}")


def read_duration(text: str) -> timedelta | None:
    """Read an ISO 8601 duration of days, hours, minutes and seconds; None when it is not one."""
    match = _DURATION.fullmatch(text)
    if match is None or text.endswith(("P", "T")):
        return None
    days, hours, minutes, seconds = (int(part or 0) for part in match.groups()[1:])
    try:
        length = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    except OverflowError:
        return None
    return -length if match[1] else length


def write_duration(length: timedelta) -> str:
    """Return a duration as ISO 8601 text, to the second."""
    total = int(length.total_seconds())
    sign, total = ("-", -total) if total < 0 else ("", total)
    days, rest = divmod(total, 86_400)
    hours, rest = divmod(rest, 3600)
    minutes, seconds = divmod(rest, 60)
    clock = "".join(f"{n}{unit}" for n, unit in ((hours, "H"), (minutes, "M"), (seconds, "S")) if n)
    date_part = f"{days}D" if days or not clock else ""
    return f"{sign}P{date_part}{'T' + clock if clock else ''}"


def _decimal(text: Plain) -> Decimal:
    return Decimal(str(text))


def _datetime(text: Plain) -> datetime:
    return datetime.fromisoformat(str(text))


def _date(text: Plain) -> date:
    return date.fromisoformat(str(text))


def _duration(text: Plain) -> timedelta:
    length = read_duration(str(text))
    assert length is not None, "a stored duration reads"
    return length


_READERS: Mapping[FieldType, Callable[[Plain], Any]] = MappingProxyType(
    {
        FieldType.INTEGER: _decimal,
        FieldType.DECIMAL: _decimal,
        FieldType.DATE: _date,
        FieldType.DATETIME: _datetime,
        FieldType.DURATION: _duration,
    }
)


def _reads(field_type: FieldType, text: str) -> bool:
    """Tell whether text is a decimal, date, time with zone or duration as it is stored."""
    if field_type is FieldType.DURATION:
        return read_duration(text) is not None
    if field_type is FieldType.DECIMAL:
        return _DECIMAL.fullmatch(text) is not None and len(text) <= _DECIMAL_DIGITS_MAX
    try:
        read = _READERS[field_type](text)
    except (ValueError, InvalidOperation):
        return False
    return not isinstance(read, datetime) or read.tzinfo is not None
