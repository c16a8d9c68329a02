"""A process as it runs now: where its cases are, how long they stay, and what is late."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from kingpost.decisions.program import Program
from kingpost.insight.diagram import Edge, NodeKind
from kingpost.insight.stays import Heat, Stay
from kingpost.queries.people import Answering
from kingpost.store.pool import Database


class Window(StrEnum):
    """The time before now in which a stay or a case must have ended to be counted."""

    DAY = "24h"
    WEEK = "7d"
    MONTH = "30d"
    ALL = "all"

    @property
    def length(self) -> timedelta | None:
        """Return how long it is; None for all time."""
        days = {Window.DAY: 1, Window.WEEK: 7, Window.MONTH: 30}
        return timedelta(days=days[self]) if self in days else None


@dataclass(frozen=True, slots=True)
class NodeNow:
    """A node of the map with its numbers.

    id:        as in the edges. kind: `fork` and `join` are the two bars of a parallel step; the
               fork has the numbers of the whole.
    step, exception: which of the model's it stands for; exactly one is given.
    post, role: of the work there, or None.
    now:       cases that stand there. Of a step those not suspended and those that are.
    suspended: of them, those that an exception holds.
    overdue:   of them, those whose term (of the step or of a block around it) is over.
    target:    the plain time it may take; None without a term.
    """

    id: str
    kind: NodeKind
    title: str
    step: str | None
    exception: str | None
    post: str | None
    role: str | None
    now: int
    suspended: int
    overdue: int
    stay: Stay
    target: timedelta | None
    heat: Heat


@dataclass(frozen=True, slots=True)
class StateNow:
    """A state of the lifecycle. now: cases in it, closed ones in final states included.

    stay: of ended times in it; a final state has none.
    """

    id: str
    title: str
    begin: bool
    end: bool
    now: int
    stay: Stay


@dataclass(frozen=True, slots=True)
class ProcessCard:
    """A process in one line. overdue: open cases with a term that is over.

    started, closed: in the window. stay: of cases closed in the window, from start to end.
    """

    workflow: str
    title: str
    owner: Answering
    in_flight: int
    overdue: int
    suspended: int
    started: int
    closed: int
    stay: Stay


@dataclass(frozen=True, slots=True)
class Process:
    """One process as it runs now. since: the beginning of the window; None for all time."""

    as_at: datetime
    window: Window
    since: datetime | None
    card: ProcessCard
    nodes: tuple[NodeNow, ...]
    edges: tuple[Edge, ...]
    states: tuple[StateNow, ...]


@dataclass(frozen=True, slots=True)
class Processes:
    """All processes of the model."""

    as_at: datetime
    window: Window
    cards: tuple[ProcessCard, ...]


def read_process(
    database: Database, program: Program, workflow: str, window: Window = Window.MONTH
) -> Process | None:
    """Read a process, or None when the model has no such workflow."""
    raise NotImplementedError


def read_processes(
    database: Database, program: Program, window: Window = Window.MONTH
) -> Processes:
    """Read every process in one line each."""
    raise NotImplementedError
