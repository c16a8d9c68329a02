"""The test's company with a machine agent: it looks for fraud, and the team lead answers for it."""

from kingpost.engine import register
from kingpost.engine.register import Appointment
from kingpost.store.pool import Database as Pool
from tests.engine.office import HOLDERS, LONG_AGO, TEXT, Office

AGENT_POST = """\
  screen:
    title: Screening
    unit: claims
    reports-to: lead
    roles: [checker, clerk]
    seats: 2
    vacancy: {falls-to: superior}
    answered-for-by: lead
    authority:
      - {decide: claim/suspect, outcomes: [clear], when: "claim.amount <= 300"}
interfaces:
"""

WITH_AN_AGENT = (
    TEXT.replace("interfaces:\n", AGENT_POST, 1)
    .replace("                  to: {post: check}\n", "")
    .replace("        separate-from: [examine]\n", "        separate-from: [examine, suspect]\n")
)


def agency(pool: Pool) -> Office:
    """Open the company, in which the agents `bot` and `robot` screen."""
    office = Office.opened(pool, HOLDERS, text=WITH_AN_AGENT)
    register.keep_people(office.company, (), [("bot", "Screening bot"), ("robot", "Robot")])
    for agent in ("bot", "robot"):
        (made,) = register.appoint(
            office.company, [Appointment(agent, "screen", LONG_AGO)], by="test"
        )
        office.appointments[agent] = made
    return office
