"""A process as it runs now: where its cases are, how long they stay, and what is late."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from psycopg.rows import DictRow

from kingpost.decisions.judging.clocks import calendar_of
from kingpost.decisions.program import Program, WorkflowProgram
from kingpost.insight.diagram import Edge, NodeKind
from kingpost.insight.process_graph import Stop, graph_of
from kingpost.insight.stays import Heat, Stay, heat, target_of
from kingpost.model.workflow import Decision, Step, Task, Wait
from kingpost.queries.open_work import due_times, within
from kingpost.queries.people import Answering, answering
from kingpost.store.pool import Database
from kingpost.store.reading import process
from kingpost.store.reading.cases import timed_blocks
from kingpost.store.reading.people import moment


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
    flow = program.workflows.get(workflow)
    if flow is None:
        return None
    with database.snapshot() as connection:
        now = moment(connection)
        since = beginning(window, now)
        cards = process.open_cases(connection, workflow, now)
        counts = _count(process.places(connection, workflow, now))
        _count_late_blocks(counts, program, workflow, timed_blocks(connection, workflow), now)
        stays = {
            (row["kind"], row["name"]): _stay(row)
            for row in process.stays(connection, workflow, since)
        }
        states = process.states(connection, workflow)
        passed = process.throughput(connection, workflow, since)
        owners = answering(connection, program)
    graph = graph_of(flow.workflow)
    return Process(
        as_at=now,
        window=window,
        since=since,
        card=_card(flow, cards, passed, owners),
        nodes=tuple(_node(flow, stop, counts, stays) for stop in graph.stops),
        edges=graph.edges,
        states=tuple(
            StateNow(
                state.id,
                state.title,
                state.begin,
                state.end,
                states.get(state.id, 0),
                stays.get(("state", state.id), Stay()),
            )
            for state in flow.object.states
        ),
    )


def read_processes(
    database: Database, program: Program, window: Window = Window.MONTH
) -> Processes:
    """Read every process in one line each."""
    with database.snapshot() as connection:
        now = moment(connection)
        counts = process.open_cases(connection, None, now)
        passed = process.throughput(connection, None, beginning(window, now))
        owners = answering(connection, program)
    cards = (_card(flow, counts, passed, owners) for flow in program.workflows.values())
    return Processes(now, window, tuple(cards))


def beginning(window: Window, now: datetime) -> datetime | None:
    """Return the beginning of a window that ends now; None for all time."""
    return now - window.length if window.length else None


@dataclass(slots=True)
class _Counts:
    """Where open cases of one workflow stand, by step, or by `exception/ID`."""

    now: Counter[str] = field(default_factory=Counter[str])
    suspended: Counter[str] = field(default_factory=Counter[str])
    overdue: Counter[str] = field(default_factory=Counter[str])


def _count(rows: Iterable[DictRow]) -> _Counts:
    """Add up where cases stand, and those that an exception holds there at the exception too."""
    counts = _Counts()
    for row in rows:
        names = [row["step"]]
        if row["exception"] is not None:
            names.append(f"exception/{row['exception']}")
        for name in names:
            counts.now[name] += row["cases"]
            counts.overdue[name] += row["overdue"]
            counts.suspended[name] += row["cases"] if len(names) > 1 else 0
    return counts


def _count_late_blocks(
    counts: _Counts, program: Program, workflow: str, rows: Iterable[DictRow], now: datetime
) -> None:
    """Add the blocks whose own term is over, or that of a block around them."""
    for row in rows:
        due = due_times(program, row["clocks"])
        late = {step for step, at in due.items() if at < now}
        for step in row["steps"]:
            counts.overdue[step] += bool(late & within(program, workflow, step))


def _card(
    flow: WorkflowProgram,
    counts: list[DictRow],
    passed: list[DictRow],
    owners: Mapping[str, Answering],
) -> ProcessCard:
    name = flow.workflow.id
    row = next((row for row in passed if row["workflow"] == name), None)
    found = next((row for row in counts if row["workflow"] == name), None)
    return ProcessCard(
        workflow=name,
        title=flow.workflow.title,
        owner=owners[flow.workflow.owner],
        in_flight=row["in_flight"] if row else 0,
        overdue=found["overdue"] if found else 0,
        suspended=found["suspended"] if found else 0,
        started=row["started"] if row else 0,
        closed=row["closed"] if row else 0,
        stay=Stay(row["closed"], 0, *_times(row)) if row else Stay(),
    )


def _node(
    flow: WorkflowProgram,
    stop: Stop,
    counts: _Counts,
    stays: Mapping[tuple[str, str], Stay],
) -> NodeNow:
    step = stop.step
    name = step.id if step else stop.id
    kind, visited = ("step", name) if step else ("exception", str(stop.exception))
    stay, target = stays.get((kind, visited), Stay()), _target(flow, step)
    return NodeNow(
        id=stop.id,
        kind=stop.kind,
        title=stop.title,
        step=step.id if step else None,
        exception=stop.exception,
        post=step.to.post if isinstance(step, Task | Decision) else None,
        role=(step.role or None) if isinstance(step, Task | Decision | Wait) else None,
        now=counts.now[name],
        suspended=counts.suspended[name],
        overdue=counts.overdue[name],
        stay=stay,
        target=target,
        heat=heat(stay.median, target),
    )


def _target(flow: WorkflowProgram, step: Step | None) -> timedelta | None:
    if step is None:
        return None
    post = step.to.post if isinstance(step, Task | Decision) else None
    return target_of(step.due, calendar_of(flow, post or flow.workflow.owner))


def _stay(row: DictRow) -> Stay:
    return Stay(row["completed"], row["withdrawn"], *_times(row))


def _times(row: DictRow) -> tuple[timedelta | None, timedelta | None]:
    median, p85 = row["times"] or (None, None)
    return (
        None if median is None else timedelta(seconds=median),
        None if p85 is None else timedelta(seconds=p85),
    )
