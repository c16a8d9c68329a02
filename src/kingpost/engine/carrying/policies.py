"""By which policy the cases of each workflow go over, as governance says or the change does."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeAlias

from kingpost.decisions.carrying.judged import Policy
from kingpost.decisions.written.times import instant
from kingpost.model.assurance import CarryOver
from kingpost.model.custody import default_policies
from kingpost.model.model import Model

Positions: TypeAlias = Mapping[str, Mapping[str, str]]
Since: TypeAlias = Mapping[str, datetime]
_NOW: Since = {}


def policies_of(
    model: Model, carry_over: CarryOver | None, positions: Positions
) -> dict[str, CarryOver]:
    """Return by workflow how a change reaches its cases.

    carry_over: of all workflows; None for what the governance of the model says, and for `mapped`
                where `positions` say where cases go on.
    """
    found = default_policies(model)
    if carry_over is not None:
        return dict.fromkeys(found, carry_over)
    return {**found, **{name: CarryOver.MAPPED for name in positions if name in found}}


def write_policies(
    policies: Mapping[str, CarryOver], positions: Positions, since: Since = _NOW
) -> dict[str, Any]:
    """Return policies by workflow as plain members, without those by which cases stay.

    since: by workflow, when an earlier change asked its cases that this one goes on with.
    """
    return {
        name: {
            "policy": policy.value,
            "positions": dict(positions.get(name, {})),
            **({"since": instant(since[name])} if name in since else {}),
        }
        for name, policy in policies.items()
        if policy is not CarryOver.STAY
    }


def read_policies(written: Mapping[str, Any], since: datetime) -> dict[str, Policy]:
    """Read what `write_policies` wrote. since: when the change took effect."""
    return {
        name: Policy(
            CarryOver(each["policy"]),
            {name: each["positions"]},
            datetime.fromisoformat(each["since"]) if "since" in each else since,
        )
        for name, each in written.items()
    }
