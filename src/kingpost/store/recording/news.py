"""What a transition changes in the rows, as plain members for the function `record`."""

from datetime import datetime
from typing import Any

from kingpost.decisions.allowing.ledgers import Use
from kingpost.decisions.case import Case
from kingpost.decisions.sealing import instant, write_proposal, write_review, write_token
from kingpost.decisions.transition import (
    CallChange,
    CaseChange,
    TermChange,
    Transition,
    Visit,
    WorkItem,
)
from kingpost.decisions.versions.taking import write_taken


def write_position(case: Case) -> dict[str, Any]:
    """Return what a case's row keeps besides its own columns."""
    besides: dict[str, Any] = {}
    if case.proposal:
        besides["proposal"] = write_proposal(case.proposal)
    if case.reviews:
        besides["reviews"] = {name: write_review(each) for name, each in case.reviews.items()}
    if case.taken:
        besides["taken"] = write_taken(case.taken)
    return {
        **besides,
        "tokens": {name: write_token(token) for name, token in case.tokens.items()},
        "entered": case.entered,
        "changed": case.changed,
        "performers": {step: list(people) for step, people in case.performers.items()},
        "owed": {name: instant(due) if due else None for name, due in case.owed.items()},
        "settled": case.settled,
    }


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
        "until": _instant(transition.until),
        "use": use_row(transition.use) if transition.use else None,
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
