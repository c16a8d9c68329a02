"""The succession pack of a post, read at one moment."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from psycopg import Connection
from psycopg.rows import DictRow

from kingpost.decisions.allowing.ledgers import NOTHING, ledger_of
from kingpost.decisions.commands import AGENT, Holding
from kingpost.decisions.commands import Answering as AnsweredBy
from kingpost.decisions.program import Program
from kingpost.model.model import Model
from kingpost.model.organisation import Allowance
from kingpost.model.workflow import Decision
from kingpost.queries.alarms.alarm import Duty
from kingpost.queries.alarms.vacancies import links_in
from kingpost.queries.objectives import objectives_at
from kingpost.queries.obligations import standings
from kingpost.queries.open_work import step_title
from kingpost.queries.organisation import Appointed, Delegated, appointed, delegated
from kingpost.queries.page import PAGE_SIZE
from kingpost.queries.people import Answering, Reader, answering, reader
from kingpost.queries.process import Window, beginning
from kingpost.queries.succession.declared import (
    decisions_of,
    exceptions_of,
    interfaces_of,
    kept_by,
    repairs_of,
    stands_in_for,
    told_when_late,
)
from kingpost.queries.succession.opening import closed, may_open
from kingpost.queries.succession.pack import (
    Closed,
    Decided,
    Flow,
    Lent,
    Line,
    Owed,
    Owned,
    Place,
    Succession,
    Trouble,
)
from kingpost.queries.worklist import Worklist, worklist_at
from kingpost.queries.worklists.asking import Wanted
from kingpost.store.allowances import read_used
from kingpost.store.models import heirs
from kingpost.store.pool import Database
from kingpost.store.reading import people, process
from kingpost.store.reading.delegations import delegations
from kingpost.store.reading.lists import succession as reading
from kingpost.store.register import vacant_posts
from kingpost.values.address import address

# How far back decisions are told, and how many; of each holder, among how many of their latest.
# Of holders, how many.
DAYS = 90
_LOOKED_THROUGH = 500
_DECIDED_MAX = 20
_HOLDERS_MAX = 20


def read_succession(  # noqa: PLR0913 - who looks, and at which page
    database: Database,
    program: Program,
    post: str,
    *,
    person: str | None = None,
    acting_as: str | None = None,
    page: int = 1,
    size: int = PAGE_SIZE,
) -> Succession | Closed | None:
    """Read what somebody who takes over a post takes over.

    person:    who asks, of whom `opening` tells whether they may; None for whoever keeps the
               system. acting_as: the post in which they act, or None for all.
    page:      of the open work.
    Returns: None when the model that runs has no such post.
    """
    if post not in program.model.posts:
        return None
    with database.snapshot() as connection:
        now = people.moment(connection)
        rows = people.appointments(connection, posts=[post])
        holders = [appointed(program, row) for row in rows]
        answers = answering(connection, program)
        if person is not None:
            free = acting_as in {None, post}
            mine = [item for item in holders if item.person == person and free]
            held = reader(connection, person, acting_as).holdings
            if not may_open(program.model, post, held, mine, now):
                return closed(program.model, post, answers)
        return _read(connection, program, post, (now, holders, answers), (page, size))


def _read(
    connection: Connection[DictRow],
    program: Program,
    post: str,
    known: tuple[datetime, list[Appointed], Mapping[str, Answering]],
    page: tuple[int, int],
) -> Succession:
    (now, holders, answers), model = known, program.model
    declared, links = model.posts[post], links_in(program)
    work = _work(connection, program, post, page)
    return Succession(
        as_at=now,
        model=program.version,
        post=declared,
        place=_place(model, post, answers),
        holders=tuple(holders[:_HOLDERS_MAX]),
        holders_total=len(holders),
        given=tuple(_given(connection, program, post, now)),
        received=tuple(_received(connection, program, answers[post], now)),
        work=work,
        decisions=tuple(_owned(connection, program, post, work, now)),
        workflows=tuple(_flows(connection, model, post)),
        repairs=repairs_of(model, post),
        obligations=tuple(_owed(connection, program, post, answers, now)),
        exceptions=tuple(_exceptions(connection, model, post)),
        interfaces=tuple(_interfaces(connection, model, post)),
        kept=kept_by(links, post),
        told=told_when_late(model, post),
        objectives=tuple(
            item
            for item in objectives_at(connection, program, answers, trends=False).objectives
            if item.owner.post == post
        )
        if any(item.owner == post for item in model.objectives.values())
        else (),
        recent=tuple(_recent(connection, program, post, now)),
        days=DAYS,
    )


def _place(model: Model, post: str, answers: Mapping[str, Answering]) -> Place:
    declared, stands_in = model.posts[post], stands_in_for(model, post)
    acting = answers[post].falls_to
    empty = {address("post", name) for name, item in answers.items() if item.is_vacant}
    return Place(
        unit_title=model.units[declared.unit].title,
        roles=tuple(
            Duty(address("role", name), model.roles[name].title) for name in declared.roles
        ),
        reports_to=answers.get(declared.reports_to or ""),
        below=tuple(answers[item.id] for item in model.posts.values() if item.reports_to == post),
        answering=answers[post],
        acting=answers[acting] if acting else None,
        stands_in=stands_in,
        empty=tuple(duty.title for duty in stands_in if duty.address in empty),
    )


def _work(
    connection: Connection[DictRow], program: Program, post: str, page: tuple[int, int]
) -> Worklist:
    """Return the worklist of somebody who holds this post and nothing else.

    The post counts as filled, as it will be. What stands in the records stays there: a paper goes
    from hand to hand.
    """
    vacant = vacant_posts(connection) - {post}
    whoever = Reader("", (_holding(program.model, post),), frozenset(vacant), heirs(connection))
    found = worklist_at(connection, program, whoever, Wanted(), page=page[0], size=page[1])
    rows = tuple(replace(item, titles=()) for item in found.page.rows)
    return replace(found, page=replace(found.page, rows=rows))


def _holding(model: Model, post: str) -> Holding:
    """Return a post as whoever holds it does: an agent, where it is for agents."""
    by = model.posts[post].answered_for_by
    if by is None:
        return Holding(post, "")
    return Holding(post, "", AGENT, answering=AnsweredBy(by, "", ""))


def _given(
    connection: Connection[DictRow], program: Program, post: str, now: datetime
) -> Iterator[Delegated]:
    for row in delegations(connection, post=post):
        if not row["withdrawn"] and row["until"] > now:
            yield delegated(program, row)


def _received(
    connection: Connection[DictRow], program: Program, answers: Answering, now: datetime
) -> Iterator[Lent]:
    holding = [holder.person for holder in answers.holders]
    found = [delegated(program, row) for row in delegations(connection, people=holding)]
    # As the post lists its holders.
    for item in sorted(found, key=lambda each: holding.index(each.person)):
        if item.post != answers.post and not item.withdrawn and item.since <= now < item.until:
            title = item.post_title
            yield Lent(item.person, item.name, item.post, title, item.giver_name, item.until)


def _owned(
    connection: Connection[DictRow], program: Program, post: str, work: Worklist, now: datetime
) -> Iterator[Owned]:
    for item in decisions_of(program, program.model.posts[post]):
        place = (item.grant.workflow, item.grant.step)
        open_ = replace(item, open=work.steps.get(place, 0))
        allowance = item.grant.allowance
        yield _with_use(connection, program, post, open_, allowance, now) if allowance else open_


def _with_use(
    connection: Connection[DictRow],
    program: Program,
    post: str,
    item: Owned,
    allowance: Allowance,
    now: datetime,
) -> Owned:
    """Return a decision with what is used of its allowance in the period that runs."""
    grant = item.grant
    rights = program.workflows[grant.workflow].rights[f"{grant.step}/{grant.outcomes[0]}"]
    # Another post may have an allowance that reads the same.
    right = next(each for each in rights if (each.post, each.allowance) == (post, allowance))
    place = f"{grant.workflow}/{grant.step}"
    ledger = ledger_of(post, place, allowance, right.zone, now)
    used = read_used(connection, [ledger]).get(ledger, NOTHING)
    return replace(item, used=used.amount, since=ledger.since)


def _flows(connection: Connection[DictRow], model: Model, post: str) -> Iterator[Flow]:
    own = [item for item in model.workflows.values() if item.owner == post]
    in_flight = process.in_flight(connection) if own else {}
    for item in own:
        yield Flow(item.id, item.title, in_flight.get(item.id, 0))


def _owed(
    connection: Connection[DictRow],
    program: Program,
    post: str,
    answers: Mapping[str, Answering],
    now: datetime,
) -> Iterator[Owed]:
    names = [item.id for item in program.model.obligations.values() if item.owner == post]
    if not names:
        return
    found = standings(connection, program, beginning(Window.MONTH, now), answers)
    due = reading.first_due(connection, names)
    yield from (Owed(found[name], due.get(name)) for name in names)


def _exceptions(connection: Connection[DictRow], model: Model, post: str) -> Iterator[Trouble]:
    declared = tuple(exceptions_of(model, model.posts[post]))
    held = reading.held_cases(connection) if declared else {}
    for item in declared:
        _, workflow, _, name = item.address.split("/")
        yield replace(item, open=held.get((workflow, name), 0))


def _interfaces(connection: Connection[DictRow], model: Model, post: str) -> Iterator[Line]:
    declared = tuple(interfaces_of(model, post))
    calls = reading.troubled_calls(connection) if declared else {}
    for item in declared:
        mine = {step.address for step in item.steps}
        troubled = sum(
            many
            for (interface, workflow, step), many in calls.items()
            if interface == item.id and address("workflow", workflow, "step", step) in mine
        )
        yield replace(item, troubled=troubled)


def _recent(
    connection: Connection[DictRow], program: Program, post: str, now: datetime
) -> Iterator[Decided]:
    since = now - timedelta(days=DAYS)
    rows = reading.decided(connection, post, since=since, among=_LOOKED_THROUGH, limit=_DECIDED_MAX)
    for row in rows:
        workflow = program.model.workflows.get(row["workflow"])
        step = workflow.step(row["step"]) if workflow else None
        outcome = step.outcome(row["choice"]) if isinstance(step, Decision) else None
        yield Decided(
            row["at"],
            row["number"],
            row["seq"],
            row["step"],
            step_title(program, row["workflow"], row["step"]),
            workflow.title if workflow else row["workflow"],
            outcome.title if outcome else row["choice"],
            row["person"],
            row["name"],
            row["giver"],
        )
