"""Many live cases, made quickly: like some that the engine has brought to different positions."""

import os
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

import psycopg
from psycopg import sql

# The tables that hold what a live case consists of, the case itself first.
_TABLES = ("case_file", "task", "timer", "duty", "awaited")
# Identities are new, and what happened did so earlier, by the number of the copy.
_COPY = """
    CREATE FUNCTION pg_temp.copy_of(
        written text, known text[], times text[], copy bigint
    ) RETURNS jsonb LANGUAGE plpgsql AS $$
    DECLARE one text;
    BEGIN
        FOREACH one IN ARRAY known LOOP
            written := replace(written, one, left(one, 15)
                                             || substr(md5(one || copy)::uuid::text, 16));
        END LOOP;
        FOREACH one IN ARRAY times LOOP
            written := replace(written, one, to_char(
                (one::timestamptz - copy * interval '1 second') AT TIME ZONE 'UTC',
                'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'));
        END LOOP;
        RETURN written::jsonb;
    END $$
"""
_KNOWN = r"""
    SELECT array(SELECT jsonb_object_keys(position -> 'tokens')),
           array(SELECT DISTINCT one[1] FROM regexp_matches(
                     position::text, '\d{4}-\d\d-\d\dT[0-9:.]+Z', 'g') AS one)
      FROM case_file WHERE id = %s
"""
_CASES = """
    INSERT INTO case_file
    SELECT made.*
      FROM case_file AS one, generate_series(%(first)s::bigint, %(last)s) AS many (copy),
           jsonb_populate_record(
               NULL::case_file,
               pg_temp.copy_of(to_jsonb(one)::text, %(known)s, %(times)s, copy)
               || jsonb_build_object(
                      'number', 'MANY-' || copy,
                      'head', md5(copy::text) || md5(copy::text),
                      'fields', one.fields || jsonb_build_object(
                                    'claimant', 'Claimant ' || copy,
                                    'amount', (100 + copy %% 400)::text),
                      'started_at', one.started_at - copy * interval '1 second')) AS made
     WHERE one.id = %(case)s
"""
_OTHERS = sql.SQL(
    """
    INSERT INTO {table}
    SELECT made.*
      FROM {table} AS one, generate_series(%(first)s::bigint, %(last)s) AS many (copy),
           jsonb_populate_record(
               NULL::{table},
               pg_temp.copy_of(to_jsonb(one)::text, %(known)s, %(times)s, copy)) AS made
     WHERE one.case_id = %(case)s
    """
)

# No decision, no key, no check of what is there: an event, its case and its open work.
_BY_HAND = """
    WITH added AS (
            INSERT INTO event (case_id, seq, kind, at, hash, header, body)
            SELECT id, version + 1, 'carried', now(), head, %(header)s, %(body)s
              FROM case_file
             WHERE closed_at IS NULL
         ), moved AS (
            UPDATE case_file SET version = version + 1, position = position || '{}'
             WHERE closed_at IS NULL
         )
    UPDATE task SET due_at = now(), ends_at = now()
"""


def add_like(superuser_url: str, cases: Sequence[UUID], count: int) -> None:
    """Add so many live cases in all, spread evenly over being like each of some."""
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        connection.execute("SET synchronous_commit = off")
        connection.execute(_COPY)
        for place, case in enumerate(cases):
            row = connection.execute(_KNOWN, [case]).fetchone()
            assert row is not None
            bounds = {
                "first": place * count // len(cases) + 1,
                "last": (place + 1) * count // len(cases),
            }
            given = {**bounds, "known": [str(case), *row[0]], "times": row[1], "case": case}
            connection.execute(_CASES, given)
            for name in _TABLES[1:]:
                connection.execute(_OTHERS.format(table=sql.Identifier(name)), given)
        connection.execute("VACUUM ANALYZE")
        connection.execute("CHECKPOINT")


def processor_seconds(superuser_url: str) -> float:
    """Return the seconds of processor that connections to a database have used up so far."""
    with psycopg.connect(superuser_url) as connection:
        rows = connection.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        ).fetchall()
    ticks = 0
    for (pid,) in rows:
        # Source: proc(5); what follows the name in brackets begins with the third field.
        told = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(told[11]) + int(told[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def carry_by_hand(connection: psycopg.Connection) -> None:
    """Add an event to every live case and bring its rows along, and take all of it back."""
    connection.execute(_BY_HAND, {"header": b"h" * 420, "body": b"b" * 900})
    connection.rollback()
