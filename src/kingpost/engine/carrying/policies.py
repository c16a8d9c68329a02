"""By which policy the cases of each workflow go over, as governance says or the change does."""

from collections.abc import Mapping
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Any, TypeAlias

from kingpost.decisions.carrying.judged import Policy
from kingpost.model.assurance import CarryOver
from kingpost.model.model import Model

Positions: TypeAlias = Mapping[str, Mapping[str, str]]


def default_policies(model: Model) -> dict[str, CarryOver]:
    """Return by workflow how a change reaches its cases when the change does not say.

    The first entry of governance that names the workflow and a policy counts; without one, cases
    in flight end on their version.
    """
    found: dict[str, CarryOver] = {}
    for name in model.workflows:
        address = f"workflow/{name}"
        matching = (
            entry.carry_over
            for entry in model.governance
            if entry.carry_over and any(fnmatchcase(address, part) for part in entry.parts)
        )
        found[name] = next(matching, CarryOver.STAY)
    return found


def write_policies(policies: Mapping[str, CarryOver], positions: Positions) -> dict[str, Any]:
    """Return policies by workflow as plain members, without those by which cases stay."""
    return {
        name: {"policy": policy.value, "positions": dict(positions.get(name, {}))}
        for name, policy in policies.items()
        if policy is not CarryOver.STAY
    }


def read_policies(written: Mapping[str, Any], since: datetime) -> dict[str, Policy]:
    """Read what `write_policies` wrote. since: when the change took effect."""
    return {
        name: Policy(CarryOver(each["policy"]), {name: each["positions"]}, since)
        for name, each in written.items()
    }
