"""Open work as it stands now: the case it belongs to, whom it is addressed to, and its term."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from psycopg.rows import DictRow

from kingpost.decisions.case import Clock, Plain
from kingpost.decisions.judging.clocks import PLAIN_TIME
from kingpost.decisions.program import Program
from kingpost.decisions.sealing import read_clock, read_instant
from kingpost.model.objects import Field, FieldClass, FieldType
from kingpost.values.business_time import Calendar

_TITLES_MAX = 2


@dataclass(frozen=True, slots=True)
class FieldValue:
    """A field of a record as it stands. value: None when it is empty. type: None when unknown."""

    field: str
    title: str
    type: FieldType | None
    value: Plain


@dataclass(frozen=True, slots=True)
class Term:
    """The time that some work may take: its own, or that of a block around it that ends sooner.

    step:   whose term it is.
    due_at: None while the clock stands still.
    budget_ms, spent_ms: of the calendar's open time, at the moment of reading.
    warn:   the part of it, in percent, after which the model calls it near; None for the usual.
    """

    step: str
    due_at: datetime | None
    budget_ms: int
    spent_ms: int
    warn: int | None = None

    @property
    def fraction(self) -> float:
        """Return how much of the time is used: 1.0 is all of it, and more is late."""
        return self.spent_ms / self.budget_ms


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for a second person. override: or a repair. event: the one that proposes it.

    task:    the decision that is overridden, or the step that is moved or decided; empty for none.
    outcome: that is wanted; empty for none.
    """

    override: bool
    event: int
    task: str
    outcome: str
    person: str
    person_name: str


@dataclass(frozen=True, slots=True)
class OpenWork:
    """One task, decision, wait or call that stands open, a review, or what is to be confirmed.

    titles:    the fields by which people know the case.
    post:      None when it is addressed to every post that carries the role.
    suspended: the exception that holds it, or None.
    limit_at:  when a wait ends by itself, or None.
    told:      the posts that were told that it is late, in their order; of what is to be confirmed,
               those in which that is done.
    waiting:   what is to be confirmed, or None.
    declined:  whether an override or a repair of it was declined, and nothing happened since.
    """

    id: UUID
    case: UUID
    number: str
    workflow: str
    state: str
    titles: tuple[FieldValue, ...]
    step: str
    step_title: str
    kind: str
    role: str
    post: str | None
    person: str | None
    person_name: str | None
    opened_at: datetime
    term: Term | None
    suspended: str | None
    limit_at: datetime | None
    told: tuple[str, ...] = ()
    waiting: Waiting | None = None
    declined: bool = False

    @property
    def is_awaited(self) -> bool:
        """Tell whether it comes from outside, so that nobody here takes it on."""
        return self.kind in {"wait", "call", "run"}


def title_fields(program: Program, workflow: str) -> tuple[Field, ...]:
    """Return the fields by which people know a case: the first texts of its form."""
    flow = program.workflows.get(workflow)
    if flow is None:
        return ()
    form = (flow.fields[name] for name in flow.workflow.begins.form)
    texts = (item for item in form if item.type is FieldType.TEXT)
    return tuple(item for item in texts if item.privacy is not FieldClass.SENSITIVE)[:_TITLES_MAX]


def title_keys(program: Program) -> list[str]:
    """Return all title fields, each as `workflow/field`."""
    return [
        f"{workflow}/{item.id}"
        for workflow in program.workflows
        for item in title_fields(program, workflow)
    ]


def title_columns(program: Program) -> dict[str, list[str | None]]:
    """Return the title fields of each workflow as columns of rows for the database."""
    padded = {
        name: [*(field.id for field in title_fields(program, name)), *([None] * _TITLES_MAX)]
        for name in program.workflows
    }
    return {
        "flows": list(padded),
        "first": [fields[0] for fields in padded.values()],
        "second": [fields[1] for fields in padded.values()],
    }


def titles(program: Program, workflow: str, fields: Mapping[str, Plain]) -> tuple[FieldValue, ...]:
    """Return the title fields of a case with their values."""
    return tuple(
        FieldValue(item.id, item.title, item.type, fields.get(item.id))
        for item in title_fields(program, workflow)
    )


def like(text: str, *, begins: bool = False) -> str:
    """Return the pattern of texts that contain, or begin with, what somebody wrote."""
    text = text.strip()
    if not text:
        return ""
    for sign in "\\%_":
        text = text.replace(sign, f"\\{sign}")
    return f"{text}%" if begins else f"%{text}%"


def within(program: Program, workflow: str, step: str) -> frozenset[str]:
    """Return a step and all blocks around it, whose terms are terms of its work, too."""
    flow, found = program.workflows.get(workflow), [step]
    while flow is not None and found[-1] in flow.places:
        around = flow.places[found[-1]].parallel
        if around is None:
            break
        found.append(around)
    return frozenset(found)


def term(
    program: Program,
    workflow: str,
    steps: frozenset[str],
    clocks: Iterable[Mapping[str, Any]],
    now: datetime,
) -> Term | None:
    """Return the term that ends soonest of some steps; one that stands still comes last.

    clocks: the tokens of the case that have a clock, as they are kept.
    """
    found = [
        (_runs_out(program, token["clock"]), read_clock(token["clock"]), token["step"])
        for token in clocks
        if token["step"] in steps
    ]
    if not found:
        return None
    due, clock, step = min(found, key=lambda item: (item[0] is None, item[0] or now))
    calendar = _calendar(program.model.calendars, clock.calendar)
    spent = clock.spent_ms(now, calendar) if calendar else clock.consumed_ms
    return Term(step, due, clock.budget_ms, spent, _warning(program, workflow, step))


def _warning(program: Program, workflow: str, step: str) -> int | None:
    flow = program.workflows.get(workflow)
    found = flow.places.get(step) if flow else None
    return found.step.due.warn if found and found.step.due else None


def due_times(program: Program, clocks: Iterable[Mapping[str, Any]]) -> dict[str, datetime]:
    """Return when the running clocks of a case run out, by step."""
    return {
        token["step"]: due
        for token in clocks
        if (due := _runs_out(program, token["clock"])) is not None
    }


def soonest(
    program: Program, steps: frozenset[str], clocks: Iterable[Mapping[str, Any]]
) -> datetime | None:
    """Return when the first running clock of some steps runs out, or None."""
    found = (_runs_out(program, token["clock"]) for token in clocks if token["step"] in steps)
    return min((due for due in found if due is not None), default=None)


@dataclass(frozen=True, slots=True)
class _Hours:
    """The calendars of a model, told from others by its version."""

    version: str
    calendars: Mapping[str, Calendar] = field(compare=False)


def _runs_out(program: Program, clock: Mapping[str, Any]) -> datetime | None:
    """Return when a clock runs out; None while it stands still, or when its hours are unknown."""
    if clock["since"] is None:
        return None
    hours = _Hours(program.version, program.model.calendars)
    ledger = (clock["budget-ms"], clock["consumed-ms"], clock["since"], clock["calendar"])
    return _due_at(hours, *ledger)


# A page asks for thousands of clocks, each of which costs a walk through the calendar; almost all
# of them are as they were when the last page was asked for.
@lru_cache(maxsize=100_000)
def _due_at(
    hours: _Hours, budget_ms: int, consumed_ms: int, since: str, calendar: str
) -> datetime | None:
    found = _calendar(hours.calendars, calendar)
    clock = Clock(budget_ms, consumed_ms, read_instant(since), calendar)
    return clock.due_at(found) if found else None


def _calendar(calendars: Mapping[str, Calendar], name: str) -> Calendar | None:
    """Return the calendar that a clock names; None when the model that runs has it no longer."""
    return calendars.get(name) if name else PLAIN_TIME


def read_work(program: Program, rows: Iterable[DictRow], now: datetime) -> list[OpenWork]:
    """Return open work from its rows."""
    return [_work(program, row, now) for row in rows]


def _work(program: Program, row: DictRow, now: datetime) -> OpenWork:
    steps = within(program, row["workflow"], row["step"])
    clocks = row["clocks"]
    if row["review"] is not None:
        clocks = [{**row["review"], "step": row["step"]}]
    found = term(program, row["workflow"], steps, clocks, now)
    if row["proposal"] is not None:
        found = _lapsing(row, now)
    return OpenWork(
        id=row["id"],
        case=row["case_id"],
        number=row["number"],
        workflow=row["workflow"],
        state=row["state"],
        titles=titles(program, row["workflow"], row["fields"]),
        step=row["step"],
        step_title=step_title(program, row["workflow"], row["step"]),
        kind=row["kind"],
        role=row["role"],
        post=row["post"],
        person=row["person"],
        person_name=row["person_name"],
        opened_at=row["opened_at"],
        # It ends in the hours of the model that the case runs on, as lists and notices have it.
        term=found and replace(found, due_at=row["ends_at"]),
        suspended=row["suspended"],
        limit_at=row["limit_at"],
        told=tuple(row["told"]),
        waiting=_waiting(row) if row["proposal"] is not None else None,
        declined=row["declined"],
    )


def _waiting(row: DictRow) -> Waiting:
    proposal = row["proposal"]
    return Waiting(
        override="until" in proposal,
        event=proposal["event"],
        task=proposal.get("task", ""),
        outcome=proposal.get("outcome", ""),
        person=proposal["person"],
        person_name=row["asker_name"] or proposal["person"],
    )


def _lapsing(row: DictRow, now: datetime) -> Term | None:
    """Return the time in which an override can be confirmed, day and night; None for a repair."""
    if row["ends_at"] is None:
        return None
    since, until = row["opened_at"], row["ends_at"]
    lasts, spent = (round((each - since).total_seconds() * 1000) for each in (until, now))
    return Term(row["step"], until, max(1, lasts), spent)


def step_title(program: Program, workflow: str, step: str) -> str:
    """Return the title of a step; its id when the model that runs has it no longer."""
    flow = program.workflows.get(workflow)
    found = flow.places.get(step) if flow else None
    return found.step.title if found else step
