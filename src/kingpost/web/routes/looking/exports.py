"""Lists as files for spreadsheets: exactly what the page has under the same filters."""

import logging
from collections.abc import Callable
from typing import Any

from starlette.responses import Response

from kingpost.queries.cases import list_cases
from kingpost.queries.page import Page
from kingpost.queries.worklist import read_worklist
from kingpost.web.pages.frame import View
from kingpost.web.pages.looking.exports import cases_csv, work_csv
from kingpost.web.pages.problems import refused
from kingpost.web.pages.words import number
from kingpost.web.routes.signed import query_of
from kingpost.web.routes.work import cases_wanted, work_wanted

ROWS_MAX = 10_000
_TOO_MANY = 413
_log = logging.getLogger(__name__)


def cases(view: View) -> Response:
    """Answer with the cases that the filters let through."""
    found = list_cases(
        view.company.database, view.program, cases_wanted(query_of(view)), size=ROWS_MAX
    )
    return _answer(view, "cases", found.page, lambda: cases_csv(view, found))


def work(view: View) -> Response:
    """Answer with the open work of the reader."""
    found = read_worklist(
        view.company.database,
        view.program,
        view.visitor.person,
        work_wanted(query_of(view)),
        acting_as=view.visitor.acting_as,
        size=ROWS_MAX,
    )
    return _answer(view, "worklist", found.page, lambda: work_csv(view, found))


def _answer(view: View, name: str, page: Page[Any], write: Callable[[], str]) -> Response:
    if page.total > ROWS_MAX:
        told = f"There are {number(page.total)} rows, and a file holds {number(ROWS_MAX)} at most."
        back = view.path.replace(".csv", "", 1)
        return refused(
            view, f"{told} Narrow the list by its filters first.", back=back, status=_TOO_MANY
        )
    _log.info("%s exported %d rows of %s", view.visitor.person, len(page.rows), view.path)
    named = f"{name}-{view.now:%Y-%m-%dT%H%MZ}.csv"
    return Response(
        write(),
        media_type="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{named}"'},
    )
