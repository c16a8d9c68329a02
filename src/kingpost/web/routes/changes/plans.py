"""Plans of changes, and what came of them."""

from starlette.responses import Response

from kingpost.engine.carrying.forecasting import Expected
from kingpost.engine.carrying.receipts import receipt
from kingpost.engine.plans.applying import must_agree
from kingpost.engine.plans.saving import NoPlanError, cases_of, find_plan, list_plans
from kingpost.model.parts.links import links_of
from kingpost.planning.difference import differences
from kingpost.queries.page import cut
from kingpost.web.pages.changes.plans import Outlook, plan_page, plans_page
from kingpost.web.pages.frame import View, frame
from kingpost.web.pages.problems import not_found
from kingpost.web.pieces import Link
from kingpost.web.routes.signed import page_number
from kingpost.web.serving.answer import render


def plans(view: View) -> Response:
    """Show every plan that was saved."""
    page = cut(list_plans(view.company), page_number(view))
    shell = frame(view, "Plans", "/plans", Link("Design"))
    return render(view.request, "change.html", plans_page(view, page), shell=shell)


def plan(view: View) -> Response:
    """Show a plan as it was saved: what is different, what becomes of cases, what came of it."""
    name: str = view.request.path_params["plan"]
    try:
        item = find_plan(view.company, name)
    except NoPlanError:
        return not_found(view, "plan", name)
    before, after = (
        view.company.program(version).model for version in (item.plan.running, item.plan.version)
    )
    cases = cases_of(view.company, item)
    asked = view.request.query_params
    workflow, outcome = asked.get("workflow", ""), asked.get("outcome", "")
    listed = [
        each
        for each in sorted(map(Expected, cases), key=lambda each: each.foreseen.number)
        if workflow in {"", each.foreseen.workflow} and outcome in {"", each.outcome}
    ]
    chosen = (workflow, outcome) if listed else ("", "")
    outlook = Outlook(
        differences(before, after),
        (links_of(before), links_of(after)),
        must_agree(view.company, item),
        cases,
        receipt(view.company, item.change) if item.change else None,
    )
    shown = plan_page(view, item, outlook, cut(listed, page_number(view)), chosen)
    shell = frame(view, shown.head.title, "/plans", Link("Plans", "/plans"))
    return render(view.request, "change.html", shown, shell=shell)
