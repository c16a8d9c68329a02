"""What came of carrying live cases over, as it is read."""

from collections.abc import Iterable
from uuid import UUID

from psycopg import Connection
from psycopg.rows import DictRow

from kingpost.decisions.case import Case
from kingpost.store.cases import read_row


def find(connection: Connection[DictRow], change: UUID) -> DictRow | None:
    """Return what is to be carried over, or None."""
    return connection.execute("SELECT * FROM carry_over WHERE id = %s", [change]).fetchone()


def came_of(connection: Connection[DictRow], change: UUID, case: UUID) -> str | None:
    """Return what came of a case in a change, or None."""
    row = connection.execute(
        "SELECT outcome FROM carry_over_case WHERE carry_over = %s AND case_id = %s", [change, case]
    ).fetchone()
    return None if row is None else row["outcome"]


def live_cases(
    connection: Connection[DictRow], digest: str, batch: int = 2000, *, plan: str = ""
) -> Iterable[Case]:
    """Yield every live case that runs on another version, in order of version and workflow.

    connection: in a transaction. Rows come in batches, not all at once.
    plan:       only those that are not as this plan found them; all, when a version has taken
                effect since.
    """
    with connection.cursor("live_cases") as cursor:
        cursor.itersize = batch
        cursor.execute(
            """
            SELECT id, number, workflow, model, version, head, state, state_since, started_at,
                   closed_at, fields, position
              FROM case_file
             WHERE closed_at IS NULL AND model <> %(digest)s
               AND NOT EXISTS (
                       SELECT FROM plan_case
                        WHERE plan = %(plan)s AND case_id = case_file.id
                          AND plan_case.model = case_file.model AND seq = case_file.version
                          AND (SELECT max(activated_at) FROM activation)
                              < (SELECT plan.at FROM plan WHERE plan.digest = %(plan)s))
             ORDER BY model, workflow
            """,
            {"digest": digest, "plan": plan},
            binary=True,
        )
        for row in cursor:
            yield read_row(row)


def counted(connection: Connection[DictRow], change: UUID) -> list[DictRow]:
    """Return how many cases came to what, by version, workflow, planned verdict and outcome."""
    return connection.execute(
        """
        SELECT one.digest, case_file.workflow, one.planned, one.outcome, count(*) AS number
          FROM carry_over_case AS one
          JOIN case_file ON case_file.id = one.case_id
         WHERE one.carry_over = %s
         GROUP BY one.digest, case_file.workflow, one.planned, one.outcome
         ORDER BY 1, 2, 4 NULLS FIRST, 3
        """,
        [change],
    ).fetchall()


def entries(
    connection: Connection[DictRow], change: UUID, outcome: str | None, limit: int, offset: int
) -> list[DictRow]:
    """Return the cases with an outcome, in the order in which people count their numbers.

    outcome: None for those not tried yet. offset: so many of them come before.
    """
    return connection.execute(
        """
        SELECT case_file.number, one.digest, one.planned, one.outcome, one.words, one.seq,
               one.ended_at
          FROM carry_over_case AS one
          JOIN case_file ON case_file.id = one.case_id
         WHERE one.carry_over = %s AND one.outcome IS NOT DISTINCT FROM %s
         ORDER BY rtrim(case_file.number, '0123456789'), length(case_file.number),
                  case_file.number
         LIMIT %s OFFSET %s
        """,
        [change, outcome, limit, offset],
    ).fetchall()
