"""One search over everything that has a name."""

from starlette.responses import RedirectResponse, Response

from kingpost.handbook.addressing import Place, Sight
from kingpost.handbook.finding import find
from kingpost.queries.cases import CaseFilter, list_cases
from kingpost.queries.organisation import list_people
from kingpost.web.pages.frame import View, frame
from kingpost.web.pages.looking.search import (
    Hit,
    Hits,
    case_hits,
    page_hits,
    part_hits,
    people_hits,
    search_page,
    start_hits,
)
from kingpost.web.pages.places import MODEL
from kingpost.web.pieces import Link
from kingpost.web.routes.signed import SEE_OTHER, query_of
from kingpost.web.routes.work import startable
from kingpost.web.serving.answer import render
from kingpost.web.serving.model_cache import ModelCache
from kingpost.web.shell import EntryGroup

_LISTED = 8
_OFFERED = 4
_PARTS_OFFERED = 6


def search(view: View) -> Response:
    """Show what is called so; with `offered`, the first few alone, while somebody types."""
    query = query_of(view)
    text, is_offered = query.get("q", "").strip(), "offered" in query
    shell = frame(view, "Search", "", Link("Work"))
    groups = _groups(view, text, shell.groups, is_offered=is_offered) if text else ()
    case = next((hit for group in groups for hit in group.hits if _is_case(hit, text)), None)
    if case is not None and not is_offered:
        return RedirectResponse(case.url, SEE_OTHER)
    page = search_page(text, groups)
    template = "parts/offered.html" if is_offered else "search.html"
    return render(view.request, template, page, shell=shell)


def _is_case(hit: Hit, text: str) -> bool:
    """Return whether somebody typed the number of a case, as a whole."""
    return hit.url == f"/cases/{text.upper()}"


def _groups(
    view: View, text: str, entries: tuple[EntryGroup, ...], *, is_offered: bool
) -> tuple[Hits, ...]:
    database, size = view.company.database, _OFFERED if is_offered else _LISTED
    cases = list_cases(database, view.program, CaseFilter(text=text), size=size)
    people = list_people(database, text=text, size=size)
    cache: ModelCache = view.request.app.state.model_cache
    sight = Sight(cache.links(view.program.version), "search", Place(MODEL, ""))
    parts = find(sight, text)
    found = (
        page_hits(text, entries),
        start_hits(text, ((item.id, item.title) for item in startable(view))),
        case_hits(view, text, cases),
        people_hits(view, text, people),
        part_hits(sight, parts, _PARTS_OFFERED) if is_offered else part_hits(sight, parts),
    )
    return tuple(group for group in found if group.hits)
