"""The test's company as it changes, and what live cases come to."""

from uuid import UUID

from kingpost.audit.auditing import audit
from kingpost.engine.carrying.applying import carry_all
from kingpost.engine.carrying.receipts import receipt
from kingpost.engine.change import change_model
from kingpost.engine.verify import verify
from kingpost.model.assurance import CarryOver
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
