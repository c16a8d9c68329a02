"""What a version would do to the organisation, told before it takes effect. Nothing is written."""

from kingpost.decisions.restructuring.restructure import Restructure
from kingpost.engine.company import Company
from kingpost.engine.plans.saving import Saved
from kingpost.engine.restructuring.applying import plan_restructure
from kingpost.model.model import Model
from kingpost.store.reading.people import moment


def foresee(company: Company, after: Model) -> Restructure:
    """Return what a version would do to the organisation that is there now."""
    with company.database.snapshot() as connection:
        before = company.active_on(connection).model
        return plan_restructure(connection, before, after, moment(connection))


def foresee_plan(company: Company, plan: Saved) -> Restructure | None:
    """Return what a plan would do to the organisation; None when it was applied, or is stale."""
    if plan.change is not None or company.active().version != plan.plan.running:
        return None
    found = foresee(company, company.program(plan.plan.version).model)
    return found if found.changes else None
