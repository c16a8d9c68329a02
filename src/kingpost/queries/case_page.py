"""The page of one case: where it stands, its record, its history and its proof."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg.rows import DictRow

from kingpost.decisions.case import Case, Proposal
from kingpost.decisions.program import Program, WorkflowProgram
from kingpost.decisions.sealing import write_token
from kingpost.model.objects import FieldClass
from kingpost.proof.canonical import digest
from kingpost.proof.chain import check_chain
from kingpost.queries.history.telling import flows_of, read_events
from kingpost.queries.history.timeline import Event, Programs
from kingpost.queries.history.trace import Trace, trace_of
from kingpost.queries.open_work import (
    FieldValue,
    OpenWork,
    Term,
    read_work,
    step_title,
    term,
    titles,
)
from kingpost.queries.people import Answering, answering
from kingpost.store import cases
from kingpost.store.pool import Database
from kingpost.store.reading import chains, history
from kingpost.store.reading.people import moment
from kingpost.store.reading.work import read_tasks


@dataclass(frozen=True, slots=True)
class RecordField:
    """A field of the record. changed: how often a filled value got another one."""

    value: FieldValue
    privacy: FieldClass
    changed: int


@dataclass(frozen=True, slots=True)
class ChainCheck:
    """Whether the stored bytes are the whole chain of the case. fault: None when they are."""

    fault: str | None
    events: int
    head: str


@dataclass(frozen=True, slots=True)
class Standing:
    """A step at which the case stands; of a parallel step, too. since: when it came there."""

    step: str
    title: str
    since: datetime
    post: str | None
    term: Term | None
    suspended: str | None


@dataclass(frozen=True, slots=True)
class Related:
    """A case that has begun this one, or that this one begins.

    number: None while it has not begun. step: of the case that begins the other.
    state:  None while it has not begun. cause: what stands in the way of beginning it, or None.
    """

    number: str | None
    workflow: str
    step: str
    step_title: str
    state: str | None
    state_title: str | None
    closed_at: datetime | None
    cause: str | None


@dataclass(frozen=True, slots=True)
class CasePage:
    """Everything about one case.

    owner:   the post that answers for the workflow, now.
    term:    the one that ends soonest of all its running clocks; None without one.
    events:  oldest first.
    parent:  the case whose step has begun this one, or None. children: those that it begins.
    proposal: the repair or override that waits to be confirmed, or None.
    """

    as_at: datetime
    id: UUID
    number: str
    workflow: str
    workflow_title: str
    model: str
    version: int
    state: str
    state_title: str
    state_since: datetime
    started_at: datetime
    closed_at: datetime | None
    titles: tuple[FieldValue, ...]
    owner: Answering
    term: Term | None
    standings: tuple[Standing, ...]
    work: tuple[OpenWork, ...]
    record: tuple[RecordField, ...]
    events: tuple[Event, ...]
    trace: Trace
    chain: ChainCheck
    parent: Related | None = None
    children: tuple[Related, ...] = ()
    proposal: Proposal | None = None


def read_case_page(database: Database, number: str, programs: Programs) -> CasePage | None:
    """Read a case by its number, or None. programs: a model version to its program."""
    with database.connection() as connection:
        found = cases.find_case(connection, number)
        versions = history.versions(connection, found.id) if found else []
    if found is None:
        return None
    program = programs(found.model)
    flows = flows_of(programs, (*versions, found.model), found.workflow)
    with database.snapshot() as connection:
        now = moment(connection)
        case = cases.read_case(connection, found.id)
        assert case is not None, "a case is never removed"
        rows = history.events(connection, case.id)
        owners = answering(connection, program)
        events = read_events(connection, flows, case, rows)
        duties = history.duties(connection, case.id)
        tasks = read_work(program, read_tasks(connection, case=case.id), now)
        around = chains.around(connection, case.id)
    read = _Read(rows, events, owners, duties, tasks, _related(programs, program, case, around))
    return _page(program, case, now, read)


@dataclass(frozen=True, slots=True)
class _Read:
    rows: list[DictRow]
    events: tuple[Event, ...]
    owners: dict[str, Answering]
    duties: list[DictRow]
    tasks: list[OpenWork]
    around: tuple[list[Related], list[Related]]


def _page(program: Program, case: Case, now: datetime, read: _Read) -> CasePage:
    flow = program.workflows[case.workflow]
    state = flow.object.state(case.state)
    clocks = [write_token(token) for token in case.tokens.values() if token.clock]
    steps = frozenset(token.step for token in case.tokens.values())
    assert case.state_since is not None, "a case that is kept has begun"
    return CasePage(
        as_at=now,
        id=case.id,
        number=case.number,
        proposal=case.proposal,
        workflow=case.workflow,
        workflow_title=flow.workflow.title,
        model=case.model,
        version=case.version,
        state=case.state,
        state_title=state.title if state else case.state,
        state_since=case.state_since,
        started_at=case.started_at,
        closed_at=case.closed_at,
        titles=titles(program, case.workflow, case.fields),
        owner=read.owners[flow.workflow.owner],
        term=term(program, case.workflow, steps, clocks, now),
        standings=_standings(program, case, now),
        work=tuple(read.tasks),
        record=record_of(flow, case),
        events=read.events,
        trace=trace_of(flow, read.owners, read.duties),
        chain=check(case, read.rows),
        parent=next(iter(read.around[0]), None),
        children=tuple(read.around[1]),
    )


def _related(
    programs: Programs, program: Program, case: Case, rows: list[DictRow]
) -> tuple[list[Related], list[Related]]:
    """Return the case above this one, and those below it."""
    above, below = list[Related](), list[Related]()
    for row in rows:
        other = programs(row["model"]) if row["model"] else program
        begins = (program, case.workflow) if row["below"] else (other, row["workflow"])
        state = other.workflows[row["workflow"]].object.state(row["state"] or "")
        related = Related(
            number=row["number"],
            workflow=row["workflow"],
            step=row["step"],
            step_title=step_title(*begins, row["step"]),
            state=row["state"],
            state_title=state.title if state else row["state"],
            closed_at=row["closed_at"],
            cause=row["cause"] if row["number"] is None else None,
        )
        # What was never begun, and is wanted no more, is no case of the chain.
        if row["number"] is not None or row["over_at"] is None:
            (below if row["below"] else above).append(related)
    return above, below


def record_of(flow: WorkflowProgram, case: Case) -> tuple[RecordField, ...]:
    """Return every field of the record, in the order of the model."""
    return tuple(
        RecordField(
            FieldValue(field.id, field.title, field.type, case.fields.get(field.id)),
            field.privacy,
            case.changed.get(field.id, 0),
        )
        for field in flow.object.fields
    )


def check(case: Case, rows: list[DictRow]) -> ChainCheck:
    """Check the stored bytes of a case. rows: its events, in order."""
    fault = check_chain(((row["header"], row["body"]) for row in rows), case.head)
    wrong = [row["seq"] for row in rows if digest(row["header"]) != row["hash"]]
    if fault is None and wrong:
        fault = f"the hash of event {wrong[0]} does not match its header"
    elif fault is None and len(rows) != case.version:
        fault = f"the case stands at event {case.version}, its history at {len(rows)}"
    return ChainCheck(fault, len(rows), case.head)


def _standings(program: Program, case: Case, now: datetime) -> tuple[Standing, ...]:
    found: list[Standing] = []
    for token in case.tokens.values():
        why, clocks = token.suspension, [write_token(token)] if token.clock else []
        found.append(
            Standing(
                step=token.step,
                title=step_title(program, case.workflow, token.step),
                since=token.since,
                post=token.post,
                term=term(program, case.workflow, frozenset({token.step}), clocks, now),
                suspended=why.exception if why else None,
            )
        )
    return tuple(found)
