"""The alarms as they are at one moment, and whom each concerns."""

from dataclasses import replace

from psycopg import Connection
from psycopg.rows import DictRow

from kingpost.decisions.program import Program
from kingpost.model.custody import custodian_of
from kingpost.model.model import Model
from kingpost.queries.alarms.alarm import Alarm, AlarmKind, Alarms
from kingpost.queries.alarms.everybody import Everybody, everybody
from kingpost.queries.alarms.of_two import waiting_for_others
from kingpost.queries.alarms.reaching import groups_of, merged, unreached
from kingpost.queries.alarms.telling import told
from kingpost.queries.alarms.vacancies import empty_posts
from kingpost.queries.history.timeline import Programs
from kingpost.store.pool import Database
from kingpost.store.reading.people import moment
from kingpost.values.address import address


def read_alarms(database: Database, program: Program, programs: Programs) -> Alarms:
    """Read the posts that stand empty, the work that reaches nobody, and reviews left lying.

    program: of the model that runs. programs: of each version, for the cases that run on it.
    """
    with database.snapshot() as connection:
        there = everybody(connection, moment(connection))
        return alarms_at(connection, program, programs, there)


def alarms_at(
    connection: Connection[DictRow], program: Program, programs: Programs, there: Everybody
) -> Alarms:
    """Read the alarms at the snapshot. there: who is there at it."""
    groups = groups_of(connection, programs)
    posts = empty_posts(connection, program, groups, there)
    named = {alarm.post for alarm in posts}
    # Work of a post that stands empty is told with the post, once.
    found = (
        *unreached(connection, groups, there),
        *waiting_for_others(connection, programs, there),
    )
    work = (
        alarm
        for alarm in merged(found)
        if alarm.kind is not AlarmKind.NOBODY or alarm.post not in named
    )
    every = (_concerning(program.model, alarm, there) for alarm in (*posts, *work))
    return Alarms(there.now, tuple(told(program, alarm) for alarm in every))


def _concerning(model: Model, alarm: Alarm, there: Everybody) -> Alarm:
    """Return an alarm with the posts that may appoint somebody, and the owner of its workflow."""
    posts = [post for post in alarm.posts if post in model.posts]
    # What is overdue is first of all for who is to do it.
    mine = posts if alarm.kind is AlarmKind.UNREVIEWED else []
    above = [name for post in posts for name in model.superiors(post)]
    keep = [custodian_of(model, address("post", post)) for post in posts]
    owner = [model.workflows[alarm.workflow].owner] if alarm.workflow in model.workflows else []
    every = dict.fromkeys((*mine, *above, *owner, *keep))
    held = {right.post for right in there.rights if right.delegation is None}
    return replace(alarm, concerns=tuple(post for post in every if post in held))
