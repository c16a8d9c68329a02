"""Messages that a value leads to their case: kept until a wait takes them."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import Connection, DatabaseError
from psycopg.rows import DictRow

from kingpost.store.errors import translated

# A message that nobody waited for in all this time is not delivered any more.
KEPT_DAYS = 30
EXPIRED = f"nobody waited for it within {KEPT_DAYS} days"


@dataclass(frozen=True, slots=True)
class Sent:
    """A message as it was sent.

    id:    its idempotency key. delivery: the one of the command that delivers it.
    value: tells for which case it is.
    """

    id: UUID
    delivery: UUID
    name: str
    sender: str
    value: str
    fields: Mapping[str, Any]
    reason: str


@dataclass(frozen=True, slots=True)
class Kept(Sent):
    """A message that waits take by its value.

    task:  of these the wait that is open longest. cases: the numbers of all that wait for it.
    """

    received_at: datetime
    task: UUID
    cases: list[str]


def keep(connection: Connection[DictRow], sent: Sent, fingerprint: str) -> None:
    """Keep a message, unless there is one with its key. Nothing is kept under a command's key."""
    connection.execute(
        """
        INSERT INTO message (id, delivery, fingerprint, name, sender, value, fields, reason)
        SELECT %(id)s, %(delivery)s, %(fingerprint)s, %(name)s, %(sender)s, %(value)s,
               %(fields)s::jsonb, %(reason)s
         WHERE NOT EXISTS (SELECT FROM command WHERE id = %(id)s)
        ON CONFLICT (id) DO NOTHING
        """,
        {
            "id": sent.id,
            "delivery": sent.delivery,
            "fingerprint": fingerprint,
            "name": sent.name,
            "sender": sent.sender,
            "value": sent.value,
            "fields": json.dumps(dict(sent.fields)),
            "reason": sent.reason,
        },
    )


@dataclass(frozen=True, slots=True)
class Found:
    """What is known of a message. led_to: case, number and sequence of the event it led to.

    dropped: why it was dropped. While both are None it is kept.
    """

    fingerprint: str
    led_to: tuple[UUID, str, int] | None
    dropped: str | None


def find(connection: Connection[DictRow], message: UUID) -> Found | None:
    """Return what is known of a message, or None."""
    row = connection.execute(
        """
        SELECT message.fingerprint, message.dropped_why, command.case_id, case_file.number,
               command.seq
          FROM message
          LEFT JOIN command ON command.id = message.delivery
          LEFT JOIN case_file ON case_file.id = command.case_id
         WHERE message.id = %s
        """,
        [message],
    ).fetchone()
    if row is None:
        return None
    led_to = None if row["case_id"] is None else (row["case_id"], row["number"], row["seq"])
    return Found(row["fingerprint"], led_to, row["dropped_why"])


def note_refusal(connection: Connection[DictRow], message: UUID, why: str) -> None:
    """Note why a wait did not take a message, which stays kept."""
    connection.execute(
        """
        UPDATE message SET refusal = %s
         WHERE id = %s AND delivered_at IS NULL AND dropped_at IS NULL
        """,
        [why, message],
    )


def name_of(connection: Connection[DictRow], message: UUID) -> str | None:
    """Return the name of a message that is kept, or None."""
    row = connection.execute(
        """
        SELECT name FROM message
         WHERE id = %s AND delivered_at IS NULL AND dropped_at IS NULL
        """,
        [message],
    ).fetchone()
    return None if row is None else row["name"]


@dataclass(frozen=True, slots=True)
class Dropping:
    """Who drops a message, by which post and why. news: the rights that it rests on."""

    message: UUID
    person: str
    post: str
    why: str
    news: Mapping[str, Any]


def drop(connection: Connection[DictRow], dropping: Dropping) -> bool:
    """Drop a kept message; return whether it was kept still.

    connection: in a transaction. Raises: RightEndedError.
    Lock:       what the right rests on, and the message, until the transaction ends.
    """
    try:
        connection.execute("SELECT hold_rights(%s::jsonb)", [json.dumps(dict(dropping.news))])
    except DatabaseError as error:
        raise translated(error) from error
    done = connection.execute(
        """
        UPDATE message
           SET dropped_at = clock_timestamp(), dropped_by = %(person)s, dropped_as = %(post)s,
               dropped_why = %(why)s, fields = '{}', reason = ''
         WHERE id = %(message)s AND delivered_at IS NULL AND dropped_at IS NULL
        """,
        {
            "message": dropping.message,
            "person": dropping.person,
            "post": dropping.post,
            "why": dropping.why,
        },
    )
    return done.rowcount == 1


def expire(connection: Connection[DictRow]) -> int:
    """Drop the messages that were kept for too long; return how many."""
    return connection.execute(
        """
        UPDATE message
           SET dropped_at = clock_timestamp(), dropped_why = %(why)s, fields = '{}', reason = ''
         WHERE delivered_at IS NULL AND dropped_at IS NULL
           AND received_at < clock_timestamp() - make_interval(days => %(days)s)
        """,
        {"why": EXPIRED, "days": KEPT_DAYS},
    ).rowcount


def waited_for(
    connection: Connection[DictRow],
    limit: int,
    *,
    like: UUID | None = None,
    without: Collection[UUID] = (),
) -> list[Kept]:
    """Return up to `limit` kept messages that are waited for, the oldest first.

    Of several for one wait only the oldest is returned: the others come to the next wait, if any.

    like: only those with the key of this one. without: messages to leave out.
    """
    rows = connection.execute(
        """
        WITH ready AS (
            SELECT message.id, awaited.task, task.case_id, task.opened_at,
                   row_number() OVER (PARTITION BY awaited.task
                                          ORDER BY message.received_at, message.id) AS place
              FROM message
              JOIN awaited ON awaited.message = message.name AND awaited.sender = message.sender
                          AND awaited.value = message.value
              JOIN task ON task.id = awaited.task AND task.suspended IS NULL
             WHERE message.delivered_at IS NULL AND message.dropped_at IS NULL
               AND NOT message.id = ANY(%(without)s)
               AND (%(like)s::uuid IS NULL OR (message.name, message.sender, message.value) =
                    (SELECT name, sender, value FROM message WHERE id = %(like)s))
        )
        SELECT message.id, message.delivery, message.name, message.sender, message.value,
               message.fields, message.reason, message.received_at,
               (array_agg(ready.task ORDER BY ready.opened_at, ready.task))[1] AS task,
               array_agg(DISTINCT case_file.number) AS cases
          FROM ready
          JOIN message ON message.id = ready.id
          JOIN case_file ON case_file.id = ready.case_id
         WHERE ready.place = 1
         GROUP BY message.id
         ORDER BY message.received_at, message.id
         LIMIT %(limit)s
        """,
        {"like": like, "without": list(without), "limit": limit},
    ).fetchall()
    return [Kept(**row) for row in rows]


def untrue(connection: Connection[DictRow]) -> list[UUID]:
    """Return the messages that no event delivered as they say, or one did though they do not."""
    rows = connection.execute(
        """
        SELECT message.id
          FROM message
          LEFT JOIN command ON command.id = message.delivery
          LEFT JOIN event ON event.case_id = command.case_id AND event.seq = command.seq
         WHERE (message.delivered_at IS NOT NULL) <> (event.kind IS NOT DISTINCT FROM 'delivered')
         ORDER BY message.id
        """
    ).fetchall()
    return [row["id"] for row in rows]
