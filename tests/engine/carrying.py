"""The test's company as it changes, and what live cases come to."""

from collections.abc import Mapping
from uuid import UUID

from kingpost.audit.auditing import audit
from kingpost.decisions.carrying.judged import Policy
from kingpost.decisions.program import compile_model
from kingpost.engine.carrying.applying import carry_all
from kingpost.engine.carrying.forecasting import forecast
from kingpost.engine.carrying.policies import write_policies
from kingpost.engine.carrying.receipts import receipt
from kingpost.engine.change import change_model
from kingpost.engine.plans.saving import Judged, Saved, find_plan, save_plan
from kingpost.engine.verify import verify
from kingpost.model.assurance import CarryOver
from kingpost.store.reading.people import moment
from tests.engine.office import WITH_A_LADDER, Office, read

TEXT = WITH_A_LADDER
RENAMED = (
    TEXT.replace("examine:\n", "inspect:\n                  was: examine\n")
    .replace("claim/examine", "claim/inspect")
    .replace("step/examine", "step/inspect")
    .replace("[examine]", "[inspect]")
    .replace("in: [examine,", "in: [inspect,")
    .replace("  due: 2 days\n", "  due: 3 days\n")
    .replace("warn: at 50 %", "warn: at 40 %")
)
EARLIER = TEXT.replace("due: 2 days", "due: 1 days")
HEAD = '  - {part: "*", custodian: head}'
# With a second workflow.
TWO = (
    TEXT.replace("workflows: [claim]", "workflows: [claim, plea]")
    + """
  plea:
    title: Plea
    object: claim
    owner: head
    prefix: PLE
    begins: {form: [claimant, amount], roles: [clerk]}
    steps:
      hear: {task: Hear, role: clerk, to: {post: desk}, due: 2 days, then: rejected}
      rejected: {state: rejected, end: true}
"""
)


def sound(office: Office) -> None:
    """Both who verify find nothing."""
    assert verify(office.company).faults == ()
    assert [str(finding) for finding in audit(office.company.database)] == []


def load(office: Office, text: str, policy: CarryOver = CarryOver.NOW) -> None:
    change_model(office.company, read(text), person="hedy", carry_over=policy)


def carried(office: Office, text: str, policy: CarryOver = CarryOver.NOW) -> UUID:
    load(office, text, policy)
    [change] = carry_all(office.company)
    return change


def told(office: Office, change: UUID) -> dict[str | None, int]:
    found = receipt(office.company, change)
    assert found is not None
    outcomes = {each.outcome for each in found.counted}
    return {outcome: found.of(outcome) for outcome in outcomes}


NOWHERE: Mapping[str, str] = {}


def saved(
    office: Office,
    text: str,
    policy: CarryOver = CarryOver.NOW,
    places: Mapping[str, str] = NOWHERE,
    failed: tuple[str, ...] = (),
    by: str = "hedy",
) -> Saved:
    """Return the plan of a change, saved as it is judged now. by: whom."""
    company, model = office.company, read(text)
    policies = {name: Policy(policy, {name: places}) for name in model.workflows}
    with company.database.connection() as connection:
        at = moment(connection)
    found = [each.foreseen for each in forecast(company, compile_model(model), policies, at)]
    written = write_policies(dict.fromkeys(policies, policy), {"claim": places})
    running = company.active().version
    plan = save_plan(company, Judged(running, model, written, at, 2, failed, found), by)
    return find_plan(company, plan.digest)
