"""Values of a record: whether they fit their fields, and what they are in expressions."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Any, TypeAlias, cast

from kingpost.model.objects import Field, FieldType
from kingpost.values.money import example_of, read_money, write_money

# A value as a record keeps it. A list is never changed, only replaced.
Entry: TypeAlias = bool | int | str
Plain: TypeAlias = Entry | list[Entry] | None

ENTRIES_MAX = 1000
DOCUMENT_LENGTH_MAX = 500
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
        FieldType.DOCUMENT: (
            f"the name or address of a document, in at most {DOCUMENT_LENGTH_MAX} characters"
        ),
        FieldType.REFERENCE: "the number of a case",
    }
)


def fits(field: Field, value: object, posts: Mapping[str, object]) -> bool:
    """Tell whether a plain value fits a field; null fits every field that is not required."""
    if value is None:
        return True
    if field.item is not None:
        return _fits_list(field.item, value, posts)
    return _fits_one(field, value, posts)


def _fits_one(field: Field, value: object, posts: Mapping[str, object]) -> bool:
    match field.type:
        case FieldType.TEXT:
            return _is_text(value, TEXT_LENGTH_MAX)
        case FieldType.DOCUMENT | FieldType.REFERENCE:
            return _is_text(value, DOCUMENT_LENGTH_MAX) and str(value).isprintable()
        case FieldType.CHOICE | FieldType.POST:
            known = posts if field.type is FieldType.POST else field.choices
            return isinstance(value, str) and value in known
        case FieldType.YES_NO:
            return isinstance(value, bool)
        case FieldType.INTEGER:
            return type(value) is int and abs(value) <= _INTEGER_MAX
        case FieldType.MONEY:
            return read_money(_as_text(value), field.currency) is not None
        case _:
            return isinstance(value, str) and _reads(field.type, value)


def expected(field: Field) -> str:
    """Return what a field expects, for a sentence."""
    if field.type is FieldType.CHOICE:
        return "one of " + ", ".join(f"`{choice}`" for choice in field.choices)
    if field.type is FieldType.MONEY:
        return f"an amount such as `{example_of(field.currency)}`"
    if field.item is not None:
        return f"a list of at most {ENTRIES_MAX} entries, each {expected(field.item)}"
    return EXPECTED[field.type]


def to_value(field: Field, plain: Plain) -> Any:  # noqa: ANN401 - of the language
    """Return a stored value as the expression language has it. The value must fit its field."""
    if isinstance(plain, list):
        assert field.item is not None, "only a list holds a list"
        return [to_value(field.item, entry) for entry in plain]
    read = _READERS.get(field.type)
    return plain if read is None or plain is None else read(plain)


def to_plain(field: Field, value: object) -> Plain:
    """Return a value of the expression language as a field stores it; the reverse of `to_value`.

    What does not fit comes back as text that `fits` refuses, never as a value near it.
    """
    if field.item is None or not isinstance(value, list):
        return _entry(field, value)
    entries = [_entry(field.item, entry) for entry in cast("list[object]", value)]
    whole = [entry for entry in entries if entry is not None]
    return whole if len(whole) == len(entries) else repr(entries)


def _entry(field: Field, value: object) -> Entry | None:
    match value:
        case None | bool() | str():
            return value
        case Decimal():
            if field.type is FieldType.MONEY:
                return write_money(value, field.currency)
            whole = field.type is FieldType.INTEGER and value == value.to_integral_value()
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
    """Return a plain value that fits its field as it is kept: times in UTC, money in full."""
    if plain is None:
        return None
    if isinstance(plain, list):
        assert field.item is not None, "only a list holds a list"
        return [_stored(field.item, entry) for entry in plain]
    return _stored(field, plain)


def _stored(field: Field, plain: Entry) -> Entry:
    if field.type is FieldType.DATETIME:
        return _utc(_datetime(plain))
    if field.type is FieldType.MONEY:
        amount = read_money(str(plain), field.currency)
        assert amount is not None, "what fits is an amount"
        return write_money(amount, field.currency)
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


def _amount(text: Plain) -> Decimal:
    return Decimal(str(text).partition(" ")[0])


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
        FieldType.MONEY: _amount,
        FieldType.DATE: _date,
        FieldType.DATETIME: _datetime,
        FieldType.DURATION: _duration,
    }
)


def _is_text(value: object, longest: int) -> bool:
    return isinstance(value, str) and len(value) <= longest and "\x00" not in value


def _as_text(value: object) -> str:
    """Return an amount as text; a whole number may come as one."""
    return str(value) if type(value) in {int, str} else ""


def _fits_list(item: Field, value: object, posts: Mapping[str, object]) -> bool:
    if not isinstance(value, list):
        return False
    entries = cast("list[object]", value)
    fitting = (_fits_one(item, entry, posts) for entry in entries)
    return 0 < len(entries) <= ENTRIES_MAX and all(fitting)


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
