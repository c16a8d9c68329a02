"""Delegations: authority of an appointment, lent to another person for a time."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg import Connection, DatabaseError
from psycopg.rows import DictRow
from psycopg.types.range import TimestamptzRange

from kingpost.store.errors import translated
from kingpost.store.register import Ending


@dataclass(frozen=True, slots=True)
class Lending:
    """A delegation to write down. end: exclusive. The scope is as in `decisions.commands`."""

    id: UUID
    appointment: UUID
    person: str
    start: datetime
    end: datetime
    reason: str
    workflows: tuple[str, ...]
    outcomes: tuple[str, ...]
    when: str | None


def appointment_for(
    connection: Connection[DictRow], person: str, post: str, start: datetime, end: datetime
) -> UUID | None:
    """Return the appointment by which a person holds a post for all of a time, or None."""
    row = connection.execute(
        """
        SELECT id FROM appointment
         WHERE person = %(person)s AND post = %(post)s AND during @> %(during)s
        """,
        {"person": person, "post": post, "during": TimestamptzRange(start, end, "[)")},
    ).fetchone()
    return None if row is None else row["id"]


def delegate(connection: Connection[DictRow], lending: Lending, *, by: str) -> None:
    """Lend authority. The same delegation again changes nothing.

    Raises: NotRunningError, ToOneselfError, UnknownPersonError.
    Lock:   the appointment's row, until the transaction ends.
    """
    try:
        connection.execute(
            """
            SELECT delegate(%(id)s, %(appointment)s, %(person)s, %(workflows)s::text[],
                            %(outcomes)s::text[], %(when)s, %(reason)s, %(during)s, %(by)s)
            """,
            {
                "id": lending.id,
                "appointment": lending.appointment,
                "person": lending.person,
                "workflows": list(lending.workflows),
                "outcomes": list(lending.outcomes),
                "when": lending.when,
                "reason": lending.reason,
                "during": TimestamptzRange(lending.start, lending.end, "[)"),
                "by": by,
            },
        )
    except DatabaseError as error:
        raise translated(error) from error


def end_delegation(
    connection: Connection[DictRow], delegation: UUID, end: datetime, *, by: str
) -> Ending | None:
    """Let a delegation end, or withdraw it before it begins; None when none still runs then.

    end:  a moment that has passed means now.
    Lock: its row, so that a decision that relies on it comes before or after, not between.
    """
    row = connection.execute(
        "SELECT end_delegation(%(id)s, %(end)s, %(by)s) AS ending",
        {"id": delegation, "end": end, "by": by},
    ).fetchone()
    assert row is not None, "the function answers with one row"
    return row["ending"]


def ended_by(connection: Connection[DictRow], delegation: UUID) -> str | None:
    """Return who has ended or withdrawn a delegation, or None."""
    row = connection.execute(
        "SELECT ended_by FROM delegation WHERE id = %s", [delegation]
    ).fetchone()
    return None if row is None else row["ended_by"]
