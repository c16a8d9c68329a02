"""Cases: read one at a version, and record the one transition that follows."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import Connection, DatabaseError
from psycopg.rows import DictRow

from kingpost.decisions.case import Case
from kingpost.decisions.commands import Delegation, Holding
from kingpost.decisions.sealing import (
    read_instant,
    read_proposal,
    read_review,
    read_token,
)
from kingpost.decisions.transition import (
    Transition,
)
from kingpost.decisions.versions.taking import read_taken
from kingpost.store.errors import translated
from kingpost.store.pool import read_one
from kingpost.store.reading.people import answered
from kingpost.store.recording.news import write_news

_compact = json.JSONEncoder(
    ensure_ascii=False, separators=(",", ":"), allow_nan=False, check_circular=False
).encode

# What a person holds (`posts`), and what is lent to them (`lent`). A system holds nothing.
_HELD = """
    CASE WHEN %(person)s::text IS NOT NULL THEN (
        SELECT jsonb_agg(jsonb_build_array(post, id, kind, held, roles)
                         ORDER BY held IS NOT NULL, post)
          FROM holding
         WHERE person = %(person)s AND during @> clock_timestamp()
    ) END AS posts,
    CASE WHEN %(person)s::text IS NOT NULL THEN (
        SELECT jsonb_agg(jsonb_build_array(
                    given.post, given.id, given.kind, given.held, given.roles, delegation.id,
                    given.person, delegation.workflows, delegation.outcomes, delegation.condition
               ) ORDER BY given.held IS NOT NULL, given.post, delegation.id)
          FROM delegation
          JOIN holding AS given ON given.id = delegation.appointment
         WHERE delegation.person = %(person)s
           AND delegation.during @> clock_timestamp()
           AND given.during @> clock_timestamp()
    ) END AS lent,
    clock_timestamp() AS now
"""
_FACTS = f"""
    SELECT c.id, c.number, c.workflow, c.model, c.version, c.head, c.state, c.state_since,
           c.started_at, c.closed_at, c.fields, c.position, {_HELD}
      FROM (VALUES (coalesce(%(case)s, (SELECT case_id FROM task WHERE id = %(task)s))))
           AS asked (id)
      LEFT JOIN case_file AS c ON c.id = asked.id
"""  # noqa: S608 - it stands above
_BEGINNING = f"""
    SELECT (SELECT digest FROM activation ORDER BY position DESC LIMIT 1) AS running,
           CASE WHEN %(numbered)s THEN nextval('case_number') END AS number, {_HELD}
"""  # noqa: S608 - it stands above
_RECORD = """
    SELECT answer, case_id, seq
      FROM record(%(command)s, %(fingerprint)s, %(expected)s, %(news)s::jsonb, %(header)s, %(body)s)
"""


@dataclass(frozen=True, slots=True)
class Beginning:
    """What a new case needs from outside.

    running: version of the model that runs; None when none does yet.
    number:  the next number for a case; None when it was not asked for.
    """

    running: str | None
    number: int | None
    held: tuple[Holding, ...]
    now: datetime


def read_beginning(
    connection: Connection[DictRow], person: str | None, *, numbered: bool
) -> Beginning:
    """Read what a new case needs, in one statement as `read_facts` does.

    numbered: whether to take the next number. One that is taken and not used leaves a gap.
    """
    row = read_one(connection, _BEGINNING, {"person": person, "numbered": numbered})
    assert row is not None, "a value has one row"
    held = answered(connection, read_holdings(row["posts"] or (), row["lent"]))
    return Beginning(row["running"], row["number"], held, row["now"])


def read_facts(
    connection: Connection[DictRow], task: UUID | None, case: UUID | None, person: str | None
) -> tuple[Case | None, tuple[Holding, ...], datetime]:
    """Read a case, the posts that a person holds now, and what time it is, in one statement.

    Who answers for a machine agent takes another one.

    task:    open work of the case, used when `case` is not given.
    Returns: None for a case that is not there. The time is the database's: one clock for all.
    """
    row = read_one(connection, _FACTS, {"person": person, "case": case, "task": task})
    assert row is not None, "a value has one row, with a case or without"
    held = answered(connection, read_holdings(row["posts"] or (), row["lent"]))
    return (None if row["id"] is None else read_row(row)), held, row["now"]


def read_holdings(
    held: Iterable[Sequence[Any]], lent: Iterable[Sequence[Any]] | None
) -> tuple[Holding, ...]:
    """Return posts that a person holds, and those lent to the person after them.

    held: each as post, appointment, kind, the post really held and the roles; see `Holding`. lent:
    the same, and the columns of the delegation.
    """
    return tuple(_holding(row) for row in (*held, *(lent or ())))


def _holding(row: Sequence[Any]) -> Holding:
    post, right, kind, held, roles, *lent = row
    part = None if roles is None else tuple(roles)
    if not lent:
        return Holding(post, right, kind, held=held or "", roles=part)
    name, giver, flows, outcomes, when = lent
    delegation = Delegation(name, giver, tuple(flows), tuple(outcomes), when)
    return Holding(post, right, kind, delegation, held=held or "", roles=part)


def read_case(connection: Connection[DictRow], case: UUID) -> Case | None:
    """Read a case, or None when it is not there."""
    row = connection.execute(
        """
        SELECT id, number, workflow, model, version, head, state, state_since, started_at,
               closed_at, fields, position
          FROM case_file
         WHERE id = %s
        """,
        [case],
    ).fetchone()
    return None if row is None else read_row(row)


def find_case(connection: Connection[DictRow], number: str) -> Case | None:
    """Read a case by its number, or None when it is not there."""
    row = connection.execute("SELECT id FROM case_file WHERE number = %s", [number]).fetchone()
    return None if row is None else read_case(connection, row["id"])


def lock(connection: Connection[DictRow], task: UUID | None, case: UUID | None) -> None:
    """Lock a case, so that nobody changes it between reading and recording.

    task: open work of the case, used when `case` is not given.
    Lock: the case's row, until the transaction ends.
    """
    connection.execute(
        """
        SELECT FROM case_file
         WHERE id = coalesce(%(case)s, (SELECT case_id FROM task WHERE id = %(task)s))
           FOR UPDATE
        """,
        {"case": case, "task": task},
    )


@dataclass(frozen=True, slots=True)
class Known:
    """A command that was carried out, and the event it led to."""

    fingerprint: str
    case: UUID
    number: str
    seq: int


def find_command(connection: Connection[DictRow], command: UUID) -> Known | None:
    """Return what a command that was carried out led to, or None."""
    row = connection.execute(
        """
        SELECT command.fingerprint, command.case_id, command.seq, case_file.number
          FROM command
          JOIN case_file ON case_file.id = command.case_id
         WHERE command.id = %s
        """,
        [command],
    ).fetchone()
    if row is None:
        return None
    return Known(row["fingerprint"], row["case_id"], row["number"], row["seq"])


def record(
    connection: Connection[DictRow], transition: Transition, *, command: UUID, fingerprint: str
) -> tuple[bool, UUID, int]:
    """Record a transition in one call, whole or not at all.

    command:     the idempotency key. fingerprint: digest of what the command says.
    Returns:     whether it was recorded now (False: it was known), the case and the sequence.
    Raises:      StaleCaseError, RightEndedError, KeyReusedError, LateAttemptError,
                 LateMessageError, NotWantedError, AllowanceUsedError.
    Lock:        the case's row, the post whose allowance is used, the appointments relied on and
                 the message that is delivered, until the transaction ends.
    """
    try:
        row = read_one(
            connection,
            _RECORD,
            {
                "command": command,
                "fingerprint": fingerprint,
                "expected": transition.case.version - 1,
                "news": _compact(write_news(transition)),
                "header": transition.link.header,
                "body": transition.link.body,
            },
        )
    except DatabaseError as error:
        raise translated(error) from error
    assert row is not None, "the function answers with one row"
    return row["answer"] == "recorded", row["case_id"], row["seq"]


def read_row(row: Mapping[str, Any]) -> Case:
    """Read a case from its row."""
    position = row["position"]
    return Case(
        id=row["id"],
        number=row["number"],
        workflow=row["workflow"],
        model=row["model"],
        version=row["version"],
        head=row["head"],
        state=row["state"],
        state_since=row["state_since"],
        started_at=row["started_at"],
        closed_at=row["closed_at"],
        fields=row["fields"],
        tokens={name: read_token(name, token) for name, token in position["tokens"].items()},
        entered=position["entered"],
        changed=position["changed"],
        performers={step: tuple(people) for step, people in position["performers"].items()},
        taken=read_taken(position.get("taken", {})),
        owed={name: read_instant(due) if due else None for name, due in position["owed"].items()},
        settled=position["settled"],
        proposal=read_proposal(position["proposal"]) if "proposal" in position else None,
        reviews={name: read_review(name, it) for name, it in position.get("reviews", {}).items()},
    )
