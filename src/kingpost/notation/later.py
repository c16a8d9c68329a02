"""What the full language has and this version does not: refused by name, never ignored."""

from collections.abc import Mapping
from types import MappingProxyType

# By the name of a property, or `form.property` where the name means something else elsewhere.
PROPERTIES: Mapping[str, str] = MappingProxyType(
    {
        "people": "people, appointments and delegations live in the register, not in the model",
        "was": "this version of the language has no renames",
        "horizon": "this version of the language has no horizons",
        "country": "this version of the language has no public holidays; list them in `holidays`",
        "approvals": "this version of the language has custodians, and no further approvals",
        "freeze": "this version of the language has no freeze periods",
        "carry-over": "this version of the language has no default for carrying cases over",
        "warn": "this version of the language has no warnings before a due time",
        "escalate": "this version of the language has no escalation ladders",
        "quorum": "this version of the language has no decisions by several people",
        "call": "this version of the language has no calls to other systems",
        "run": "this version of the language has no steps that start other workflows",
        "alongside": "this version of the language has no work alongside a case",
        "retain": "this version of the language has no retention",
        "answers-for": "this version of the language has no machine agents",
        "tolerance": "this version of the language has `at-risk` in its place",
        "group-by": "this version of the language has no grouping of metrics",
        "beginning.schedule": "this version of the language begins no case by a schedule",
        "beginning.workflow": "this version of the language begins no case from a workflow",
        "beginning.message": "this version of the language begins no case by a message",
        "beginning.interface": "list the interfaces that begin a case in `interfaces`",
        "obligation.test": "this version of the language has evidence as fields that are filled",
        "obligation.every": "this version of the language has no periodic obligations",
        "evidence.covers": "this version of the language has evidence within one case only",
        "evidence.fresh": "this version of the language has no age of evidence",
        "suspension.until": "this version of the language ends a suspension by its `ends`",
        "interface.kind": "every interface is inbound in this version of the language",
        "interface.begins": "a workflow lists its interfaces in `begins`",
        "interface.schema": "this version of the language has no payload schemas",
        "interface.method": "this version of the language has no outbound interfaces",
        "interface.path": "this version of the language has no outbound interfaces",
        "interface.send": "this version of the language has no outbound interfaces",
        "interface.receive": "this version of the language has no outbound interfaces",
        "interface.timeout": "this version of the language has no outbound interfaces",
        "interface.retry": "this version of the language has no outbound interfaces",
        "interface.owner": "this version of the language has no outbound interfaces",
    }
)

RAISERS: Mapping[str, str] = MappingProxyType(
    {
        "interface/": "exceptions are raised by roles in this version of the language",
        "step/": "exceptions are raised by roles in this version of the language",
    }
)


def choose_another(why: str) -> str:
    """Return the help for a word of the language that is not enforced yet."""
    return f"Choose another; {why}."


def leave_out(why: str) -> str:
    """Return the help for a part of the language that is not enforced yet."""
    return f"Leave it out; {why}."
