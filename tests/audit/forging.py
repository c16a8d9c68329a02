"""Forge the history of a case so that every hash fits again: only what it says can give it away."""

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, TypeAlias
from uuid import UUID

from psycopg import Connection
from psycopg.rows import DictRow

Body: TypeAlias = dict[str, Any]
# What a change to the body of an event makes of it.
Forgery: TypeAlias = Callable[[Body], None]


@dataclass(frozen=True, slots=True)
class Forged:
    """An event to be forged: the one of a kind at a step in a case."""

    case: UUID
    kind: str
    step: str | None
    forge: Forgery
    as_kind: str | None = None


def write(connection: Connection[DictRow], forged: Forged) -> None:
    """Rewrite an event and chain all of its case anew, rows beside it included."""
    rows = connection.execute(
        "SELECT seq, kind, step, header, body FROM event WHERE case_id = %s ORDER BY seq",
        [forged.case],
    ).fetchall()
    previous, met = "0" * 64, False
    for row in rows:
        header, body = json.loads(row["header"]), json.loads(row["body"])
        if (row["kind"], row["step"]) == (forged.kind, forged.step) and not met:
            met = True
            forged.forge(body)
            header["kind"] = forged.as_kind or header["kind"]
        written = _bytes(body)
        header |= {"prev": previous, "body": sha256(written).hexdigest()}
        previous = sha256(_bytes(header)).hexdigest()
        connection.execute(
            """
            UPDATE event SET header = %s, body = %s, hash = %s, kind = %s, person = %s
             WHERE case_id = %s AND seq = %s
            """,
            [
                _bytes(header),
                written,
                previous,
                header["kind"],
                body["actor"].get("person"),
                forged.case,
                row["seq"],
            ],
        )
    assert met, "there is no such event"
    connection.execute("UPDATE case_file SET head = %s WHERE id = %s", [previous, forged.case])


def unlock(connection: Connection[DictRow]) -> None:
    """Drop what keeps even the owner from changing history."""
    for name, table in (("event_is_final", "event"), ("register_entry_is_final", "register_entry")):
        connection.execute(f"DROP TRIGGER {name} ON {table}".encode())
    connection.execute("DROP TRIGGER appointment_ended ON appointment")


def change(body: Body, do: str, **of: object) -> Body:
    """Return the first change of a kind in a body that has these members."""
    for each in body["changes"]:
        with suppress(KeyError):
            if each["do"] == do and all(each[name] == value for name, value in of.items()):
                return each
    raise AssertionError(f"there is no change `{do}`")


def _bytes(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
