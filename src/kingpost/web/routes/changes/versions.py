"""Versions of the model, and what each changed."""

from starlette.responses import Response

from kingpost.model.parts.links import links_of
from kingpost.planning.difference import differences
from kingpost.queries.changes.versions import NoVersionError, Versions, read_versions
from kingpost.queries.page import cut
from kingpost.web.pages.changes.versions import version_page, versions_page
from kingpost.web.pages.frame import View, frame
from kingpost.web.pages.problems import not_found
from kingpost.web.pieces import Link
from kingpost.web.routes.signed import page_number
from kingpost.web.serving.answer import render

# Each is compared with the one before, which takes longer the larger the model is.
_LISTED = 20


def versions(view: View) -> Response:
    """Show every version that took effect."""
    every = _every(view)
    page = cut(every.found, page_number(view), _LISTED)
    changed = {item.number: len(every.changes(item)) for item in page.rows}
    shown = versions_page(view, page, changed)
    shell = frame(view, "Versions", "/versions", Link("Design"))
    return render(view.request, "change.html", shown, shell=shell)


def version(view: View) -> Response:
    """Show one version by its number, digest or day, and what it changed in the one before."""
    name: str = view.request.path_params["version"]
    every = _every(view)
    try:
        found = every.find(name)
    except NoVersionError:
        return not_found(view, "version", name)
    earlier = every.before(found)
    after = every.model(found)
    before = after if earlier is None else every.model(earlier)
    told, sides = differences(before, after), (links_of(before), links_of(after))
    page = version_page(view, found, earlier, told, sides)
    crumbs = (Link("Versions", "/versions"),)
    shell = frame(view, page.head.title, "/versions", *crumbs)
    return render(view.request, "change.html", page, shell=shell)


def _every(view: View) -> Versions:
    return read_versions(view.company.database, view.company.content)
