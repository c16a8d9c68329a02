"""Dates, times and durations as text: read and written as the standard does."""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal
from typing import TypeAlias
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from kingpost.expressions.value import FailureError, Months
from kingpost.expressions.wide import (
    AnyDate,
    AnyDateTime,
    AnyTime,
    Moment,
    WideDate,
    WideDateTime,
    WideTime,
    civil,
    counted,
    day_of,
    make_date,
    make_moment,
    make_time,
    nanos_of,
    zone_of,
)

_DATE = re.compile(r"(-?(?:\d{4}|[1-9]\d{4,8}))-(\d\d)-(\d\d)", re.ASCII)
_TIME = re.compile(
    r"(\d\d):(\d\d):(\d\d)(?:\.(\d{1,18}))?(Z|[+-]\d\d:\d\d(?::\d\d)?|@[\w/+-]{1,64})?", re.ASCII
)
_MONTHS = re.compile(r"(-?)P(?=\d)(?:(\d{1,9})Y)?(?:(\d{1,9})M)?", re.ASCII)
_SPAN = re.compile(
    r"(-?)P(?=[\dT])(?:(\d{1,9})D)?"
    r"(?:T(?=\d)(?:(\d{1,12})H)?(?:(\d{1,12})M)?(?:(\d{1,12})(?:\.(\d{0,18}))?S)?)?",
    re.ASCII,
)
_ZONE = re.compile(r"[A-Za-z_]+(/[A-Za-z0-9_+-]+){0,2}", re.ASCII)
_ZONE_HOURS_MAX = 14
_YEAR_MONTHS = 12
_DAY_HOURS = 24
_MINUTE = 60
_NANO_DIGITS = 9
_NO_NANOS = "0" * _NANO_DIGITS

Written: TypeAlias = Moment | timedelta | Months


def read_zone(text: str) -> tzinfo | None:
    """Read `Z`, an offset like `+02:00` or a zone like `@Europe/Paris`; empty text is no zone."""
    if not text:
        return None
    if text == "Z":
        return UTC
    if text.startswith("@"):
        return named_zone(text[1:])
    hours, minutes, *seconds = (int(part) for part in text[1:].split(":"))
    offset = timedelta(hours=hours, minutes=minutes, seconds=seconds[0] if seconds else 0)
    if hours > _ZONE_HOURS_MAX or minutes >= _MINUTE:
        raise FailureError(f"`{text}` is not an offset")
    return timezone(-offset if text[0] == "-" else offset)


def named_zone(name: str) -> tzinfo:
    """Find a zone of the time zone database by name. Raises FailureError when there is none."""
    if _ZONE.fullmatch(name) is None:
        raise FailureError(f"`{name}` is not a time zone")
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise FailureError(f"`{name}` is not a time zone") from error


def read_date(text: str) -> AnyDate:
    """Read a date such as `2026-03-01`. Raises FailureError when it is none."""
    match = _DATE.fullmatch(text)
    if match is None or match[1].startswith("-0000"):
        raise FailureError(f"`{_short(text)}` is not a date")
    try:
        return make_date(counted(int(match[1]), int(match[2]), int(match[3])))
    except ValueError as error:
        raise FailureError(f"`{_short(text)}` is not a date") from error


def read_time(text: str) -> AnyTime:
    """Read a time such as `10:30:00`, with an offset or zone or without."""
    match = _TIME.fullmatch(text)
    if match is None:
        raise FailureError(f"`{_short(text)}` is not a time")
    hour, minute, second = int(match[1]), int(match[2]), int(match[3])
    if hour >= _DAY_HOURS or minute >= _MINUTE or second >= _MINUTE:
        raise FailureError(f"`{_short(text)}` is not a time")
    nanos = int(((match[4] or "") + _NO_NANOS)[:_NANO_DIGITS])
    nanos += ((hour * _MINUTE + minute) * _MINUTE + second) * 10**_NANO_DIGITS
    return make_time(nanos, read_zone(match[5] or ""))


def read_date_time(text: str) -> AnyDateTime:
    """Read a date and time such as `2026-03-01T10:30:00@Europe/Paris`; a bare date is midnight."""
    day_text, mark, clock_text = text.partition("T")
    day = day_of(read_date(day_text))
    if clock_text.startswith("24:00:00"):
        clock_text = "00" + clock_text[2:]
        day += 1
    clock = read_time(clock_text) if mark else time()
    try:
        return make_moment(day, nanos_of(clock), zone_of(clock))
    except ValueError as error:
        raise FailureError(f"`{_short(text)}` is not a date and time") from error


def read_duration(text: str) -> timedelta | Months:
    """Read a duration such as `P1DT2H`, or of months such as `P1Y6M`."""
    if match := _MONTHS.fullmatch(text):
        months = int(match[2] or 0) * _YEAR_MONTHS + int(match[3] or 0)
        return Months(-months if match[1] else months)
    match = _SPAN.fullmatch(text)
    if match is None:
        raise FailureError(f"`{_short(text)}` is not a duration")
    days, hours, minutes, seconds = (int(match[part] or 0) for part in (2, 3, 4, 5))
    micros = int(((match[6] or "") + "000000")[:6])
    try:
        span = timedelta(
            days=days, hours=hours, minutes=minutes, seconds=seconds, microseconds=micros
        )
    except OverflowError as error:
        raise FailureError(f"`{_short(text)}` is too long a duration") from error
    return -span if match[1] else span


def read_moment(text: str) -> Written:
    """Read what stands in `@"..."`. Raises FailureError when it is no date, time or duration.

    Source: OMG DMN 1.5, 10.3.1.2, rule 62, at literal.
    """
    if text.lstrip("-").startswith("P"):
        return read_duration(text)
    if _TIME.fullmatch(text):
        return read_time(text)
    if "T" in text:
        return read_date_time(text)
    return read_date(text)


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:37]}..."  # noqa: PLR2004 - fits a message


def write_moment(moment: Written) -> str:
    """Write a date, time or duration as the standard does."""
    match moment:
        case timedelta():
            return _write_span(moment)
        case Months():
            return _write_months(moment.months)
        case datetime() | WideDateTime():
            return f"{_write_day(day_of(moment))}T{_write_clock(moment)}"
        case date() | WideDate():
            return _write_day(day_of(moment))
        case time() | WideTime():
            return _write_clock(moment)


def _write_day(day: int) -> str:
    year, month, of_month = civil(day)
    sign = "-" if year < 0 else ""
    return f"{sign}{abs(year):04}-{month:02}-{of_month:02}"


def _write_clock(moment: AnyTime | AnyDateTime) -> str:
    seconds, nanos = divmod(nanos_of(moment), 10**_NANO_DIGITS)
    minutes, second = divmod(seconds, _MINUTE)
    fraction = f".{nanos:0{_NANO_DIGITS}}".rstrip("0") if nanos else ""
    clock = f"{minutes // _MINUTE:02}:{minutes % _MINUTE:02}:{second:02}{fraction}"
    return clock + _write_zone(zone_of(moment))


def _write_zone(zone: tzinfo | None) -> str:
    if zone is None:
        return ""
    if isinstance(zone, ZoneInfo):
        return f"@{zone.key}"
    offset = zone.utcoffset(None) or timedelta(0)
    if not offset:
        return "Z"
    sign = "-" if offset < timedelta(0) else "+"
    minutes, seconds = divmod(abs(offset).seconds, _MINUTE)
    end = f":{seconds:02}" if seconds else ""
    return f"{sign}{minutes // _MINUTE:02}:{minutes % _MINUTE:02}{end}"


def _write_months(months: int) -> str:
    years, rest = divmod(abs(months), _YEAR_MONTHS)
    body = (f"{years}Y" if years else "") + (f"{rest}M" if rest else "")
    return ("-" if months < 0 else "") + "P" + (body or "0M")


def _write_span(span: timedelta) -> str:
    size = abs(span)
    minutes, seconds = divmod(size.seconds, _MINUTE)
    hours, minutes = divmod(minutes, _MINUTE)
    exact = Decimal(seconds) + Decimal(size.microseconds) / 1_000_000
    clock = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
    if exact:
        clock += f"{exact.normalize():f}S"
    body = (f"{size.days}D" if size.days else "") + (f"T{clock}" if clock else "")
    return ("-" if span < timedelta(0) else "") + "P" + (body or "T0S")
