"""The test's company with approvals: what is proposed there, and what people say of it."""

from uuid import UUID

from kingpost.audit.auditing import audit
from kingpost.decisions.consenting.judging import NotAgreed, Wish
from kingpost.decisions.consenting.proposal import Kind
from kingpost.engine.plans.applying import Applied, NotApplied, apply_plan
from kingpost.engine.plans.saving import Saved, find_plan
from kingpost.engine.proposals.acting import Act, Acted, act
from kingpost.engine.verify import verify
from kingpost.model.assurance import CarryOver
from tests.engine.carrying import HEAD, saved
from tests.engine.carrying import TEXT as PLAIN
from tests.engine.office import Office, key

BOTH = "[lead, check]"
ONE = "{of: [lead, check], at-least: 1}"


def governed(approvals: str, text: str = PLAIN) -> str:
    """Return the company where a change of a workflow needs approvals."""
    line = f'  - {{part: "workflow/*", custodian: head, approvals: {approvals}}}'
    assert text.count(HEAD) == 1
    return text.replace(HEAD, f"{line}\n{HEAD}")


def sooner(text: str) -> str:
    assert text.count("due: 2 days") == 1
    return text.replace("due: 2 days", "due: 1 days")


def say(
    office: Office,
    plan: Saved,
    kind: Kind,
    person: str,
    reason: str = "so",
    again: UUID | None = None,
) -> Acted | NotAgreed:
    return act(office.company, Act(again or key(), plan, person, Wish(kind, reason)))


def done(office: Office, plan: Saved, kind: Kind, person: str, reason: str = "so") -> Acted:
    answer = say(office, plan, kind, person, reason)
    assert isinstance(answer, Acted), str(answer)
    return answer


def refused(office: Office, plan: Saved, kind: Kind, person: str, reason: str = "so") -> str:
    answer = say(office, plan, kind, person, reason)
    assert isinstance(answer, NotAgreed), answer
    return str(answer)


def proposed(office: Office, text: str, person: str = "hedy", planner: str = "") -> Saved:
    """Return the plan of a change, after it was proposed, by who planned it or another."""
    plan = saved(office, text, CarryOver.STAY, by=planner or person)
    done(office, plan, Kind.PROPOSED, person, "it takes too long")
    return find_plan(office.company, plan.digest)


def applied(office: Office, plan: Saved, person: str = "hedy") -> Applied:
    answer = apply_plan(office.company, plan, person)
    assert isinstance(answer, Applied), str(answer)
    return answer


def not_applied(office: Office, plan: Saved, person: str = "hedy") -> str:
    """Return why a plan is not applied; nothing is changed."""
    before = office.company.active().version
    answer = apply_plan(office.company, plan, person)
    assert isinstance(answer, NotApplied)
    assert office.company.active().version == before
    return str(answer)


def sound(office: Office) -> None:
    """Both who verify find nothing."""
    assert verify(office.company).faults == ()
    assert [str(finding) for finding in audit(office.company.database)] == []
