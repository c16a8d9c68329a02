"""Open work: whose it is, and the clocks that run on its case."""

from uuid import UUID

from psycopg import Connection
from psycopg.rows import DictRow

_CANDIDATE = """
        SELECT task.id, task.workflow, task.step, task.kind, task.role, task.person,
               task.opened_at, task.told,
               jsonb_path_query_array(
                    case_file.position, '$.tokens.* ? (exists(@.clock))') AS clocks,
               (%(workflow)s = '' OR task.workflow = %(workflow)s)
               AND (%(step)s = '' OR task.step = %(step)s)
               AND (%(pattern)s = '' OR case_file.number ILIKE %(pattern)s OR EXISTS (
                        SELECT FROM jsonb_each_text(case_file.fields) AS field
                         WHERE task.workflow || '/' || field.key = ANY(%(titles)s)
                           AND field.value ILIKE %(pattern)s
                   )) AS matches"""


def candidates(
    connection: Connection[DictRow],
    reach: list[tuple[str, str, str, bool]],
    *,
    workflow: str,
    step: str,
    pattern: str,
    titles: list[str],
) -> list[DictRow]:
    """Return tasks, decisions and failed calls within reach, each with the clocks of its case.

    reach:   role, post (empty for work of the role that is addressed to none), scope (empty, a
             workflow, or workflow/step), and whether it is below. What several of them reach
             comes several times.
    titles:  title fields, each as `workflow/field`. pattern: for them, or for the number.
    Returns: `matches` tells whether the row passes the filter.
    """
    return connection.execute(
        _CANDIDATE
        + """, reach.below
          FROM unnest(%(roles)s::text[], %(posts)s::text[], %(scopes)s::text[],
                      %(below)s::boolean[]) AS reach (role, post, scope, below)
          JOIN task ON task.role = reach.role AND coalesce(task.post, '') = reach.post
           AND reach.scope IN ('', task.workflow, task.workflow || '/' || task.step)
          JOIN case_file ON case_file.id = task.case_id
         WHERE task.kind IN ('task', 'decision')
            OR (task.kind = 'call' AND task.suspended IS NOT NULL)
        """,
        {
            "roles": [role for role, _, _, _ in reach],
            "posts": [post for _, post, _, _ in reach],
            "scopes": [scope for _, _, scope, _ in reach],
            "below": [below for _, _, _, below in reach],
            "workflow": workflow,
            "step": step,
            "pattern": pattern,
            "titles": titles,
        },
    ).fetchall()


def escalated(
    connection: Connection[DictRow],
    posts: list[str],
    *,
    workflow: str,
    step: str,
    pattern: str,
    titles: list[str],
) -> list[DictRow]:
    """Return the open work that one of the posts was told to be late, as `candidates` does."""
    return connection.execute(
        _CANDIDATE
        + """, false AS below
          FROM task
          JOIN case_file ON case_file.id = task.case_id
         WHERE task.told && %(posts)s AND task.told <> '{}'
        """,
        {
            "posts": posts,
            "workflow": workflow,
            "step": step,
            "pattern": pattern,
            "titles": titles,
        },
    ).fetchall()


def read_tasks(
    connection: Connection[DictRow], *, ids: list[UUID] | None = None, case: UUID | None = None
) -> list[DictRow]:
    """Return open work in full, by its ids or by its case."""
    return connection.execute(
        """
        SELECT task.id, task.case_id, case_file.number, task.workflow, case_file.state,
               case_file.fields, task.step, task.kind, task.role, task.post, task.person,
               person.name AS person_name, task.opened_at, task.due_at, task.suspended,
               task.limit_at, task.told,
               jsonb_path_query_array(
                    case_file.position, '$.tokens.* ? (exists(@.clock))') AS clocks
          FROM task
          JOIN case_file ON case_file.id = task.case_id
          LEFT JOIN person ON person.id = task.person
         WHERE task.id = ANY(%(ids)s) OR task.case_id = %(case)s
         ORDER BY task.opened_at, task.step, task.id
        """,
        {"ids": ids, "case": case},
    ).fetchall()


def tasks_of(connection: Connection[DictRow], cases: list[UUID]) -> list[DictRow]:
    """Return the open work of several cases."""
    return connection.execute(
        """
        SELECT id, case_id, step, post, person, opened_at, suspended
          FROM task
         WHERE case_id = ANY(%s)
         ORDER BY opened_at, step, id
        """,
        [cases],
    ).fetchall()


def addressed(connection: Connection[DictRow]) -> list[DictRow]:
    """Return all tasks and decisions that are addressed to a post, with the clocks of the case."""
    return connection.execute(
        """
        SELECT task.post, task.workflow, task.step,
               jsonb_path_query_array(
                    case_file.position, '$.tokens.* ? (exists(@.clock))') AS clocks
          FROM task
          JOIN case_file ON case_file.id = task.case_id
         WHERE task.kind IN ('task', 'decision') AND task.post IS NOT NULL
        """
    ).fetchall()
