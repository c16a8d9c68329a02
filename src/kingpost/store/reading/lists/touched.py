"""How much of what is under way a change touches: counted by the database, never case by case."""

from collections.abc import Collection

from psycopg import Connection
from psycopg.rows import DictRow


def in_flight(connection: Connection[DictRow], workflows: Collection[str]) -> list[DictRow]:
    """Return the live cases of workflows by version and by the steps at which they stand."""
    return connection.execute(
        """
        SELECT workflow, model, steps, count(*) AS cases
          FROM (SELECT workflow, model,
                       ARRAY (SELECT DISTINCT token.value ->> 'step'
                                FROM jsonb_each(position -> 'tokens') AS token
                               ORDER BY 1) AS steps
                  FROM case_file
                 WHERE closed_at IS NULL AND workflow = ANY(%s)) AS standing
         GROUP BY workflow, model, steps
         ORDER BY workflow, count(*) DESC, model, steps
        """,
        [list(workflows)],
    ).fetchall()


def open_work(connection: Connection[DictRow], steps: Collection[str]) -> list[DictRow]:
    """Return the open work at steps. steps: each as `workflow/step`."""
    return connection.execute(
        """
        SELECT workflow, step, kind, count(*) AS number
          FROM task
         WHERE workflow || '/' || step = ANY(%s)
         GROUP BY workflow, step, kind
         ORDER BY workflow, step, kind
        """,
        [list(steps)],
    ).fetchall()


def addressed(connection: Connection[DictRow], steps: Collection[str]) -> list[str]:
    """Return the posts to which open work at steps goes. steps: each as `workflow/step`."""
    rows = connection.execute(
        """
        SELECT DISTINCT post
          FROM task
         WHERE workflow || '/' || step = ANY(%s) AND post IS NOT NULL
         ORDER BY post
        """,
        [list(steps)],
    ).fetchall()
    return [row["post"] for row in rows]


def holders(connection: Connection[DictRow], posts: Collection[str]) -> list[DictRow]:
    """Return how many people hold each of some posts now; also none."""
    return connection.execute(
        """
        SELECT wanted.post, count(DISTINCT appointment.person) AS people
          FROM unnest(%s::text[]) AS wanted (post)
          LEFT JOIN appointment ON appointment.post = wanted.post
                               AND appointment.during @> clock_timestamp()
         GROUP BY wanted.post
         ORDER BY wanted.post
        """,
        [list(posts)],
    ).fetchall()


def owed(connection: Connection[DictRow], obligations: Collection[str]) -> list[DictRow]:
    """Return how many live cases owe each of some obligations; also none."""
    return connection.execute(
        """
        SELECT wanted.obligation, count(duty.case_id) AS cases
          FROM unnest(%s::text[]) AS wanted (obligation)
          LEFT JOIN duty ON duty.obligation = wanted.obligation AND duty.status = 'owed'
         GROUP BY wanted.obligation
         ORDER BY wanted.obligation
        """,
        [list(obligations)],
    ).fetchall()


def calls(connection: Connection[DictRow], interfaces: Collection[str]) -> list[DictRow]:
    """Return how many calls through each of some interfaces are under way; also none."""
    return connection.execute(
        """
        SELECT wanted.interface, count(outbox.id) AS calls
          FROM unnest(%s::text[]) AS wanted (interface)
          LEFT JOIN outbox ON outbox.interface = wanted.interface AND outbox.ended_at IS NULL
         GROUP BY wanted.interface
         ORDER BY wanted.interface
        """,
        [list(interfaces)],
    ).fetchall()


def timers(connection: Connection[DictRow], workflows: Collection[str]) -> list[DictRow]:
    """Return how many notices of live cases of workflows are still to be given."""
    return connection.execute(
        """
        SELECT case_file.workflow, count(*) AS timers
          FROM timer
          JOIN case_file ON case_file.id = timer.case_id
         WHERE case_file.workflow = ANY(%s)
         GROUP BY case_file.workflow
         ORDER BY case_file.workflow
        """,
        [list(workflows)],
    ).fetchall()
