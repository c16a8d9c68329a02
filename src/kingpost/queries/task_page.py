"""The page of one task or decision: the facts for judging it, and what was decided before."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg.rows import DictRow

from kingpost.decisions.case import Case
from kingpost.decisions.commands import Actor, Facts
from kingpost.decisions.judging.allowing.room import ledgers_of
from kingpost.decisions.program import Program, WorkflowProgram
from kingpost.decisions.sealing import shown_digest
from kingpost.model.objects import FieldType
from kingpost.model.workflow import Decision
from kingpost.queries.case_page import RecordField, record_of
from kingpost.queries.history.telling import changes_of, flows_of, read_events
from kingpost.queries.history.timeline import Change, Event, Programs, RuleUse
from kingpost.queries.open_work import OpenWork, read_work
from kingpost.queries.people import Answering, answering
from kingpost.queries.people import reader as read_reader
from kingpost.store import allowances, cases
from kingpost.store.models import heirs
from kingpost.store.pool import Database
from kingpost.store.reading import history
from kingpost.store.reading.lists.reviews import unreviewed_posts
from kingpost.store.reading.people import moment
from kingpost.store.reading.work import read_tasks
from kingpost.store.register import has_ended

SIMILAR_MAX = 500
_COMPARED = frozenset((FieldType.CHOICE, FieldType.POST, FieldType.YES_NO))


@dataclass(frozen=True, slots=True)
class Similar:
    """Past decisions of the same step whose shown choices, posts and yes/no values were the same.

    considered: how many of the latest decisions of the step were looked at, at most SIMILAR_MAX.
    outcomes:   how many of those alike took each outcome, the most frequent first.
    fields:     the fields that were compared: those that are filled here.
    """

    considered: int
    outcomes: Mapping[str, int]
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TaskPage:
    """One open task, decision or wait with its case.

    case, program, facts: for `decisions.options`; the facts say who looks and hold the vacancies.
    shown:  of a decision, the fields that it lays before the person, as they stand.
    digest: of what is shown, to be sent back with the decision; empty for others.
    rules:  the latest answer of each rule in this case.
    addressed: the post it is addressed to with its holders, or None for a role.
    """

    as_at: datetime
    work: OpenWork
    case: Case
    program: Program
    facts: Facts
    owner: Answering
    addressed: Answering | None
    record: tuple[RecordField, ...]
    shown: tuple[Change, ...]
    digest: str
    rules: tuple[RuleUse, ...]
    history: tuple[Event, ...]
    similar: Similar | None


def read_task_page(
    database: Database,
    task: UUID,
    programs: Programs,
    *,
    person: str,
    acting_as: str | None = None,
) -> TaskPage | None:
    """Read open work by its id, or None when it is open no longer."""
    with database.connection() as connection:
        found = cases.read_facts(connection, task, None, None)[0]
        versions = history.versions(connection, found.id) if found else []
    if found is None:
        return None
    program = programs(found.model)
    flows = flows_of(programs, (*versions, found.model), found.workflow)
    with database.snapshot() as connection:
        now = moment(connection)
        rows = read_tasks(connection, ids=[task])
        case = cases.read_case(connection, found.id)
        if not rows or case is None:
            return None
        flow = program.workflows[case.workflow]
        place = flow.places.get(rows[0]["step"])
        # What is to be confirmed of a decision is no decision itself.
        step = place.step if place and rows[0]["kind"] == "decision" else None
        events = read_events(connection, flows, case, history.events(connection, case.id))
        reader = read_reader(connection, person, acting_as)
        owners = answering(connection, program)
        past = (
            history.past_decisions(connection, case.workflow, step.id, SIMILAR_MAX)
            if isinstance(step, Decision)
            else []
        )
        used = allowances.read_used(connection, ledgers_of(flow, rows[0]["step"], now))
        late = unreviewed_posts(connection)
        gone = heirs(connection)
        left = case.proposal is not None and has_ended(connection, case.proposal.right)
    shows = step.shows if isinstance(step, Decision) else ()
    actor = Actor(person, None, reader.every, acting_as)
    return TaskPage(
        as_at=now,
        work=read_work(program, rows, now)[0],
        case=case,
        program=program,
        facts=Facts(
            now, now, actor, reader.vacant, used=used, left=left, unreviewed=late, heirs=gone
        ),
        owner=owners[flow.workflow.owner],
        addressed=owners.get(rows[0]["post"] or ""),
        record=record_of(flow, case),
        shown=changes_of(flow, {name: case.fields.get(name) for name in shows}),
        digest=shown_digest(shows, case.fields) if isinstance(step, Decision) else "",
        rules=_latest_rules(events),
        history=events,
        similar=_similar(flow, step, case, past) if isinstance(step, Decision) else None,
    )


def _latest_rules(events: tuple[Event, ...]) -> tuple[RuleUse, ...]:
    latest = {use.rule: use for event in events for use in event.rules}
    return tuple(latest.values())


def _similar(flow: WorkflowProgram, step: Decision, case: Case, past: list[DictRow]) -> Similar:
    compared = tuple(
        name for name in step.shows if flow.fields[name].type in _COMPARED and name in case.fields
    )
    here = {name: case.fields.get(name) for name in compared}
    alike: Counter[str] = Counter()
    for row in past:
        shown = row["shown"]
        if shown is not None and {name: shown.get(name) for name in compared} == here:
            alike[json.loads(row["body"])["choice"]] += 1
    return Similar(len(past), dict(alike.most_common()), compared)
