"""The model of the company: every part on a page, as it is now or was."""

from collections.abc import Mapping
from itertools import pairwise
from urllib.parse import quote

from starlette.datastructures import FormData
from starlette.responses import Response

from kingpost.handbook.addressing import Place
from kingpost.handbook.book import Book
from kingpost.handbook.contents import page_at
from kingpost.planning.difference import Difference
from kingpost.queries.changes.versions import (
    RUNNING,
    ModelVersion,
    NoVersionError,
    Versions,
    read_versions,
)
from kingpost.web.pages.frame import View, frame
from kingpost.web.pages.looking.model import model_page
from kingpost.web.pages.looking.trial import Trial, trial
from kingpost.web.pages.places import MODEL
from kingpost.web.pages.problems import not_found
from kingpost.web.pieces import Link
from kingpost.web.routes.signed import query_of
from kingpost.web.serving.answer import render
from kingpost.web.serving.model_cache import ModelCache

# Of how many versions, the newest first, the changes to an element are looked for.
_LOOKED_MAX = 20
_WRITTEN_MAX = 200


def try_rule(view: View, form: FormData) -> Response:
    """Show what a rule answers to what was typed, which stands in no address."""
    typed = {name: value for name, value in form.items() if isinstance(value, str)}
    return model(view, typed)


def model(view: View, typed: Mapping[str, str] | None = None) -> Response:
    """Show a page of the model that runs, or of the version that `version` names.

    typed: what a rule is tried on.
    """
    path: str = view.request.path_params.get("path", "") or "index"
    written = (typed or query_of(view)).get("version", "")[:_WRITTEN_MAX]
    versions = read_versions(view.company.database, view.company.content)
    try:
        version = versions.find(written or RUNNING)
    except NoVersionError:
        return not_found(view, "version", written)
    cache: ModelCache = view.request.app.state.model_cache
    place = Place(MODEL, f"?version={quote(written)}" if written else "")
    kept = view.company.program(version.digest).model
    book = Book(kept, cache.links(version.digest), place=place)
    told = page_at(book, path)
    if told is None:
        return not_found(view, "part of the model", path)
    past = _past(cache, versions, version, told.address) if told.address else ()
    tried = _tried(cache, version.digest, path, typed or {}, written)
    shown = model_page(view, book, told, version, past, tried)
    crumbs = () if path == "index" else (Link("Model", MODEL + place.ending),)
    shell = frame(view, told.title if crumbs else "Model", MODEL, *crumbs)
    return render(view.request, "model.html", shown, shell=shell)


def _tried(
    cache: ModelCache, version: str, path: str, typed: Mapping[str, str], written: str
) -> Trial | None:
    kind, _, name = path.partition("/")
    if kind != "rule":
        return None
    return trial(cache.rules(version), name, typed, f"{MODEL}{path}#try", written)


def _past(
    cache: ModelCache, versions: Versions, version: ModelVersion, part: str
) -> tuple[tuple[ModelVersion, tuple[Difference, ...]], ...]:
    """Return the versions, up to one, that changed an element, each with what it changed."""
    until = [item for item in versions.found if item.number <= version.number][: _LOOKED_MAX + 1]
    found = (
        (after, cache.changes(before.digest, after.digest).get(part, ()))
        for after, before in pairwise(until)
    )
    return tuple((item, told) for item, told in found if told)
