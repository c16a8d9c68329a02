"""Alarms as a table: what nobody who is there can do, whom it concerns, and what to do."""

from urllib.parse import urlencode

from kingpost.queries.alarms.alarm import Alarm, AlarmKind, Alarms
from kingpost.web.pages import words
from kingpost.web.pages.frame import View
from kingpost.web.pieces import Cell, Column, Empty, Table

_NAMES = {
    AlarmKind.VACANT: "Vacant",
    AlarmKind.AWAY: "Everybody is away",
    AlarmKind.NOBODY: "Reaches nobody",
    AlarmKind.UNDECIDED: "Nobody may decide it",
    AlarmKind.NOT_SEPARATE: "Nobody is separate",
    AlarmKind.TOO_FEW: "Too few are there",
    AlarmKind.UNREVIEWED: "Review overdue",
}


def alarms_table(view: View, found: Alarms) -> Table:
    """Return the alarms as a table, or what stands there without any."""
    empty = Empty(
        "No alarm",
        "Every post that has something to do is filled, and all work reaches somebody.",
        icon="check",
    )
    columns = ("About", "What is wrong", "Since", "Whom it concerns", "What to do")
    rows = tuple(_row(view, alarm) for alarm in found.alarms)
    return Table("Alarms", tuple(map(Column, columns)), rows, empty)


def _row(view: View, alarm: Alarm) -> tuple[Cell, ...]:
    since = words.moment(alarm.since, view.now, view.zone).text if alarm.since else "Never held"
    until = words.moment(alarm.until, view.now, view.zone).text if alarm.until else ""
    concerned = ", ".join(map(view.post_title, alarm.concerns))
    return (
        Cell(_title(view, alarm), _url(alarm), _NAMES[alarm.kind]),
        Cell(alarm.what, note=_numbers(alarm)),
        Cell(since, note=f"until {until}" if until else ""),
        Cell(concerned or "Whoever keeps the register"),
        Cell(alarm.remedy),
    )


def _title(view: View, alarm: Alarm) -> str:
    if not alarm.workflow:
        return view.post_title(alarm.post)
    workflow = view.program.model.workflows.get(alarm.workflow)
    if not alarm.step:
        return workflow.title if workflow else alarm.workflow
    step = workflow.step(alarm.step) if workflow else None
    return step.title if step else alarm.step


def _url(alarm: Alarm) -> str:
    if not alarm.workflow:
        return f"/org/posts/{alarm.post}"
    if alarm.work == 1 and alarm.numbers:
        return f"/cases/{alarm.numbers[0]}"
    return "/cases?" + urlencode({"workflow": alarm.workflow, "step": alarm.step})


def _numbers(alarm: Alarm) -> str:
    rest = alarm.work - len(alarm.numbers)
    more = f" and {words.number(rest)} more" if rest else ""
    return ", ".join(alarm.numbers) + more if alarm.numbers else ""
