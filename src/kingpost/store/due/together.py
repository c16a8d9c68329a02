"""Cases taken and recorded many at once, in the caller's transaction."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg import Connection, DatabaseError
from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from kingpost.decisions.case import Case
from kingpost.decisions.transition import Transition
from kingpost.store.cases import read_row
from kingpost.store.errors import translated
from kingpost.store.recording.news import write_news


@dataclass(frozen=True, slots=True)
class Keyed:
    """A transition to record, with the idempotency key and the fingerprint of its command."""

    command: UUID
    fingerprint: str
    transition: Transition


def take(
    connection: Connection[DictRow], wanted: Collection[UUID]
) -> dict[UUID, tuple[Case, datetime]]:
    """Read cases, each with the time at which it was read.

    A case that somebody else has in hand is left out.

    Lock: their rows, in the order of their identities, until the transaction ends.
    """
    rows = connection.execute(
        """
        SELECT id, number, workflow, model, version, head, state, state_since, started_at,
               closed_at, fields, position, clock_timestamp() AS now
          FROM case_file
         WHERE id = ANY(%s)
         ORDER BY id
           FOR UPDATE SKIP LOCKED
        """,
        [list(wanted)],
    ).fetchall()
    return {row["id"]: (read_row(row), row["now"]) for row in rows}


def record_all(connection: Connection[DictRow], keyed: Sequence[Keyed]) -> list[bool]:
    """Record many transitions in one call, each as `record` would; all or none.

    Returns: of each whether it was recorded now; not, when its key is known.
    Raises:  what `store.cases.record` does.
    """
    try:
        rows = connection.execute(
            """
            SELECT done.answer
              FROM unnest(%(commands)s::uuid[], %(prints)s::text[], %(expected)s::integer[],
                          %(news)s::jsonb[], %(headers)s::bytea[], %(bodies)s::bytea[])
                   WITH ORDINALITY AS one (command, print, expected, news, header, body, n),
                   LATERAL record(one.command, one.print, one.expected, one.news, one.header,
                                  one.body) AS done
             ORDER BY one.n
            """,
            {
                "commands": [each.command for each in keyed],
                "prints": [each.fingerprint for each in keyed],
                "expected": [each.transition.case.version - 1 for each in keyed],
                "news": [Jsonb(write_news(each.transition)) for each in keyed],
                "headers": [each.transition.link.header for each in keyed],
                "bodies": [each.transition.link.body for each in keyed],
            },
        ).fetchall()
    except DatabaseError as error:
        raise translated(error) from error
    return [row["answer"] == "recorded" for row in rows]
