"""Cases: read one at a version, and record the one transition that follows."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import Connection, DatabaseError
from psycopg.rows import DictRow

from kingpost.decisions.allowing.ledgers import Use
from kingpost.decisions.case import Case
from kingpost.decisions.commands import Delegation, Holding
from kingpost.decisions.sealing import (
    instant,
    read_instant,
    read_proposal,
    read_token,
    write_proposal,
    write_token,
)
from kingpost.decisions.transition import (
    CallChange,
    CaseChange,
    TermChange,
    Transition,
    Visit,
    WorkItem,
)
from kingpost.store.errors import translated
from kingpost.store.reading.people import answered

_compact = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode


def read_facts(
    connection: Connection[DictRow], task: UUID | None, case: UUID | None, person: str | None
) -> tuple[Case | None, tuple[Holding, ...], datetime]:
    """Read a case, the posts that a person holds now, and what time it is, in one statement.

    Who answers for a machine agent takes another one.

    task:    open work of the case, used when `case` is not given.
    Returns: None for a case that is not there. The time is the database's: one clock for all.
    """
    row = connection.execute(
        """
        SELECT c.id, c.number, c.workflow, c.model, c.version, c.head, c.state, c.state_since,
               c.started_at, c.closed_at, c.fields, c.position, held.posts, lent.posts AS lent,
               clock_timestamp() AS now
          FROM (
                SELECT coalesce(jsonb_agg(jsonb_build_array(post, id, kind) ORDER BY post), '[]')
                       AS posts
                  FROM appointment
                 WHERE person = %(person)s AND during @> clock_timestamp()
               ) AS held
          CROSS JOIN (
                SELECT jsonb_agg(jsonb_build_array(
                            given.post, given.id, given.kind, delegation.id, given.person,
                            delegation.workflows, delegation.outcomes, delegation.condition
                       ) ORDER BY given.post, delegation.id) AS posts
                  FROM delegation
                  JOIN appointment AS given ON given.id = delegation.appointment
                 WHERE delegation.person = %(person)s
                   AND delegation.during @> clock_timestamp()
                   AND given.during @> clock_timestamp()
               ) AS lent
          LEFT JOIN case_file AS c
            ON c.id = coalesce(%(case)s, (SELECT case_id FROM task WHERE id = %(task)s))
        """,
        {"person": person, "case": case, "task": task},
    ).fetchone()
    assert row is not None, "an aggregate without groups has one row"
    held = answered(connection, read_holdings(row["posts"], row["lent"]))
    return (None if row["id"] is None else read_row(row)), held, row["now"]


def read_holdings(
    held: Iterable[Sequence[Any]], lent: Iterable[Sequence[Any]] | None
) -> tuple[Holding, ...]:
    """Return posts that a person holds, and those lent to the person after them.

    held: each as post, appointment and kind. lent: the same, and the columns of the delegation.
    """
    own = (Holding(post, right, kind) for post, right, kind in held)
    others = (
        Holding(post, right, kind, Delegation(name, giver, tuple(flows), tuple(outcomes), when))
        for post, right, kind, name, giver, flows, outcomes, when in lent or ()
    )
    return (*own, *others)


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


def next_number(connection: Connection[DictRow]) -> int:
    """Take the next number for a case. A number that is taken and not used leaves a gap."""
    row = connection.execute("SELECT nextval('case_number') AS number").fetchone()
    assert row is not None, "a sequence has a next value"
    return row["number"]


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
        row = connection.execute(
            """
            SELECT answer, case_id, seq
              FROM record(%(command)s, %(fingerprint)s, %(expected)s, %(news)s::jsonb,
                          %(header)s, %(body)s)
            """,
            {
                "command": command,
                "fingerprint": fingerprint,
                "expected": transition.case.version - 1,
                "news": _compact(write_news(transition)),
                "header": transition.link.header,
                "body": transition.link.body,
            },
        ).fetchone()
    except DatabaseError as error:
        raise translated(error) from error
    assert row is not None, "the function answers with one row"
    return row["answer"] == "recorded", row["case_id"], row["seq"]


def write_position(case: Case) -> dict[str, Any]:
    """Return what a case's row keeps besides its own columns."""
    proposal = {"proposal": write_proposal(case.proposal)} if case.proposal else {}
    return {
        **proposal,
        "tokens": {name: write_token(token) for name, token in case.tokens.items()},
        "entered": case.entered,
        "changed": case.changed,
        "performers": {step: list(people) for step, people in case.performers.items()},
        "owed": {name: instant(due) if due else None for name, due in case.owed.items()},
        "settled": case.settled,
    }


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
        owed={name: read_instant(due) if due else None for name, due in position["owed"].items()},
        settled=position["settled"],
        proposal=read_proposal(position["proposal"]) if "proposal" in position else None,
    )


def item_row(item: WorkItem) -> dict[str, Any]:
    """Return open work as plain members."""
    return {
        "id": str(item.id),
        "step": item.step,
        "kind": item.kind,
        "role": item.role,
        "post": item.post,
        "person": item.person,
        "opened_at": instant(item.opened_at),
        "due_at": _instant(item.due_at),
        "budget_ms": item.budget_ms,
        "spent_ms": item.spent_ms,
        "suspended": item.suspended,
        "limit_at": _instant(item.limit_at),
        "ends_at": _instant(item.ends_at),
        **({"told": list(item.told)} if item.told else {}),
    }


def call_row(call: CallChange) -> dict[str, Any]:
    """Return what becomes of a call as plain members."""
    request = call.request
    return {
        "id": str(call.id),
        "news": call.news.value,
        "step": call.step,
        "interface": call.interface,
        "request": None
        if request is None
        else {"method": request.method, "path": request.path, "body": request.body},
        "limit_seconds": call.limit_seconds,
        "cause": call.cause,
    }


def case_row(change: CaseChange) -> dict[str, Any]:
    """Return what becomes of cases that a step begins as plain members."""
    row: dict[str, Any] = {
        "token": str(change.token),
        "news": change.news.value,
        "step": change.step,
        "workflow": change.workflow,
        "case": str(change.case) if change.case else None,
        "cause": change.cause,
    }
    if change.wanted:
        wanted = [{"id": str(case.id), "form": dict(case.form)} for case in change.wanted]
        row |= {"ends": change.ends, "wanted": wanted}
    return row


def use_row(use: Use) -> dict[str, Any]:
    """Return an entry of a ledger as plain members; numbers as text, so that none is rounded."""
    ledger = use.ledger
    return {
        "post": ledger.post,
        "decision": ledger.decision,
        "field": ledger.field,
        "per": ledger.per.value,
        "since": ledger.since.isoformat(),
        "entry": use.entry,
        "before": f"{use.before:f}",
        "counts": f"{use.counts:f}",
    }


def write_news(transition: Transition) -> dict[str, Any]:
    """Return what `record` writes beside the event itself, as plain members."""
    case = transition.case
    assert case.state_since is not None, "a case that has begun is in a state"
    news: dict[str, Any] = {
        "id": str(case.id),
        "number": case.number,
        "workflow": case.workflow,
        "model": case.model,
        "head": case.head,
        "state": case.state,
        "state_since": instant(case.state_since),
        "started_at": instant(case.started_at),
        "closed_at": _instant(case.closed_at),
        "fields": case.fields,
        "position": write_position(case),
        "kind": transition.kind,
        "step": transition.step,
        "person": transition.body["actor"].get("person"),
        "at": instant(transition.at),
    }
    if transition.fence is not None:
        news["fence"] = transition.fence
    if transition.use is not None:
        news["use"] = use_row(transition.use)
    lists = {
        "calls": [call_row(call) for call in transition.calls],
        "heard": [
            {
                "task": str(heard.task),
                "keys": [[key.message, key.sender, key.value] for key in heard.keys],
            }
            for heard in transition.heard
        ],
        "timers": [
            {"id": str(item.id), "at": _instant(item.at), "notice": item.notice}
            for item in transition.timers
        ],
        "terms": [_term(item) for item in transition.terms],
        "cases": [case_row(change) for change in transition.cases],
        "parent": transition.body.get("parent"),
        "rights": [str(right) for right in transition.rights],
        "delegation": str(transition.delegation) if transition.delegation else None,
        "vacant": _stood_in_for(transition),
        "gone": [str(task) for task in transition.gone],
        "items": [item_row(item) for item in transition.items],
        "visits": [_visit(visit) for visit in transition.visits],
        "measurements": [
            {"metric": item.metric, "value": item.value} for item in transition.measurements
        ],
        "duties": [
            {"obligation": item.obligation, "status": item.status, "due_at": _instant(item.due)}
            for item in transition.duties
        ],
        "secrets": [
            {"name": secret.name, "salt": secret.salt.hex(), "value": secret.value}
            for secret in transition.secrets
        ],
    }
    return news | {name: items for name, items in lists.items() if items}


def _term(term: TermChange) -> dict[str, Any]:
    return {"id": str(term.id), "ends_at": _instant(term.ends_at)}


def _visit(visit: Visit) -> dict[str, Any]:
    return {
        "kind": visit.kind,
        "name": visit.name,
        "since": instant(visit.since),
        "until": instant(visit.until),
        "how": visit.how,
    }


def _stood_in_for(transition: Transition) -> str | None:
    """Return the vacant post that the actor stood in for, or None."""
    actor = transition.body.get("actor", {})
    return actor.get("for") if actor.get("via") == "vacancy" else None


def _instant(at: datetime | None) -> str | None:
    return instant(at) if at else None
