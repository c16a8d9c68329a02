"""Open work that nobody who is there may do, by the rules that decide."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeAlias

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
from kingpost.queries.alarms.alike import reads_of
from kingpost.queries.alarms.everybody import Everybody
from kingpost.queries.history.timeline import Programs
from kingpost.store.cases import read_row
from kingpost.store.reading.lists import alarms as reading
from kingpost.values.address import step_address

NUMBERS_MAX = 3

# An alarm, and the oldest of its work: when it was opened, and the number of its case.
Found: TypeAlias = tuple[Alarm, list[tuple[datetime, str]]]


@dataclass(frozen=True, slots=True)
class _Why:
    """Why work reaches nobody who may do it. The rest is as in `Alarm`."""

    kind: AlarmKind
    posts: tuple[str, ...]
    needed: int = 0
    reached: int = 0


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

    def alarm(self, kind: AlarmKind, posts: tuple[str, ...], since: datetime) -> Alarm:
        """Return an alarm of it. since: when the oldest of the work was opened."""
        row = self.row
        return Alarm(
            kind,
            step_address(row["workflow"], row["step"]),
            row["post"],
            since,
            workflow=row["workflow"],
            step=row["step"],
            role=row["role"],
            posts=posts,
        )


def groups_of(connection: Connection[DictRow], programs: Programs) -> tuple[Group, ...]:
    """Return the open work that somebody must take on, in groups."""
    return tuple(_group(row, programs) for row in reading.standing_work(connection))


def unreached(
    connection: Connection[DictRow], groups: Iterable[Group], there: Everybody
) -> Iterator[Found]:
    """Yield the alarms about work; those about one step, post and reason are to be merged."""
    nobody: list[Group] = []
    asked: list[tuple[Group, dict[str, Any]]] = []
    for group in groups:
        if next(group.who(there.facts()), None) is None:
            nobody.append(group)
        elif (wanted := _depends(group, there)) is not None:
            asked.append((group, wanted))
    yield from _without_anybody(connection, nobody)
    yield from _by_record(connection, asked, there)


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
    people: list[str] | None = None
    if isinstance(step, Decision) and step.quorum is not None:
        if not step.separate_from and _enough(group, step, there):
            return None
    elif free := _free(group, step, there):
        if not step.separate_from:
            return None
        people = sorted(there.people(free))
    alike = {**reads_of(group.flow, step, group.who(there.facts())), "votes": _votes(step)}
    return {**_key(group), **alike, "apart": [*step.separate_from], "people": people}


def _free(group: Group, step: Task | Decision, there: Everybody) -> set[Holding]:
    """Return the rights by which a group may be done whatever its record says."""
    ways = tuple(group.who(there.facts()))
    if isinstance(step, Task):
        return {way.holding for way in ways}
    sure = {post for outcome in step.outcomes for post in _sure(group, step, outcome.id)}
    return {way.holding for way in ways if way.authority in sure and way.holding.delegation is None}


def _enough(group: Group, step: Decision, there: Everybody) -> bool:
    """Tell whether as many as must agree may take some outcome whatever the record says."""
    ways = tuple(group.who(there.facts(lent=False)))
    for outcome in step.outcomes:
        sure = _sure(group, step, outcome.id)
        people = there.people(way.holding for way in ways if way.authority in sure)
        if len(people) >= step.needs(outcome.id):
            return True
    return False


def _sure(group: Group, step: Decision, outcome: str) -> set[str]:
    """Return the posts that may take an outcome whatever the record says."""
    rights = group.flow.rights.get(f"{step.id}/{outcome}", ())
    return {right.post for right in rights if right.when is None}


def _votes(step: Task | Decision | None) -> bool:
    """Tell whether a step is decided by votes, which are not lent."""
    return isinstance(step, Decision) and step.quorum is not None


def _key(group: Group) -> dict[str, Any]:
    names = ("model", "workflow", "step", "kind", "role", "post", "told", "suspended")
    return {name: group.row[name] for name in names}


def _without_anybody(connection: Connection[DictRow], groups: list[Group]) -> Iterator[Found]:
    wanted = [{"nth": nth, **_key(group)} for nth, group in enumerate(groups)]
    oldest: dict[int, list[tuple[datetime, str]]] = {}
    if not wanted:
        return
    for row in reading.oldest_of(connection, wanted, NUMBERS_MAX):
        oldest.setdefault(row["nth"], []).append((row["opened_at"], row["number"]))
    for nth, group in enumerate(groups):
        alarm = group.alarm(AlarmKind.NOBODY, group.could, group.row["since"])
        yield replace(alarm, work=group.row["work"]), oldest.get(nth, [])


def _by_record(
    connection: Connection[DictRow], asked: list[tuple[Group, dict[str, Any]]], there: Everybody
) -> Iterator[Found]:
    """Yield the alarms of work on which the record decides, for what is alike at once."""
    wanted = [{"nth": nth, **key} for nth, (_, key) in enumerate(asked)]
    if not wanted:
        return
    for row in reading.records_of(connection, wanted, NUMBERS_MAX):
        nth: int = row["nth"]
        group, case = asked[nth][0], read_row(row)
        token = case.work(str(row["task"]))
        step = group.step
        if token is None or step is None:
            continue
        done_by = {name for other in step.separate_from for name in case.performers.get(other, ())}
        why = _reason(group, case, token, there, done_by)
        if why is not None:
            alarm = group.alarm(why.kind, why.posts, row["opened"][0])
            found = replace(alarm, work=row["work"], needed=why.needed, reached=why.reached)
            yield found, [*zip(row["opened"], row["numbers"], strict=True)]


def _reason(
    group: Group, case: Case, token: Token, there: Everybody, done_by: set[str]
) -> _Why | None:
    """Return why nobody may do work on a record, and which posts could; None when somebody may."""
    step = group.step
    lent = not _votes(step)
    if any(able for able, _ in _ways(group, case, token, there.facts(done_by, lent=lent))):
        few = isinstance(step, Decision) and step.quorum is not None
        return _too_few(group, case, token, there, done_by) if few else None
    ways = tuple(_ways(group, case, token, there.facts(lent=lent)))
    able, could = (_once(post for may, post in ways if may is each) for each in (True, False))
    return _Why(AlarmKind.NOT_SEPARATE, able) if able else _Why(AlarmKind.UNDECIDED, could)


def _too_few(
    group: Group, case: Case, token: Token, there: Everybody, done_by: set[str]
) -> _Why | None:
    """Return how many are missing for the outcome that lacks the fewest; None when none lacks any.

    Who has voted for an outcome counts for it, also when they are not there any more.
    """
    step, facts = group.step, there.facts(done_by, lent=False)
    assert isinstance(step, Decision), "only a decision has votes"
    values = Work(group.flow, case, facts).values
    found: list[_Why] = []
    for outcome in step.outcomes:
        takings = may_take(group.flow, facts, token, outcome.id, values)
        if not isinstance(takings, tuple):
            continue
        able = there.people(way.holding for way, _ in takings) - done_by
        voted = {vote.person for vote in token.votes if vote.outcome == outcome.id}
        needed, reached = step.needs(outcome.id), len(able | voted)
        if reached >= needed:
            return None
        posts = _once(way.authority for way, _ in takings)
        found.append(_Why(AlarmKind.TOO_FEW, posts, needed, reached))
    return min(found, key=lambda why: why.needed - why.reached)


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


def merged(alarms: Iterable[Found]) -> tuple[Alarm, ...]:
    """Return alarms with those about one step, post and reason as one, the oldest first."""
    found: dict[tuple[object, ...], tuple[Alarm, list[tuple[datetime, str]]]] = {}
    for alarm, oldest in sorted(
        alarms, key=lambda item: (item[0].since is not None, item[0].since)
    ):
        place = (alarm.workflow, alarm.step, alarm.role, alarm.post)
        key = (alarm.kind, *place, alarm.posts, alarm.needed, alarm.reached)
        first = found.get(key)
        if first is None:
            found[key] = alarm, [*oldest]
        else:
            found[key] = replace(first[0], work=first[0].work + alarm.work), [*first[1], *oldest]
    return tuple(
        replace(alarm, numbers=tuple(number for _, number in sorted(oldest)[:NUMBERS_MAX]))
        for alarm, oldest in found.values()
    )
