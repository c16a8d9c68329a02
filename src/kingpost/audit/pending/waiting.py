"""What waits for a second person, worked out anew: as open work, and for whom it is."""

from datetime import datetime

from kingpost.audit.company import Declared
from kingpost.audit.folding import Standing
from kingpost.audit.telling import Members, Told
from kingpost.model.workflow import Decision
from kingpost.values.identity import derive


def waiting_of(
    declared: Declared, workflow: str, case: object, told: list[Told], now: Standing
) -> dict[str, dict[str, object]]:
    """Return the open work that what is proposed in a case is for a second person."""
    proposal = now.proposal
    if proposal is None:
        return {}
    step = now.tokens[proposal["task"]]["step"] if "task" in proposal else ""
    until = datetime.fromisoformat(proposal["until"]) if "until" in proposal else None
    event: int = proposal["event"]
    row: dict[str, object] = {
        "workflow": workflow,
        "step": step,
        "kind": "confirmation",
        "role": "",
        "post": None,
        "person": None,
        "opened_at": told[event - 1].at,
        "due_at": until,
        "budget_ms": None,
        "spent_ms": None,
        "suspended": None,
        "limit_at": None,
        "told": confirmers(declared, workflow, step, proposal),
        "ends_at": until,
    }
    return {str(derive(f"{case}/{event}/confirmation")): row}


def confirmers(declared: Declared, workflow: str, step: str, proposal: Members) -> list[str]:
    """Return the posts in which what is proposed is confirmed or declined. step: it is about."""
    if "until" not in proposal:
        return list(declared.workflow(workflow).repaired_by)
    found = declared.step(workflow, step)
    override = found.override if isinstance(found, Decision) else None
    return list(override.confirmed_by) if override else []
