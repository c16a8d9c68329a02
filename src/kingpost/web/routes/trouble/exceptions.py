"""Exceptions: look at them, see what an act does to many, and carry it out in slices."""

from collections.abc import Mapping
from uuid import UUID

from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from kingpost.engine.batches import acting
from kingpost.engine.batches.acting import ITEMS_MAX, Batch, BatchKeyReusedError, Order
from kingpost.engine.batches.looking import look as look_at
from kingpost.queries.page import PAGE_SIZE, Page
from kingpost.queries.trouble.batches import read_items, read_unfinished
from kingpost.queries.trouble.exceptions import own_ids, read_exceptions
from kingpost.queries.trouble.reviews import read_overdue_reviews
from kingpost.web.pages.casework.refusals import sentence
from kingpost.web.pages.frame import View, frame
from kingpost.web.pages.problems import not_found, refused
from kingpost.web.pages.trouble.batches import LOOKED_AT_MAX, batch_page, is_act, look_page
from kingpost.web.pages.trouble.exceptions import FILTERS, exceptions_page, sought_of
from kingpost.web.pieces import Link
from kingpost.web.routes.signed import SEE_OTHER, page_number, query_of
from kingpost.web.serving.answer import render

_NO_TASK = UUID(int=0)


def exceptions(view: View) -> Response:
    """Show what is in trouble."""
    return _show(view, query_of(view))


def look(view: View, form: FormData) -> Response:
    """Show what an act would do to each of those that were chosen. Nothing is done yet."""
    query, order = _query(form), _order(view, form, _NO_TASK)
    error = _missing(order)
    if error:
        return _show(view, {**query, "act": order.act, "reason": order.reason}, error)
    first = Order(order.key, order.act, order.tasks[:LOOKED_AT_MAX], order.person, order.reason)
    prospects = look_at(view.company, first)
    chosen = [("task", str(task)) for task in order.tasks]
    every = [("all", "yes"), *query.items()]
    hidden = tuple(every if form.get("all") else chosen)
    page = look_page(view, order, prospects, hidden, "/exceptions")
    crumbs = (Link("Exceptions", "/exceptions"),)
    shell = frame(view, page.head.title, "/exceptions", *crumbs)
    return render(view.request, "batch.html", page, shell=shell)


def begin(view: View, form: FormData) -> Response:
    """Write down what is to be done, do the first of it, and show how far it came."""
    try:
        order = _order(view, form, UUID(str(form.get("key", ""))))
        refusal = _missing(order) or acting.begin(view.company, order)
    except (ValueError, BatchKeyReusedError):
        words = "This form was sent before with other content."
        return refused(view, words, back="/exceptions")
    if refusal:
        return refused(view, sentence(str(refusal)), back="/exceptions")
    return _go_on(view, order.key)


def go_on(view: View, _: FormData) -> Response:
    """Do what is left of a batch, for a while."""
    return _go_on(view, view.request.path_params["batch"])


def batch(view: View) -> Response:
    """Show what came of each item of a batch."""
    name: UUID = view.request.path_params["batch"]
    found, number = acting.find(view.company, name, view.visitor.person), page_number(view)
    if not isinstance(found, Batch):
        return not_found(view, "batch", str(name))
    rows = read_items(view.company.database, name, page=number)
    page = batch_page(view, found, Page(rows, found.items, number, PAGE_SIZE))
    crumbs = (Link("Exceptions", "/exceptions"),)
    shell = frame(view, page.head.title, "/exceptions", *crumbs)
    return render(view.request, "batch.html", page, shell=shell)


def _go_on(view: View, name: UUID) -> Response:
    found = acting.go_on(view.company, name, view.visitor.person)
    if not isinstance(found, Batch):
        return not_found(view, "batch", str(name))
    return RedirectResponse(f"/exceptions/acts/{name}", SEE_OTHER)


def _show(view: View, query: Mapping[str, str], error: str = "") -> Response:
    company, person = view.company, view.visitor.person
    found = read_exceptions(
        company.database,
        company.program,
        view.program,
        person,
        sought_of(query),
        acting_as=view.visitor.acting_as,
        page=page_number(view),
    )
    unfinished = read_unfinished(company.database, person)
    reviews = read_overdue_reviews(company.database, company.program)
    page = exceptions_page(view, found, query, unfinished, error, reviews)
    shell = frame(view, "Exceptions", "/exceptions", Link("Work"), topics="history")
    return render(view.request, "exceptions.html", page, shell=shell, status=422 if error else 200)


def _order(view: View, form: FormData, key: UUID) -> Order:
    """Return what a form asks for. Where all that match are meant, they are looked for now."""
    person, acting_as = view.visitor.person, view.visitor.acting_as
    tasks = _ids([str(each) for each in form.getlist("task")][:ITEMS_MAX])
    total = len(tasks)
    if form.get("all"):
        tasks, total = own_ids(
            view.company.database,
            view.program,
            person,
            sought_of(_query(form)),
            limit=ITEMS_MAX,
            acting_as=acting_as,
        )
    act, reason = str(form.get("act", "")), str(form.get("reason", "")).strip()
    return Order(key, act, tasks, person, reason, acting_as, total, bool(form.get("all")))


def _missing(order: Order) -> str:
    if not order.tasks:
        return "Choose at least one, or all that match."
    if not is_act(order.act):
        return "Choose what to do."
    return "" if order.reason else "Give the reason. It stands in the history of each case."


def _query(form: FormData) -> dict[str, str]:
    named = {name: str(form.get(name, ""))[:200] for name in ("whose", *FILTERS)}
    return {name: value for name, value in named.items() if value}


def _ids(texts: list[str]) -> tuple[UUID, ...]:
    found: list[UUID] = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return tuple(dict.fromkeys(found))
