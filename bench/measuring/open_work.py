"""Much open work, made quickly: incidents like one that was begun, spread over the groups."""

import os

import psycopg
from measuring import desk

from kingpost.engine.company import Company

# With identities of their own, begun over the last days and due at any time around now.
_DRAWN = """
    CREATE TEMPORARY TABLE many AS
    SELECT gen_random_uuid() AS id, gen_random_uuid() AS task, number,
           now() - random() * interval '10 days' AS at,
           now() + (random() - 0.3) * interval '10 days' AS ends_at,
           CASE WHEN number <= %(own)s THEN 'group-70' ELSE
                (%(groups)s::text[])[1 + number %% cardinality(%(groups)s::text[])] END AS post
      FROM generate_series(1, %(count)s) AS number
"""
_ROWS = (
    """
    INSERT INTO case_file (id, number, workflow, model, version, head, state, state_since,
                           started_at, fields, position)
    SELECT many.id, 'MANY-' || many.number, like_it.workflow, like_it.model, like_it.version,
           md5(many.id::text) || md5(many.id::text), like_it.state, many.at, many.at,
           like_it.fields || jsonb_build_object(
                'caller', 'Caller ' || many.number %% 5000,
                'category', 'Category ' || many.number %% 57,
                'impact', (ARRAY['low', 'medium', 'medium', 'high'])[1 + many.number %% 4]),
           replace(like_it.position::text, %(task)s, many.task::text)::jsonb
      FROM many, case_file AS like_it
     WHERE like_it.id = %(case)s
    """,
    """
    INSERT INTO task (id, case_id, workflow, step, kind, role, post, person, opened_at, due_at,
                      budget_ms, spent_ms, told, ends_at)
    SELECT many.task, many.id, like_it.workflow, like_it.step, like_it.kind, like_it.role,
           many.post, CASE WHEN many.number %% 3 = 0 THEN 'p1' END, many.at, like_it.due_at,
           like_it.budget_ms, like_it.spent_ms,
           CASE WHEN many.number %% 200 = 0 THEN ARRAY['incident-manager'] ELSE '{}' END,
           many.ends_at
      FROM many, task AS like_it
     WHERE like_it.id = %(task)s::uuid
    """,
)


def add_open_work(superuser_url: str, company: Company, *, own: int, count: int) -> None:
    """Add open tasks, so many in all, of which some are the service desk's own."""
    (work,) = desk.start_cases(company, 1)
    groups = [
        post.id
        for post in company.active().model.posts.values()
        if "dispatcher" in post.roles and post.id not in {"group-70", "duty-officer"}
    ]
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        row = connection.execute("SELECT case_id FROM task WHERE id = %s", [work.task]).fetchone()
        assert row is not None
        given = {"own": own, "count": count, "groups": groups, "task": work.task, "case": row[0]}
        connection.execute("SET synchronous_commit = off")
        for statement in (_DRAWN, *_ROWS):
            connection.execute(statement, given)
        connection.execute("VACUUM ANALYZE")
        connection.execute("CHECKPOINT")
    # What is still on its way to the disk would slow down what is measured next.
    os.sync()
