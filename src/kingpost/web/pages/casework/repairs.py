"""Repairing a case: what is to be put right, what that does, and the second person who confirms."""

from dataclasses import dataclass

from kingpost.decisions.case import Case, Token
from kingpost.decisions.commands import Propose
from kingpost.decisions.judging.repairs.moving import moves_from
from kingpost.decisions.program import WorkflowProgram
from kingpost.engine.repairs.previewing import Effect
from kingpost.model.workflow import DONE, Decision
from kingpost.queries.case_page import CasePage as Found
from kingpost.web.form_pieces import Field, FieldGroup, Form, FormError, Option
from kingpost.web.pages import words
from kingpost.web.pages.casework.forms import Typed, decline_form
from kingpost.web.pages.casework.refusals import Titles
from kingpost.web.pages.frame import View
from kingpost.web.pages.keys import Keys
from kingpost.web.pages.typed_fields import form_field, input_text, shown_value
from kingpost.web.pieces import Act, Link
from kingpost.web.record_pieces import Fact, FactGroup

PREFIX = "field."
# Between the parts of the choice of what is moved or decided.
_SIGN = "|"


@dataclass(frozen=True, slots=True)
class RepairPage:
    """`repair.html`: the form of a repair; or, with `effect`, what it does.

    That is to be proposed; or confirmed, and then `decline` is the form that says no.
    """

    title: str
    form: Form
    effect: tuple[FactGroup, ...] = ()
    lead: str = "Nothing changes before another person who may repair this case has confirmed it."
    decline: Form | None = None


def repair_page(view: View, case: Case, typed: Propose, error: str = "") -> RepairPage:
    """Return the form, with what was typed. error: why it cannot be proposed."""
    flow = view.program.workflows[case.workflow]
    fields = tuple(
        form_field(
            view.program.model,
            field,
            typed.fields.get(name, case.fields.get(name)),
            required=field.required,
            prefix=PREFIX,
        )
        for name, field in flow.fields.items()
    )
    chosen = next(filter(None, (chosen_way(typed),)), "")
    then = Field(
        "choice",
        "way",
        "What becomes of the case",
        hint="Move it, or force the outcome of a decision. Left out, only the record is corrected.",
        required=False,
        options=tuple(Option(value, text, value == chosen) for value, text in _ways(flow, case)),
    )
    reason = Field("text", "because", "Reason", typed.reason, hint="Kept with the case.")
    return RepairPage(
        f"Repair {case.number}",
        Form(
            f"/cases/{case.number}/repair",
            "See what it does",
            "",
            (FieldGroup("The record", fields), FieldGroup("The case", (then, reason))),
            errors=(FormError("form", error),) if error else (),
            cancel=Link("Back to the case", f"/cases/{case.number}"),
        ),
    )


def proposal_page(view: View, case: Case, typed: Propose, effect: Effect) -> RepairPage:
    """Return what a repair does, with one button that proposes exactly that."""
    flow = view.program.workflows[case.workflow]
    kept = [
        (PREFIX + name, input_text(flow.fields[name], value))
        for name, value in typed.fields.items()
    ]
    form = Form(
        f"/cases/{case.number}/repair/propose",
        "Propose this repair",
        Keys().next(),
        hidden=(*kept, ("way", chosen_way(typed)), ("because", typed.reason)),
        cancel=Link("Back to the case", f"/cases/{case.number}"),
    )
    return RepairPage(f"Repair {case.number}", form, (effect_facts(view, flow, effect),))


def effect_facts(view: View, flow: WorkflowProgram, effect: Effect) -> FactGroup:
    """Return in words what a repair does."""
    titles, model = Titles(view.program.model, flow.workflow.id), view.program.model

    def shown(name: str, value: object) -> str:
        return shown_value(model, flow.fields[name], value)  # type: ignore[arg-type]

    facts = [
        Fact(flow.fields[name].title, f"{shown(name, was)} → {shown(name, now)}")
        for name, was, now in effect.fields
    ]
    facts += [Fact("Leaves", titles.step(name)) for name in effect.left]
    facts += [Fact("Comes to", titles.step(name)) for name in effect.entered]
    before, after = effect.state
    if before != after:
        facts.append(Fact("State", f"{titles.state(before)} → {titles.state(after)}"))
    if effect.is_closed:
        facts.append(Fact("The case", "Ends"))
    return FactGroup("", tuple(facts))


def chosen_way(typed: Propose) -> str:
    """Return the choice of what is moved or decided, as the form sends it."""
    if typed.to:
        return _SIGN.join((typed.task, "to", typed.to))
    return _SIGN.join((typed.task, "outcome", typed.outcome)) if typed.outcome else ""


def read_way(text: str) -> tuple[str, str, str]:
    """Return the token, where it is moved to and the outcome that a form sends."""
    task, _, rest = text.partition(_SIGN)
    kind, _, name = rest.partition(_SIGN)
    return task, name if kind == "to" else "", name if kind == "outcome" else ""


def _ways(flow: WorkflowProgram, case: Case) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for token in case.tokens.values():
        found += _ways_at(flow, case, token)
    return found


def _ways_at(flow: WorkflowProgram, case: Case, token: Token) -> list[tuple[str, str]]:
    place = flow.places[token.step]
    step = place.step
    found = [
        (chosen_way(Propose(task=token.id, outcome=outcome.id)), f"{step.title} {outcome.title}")
        for outcome in (step.outcomes if isinstance(step, Decision) else ())
    ]
    for to in moves_from(flow, case, token):
        there = f"From “{step.title}” to “{place.block[to].title}”" if to != DONE else ""
        text = there or f"End the branch at “{step.title}”"
        found.append((chosen_way(Propose(task=token.id, to=to)), text))
    return found


# --- on the page of the case ----------------------------------------------------------------------


def may_repair(view: View, posts: tuple[str, ...]) -> bool:
    """Tell whether a reader holds, and was not only lent, one of the posts that may repair."""
    return any(item.post in posts and item.delegation is None for item in view.reader.every)


def repair_acts(view: View, found: Found) -> tuple[tuple[Act, ...], tuple[tuple[str, str], ...]]:
    """Return what a reader may do to repair a case, and what not, with the reason."""
    flow = view.program.workflows.get(found.workflow)
    if flow is None or found.closed_at or not may_repair(view, flow.workflow.repaired_by):
        return (), ()
    start = Act("Repair this case", f"/cases/{found.number}/repair")
    if found.proposal is None or found.proposal.until is not None:
        return (start,), ()
    proposed = found.events[found.proposal.event - 1]
    if proposed.by.person == view.visitor.person:
        why = "You proposed it. Another person who may repair has to confirm it."
        return (start,), (("A repair waits to be confirmed", why),)
    there = f"/cases/{found.number}/repair/proposed"
    return (Act(f"Look at the repair that {proposed.by.name} proposes", there), start), ()


def proposed_page(view: View, found: Found, typed: Typed) -> RepairPage | None:
    """Return what another person proposes, to be confirmed or declined; None for nothing such."""
    flow, proposal = view.program.workflows[found.workflow], found.proposal
    if (
        proposal is None
        or proposal.until is not None
        or proposal.person == view.visitor.person
        or not may_repair(view, flow.workflow.repaired_by)
    ):
        return None
    event, model, repair = found.events[proposal.event - 1], view.program.model, proposal.repair
    record = {item.value.field: item.value for item in found.record}
    at = words.moment(event.at, view.now, view.zone)
    facts = [Fact("Proposed by", f"{event.by.name}, {at.text}", note=f"“{event.reason}”")]
    for name, value in repair.fields:
        was, now = (shown_value(model, flow.fields[name], v) for v in (record[name].value, value))
        facts.append(Fact(flow.fields[name].title, f"{was} → {now}"))
    if event.choice_title and event.step_title:
        does = "Outcome" if repair.outcome else "Goes on at"
        facts.append(Fact(event.step_title, event.choice_title, note=does))
    hidden, there = (("proposal", str(proposal.event)),), f"/cases/{found.number}/repair"
    reason = Field("text", "reason", "Reason", typed.reason, "What you looked at.", required=False)
    keys = Keys()
    return RepairPage(
        f"Repair {found.number} as {event.by.name} proposes",
        Form(
            f"{there}/confirm",
            "Confirm the repair",
            keys.next(),
            (FieldGroup("", (reason,)),),
            hidden=hidden,
            cancel=Link("Back to the case", f"/cases/{found.number}"),
        ),
        (FactGroup("", tuple(facts)),),
        "With your confirmation the case is repaired, in both your names.",
        decline_form(f"{there}/decline", keys, typed, hidden),
    )
