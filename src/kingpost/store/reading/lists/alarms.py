"""What alarms are made of: who is there, since when posts stand empty, and where work stands."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

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
        SELECT held.post, held.person, NULL AS giver, '{}'::text[] AS workflows,
               '{}'::text[] AS outcomes, NULL AS condition, answers.person AS answering
          FROM appointment AS held
          LEFT JOIN appointment AS answers
            ON held.kind = 'agent' AND answers.id = answering(held.post, %(at)s::timestamptz)
         WHERE held.during @> %(at)s::timestamptz AND held.person NOT IN (SELECT person FROM away)
           AND counts_now(held.post, held.kind, %(at)s::timestamptz)
         UNION ALL
        SELECT given.post, delegation.person, given.person, delegation.workflows,
               delegation.outcomes, delegation.condition, NULL
          FROM delegation
          JOIN appointment AS given ON given.id = delegation.appointment
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
        SELECT wanted.nth, oldest.number
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


def records_of(
    connection: Connection[DictRow], groups: Iterable[Mapping[str, Any]]
) -> list[DictRow]:
    """Return the work of some groups of `standing_work` with its cases in full.

    groups: each with `nth`. apart: the steps whose performers may not act. people: only work all
            of whose `people` have performed such a step; None for all work.
    """
    return connection.execute(
        """
        SELECT wanted.nth, task.id AS task, task.opened_at, c.id, c.number, c.workflow, c.model,
               c.version, c.head, c.state, c.state_since, c.started_at, c.closed_at, c.fields,
               c.position
          FROM jsonb_to_recordset(%(groups)s) AS wanted (
                    nth integer, model text, workflow text, step text, kind text, role text,
                    post text, told text[], suspended boolean, apart text[], people text[])
          JOIN task ON task.workflow = wanted.workflow AND task.step = wanted.step
                   AND task.kind = wanted.kind AND task.role = wanted.role
                   AND task.post IS NOT DISTINCT FROM wanted.post AND task.told = wanted.told
                   AND (task.suspended IS NOT NULL) = wanted.suspended
          JOIN case_file AS c ON c.id = task.case_id AND c.model = wanted.model
         WHERE wanted.people IS NULL
            OR wanted.people <@ ARRAY(
                    SELECT jsonb_array_elements_text(c.position -> 'performers' -> apart.step)
                      FROM unnest(wanted.apart) AS apart (step))
         ORDER BY wanted.nth, task.opened_at, c.number
        """,
        {"groups": Jsonb([*groups])},
    ).fetchall()
