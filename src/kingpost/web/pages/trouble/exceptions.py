"""The page of exceptions: grouped by cause, one by one, and chosen to be acted on together."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from urllib.parse import urlencode

from kingpost.engine.batches.acting import END, GIVE_UP, ITEMS_MAX, RETRY
from kingpost.model.workflow import BUILT_IN
from kingpost.queries.trouble.batches import Unfinished
from kingpost.queries.trouble.exceptions import PAUSED, Exceptions, Group, Sought, Trouble
from kingpost.queries.trouble.reviews import OverdueReview
from kingpost.web.form_pieces import Field, Option
from kingpost.web.overviews import CaseList, Choosing, ExceptionsPage
from kingpost.web.pages import words
from kingpost.web.pages.casework.refusals import Titles, sentence
from kingpost.web.pages.frame import View
from kingpost.web.pages.paging import pager
from kingpost.web.pieces import Cell, Chip, Column, Empty, Link, Pill, Tab, Table
from kingpost.web.presenters import Head

# Of the address: each names what of the exceptions is shown.
FILTERS = ("workflow", "kind", "step", "post", "cause")
_TITLES = {"workflow": "Process", "kind": "Kind", "step": "Step", "post": "Post", "cause": "Why"}
_OWN = frozenset(exception.id for exception in BUILT_IN)
_GROUPS = (
    *map(Column, ("Kind", "Process", "Why")),
    Column("How many", number=True),
    *map(Column, ("Oldest", "Next due")),
)
_ROWS = tuple(map(Column, ("Case", "Kind", "Why", "Since", "Due", "Answers for it")))
_REVIEWS = tuple(map(Column, ("Case", "Due", "Reviewed by", "Holds back")))
_QUIET = Empty("Nothing is held up", "What goes wrong is listed here, with who answers for it.")
_NOT_MINE = Empty("Nothing that you answer for is held up", "What others answer for is under All.")


def sought_of(query: Mapping[str, str]) -> Sought:
    """Return what an address, or a form with the same names, asks for."""
    cause = query.get("cause")
    return Sought(
        query.get("whose") != "all",
        *(query.get(name, "") for name in ("workflow", "kind", "step", "post")),
        # No cause at all is one, too: `cause=-`.
        cause=None if not cause else "" if cause == "-" else cause,
    )


def exceptions_page(
    view: View,
    found: Exceptions,
    query: Mapping[str, str],
    unfinished: tuple[Unfinished, ...] = (),
    error: str = "",
    reviews: tuple[OverdueReview, ...] = (),
) -> ExceptionsPage:
    """Return the page. query: as it stands in the address. error: why nothing was done.

    reviews: those that are overdue, whoever answers for them.
    """
    total = words.plural(found.page.total, "exception")
    return ExceptionsPage(
        Head("Exceptions", (Link(total),), (), words.moment(found.as_at, view.now, view.zone)),
        Table(
            "What is held up, by cause",
            _GROUPS,
            tuple(_group(view, each, query) for each in found.groups),
        ),
        _list(view, found, query),
        _choosing(found, query, error),
        tuple(
            Link(
                f"{act_words(each.act)}: {words.plural(each.left, 'item')} not tried yet",
                f"/exceptions/acts/{each.id}",
            )
            for each in unfinished
        ),
        Table(
            "Overdue reviews of overrides",
            _REVIEWS,
            tuple(_review(view, each) for each in reviews),
        )
        if reviews
        else None,
    )


def _review(view: View, each: OverdueReview) -> tuple[Cell, ...]:
    return (
        Cell(each.number, f"/tasks/{each.id}", note=each.step_title),
        _due(view, each.due_at),
        Cell(each.post),
        Cell(each.by, note="overrides nothing more until it is made"),
    )


def act_words(act: str, endings: Mapping[str, str] | None = None) -> str:
    """Return what an act does. endings: titles by id, where they are known."""
    if act == RETRY:
        return "Try again"
    if act == GIVE_UP:
        return "Give up"
    ending = act.removeprefix(END)
    return f"End it: {(endings or {}).get(ending, words.title_of(ending))}"


def _url(query: Mapping[str, str], **changed: str) -> str:
    kept = ("whose", *FILTERS, "page")
    whole = {**query, **changed}
    chosen = {name: whole[name] for name in kept if whole.get(name)}
    return f"/exceptions?{urlencode(chosen)}" if chosen else "/exceptions"


def _group(view: View, group: Group, query: Mapping[str, str]) -> tuple[Cell, ...]:
    there = _url(query, workflow=group.workflow, kind=group.kind, cause=group.cause or "-", page="")
    return (
        Cell(group.title, there),
        Cell(group.workflow_title),
        Cell(sentence(group.cause) if group.cause else "–"),
        Cell(words.number(group.count), number=True),
        Cell(words.duration(view.now - group.oldest)),
        _due(view, group.soonest),
    )


def _due(view: View, ends: datetime | None) -> Cell:
    if ends is None:
        return Cell("–")
    text = words.moment(ends, view.now, view.zone).text
    return Cell("", pill=Pill(text, "late", "alert")) if ends < view.now else Cell(text)


def _list(view: View, found: Exceptions, query: Mapping[str, str]) -> CaseList:
    chips = tuple(
        Chip(
            f"{_TITLES[name]}: {_said(view, found, name, query[name])}",
            _url(query, **{name: "", "page": ""}),
        )
        for name in FILTERS
        if query.get(name)
    )
    clear = _url(query, **dict.fromkeys((*FILTERS, "page"), ""))
    nothing = Empty(
        "Nothing matches", "Nothing fits these filters.", Link("Clear filters", clear), "filter"
    )
    rows = tuple(_row(view, each) for each in found.page.rows)
    mine = query.get("whose") != "all"
    quiet = _NOT_MINE if mine and found.all else _QUIET
    return CaseList(
        Table("Exceptions, the oldest first", _ROWS, rows, nothing if chips else quiet),
        pager(found.page, lambda number: _url(query, page=str(number))),
        (
            Tab("Mine", _url(query, whose="", page=""), mine, words.number(found.mine)),
            Tab("All", _url(query, whose="all", page=""), not mine, words.number(found.all)),
        ),
        chips,
        clear if chips else "",
    )


def _row(view: View, each: Trouble) -> tuple[Cell, ...]:
    again = ""
    if each.next_at is not None:
        again = f"next at {words.moment(each.next_at, view.now, view.zone).text}"
    since = words.moment(each.since, view.now, view.zone).text
    return (
        Cell(
            each.number,
            f"/tasks/{each.id}",
            note=each.step_title,
            pick=str(each.id) if each.own else "",
        ),
        Cell(each.title),
        Cell(sentence(each.cause) if each.cause else "–", note=again),
        Cell(words.duration(view.now - each.since), note=f"since {since}"),
        _due(view, each.ends_at),
        Cell(view.post_title(each.post) if each.post else "–"),
    )


def _said(view: View, found: Exceptions, name: str, value: str) -> str:
    if name == "workflow" and value in view.program.model.workflows:
        return view.program.model.workflows[value].title
    if name == "kind":
        return next((each.title for each in found.groups if each.kind == value), value)
    if name == "cause":
        return "none" if value == "-" else sentence(value)
    if name == "post":
        return view.post_title(value)
    for workflow in view.program.model.workflows:
        said = Titles(view.program.model, workflow).step(value)
        if said != words.title_of(value):
            return said
    return value


def _choosing(found: Exceptions, query: Mapping[str, str], error: str) -> Choosing | None:
    """Return what may be done to those that are chosen; nothing where there are none of one's own.

    What is offered is for what is shown. Where it does not fit one that is chosen, that one is
    refused by itself.
    """
    acts = _acts(found.groups)
    if not any(each.own for each in found.page.rows) or not acts:
        return None
    chosen = query.get("act", "")
    options = tuple(
        Option(act, text, act == chosen or len(acts) == 1) for act, text in acts.items()
    )
    most = f" (the oldest {words.number(ITEMS_MAX)} at once)" if found.mine > ITEMS_MAX else ""
    every = f"All {words.number(found.mine)} of mine that match{most}" if found.mine > 1 else ""
    hidden = [(name, query[name]) for name in ("whose", *FILTERS) if query.get(name)]
    return Choosing(
        "/exceptions/look",
        tuple(hidden),
        every,
        Field("choice", "act", "What to do", options=options),
        Field("text", "reason", "Reason", query.get("reason", "")),
        "See what it does",
        error,
    )


def _acts(groups: Iterable[Group]) -> dict[str, str]:
    """Return what may be done, by act, each in words that name what it is for."""
    groups = tuple(groups)
    acts: dict[str, str] = {}
    if any(each.kind in _OWN or each.kind == PAUSED for each in groups):
        acts[RETRY] = "Try again"
    if any(each.kind == PAUSED for each in groups):
        acts[GIVE_UP] = "Give up: let calls fail that are still tried"
    endings: dict[str, dict[str, None]] = {}
    titles: dict[str, str] = {}
    for group in groups:
        for name, title in group.endings if group.kind not in _OWN else ():
            endings.setdefault(name, {})[group.title] = None
            titles.setdefault(name, title)
    for name, of in endings.items():
        acts[END + name] = f"End it: {titles[name]} ({', '.join(of)})"
    return acts
