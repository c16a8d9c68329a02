"""Open work that nobody who is there may do, by the rules that decide."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from psycopg import Connection
from psycopg.rows import DictRow

from kingpost.decisions.authority import (
    Reach,
    Standing,
    answers_for,
    in_reach,
    may_take,
    standings,
)
from kingpost.decisions.case import Case, Token
from kingpost.decisions.commands import Facts, Holding
from kingpost.decisions.judging.work import Work
from kingpost.decisions.program import WorkflowProgram
from kingpost.decisions.refusals import NotYourPost, OutsideAuthority
from kingpost.model.workflow import Decision, Task
from kingpost.queries.alarms.alarm import Alarm, AlarmKind
from kingpost.queries.alarms.everybody import Everybody
from kingpost.queries.history.timeline import Programs
from kingpost.store.cases import read_row
from kingpost.store.reading.lists import alarms as reading
from kingpost.values.address import step_address

NUMBERS_MAX = 3


@dataclass(frozen=True, slots=True)
class Group:
    """Open work that is alike in all that decides who may do it, but for its record."""

    row: DictRow
    flow: WorkflowProgram
    to: Reach
    step: Task | Decision | None

    def who(self, facts: Facts) -> Iterator[Standing]:
        """Yield in which ways it is reached."""
        name, role = self.row["step"], self.row["role"]
        if self.step is None:
            return answers_for(self.flow, facts, name, self.to)
        return standings(self.flow, facts, name, role, self.to)

    @property
    def could(self) -> tuple[str, ...]:
        """Return the posts that could do it, if they were held."""
        if self.step is not None:
            return in_reach(self.flow, self.row["role"], self.to)
        post = self.to.post or self.flow.workflow.owner
        return tuple(dict.fromkeys((post, *self.flow.model.superiors(post), *self.to.told)))

    def alarm(
        self,
        kind: AlarmKind,
        posts: tuple[str, ...],
        since: datetime,
        numbers: tuple[str, ...] = (),
    ) -> Alarm:
        """Return the alarm of one piece of it."""
        row = self.row
        return Alarm(
            kind,
            step_address(row["workflow"], row["step"]),
            row["post"],
            since,
            workflow=row["workflow"],
            step=row["step"],
            role=row["role"],
            work=1,
            numbers=numbers,
            posts=posts,
        )


def groups_of(connection: Connection[DictRow], programs: Programs) -> tuple[Group, ...]:
    """Return the open work that somebody must take on, in groups."""
    return tuple(_group(row, programs) for row in reading.standing_work(connection))


def unreached(
    connection: Connection[DictRow], groups: Iterable[Group], there: Everybody
) -> tuple[Alarm, ...]:
    """Return the alarms about work, one for each step, post and reason."""
    nobody: list[Group] = []
    asked: list[tuple[Group, dict[str, Any]]] = []
    for group in groups:
        if next(group.who(there.facts()), None) is None:
            nobody.append(group)
        elif (wanted := _depends(group, there)) is not None:
            asked.append((group, wanted))
    found = [*_without_anybody(connection, nobody), *_by_record(connection, asked, there)]
    return _merged(found)


def _group(row: DictRow, programs: Programs) -> Group:
    flow = programs(row["model"]).workflows[row["workflow"]]
    step = flow.places[row["step"]].step
    to = Reach(row["post"], tuple(row["told"]))
    return Group(row, flow, to, step if isinstance(step, Task | Decision) else None)


def _depends(group: Group, there: Everybody) -> dict[str, Any] | None:
    """Return of which work of a group the record says whether somebody may do it; None for none.

    A right without a condition needs no record. Neither does the separation of duty, as long as
    one of those who have such a right has not performed what the step is separate from.
    """
    step = group.step
    if step is None or group.row["suspended"]:
        return None
    free = _free(group, step, there)
    if free and not step.separate_from:
        return None
    people = sorted(there.people(free)) if free else None
    return {**_key(group), "apart": [*step.separate_from], "people": people}


def _free(group: Group, step: Task | Decision, there: Everybody) -> set[Holding]:
    """Return the rights by which a group may be done whatever its record says."""
    ways = tuple(group.who(there.facts(lent=not _votes(step))))
    if isinstance(step, Task):
        return {way.holding for way in ways}
    sure = {
        right.post
        for outcome in step.outcomes
        for right in group.flow.rights.get(f"{step.id}/{outcome.id}", ())
        if right.when is None
    }
    return {way.holding for way in ways if way.authority in sure and way.holding.delegation is None}


def _votes(step: Task | Decision | None) -> bool:
    """Tell whether a step is decided by votes, which are not lent."""
    return isinstance(step, Decision) and step.quorum is not None


def _key(group: Group) -> dict[str, Any]:
    names = ("model", "workflow", "step", "kind", "role", "post", "told", "suspended")
    return {name: group.row[name] for name in names}


def _without_anybody(connection: Connection[DictRow], groups: list[Group]) -> Iterator[Alarm]:
    wanted = [{"nth": nth, **_key(group)} for nth, group in enumerate(groups)]
    numbers: dict[int, list[str]] = {}
    if not wanted:
        return
    for row in reading.oldest_of(connection, wanted, NUMBERS_MAX):
        numbers.setdefault(row["nth"], []).append(row["number"])
    for nth, group in enumerate(groups):
        alarm = group.alarm(AlarmKind.NOBODY, group.could, group.row["since"])
        yield replace(alarm, work=group.row["work"], numbers=tuple(numbers.get(nth, ())))


def _by_record(
    connection: Connection[DictRow], asked: list[tuple[Group, dict[str, Any]]], there: Everybody
) -> Iterator[Alarm]:
    wanted = [{"nth": nth, **key} for nth, (_, key) in enumerate(asked)]
    if not wanted:
        return
    for row in reading.records_of(connection, wanted):
        nth: int = row["nth"]
        group, case = asked[nth][0], read_row(row)
        token = case.work(str(row["task"]))
        step = group.step
        if token is None or step is None:
            continue
        done_by = {name for other in step.separate_from for name in case.performers.get(other, ())}
        reason = _reason(group, case, token, there, done_by)
        if reason is not None:
            yield group.alarm(*reason, row["opened_at"], (case.number,))


def _reason(
    group: Group, case: Case, token: Token, there: Everybody, done_by: set[str]
) -> tuple[AlarmKind, tuple[str, ...]] | None:
    """Return why nobody may do work on a record, and which posts could; None when somebody may."""
    lent = not _votes(group.step)
    if any(able for able, _ in _ways(group, case, token, there.facts(done_by, lent=lent))):
        return None
    ways = tuple(_ways(group, case, token, there.facts(lent=lent)))
    able, could = (_once(post for may, post in ways if may is each) for each in (True, False))
    return (AlarmKind.NOT_SEPARATE, able) if able else (AlarmKind.UNDECIDED, could)


def _ways(group: Group, case: Case, token: Token, facts: Facts) -> Iterator[tuple[bool, str]]:
    """Yield the posts by whose authority work may be done (True), and others that could do it."""
    if not isinstance(group.step, Decision):
        yield from ((True, way.authority) for way in group.who(facts))
        return
    values = Work(group.flow, case, facts).values
    for outcome in group.step.outcomes:
        found = may_take(group.flow, facts, token, outcome.id, values)
        if isinstance(found, tuple):
            yield from ((True, way.authority) for way, _ in found)
        elif isinstance(found, NotYourPost | OutsideAuthority):
            yield from ((False, post) for post in found.could)


def _once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


def _merged(alarms: Iterable[Alarm]) -> tuple[Alarm, ...]:
    """Return alarms with those about one step, post and reason as one, the oldest first."""
    found: dict[tuple[object, ...], Alarm] = {}
    for alarm in sorted(alarms, key=lambda item: (item.since is not None, item.since)):
        key = (alarm.kind, alarm.workflow, alarm.step, alarm.role, alarm.post, alarm.posts)
        first = found.get(key)
        found[key] = (
            alarm
            if first is None
            else replace(
                first,
                work=first.work + alarm.work,
                numbers=(*first.numbers, *alarm.numbers)[:NUMBERS_MAX],
            )
        )
    return tuple(found.values())
