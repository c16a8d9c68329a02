"""Many notices that fall due almost at once, and what came of each."""

from dataclasses import dataclass
from datetime import timedelta

import psycopg
from psycopg.rows import class_row

from tests.engine.office import Office

# After half of its two days, examining is warned of.
_WARNED = timedelta(days=1)

_DRAWN = """
    CREATE TABLE expected AS
    SELECT gen_random_uuid() AS id, gen_random_uuid() AS task, gen_random_uuid() AS other,
           gen_random_uuid() AS block, number,
           clock_timestamp() + %(lead)s * interval '1 second'
                + random() * %(within)s * interval '1 second' AS at
      FROM generate_series(1, %(size)s) AS number
"""
_CASES = """
    INSERT INTO case_file (id, number, workflow, model, version, head, state, state_since,
                           started_at, fields, position)
    SELECT expected.id, 'DUE-' || number, workflow, model, version, head, state,
           expected.at - %(warned)s, expected.at - %(warned)s, fields,
           replace(replace(replace(replace(position::text,
                %(task)s, expected.task::text), %(other)s, expected.other::text),
                %(block)s, expected.block::text),
                to_char(started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
                to_char((expected.at - %(warned)s) AT TIME ZONE 'UTC',
                        'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))::jsonb
      FROM expected, (SELECT workflow, model, version, head, state, fields, position, started_at
                        FROM case_file WHERE id = %(case)s) AS like_it
"""
_TASKS = """
    INSERT INTO task (id, case_id, workflow, step, kind, role, post, opened_at)
    SELECT expected.task, expected.id, 'claim', 'examine', 'task', 'clerk', 'desk',
           expected.at - %(warned)s
      FROM expected
"""
_TIMERS = "INSERT INTO timer (id, case_id, at, notice) SELECT task, id, at, 0 FROM expected"
_READ = """
    INSERT INTO task (id, case_id, workflow, step, kind, role, post, opened_at, ends_at)
    SELECT gen_random_uuid(), %(case)s, 'claim', 'approve', 'decision', 'approver', 'lead', now(),
           now() + random() * interval '2 days'
      FROM generate_series(1, %(own)s)
"""
# The case that the others are like has one, too, which is due tomorrow.
_LEFT = "SELECT count(*) FROM timer WHERE notice = 0 AND at < now() + interval '2 hours'"
_FOUND = """
    SELECT count(*) FILTER (WHERE given = 1) AS once, count(*) FILTER (WHERE given = 0) AS lost,
           count(*) FILTER (WHERE given > 1) AS twice,
           count(*) FILTER (WHERE first < at) AS early,
           extract(epoch FROM max(first) - min(first))::float AS seconds,
           percentile_cont(0.95) WITHIN GROUP (ORDER BY extract(epoch FROM first - at)) AS late
      FROM expected
      LEFT JOIN LATERAL (
            SELECT count(*) AS given, min(event.at) AS first
              FROM event WHERE case_id = expected.id AND kind = 'warned') AS told ON true
"""


@dataclass(frozen=True, slots=True)
class Given:
    """How many notices were given once, never, more than once, and before their time.

    seconds: between the first and the last. late: 95 of 100 came within so many of their time.
    """

    once: int
    lost: int
    twice: int
    early: int
    seconds: float
    late: float


def prepare(
    superuser_url: str, office: Office, size: int, *, lead: float, within: float = 60, own: int = 0
) -> None:
    """Lay down cases like one that the engine began, each with a notice that falls due.

    lead: for how many seconds none does; within: so many after that all have.
    own:  how many decisions of the team lead are open besides.
    """
    case = office.case(office.begun_ago(timedelta(hours=1)))
    tokens = {token.step: token.id for token in case.tokens.values()}
    given = {
        "size": size,
        "lead": lead,
        "within": within,
        "warned": _WARNED,
        "own": own,
        "case": case.id,
        "task": tokens["examine"],
        "other": tokens["suspect"],
        "block": tokens["handling"],
    }
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        connection.execute("SET synchronous_commit = off")
        for statement in (_DRAWN, _CASES, _TASKS, _TIMERS, _READ):
            connection.execute(statement, given)
        connection.execute("CREATE INDEX ON expected (id)")
        connection.execute("VACUUM ANALYZE")


def left(office: Office) -> object:
    """Return how many notices are still to be given."""
    return office.scalar(_LEFT)


def given(superuser_url: str) -> Given:
    """Return what came of those that were laid down."""
    with (
        psycopg.connect(superuser_url) as connection,
        connection.cursor(row_factory=class_row(Given)) as cursor,
    ):
        found = cursor.execute(_FOUND).fetchone()
    assert found is not None
    return found
