"""The page of one case, by its tabs."""

from kingpost.queries.case_page import CasePage as Found
from kingpost.queries.history.timeline import Event
from kingpost.queries.process import Process
from kingpost.web.figures import ProcessMap
from kingpost.web.pages import words
from kingpost.web.pages.figures.maps import MapWish, live_map
from kingpost.web.pages.frame import View
from kingpost.web.pages.keys import Keys
from kingpost.web.pages.work.records import (
    answering_row,
    case_title,
    exception_title,
    record_facts,
    state_pill,
    term_clock,
    timeline,
)
from kingpost.web.pages.work.worklist import task_row
from kingpost.web.pieces import Link, Pill, Tab, Tone
from kingpost.web.presenters import CaseHead, CasePage
from kingpost.web.record_pieces import Fact, FactGroup, TraceRow

TABS = (("timeline", "Timeline"), ("data", "Data"), ("trace", "Trace"), ("map", "Map"))
_KINDS = ("decided", "completed", "recorded", "raised", "resolved", "delivered", "expired")
_DUTY_TONES: dict[str, Tone] = {
    "met": "good",
    "late": "late",
    "missing": "late",
    "owed": "neutral",
    "lifted": "neutral",
}
_DUTY_WORDS = {"met": "Met", "late": "Met late", "missing": "Missing", "owed": "Owed"}


def case_page(view: View, found: Found, tab: str, kind: str, process: Process | None) -> CasePage:
    """Return the page. tab: one of TABS. kind: of events to show; empty for all."""
    keys = Keys()
    url = f"/cases/{found.number}"
    answering = [answering_row(view, "Answers for the process", found.owner)]
    shown = [event for event in found.events if not kind or event.kind == kind]
    return CasePage(
        case=_head(view, found),
        tabs=tuple(
            Tab(title, f"{url}/{name}", name == tab, _tab_count(name, found))
            for name, title in TABS
        ),
        acts=(),
        answering=tuple(answering),
        open_tasks=tuple(task_row(view, work, keys) for work in found.work),
        days=timeline(view, found.workflow, tuple(shown)) if tab == "timeline" else (),
        kinds=_kinds(url, found.events, kind) if tab == "timeline" else (),
        data=(record_facts(view, found.workflow, found.record), _about(view, found))
        if tab == "data"
        else (),
        trace=_trace(view, found) if tab == "trace" else (),
        path=_path(found, process) if tab == "map" and process else None,
        facts=(_proof(found),),
    )


def _head(view: View, found: Found) -> CaseHead:
    held = next((item.suspended for item in found.standings if item.suspended), None)
    standing = found.standings[-1] if found.standings else None
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
        owner=None,
        post=view.post_title(standing.post) if standing and standing.post else found.owner.title,
        step=standing.title if standing else closed,
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
            (Link(item.title, "/objectives"),),
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
            note=f"{duty.framework} {duty.clause}"
            + (
                f", due {words.moment(duty.due_at, view.now, view.zone).text}"
                if duty.due_at
                else ""
            ),
            state=Pill(_DUTY_WORDS.get(duty.status, duty.status), _DUTY_TONES[duty.status]),
            gap="No evidence was made." if duty.status == "missing" else "",
        )
        for duty in trace.duties
        if duty.status != "lifted"
    )
    return tuple(rows)


def _holders(holders: tuple[object, ...]) -> str:
    names = [str(getattr(holder, "name", "")) for holder in holders]
    if not names:
        return "nobody now"
    return names[0] if len(names) == 1 else words.plural(len(names), "holder")


def _path(found: Found, process: Process) -> ProcessMap:
    here = found.standings[-1].step if found.standings else ""
    path = f"/processes/{found.workflow}"
    wish = MapWish(
        "path", "Where this case is", lambda kind, name: f"{path}?{kind}={name}", chosen=here
    )
    return live_map(process, wish)
