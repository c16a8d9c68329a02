"""The pages of an override: it is asked for, confirmed, and reviewed; each shows its grounds."""

from dataclasses import dataclass, replace

from kingpost.decisions.case import Proposal
from kingpost.decisions.judging.overriding.overriding import may_confirm, may_override
from kingpost.decisions.judging.proposing.waiting import may_decline
from kingpost.decisions.judging.work import Work
from kingpost.decisions.options import Option, options
from kingpost.decisions.refusals import RefusedError
from kingpost.model.steps.deciding import Override
from kingpost.model.workflow import Decision
from kingpost.queries.history.timeline import Event
from kingpost.queries.task_page import TaskPage as Found
from kingpost.web.form_pieces import Field, FieldGroup, Form
from kingpost.web.form_pieces import Option as Choice
from kingpost.web.pages import words
from kingpost.web.pages.casework.forms import (
    NOTHING_TYPED,
    Typed,
    about,
    back_to_case,
    decline_form,
    drawn_from,
    errors_of,
    input_of,
    titles_of,
    work_field,
)
from kingpost.web.pages.casework.records import (
    case_head,
    record_facts,
    shown_facts,
    timeline,
    value_text,
)
from kingpost.web.pages.casework.refusals import why
from kingpost.web.pages.casework.stale import clash_table
from kingpost.web.pages.casework.task import goes_to
from kingpost.web.pages.frame import View
from kingpost.web.pages.keys import Keys
from kingpost.web.pieces import Link, Table
from kingpost.web.presenters import CaseHead
from kingpost.web.record_pieces import EventDay, Fact, FactGroup

_HISTORY = 8


@dataclass(frozen=True, slots=True)
class OverridePage:
    """`override.html`: the grounds, what it means, and the form; or why it is for others.

    facts:   the record. means: what is asked for, by whom, and what follows from it.
    what:    heading of the form. lead: what sending it does.
    decline: the form that says no instead, or None.
    """

    case: CaseHead
    title: str
    facts: tuple[FactGroup, ...]
    means: FactGroup
    history: tuple[EventDay, ...]
    what: str
    lead: str
    form: Form | None
    blocked: tuple[str, ...] = ()
    stale: Table | None = None
    decline: Form | None = None


def asking_page(
    view: View, found: Found, outcome: str, keys: Keys, typed: Typed = NOTHING_TYPED
) -> OverridePage | None:
    """Return the page on which an outcome is asked for; None for no outcome of an override."""
    step, declared = _declared(found)
    possible = options(found.program, found.case, str(found.work.id), found.facts)
    option = next((item for item in possible.outcomes if item.id == outcome), None)
    if declared is None or option is None or not declared.covers(outcome):
        return None
    titles, facts = titles_of(found), list[Fact]()
    if option.refusal is not None:
        facts.append(Fact("Why not without", why(titles, option.refusal)))
    ways = next(item for item in step.outcomes if item.id == outcome).then
    facts += [
        Fact("Once confirmed", goes_to(found, tuple(way.go for way in ways))),
        Fact("Confirmed by", titles.posts(declared.confirmed_by), note="another person than you"),
        Fact("Lapses", f"After {declared.lapses_after}", note="unless it is confirmed before"),
        Fact("Reviewed by", titles.post(declared.reviewed_by), note=_within(declared)),
    ]
    if found.case.proposal is not None:
        facts.append(Fact("Instead of", "What waits to be confirmed in this case now"))
    return _page(
        view,
        found,
        f"Ask for “{option.title}” beyond your authority",
        FactGroup("", tuple(facts)),
        what="What you ask for",
        lead="Nothing changes before another person has confirmed it.",
        form=_asking_form(view, found, option, keys, typed) if option.beyond else None,
        blocked=() if option.beyond else _why_not(found, outcome),
        stale=clash_table(view, found, typed),
    )


def confirming_page(
    view: View, found: Found, keys: Keys, typed: Typed = NOTHING_TYPED
) -> OverridePage | None:
    """Return the page on which it is confirmed; None when nothing waits for that."""
    proposal, (_, declared) = found.case.proposal, _declared(found)
    if proposal is None or proposal.until is None or declared is None:
        return None
    titles, refusal = titles_of(found), _refusal(found, proposal)
    title = titles.outcome(found.work.step, proposal.repair.outcome)
    until = words.moment(proposal.until, view.now, view.zone)
    event = next((item for item in found.history if item.seq == proposal.event), None)
    facts = [
        Fact("Outcome", title),
        *_came_with(found, proposal),
        *([_said("Asked for by", view, event)] if event else []),
        Fact("In the post", titles.post(proposal.post)),
        Fact("Lapses", until.text, note=until.full),
        Fact("Reviewed by", titles.post(declared.reviewed_by), note=_within(declared)),
    ]
    form = Form(
        f"/tasks/{found.work.id}/override/confirm",
        f"Confirm “{title}”",
        keys.next(),
        groups=(FieldGroup("", (_reason(typed, "What you looked at.", required=False),)),),
        errors=errors_of(typed, {"reason": "field-reason"}),
        hidden=(("asked", str(proposal.event)), *about(found)),
        cancel=back_to_case(found),
    )
    lead = (
        "With it the outcome takes effect, in both your names. Who thinks otherwise declines it."
        f" It can be confirmed until {until.text}, and lapses then."
    )
    blocked = (why(titles, refusal),) if refusal else ()
    there = f"/tasks/{found.work.id}/override/decline"
    hidden = (("asked", str(proposal.event)), *about(found))
    no = decline_form(there, keys, typed, hidden) if _may_decline(found, proposal) else None
    page = _page(
        view,
        found,
        f"Confirm “{title}” beyond an authority",
        FactGroup("", tuple(facts)),
        what="Your part",
        lead=lead,
        form=None if refusal else form,
        blocked=blocked,
    )
    return replace(page, decline=no)


def review_page(view: View, found: Found, keys: Keys, typed: Typed = NOTHING_TYPED) -> OverridePage:
    """Return the page of a review: what was decided, by whom and why, and the finding."""
    possible = options(found.program, found.case, str(found.work.id), found.facts)
    review, titles = found.case.reviews[str(found.work.id)], titles_of(found)
    taken = titles.outcome(review.step, review.outcome)
    asked = [item for item in found.history if item.kind == "asked" and item.seq < review.event]
    confirmed = [item for item in found.history if item.seq == review.event]
    facts = [
        Fact("Outcome taken", taken),
        Fact("Beyond the authority of", titles.post(review.by)),
        *(_said("Asked for by", view, item) for item in asked[-1:]),
        *(_said("Confirmed by", view, item) for item in confirmed),
    ]
    chosen = tuple(
        Choice(item.id, item.title, item.id == typed.outcome, _MEANS.get(item.id, ""))
        for item in possible.outcomes
    )
    finding = Field("choice", "finding", "Finding", options=chosen)
    form = Form(
        f"/tasks/{found.work.id}/review",
        "Record the finding",
        keys.next(),
        groups=(FieldGroup("", (finding, _reason(typed, "Kept with the case."))),),
        errors=errors_of(typed, {"reason": "field-reason", "": "field-finding-1"}),
        hidden=about(found),
        cancel=back_to_case(found),
    )
    blocked = (why(titles, possible.work),) if possible.work else ()
    return _page(
        view,
        found,
        f"Review: {found.work.step_title} {taken}",
        FactGroup("", tuple(facts)),
        what="Your finding",
        lead="While this is overdue, nothing more is overridden in the name of that post.",
        form=None if blocked else form,
        blocked=blocked,
    )


_MEANS = {
    "kept": "It was right, and stands.",
    "to-correct": "Something has to be put right; that is done in the case or by a repair.",
}


def _page(  # noqa: PLR0913 - the parts of the page
    view: View,
    found: Found,
    title: str,
    means: FactGroup,
    *,
    what: str,
    lead: str,
    form: Form | None,
    blocked: tuple[str, ...] = (),
    stale: Table | None = None,
) -> OverridePage:
    work = found.work
    shown = {change.field for change in found.shown}
    record = tuple(item for item in found.record if item.value.field not in shown)
    return OverridePage(
        case_head(view, work, found.owner),
        title,
        (
            *((shown_facts(view, work.workflow, found.shown),) if shown else ()),
            record_facts(view, work.workflow, record),
        ),
        means,
        timeline(view, work.workflow, found.history[-_HISTORY:]),
        what,
        lead,
        form,
        blocked,
        stale,
    )


def _asking_form(view: View, found: Found, option: Option, keys: Keys, typed: Typed) -> Form:
    fields = tuple(
        work_field(view, found, name, typed, required=name in option.requires)
        for name in option.fields
    )
    inputs = {"reason": "field-reason", **{each.name: input_of(each) for each in fields}}
    reason = _reason(typed, "Why it cannot wait for whose authority suffices.")
    return Form(
        f"/tasks/{found.work.id}/override",
        f"Ask for “{option.title}”",
        keys.next(),
        groups=(FieldGroup("", (*fields, reason)),),
        errors=errors_of(typed, inputs),
        hidden=(
            ("outcome", option.id),
            ("shown", found.digest),
            *about(found),
            *drawn_from(found, option.fields),
        ),
        cancel=Link("Back to the decision", f"/tasks/{found.work.id}"),
    )


def _reason(typed: Typed, hint: str, *, required: bool = True) -> Field:
    error = typed.errors.get("reason", "")
    return Field("long-text", "reason", "Reason", typed.reason, hint, required, error)


def _declared(found: Found) -> tuple[Decision, Override | None]:
    step = found.program.workflows[found.work.workflow].places[found.work.step].step
    assert isinstance(step, Decision), "only decisions are overridden"
    return step, step.override


def _within(declared: Override) -> str:
    return f"within {declared.review_within} of taking effect"


def _why_not(found: Found, outcome: str) -> tuple[str, ...]:
    work = Work(found.program.workflows[found.case.workflow], found.case, found.facts)
    token = found.case.work(str(found.work.id))
    assert token is not None, "the work is open"
    try:
        may_override(work, token, outcome)
    except RefusedError as refused:
        return (why(titles_of(found), refused.refusal),)
    return ()


def _refusal(found: Found, proposal: Proposal) -> object:
    work = Work(found.program.workflows[found.case.workflow], found.case, found.facts)
    try:
        may_confirm(work, proposal.event)
    except RefusedError as refused:
        return refused.refusal
    return None


def _may_decline(found: Found, proposal: Proposal) -> bool:
    work = Work(found.program.workflows[found.case.workflow], found.case, found.facts)
    try:
        may_decline(work, proposal.event)
    except RefusedError:
        return False
    return True


def _came_with(found: Found, proposal: Proposal) -> list[Fact]:
    model, workflow = found.program.model, found.work.workflow
    titles = titles_of(found)

    def text(name: str, value: object) -> str:
        return value_text(model, workflow, name, value) or "empty"

    return [
        Fact(titles.field(name), f"{text(name, found.case.fields.get(name))} → {text(name, value)}")
        for name, value in proposal.repair.fields
    ]


def _said(label: str, view: View, event: Event) -> Fact:
    at = words.moment(event.at, view.now, view.zone)
    because = f"“{event.reason}”" if event.reason else "no reason given"
    return Fact(label, f"{event.by.name}, {at.text}", note=because)
