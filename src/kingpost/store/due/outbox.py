"""Calls to make: claim what is due, put off what failed, and remember how a system answers."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.rows import DictRow

from kingpost.decisions.transition import Request

# So many failures in a row open the circuit, for so long; then one call tries whether it is over.
FAILURES_MAX = 5
OPEN_SECONDS = 30.0
# What an open circuit holds back for longer fails. The call that tries whether it is over has its
# usual time until then, and whoever answers for the others hears of it within a minute.
HELD_SECONDS = 45.0


@dataclass(frozen=True, slots=True)
class Claimed:
    """A call that is ours to make, until its lease is over. attempts: this one counted."""

    id: UUID
    case: UUID
    model: str
    workflow: str
    step: str
    interface: str
    request: Request
    attempts: int
    fence: int
    cause: str


def due_interfaces(connection: Connection[DictRow]) -> list[str]:
    """Return the interfaces with calls that are due."""
    rows = connection.execute(
        "SELECT DISTINCT interface FROM outbox WHERE next_at <= clock_timestamp()"
    ).fetchall()
    return [row["interface"] for row in rows]


def claim(
    connection: Connection[DictRow], interface: str, limit: int, margin_seconds: float
) -> list[Claimed]:
    """Claim up to `limit` due calls of one interface; one where its circuit is to be tried.

    margin_seconds: how much longer than an answer may take nobody else claims them.

    Lock: none is waited for: what another worker claims at the same time is left to it.
    """
    rows = connection.execute(
        """
        WITH probe AS (
            UPDATE breaker
               SET open_until = clock_timestamp() + %(open)s * interval '1 second',
                   -- Nobody tried for so long, so nothing was held back by it meanwhile.
                   opened_at = CASE
                       WHEN open_until < clock_timestamp() - %(open)s * interval '1 second'
                       THEN clock_timestamp() ELSE opened_at END
             WHERE interface = %(interface)s AND failures >= %(failures)s
               AND open_until <= clock_timestamp()
            RETURNING interface
        ), held AS (
            SELECT FROM breaker WHERE interface = %(interface)s AND failures >= %(failures)s
        ), due AS (
            SELECT id FROM outbox
             WHERE interface = %(interface)s AND next_at <= clock_timestamp()
             ORDER BY next_at
             LIMIT CASE WHEN EXISTS (SELECT FROM held) THEN (SELECT count(*) FROM probe)
                        ELSE %(limit)s END
               FOR UPDATE SKIP LOCKED
        )
        UPDATE outbox
           SET attempts = attempts + 1,
               fence = fence + 1,
               next_at = clock_timestamp() + (limit_seconds + %(margin)s) * interval '1 second'
          FROM case_file
         WHERE outbox.id IN (SELECT id FROM due) AND case_file.id = outbox.case_id
        RETURNING outbox.*, case_file.model
        """,
        {
            "interface": interface,
            "limit": limit,
            "margin": margin_seconds,
            "open": OPEN_SECONDS,
            "failures": FAILURES_MAX,
        },
    ).fetchall()
    return [_claimed(row) for row in rows]


def claim_held(connection: Connection[DictRow], limit: int, margin_seconds: float) -> list[Claimed]:
    """Claim up to `limit` calls that an open circuit holds back for too long. No attempt counts.

    margin_seconds: so long nobody else claims them.

    Lock: none is waited for: what another worker claims at the same time is left to it.
    """
    rows = connection.execute(
        """
        WITH held AS (
            SELECT outbox.id
              FROM breaker
              JOIN outbox ON outbox.interface = breaker.interface
                         AND greatest(outbox.next_at, breaker.opened_at)
                             <= clock_timestamp() - %(held)s * interval '1 second'
             WHERE breaker.failures >= %(failures)s
             ORDER BY outbox.next_at
             LIMIT %(limit)s
               FOR UPDATE OF outbox SKIP LOCKED
        )
        UPDATE outbox
           SET fence = fence + 1,
               next_at = clock_timestamp() + %(margin)s * interval '1 second'
          FROM case_file
         WHERE outbox.id IN (SELECT id FROM held) AND case_file.id = outbox.case_id
        RETURNING outbox.*, case_file.model
        """,
        {
            "held": HELD_SECONDS,
            "failures": FAILURES_MAX,
            "limit": limit,
            "margin": margin_seconds,
        },
    ).fetchall()
    return [_claimed(row) for row in rows]


def _claimed(row: DictRow) -> Claimed:
    request: dict[str, Any] = row["request"]
    return Claimed(
        row["id"],
        row["case_id"],
        row["model"],
        row["workflow"],
        row["step"],
        row["interface"],
        Request(request["method"], request["path"], request["body"]),
        row["attempts"],
        row["fence"],
        row["cause"] or "",
    )


def put_off(
    connection: Connection[DictRow], call: UUID, fence: int, cause: str, seconds: float
) -> None:
    """Let a call be tried again after a pause, if no other attempt was begun meanwhile."""
    connection.execute(
        """
        UPDATE outbox
           SET next_at = clock_timestamp() + %s * interval '1 second', cause = %s
         WHERE id = %s AND fence = %s AND next_at IS NOT NULL
        """,
        [seconds, cause, call, fence],
    )


def note_health(connection: Connection[DictRow], interface: str, *, answers: bool) -> None:
    """Remember that a system answers, or one more failure in a row."""
    if answers:
        connection.execute("DELETE FROM breaker WHERE interface = %s", [interface])
        return
    connection.execute(
        """
        INSERT INTO breaker AS known (interface, failures, open_until)
        VALUES (%(interface)s, 1, clock_timestamp())
        ON CONFLICT (interface) DO UPDATE
           SET failures = known.failures + 1,
               open_until = CASE WHEN known.failures + 1 >= %(failures)s
                                 THEN clock_timestamp() + %(open)s * interval '1 second'
                                 ELSE known.open_until END,
               opened_at = CASE WHEN known.failures + 1 = %(failures)s
                                THEN clock_timestamp() ELSE known.opened_at END
        """,
        {"interface": interface, "failures": FAILURES_MAX, "open": OPEN_SECONDS},
    )
