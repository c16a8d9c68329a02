"""Saying no to what another person proposes: by the second person, in a post that may, with why."""

from collections.abc import Iterator

from kingpost.audit.pending.waiting import confirmers
from kingpost.audit.rights import Act


def declining_faults(act: Act) -> Iterator[str]:
    """Yield what is wrong with an act that says no to what another person proposes."""
    event, proposal = act.event, act.before.proposal
    does = [change["do"] for change in event.changes]
    if event.kind != "declined":
        if "decline" in does:
            yield f"it does `decline`, and is `{event.kind}`"
        return
    said, actor = event.body.get("declined", {}), event.actor
    if does != ["decline"]:
        yield "it declines, and does something else or nothing"
    if proposal is None or said != {
        "proposed": proposal["event"],
        "person": proposal["person"],
        "post": proposal["post"],
    }:
        yield "it declines what nothing before it proposes"
        return
    if actor.get("person") == proposal["person"]:
        yield "it was proposed and declined by the same person"
    step = act.before.tokens[proposal["task"]]["step"] if "task" in proposal else ""
    could = confirmers(act.declared, act.workflow.id, step, proposal)
    own = "delegation" not in actor and actor.get("via") == "post" and actor["kind"] != "agent"
    if actor.get("post") not in could or not own:
        yield f"`{actor.get('post')}` may not decline this"
    if "reason" not in event.body:
        yield "it declines and gives no reason"
