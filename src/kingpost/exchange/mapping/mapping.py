"""A mapping as a value: where a row says what, and which commands that comes to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from kingpost.decisions.case import Plain


class Otherwise(StrEnum):
    """What becomes of a text for which no value is written."""

    TEXT = "text"
    SLUG = "slug"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Column:
    """Where a value stands, and what its texts mean. values: from a text to a value."""

    name: str
    values: Mapping[str, Plain] = field(default_factory=dict[str, Plain])
    otherwise: Otherwise = Otherwise.TEXT


@dataclass(frozen=True, slots=True)
class Instant:
    """A column with times.

    format: `iso`, or one of strptime.
    zone:   of texts that say none; None when each must say its own.
    """

    column: str
    format: str = "iso"
    zone: str | None = None


@dataclass(frozen=True, slots=True)
class Author:
    """The column that says who wrote the row.

    interfaces: texts that mean a machine. people: how every other text is made a person's id.
    """

    column: str
    interfaces: Mapping[str, str] = field(default_factory=dict[str, str])
    people: Otherwise = Otherwise.TEXT


@dataclass(frozen=True, slots=True)
class Hindsight:
    """Columns whose values are known only in rows that show one of these states."""

    columns: tuple[str, ...]
    known_in: tuple[str, ...]


class Verb(StrEnum):
    """The kind of a command."""

    COMPLETE = "complete"
    DECIDE = "decide"
    RAISE = "raise"
    RESOLVE = "resolve"
    DELIVER = "deliver"


@dataclass(frozen=True, slots=True)
class Act:
    """One command to be.

    choice:  the outcome, exception, ending or message; for COMPLETE the step.
    step:    where; None for where the case stands.
    given:   fixed values. carries: fields whose values come from the row.
    """

    verb: Verb
    choice: str
    step: str | None = None
    given: Mapping[str, Plain] = field(default_factory=dict[str, Plain])
    carries: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Sign:
    """Something that a row says besides its state.

    differs: fields of which at least one is not as in the record; empty when it is a column that
    turns:   that it had another text in the row before, or there was none, and now has `to`.
    at:      only while the case stands at this step; None for always.
    """

    acts: tuple[Act, ...]
    differs: tuple[str, ...] = ()
    turns: str = ""
    to: str = ""
    at: str | None = None


@dataclass(frozen=True, slots=True)
class Moves:
    """From steps at which a case stands, suspended or not, by what a row shows to commands."""

    at: tuple[str, ...]
    suspended: bool
    ways: Mapping[str, tuple[Act, ...]]


@dataclass(frozen=True, slots=True)
class LogMapping:
    """How one kind of log is read.

    shows:     the column with the state after the row, or (`by_state` false) with what happened.
    empty:     texts that mean that nothing is said.
    in_order:  `time` sorts the rows of a case by time; otherwise they stand as in the file.
    known:     what may stand in `shows`; None when every text may.
    """

    workflow: str
    empty: frozenset[str]
    case: str
    time: Instant
    author: Author
    shows: Column
    by_state: bool
    started: Instant | None = None
    in_order: str = "file"
    hindsight: tuple[Hindsight, ...] = ()
    fields: Mapping[str, Column] = field(default_factory=dict[str, Column])
    form: tuple[str, ...] = ()
    record: tuple[str, ...] = ()
    signs: tuple[Sign, ...] = ()
    moves: tuple[Moves, ...] = ()

    def columns(self) -> tuple[str, ...]:
        """Return every column that the mapping reads, each once."""
        named = [self.case, self.time.column, self.author.column, self.shows.name]
        named += [self.started.column] if self.started else []
        named += [column.name for column in self.fields.values()]
        named += [sign.turns for sign in self.signs if sign.turns]
        named += [name for hindsight in self.hindsight for name in hindsight.columns]
        return tuple(dict.fromkeys(named))
