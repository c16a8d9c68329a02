"""A long history, made quickly: closed cases with their events and everything that is counted."""

import os

import psycopg

_EVENTS_OF_A_CASE = 8
_MONTHS = 10

# The identities spread over the months before this one, like those of cases that began then.
_CASES = """
    CREATE TEMPORARY TABLE old AS
    SELECT (left(uuid_floor(at)::text, 13) || substr(gen_random_uuid()::text, 14))::uuid AS id,
           number, at
      FROM (SELECT number,
                   date_trunc('month', now()) - random() * make_interval(months => %(months)s) AS at
              FROM generate_series(1, %(cases)s) AS number) AS drawn
"""
_ROWS = (
    """
    INSERT INTO case_file (id, number, workflow, model, version, head, state, state_since,
                           started_at, closed_at, fields, position)
    SELECT id, 'OLD-' || number, 'incident', (SELECT digest FROM model_version LIMIT 1),
           %(each)s, md5(id::text) || md5(id::text), 'closed', at + interval '2 days', at,
           at + interval '2 days',
           '{"impact": "low", "caller": "Somebody", "category": "Printer"}',
           '{"owed": {}, "tokens": {}, "changed": {}, "entered": {}, "settled": {},
             "performers": {}}'
      FROM old
    """,
    """
    INSERT INTO event (case_id, seq, kind, step, at, hash, header, body)
    SELECT id, seq, 'completed', 'triage', at + seq * interval '5 hours',
           md5(id::text || seq) || md5(id::text),
           convert_to(repeat(md5(id::text || seq), 16), 'UTF8'),
           convert_to(repeat(md5(id::text || seq), 24), 'UTF8')
      FROM old, generate_series(1, %(each)s) AS seq
    """,
    """
    INSERT INTO command (id, fingerprint, case_id, seq)
    SELECT gen_random_uuid(), md5(id::text) || md5(id::text), id, seq
      FROM old, generate_series(1, %(each)s) AS seq
    """,
    """
    INSERT INTO visit (case_id, workflow, kind, name, since, until, how)
    SELECT id, 'incident', 'step', 'triage', at, at + seq * interval '5 hours', 'completed'
      FROM old, generate_series(1, %(each)s) AS seq
    """,
    """
    INSERT INTO measurement (case_id, seq, metric, value, at)
    SELECT id, %(each)s, metric, 1, at + interval '2 days'
      FROM old, unnest(ARRAY['time-to-restore', 'restored-within-term']) AS metric
    """,
    """
    INSERT INTO duty (case_id, obligation, workflow, status, since, seq)
    SELECT id, 'final-report', 'incident', 'met', at, %(each)s
      FROM old
    """,
)


def add_old_events(superuser_url: str, count: int) -> None:
    """Add closed cases with so many events in all, and let the server take note of them."""
    given = {"cases": count // _EVENTS_OF_A_CASE, "each": _EVENTS_OF_A_CASE, "months": _MONTHS}
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        connection.execute("SET synchronous_commit = off")
        connection.execute(
            "SELECT provide_event_month((now() - make_interval(months => ago))::date)"
            " FROM generate_series(1, %s) AS ago",
            [_MONTHS],
        )
        connection.execute(_CASES, given)
        for statement in _ROWS:
            connection.execute(statement, given)
        connection.execute("VACUUM ANALYZE")
        connection.execute("CHECKPOINT")
    # What is still on its way to the disk would slow down what is measured next.
    os.sync()
