"""Everything that belongs to each case, read once through from beginning to end."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from heapq import merge
from itertools import groupby
from operator import itemgetter
from typing import Any, LiteralString
from uuid import UUID

from psycopg import Connection
from psycopg.rows import DictRow

_BATCH = 2000

# Each in order of its case, so that one walk beside the others finds what belongs together.
_LANES: Mapping[str, LiteralString] = {
    "case_file": """
        SELECT id AS case_id, id, number, workflow, model, version, head, state, state_since,
               started_at, closed_at, fields, position
          FROM case_file ORDER BY id
        """,
    "event": """
        SELECT case_id, seq, kind, step, person, at, recorded_at, hash, header, body
          FROM event ORDER BY case_id, seq
        """,
    "vault": "SELECT case_id, seq, name, salt, value FROM vault ORDER BY case_id, seq, name",
    "task": """
        SELECT case_id, id, workflow, step, kind, role, post, person, opened_at, due_at,
               budget_ms, spent_ms, suspended, limit_at, told, ends_at
          FROM task ORDER BY case_id
        """,
    "timer": "SELECT case_id, id, at, notice FROM timer ORDER BY case_id",
    "visit": "SELECT case_id, workflow, kind, name, since, until, how FROM visit ORDER BY case_id",
    "measurement": "SELECT case_id, seq, metric, value, at FROM measurement ORDER BY case_id",
    "duty": """
        SELECT case_id, obligation, workflow, status, due_at, since, seq
          FROM duty ORDER BY case_id, obligation
        """,
    "outbox": """
        SELECT case_id, id, seq, workflow, step, interface, ended_at IS NULL AS open,
               failed_at IS NOT NULL AS failed, next_at IS NOT NULL AS due, next_at
          FROM outbox ORDER BY case_id, id
        """,
    "awaited": "SELECT case_id, task, message, sender, value FROM awaited ORDER BY case_id",
    # Those that it begins, and (below) the one row by which it was begun itself.
    "child_case": """
        SELECT child.parent_id AS case_id, child.id, child.seq, child.token, child.step,
               child.workflow, child.ends, child.begun_at IS NOT NULL AS begun,
               child.over_at IS NOT NULL AS over, child.next_at IS NOT NULL AS due, child.next_at,
               begun.id IS NOT NULL AS there, begun.closed_at IS NOT NULL AS closed
          FROM child_case AS child
          LEFT JOIN case_file AS begun ON begun.id = child.id
         ORDER BY child.parent_id, child.id
        """,
    "begun": """
        SELECT id AS case_id, parent_id, token, step
          FROM child_case WHERE begun_at IS NOT NULL ORDER BY id
        """,
    "allowance_use": """
        SELECT case_id, seq, post, decision, field, per, since, entry, before, counts
          FROM allowance_use WHERE case_id IS NOT NULL ORDER BY case_id, seq
        """,
    "command": "SELECT case_id, seq, fingerprint FROM command ORDER BY case_id, seq",
}


@dataclass(frozen=True, slots=True)
class CaseRows:
    """The rows of one case, by table and in the order of their sequence."""

    case: UUID
    rows: Mapping[str, list[DictRow]] = field(default_factory=dict[str, list[DictRow]])

    def of(self, table: str) -> list[DictRow]:
        """Return the rows in one table."""
        return self.rows.get(table, [])


def all_cases(connection: Connection[DictRow]) -> Iterator[CaseRows]:
    """Yield the rows of every case, also of one that has no row of its own.

    connection: in a transaction that sees one moment. Rows come in batches, not all at once.
    """
    with ExitStack() as open_lanes:
        lanes = [_lane(open_lanes, connection, table, query) for table, query in _LANES.items()]
        walk = merge(*lanes, key=itemgetter(0))
        for case, found in groupby(walk, key=itemgetter(0)):
            rows: dict[str, list[DictRow]] = {}
            for _, table, row in found:
                rows.setdefault(table, []).append(row)
            yield CaseRows(case, rows)


def all_uses(connection: Connection[DictRow]) -> Iterator[DictRow]:
    """Yield every entry of every ledger of allowances, in its order."""
    with connection.cursor("whole_ledgers") as cursor:
        cursor.itersize = _BATCH
        yield from cursor.execute(
            """
            SELECT post, decision, field, per, since, entry, before, counts, reorganisation, source
              FROM allowance_use ORDER BY post, decision, field, per, since, entry
            """
        )


def all_rights(connection: Connection[DictRow]) -> dict[str, DictRow]:
    """Return every appointment by its id: whose, which post, from when until when.

    One that was withdrawn ends when it would have begun, so that nothing can rest on it.
    """
    rows = connection.execute(
        """
        SELECT id, person, post, lower(wished) AS start,
               CASE WHEN isempty(during) THEN lower(wished) ELSE upper(during) END AS stop
          FROM appointment
        """
    ).fetchall()
    return {str(row["id"]): row for row in rows}


def all_delegations(connection: Connection[DictRow]) -> dict[str, DictRow]:
    """Return every delegation by its id: of which appointment, to whom, how far, and when.

    One that was withdrawn ends when it would have begun, so that nothing can rest on it.
    """
    rows = connection.execute(
        """
        SELECT id, appointment, person, workflows, outcomes, condition, lower(wished) AS start,
               CASE WHEN isempty(during) THEN lower(wished) ELSE upper(during) END AS stop
          FROM delegation
        """
    ).fetchall()
    return {str(row["id"]): row for row in rows}


def register_gaps(connection: Connection[DictRow]) -> list[DictRow]:
    """Return what the register says now and its history does not, as id and table.

    Each appointment and each delegation has to be what the last entry about it says, and its
    first entry what was wished; an entry is about something that is there.
    """
    return connection.execute(
        """
        WITH thing AS (
                SELECT 'appointment' AS name, id, wished, during, recorded_by, recorded_at,
                       ended_by, ended_at
                  FROM appointment
                 UNION ALL
                SELECT 'delegation', id, wished, during, recorded_by, recorded_at,
                       ended_by, ended_at
                  FROM delegation
                 UNION ALL
                SELECT 'absence', id, wished, during, recorded_by, recorded_at,
                       ended_by, ended_at
                  FROM absence
             ),
             first AS (SELECT DISTINCT ON (subject) * FROM register_entry
                        ORDER BY subject, position),
             last AS (SELECT DISTINCT ON (subject) * FROM register_entry
                       ORDER BY subject, position DESC)
        SELECT coalesce(thing.id, first.subject) AS id,
               coalesce(thing.name, 'what is gone') AS name
          FROM thing
          FULL JOIN first ON first.subject = thing.id
          LEFT JOIN last ON last.subject = first.subject
         WHERE thing.id IS NULL OR first.subject IS NULL
            OR (first.from_at, first.recorded_by, first.recorded_at) IS DISTINCT FROM
               (lower(thing.wished), thing.recorded_by, thing.recorded_at)
            OR first.until_at IS DISTINCT FROM upper(thing.wished)
            OR last.from_at IS DISTINCT FROM lower(thing.during)
            OR last.until_at IS DISTINCT FROM upper(thing.during)
            OR (thing.ended_by IS NOT NULL
                AND (last.recorded_by, last.recorded_at) IS DISTINCT FROM
                    (thing.ended_by, thing.ended_at))
            OR (thing.ended_by IS NULL AND last.position <> first.position)
         ORDER BY 1
        """
    ).fetchall()


def all_reorganisations(connection: Connection[DictRow]) -> list[DictRow]:
    """Return every change of the organisation, in their order."""
    return connection.execute(
        "SELECT position, activation, at, person, body, hash FROM reorganisation ORDER BY position"
    ).fetchall()


def all_models(connection: Connection[DictRow]) -> Iterator[tuple[str, bytes]]:
    """Yield every model version: its digest as it is kept, and its content."""
    for row in connection.execute("SELECT digest, content FROM model_version ORDER BY digest"):
        yield row["digest"], row["content"]


def all_imports(connection: Connection[DictRow]) -> list[DictRow]:
    """Return every import: its source, its counts, and how many deviations of a kind it has.

    What deviated when later rows were played on lies after the moment, and is not counted here.
    """
    return connection.execute(
        """
        SELECT source, counts,
               (SELECT coalesce(jsonb_object_agg(kind, number), '{}')
                  FROM (
                        SELECT kind, count(*) AS number
                          FROM deviation
                         WHERE run_id = import_run.id
                           AND at <= moment + shift_ms * interval '1 millisecond'
                         GROUP BY kind
                       ) AS counted) AS deviations
          FROM import_run
         ORDER BY started_at, id
        """
    ).fetchall()


def _lane(
    open_lanes: ExitStack, connection: Connection[DictRow], table: str, query: LiteralString
) -> Iterator[tuple[UUID, str, dict[str, Any]]]:
    cursor = open_lanes.enter_context(connection.cursor(f"whole_{table}"))
    cursor.itersize = _BATCH
    cursor.execute(query, binary=True)
    return ((row["case_id"], table, row) for row in cursor)
