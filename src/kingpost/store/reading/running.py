"""What runs: the versions of the model, imports, and how far history has come."""

from uuid import UUID

from psycopg import Connection
from psycopg.rows import DictRow


def last_position(connection: Connection[DictRow]) -> int:
    """Return a number that grows with every event, and with every change of the register.

    It may count an event whose commit is to come.
    """
    # A sequence says 1 both before its first value and after it.
    row = connection.execute(
        """
        SELECT CASE WHEN is_called THEN last_value ELSE 0 END
               + (SELECT coalesce(max(position), 0) FROM register_entry) AS position
          FROM event_position
        """
    ).fetchone()
    assert row is not None, "a sequence has a last value"
    return row["position"]


def versions(connection: Connection[DictRow]) -> list[DictRow]:
    """Return the versions in the order in which they took effect, the latest first.

    Of a model that came back, the latest has its live cases.
    """
    return connection.execute(
        """
        SELECT one.number, one.digest, model_version.company, one.activated_at, one.person,
               person.name, nullif(one.latest, one.number) AS again,
               CASE WHEN one.latest = one.number THEN coalesce(standing.cases, 0) ELSE 0 END
                    AS open_cases
          FROM (SELECT *, max(number) OVER (PARTITION BY digest) AS latest
                  FROM (SELECT *, row_number() OVER (ORDER BY position) AS number
                          FROM activation) AS numbered) AS one
          JOIN model_version ON model_version.digest = one.digest
          LEFT JOIN person ON person.id = one.person
          LEFT JOIN (SELECT model, count(*) AS cases FROM case_file
                      WHERE closed_at IS NULL GROUP BY model) AS standing
            ON standing.model = one.digest
         ORDER BY one.position DESC
        """
    ).fetchall()


def imports(connection: Connection[DictRow]) -> list[DictRow]:
    """Return the imports with how many deviations each kept, the latest first."""
    return connection.execute(
        """
        SELECT id, source, cases, done, counts, shift_ms, moment, played, started_at, finished_at,
               (SELECT count(*) FROM deviation WHERE run_id = import_run.id) AS deviations
          FROM import_run
         ORDER BY started_at DESC, id
        """
    ).fetchall()


def deviation_kinds(connection: Connection[DictRow], run: UUID) -> list[DictRow]:
    """Return the deviations of an import by kind, the most frequent first."""
    return connection.execute(
        """
        SELECT kind, count(*) AS count, count(DISTINCT number) AS cases, min(reason) AS example
          FROM deviation
         WHERE run_id = %s
         GROUP BY kind
         ORDER BY count(*) DESC, kind
        """,
        [run],
    ).fetchall()


def deviations(
    connection: Connection[DictRow], run: UUID, kind: str, limit: int, offset: int
) -> list[DictRow]:
    """Return deviations of an import in the order of the log. kind: empty for all."""
    return connection.execute(
        """
        SELECT line, part, number, at, kind, reason, row
          FROM deviation
         WHERE run_id = %(run)s AND (%(kind)s = '' OR kind = %(kind)s)
         ORDER BY line, part
         LIMIT %(limit)s OFFSET %(offset)s
        """,
        {"run": run, "kind": kind, "limit": limit, "offset": offset},
    ).fetchall()
