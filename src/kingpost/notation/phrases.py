"""The small forms of the language: texts, numbers, spans, targets, moves, hours and the like."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from typing import TypeVar
from zoneinfo import ZoneInfo, available_timezones

from kingpost.model.intent import Comparison, Target
from kingpost.model.objects import Move, Retention
from kingpost.notation.later import Later
from kingpost.notation.shapes import Phrase
from kingpost.values.address import IDENTIFIER, is_identifier
from kingpost.values.business_time import Opening
from kingpost.values.money import MINOR_DIGITS, read_money
from kingpost.values.public_holidays import public_holidays
from kingpost.values.span import Span, read_span

E = TypeVar("E", bound=StrEnum)

_COUNT_MAX = 10_000
_SPAN_LENGTH_MAX = 40
_CALL_SECONDS_MAX = 600
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_DAY = "|".join(_DAYS)
_HOURS = re.compile(
    rf"((?:{_DAY})(?:[-,](?:{_DAY}))*) +([0-9]{{2}}):([0-9]{{2}}) *- *([0-9]{{2}}):([0-9]{{2}})"
)
_TARGET = re.compile(r"(>=|<=|>|<) *([0-9]{1,12}(?:\.[0-9]{1,6})?)(?: *%)?")
_SPAN = re.compile(r"^[0-9]+ +(working +)?(minute|hour|day|week)s?$")
_TARGET_SPAN = re.compile(r"(>=|<=|>|<) *([0-9]{1,6} +(?:minute|hour|day|week)s?)")
_MOVE = re.compile(rf"(\*|{IDENTIFIER.pattern}) *-> *({IDENTIFIER.pattern})")
_PREFIX = re.compile(r"[A-Z][A-Z0-9]{1,7}")
_TYPE = re.compile(rf"(?:list of )*(?:yes/no|{IDENTIFIER.pattern}(?:\.{IDENTIFIER.pattern})*)")
_COUNTRY = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")
_ZONE = re.compile(r"[A-Za-z][A-Za-z0-9_+/-]{1,60}")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_YEARS = range(1970, 2200)
_LOCAL_TIME = re.compile(rf"{_DATE.pattern} [0-9]{{2}}:[0-9]{{2}}")
_AMOUNT = re.compile(r"[0-9]+(?:\.[0-9]+)? +([A-Z]{3})")
_PERCENT = re.compile(r"(?:at +)?([0-9]{1,2}) *%")
_SOME_OF = re.compile(r"([0-9]{1,3}) +of +([0-9]{1,3})")
_SECONDS = re.compile(r"([0-9]{1,4}) *(s|second|seconds|minute|minutes)")
_RETENTION = re.compile(r"([0-9]{1,3}) +(day|week|month|year)s? +after +closed")
_YEAR = re.compile(r"20[0-9]{2}")
_SCHEDULE = re.compile(
    rf"every +(?:day|working day|(?:{_DAY})(?:,(?:{_DAY}))*"
    r"|(?:month|quarter|year) +on +[0-9]{1,3}) +at +(?:[01][0-9]|2[0-3]):[0-5][0-9]"
)
_SLIPS: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("yes", "on", "y", "true", "1"), "true"),
        **dict.fromkeys(("no", "off", "n", "false", "0"), "false"),
    }
)
_CURRENCY_SLIPS: Mapping[str, str] = MappingProxyType(
    {"euro": "EUR", "euros": "EUR", "€": "EUR", "dollar": "USD", "$": "USD", "pound": "GBP"}
)


def one_of(kind: type[E], later: Mapping[str, Later] | None = None) -> Phrase[E]:
    """Return the phrase for one word of a closed set."""
    words = tuple(member.value for member in kind)
    return Phrase(
        _or(words),
        lambda text: kind(text) if text in words else None,
        words=words,
        later=later or {},
    )


def word(*words: str) -> Phrase[str]:
    """Return the phrase for one of some words."""
    return Phrase(
        _or(words),
        lambda text: text if text in words else None,
        words=words,
    )


def _or(words: tuple[str, ...]) -> str:
    quoted = [f"`{each}`" for each in words]
    return " or ".join(filter(None, (", ".join(quoted[:-1]), quoted[-1])))


def _matching(
    expected: str, pattern: str, parse: Callable[[str], str | None] | None = None
) -> Phrase[str]:
    shape = re.compile(pattern)
    return Phrase(
        expected,
        parse or (lambda text: text if shape.fullmatch(text) else None),
        {"type": "string", "pattern": f"^{pattern}$"},
    )


def _yes_no(text: str) -> bool | None:
    return {"true": True, "false": False}.get(text)


def _count(text: str) -> int | None:
    if re.fullmatch("[0-9]{1,5}", text) is None:
        return None
    return int(text) if 1 <= int(text) <= _COUNT_MAX else None


def _span(text: str) -> Span | None:
    if len(text) > _SPAN_LENGTH_MAX or not text.isascii():
        return None
    span = read_span(text)
    return span if span is not None and span.count <= _COUNT_MAX else None


def _target(text: str) -> Target | None:
    timed = _TARGET_SPAN.fullmatch(text)
    if timed is not None:
        span = _span(timed[2])
        seconds = Decimal(span.seconds(0, 0)) if span else None
        return Target(Comparison(timed[1]), seconds) if seconds else None
    counted = _TARGET.fullmatch(text)
    return Target(Comparison(counted[1]), _plain(counted[2])) if counted else None


def _plain(text: str) -> Decimal:
    """Return a number without trailing zeros: equal numbers have one content and one version."""
    number = Decimal(text)
    whole = number.to_integral_value()
    return whole if number == whole else number.normalize()


def _move(text: str) -> Move | None:
    match = _MOVE.fullmatch(text)
    return Move(match[1], match[3]) if match else None


def _zone(text: str) -> str | None:
    try:
        return ZoneInfo(text).key if _ZONE.fullmatch(text) else None
    except (ValueError, OSError, KeyError):
        return None


@cache
def _zones() -> tuple[str, ...]:
    return tuple(sorted(available_timezones()))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        return None


def _local_time(text: str) -> datetime | None:
    """Return a time of day on a date, as the clocks of the company show it: without a zone."""
    try:
        read = datetime.fromisoformat(text) if _LOCAL_TIME.fullmatch(text) else None
    except ValueError:
        return None
    return read if read is not None and read.year in _YEARS else None


def _hours(text: str) -> tuple[Opening, ...] | None:
    match = _HOURS.fullmatch(text)
    if match is None:
        return None
    start = int(match[2]) * 60 + int(match[3])
    end = int(match[4]) * 60 + int(match[5])
    if int(match[3]) > 59 or int(match[5]) > 59 or not start < end <= 24 * 60:  # noqa: PLR2004
        return None
    days = _weekdays(match[1])
    return tuple(Opening(day, start, end) for day in days) if days else None


def _weekdays(text: str) -> tuple[int, ...]:
    """Return the days of `Mon-Fri` or `Mon,Wed`; empty when a range runs backwards."""
    days: set[int] = set()
    for part in text.split(","):
        names = part.split("-")
        first, last = _DAYS.index(names[0]), _DAYS.index(names[-1])
        if len(names) > 2 or last < first:  # noqa: PLR2004 - a range has two ends
            return ()
        days.update(range(first, last + 1))
    return tuple(sorted(days))


def _pair(text: str) -> tuple[str, str] | None:
    parts = text.split("/")
    return (parts[0], parts[1]) if len(parts) == 2 and all(parts) else None  # noqa: PLR2004


def _field_of(text: str) -> tuple[str, str] | None:
    item, point, field = text.partition(".")
    return (item, field) if point and is_identifier(item) and field else None


def _sender(text: str) -> str | None:
    kind, _, name = text.partition("/")
    return text if kind in {"interface", "role"} and is_identifier(name) else None


def _raiser(text: str) -> tuple[str, str] | None:
    kind, slash, name = text.partition("/")
    kind, name = (kind, name) if slash else ("role", kind)
    return (kind, name) if kind in {"role", "interface", "step"} and is_identifier(name) else None


def _percent(text: str) -> int | None:
    match = _PERCENT.fullmatch(text)
    return int(match[1]) if match and 1 <= int(match[1]) < 100 else None  # noqa: PLR2004 - percent


def _amount(text: str) -> tuple[Decimal, str] | None:
    match = _AMOUNT.fullmatch(text)
    if match is None or match[1] not in MINOR_DIGITS:
        return None
    amount = read_money(text, match[1])
    return (_plain(str(amount)), match[1]) if amount else None


def _some_of(text: str) -> tuple[int, int] | None:
    """Return the numbers of `2 of 3`."""
    match = _SOME_OF.fullmatch(text)
    some, of = (int(match[1]), int(match[2])) if match else (0, 0)
    return (some, of) if 1 <= some <= of else None


def _seconds(text: str) -> int | None:
    match = _SECONDS.fullmatch(text)
    if match is None:
        return None
    seconds = int(match[1]) * (60 if match[2].startswith("m") else 1)
    return seconds if 1 <= seconds <= _CALL_SECONDS_MAX else None


def _retention(text: str) -> Retention | None:
    match = _RETENTION.fullmatch(text)
    return Retention(int(match[1]), match[2]) if match and int(match[1]) else None


def _horizon(text: str) -> date | None:
    """Return the day, or the last one of a year."""
    return date(int(text), 12, 31) if _YEAR.fullmatch(text) else _day(text)


def _days(text: str) -> tuple[date, date] | None:
    first, _, last = (part.strip() for part in text.partition(" to "))
    start, end = _day(first), _day(last or first)
    return (start, end) if start and end and start <= end else None


def _schedule(text: str) -> str | None:
    return " ".join(text.split()) if _SCHEDULE.fullmatch(text) else None


_ANY_TEXT = {"type": ["string", "number", "boolean"]}
TEXT: Phrase[str] = Phrase("text", str, _ANY_TEXT)
EXPRESSION: Phrase[str] = Phrase("an expression", str, _ANY_TEXT)
CELL: Phrase[str] = Phrase("a cell", str, _ANY_TEXT)
REFERENCE: Phrase[str] = Phrase("an id", str)
YES_NO: Phrase[bool] = Phrase(
    "`true` or `false`", _yes_no, {"type": "boolean"}, instead=_SLIPS, plain=True
)
YES: Phrase[bool] = Phrase(
    "`true`", lambda text: True if text == "true" else None, {"const": True}, plain=True
)
COUNT: Phrase[int] = Phrase(
    "a whole number from 1 to 10000",
    _count,
    {"type": "integer", "minimum": 1, "maximum": _COUNT_MAX},
    plain=True,
)
VERSION: Phrase[int] = Phrase(
    "`1`", lambda text: 1 if text == "1" else None, {"const": 1}, plain=True
)


def _span_hint(text: str) -> str:
    if _SPAN.fullmatch(text):
        return "Write one of up to ten years."
    return "Count it in whole minutes, hours, days or weeks." if text[:1].isdigit() else ""


SPAN: Phrase[Span] = Phrase(
    "a length of time such as `4 working hours` or `30 days`",
    _span,
    {"type": "string", "pattern": _SPAN.pattern},
    hint=_span_hint,
)
TARGET: Phrase[Target] = Phrase(
    "a target such as `>= 80 %`, `<= 2 days` or `<= 5`",
    _target,
    {"type": "string", "pattern": "^(>=|<=|>|<) *[0-9]"},
)
MOVE: Phrase[Move] = Phrase(
    "a move such as `new -> active` or `* -> closed`",
    _move,
    {"type": "string", "pattern": f"^{_MOVE.pattern}$"},
)
HOURS_PATTERN = _HOURS.pattern
HOURS: Phrase[tuple[Opening, ...]] = Phrase(
    "hours such as `Mon-Fri 08:00-18:00`",
    _hours,
    {"type": "string", "pattern": f"^{_HOURS.pattern}$"},
)
ALWAYS: Phrase[tuple[Opening, ...]] = Phrase(
    "`always` or a list of hours such as `Mon-Fri 08:00-18:00`",
    lambda text: () if text == "always" else None,
    words=("always",),
)
DATE: Phrase[date] = Phrase(
    "a date such as `2026-12-25`", _day, {"type": "string", "pattern": f"^{_DATE.pattern}$"}
)
LOCAL_TIME: Phrase[datetime] = Phrase(
    "a time such as `2026-03-02 09:30`",
    _local_time,
    {"type": "string", "pattern": f"^{_LOCAL_TIME.pattern}$"},
)
ZONE: Phrase[str] = Phrase("a time zone such as `Europe/Lisbon`", _zone, names=_zones)
COUNTRY: Phrase[str] = Phrase(
    "a country such as `NL`, or a part of one such as `DE-BY`",
    lambda text: text if _COUNTRY.fullmatch(text) and public_holidays(text) is not None else None,
    {"type": "string", "pattern": f"^{_COUNTRY.pattern}$"},
)
CURRENCY: Phrase[str] = Phrase(
    "a currency such as `EUR`",
    lambda text: text if text in MINOR_DIGITS else None,
    {"type": "string", "pattern": "^[A-Z]{3}$"},
    instead={**{code.lower(): code for code in MINOR_DIGITS}, **_CURRENCY_SLIPS},
)
TYPE = _matching("a type such as `decimal`, `list of text`, `claim` or `claim.kind`", _TYPE.pattern)
PREFIX = _matching("two to eight capital letters or digits such as `INC`", _PREFIX.pattern)
STEP_OF: Phrase[tuple[str, str]] = Phrase(
    "a step such as `incident/triage`", _pair, {"type": "string", "pattern": "^[^/]+/[^/]+$"}
)
FIELD_OF: Phrase[tuple[str, str]] = Phrase(
    "a field such as `loan.score`", _field_of, {"type": "string", "pattern": "^[^.]+[.].+$"}
)
SENDER: Phrase[str] = Phrase(
    "a role or interface such as `role/resolver` or `interface/portal`",
    _sender,
    {"type": "string", "pattern": f"^(role|interface)/{IDENTIFIER.pattern}$"},
)
RAISER: Phrase[tuple[str, str]] = Phrase(
    "a role, interface or step such as `resolver` or `interface/portal`",
    _raiser,
    {"type": "string", "pattern": f"^((role|interface|step)/)?{IDENTIFIER.pattern}$"},
)
AMOUNT: Phrase[tuple[Decimal, str]] = Phrase(
    "an amount with its currency, such as `100000 EUR`",
    _amount,
    {"type": "string", "pattern": f"^{_AMOUNT.pattern}$"},
)
PERCENT: Phrase[int] = Phrase(
    "a part such as `at 75 %`", _percent, {"type": "string", "pattern": f"^{_PERCENT.pattern}$"}
)
SOME_OF: Phrase[tuple[int, int]] = Phrase(
    "some of many such as `2 of 3`",
    _some_of,
    {"type": "string", "pattern": f"^{_SOME_OF.pattern}$"},
)
SECONDS: Phrase[int] = Phrase(
    "a short time such as `10 seconds`",
    _seconds,
    {"type": "string", "pattern": f"^{_SECONDS.pattern}$"},
)
PATH = _matching(
    "a path such as `/scores` or `/loans/{loan.number}`",
    r"(?:/(?:\{[a-z][a-z0-9-]*(?:\.[a-z][a-z0-9-]*)+\}(?=/|$)"
    r"|(?![.]{1,2}(?:/|$))[A-Za-z0-9._~!$&'()*+,;=:@%-]*))+",
)
RETENTION: Phrase[Retention] = Phrase(
    "a time such as `7 years after closed`",
    _retention,
    {"type": "string", "pattern": f"^{_RETENTION.pattern}$"},
)
HORIZON: Phrase[date] = Phrase(
    "a day such as `2027-12-31`, or a year",
    _horizon,
    {"type": ["string", "integer"], "pattern": f"^({_DATE.pattern}|{_YEAR.pattern})$"},
)
DAYS: Phrase[tuple[date, date]] = Phrase(
    "days such as `2026-12-20 to 2027-01-03`", _days, {"type": "string"}
)
SCHEDULE: Phrase[str] = Phrase(
    "a schedule such as `every Mon at 08:00` or `every month on 1 at 08:00`",
    _schedule,
    {"type": "string", "pattern": f"^{_SCHEDULE.pattern}$"},
)
