"""What is known and what happened: facts, case heads and timelines."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import groupby
from typing import cast
from uuid import UUID

from kingpost.model.model import Model
from kingpost.model.objects import BusinessObject, FieldClass
from kingpost.model.records.values import Entry
from kingpost.model.steps.deciding import FINDING_TITLES
from kingpost.queries.case_page import RecordField
from kingpost.queries.history.timeline import ActedBy, Change, Event, RuleUse
from kingpost.queries.open_work import FieldValue, OpenWork, Term
from kingpost.queries.people import Answering
from kingpost.web.pages import words
from kingpost.web.pages.casework.refusals import Titles
from kingpost.web.pages.frame import View
from kingpost.web.pages.typed_fields import shown_money, shown_value
from kingpost.web.pieces import Cell, Clock, Link, Pill, Tone
from kingpost.web.presenters import Answering as AnsweringRow
from kingpost.web.presenters import CaseHead, RuleResult
from kingpost.web.record_pieces import Change as ShownChange
from kingpost.web.record_pieces import Event as ShownEvent
from kingpost.web.record_pieces import EventDay, Fact, FactGroup

_ICONS = {
    "started": "plus",
    "completed": "check",
    "decided": "check",
    "voted": "person-add",
    "recorded": "edit",
    "assigned": "person-add",
    "raised": "alert",
    "resolved": "check",
    "delivered": "inbox",
    "expired": "clock",
    "warned": "clock",
    "escalated": "alert",
    "answered": "inbox",
    "failed": "alert",
    "reported": "inbox",
    "retried": "flow",
    "proposed": "alert",
    "repaired": "flow",
    "carried": "flow",
    "asked": "alert",
    "overridden": "check",
    "lapsed": "clock",
    "declined": "cross",
    "reviewed": "check",
}
_OF_OVERRIDES = {
    "asked": "Override asked for",
    "overridden": "Override",
    "lapsed": "Override lapsed",
    "reviewed": "Override reviewed",
}
_OF_TWO = {"proposed": "Repair proposed", "repaired": "Repaired", "declined": "Declined"}
_FINDINGS = {finding.value: title for finding, title in FINDING_TITLES.items()}
_PRIVATE = {FieldClass.PERSONAL: "personal", FieldClass.SENSITIVE: "sensitive"}
NO_TITLE = "Untitled"

# By which words people know each of some cases.
CaseTitles = Mapping[UUID, tuple[FieldValue, ...]]


def on_model_of(view: View, model: str) -> View:
    """Return the view for pages about a case: its titles are those of the model it runs on."""
    return replace(view, program=view.company.program(model))


def object_of(model: Model, workflow: str) -> BusinessObject | None:
    """Return what a workflow is about; None when the model has no such workflow."""
    declared = model.workflows.get(workflow)
    return model.objects[declared.object] if declared else None


def value_text(model: Model, workflow: str, field: str, value: object) -> str:
    """Return a value of a field of a workflow's object in words."""
    business_object = object_of(model, workflow)
    declared = business_object.field(field) if business_object else None
    if declared is None:
        return "Not recorded" if value is None else str(value)
    if isinstance(value, list):
        return shown_value(model, declared, cast("list[Entry]", value))
    plain = value if value is None or isinstance(value, bool | int | str) else str(value)
    return shown_value(model, declared, plain)


def case_title(model: Model, workflow: str, titles: tuple[FieldValue, ...]) -> str:
    """Return the words by which people know a case."""
    shown = [value_text(model, workflow, item.field, item.value) for item in titles if item.value]
    return " · ".join(shown) or NO_TITLE


def case_cell(
    view: View, workflow: str, number: str, titles: tuple[FieldValue, ...], seq: int | None = None
) -> Cell:
    """Return a case as the head of a row. seq: of the event to go to."""
    url = f"/cases/{number}" + (f"/timeline#event-{seq}" if seq else "")
    return Cell(case_title(view.program.model, workflow, titles), url, number)


def record_facts(view: View, workflow: str, record: tuple[RecordField, ...]) -> FactGroup:
    """Return the record as facts; what is personal says so."""
    model = view.program.model
    facts = tuple(
        Fact(
            item.value.title,
            value_text(model, workflow, item.value.field, item.value.value),
            note=_PRIVATE.get(item.privacy, ""),
        )
        for item in record
    )
    business_object = object_of(model, workflow)
    return FactGroup(business_object.title if business_object else words.title_of(workflow), facts)


def shown_facts(view: View, workflow: str, shown: tuple[Change, ...]) -> FactGroup:
    """Return what a decision lays before the person."""
    model = view.program.model
    facts = tuple(
        Fact(item.title, value_text(model, workflow, item.field, item.after)) for item in shown
    )
    return FactGroup("Shown for this decision", facts)


def term_clock(view: View, term: Term | None, suspended: str = "") -> Clock | None:
    """Return the clock of a term."""
    if term is None:
        return None
    return words.clock(
        term.due_at,
        term.fraction,
        now=view.now,
        zone=view.zone,
        stopped=suspended,
        warn=term.warn,
    )


def escalation(view: View, work: OpenWork) -> str:
    """Return in words who was told that work is late; empty for nobody."""
    if work.waiting is not None:
        return ""
    posts = [view.post_title(post) for post in work.told]
    return f"Late: {', '.join(posts)} told" if posts else ""


def case_head(view: View, work: OpenWork, owner: Answering) -> CaseHead:
    """Return the head of the page of open work."""
    model = view.program.model
    workflow = model.workflows.get(work.workflow)
    return CaseHead(
        title=case_title(model, work.workflow, work.titles),
        code=work.number,
        url=f"/cases/{work.number}",
        kind=workflow.title if workflow else work.workflow,
        state=state_pill(view, work.workflow, work.state),
        clock=term_clock(view, work.term, exception_title(view, work.workflow, work.suspended)),
        owner=words.person(work.person, work.person_name) if work.person else None,
        post=view.post_title(work.post) or owner.title,
        step=work.step_title,
        is_open=not (work.is_awaited or work.kind in {"review", "confirmation"}),
    )


def state_pill(view: View, workflow: str, state: str) -> Pill:
    """Return the state of a record."""
    business_object = object_of(view.program.model, workflow)
    declared = business_object.state(state) if business_object else None
    return Pill(declared.title if declared else words.title_of(state))


def exception_title(view: View, workflow: str, exception: str | None) -> str:
    """Return an exception in words; empty for none."""
    if exception is None:
        return ""
    found = view.program.model.workflows.get(workflow)
    declared = found.exception(exception) if found else None
    return declared.title if declared else words.title_of(exception)


def answering_row(view: View, what: str, answering: Answering) -> AnsweringRow:
    """Return who answers for something."""
    first = answering.holders[0] if answering.holders else None
    note = ""
    if answering.is_vacant:
        to = view.post_title(answering.falls_to)
        note = f"vacant: falls to {to}" if to else "vacant: nobody acts"
    elif len(answering.holders) > 1:
        note = words.plural(len(answering.holders), "holder")
    elif first is not None and first.kind == "acting":
        until = f" until {first.until:%-d %b}" if first.until else ""
        note = f"acting{until}"
    return AnsweringRow(
        what,
        Link(answering.title, f"/org/posts/{answering.post}"),
        words.person(first.person, first.name) if first and len(answering.holders) == 1 else None,
        note,
        answering.is_vacant,
    )


def rule_results(view: View, workflow: str, rules: tuple[RuleUse, ...]) -> tuple[RuleResult, ...]:
    """Return what rules said, with the row that matched."""
    return tuple(_rule_result(view, workflow, use) for use in rules)


def timeline(view: View, workflow: str, events: tuple[Event, ...]) -> tuple[EventDay, ...]:
    """Return events by day, newest first. events: in any order of sequence."""
    newest = sorted(events, key=lambda event: -event.seq)
    days = groupby(newest, key=lambda event: words.day(event.at, view.zone))
    return tuple(
        EventDay(title, tuple(_event(view, workflow, event) for event in group))
        for title, group in days
    )


def _event(view: View, workflow: str, event: Event) -> ShownEvent:
    model = view.program.model
    changes = tuple(
        ShownChange(
            item.title,
            value_text(model, workflow, item.field, item.before) if item.before is not None else "",
            "erased" if item.erased else value_text(model, workflow, item.field, item.after),
        )
        for item in event.changes
    )
    by = event.by
    links = [Link(f"Model {event.model[:8]}"), Link(f"Proof {event.hash[:12]}")]
    links.extend(
        Link(model.obligations[name].title, f"/obligations/{name}")
        for name in event.discharged
        if name in model.obligations
    )
    return ShownEvent(
        id=f"event-{event.seq}",
        at=words.moment(event.at, view.now, view.zone),
        title=event_title(view, workflow, event),
        icon=_ICONS.get(event.kind, "dot"),
        tone=_tone(event),
        actor=words.person(by.person, by.name) if by.person else None,
        post=_acted_in(view, by),
        text=_event_text(view, workflow, event),
        changes=changes,
        links=tuple(links),
        seal=Pill("Imported", "neutral") if event.origin == "import" else None,
    )


def event_title(view: View, workflow: str, event: Event) -> str:  # noqa: C901, PLR0912 - one case a kind
    """Return what an event did, in words."""
    step, choice = event.step_title or "", event.choice_title or event.choice or ""
    match event.kind:
        case "started":
            found = view.program.model.workflows.get(workflow)
            return f"{found.title if found else words.title_of(workflow)} started"
        case "completed":
            return f"{step}: done"
        case "recorded":
            return f"{step}: fields saved"
        case "assigned":
            return _at(step, "taken on" if event.taken else "laid back")
        case "expired":
            return _at(step, "the time limit was over")
        case "warned":
            return _at(step, "the time is running out")
        case "escalated":
            return _at(step, f"late, {choice or 'nobody'} told")
        case "answered" | "reported":
            who = choice if event.kind == "reported" else "the other system"
            return f"{step}: {who} {event.kind}"
        case "retried":
            return f"{step}: to be tried again"
        case "declined" if step.endswith("?"):
            return f"Declined: {step} {choice}"
        case "proposed" | "repaired" | "declined":
            parts = [_OF_TWO[event.kind], step, choice]
            return ": ".join(filter(None, parts))
        case "carried":
            return "Carried over to another version of the model"
        case "asked" | "overridden" | "lapsed" | "reviewed":
            return f"{_OF_OVERRIDES[event.kind]}: {step} {_FINDINGS.get(choice, choice)}"
        case "voted":
            return _at(step, f"One vote for “{choice}”")
        case _ if step.endswith("?"):
            return f"{step} {choice}"
        case _:
            return f"{step}: {choice}" if step else choice


def _at(step: str, did: str) -> str:
    """Return a step with what happened there; the title of a decision is a question."""
    return f"{step} {did[:1].upper()}{did[1:]}" if step.endswith("?") else f"{step}: {did}"


def _event_text(view: View, workflow: str, event: Event) -> str:
    parts: list[str] = []
    if event.reason_erased:
        parts.append("The reason was erased.")
    elif event.reason:
        parts.append(f"“{event.reason}”")
    parts.extend(f"{said[:1].upper()}{said[1:]}." for said in event.different)
    if event.state:
        parts.append(f"State now: {state_pill(view, workflow, event.state).text}.")
    parts.extend(f"{use.title}: {_said(view, workflow, use)}{_by(use)}." for use in event.rules)
    if event.by.grant:
        limit = Titles(view.program.model, workflow).condition(event.by.grant)
        parts.append(f"Within one’s authority: {limit}.")
    if event.by.allowance:
        said = {name: str(value) for name, value in event.by.allowance.items()}
        after, most = shown_money(said["after"]), shown_money(said["at-most"])
        parts.append(
            f"Used so far of what the post may decide in a {said['per']}: {after} of {most}."
        )
    return " ".join(parts)


def _said(view: View, workflow: str, use: RuleUse) -> str:
    model = view.program.model
    return ", ".join(
        f"{item.title} {value_text(model, workflow, item.field, item.after).lower()}"
        for item in use.outputs
    )


def _by(use: RuleUse) -> str:
    """Return which rows of a table made an answer, and what they remark, in brackets."""
    if use.tried is None and not use.rows:
        return ""
    named = f"row{'' if len(use.rows) == 1 else 's'} {', '.join(map(str, use.rows))}"
    words = named if use.rows else "no row matches"
    return f" ({words}{': ' if use.remarks else ''}{'; '.join(use.remarks)})"


def _acted_in(view: View, by: ActedBy) -> str:
    if by.interface is not None:
        declared = view.program.model.interfaces.get(by.interface)
        return declared.title if declared else by.interface
    if by.post is None:
        return "" if by.person else "The clock"
    title = by.post_title or by.post
    if by.answering_post is not None:
        who = f"{by.answering_name}, {view.post_title(by.answering_post)}"
        return f"{title}, a machine agent for which {who}, answers"
    if by.giver is not None:
        title = f"{title}, by delegation of {by.giver_name}"
    if by.via == "vacancy" and by.for_post:
        return f"{title}, standing in for the vacant {view.post_title(by.for_post)}"
    if by.kind == "acting":
        return f"{title} (acting)"
    return title


def _tone(event: Event) -> Tone:
    if event.kind in {"raised", "failed", "escalated"}:
        return "risk"
    return "good" if event.kind in {"decided", "overridden"} else "neutral"


def _rule_result(view: View, workflow: str, use: RuleUse) -> RuleResult:
    model = view.program.model
    said = ", ".join(
        f"{item.title} {value_text(model, workflow, item.field, item.after)}" for item in use.inputs
    )
    result = ", ".join(value_text(model, workflow, item.field, item.after) for item in use.outputs)
    text = " ".join(filter(None, (_rows_of(use), f"{said}.", *map(_sentence, use.remarks))))
    if use.warnings:
        text += f" Without a value on the way: {'; '.join(use.warnings)}."
    version = Link(f"Rule version {use.version[:12]}" if use.version else "")
    return RuleResult(use.title, Pill(result or "No answer"), text, version)


def _rows_of(use: RuleUse) -> str:
    """Return how a table came to its answer, before the inputs; nothing for another rule."""
    tried = f" of {use.tried} tried" if use.tried is not None else ""
    match use.rows:
        case ():
            return "" if use.tried is None else "No row matched, so the default counts:"
        case (row,):
            return f"Row {row}{tried} matched:"
        case rows:
            return f"Rows {', '.join(map(str, rows))}{tried} matched:"


def _sentence(remark: str) -> str:
    return f"{remark[:1].upper()}{remark[1:].rstrip('.')}."
