"""Cases that steps of other cases begin: what is due with them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.rows import DictRow


@dataclass(frozen=True, slots=True)
class Due:
    """A case to be begun, or to tell its step how far it came.

    fails:  how often its step has failed by it.
    form:   what it begins with; None once it has begun.
    begun:  its number, once it has begun; empty before.
    state, fields: of its record; the fields only once it has ended.
    parent, number, token, step, asking: the case whose step wants it, and its workflow.
    model:  the version on which that case runs. ran: on which it ran itself; empty before.
    """

    id: UUID
    workflow: str
    depth: int
    fails: int
    form: Mapping[str, Any] | None
    begun: str
    state: str
    fields: Mapping[str, Any]
    parent: UUID
    number: str
    token: UUID
    step: str
    asking: str
    model: str
    ran: str


def due_cases(connection: Connection[DictRow], limit: int) -> list[Due]:
    """Return up to `limit` cases with which something is due, the oldest first.

    Two workers may see the same one: beginning it, or telling its end, has one effect by its key.
    """
    rows = connection.execute(
        """
        SELECT due.id, due.workflow, due.depth, due.fails, due.form, due.parent_id, due.token,
               due.step, parent.number, parent.workflow AS asking, parent.model,
               begun.number AS begun, begun.state, begun.model AS ran,
               CASE WHEN begun.closed_at IS NOT NULL THEN begun.fields END AS fields
          FROM (SELECT * FROM child_case
                 WHERE next_at <= clock_timestamp() ORDER BY next_at LIMIT %s) AS due
          JOIN case_file AS parent ON parent.id = due.parent_id
          LEFT JOIN case_file AS begun ON begun.id = due.id
         ORDER BY due.next_at, due.place
        """,
        [limit],
    ).fetchall()
    return [
        Due(
            id=row["id"],
            workflow=row["workflow"],
            depth=row["depth"],
            fails=row["fails"],
            form=row["form"],
            begun=row["begun"] or "",
            state=row["state"] or "",
            fields=row["fields"] or {},
            parent=row["parent_id"],
            number=row["number"],
            token=row["token"],
            step=row["step"],
            asking=row["asking"],
            model=row["model"],
            ran=row["ran"] or "",
        )
        for row in rows
    ]


def put_off(connection: Connection[DictRow], case: UUID, cause: str, seconds: float) -> None:
    """Let what is due with a case be tried again after a pause."""
    connection.execute(
        """
        UPDATE child_case
           SET next_at = clock_timestamp() + %s * interval '1 second', cause = %s
         WHERE id = %s AND next_at IS NOT NULL
        """,
        [seconds, cause, case],
    )
