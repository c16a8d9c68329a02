"""The chain of cases that begin each other, around one of them."""

from uuid import UUID

from psycopg import Connection
from psycopg.rows import DictRow


def around(connection: Connection[DictRow], case: UUID) -> list[DictRow]:
    """Return the case by which one was begun, and those that it begins, in the order of its lists.

    A case that is wanted and has not begun has no number; `cause` says what stands in its way.
    """
    return connection.execute(
        """
        SELECT wanted.parent_id = %(case)s AS below, other.number,
               coalesce(other.workflow, wanted.workflow) AS workflow, other.model, other.state,
               other.closed_at, wanted.step, wanted.cause, wanted.over_at
          FROM child_case AS wanted
          LEFT JOIN case_file AS other
            ON other.id = CASE WHEN wanted.parent_id = %(case)s THEN wanted.id
                               ELSE wanted.parent_id END
         WHERE wanted.parent_id = %(case)s OR wanted.id = %(case)s
         ORDER BY below, wanted.asked_at, wanted.place
        """,
        {"case": case},
    ).fetchall()
