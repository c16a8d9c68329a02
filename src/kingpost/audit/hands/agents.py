"""Machine agents: in posts of their own, under one person each, and never where people must be."""

from collections.abc import Iterator

from kingpost.audit.register import Register
from kingpost.audit.rights import REPAIRS, Act
from kingpost.model.workflow import Decision


def agent_faults(act: Act, register: Register) -> Iterator[str]:
    """Yield what is wrong with an act of an agent, or with an act by the right of one."""
    event, actor = act.event, act.event.actor
    right = actor.get("right", "")
    if not event.is_live or right not in register.kinds:
        return
    kind, told = register.kinds[right], actor.get("answered-for")
    declared = act.declared.model.posts.get(actor["post"])
    is_for_agents = declared is not None and declared.answered_for_by is not None
    if actor["kind"] != kind:
        yield f"it says `{actor['kind']}` of an appointment that is `{kind}`"
    if is_for_agents != (kind == "agent"):
        who, whom = ("a person", "an agent") if is_for_agents else ("an agent", "people")
        yield f"{who} did it in `{actor['post']}`, which is for {whom}"
    if kind == "agent":
        yield from _by_agent(act, register)
    elif told is not None:
        yield "it names who answers for an agent, and no agent did it"


def _by_agent(act: Act, register: Register) -> Iterator[str]:
    event, actor = act.event, act.event.actor
    if actor["via"] != "post" or "delegation" in actor:
        yield "an agent did it by what is lent, or in the place of somebody else"
    if event.kind in REPAIRS or (isinstance(act.step, Decision) and act.step.quorum is not None):
        yield "an agent did what only people may"
    if "answered-for" in actor:
        yield from _answered(act, register)
    else:
        yield "an agent did it, and it names nobody who answers for it"


def _answered(act: Act, register: Register) -> Iterator[str]:
    """Look whether the person named answered for the agent when it acted, and nobody else did."""
    actor, at = act.event.actor, act.event.recorded
    told = actor["answered-for"]
    if told["right"] != register.answering(actor["post"], at):
        yield f"`{told['person']}` was not the one who answered for the agent"
    if register.appointments.get(told["right"]) != (told["person"], told["post"]):
        yield "who answered for the agent held another post than it says"
    elif not register.ran(told["right"], act.event):
        yield "who answered for the agent did not hold that post then"
