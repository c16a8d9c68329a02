"""Plans of changes, and what came of them."""

from collections.abc import Callable
from uuid import UUID

from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from kingpost.decisions.consenting.judging import NotAgreed, Wish
from kingpost.decisions.consenting.proposal import Kind
from kingpost.engine.carrying.forecasting import Expected
from kingpost.engine.carrying.receipts import receipt
from kingpost.engine.change import NotCustodianError
from kingpost.engine.perform import KeyReusedError
from kingpost.engine.plans.applying import NotApplied, apply_plan, why_not_applied
from kingpost.engine.plans.foreseeing import foresee_plan
from kingpost.engine.plans.saving import (
    NoPlanError,
    PlanChangedError,
    Saved,
    cases_of,
    find_plan,
    find_plan_to_act_on,
    list_plans,
)
from kingpost.engine.proposals.acting import Act, act
from kingpost.engine.proposals.reading import choices, stands
from kingpost.model.parts.links import links_of
from kingpost.planning.difference import differences
from kingpost.queries.page import cut
from kingpost.web.pages.changes.plans import Outlook, plan_page, plans_page
from kingpost.web.pages.changes.proposals import Asked, consent
from kingpost.web.pages.frame import View, frame, waiting_for
from kingpost.web.pages.problems import not_found, refused
from kingpost.web.pieces import Link
from kingpost.web.routes.acts import text_of
from kingpost.web.routes.organisation import worded
from kingpost.web.routes.signed import SEE_OTHER, page_number
from kingpost.web.serving.answer import render


def plans(view: View) -> Response:
    """Show every plan that was saved."""
    page = cut(list_plans(view.company), page_number(view))
    shell = frame(view, "Plans", "/plans", Link("Design"))
    return render(
        view.request, "change.html", plans_page(view, page, waiting_for(view)), shell=shell
    )


def plan(view: View) -> Response:
    """Show a plan as it was saved: what is different, what becomes of cases, what came of it."""
    item = _found(view)
    return item if isinstance(item, Response) else _shown(view, item)


def say(kind: Kind) -> Callable[[View, FormData], Response]:
    """Return what says something to a plan: proposes, approves, rejects or withdraws it, or more.

    What was typed stays, also when somebody was first.
    """

    def do(view: View, form: FormData) -> Response:
        item = _found(view)
        if isinstance(item, Response):
            return item
        reason = text_of(form, "reason")
        try:
            key = UUID(text_of(form, "key"))
            wish = Act(key, item, view.visitor.person, Wish(kind, reason), view.visitor.acting_as)
            answer = act(view.company, wish)
        except (ValueError, KeyReusedError):
            return _shown(view, item, reason, "This form was sent before. Look at what was said.")
        if isinstance(answer, NotAgreed):
            return _shown(view, item, reason, worded(view, str(answer)))
        return RedirectResponse(f"/plans/{item.name}#said-{answer.seq}", SEE_OTHER)

    return do


def apply(view: View, _: FormData) -> Response:
    """Apply a plan just as it was saved; workers carry live cases over."""
    item = _found(view)
    if isinstance(item, Response):
        return item
    try:
        answer = apply_plan(view.company, item, view.visitor.person)
    except (NotCustodianError, PlanChangedError) as error:
        return refused(view, worded(view, str(error)), back=f"/plans/{item.name}")
    if isinstance(answer, NotApplied):
        return refused(view, worded(view, str(answer)), back=f"/plans/{item.name}")
    return RedirectResponse(f"/plans/{item.name}#receipt", SEE_OTHER)


def _found(view: View) -> Saved | Response:
    name: str = view.request.path_params["plan"]
    try:
        if view.request.method == "POST":
            return find_plan_to_act_on(view.company, name)
        return find_plan(view.company, name)
    except NoPlanError:
        return not_found(view, "plan", name)


def _in_order(each: Expected) -> tuple[int, str]:
    """Return what puts number 9 before number 10."""
    return len(each.foreseen.number), each.foreseen.number


def _shown(view: View, item: Saved, typed: str = "", error: str = "") -> Response:
    before, after = (
        view.company.program(version).model for version in (item.plan.running, item.plan.version)
    )
    try:
        cases = cases_of(view.company, item)
    except PlanChangedError as changed:
        return refused(view, worded(view, str(changed)), back="/plans")
    asked = view.request.query_params
    workflow, outcome = asked.get("workflow", ""), asked.get("outcome", "")
    listed = [
        each
        for each in sorted(map(Expected, cases), key=_in_order)
        if workflow in {"", each.foreseen.workflow} and outcome in {"", each.outcome}
    ]
    chosen = (workflow, outcome) if listed else ("", "")
    visitor = view.visitor
    asked_of = Asked(
        choices(view.company, item, visitor.person, visitor.acting_as),
        why_not_applied(view.company, item, visitor.person),
        typed,
        error,
    )
    outlook = Outlook(
        differences(before, after),
        (links_of(before), links_of(after)),
        consent(view, item, stands(view.company, item), asked_of),
        cases,
        receipt(view.company, item.change) if item.change else None,
        foresee_plan(view.company, item),
    )
    shown = plan_page(view, item, outlook, cut(listed, page_number(view)), chosen)
    shell = frame(view, shown.head.title, "/plans", Link("Plans", "/plans"))
    status = 409 if error else 200
    return render(view.request, "change.html", shown, shell=shell, status=status)
