"""A finished picture: boxes, ways between them and words, ready to be written. In pixels."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from kingpost.insight.diagram import Point

Shape: TypeAlias = Literal["box", "pill", "bar", "stage", "state", "plain"]

TITLE = 12.0
NOTE = 10.5
LEADING = 15.0
NOTE_LEADING = 13.0
PADDING = 9.0


@dataclass(frozen=True, slots=True)
class Figure:
    """Something drawn in a rectangle.

    lines:   its title, broken to fit. notes: smaller lines below.
    tone:    what it is, as a class of the stylesheet, such as `decision`.
    address: the part it stands for, or empty. spoken: what is said instead of the drawing.
    """

    shape: Shape
    x: float
    y: float
    width: float
    height: float
    lines: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    tone: str = ""
    address: str = ""
    spoken: str = ""


@dataclass(frozen=True, slots=True)
class Way:
    """A line between figures, with corners. kind: a class of the stylesheet, such as `rework`."""

    points: tuple[Point, ...]
    kind: str = "flow"
    ends: Literal["none", "end", "both"] = "end"


@dataclass(frozen=True, slots=True)
class Words:
    """Words beside a way or above figures; x is their left, y the base line of the last line."""

    lines: tuple[str, ...]
    x: float
    y: float
    kind: str = "label"


@dataclass(frozen=True, slots=True)
class Picture:
    """A whole picture. title, description: what a screen reader says of it."""

    title: str
    description: str
    width: float
    height: float
    figures: tuple[Figure, ...]
    ways: tuple[Way, ...] = ()
    words: tuple[Words, ...] = ()


def height_of(lines: int, notes: int) -> float:
    """Return how high a box with that many lines is."""
    return 2 * PADDING + lines * LEADING + (notes * NOTE_LEADING + 2 if notes else 0)
