"""Worklists: the open work within reach of a reader, counted and paged by the database.

The rights come as rows that SQL joins; `queries.reach` makes them. Everything that a person wrote,
and every name of a field, is a parameter.
"""

from collections.abc import Mapping
from typing import Any, LiteralString

from psycopg import Connection
from psycopg.rows import DictRow

# Of money, the amount. What an older model kept there may be no number at all.
_NUMBER = "^(-?[0-9]+(?:[.][0-9]+)?)(?: |$)"

# The work within reach, each once: a pair of role and post stands in `reach` once, with the scopes
# in which it is narrowed. Beside it the little that a ladder has told the reader of.
_NEAR: LiteralString = """
    WITH near AS (
        SELECT task.id, task.case_id, task.workflow, task.step, task.person, task.opened_at,
               task.ends_at,
               CASE WHEN reach.acts OR reach.narrow IS NULL THEN reach.acts
                    ELSE reach.narrow -> 'acts' ?| ARRAY[
                         task.workflow, task.workflow || '/' || task.step] END AS may_act,
               CASE WHEN reach.below OR reach.narrow IS NULL THEN reach.below
                    ELSE reach.narrow -> 'below' ?| ARRAY[
                         task.workflow, task.workflow || '/' || task.step] END AS is_below
          FROM unnest(%(roles)s::text[], %(posts)s::text[], %(acts)s::boolean[],
                      %(below)s::boolean[], %(narrow)s::text[]::jsonb[])
            AS reach (role, post, acts, below, narrow)
          JOIN task ON task.role = reach.role AND coalesce(task.post, '') = reach.post
         WHERE task.kind IN ('task', 'decision', 'review')
            OR (task.kind = 'call' AND task.suspended IS NOT NULL)
    ), told AS (
        SELECT task.id, task.case_id, task.workflow, task.step, task.person, task.opened_at,
               task.ends_at,
               task.kind IN ('task', 'decision') AND EXISTS (
                    SELECT FROM unnest(%(told_roles)s::text[], %(told_posts)s::text[],
                                       %(told_scopes)s::text[]) AS loud (role, post, scope)
                     WHERE loud.role = task.role AND loud.post = ANY (task.told)
                       AND loud.scope IN ('', task.workflow, task.workflow || '/' || task.step)
               ) AS may_act
          FROM task
         WHERE task.told && %(speaks)s::text[] AND task.told <> '{}' AND task.kind <> 'confirmation'
    ), reached AS (
        SELECT coalesce(near.id, told.id) AS id,
               coalesce(near.case_id, told.case_id) AS case_id,
               coalesce(near.workflow, told.workflow) AS workflow,
               coalesce(near.step, told.step) AS step,
               coalesce(near.person, told.person) AS person,
               coalesce(near.opened_at, told.opened_at) AS opened_at,
               coalesce(near.ends_at, told.ends_at) AS ends_at,
               coalesce(near.may_act, false) OR coalesce(told.may_act, false) AS may_act,
               coalesce(near.is_below, false) AS is_below,
               told.id IS NOT NULL AS is_told
          FROM near
          FULL JOIN told ON told.id = near.id
         WHERE near.may_act OR near.is_below OR told.id IS NOT NULL
         UNION ALL
        -- What another person proposes is for who holds one of the posts that may confirm it.
        SELECT task.id, task.case_id, task.workflow, task.step, task.person, task.opened_at,
               task.ends_at, true, false, false
          FROM task
          JOIN case_file ON case_file.id = task.case_id
         WHERE task.kind = 'confirmation' AND task.told && %(confirms)s::text[]
           AND case_file.position #>> '{proposal,person}' <> %(person)s
    ), """

_FOUND: LiteralString = """found AS MATERIALIZED (
        SELECT id, case_id, workflow, step, person, opened_at, ends_at, may_act,
               is_below AND NOT may_act AS is_below, is_told,
               (%(workflow)s = '' OR workflow = %(workflow)s)
               AND (%(step)s = '' OR step = %(step)s) AS matches,
               NULL::text AS value
          FROM reached
    )"""

# The record is read only where something of it is asked for.
_FOUND_BY_RECORD: LiteralString = """found AS MATERIALIZED (
        SELECT reached.id, case_id, reached.workflow, step, person, opened_at, ends_at, may_act,
               is_below AND NOT may_act AS is_below, is_told,
               c.id IS NOT NULL
               AND (%(pattern)s = '' OR c.number ILIKE %(pattern)s
                    OR coalesce(c.fields ->> title.first ILIKE %(pattern)s, false)
                    OR coalesce(c.fields ->> title.second ILIKE %(pattern)s, false))
               AND c.fields @> %(exact)s::jsonb
               AND (NOT %(bounded)s OR NOT EXISTS (
                        SELECT
                          FROM unnest(%(fields)s::text[], %(numeric)s::boolean[],
                                      %(low)s::text[], %(high)s::text[])
                            AS wanted (field, is_number, low, high),
                               LATERAL (
                                    SELECT c.fields ->> wanted.field AS value,
                                           (substring(c.fields ->> wanted.field
                                                 FROM %(number)s))::numeric AS amount) AS held
                         WHERE NOT coalesce(
                                   CASE WHEN is_number THEN
                                       (low IS NULL OR held.amount >= low::numeric)
                                       AND (high IS NULL OR held.amount <= high::numeric)
                                   ELSE (low IS NULL OR held.value >= low COLLATE "C")
                                        AND (high IS NULL OR held.value <= high COLLATE "C")
                                   END,
                                   false)))
               AS matches,
               CASE WHEN %(by)s = 'number' THEN c.number ELSE c.fields ->> %(by_field)s END AS value
          FROM reached
          LEFT JOIN case_file AS c
            ON c.id = reached.case_id
           AND (%(workflow)s = '' OR reached.workflow = %(workflow)s)
           AND (%(step)s = '' OR step = %(step)s)
          LEFT JOIN unnest(%(flows)s::text[], %(first)s::text[], %(second)s::text[])
            AS title (workflow, first, second) ON title.workflow = reached.workflow
    )"""

# What the order compares, of rows with a value and times.
_KEY: LiteralString = """
        SELECT id, case_id, opened_at, ends_at,
               -- What has no value comes last, whichever way the order goes.
               CASE %(by)s WHEN 'opened' THEN false
                           WHEN 'term' THEN (ends_at IS NULL) <> %(descending)s
                           ELSE (value IS NULL) <> %(descending)s END AS last,
               CASE WHEN %(by)s = 'field' AND %(by_number)s
                    THEN coalesce((substring(value FROM %(number)s))::numeric, 0) ELSE 0 END
                    AS amount,
               CASE WHEN %(by)s = 'number' OR (%(by)s = 'field' AND NOT %(by_number)s)
                    THEN coalesce(value, '') ELSE '' END COLLATE "C" AS words,
               CASE %(by)s WHEN 'term' THEN coalesce(ends_at, opened_at) ELSE opened_at END AS at
"""

# One pass for all counts, and one for the page.
_COUNTED: LiteralString = """, counted AS (
        SELECT workflow, step, count(*) FILTER (WHERE may_act) AS steps,
               count(*) FILTER (WHERE matches AND may_act) AS "all",
               count(*) FILTER (WHERE matches AND may_act AND ends_at < %(now)s) AS overdue,
               count(*) FILTER (WHERE matches AND may_act AND ends_at >= %(now)s
                                      AND ends_at < %(day_ends)s) AS "due-today",
               count(*) FILTER (WHERE matches AND may_act AND person = %(person)s) AS mine,
               count(*) FILTER (WHERE matches AND may_act AND person IS NULL) AS unassigned,
               count(*) FILTER (WHERE matches AND is_below) AS below,
               count(*) FILTER (WHERE matches AND is_told) AS escalated
          FROM found
         GROUP BY workflow, step
    )"""
# The row after which the page begins. Its work may be done by now; the case stays.
_OF_PLACE: LiteralString = """
          FROM (SELECT %(after_task)s::uuid AS id, %(after_case)s::uuid AS case_id,
                       %(after_opened)s::timestamptz AS opened_at,
                       %(after_ends)s::timestamptz AS ends_at,
                       CASE WHEN %(by)s = 'number' THEN c.number
                            ELSE c.fields ->> %(by_field)s END AS value
                  FROM (VALUES (0)) AS one
                  LEFT JOIN case_file AS c ON c.id = %(after_case)s::uuid) AS before
    )"""
_OF_FOUND: LiteralString = """
          FROM found
         WHERE matches
           AND CASE %(view)s
                    WHEN 'below' THEN is_below
                    WHEN 'escalated' THEN is_told
                    WHEN 'all' THEN may_act
                    WHEN 'overdue' THEN may_act AND ends_at < %(now)s
                    WHEN 'due-today' THEN may_act AND ends_at >= %(now)s
                                          AND ends_at < %(day_ends)s
                    WHEN 'mine' THEN may_act AND person = %(person)s
                    WHEN 'unassigned' THEN may_act AND person IS NULL
               END
    ), page AS (
        SELECT * FROM keyed
"""
_UP: LiteralString = """
         WHERE NOT %(goes_on)s OR (last, amount, words, at, opened_at, id)
               > (SELECT last, amount, words, at, opened_at, id FROM place)
         ORDER BY last, amount, words, at, opened_at, id
         LIMIT %(limit)s OFFSET %(offset)s
    )
"""
_DOWN: LiteralString = """
         WHERE NOT %(goes_on)s OR (last, amount, words, at, opened_at, id)
               < (SELECT last, amount, words, at, opened_at, id FROM place)
         ORDER BY last DESC, amount DESC, words DESC, at DESC, opened_at DESC, id DESC
         LIMIT %(limit)s OFFSET %(offset)s
    )
"""
_ROWS: LiteralString = """
    SELECT (SELECT coalesce(jsonb_agg(to_jsonb(counted)), '[]') FROM counted) AS counted,
           (SELECT coalesce(jsonb_agg(jsonb_build_array(
                        id, case_id, opened_at, ends_at)), '[]') FROM page) AS page
"""


def read(
    connection: Connection[DictRow], asked: Mapping[str, Any], *, by_record: bool, descending: bool
) -> DictRow:
    """Return the counts of a worklist by workflow and step, and the rows of one page of it.

    asked:      the rows of reach, the filter, the order and the page; see the statement.
    by_record:  whether anything of the record is asked for: a text, a field, or an order by one.
    Returns:    `counted`, and `page`: of each row its id, its case, when it was opened, and when
                its term ends.
    """
    found = _FOUND_BY_RECORD if by_record else _FOUND
    page = _DOWN if descending else _UP
    statement = _NEAR + found + _COUNTED
    statement += ", place AS (" + _KEY + _OF_PLACE + ", keyed AS (" + _KEY + _OF_FOUND
    statement += page + _ROWS
    row = connection.execute(
        statement, {**asked, "descending": descending, "number": _NUMBER}
    ).fetchone()
    assert row is not None, "a row of two aggregates is there"
    return row
