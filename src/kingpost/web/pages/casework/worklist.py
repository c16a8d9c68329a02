"""The worklist: what I may act on, soonest term first."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from urllib.parse import urlencode

from kingpost.queries.flow import Flow
from kingpost.queries.open_work import OpenWork
from kingpost.queries.process import Process
from kingpost.queries.succession.coming import Coming
from kingpost.queries.worklist import View as Part
from kingpost.queries.worklist import Wanted, Worklist
from kingpost.web.figures import Metric, ProcessMap
from kingpost.web.form_pieces import Field, Option
from kingpost.web.pages import words
from kingpost.web.pages.casework.records import case_title, escalation, exception_title, term_clock
from kingpost.web.pages.casework.refusals import Titles
from kingpost.web.pages.figures.charts import flow_chart
from kingpost.web.pages.figures.maps import MapWish, live_map, slow_steps
from kingpost.web.pages.frame import View
from kingpost.web.pages.keys import Keys
from kingpost.web.pages.paging import pager
from kingpost.web.pages.places import succession_url
from kingpost.web.pieces import Act, Chip, Empty, Link, Pill, Tab, Tone
from kingpost.web.presenters import Head, TaskGroup, TaskRow, WorklistPage

_PARTS = (
    (Part.ALL, "All open"),
    (Part.OVERDUE, "Overdue"),
    (Part.DUE_TODAY, "Due today"),
    (Part.MINE, "Mine"),
    (Part.UNASSIGNED, "Unassigned"),
    (Part.BELOW, "Below me"),
    (Part.ESCALATED, "Escalated to me"),
)
# Shown only to those who have something there.
_SOMETIMES = frozenset((Part.BELOW, Part.ESCALATED))
_SLOW_MAX = 4
_ACTS = {"decision": "Decide", "review": "Review", "confirmation": "Look"}


def worklist_page(
    view: View,
    found: Worklist,
    wanted: Wanted,
    process: Process | None,
    flow: Flow,
    coming: Sequence[Coming] = (),
) -> WorklistPage:
    """Return the page.

    process: the one most of the rows belong to, or None. coming: posts that are new to the reader.
    """
    filtered = bool(wanted.step or wanted.text or wanted.view is not Part.ALL)
    return WorklistPage(
        head=_head(view, found, wanted, process, coming),
        tabs=tuple(
            _tab(part, title, found, wanted)
            for part, title in _PARTS
            if part not in _SOMETIMES or part is wanted.view or found.counts.get(part)
        ),
        groups=_groups(view, found),
        pager=pager(found.page, lambda number: _url(wanted, page=number)),
        empty=_empty(view, found, filtered=filtered),
        map=_strip(process, wanted) if process else None,
        chips=_chips(view, wanted),
        clear_url="/work" if filtered else "",
        filters=_filters(view, found, wanted),
        metrics=(
            Metric("Completed", words.number(flow.closed), swatch="solid"),
            Metric("Arrived", words.number(flow.started), swatch="dashed"),
        ),
        flow=flow_chart(flow, view.zone),
        slow=slow_steps(process, _SLOW_MAX) if process else (),
        risks=False,
    )


def task_row(view: View, work: OpenWork, keys: Keys) -> TaskRow:
    """Return open work as a row."""
    url = f"/tasks/{work.id}"
    there = confirm_url(work) or f"{url}?case={work.number}&step={work.step}"
    held = exception_title(view, work.workflow, work.suspended)
    claim = Act(
        "Claim",
        f"{url}/assign",
        "person-add",
        post=True,
        key=keys.next(),
        fields=(
            ("mine", "yes"),
            ("back", view.path),
            ("workflow", work.workflow),
            ("case", work.number),
            ("step", work.step),
        ),
    )
    of_two = work.kind in {"review", "confirmation"}
    free = work.person is None and not (work.is_awaited or held or of_two)
    return TaskRow(
        id=str(work.id),
        title=case_title(view.program.model, work.workflow, work.titles),
        code=work.number,
        url=there,
        task=_task_title(view, work),
        note=f"Held: {held}" if held else " · ".join(_notes(view, work)),
        clock=term_clock(view, work.term, held),
        act=Act(_ACTS.get(work.kind, "Open"), there),
        owner=words.person(work.person, work.person_name) if work.person else None,
        claim=claim if free else None,
    )


def confirm_url(work: OpenWork) -> str:
    """Return where something is confirmed that another proposes; empty for other work."""
    if work.waiting is None:
        return ""
    if work.waiting.override:
        return f"/tasks/{work.waiting.task}/override/confirm"
    return f"/cases/{work.number}/repair/proposed"


def _task_title(view: View, work: OpenWork) -> str:
    waits, step = work.waiting, work.step_title
    if waits is None:
        return f"Review of an override: {step}" if work.kind == "review" else step
    wanted = step
    if waits.outcome:
        wanted = Titles(view.program.model, work.workflow).outcome(work.step, waits.outcome)
    if waits.override:
        return f"Confirm an override: {wanted}"
    return f"Confirm a repair: {wanted}" if wanted else "Confirm a repair"


def _notes(view: View, work: OpenWork) -> Iterator[str]:
    if work.waiting is not None:
        yield f"{work.waiting.person_name} asks"
        return
    if work.post is not None:
        yield view.post_title(work.post)
    if work.told:
        yield escalation(view, work)
    if work.declined:
        yield "Declined by the second person"


def _head(
    view: View,
    found: Worklist,
    wanted: Wanted,
    process: Process | None,
    coming: Sequence[Coming],
) -> Head:
    facts = [Link(words.plural(found.counts.get(Part.ALL, 0), "task") + " open to you")]
    if process is not None:
        in_flight = words.plural(process.card.in_flight, "case") + " in flight"
        facts.append(Link(in_flight, f"/cases?is_open=yes&workflow={process.card.workflow}"))
    facts += [Link(f"what goes with {item.title}", succession_url(item.post)) for item in coming]
    facts.append(Link(f"model {view.program.version[:8]}"))
    return Head(
        "My worklist",
        tuple(facts),
        (
            Act("Export CSV", _url(wanted, path="/work.csv", always=True), "download"),
            Act("New case", "/start", "plus", primary=True),
        ),
        words.moment(found.as_at, view.now, view.zone),
    )


def _tab(part: Part, title: str, found: Worklist, wanted: Wanted) -> Tab:
    url = _url(Wanted(part, wanted.workflow, wanted.step, wanted.text), always=True)
    return Tab(title, url, part is wanted.view, words.number(found.counts.get(part, 0)))


def _url(wanted: Wanted, page: int = 1, *, path: str = "/work", always: bool = False) -> str:
    """Return the address of a view. always: name the view even when it is the usual one."""
    chosen = {
        "view": "" if wanted.view is Part.ALL and not always else wanted.view.value,
        "workflow": wanted.workflow,
        "step": wanted.step,
        "text": wanted.text,
        "page": str(page) if page > 1 else "",
    }
    query = urlencode({name: value for name, value in chosen.items() if value})
    return f"{path}?{query}" if query else path


def _groups(view: View, found: Worklist) -> tuple[TaskGroup, ...]:
    keys = Keys()
    midnight = view.now.astimezone(view.zone).replace(hour=0, minute=0, second=0, microsecond=0)
    tomorrow = midnight + timedelta(days=1)
    heaps: dict[str, list[TaskRow]] = {"Overdue": [], "Due today": [], "Later": []}
    for work in found.page.rows:
        due = work.term.due_at if work.term else None
        if due is not None and due < view.now:
            name = "Overdue"
        elif due is not None and due < tomorrow:
            name = "Due today"
        else:
            name = "Later"
        heaps[name].append(task_row(view, work, keys))
    tones: dict[str, Tone] = {"Overdue": "late", "Due today": "risk", "Later": "neutral"}
    return tuple(
        TaskGroup(name, words.number(len(rows)), Pill(name, tones[name]), tuple(rows))
        for name, rows in heaps.items()
        if rows
    )


def _empty(view: View, found: Worklist, *, filtered: bool) -> Empty:
    if filtered:
        open_now = words.plural(found.counts.get(Part.ALL, 0), "task")
        text = f"{open_now} open to you, and none of them fits."
        return Empty("Nothing matches", text, Link("Clear filters", "/work"), "filter")
    if not view.reader.holdings:
        text = "You hold no post, so no work is addressed to you. Ask whoever keeps the register."
        return Empty("No post", text, Link("Posts and people", "/org"), "person")
    text = "No task is open for your posts. New ones appear here by themselves."
    return Empty("All done", text, icon="check")


def _strip(process: Process, wanted: Wanted) -> ProcessMap:
    workflow = process.card.workflow

    def link(kind: str, name: str) -> str:
        if kind == "step":
            return _url(Wanted(workflow=workflow, step=name))
        return f"/cases?workflow={workflow}&exception={name}&is_open=yes"

    return live_map(process, MapWish("map", "Where cases are now", link, chosen=wanted.step))


def _chips(view: View, wanted: Wanted) -> tuple[Chip, ...]:
    chips: list[Chip] = []
    if wanted.step:
        chips.append(
            Chip(
                f"Step: {_step_title(view, wanted.step)}",
                _url(Wanted(wanted.view, text=wanted.text)),
            )
        )
    if wanted.text:
        url = _url(Wanted(wanted.view, wanted.workflow, wanted.step))
        chips.append(Chip(f"Text: {wanted.text}", url))
    return tuple(chips)


def _filters(view: View, found: Worklist, wanted: Wanted) -> tuple[Field, ...]:
    steps = tuple(
        Option(step, f"{_step_title(view, step)} ({words.number(count)})", step == wanted.step)
        for (_, step), count in sorted(found.steps.items())
    )
    return (
        Field("choice", "step", "Step", wanted.step, required=False, options=steps),
        Field("text", "text", "Number or title", wanted.text, required=False),
    )


def _step_title(view: View, step: str) -> str:
    for workflow in view.program.model.workflows.values():
        declared = workflow.work(step)
        if declared is not None:
            return declared.title
    return step
