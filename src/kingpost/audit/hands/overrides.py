"""Overrides: asked for by one, confirmed in time by another, and reviewed by a third."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from kingpost.audit.register import Register
from kingpost.audit.rights import Act
from kingpost.audit.telling import Members, Told
from kingpost.model.steps.deciding import Override
from kingpost.model.workflow import Decision

# Which changes only these acts make.
_BELONGS: Mapping[str, frozenset[str]] = {
    "lapse": frozenset({"lapsed"}),
    "open-review": frozenset({"overridden"}),
    "review": frozenset({"reviewed"}),
}
_FINDINGS = frozenset({"kept", "to-correct"})


def override_faults(
    act: Act, register: Register, performed: Mapping[str, Iterable[str]]
) -> Iterator[str]:
    """Yield what is wrong with an act that goes beyond an authority, or reviews one that did."""
    event = act.event
    yield from _misplaced(event)
    match event.kind:
        case "asked":
            yield from _asked(act, performed)
        case "overridden":
            yield from _confirmed(act, register)
        case "lapsed":
            until = (act.before.proposal or {}).get("until")
            if until is None or event.at < datetime.fromisoformat(until):
                yield "it lets something lapse before its time"
        case "reviewed":
            yield from _reviewed(act)
        case _:
            return


def _misplaced(event: Told) -> Iterator[str]:
    """Yield changes that another kind of act makes."""
    for change in event.changes:
        kinds = _BELONGS.get(change["do"])
        if kinds is not None and event.kind not in kinds:
            yield f"it does `{change['do']}`, and is `{event.kind}`"
        elif change["do"] == "propose" and ("until" in change) != (event.kind == "asked"):
            yield f"it proposes what lapses, or does not, and is `{event.kind}`"


def _asked(act: Act, performed: Mapping[str, Iterable[str]]) -> Iterator[str]:
    event, declared = act.event, _declared(act)
    told = [change for change in event.changes if change["do"] == "propose"]
    if len(told) != 1 or told[0]["event"] != event.seq or declared is None:
        yield "it asks for an override that the model does not let anybody ask for"
        return
    proposal = told[0]
    if event.actor.get("post") not in declared.by or not _in_person(act):
        yield f"`{event.actor.get('post')}` may not ask for an override here"
    lasts = timedelta(seconds=declared.lapses_after.seconds(0, 0))
    if datetime.fromisoformat(proposal["until"]) != event.at + lasts:
        yield f"it lapses at {proposal['until']}, and not after {declared.lapses_after}"
    if "reason" not in event.body:
        yield "it asks for an override and gives no reason"
    step = act.step
    for other in step.separate_from if isinstance(step, Decision) else ():
        if event.actor["person"] in performed.get(other, ()):
            yield f"it would override what is to be separate from `{other}`"


def _confirmed(act: Act, register: Register) -> Iterator[str]:
    event, proposal, declared = act.event, act.before.proposal, _declared(act)
    told, actor = event.body.get("override", {}), event.actor
    if proposal is None or "until" not in proposal or told.get("proposed") != proposal["event"]:
        yield "it confirms what nothing before it asks for"
        return
    if declared is None or actor.get("post") not in declared.confirmed_by or not _in_person(act):
        yield f"`{actor.get('post')}` may not confirm an override here"
        return
    if proposal["person"] == actor.get("person") or proposal["person"] != told.get("person"):
        yield "it was asked for and confirmed by the same person"
    by, right = (proposal["person"], proposal["post"]), proposal["right"]
    if not register.is_of(right, *by, event.recorded) or not register.went_on(right, event):
        yield "whoever asked for it did not hold that post when it was confirmed"
    if max(event.decided, event.at) >= datetime.fromisoformat(proposal["until"]):
        yield f"it was confirmed after {proposal['until']}, when it had lapsed"
    yield from _carried_out(act, proposal)
    yield from _opened(act, declared, proposal)


def _carried_out(act: Act, proposal: Members) -> Iterator[str]:
    event = act.event
    if event.body.get("choice") != proposal["outcome"]:
        yield "it takes another outcome than was asked for"
    fields = next((change["fields"] for change in event.changes if change["do"] == "fields"), None)
    if proposal.get("fields") and fields != proposal["fields"]:
        yield "it sets other fields than were asked for"
    if proposal.get("task") not in {c["token"] for c in event.changes if c["do"] == "leave"}:
        yield "it leaves the decision where it was"
    # No override is a way round what an outcome requires.
    step, given = act.step, proposal.get("fields", {})
    outcome = step.outcome(proposal["outcome"]) if isinstance(step, Decision) else None
    for name in outcome.requires if outcome else ():
        if given.get(name) is None:
            yield f"it takes `{proposal['outcome']}` without `{name}`"


def _opened(act: Act, declared: Override, proposal: Members) -> Iterator[str]:
    event = act.event
    opened = [change for change in event.changes if change["do"] == "open-review"]
    if len(opened) != 1:
        yield f"{len(opened)} reviews of it were opened"
        return
    review, calendar = opened[0], act.declared.calendar_of(declared.reviewed_by)
    span = declared.review_within
    budget = 1000 * span.seconds(calendar.day_seconds, calendar.week_days)
    expected = {
        "step": event.body.get("step"),
        "outcome": proposal["outcome"],
        "event": event.seq,
        "by": proposal["post"],
        "people": [proposal["person"], event.actor.get("person")],
        "post": declared.reviewed_by,
        "since": event.header["at"],
        "clock": {
            "budget-ms": budget,
            "consumed-ms": 0,
            "since": event.header["at"],
            "calendar": calendar.name if span.working else "",
        },
    }
    for name, value in expected.items():
        if review.get(name) != value:
            yield f"`{name}` of its review is not what the model says"


def _reviewed(act: Act) -> Iterator[str]:
    event, name = act.event, act.event.body.get("task", "")
    review = act.before.reviews.get(name)
    if review is None or [c["id"] for c in event.changes if c["do"] == "review"] != [name]:
        yield "it reviews nothing that is to be reviewed"
        return
    for person in sorted(act.people.intersection(review["people"])):
        yield f"`{person}` reviews an override in which `{person}` took part"
    if event.body.get("choice") not in _FINDINGS or "reason" not in event.body:
        yield "it gives no finding, or no reason for it"
    if event.actor.get("kind") == "agent":
        yield "an agent reviews what only people may"


def _declared(act: Act) -> Override | None:
    step, choice = act.step, str(act.event.body.get("choice"))
    found = step.override if isinstance(step, Decision) else None
    return found if found and found.covers(choice) else None


def _in_person(act: Act) -> bool:
    actor = act.event.actor
    return "delegation" not in actor and actor["via"] == "post" and actor["kind"] != "agent"
