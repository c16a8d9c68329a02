"""Delegations: how far authority that another person lent reaches."""

from collections.abc import Mapping
from typing import Any

from kingpost.decisions.asking import holds
from kingpost.decisions.commands import Delegation
from kingpost.decisions.program import WorkflowProgram
from kingpost.expressions import Compiled, Problem, YesNoType, compile_expression


def reaches(delegation: Delegation | None, workflow: str, step: str | None) -> bool:
    """Tell whether a delegation reaches a step; None for a start. One's own authority does.

    One that names outcomes reaches the decisions that have them, and no other work.
    """
    if delegation is None:
        return True
    if delegation.workflows and workflow not in delegation.workflows:
        return False
    if not delegation.outcomes:
        return True
    return any(name.startswith(f"{workflow}/{step}/") for name in delegation.outcomes)


def covers(
    delegation: Delegation | None,
    program: WorkflowProgram,
    outcome: str,
    values: Mapping[str, Any],
) -> bool:
    """Tell whether a delegation covers an outcome on a record.

    outcome: as `step/outcome`. values: of the case. A condition that this version of the model
    cannot answer covers nothing.
    """
    if delegation is None:
        return True
    name = f"{program.workflow.id}/{outcome}"
    if delegation.outcomes and name not in delegation.outcomes:
        return False
    if delegation.when is None:
        return True
    condition = compiled(program, delegation.when)
    return isinstance(condition, Compiled) and holds(condition, values)


def compiled(program: WorkflowProgram, when: str) -> Compiled | tuple[Problem, ...]:
    """Return the condition of a delegation made ready for a workflow, or its problems."""
    return compile_expression(when, program.scope, YesNoType())
