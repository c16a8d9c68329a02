"""Rows of a log as the mapping reads them."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from kingpost.decisions.case import Plain
from kingpost.exchange.files.faults import unreadable
from kingpost.exchange.mapping.mapping import Column, Instant, LogMapping, Otherwise
from kingpost.model.objects import Field, FieldType
from kingpost.values.nearest import suggestion

_NOT_IN_SLUG = re.compile(r"[^a-z0-9]+")
_INTEGER = re.compile(r"-?[0-9]{1,16}")
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
_END = datetime(9000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a log.

    at, started: UTC, in the time of the log. started: None when the row does not say it.
    shows:       the state or the event in the words of the model; None when it is not known.
    said:        the same as the log has it.
    fields:      what the row says about the record; a field that nobody could know is absent.
    raw:         the row as it stands, by column.
    """

    line: int
    number: str
    at: datetime
    started: datetime | None
    person: str | None
    interface: str | None
    shows: str | None
    said: str
    fields: Mapping[str, Plain]
    raw: Mapping[str, str]


class RowReader:
    """Reads the rows of one file. file: its name, for faults. fields: of the object, by id."""

    def __init__(self, file: str, mapping: LogMapping, fields: Mapping[str, Field]) -> None:
        """Read by `mapping`."""
        self.file = file
        self.mapping = mapping
        self._hidden = [
            (frozenset(item.columns), frozenset(item.known_in)) for item in mapping.hindsight
        ]
        self._sources = [
            (name, column, fields[name].type is FieldType.INTEGER)
            for name, column in mapping.fields.items()
        ]
        self._zoned: dict[str, tuple[int, bool]] = {}

    def read(self, line: int, raw: Mapping[str, str]) -> Row:
        """Return the row. Raises: UnreadableError, when it names no case or no time."""
        mapping = self.mapping
        author = raw[mapping.author.column]
        interface = mapping.author.interfaces.get(author)
        shows = self.shows(raw)
        return Row(
            line,
            self.number(line, raw),
            self.at(line, raw),
            self.started(line, raw),
            None if interface else self._person(author),
            interface,
            shows,
            raw[mapping.shows.name],
            self._fields(raw, shows),
            raw,
        )

    def number(self, line: int, raw: Mapping[str, str]) -> str:
        """Return the number of the row's case. `NA` is a number like any other."""
        number = _clean(raw[self.mapping.case])
        if not number or number in self.mapping.empty:
            message = f"the row names no case: `{self.mapping.case}` is empty"
            raise unreadable(self.file, line, message, "Fill it in, or remove the row.")
        return number

    def at(self, line: int, raw: Mapping[str, str]) -> datetime:
        """Return the time of the row."""
        return self._instant(line, raw, self.mapping.time)

    def started(self, line: int, raw: Mapping[str, str]) -> datetime | None:
        """Return the time at which the case began, when the row says it."""
        started = self.mapping.started
        if started is None or _clean(raw[started.column]) in self.mapping.empty | {""}:
            return None
        return self._instant(line, raw, started)

    def shows(self, raw: Mapping[str, str]) -> str | None:
        """Return the state or event that the row shows, or None when it is not known."""
        column = self.mapping.shows
        text = _clean(raw[column.name])
        found = column.values.get(text)
        if found is not None or self.mapping.by_state:
            return None if found is None else str(found)
        return slug(text)

    def _person(self, author: str) -> str | None:
        text = _clean(author)
        if not text or text in self.mapping.empty:
            return None
        return slug(text) if self.mapping.author.people is Otherwise.SLUG else text

    def _fields(self, raw: Mapping[str, str], shows: str | None) -> dict[str, Plain]:
        hidden = frozenset[str]()
        for columns, known_in in self._hidden:
            if shows not in known_in:
                hidden |= columns
        empty = self.mapping.empty
        return {
            name: _value(column, raw[column.name], empty, whole=whole)
            for name, column, whole in self._sources
            if column.name not in hidden
        }

    def _instant(self, line: int, raw: Mapping[str, str], instant: Instant) -> datetime:
        text = _clean(raw[instant.column])
        read = _read_instant(text, instant.format, instant.zone)
        if read is None:
            wanted = _wanted(instant)
            message = f"`{instant.column}` is `{text[:60]}`, expected {wanted}"
            raise unreadable(self.file, line, message, "Mend the time, or the mapping.")
        at, zoned = read
        first, first_zoned = self._zoned.setdefault(instant.column, (line, zoned))
        if zoned is not first_zoned:
            with_zone, without = (line, first) if zoned else (first, line)
            message = (
                f"`{instant.column}` mixes zones: line {with_zone} has one, line {without} none"
            )
            raise unreadable(self.file, line, message, "Write all times in one way.")
        return at


def missing_columns(file: str, mapping: LogMapping, known: Mapping[str, str]) -> None:
    """Raise UnreadableError when the first row of a file lacks columns that the mapping reads."""
    for name in mapping.columns():
        if name not in known:
            help_text = suggestion(name, known, "Correct the name in the mapping.")
            raise unreadable(file, 1, f"the log has no column `{name}`", help_text)


def slug(text: str) -> str:
    """Return a text as an id: `Group 70` as `group-70`."""
    return _NOT_IN_SLUG.sub("-", text.lower()).strip("-")


def read_moment(text: str, zone: str | None) -> datetime | None:
    """Read a time as ISO 8601 text; `zone` counts when the text says none."""
    read = _read_instant(text.strip(), "iso", zone)
    return read[0] if read else None


def _wanted(instant: Instant) -> str:
    if instant.format != "iso":
        return f"a time like `{instant.format}` from 1970 on"
    zone = "" if instant.zone else " with its zone"
    return f"a time such as `2026-11-21T10:30:00Z`{zone}, from 1970 on"


@lru_cache(maxsize=65_536)
def _read_instant(text: str, pattern: str, zone: str | None) -> tuple[datetime, bool] | None:
    """Return the time in UTC and whether the text says its zone; None when it is no such time."""
    try:
        if pattern == "iso":
            read = datetime.fromisoformat(text)
        else:
            read = datetime.strptime(text, pattern)  # noqa: DTZ007 - the zone is put in below.
        zoned = read.tzinfo is not None
        if not zoned:
            if zone is None:
                return None
            read = read.replace(tzinfo=ZoneInfo(zone))
        at = read.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return (at, zoned) if _BEGINNING <= at < _END else None


def _value(column: Column, raw: str, empty: frozenset[str], *, whole: bool) -> Plain:
    text = _clean(raw)
    if text in column.values:
        return column.values[text]
    if not text or text in empty or column.otherwise is Otherwise.NOTHING:
        return None
    if column.otherwise is Otherwise.SLUG:
        return slug(text)
    return int(text) if whole and _INTEGER.fullmatch(text) else text


def _clean(text: str) -> str:
    return text.strip() if text.isascii() else unicodedata.normalize("NFC", text).strip()
