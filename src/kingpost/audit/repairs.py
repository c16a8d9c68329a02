"""Repairs: proposed by one person, carried out by another, both in posts that may."""

from collections.abc import Iterable, Iterator, Mapping

from kingpost.audit.register import Register
from kingpost.audit.rights import REPAIRS, Act, conditions
from kingpost.audit.telling import Members
from kingpost.model.workflow import Decision


def repair_faults(
    act: Act, register: Register, performed: Mapping[str, Iterable[str]]
) -> Iterator[str]:
    """Yield what is wrong with an act that proposes a repair, or carries one out."""
    event, actor = act.event, act.event.actor
    told = [
        change["event"]
        for change in event.changes
        if change["do"] == "propose" and "until" not in change
    ]
    changed = bool(told)
    if event.kind not in REPAIRS:
        if changed:
            yield "it proposes a repair, and is no proposal"
        return
    if told not in ([], [event.seq]):
        yield "it proposes a repair under the number of another event"
    if "delegation" in actor or actor.get("via") != "post":
        yield "it repairs by what is lent, or in the place of somebody else"
    if actor.get("post") not in act.workflow.repaired_by:
        yield f"`{actor.get('post')}` may not repair its cases"
    if event.kind == "repaired":
        yield from _carried_out(act, register)
        yield from _unnoted(act, performed)


def _carried_out(act: Act, register: Register) -> Iterator[str]:
    event, proposal, told = act.event, act.before.proposal, act.event.body.get("repair", {})
    if proposal is None or "until" in proposal or told.get("proposed") != proposal["event"]:
        yield "it carries out what nothing before it proposes"
        return
    if proposal["person"] == event.actor.get("person") or proposal["person"] != told.get("person"):
        yield "it was proposed and confirmed by the same person"
    right, by = proposal["right"], (proposal["person"], proposal["post"])
    if not register.is_of(right, *by, event.recorded) or not register.went_on(right, event):
        yield "whoever proposed it did not hold that post when it was carried out"
    first = next((change["fields"] for change in event.changes if change["do"] == "fields"), None)
    wanted = proposal.get("fields")
    if wanted and first != wanted:
        yield "it sets other fields than were proposed"
    gone = {change["token"] for change in event.changes if change["do"] == "leave"}
    if proposal.get("task") and proposal["task"] not in gone:
        yield "it leaves the step where it was, which it was to move"
    if proposal.get("outcome"):
        yield from _forced(act, proposal, told)


def _unnoted(act: Act, performed: Mapping[str, Iterable[str]]) -> Iterator[str]:
    """Look whether what it corrects is the work of both, for the separation of duty."""
    proposal = act.before.proposal or {}
    noted = {(c["step"], c["person"]) for c in act.event.changes if c["do"] == "perform"}
    noted |= {(step, person) for step, people in performed.items() for person in people}
    two = (proposal.get("person"), act.event.actor.get("person"))
    for step in (*act.workflow.all_steps(), *act.workflow.errands.values()):
        parts = step.outcomes if isinstance(step, Decision) else (step,)
        names = {name for part in parts for name in getattr(part, "records", ())}
        if names & proposal.get("fields", {}).keys() and {(step.id, who) for who in two} - noted:
            yield f"it corrects what `{step.id}` records, and is not the work of both there"


def _forced(act: Act, proposal: Members, told: Members) -> Iterator[str]:
    """Look whether the outcome was for one of the two, and where several decide, for both."""
    actor, choice, step = act.event.actor, act.event.body.get("choice"), act.step
    two: dict[str, str] = {actor["person"]: actor["post"], proposal["person"]: proposal["post"]}
    by: Members = told.get("authority", {})
    if choice != proposal["outcome"]:
        yield "it forces another outcome than was proposed"
    elif not by or two.get(by["person"]) != by["post"]:
        yield f"it forces `{choice}` by the right of neither of the two"
    elif by.get("grant") not in conditions(act, by["post"]):
        yield f"it forces `{choice}`, for which `{by['post']}` has no authority"
    elif not act.declared.holds(act.workflow.id, by.get("grant"), act.judged):
        yield f"`{by['post']}` may do this when `{by['grant']}`, and the case was not so"
    if isinstance(step, Decision) and step.quorum is not None:
        for post in sorted({*two.values()}):
            if not _covers(act, post):
                yield f"it forces what several decide, and `{post}` could not vote for it"


def _covers(act: Act, post: str) -> bool:
    holds = act.declared.holds
    return any(holds(act.workflow.id, when, act.judged) for when in conditions(act, post))
