"""Rows of a list as text that spreadsheets read: what the page shows, all of it, times in ISO."""

import csv
import io
from collections.abc import Iterable
from datetime import UTC, datetime

from kingpost.queries.cases import CaseList, CaseRow
from kingpost.queries.open_work import OpenWork
from kingpost.queries.worklist import Worklist
from kingpost.web.pages.casework.records import case_title, exception_title
from kingpost.web.pages.frame import View

# A spreadsheet takes a cell that begins so for a formula. Source: OWASP, CSV Injection.
_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n")
# Without it a spreadsheet reads UTF-8 as something older.
_MARK = "\ufeff"


def cases_csv(view: View, found: CaseList) -> str:
    """Return cases, with the columns of their page."""
    head = ("Case", "Number", "Process", "State", "Where", "Post", "Due", "Started", "Closed")
    return _written(head, (_case(view, row) for row in found.page.rows))


def work_csv(view: View, found: Worklist) -> str:
    """Return open work, with what its page tells."""
    head = ("Case", "Number", "Process", "Task", "Post", "Person", "Opened", "Due", "Held by")
    return _written(head, (_work(view, item) for item in found.page.rows))


def _case(view: View, row: CaseRow) -> tuple[str, ...]:
    steps = row.steps
    return (
        case_title(view.program.model, row.workflow, row.titles),
        row.number,
        _process(view, row.workflow),
        row.state_title,
        " · ".join(dict.fromkeys(step.title for step in steps)) or "Closed",
        ", ".join(dict.fromkeys(view.post_title(step.post) for step in steps if step.post)),
        _time(row.due_at),
        _time(row.started_at),
        _time(row.closed_at),
    )


def _work(view: View, item: OpenWork) -> tuple[str, ...]:
    model = view.program.model
    return (
        case_title(model, item.workflow, item.titles),
        item.number,
        _process(view, item.workflow),
        item.step_title,
        view.post_title(item.post),
        item.person_name or item.person or "",
        _time(item.opened_at),
        _time(item.term.due_at if item.term else None),
        exception_title(view, item.workflow, item.suspended) if item.suspended else "",
    )


def _process(view: View, workflow: str) -> str:
    known = view.program.model.workflows.get(workflow)
    return known.title if known else workflow


def _time(at: datetime | None) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds") if at else ""


def _written(head: Iterable[str], rows: Iterable[tuple[str, ...]]) -> str:
    text = io.StringIO()
    text.write(_MARK)
    writer = csv.writer(text)
    writer.writerow(head)
    writer.writerows(tuple(map(_harmless, row)) for row in rows)
    return text.getvalue()


def _harmless(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULAS) else text
