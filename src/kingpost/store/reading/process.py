"""How long cases stayed, and how many came and went."""

from datetime import datetime

from psycopg import Connection
from psycopg.rows import DictRow


def stays(connection: Connection[DictRow], workflow: str, since: datetime | None) -> list[DictRow]:
    """Return the ended stays of a workflow by kind and name: counts, and percentiles in seconds.

    since: only those that ended after it; None for all.
    """
    return connection.execute(
        """
        SELECT kind, name,
               count(*) FILTER (WHERE how = 'completed') AS completed,
               count(*) FILTER (WHERE how = 'withdrawn') AS withdrawn,
               percentile_cont(ARRAY[0.5, 0.85]) WITHIN GROUP (
                    ORDER BY date_part('epoch', until - since)
               ) FILTER (WHERE how = 'completed') AS times
          FROM visit
         WHERE workflow = %(workflow)s AND until > coalesce(%(since)s, '-infinity'::timestamptz)
         GROUP BY kind, name
        """,
        {"workflow": workflow, "since": since},
    ).fetchall()


def states(connection: Connection[DictRow], workflow: str) -> dict[str, int]:
    """Return how many cases of a workflow, open and closed, are in each state."""
    rows = connection.execute(
        "SELECT state, count(*) AS cases FROM case_file WHERE workflow = %s GROUP BY state",
        [workflow],
    ).fetchall()
    return {row["state"]: row["cases"] for row in rows}


def throughput(
    connection: Connection[DictRow], workflow: str | None, since: datetime | None
) -> list[DictRow]:
    """Return by workflow how many cases started and closed after a moment, and their times."""
    return connection.execute(
        """
        SELECT workflow,
               count(*) FILTER (WHERE closed_at IS NULL) AS in_flight,
               count(*) FILTER (WHERE started_at > bound.since) AS started,
               count(*) FILTER (WHERE closed_at > bound.since) AS closed,
               percentile_cont(ARRAY[0.5, 0.85]) WITHIN GROUP (
                    ORDER BY date_part('epoch', closed_at - started_at)
               ) FILTER (WHERE closed_at > bound.since) AS times
          FROM case_file,
               (SELECT coalesce(%(since)s, '-infinity'::timestamptz) AS since) AS bound
         WHERE %(workflow)s::text IS NULL OR workflow = %(workflow)s
         GROUP BY workflow
        """,
        {"workflow": workflow, "since": since},
    ).fetchall()


def in_flight(connection: Connection[DictRow]) -> dict[str, int]:
    """Return how many cases of each workflow are open."""
    rows = connection.execute(
        """
        SELECT workflow, count(*) AS cases
          FROM case_file
         WHERE closed_at IS NULL
         GROUP BY workflow
        """
    ).fetchall()
    return {row["workflow"]: row["cases"] for row in rows}


def flow(
    connection: Connection[DictRow],
    workflow: str,
    *,
    start: datetime,
    end: datetime,
    step_seconds: int,
    buckets: int,
) -> list[DictRow]:
    """Return arrivals and completions in buckets of equal length from `start`, empty ones too."""
    return connection.execute(
        """
        WITH happened AS (
            SELECT started_at AS at, 1 AS started, 0 AS closed
              FROM case_file
             WHERE started_at > %(start)s AND started_at <= %(end)s
               AND (%(workflow)s = '' OR workflow = %(workflow)s)
            UNION ALL
            SELECT closed_at, 0, 1
              FROM case_file
             WHERE closed_at > %(start)s AND closed_at <= %(end)s
               AND (%(workflow)s = '' OR workflow = %(workflow)s)
        ), counted AS (
            SELECT (ceil(date_part('epoch', at - %(start)s) / %(step)s) - 1)::integer AS bucket,
                   sum(started) AS started, sum(closed) AS closed
              FROM happened
             GROUP BY bucket
        )
        SELECT bucket, coalesce(started, 0)::integer AS started,
               coalesce(closed, 0)::integer AS closed
          FROM generate_series(0, %(buckets)s - 1) AS bucket
          LEFT JOIN counted USING (bucket)
         ORDER BY bucket
        """,
        {
            "workflow": workflow,
            "start": start,
            "end": end,
            "step": step_seconds,
            "buckets": buckets,
        },
    ).fetchall()


def open_cases(
    connection: Connection[DictRow], workflow: str | None, now: datetime
) -> list[DictRow]:
    """Return by workflow how many open cases stand still somewhere, and how many are late."""
    return connection.execute(
        """
        SELECT workflow,
               count(*) FILTER (
                    WHERE jsonb_path_exists(position, '$.tokens.*.suspension')) AS suspended,
               count(*) FILTER (WHERE EXISTS (
                    SELECT FROM task
                     WHERE case_id = c.id AND kind <> 'review' AND ends_at < %(now)s)) AS overdue
          FROM case_file AS c
         WHERE closed_at IS NULL AND (%(workflow)s::text IS NULL OR workflow = %(workflow)s)
         GROUP BY workflow
        """,
        {"workflow": workflow, "now": now},
    ).fetchall()


def places(connection: Connection[DictRow], workflow: str, now: datetime) -> list[DictRow]:
    """Return by step, and by the exception that holds it there, how many open cases are there.

    overdue: of them, those whose work there is late. A block is no work.
    """
    return connection.execute(
        """
        SELECT token.value ->> 'step' AS step,
               token.value #>> '{suspension,exception}' AS exception, count(*) AS cases,
               count(*) FILTER (WHERE task.ends_at < %(now)s) AS overdue
          FROM case_file AS c
          CROSS JOIN LATERAL jsonb_each(c.position -> 'tokens') AS token
          LEFT JOIN task ON task.id = token.key::uuid
         WHERE c.closed_at IS NULL AND c.workflow = %(workflow)s
         GROUP BY 1, 2
        """,
        {"workflow": workflow, "now": now},
    ).fetchall()
