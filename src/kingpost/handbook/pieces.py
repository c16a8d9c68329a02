"""What pages are made of: finished values that the templates only place."""

from dataclasses import dataclass
from typing import ClassVar, TypeAlias

from kingpost.model.describing.phrases import Fact, Phrase
from kingpost.model.parts.links import Line


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table: phrases below each other. tone: of a pill around it, or empty."""

    phrases: tuple[Phrase, ...]
    tone: str = ""
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table. anchor: its id on the page, or empty."""

    cells: tuple[Cell, ...]
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table. empty: what is said instead of rows."""

    form: ClassVar = "table"
    id: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    note: str = ""
    empty: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """Properties with what they are."""

    form: ClassVar = "facts"
    id: str
    title: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture, already written as SVG, for wide and for narrow rooms.

    tall: may be empty. uses: where it stands instead of the wide one, as classes of the stylesheet.
    alone: the file that holds the picture alone, from where the handbook begins, or empty.
    """

    form: ClassVar = "drawing"
    id: str
    title: str
    wide: str
    tall: str = ""
    note: str = ""
    alone: str = ""
    uses: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """One part with its facts, such as a step. anchor: its id on the page."""

    anchor: str
    title: str
    sort: str
    address: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Cards:
    """Several parts below each other."""

    form: ClassVar = "cards"
    id: str
    title: str
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Tree:
    """Lines up or down."""

    form: ClassVar = "tree"
    id: str
    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Tile:
    """A number on the first page, and the page to which it leads."""

    number: str
    words: str
    page: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Tiles:
    """Numbers beside each other."""

    form: ClassVar = "tiles"
    id: str
    title: str
    tiles: tuple[Tile, ...]


Section: TypeAlias = Table | Facts | Drawing | Cards | Tree | Tiles


@dataclass(frozen=True, slots=True)
class Page:
    """A page.

    path:  from the first page, without an ending. entry: the entry of the navigation it lies under.
    top:   over the whole width. sections, beside: in two columns, where there is room.
    """

    path: str
    title: str
    entry: str
    kicker: str = ""
    address: str = ""
    lead: Phrase = ()
    top: tuple[Section, ...] = ()
    sections: tuple[Section, ...] = ()
    beside: tuple[Section, ...] = ()
