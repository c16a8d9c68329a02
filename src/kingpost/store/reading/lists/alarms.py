"""What alarms are made of: who is there, since when posts stand empty, and where work stands."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, LiteralString

from psycopg import Connection
from psycopg.rows import DictRow
from psycopg.types.json import Jsonb


def there(connection: Connection[DictRow], at: datetime) -> list[DictRow]:
    """Return by which rights everybody who is not away may act: held ones, and those lent.

    giver: of a right that is lent, with its scope; None for what the person holds. answering: who
    answers for a machine agent; it is left out while nobody does.
    """
    return connection.execute(
        """
        WITH away AS (SELECT person FROM absence WHERE during @> %(at)s::timestamptz)
        SELECT held.post, held.roles, held.person, NULL AS giver, '{}'::text[] AS workflows,
               '{}'::text[] AS outcomes, NULL AS condition, answers.person AS answering
          FROM holding AS held
          LEFT JOIN appointment AS answers
            ON held.kind = 'agent' AND answers.id = answering(held.post, %(at)s::timestamptz)
         WHERE held.during @> %(at)s::timestamptz AND held.person NOT IN (SELECT person FROM away)
           AND counts_now(held.post, held.kind, %(at)s::timestamptz)
         UNION ALL
        SELECT given.post, given.roles, delegation.person, given.person, delegation.workflows,
               delegation.outcomes, delegation.condition, NULL
          FROM delegation
          JOIN holding AS given ON given.id = delegation.appointment
         WHERE delegation.during @> %(at)s::timestamptz AND given.during @> %(at)s::timestamptz
           AND delegation.person NOT IN (SELECT person FROM away)
        """,
        {"at": at},
    ).fetchall()


def empty_since(connection: Connection[DictRow], posts: list[str], at: datetime) -> list[DictRow]:
    """Return since when posts that nobody fills stand empty.

    left_at:  when the last holder left; None when nobody ever held it.
    away_at:  since when all who hold it are away; None when nobody holds it. back_at: when the
              first of them is back, as far as that is known.
    """
    return connection.execute(
        """
        SELECT wanted.post, away.away_at, away.back_at,
               (SELECT max(upper(during)) FROM appointment
                 WHERE appointment.post = wanted.post
                   AND upper(during) <= %(at)s::timestamptz) AS left_at
          FROM unnest(%(posts)s::text[]) AS wanted (post)
          CROSS JOIN LATERAL (
                SELECT max(lower(absence.during)) AS away_at, min(upper(absence.during)) AS back_at
                  FROM appointment
                  JOIN absence ON absence.person = appointment.person
                 WHERE appointment.post = wanted.post
                   AND appointment.during @> %(at)s::timestamptz
                   AND absence.during @> %(at)s::timestamptz
               ) AS away
        """,
        {"posts": posts, "at": at},
    ).fetchall()


def standing_work(connection: Connection[DictRow]) -> list[DictRow]:
    """Return the open work that somebody must take on, counted by all that decides who may."""
    return connection.execute(
        """
        SELECT case_file.model, task.workflow, task.step, task.kind, task.role, task.post,
               task.told, task.suspended IS NOT NULL AS suspended, count(*) AS work,
               min(task.opened_at) AS since
          FROM task
          JOIN case_file ON case_file.id = task.case_id
         WHERE task.kind IN ('task', 'decision')
            OR (task.kind = 'call' AND task.suspended IS NOT NULL)
         GROUP BY case_file.model, task.workflow, task.step, task.kind, task.role, task.post,
                  task.told, task.suspended IS NOT NULL
        """
    ).fetchall()


def oldest_of(
    connection: Connection[DictRow], groups: Iterable[Mapping[str, Any]], limit: int
) -> list[DictRow]:
    """Return the numbers of the cases of some groups of `standing_work`, the oldest work first.

    groups: each with `nth`, which its rows have, too.
    """
    return connection.execute(
        """
        SELECT wanted.nth, oldest.number, oldest.opened_at
          FROM jsonb_to_recordset(%(groups)s) AS wanted (
                    nth integer, model text, workflow text, step text, kind text, role text,
                    post text, told text[], suspended boolean)
          CROSS JOIN LATERAL (
                SELECT case_file.number, task.opened_at
                  FROM task
                  JOIN case_file ON case_file.id = task.case_id
                 WHERE task.workflow = wanted.workflow AND task.step = wanted.step
                   AND task.kind = wanted.kind AND task.role = wanted.role
                   AND task.post IS NOT DISTINCT FROM wanted.post AND task.told = wanted.told
                   AND (task.suspended IS NOT NULL) = wanted.suspended
                   AND case_file.model = wanted.model
                 ORDER BY task.opened_at, case_file.number
                 LIMIT %(limit)s
               ) AS oldest
         ORDER BY wanted.nth, oldest.opened_at, oldest.number
        """,
        {"groups": Jsonb([*groups]), "limit": limit},
    ).fetchall()


# Work whose values are the same where they decide, once.
_ALIKE: LiteralString = """
    WITH piece AS (
        SELECT wanted.nth, task.id, task.case_id, task.opened_at, c.number,
               jsonb_build_array(
                    c.state,
                    ARRAY(SELECT c.fields -> name
                            FROM unnest(wanted.fields) WITH ORDINALITY AS each (name, place)
                           ORDER BY place),
                    ARRAY(SELECT c.position -> 'entered' -> name
                            FROM unnest(wanted.entered) WITH ORDINALITY AS each (name, place)
                           ORDER BY place),
                    ARRAY(SELECT c.position -> 'changed' -> name
                            FROM unnest(wanted.changed) WITH ORDINALITY AS each (name, place)
                           ORDER BY place),
                    ARRAY(SELECT c.position -> 'performers' -> name
                            FROM unnest(wanted.apart) WITH ORDINALITY AS each (name, place)
                           ORDER BY place),
                    CASE WHEN wanted.votes
                         THEN c.position #> ARRAY['tokens', task.id::text, 'votes'] END
               ) AS alike
          FROM jsonb_to_recordset(%(groups)s) AS wanted (
                    nth integer, model text, workflow text, step text, kind text, role text,
                    post text, told text[], suspended boolean, fields text[], entered text[],
                    changed text[], votes boolean, apart text[], people text[])
          JOIN task ON task.workflow = wanted.workflow AND task.step = wanted.step
                   AND task.kind = wanted.kind AND task.role = wanted.role
                   AND task.post IS NOT DISTINCT FROM wanted.post AND task.told = wanted.told
                   AND (task.suspended IS NOT NULL) = wanted.suspended
          JOIN case_file AS c ON c.id = task.case_id AND c.model = wanted.model
         WHERE wanted.people IS NULL
            OR wanted.people <@ ARRAY(
                    SELECT jsonb_array_elements_text(c.position -> 'performers' -> apart.step)
                      FROM unnest(wanted.apart) AS apart (step))
    ), heap AS (
        SELECT nth, count(*) AS work,
               (array_agg(id ORDER BY opened_at, number))[1] AS task,
               (array_agg(case_id ORDER BY opened_at, number))[1] AS case_id,
               (array_agg(number ORDER BY opened_at, number))[:%(limit)s] AS numbers,
               (array_agg(opened_at ORDER BY opened_at, number))[:%(limit)s] AS opened
          FROM piece
         GROUP BY nth, alike
    )
    SELECT heap.nth, heap.work, heap.task, heap.numbers, heap.opened, c.id, c.number,
           c.workflow, c.model, c.version, c.head, c.state, c.state_since, c.started_at,
           c.closed_at, c.fields, c.position
      FROM heap
      JOIN case_file AS c ON c.id = heap.case_id
     ORDER BY heap.nth, heap.opened[1], heap.numbers[1]
"""


def records_of(
    connection: Connection[DictRow], groups: Iterable[Mapping[str, Any]], limit: int
) -> list[DictRow]:
    """Return the work of some groups of `standing_work`, what is alike once, with a case in full.

    groups:  each with `nth`. fields, entered, changed: of the record and the case, what decides who
             may do it; work whose values of these are the same is alike. votes: so do the votes.
             apart: the steps whose performers may not act. people: only work all of whose `people`
             have performed such a step; None for all work.
    limit:   how many numbers of cases to tell; with `opened` of each, the oldest first.
    Returns: `work`, how much is alike, and the oldest of it: `task` with its case.
    """
    return connection.execute(_ALIKE, {"groups": Jsonb([*groups]), "limit": limit}).fetchall()


def of_two(connection: Connection[DictRow]) -> list[DictRow]:
    """Return what waits for another person, each with its case in full.

    kind: `review` or `confirmation`. opened_at, due_at: of it; task: its id.
    """
    return connection.execute(
        """
        SELECT c.id, c.number, c.workflow, c.model, c.version, c.head, c.state, c.state_since,
               c.started_at, c.closed_at, c.fields, c.position,
               task.id AS task, task.kind, task.opened_at, task.due_at
          FROM task
          JOIN case_file AS c ON c.id = task.case_id
         WHERE task.kind = 'review' OR task.kind = 'confirmation'
         ORDER BY task.opened_at, task.id
        """
    ).fetchall()
