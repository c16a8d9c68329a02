"""Diagrams of a process: what is to be drawn, and where it came to stand. Lengths are pixels."""

from dataclasses import dataclass
from typing import Literal

NodeKind = Literal["step", "fork", "join", "end", "suspension"]
EdgeKind = Literal["flow", "rework"]
Direction = Literal["wide", "tall"]
Point = tuple[float, float]

BARS: frozenset[NodeKind] = frozenset(("fork", "join"))


@dataclass(frozen=True, slots=True)
class Node:
    """Something to place. A fork or a join is a bar: its size follows from its branches.

    width, height: of its box, whichever way the map runs.
    """

    id: str
    kind: NodeKind = "step"
    width: float = 98
    height: float = 56


@dataclass(frozen=True, slots=True)
class Edge:
    """A way from one node to another. A suspension hangs off the first step with an edge to it.

    kind: `rework` leads back to earlier work; cycles are broken there first.
    """

    id: str
    source: str
    target: str
    label: str = ""
    kind: EdgeKind = "flow"


@dataclass(frozen=True, slots=True)
class Box:
    """A placed node: left, top, width and height."""

    id: str
    kind: NodeKind
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Line:
    """A placed edge as corners with right angles.

    ids:   edges it stands for: two when a way and its way back are one line.
    kind:  `hang` ties a suspension to its step.
    both:  with an arrow head at either end.
    """

    ids: tuple[str, ...]
    kind: Literal["flow", "rework", "hang"]
    source: str
    target: str
    points: tuple[Point, ...]
    both: bool = False


@dataclass(frozen=True, slots=True)
class Label:
    """The name of an edge; x is the left of the text and y its base line."""

    text: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Layout:
    """A finished map: bars are the boxes of kind fork and join."""

    direction: Direction
    width: float
    height: float
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    labels: tuple[Label, ...]
