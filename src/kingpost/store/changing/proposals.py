"""Proposals of changes, and their history."""

import json
from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from psycopg import Connection, DatabaseError
from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from kingpost.decisions.consenting.proposal import (
    Hand,
    Happened,
    Kind,
    Proposal,
    Sealed,
    fold,
    read_event,
)
from kingpost.store.errors import translated


def hold(connection: Connection[DictRow], plan: str) -> Proposal:
    """Return the proposal of a plan and let nobody else act on it; without events if there is none.

    Lock: its plan's row, and so all acts on it, until the transaction ends.
    """
    connection.execute("SELECT FROM plan WHERE digest = %s FOR UPDATE", [plan])
    return read(connection, plan)


def read(connection: Connection[DictRow], plan: str) -> Proposal:
    """Return the proposal of a plan as its events tell it; without events if there is none."""
    return fold(plan, ((event, row["hash"]) for event, row in events(connection, plan)))


def events(connection: Connection[DictRow], plan: str) -> list[tuple[Happened, DictRow]]:
    """Return the events of a proposal in their order, each with its row."""
    rows = connection.execute(
        "SELECT * FROM proposal_event WHERE plan = %s ORDER BY seq", [plan]
    ).fetchall()
    return [(read_event(json.loads(row["header"]), json.loads(row["body"])), row) for row in rows]


def find_command(connection: Connection[DictRow], command: UUID) -> DictRow | None:
    """Return the event to which an act led that was carried out, or None."""
    return connection.execute(
        "SELECT * FROM proposal_event WHERE command = %s", [command]
    ).fetchone()


def record(
    connection: Connection[DictRow], sealed: Sealed, *, command: UUID, fingerprint: str
) -> None:
    """Record an event of a proposal that `hold` gave."""
    proposal = sealed.proposal
    values: dict[str, Any] = {
        "plan": proposal.plan,
        "version": proposal.version,
        "head": proposal.head,
        "state": proposal.state.value,
        "by": proposal.by,
        "kind": sealed.kind.value,
        "person": sealed.person,
        "at": sealed.at,
        "command": command,
        "fingerprint": fingerprint,
        "header": sealed.link.header,
        "body": sealed.link.body,
    }
    if sealed.kind is Kind.PROPOSED:
        connection.execute(
            """
            INSERT INTO proposal (plan, version, head, state, person)
            VALUES (%(plan)s, %(version)s, %(head)s, %(state)s, %(by)s)
            """,
            values,
        )
    else:
        connection.execute(
            """
            UPDATE proposal SET version = %(version)s, head = %(head)s, state = %(state)s
             WHERE plan = %(plan)s
            """,
            values,
        )
    connection.execute(
        """
        INSERT INTO proposal_event (plan, seq, kind, person, at, command, fingerprint, hash, header,
                                    body)
        VALUES (%(plan)s, %(version)s, %(kind)s, %(person)s, %(at)s, %(command)s, %(fingerprint)s,
                %(head)s, %(header)s, %(body)s)
        """,
        values,
    )


def hold_hands(connection: Connection[DictRow], hands: Iterable[Hand]) -> None:
    """Hold the rights on which an act rests until the transaction ends.

    Raises: RightEndedError, when one of them has ended.
    """
    try:
        for hand in hands:
            lent = hand.holding.delegation
            resting: dict[str, Any] = {
                "rights": list(hand.holding.rests_on),
                **({"delegation": lent.id} if lent else {}),
                **({"vacant": hand.post} if hand.vacant else {}),
            }
            connection.execute("SELECT hold_rights(%s)", [Jsonb(resting)])
    except DatabaseError as error:
        raise translated(error) from error


def every(connection: Connection[DictRow], *, only_open: bool = False) -> list[DictRow]:
    """Return the row of each proposal, by its plan."""
    return connection.execute(
        "SELECT * FROM proposal WHERE state = 'open' OR NOT %s ORDER BY plan", [only_open]
    ).fetchall()


def whole(connection: Connection[DictRow]) -> Iterator[tuple[DictRow, list[DictRow]]]:
    """Yield each proposal with the rows of its events."""
    for row in every(connection):
        rows = connection.execute(
            "SELECT * FROM proposal_event WHERE plan = %s ORDER BY seq", [row["plan"]]
        ).fetchall()
        yield row, rows
