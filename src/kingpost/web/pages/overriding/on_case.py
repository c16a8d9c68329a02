"""What the page of a case says of an override that waits to be confirmed."""

from collections.abc import Iterator

from kingpost.decisions.commands import AGENT
from kingpost.model.workflow import Decision
from kingpost.queries.case_page import CasePage as Found
from kingpost.web.pages import words
from kingpost.web.pages.casework.case import Doings
from kingpost.web.pages.casework.refusals import Titles
from kingpost.web.pages.frame import View
from kingpost.web.pieces import Act

_NOTICES = frozenset({"warned", "escalated", "reviewed"})


def override_acts(view: View, found: Found) -> Doings:
    """Return the way to confirm what was asked for; to others, who may and until when."""
    proposal, flow = found.proposal, view.program.workflows.get(found.workflow)
    if proposal is None:
        return (), tuple(_declined(view, found))
    if proposal.until is None or flow is None:
        return (), ()
    work = next(item for item in found.work if str(item.id) == proposal.repair.task)
    step = flow.places[work.step].step
    declared = step.override if isinstance(step, Decision) else None
    if declared is None:
        return (), ()
    event = found.events[proposal.event - 1]
    if proposal.person != view.visitor.person and _confirms(view, declared.confirmed_by):
        there = f"/tasks/{proposal.repair.task}/override/confirm"
        return (Act(f"Look at the override that {event.by.name} asks for", there),), ()
    who = "You asked for it" if proposal.person == view.visitor.person else f"{event.by.name} did"
    posts = Titles(view.program.model, found.workflow).posts(declared.confirmed_by)
    until = words.moment(proposal.until, view.now, view.zone)
    why = f"{who}. Another person confirms it as {posts} until {until.text}, or it lapses."
    return (), (("An override waits to be confirmed", why),)


def _declined(view: View, found: Found) -> Iterator[tuple[str, str]]:
    """Yield who said no to what the reader proposed, and why, while nothing has happened since."""
    since = (event for event in reversed(found.events) if event.kind not in _NOTICES)
    event = next(since, None)
    if event is None or event.kind != "declined":
        return
    proposed = next(since, None)
    if proposed is not None and proposed.by.person == view.visitor.person:
        said = f"“{event.reason}”" if event.reason else "The reason was erased."
        yield f"{event.by.name} declined what you proposed", said


def _confirms(view: View, posts: tuple[str, ...]) -> bool:
    return any(
        item.post in posts and item.delegation is None and item.kind != AGENT
        for item in view.reader.every
    )
