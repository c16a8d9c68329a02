"""A process as it runs now: where its cases are, how long they stay, and what is late."""

from collections import Counter, defaultdict
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
from kingpost.store.reading.cases import positions
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
        counts = _count(program, positions(connection, workflow), now)[workflow]
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
        card=_card(flow, counts, passed, owners),
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
        counts = _count(program, positions(connection), now)
        passed = process.throughput(connection, None, beginning(window, now))
        owners = answering(connection, program)
    cards = (_card(flow, counts[name], passed, owners) for name, flow in program.workflows.items())
    return Processes(now, window, tuple(cards))


def beginning(window: Window, now: datetime) -> datetime | None:
    """Return the beginning of a window that ends now; None for all time."""
    return now - window.length if window.length else None


@dataclass(slots=True)
class _Counts:
    """Open cases of one workflow. now, suspended, overdue: by step, or by `exception/ID`."""

    now: Counter[str] = field(default_factory=Counter[str])
    suspended: Counter[str] = field(default_factory=Counter[str])
    overdue: Counter[str] = field(default_factory=Counter[str])
    cases_suspended: int = 0
    cases_overdue: int = 0


def _count(program: Program, rows: Iterable[DictRow], now: datetime) -> defaultdict[str, _Counts]:
    found: defaultdict[str, _Counts] = defaultdict(_Counts)
    around: dict[tuple[str, str], frozenset[str]] = {}
    for row in rows:
        counts, tokens = found[row["workflow"]], row["tokens"]
        clocks = [token for token in tokens.values() if "clock" in token]
        late = {step for step, due in due_times(program, clocks).items() if due < now}
        counts.cases_overdue += bool(late)
        counts.cases_suspended += any("suspension" in token for token in tokens.values())
        for token in tokens.values():
            key = (row["workflow"], token["step"])
            if key not in around:
                around[key] = within(program, *key)
            names = [token["step"]]
            if "suspension" in token:
                names.append(f"exception/{token['suspension']['exception']}")
                counts.suspended.update(names)
            counts.now.update(names)
            if late and around[key] & late:
                counts.overdue.update(names)
    return found


def _card(
    flow: WorkflowProgram,
    counts: _Counts,
    passed: list[DictRow],
    owners: Mapping[str, Answering],
) -> ProcessCard:
    row = next((row for row in passed if row["workflow"] == flow.workflow.id), None)
    return ProcessCard(
        workflow=flow.workflow.id,
        title=flow.workflow.title,
        owner=owners[flow.workflow.owner],
        in_flight=row["in_flight"] if row else 0,
        overdue=counts.cases_overdue,
        suspended=counts.cases_suspended,
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
