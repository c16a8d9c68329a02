"""Cases of the past that passed a step, each with all that happened in it."""

from collections.abc import Collection, Iterator
from itertools import groupby
from operator import itemgetter
from uuid import UUID

from psycopg import Connection
from psycopg.rows import DictRow

from kingpost.store.whole import CaseRows

_BATCH = 200


def passed(
    connection: Connection[DictRow], workflow: str, steps: Collection[str], limit: int
) -> list[UUID]:
    """Return up to `limit` cases that passed a step, those that did so last first.

    steps: the names that it has had.
    """
    rows = connection.execute(
        """
        SELECT case_id
          FROM unnest(%(steps)s::text[]) AS step (name)
          CROSS JOIN LATERAL (
                SELECT visit.case_id, visit.until
                  FROM visit
                 WHERE visit.workflow = %(workflow)s AND visit.kind = 'step'
                   AND visit.name = step.name
                 ORDER BY visit.until DESC
                 LIMIT %(limit)s
               ) AS latest
         GROUP BY case_id
         ORDER BY max(until) DESC, case_id
         LIMIT %(limit)s
        """,
        {"workflow": workflow, "steps": list(steps), "limit": limit},
    ).fetchall()
    return [row["case_id"] for row in rows]


def histories(connection: Connection[DictRow], cases: Collection[UUID]) -> Iterator[CaseRows]:
    """Yield the events and the personal values of cases, in batches, by their ids."""
    ids = sorted(cases)
    for start in range(0, len(ids), _BATCH):
        batch = ids[start : start + _BATCH]
        files = connection.execute(
            "SELECT id AS case_id, number, workflow FROM case_file WHERE id = ANY(%s)", [batch]
        ).fetchall()
        events = connection.execute(
            """
            SELECT case_id, seq, header, body FROM event
             WHERE case_id = ANY(%s) ORDER BY case_id, seq
            """,
            [batch],
        ).fetchall()
        vault = connection.execute(
            "SELECT case_id, seq, name, value FROM vault WHERE case_id = ANY(%s)", [batch]
        ).fetchall()
        whole = {
            case: CaseRows(case, {"event": [], "vault": [], "case_file": []}) for case in batch
        }
        for table, rows in (("case_file", files), ("event", events), ("vault", vault)):
            for case, found in groupby(rows, itemgetter("case_id")):
                whole[case].rows[table].extend(found)
        yield from whole.values()
