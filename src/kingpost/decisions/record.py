"""Values of a record: whether they fit their fields, and what they are in expressions."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from kingpost.decisions.case import Plain
from kingpost.model.objects import Field, FieldType

TEXT_LENGTH_MAX = 10_000
_INTEGER_MAX = 2**53 - 1
_DECIMAL_DIGITS_MAX = 34
_DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_DURATION = re.compile(
    r"(-)?P(?:([0-9]{1,9})D)?(?:T(?:([0-9]{1,9})H)?(?:([0-9]{1,9})M)?(?:([0-9]{1,9})S)?)?"
)
_WRITTEN_LENGTH_MAX = 60

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


def to_value(field_type: FieldType, plain: Plain) -> Any:  # noqa: ANN401 - of the language
    """Return a stored value as the expression language has it. The value must fit its type."""
    read = _READERS.get(field_type)
    return plain if read is None or plain is None else read(plain)


def to_plain(field_type: FieldType, value: object) -> Plain:
    """Return a value of the expression language as a field stores it; the reverse of `to_value`.

    What does not fit comes back as text that `fits` refuses, never as a value near it.
    """
    match value:
        case None | bool() | str():
            return value
        case Decimal():
            whole = field_type is FieldType.INTEGER and value == value.to_integral_value()
            return int(value) if whole else format(value, "f")
        case datetime():
            return _utc(value) if value.tzinfo else value.isoformat()
        case date():
            return value.isoformat()
        case timedelta():
            return write_duration(value)
        case _:
            return repr(value)


def stored(field: Field, plain: Plain) -> Plain:
    """Return a plain value that fits its field as the one text that is kept: times in UTC."""
    if field.type is FieldType.DATETIME and isinstance(plain, str):
        return _utc(_datetime(plain))
    return plain


def read_duration(text: str) -> timedelta | None:
    """Read an ISO 8601 duration of days, hours, minutes and seconds; None when it is not one."""
    match = _DURATION.fullmatch(text)
    if match is None or text.endswith(("P", "T")):
        return None
    days, hours, minutes, seconds = (int(part or 0) for part in match.groups()[1:])
    try:
        length = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
        return -length if match[1] else length
    except OverflowError:
        return None


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
    """Tell whether text is a decimal, date, time with zone or duration as it is written."""
    if len(text) > _WRITTEN_LENGTH_MAX:
        return False
    match field_type:
        case FieldType.DURATION:
            return read_duration(text) is not None
        case FieldType.DECIMAL:
            digits = sum(character.isdigit() for character in text)
            return _DECIMAL.fullmatch(text) is not None and digits <= _DECIMAL_DIGITS_MAX
        case _:
            return _reads_time(field_type, text)


def _reads_time(field_type: FieldType, text: str) -> bool:
    """Tell whether text is a date, or a time with its zone."""
    try:
        if field_type is FieldType.DATE:
            # ISO 8601 has more ways to write a day; one day shall have one text.
            return date.fromisoformat(text).isoformat() == text
        read = datetime.fromisoformat(text)
        return read.tzinfo is not None and bool(_utc(read))
    except (ValueError, OverflowError):
        return False


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().removesuffix("+00:00") + "Z"
