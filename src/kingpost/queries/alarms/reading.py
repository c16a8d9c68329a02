"""The alarms as they are at one moment, and whom each concerns."""

from collections.abc import Iterable
from dataclasses import replace

from psycopg import Connection
from psycopg.rows import DictRow

from kingpost.decisions.program import Program
from kingpost.model.custody import custodian_of
from kingpost.model.model import Model
from kingpost.queries.alarms.alarm import Alarm, AlarmKind, Alarms
from kingpost.queries.alarms.everybody import Everybody, everybody
from kingpost.queries.alarms.reaching import groups_of, unreached
from kingpost.queries.alarms.telling import told
from kingpost.queries.alarms.vacancies import empty_posts
from kingpost.queries.history.timeline import Programs
from kingpost.queries.people import Reader
from kingpost.store.pool import Database
from kingpost.store.reading.people import moment
from kingpost.values.address import address


def read_alarms(database: Database, program: Program, programs: Programs) -> Alarms:
    """Read the posts that stand empty with something to do, and the work that reaches nobody.

    program: of the model that runs. programs: of each version, for the cases that run on it.
    """
    with database.snapshot() as connection:
        return alarms_at(connection, program, programs)


def alarms_at(connection: Connection[DictRow], program: Program, programs: Programs) -> Alarms:
    """Read the alarms at the snapshot."""
    now = moment(connection)
    there = everybody(connection, now)
    groups = groups_of(connection, programs)
    posts = empty_posts(connection, program, groups, there)
    named = {alarm.post for alarm in posts}
    # Work of a post that stands empty is told with the post, once.
    work = (
        alarm
        for alarm in unreached(connection, groups, there)
        if alarm.kind is not AlarmKind.NOBODY or alarm.post not in named
    )
    found = (_concerning(program.model, alarm, there) for alarm in (*posts, *work))
    return Alarms(now, tuple(told(program, alarm) for alarm in found))


def count_for(database: Database, program: Program, programs: Programs, reader: Reader) -> int:
    """Return how many alarms a person may do something about."""
    mine = _own(reader)
    # Most people may appoint nobody, and nothing is read for them.
    if not mine & _who_may(program.model):
        return 0
    return len(concerning(read_alarms(database, program, programs).alarms, reader))


def concerning(alarms: Iterable[Alarm], reader: Reader) -> tuple[Alarm, ...]:
    """Return the alarms that a person may do something about."""
    mine = _own(reader)
    return tuple(alarm for alarm in alarms if not mine.isdisjoint(alarm.concerns))


def _own(reader: Reader) -> set[str]:
    # To appoint is not lent.
    return {holding.post for holding in reader.holdings if holding.delegation is None}


def _who_may(model: Model) -> set[str]:
    """Return the posts that some alarm could concern."""
    above = {post.reports_to for post in model.posts.values()}
    keeps = {custodian_of(model, address("post", post)) for post in model.posts}
    owns = {workflow.owner for workflow in model.workflows.values()}
    return {post for post in above | keeps | owns if post is not None}


def _concerning(model: Model, alarm: Alarm, there: Everybody) -> Alarm:
    """Return an alarm with the posts that may appoint somebody, and the owner of its workflow."""
    posts = [post for post in alarm.posts if post in model.posts]
    above = [name for post in posts for name in model.superiors(post)]
    keep = [custodian_of(model, address("post", post)) for post in posts]
    owner = [model.workflows[alarm.workflow].owner] if alarm.workflow in model.workflows else []
    every = dict.fromkeys((*above, *owner, *keep))
    held = {right.post for right in there.rights if right.delegation is None}
    return replace(alarm, concerns=tuple(post for post in every if post in held))
