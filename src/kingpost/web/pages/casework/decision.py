"""The page of one decision: the grounds, each outcome or why not, and what changed meanwhile."""

from kingpost.decisions.options import Option, Options, options
from kingpost.decisions.sealing import shown_digest
from kingpost.model.workflow import Decision
from kingpost.queries.task_page import TaskPage as Found
from kingpost.values.money import write_money
from kingpost.web.form_pieces import Field, Form
from kingpost.web.pages import words
from kingpost.web.pages.casework.forms import (
    NOTHING_TYPED,
    Typed,
    about,
    back_to_case,
    claim_act,
    drawn_from,
    errors_of,
    input_of,
    open_options,
    raise_form,
    titles_of,
    work_field,
)
from kingpost.web.pages.casework.records import (
    case_head,
    record_facts,
    rule_results,
    shown_facts,
    timeline,
    value_text,
)
from kingpost.web.pages.casework.refusals import joined, who_could, why
from kingpost.web.pages.casework.stale import clash_table
from kingpost.web.pages.casework.task import discharges, goes_to
from kingpost.web.pages.frame import View
from kingpost.web.pages.keys import Keys
from kingpost.web.pages.typed_fields import shown_money
from kingpost.web.pieces import Cell, Column, Link, Table
from kingpost.web.presenters import DecisionPage, Outcome

_HISTORY = 8


def decision_page(
    view: View, found: Found, keys: Keys, typed: Typed = NOTHING_TYPED
) -> DecisionPage:
    """Return the page of a decision that nothing holds."""
    possible = options(found.program, found.case, str(found.work.id), found.facts)
    work = found.work
    declared = found.program.workflows[work.workflow].places[work.step].step
    assert isinstance(declared, Decision), "the caller tells tasks and decisions apart"
    outcomes = tuple(_outcome(view, found, declared, option, typed) for option in possible.outcomes)
    shown = {change.field for change in found.shown}
    record = tuple(item for item in found.record if item.value.field not in shown)
    return DecisionPage(
        case=case_head(view, work, found.owner),
        question=work.step_title,
        form=Form(
            f"/tasks/{work.id}/decide",
            "Cast your vote" if declared.quorum else "Record the decision",
            keys.next(),
            errors=errors_of(typed, _inputs(outcomes, typed)),
            hidden=(("shown", found.digest), *about(found), *_drawn_from(found, possible)),
            cancel=back_to_case(found),
        ),
        outcomes=outcomes,
        reason=_reason(possible, typed),
        facts=(
            shown_facts(view, work.workflow, found.shown),
            record_facts(view, work.workflow, record),
        ),
        rules=rule_results(view, work.workflow, found.rules),
        evidence=(),
        history=timeline(view, work.workflow, found.history[-_HISTORY:]),
        authority=_authority(found, possible),
        quorum=_quorum(found, declared, possible),
        separation=_separation(found, declared),
        discharges=discharges(view, declared),
        locked="" if open_options(possible.outcomes) else "You may take none of these outcomes.",
        claim=claim_act(view, found, possible, keys)
        if open_options(possible.outcomes) and not declared.quorum
        else None,
        raising=raise_form(found, possible, keys),
        stale=clash_table(view, found, typed) or _stale(view, found, declared, typed.shown),
        similar=_similar(found, declared),
        waiting=_waiting(found),
    )


def _outcome(view: View, found: Found, declared: Decision, option: Option, typed: Typed) -> Outcome:
    ways = next(item for item in declared.outcomes if item.id == option.id).then
    chosen = typed.outcome == option.id
    mine = typed if chosen else NOTHING_TYPED
    titles, refusal = titles_of(found), option.refusal
    return Outcome(
        option.id,
        option.title,
        f"{goes_to(found, tuple(way.go for way in ways))}{_leaves(option)}",
        fields=()
        if refusal
        else tuple(
            work_field(
                view, found, name, mine, required=name in option.requires, prefix=f"{option.id}."
            )
            for name in option.fields
        ),
        why_not=(why(titles, refusal),) if refusal else (),
        unblock=who_could(titles, refusal) if refusal else None,
        chosen=chosen and refusal is None,
        beyond=Link(
            f"Ask for “{option.title}” beyond your authority",
            f"/tasks/{found.work.id}/override?outcome={option.id}",
        )
        if option.beyond
        else None,
    )


def _waiting(found: Found) -> Link | None:
    proposal = found.case.proposal
    if proposal is None or proposal.until is None or proposal.repair.task != str(found.work.id):
        return None
    title = titles_of(found).outcome(found.work.step, proposal.repair.outcome)
    there = f"/tasks/{found.work.id}/override/confirm"
    return Link(f"“{title}” beyond an authority waits to be confirmed", there)


def _leaves(option: Option) -> str:
    """Return what an outcome leaves of the allowance of one’s post."""
    if option.use is None:
        return ""
    bound, after = option.use.allowance, option.use.after
    left, most = (
        shown_money(write_money(amount, bound.currency))
        for amount in (bound.at_most - after, bound.at_most)
    )
    return f". Leaves {left} of {most} for this {bound.per}"


def _drawn_from(found: Found, possible: Options) -> tuple[tuple[str, str], ...]:
    return tuple(
        pair
        for option in open_options(possible.outcomes)
        for pair in drawn_from(found, option.fields, f"{option.id}.")
    )


def _inputs(outcomes: tuple[Outcome, ...], typed: Typed) -> dict[str, str]:
    chosen = next((item for item in outcomes if item.value == typed.outcome), None)
    inputs = {"reason": "field-reason", "": "outcome-1"}
    for field in chosen.fields if chosen else ():
        inputs[field.name.partition(".")[2]] = input_of(field)
    return inputs


def _reason(possible: Options, typed: Typed) -> Field | None:
    needing = [f"“{option.title}”" for option in possible.outcomes if option.reason]
    hint = f"Needed for {joined(needing, 'and')}." if needing else "Kept with the decision."
    return Field(
        "long-text",
        "reason",
        "Reason",
        typed.reason,
        hint,
        required=False,
        error=typed.errors.get("reason", ""),
    )


def _authority(found: Found, possible: Options) -> str:
    free = open_options(possible.outcomes)
    if not free:
        return "None of your posts may take an outcome here"
    titles = titles_of(found)
    model, role = found.program.model, found.work.role
    holdings = [item.post for item in found.facts.actor.holdings]
    carrying = [
        post for post in holdings if post in model.posts and role in model.posts[post].roles
    ]
    held = [titles.post(post) for post in carrying or holdings]
    return f"{joined([f'“{option.title}”' for option in free], 'or')}, as {joined(held, 'or')}"


def _quorum(found: Found, step: Decision, possible: Options) -> str:
    """Return how many must agree, who has voted for what, and what is missing still."""
    if step.quorum is None:
        return ""
    titles = titles_of(found)
    names = {event.by.person: event.by.name for event in found.history}
    votes = [
        f"{names.get(vote.person) or vote.person} for “{titles.outcome(step.id, vote.outcome)}”"
        for vote in possible.votes
    ]
    said = f"Voted so far: {joined(votes, 'and')}." if votes else "Nobody has voted yet."
    missing = [f"{option.needs} for “{option.title}”" for option in possible.outcomes]
    rule = f"{step.quorum.needed} of {step.quorum.asked} people must agree."
    return f"{rule} {said} Still needed: {joined(missing, 'or')}."


def _separation(found: Found, step: Decision) -> str:
    titles = titles_of(found)
    apart = [f"“{titles.step(name)}”" for name in step.separate_from]
    return f"Not by whoever performed {joined(apart, 'or')}" if apart else ""


def _similar(found: Found, step: Decision) -> str:
    similar = found.similar
    if similar is None or not similar.outcomes:
        return ""
    parts = [
        f"“{outcome.title if (outcome := step.outcome(name)) else name}” {words.number(count)}"
        for name, count in similar.outcomes.items()
    ]
    looked = words.plural(similar.considered, "decision")
    return f"Alike cases: {', '.join(parts)} (of the last {looked})"


def _stale(view: View, found: Found, step: Decision, sent: str) -> Table | None:
    """Return what changed since a form was opened: its values are found by undoing events."""
    if not sent or sent == found.digest:
        return None
    fields = dict(found.case.fields)
    changed: dict[str, str] = {}
    for event in reversed(found.history):
        for change in event.changes:
            if change.field in step.shows:
                fields[change.field] = change.before
                changed[change.field] = event.by.name or "the system"
        if shown_digest(step.shows, fields) == sent:
            break
    else:
        return None
    titles = titles_of(found)

    def cell(name: str, value: object) -> Cell:
        return Cell(value_text(view.program.model, found.work.workflow, name, value))

    rows = tuple(
        (
            Cell(titles.field(name)),
            cell(name, fields.get(name)),
            cell(name, found.case.fields.get(name)),
            Cell(who),
        )
        for name, who in changed.items()
    )
    columns = (Column("Field"), Column("You saw"), Column("Now"), Column("Changed by"))
    return Table("What changed", columns, rows)
