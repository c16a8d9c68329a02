"""The page of one case, by its tabs."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TypeAlias

from kingpost.insight.diagram import BARS
from kingpost.insight.process_graph import Stop, graph_of
from kingpost.queries.case_page import CasePage as Found
from kingpost.queries.history.timeline import Event
from kingpost.web.figures import ProcessMap
from kingpost.web.map_view import StepFigure
from kingpost.web.pages import words
from kingpost.web.pages.casework.records import (
    answering_row,
    case_title,
    exception_title,
    record_facts,
    state_pill,
    term_clock,
    timeline,
)
from kingpost.web.pages.casework.repairs import repair_acts
from kingpost.web.pages.casework.worklist import task_row
from kingpost.web.pages.figures.maps import path_map
from kingpost.web.pages.frame import View
from kingpost.web.pages.keys import Keys
from kingpost.web.pieces import Act, Link, Pill, Tab, Tone
from kingpost.web.presenters import CaseHead, CasePage
from kingpost.web.record_pieces import Fact, FactGroup, TraceRow

Doings: TypeAlias = tuple[tuple[Act, ...], tuple[tuple[str, str], ...]]

TABS = (("timeline", "Timeline"), ("data", "Data"), ("trace", "Trace"), ("map", "Map"))
_KINDS = (
    "decided", "voted", "completed", "recorded", "raised", "resolved", "delivered", "expired",
    "warned", "escalated", "answered", "reported", "failed", "retried",
    "proposed", "repaired", "carried", "asked", "overridden", "lapsed", "declined",
    "reviewed",
)  # fmt: skip
_DUTY_TONES: dict[str, Tone] = {
    "met": "good",
    "late": "late",
    "missing": "late",
    "owed": "neutral",
    "lifted": "neutral",
    "spared": "neutral",
}
_DUTY_WORDS = {"met": "Met", "late": "Met late", "missing": "Missing", "owed": "Owed"}


def case_page(
    view: View, found: Found, tab: str, kind: str, waiting: Doings = ((), ())
) -> CasePage:
    """Return the page. tab: one of TABS. kind: of events to show; empty for all.

    waiting: what the reader may do, and may not, about an override that waits to be confirmed.
    """
    keys = Keys()
    url = f"/cases/{found.number}"
    answering = [answering_row(view, "Answers for the process", found.owner)]
    shown = [event for event in found.events if not kind or event.kind == kind]
    acts, blocked = repair_acts(view, found)
    return CasePage(
        case=_head(view, found),
        tabs=tuple(
            Tab(title, f"{url}/{name}", name == tab, _tab_count(name, found))
            for name, title in TABS
        ),
        acts=(*waiting[0], *acts),
        blocked=(*waiting[1], *blocked),
        answering=tuple(answering),
        open_tasks=tuple(task_row(view, work, keys) for work in found.work),
        days=timeline(view, found.workflow, tuple(shown)) if tab == "timeline" else (),
        kinds=_kinds(url, found.events, kind) if tab == "timeline" else (),
        data=(record_facts(view, found.workflow, found.record), _about(view, found))
        if tab == "data"
        else (),
        trace=_trace(view, found) if tab == "trace" else (),
        path=_path(view, found) if tab == "map" else None,
        facts=(*_chain(found), _proof(found)),
    )


def _head(view: View, found: Found) -> CaseHead:
    held = next((item.suspended for item in found.standings if item.suspended), None)
    steps = list(dict.fromkeys(work.step_title for work in found.work))
    posts = list(dict.fromkeys(view.post_title(work.post) for work in found.work if work.post))
    takers = {work.person: work.person_name for work in found.work if work.person}
    closed = (
        f"Closed {words.moment(found.closed_at, view.now, view.zone).text}"
        if found.closed_at
        else ""
    )
    return CaseHead(
        title=case_title(view.program.model, found.workflow, found.titles),
        code=found.number,
        url=f"/cases/{found.number}",
        kind=found.workflow_title,
        state=state_pill(view, found.workflow, found.state),
        clock=term_clock(view, found.term, exception_title(view, found.workflow, held)),
        owner=next((words.person(*taker) for taker in takers.items()), None),
        post=" · ".join(posts) or found.owner.title,
        step=" · ".join(steps) or closed,
        is_open=bool(found.work),
    )


def _tab_count(name: str, found: Found) -> str:
    return words.number(len(found.events)) if name == "timeline" else ""


def _kinds(url: str, events: tuple[Event, ...], chosen: str) -> tuple[Tab, ...]:
    there = {event.kind for event in events}
    each = (
        Tab(
            words.title_of(kind),
            f"{url}/timeline?kind={kind}",
            kind == chosen,
            words.number(sum(event.kind == kind for event in events)),
        )
        for kind in _KINDS
        if kind in there
    )
    return (Tab("All", f"{url}/timeline", not chosen, words.number(len(events))), *each)


def _about(view: View, found: Found) -> FactGroup:
    facts = [
        Fact("Started", words.moment(found.started_at, view.now, view.zone).full),
        Fact("State", found.state_title),
        Fact("In this state since", words.moment(found.state_since, view.now, view.zone).full),
    ]
    if found.closed_at is not None:
        facts.append(Fact("Closed", words.moment(found.closed_at, view.now, view.zone).full))
    facts.append(Fact("Model version", found.model[:12]))
    return FactGroup("The case", tuple(facts))


def _chain(found: Found) -> tuple[FactGroup, ...]:
    """Return the cases around this one: the one that has begun it, and those that it begins."""
    facts: list[Fact] = []
    above = found.parent
    if above is not None and above.number is not None:
        url = f"/cases/{above.number}"
        facts.append(Fact("Begun by", above.number, url, above.step_title))
    for below in found.children:
        number, stands = below.number, below.state_title or ""
        if number is None:
            number = "A case"
            stands = f"cannot begin: {below.cause}" if below.cause else "about to begin"
        url = f"/cases/{number}" if below.number else ""
        facts.append(Fact(below.step_title, number, url, stands))
    return (FactGroup("Cases around it", tuple(facts)),) if facts else ()


def _proof(found: Found) -> FactGroup:
    whole = found.chain.fault is None
    fault = found.chain.fault or ""
    return FactGroup(
        "Proof",
        (
            Fact("History", "Whole" if whole else f"Broken: {fault}", note="checked just now"),
            Fact("Events", words.number(found.chain.events), number=True),
            Fact("Head", found.chain.head[:16]),
        ),
    )


def _trace(view: View, found: Found) -> tuple[TraceRow, ...]:
    trace = found.trace
    rows = [
        TraceRow(
            "Objective",
            (Link(item.title, f"/objectives#{item.id}"),),
            note=f"answered for by {item.owner.title}: {_holders(item.owner.holders)}",
        )
        for item in reversed(trace.objectives)
    ]
    rows.extend(
        TraceRow("Value stream", (Link(item.stream_title),), note=f"stage {item.title}")
        for item in trace.stages
    )
    rows.append(
        TraceRow(
            "Process",
            (Link(found.workflow_title, f"/processes/{found.workflow}"),),
            note=f"answered for by {found.owner.title}: {_holders(found.owner.holders)}",
        )
    )
    rows.append(
        TraceRow("Case", (Link(found.number, f"/cases/{found.number}"),), found.state_title)
    )
    rows.extend(
        TraceRow(
            "Obligation",
            (Link(duty.title, f"/obligations/{duty.obligation}"),),
            note=f"{_framework(view, duty.framework)} {duty.clause}"
            + (
                f", due {words.moment(duty.due_at, view.now, view.zone).text}"
                if duty.due_at
                else ""
            ),
            state=Pill(_DUTY_WORDS.get(duty.status, duty.status), _DUTY_TONES[duty.status]),
            gap="No evidence was made." if duty.status == "missing" else "",
        )
        for duty in trace.duties
        if duty.status not in {"lifted", "spared"}
    )
    return tuple(rows)


def _framework(view: View, name: str) -> str:
    found = view.program.model.frameworks.get(name)
    return found.title if found else name


def _holders(holders: tuple[object, ...]) -> str:
    names = [str(getattr(holder, "name", "")) for holder in holders]
    if not names:
        return "nobody now"
    return names[0] if len(names) == 1 else words.plural(len(names), "holder")


def _path(view: View, found: Found) -> ProcessMap | None:
    """Return the map with the way that the case took: how often, and how long at each step."""
    flow = view.company.program(found.model).workflows.get(found.workflow)
    if flow is None:
        return None
    here = {item.step for item in found.standings}
    times = _times(found, view.now)
    figures = {stop.id: _stop(stop, here, times) for stop in graph_of(flow.workflow).stops}
    return path_map(graph_of(flow.workflow), figures, "Where this case is, and the way it took")


def _stop(stop: Stop, here: set[str], times: Mapping[str, list[timedelta]]) -> StepFigure:
    visits = times.get(stop.step.id, []) if stop.step and stop.kind not in BARS else []
    total = sum(visits, timedelta())
    count = f"{len(visits)}×" if visits else ""
    spent = words.duration(total) if total else ""
    spoken = f"{stop.title}: {words.plural(len(visits), 'time')}" + (f", {spent}" if spent else "")
    if stop.kind == "end":
        count, spent = ("reached" if visits else ""), ""
    is_here = stop.step is not None and stop.step.id in here
    return StepFigure(stop.title, spoken, count=count, figure=spent, chosen=is_here)


def _times(found: Found, now: datetime) -> Mapping[str, list[timedelta]]:
    """Return how long the case was at each step, once for each time that it came there."""
    times: dict[str, list[timedelta]] = {}
    since: dict[str, datetime] = {}
    for event in found.events:
        for step in event.entered:
            since[step] = event.at
        for step in event.left:
            times.setdefault(step, []).append(event.at - since.pop(step, event.at))
    for step, at in since.items():
        times.setdefault(step, []).append(now - at)
    return times
