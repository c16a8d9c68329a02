"""By which right each act was done: whether it was there, reached so far, and kept duties apart."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from kingpost.audit.company import Declared
from kingpost.audit.folding import Standing
from kingpost.audit.notices import told_of
from kingpost.audit.register import Register
from kingpost.audit.telling import Members, Told
from kingpost.model.workflow import Call, Decision, Run, Step, Task, Wait, Workflow

# What counts as performing a step, for the separation of duty.
_PERFORMS = frozenset({"completed", "decided", "voted", "delivered"})
REPAIRS = frozenset({"proposed", "repaired"})
# Two do these in posts that the model names for it, wherever the case stands.
_NAMED = REPAIRS | {"asked", "overridden", "declined"}


@dataclass(frozen=True, slots=True)
class By:
    """By whose grant an outcome was taken. grant: its condition, or None."""

    post: str
    grant: str | None


@dataclass(frozen=True, slots=True)
class Act:
    """One event, with the case as it stood before it and as it was judged.

    judged: with what the actor recorded, before the case went on from there.
    """

    declared: Declared
    workflow: Workflow
    event: Told
    before: Standing
    judged: Standing

    @property
    def step(self) -> Step | None:
        """Return the step at which it was done; None for a start."""
        name = self.event.body.get("step")
        return self.declared.step(self.workflow.id, name) if name else None

    @property
    def step_name(self) -> str:
        """Return the id of the step; empty for a start."""
        return self.event.body.get("step") or ""

    @property
    def token(self) -> Members:
        """Return where the case stood then; nothing for a start."""
        return self.before.tokens.get(self.event.body.get("task", ""), {})

    @property
    def people(self) -> frozenset[str]:
        """Return who acted, who lent the authority, and who answered for the agent."""
        actor = self.event.actor
        answered = actor.get("answered-for", {}).get("person")
        named = (actor.get("person"), actor.get("delegated-by"), answered)
        return frozenset(name for name in named if name is not None)

    @property
    def authority(self) -> str:
        """Return the post whose authority counts: a stand-in has the vacant post's."""
        actor = self.event.actor
        return actor["for"] if actor["via"] == "vacancy" else actor["post"]

    @property
    def decided_by(self) -> By | None:
        """Return by whose grant a person took an outcome, or two forced it; None for other acts."""
        body, actor = self.event.body, self.event.actor
        if self.event.kind == "decided" and "person" in actor:
            return By(self.authority, actor.get("grant"))
        forced = body.get("repair", {}).get("authority")
        return By(forced["post"], forced.get("grant")) if forced else None


def as_judged(before: Standing, event: Told) -> Standing:
    """Return the case with what the act itself recorded, and not what followed from it."""
    now = before.as_of_now()
    for change in event.changes:
        if change["do"] == "fields":
            now.apply(event, change)
            break
        if change["do"] in {"leave", "enter"}:
            break
    return now


def right_faults(act: Act, register: Register) -> Iterator[str]:
    """Yield what was missing of the right on which a live act of a person rests."""
    actor, event = act.event.actor, act.event
    if not event.is_live or "person" not in actor:
        return
    if "right" not in actor:
        yield "it names no right"
        return
    holder = actor.get("delegated-by", actor["person"])
    held = actor.get("holds", actor["post"])
    if register.appointments.get(actor["right"]) != (holder, held):
        yield "it rests on an appointment that is not there"
    elif held != actor["post"] and not register.changes.acted_for(
        held, actor["post"], event.recorded
    ):
        yield f"`{held}` had not taken over what `{actor['post']}` does"
    elif not register.ran(actor["right"], event):
        yield "it rests on an appointment that did not run then"
    if "delegation" in actor or "delegated-by" in actor:
        yield from _delegated(act, register)
    yield from _reached(act, register)
    if event.kind in {"decided", "voted"}:
        yield from _granted(act)


def _delegated(act: Act, register: Register) -> Iterator[str]:
    actor, event, workflow = act.event.actor, act.event, act.workflow.id
    lent = register.lent.get(actor.get("delegation", ""))
    if lent is None or (lent.appointment, lent.person) != (actor["right"], actor["person"]):
        yield "it rests on a delegation that is not there"
        return
    if not register.ran(actor["delegation"], event):
        yield "it rests on a delegation that did not run then"
    if event.kind == "voted":
        yield "it is a vote, which nobody lends"
    step, choice = event.body.get("step"), event.body.get("choice")
    decides = event.kind in {"decided", "voted"}
    named = (
        f"{workflow}/{step}/{choice}" in lent.outcomes
        if decides
        else any(name.startswith(f"{workflow}/{step}/") for name in lent.outcomes)
    )
    if (lent.workflows and workflow not in lent.workflows) or (lent.outcomes and not named):
        yield "it rests on a delegation that does not reach so far"
    elif decides and not _both(act, lent.condition):
        yield f"it rests on a delegation for `{lent.condition}`, and the case was not so"


def _both(act: Act, condition: str | None) -> bool:
    """Tell whether a condition held before the act and with what it recorded."""
    holds = act.declared.holds
    return all(holds(act.workflow.id, condition, each) for each in (act.before, act.judged))


def _reached(act: Act, register: Register) -> Iterator[str]:
    """Look whether the post could act here, by its role and by how it stands to the work."""
    if act.event.kind in _NAMED:
        return
    actor, addressed = act.event.actor, act.token.get("post")
    authority, via = act.authority, actor["via"]
    if authority not in _able(act, register, addressed):
        yield f"`{authority}` may not do this here"
    if via == "post" and addressed not in {None, authority} and _is_bound(act, addressed):
        yield f"the work was addressed to `{addressed}`, and not to `{authority}`"
    if via == "vacancy":
        if register.is_held(authority, act.event.recorded):
            yield f"somebody held `{authority}`, for which `{actor['post']}` stood in"
        model, at = act.declared.model, act.event.recorded
        if not register.stands_in(model, authority, actor["post"], at):
            yield f"the work of `{authority}` did not fall to `{actor['post']}`"


def _able(act: Act, register: Register, addressed: str | None) -> frozenset[str]:
    """Return the posts that may act, before anybody stands in for one."""
    if act.event.kind == "reviewed":
        review = act.before.reviews.get(act.event.body.get("task", ""), {})
        return _answer_for(act, register, review["post"]) if review else frozenset()
    if isinstance(act.step, Call | Run):
        answers = _answer_for(act, register, addressed or act.workflow.owner)
        return _may_act(act, addressed) | answers
    return _may_act(act, addressed)


def _answer_for(act: Act, register: Register, post: str) -> frozenset[str]:
    """Return the posts that answer for what is laid on one, which may be gone by then."""
    heir = register.heir(post, act.event)
    return frozenset((*act.declared.upwards(post), *act.declared.upwards(heir)))


def _is_bound(act: Act, addressed: str | None) -> bool:
    """Tell whether the post addressed carries one of the roles that may act."""
    return any(addressed in act.declared.carriers(role) for role in _roles(act))


def _may_act(act: Act, addressed: str | None) -> frozenset[str]:
    """Return the posts that may act, before anybody stands in for one."""
    declared, told = act.declared, told_of(act.before, act.token)
    found: set[str] = set()
    for role in _roles(act):
        carriers = declared.carriers(role)
        if addressed is not None and (addressed in carriers or _strict(act)):
            carriers = carriers.intersection((*declared.upwards(addressed), *told))
        found |= carriers
    if isinstance(act.step, Call | Run):
        found |= {*declared.upwards(addressed or act.workflow.owner), *told}
    return frozenset(found)


def _strict(act: Act) -> bool:
    """Tell whether only the post addressed and those above it may act, whatever their roles."""
    return act.event.kind in {"completed", "recorded", "decided", "voted", "assigned"}


def _roles(act: Act) -> tuple[str, ...]:
    step, kind, choice = act.step, act.event.kind, act.event.body.get("choice")
    if step is None:
        return act.workflow.begins.roles
    if isinstance(step, Call | Run):
        return act.workflow.failure(step.id).raised_by
    if kind in {"raised", "resolved"}:
        name = choice if kind == "raised" else act.token["suspension"]["exception"]
        exception = act.workflow.exception(str(name))
        raisers = exception.raised_by if exception else ()
        ends = exception.ending(str(choice)) if exception and kind == "resolved" else None
        completes = ends is not None and ends.completes and isinstance(step, Task)
        return (step.role,) if completes and isinstance(step, Task) else raisers
    if isinstance(step, Wait) and kind == "delivered":
        senders = next((each.senders for each in step.messages if each.message == choice), ())
        return tuple(name.removeprefix("role/") for name in senders if name.startswith("role/"))
    return (step.role,) if isinstance(step, Task | Decision | Wait) else ()


def conditions(act: Act, post: str) -> list[str | None]:
    """Return the conditions on which a post may take the outcome of an act; None for always."""
    step, choice = act.step, act.event.body.get("choice")
    assert step is not None, "a decision has a step"
    return [
        grant.when
        for grant in act.declared.model.posts[post].authority
        if (grant.workflow, grant.step) == (act.workflow.id, step.id) and choice in grant.outcomes
    ]


def _granted(act: Act) -> Iterator[str]:
    step, choice, actor = act.step, act.event.body.get("choice"), act.event.actor
    assert step is not None, "a decision has a step"
    if actor.get("grant") not in conditions(act, act.authority):
        yield f"`{act.authority}` has no authority for `{step.id}/{choice}`"
    elif not _both(act, actor.get("grant")):
        yield f"`{act.authority}` may do this when `{actor['grant']}`, and the case was not so"


def separation_faults(act: Act, performed: Mapping[str, Iterable[str]]) -> Iterator[str]:
    """Yield who did what the same person may not do together with an earlier step.

    performed: who performed each step so far, those who lent their authority included.
    """
    step, people = act.step, act.people
    if act.event.kind in {"repaired", "overridden"}:
        if act.event.kind == "repaired" and "authority" not in act.event.body.get("repair", {}):
            return  # Nothing was decided by it.
        done = [change for change in act.event.changes if change["do"] == "perform"]
        people = frozenset(change["person"] for change in done if change["step"] == act.step_name)
        performed = {
            name: {*who, *(change["person"] for change in done if change["step"] == name)}
            for name, who in {**{change["step"]: () for change in done}, **performed}.items()
        }
    elif not act.event.is_live or act.event.kind not in _PERFORMS:
        return
    if isinstance(step, Task | Decision):
        for other in step.separate_from:
            for person in sorted(people.intersection(performed.get(other, ()))):
                yield f"`{person}` performed `{step.id}` after `{other}`, which are to be separate"


def note_people(act: Act, performed: dict[str, set[str]]) -> None:
    """Note who performed the step of an act, by what happened and by what the case says of it."""
    if act.step is not None and act.event.kind in _PERFORMS:
        performed.setdefault(act.step.id, set()).update(act.people)
    for change in act.event.changes:
        if change["do"] == "perform":
            performed.setdefault(change["step"], set()).add(change["person"])


def vote_faults(act: Act) -> Iterator[str]:
    """Yield what is wrong with a vote, and with a decision that several take together."""
    step, event = act.step, act.event
    if not isinstance(step, Decision) or step.quorum is None:
        return
    cast = [change for change in event.changes if change["do"] == "vote"]
    if any(vote["person"] != event.actor.get("person") for vote in cast):
        yield "it keeps the vote of somebody else than who acted"
    choice = event.body.get("choice")
    votes = {vote["person"]: vote["outcome"] for vote in (*act.token.get("votes", ()), *cast)}
    agreed = sum(outcome == choice for outcome in votes.values())
    if event.kind == "decided" and agreed < step.needs(str(choice)):
        yield f"{agreed} voted for `{choice}`, and {step.needs(str(choice))} must agree"
    if len(votes) > step.quorum.asked:
        yield f"{len(votes)} voted, and {step.quorum.asked} are asked"
