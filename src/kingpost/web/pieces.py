"""Pieces: the finished values that the parts of a page are drawn from.

Every text is worded, every number formatted, every length computed; templates only place them.
An optional text is `""` when there is none. A `url` is a path of this site, `iso` UTC in ISO 8601.
"""

from dataclasses import dataclass
from typing import Literal

Tone = Literal["neutral", "accent", "late", "risk", "good"]


@dataclass(frozen=True, slots=True)
class Link:
    """A text that leads somewhere; `url` may be empty, then it is plain text."""

    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time as the reader sees it.

    text: short form in the reader's zone, such as `Sat 08:22`.
    iso:  the same moment for machines.
    full: date, time and zone in full, shown on hover.
    """

    text: str
    iso: str
    full: str


@dataclass(frozen=True, slots=True)
class Person:
    """A person as a chip: hue is 0 to 5 and the same for one person everywhere."""

    name: str
    initials: str
    hue: int = 0
    url: str = ""


@dataclass(frozen=True, slots=True)
class Pill:
    """A state in a word; the tone only repeats what the word and the icon say."""

    text: str
    tone: Tone = "neutral"
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Tab:
    """One of several views of the same page, by its own URL; `count` is a formatted number."""

    text: str
    url: str
    current: bool = False
    count: str = ""
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in force, and the URL of the same view without it."""

    text: str
    remove_url: str


@dataclass(frozen=True, slots=True)
class Pager:
    """Where a page of rows stands: `text` such as `1-50 of 132`; an empty URL is the end."""

    text: str
    previous_url: str = ""
    next_url: str = ""


@dataclass(frozen=True, slots=True)
class Empty:
    """Why there is nothing to show, and the next step."""

    title: str
    text: str
    action: Link | None = None
    icon: str = "inbox"


@dataclass(frozen=True, slots=True)
class Act:
    """A button: with `post` a form that is sent once, otherwise a link.

    key:     idempotency key of the command, needed with `post`.
    fields:  hidden names and values that go with it, such as the version.
    confirm: the question to ask first, naming the object; empty to act at once.
    asks:    the words of a text `reason` that has to be given; empty for none.
    """

    text: str
    url: str
    icon: str = ""
    primary: bool = False
    post: bool = False
    key: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    confirm: str = ""
    asks: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """What just happened or must be known; `undo` is offered for ten seconds."""

    title: str
    text: str = ""
    tone: Tone = "neutral"
    undo: Act | None = None


@dataclass(frozen=True, slots=True)
class Clock:
    """A due time.

    text:    time left or late in written units, such as `1 h 08 m left`.
    due:     when it ends.
    used:    share of the budget used, whole percent, 0 to 100.
    counts:  counted down by the second in the page (last hour, plain time only).
    note:    such as `working hours` or `stopped: waiting for the client`.
    """

    text: str
    due: Moment
    tone: Tone
    used: int
    counts: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Risk:
    """A level from 0 (none) to 3, with its word."""

    level: int
    word: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a plain table; `number` sets it to the right in tabular figures.

    act: a button in the place of the text; `about` names its object for those who do not see it.
    pick: the value with which the row is chosen, in the first cell; empty for a row that is not.
    """

    text: str
    url: str = ""
    note: str = ""
    number: bool = False
    pill: Pill | None = None
    act: Act | None = None
    about: str = ""
    pick: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """The head of a column; `sort` is `ascending`, `descending` or empty."""

    text: str
    number: bool = False
    sort: str = ""
    sort_url: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A plain table. The first cell of a row is its head. The caption always says what it holds."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    empty: Empty | None = None
