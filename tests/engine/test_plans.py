"""Plans that were saved: applied just as they were, or not at all."""

from datetime import datetime
from uuid import UUID

import pytest
from psycopg import connect

from kingpost.decisions.carrying.judged import Verdict
from kingpost.decisions.commands import Complete, Decide
from kingpost.engine.carrying.applying import carry_all, judge_live
from kingpost.engine.carrying.policies import read_policies
from kingpost.engine.carrying.receipts import entries, receipt
from kingpost.engine.change import NotCustodianError, change_model
from kingpost.engine.plans import applying
from kingpost.engine.plans.applying import Applied, NotApplied, apply_plan
from kingpost.engine.plans.saving import (
    Judged,
    NoPlanError,
    PlanChangedError,
    Saved,
    UnknownPlannerError,
    cases_of,
    find_plan,
    find_plan_to_act_on,
    list_plans,
    save_plan,
)
from kingpost.engine.verify import verify
from kingpost.model.assurance import CarryOver
from kingpost.store.reading.people import moment
from tests.database import Database
from tests.engine.carrying import EARLIER, RENAMED, TEXT, saved, sound, told
from tests.engine.office import Office, read

MOVED = TEXT.replace("examine", "inspect")


def applied(office: Office, plan: Saved) -> Applied:
    answer = apply_plan(office.company, plan, "hedy")
    assert isinstance(answer, Applied), answer
    carry_all(office.company)
    return answer


def refused(office: Office, plan: Saved) -> str:
    """Return why a plan is not applied; nothing is changed."""
    before = office.company.active().version
    answer = apply_plan(office.company, plan, "hedy")
    assert isinstance(answer, NotApplied)
    assert office.company.active().version == before
    return str(answer)


@pytest.fixture
def company(office: Office) -> Office:
    office.company.load(read(TEXT))
    return office


def test_a_plan_is_applied_just_as_it_was_saved(company: Office) -> None:
    begun, waiting = company.start(), company.approved()
    plan = saved(company, MOVED, CarryOver.MAPPED, {"examine": "inspect"}, by="leo")
    assert company.company.active().model != read(MOVED)

    change = applied(company, plan).change

    assert company.company.active().model == read(MOVED)
    assert "inspect" in company.steps(begun)
    found = receipt(company.company, change)
    assert found is not None
    assert found.person == "hedy"
    assert {(each.planned, each.outcome): each.number for each in found.counted} == {
        ("carries over", "carried"): 1,
        ("unaffected", "unaffected"): 1,
    }
    assert company.case(waiting).version == 4
    [listed] = list_plans(company.company)
    assert (listed.change, listed.by, listed.applied_by) == (change, "Leo", "Hedy")
    sound(company)
    assert refused(company, plan) == (
        f"the plan {plan.name} was applied: `kingpost receipt {change}` tells what came of it."
    )


def test_a_plan_by_which_all_stay_has_a_receipt_too(company: Office) -> None:
    company.start()

    change = applied(company, saved(company, EARLIER, CarryOver.STAY)).change

    found = receipt(company.company, change)
    assert found is not None
    assert found.ended_at is not None
    assert found.sentence() == "1 stay on their version"
    [entry] = entries(company.company, change, "stays")
    assert (entry.planned, entry.words) == ("stays", "cases in flight end on their version")


def test_a_plan_says_the_same_when_it_is_read_again(company: Office) -> None:
    case = company.start()
    plan = saved(company, EARLIER)

    [foreseen] = cases_of(company.company, plan)

    assert plan.plan.digest == plan.digest
    assert (foreseen.case, foreseen.seq, foreseen.verdict) == (case, 1, Verdict.CARRIES)
    assert foreseen.reasons == ("`examine` may take 1 day instead of 2 days",)
    assert find_plan(company.company, plan.name) == plan


def test_a_plan_is_stale_when_another_version_runs(company: Office) -> None:
    plan = saved(company, RENAMED)
    before = company.company.active().version
    change_model(company.company, read(EARLIER), person="hedy")
    now = company.company.active().version

    assert refused(company, plan) == (
        f"the plan {plan.name} was made while version {before[:12]} ran, and version {now[:12]}"
        " runs now. Plan anew: `kingpost plan FOLDER --save`."
    )


def test_a_plan_is_stale_when_a_case_would_come_to_worse(company: Office) -> None:
    case = company.examined()
    plan = saved(company, TEXT.replace("payment", "paying"))
    company.do(Decide(company.task(case, "approve"), "approve"), "leo")

    assert refused(company, plan).splitlines() == [
        "1 live case would come to worse than was planned:",
        "  CLM-1: `needs a decision` now; it was to be `carries over`",
        "Plan anew: `kingpost plan FOLDER --save`.",
    ]


def test_a_case_that_began_since_makes_a_plan_stale_when_it_asks(company: Office) -> None:
    waiting = company.approved()
    plan = saved(company, MOVED)
    for _ in range(12):
        company.start()

    words = refused(company, plan).splitlines()

    assert words[0] == "12 live cases would come to worse than was planned:"
    assert words[1] == "  CLM-10: `needs a decision` now; it began since"
    assert words[-2:] == ["  and 2 more", "Plan anew: `kingpost plan FOLDER --save`."]
    assert company.case(waiting).version == 4


def test_cases_that_moved_on_and_are_none_the_worse_are_told_in_the_receipt(
    company: Office,
) -> None:
    case = company.start()
    plan = saved(company, EARLIER)
    company.do(Complete(company.task(case, "examine"), {"report": "fine"}), "anna")
    company.do(Decide(company.task(case, "suspect"), "clear"), "carl")
    company.start()

    change = applied(company, plan).change

    assert told(company, change) == {"unaffected": 1, "carried": 1}
    [entry] = entries(company.company, change, "unaffected")
    assert entry.words == "planned was `carries over`: the case has moved on since"
    sound(company)


def test_a_plan_of_which_scenarios_fail_is_not_applied(company: Office) -> None:
    plan = saved(company, EARLIER, failed=("late", "lost"))

    assert refused(company, plan) == (
        "scenarios of the plan fail: late, lost. Mend them."
        " Plan anew: `kingpost plan FOLDER --save`."
    )


def test_only_who_keeps_what_changes_applies_a_plan(company: Office) -> None:
    plan = saved(company, EARLIER)

    with pytest.raises(NotCustodianError) as error:
        apply_plan(company.company, plan, "anna")

    assert str(error.value).splitlines()[:2] == [
        "`anna` does not keep every part that changes:",
        "  `workflow/claim` is kept by `head`, which says how its cases go over",
    ]
    assert find_plan(company.company, plan.digest).change is None


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE plan_case SET verdict = 'stays'",
        "DELETE FROM plan_case",
        """UPDATE plan SET policies = '{"claim": {"policy": "at-next-step", "positions": {}}}'""",
        "UPDATE plan SET failed = '{}'",
    ],
)
def test_a_plan_that_was_changed_behind_it_is_told(
    company: Office, database: Database, statement: str
) -> None:
    company.start()
    plan = saved(company, EARLIER, failed=("late",))
    with connect(database.owner_url) as connection:
        connection.execute(statement.encode())

    with pytest.raises(PlanChangedError) as error:
        cases_of(company.company, find_plan(company.company, plan.digest))

    assert str(error.value) == (
        f"the plan {plan.name} is not what was saved under this name: it was changed in the"
        " database; plan anew"
    )


def test_a_plan_is_found_by_the_beginning_of_its_name(company: Office) -> None:
    with pytest.raises(NoPlanError) as error:
        find_plan(company.company, "abc")
    assert str(error.value) == "there is no plan `abc`: `kingpost plans` lists them all."
    plan = saved(company, EARLIER)
    near = plan.name[:-1] + ("0" if plan.name[-1] != "0" else "1")

    with pytest.raises(NoPlanError) as error:
        find_plan(company.company, near)
    assert str(error.value) == f"there is no plan `{near}`: did you mean `{plan.name}`?"


def test_who_keeps_nothing_of_it_makes_no_case_be_judged(
    company: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    company.start()
    plan = saved(company, EARLIER)

    def judged(*_: object) -> None:
        raise AssertionError("it is judged only for who may apply it")

    monkeypatch.setattr(applying, "judge_live", judged)

    with pytest.raises(NotCustodianError) as error:
        apply_plan(company.company, plan, "anna")

    assert str(error.value).splitlines()[-1] == (
        f"Let a person apply it who holds these posts: `kingpost apply {plan.name} --as PERSON`."
    )


def test_what_is_applied_is_named_in_full(company: Office) -> None:
    plan = saved(company, EARLIER)

    with pytest.raises(NoPlanError) as error:
        find_plan_to_act_on(company.company, plan.name[:3])

    assert str(error.value) == f"what is decided on is named in full: write `{plan.name}`"
    assert find_plan_to_act_on(company.company, plan.name) == plan


def test_nobody_plans_who_is_not_in_the_register(company: Office) -> None:
    running = company.company.active().version
    at = company.scalar("SELECT now()")
    assert isinstance(at, datetime)

    with pytest.raises(UnknownPlannerError) as error:
        save_plan(company.company, Judged(running, read(EARLIER), {}, at, 0, (), ()), "zoe")

    assert str(error.value) == "there is no person `zoe` in the register: name one who plans it"
    assert list_plans(company.company) == ()


def test_a_receipt_that_is_not_its_own_is_told(company: Office, database: Database) -> None:
    plan, other = saved(company, EARLIER), saved(company, EARLIER, CarryOver.STAY)
    change = applied(company, plan).change
    with connect(database.owner_url) as connection:
        connection.execute(
            "UPDATE plan SET carry_over = %s, applied_at = now(), applied_by = 'leo'"
            " WHERE digest = %s",
            [change, other.digest],
        )
        connection.execute("UPDATE plan SET scenarios = 9 WHERE digest = %s", [plan.digest])

    told = {str(fault) for fault in verify(company.company).faults}

    assert f"I14 in plan {other.name}: what came of it is not its own" in told
    assert f"I14 in plan {plan.name}: it is not what its name says" in told


def test_only_cases_that_are_not_as_they_were_found_are_judged_again(company: Office) -> None:
    stays, moves = company.start(), company.start()
    plan = saved(company, EARLIER)
    company.do(Complete(company.task(moves, "examine"), {"report": "fine"}), "anna")
    begun = company.start()

    assert judged_for(company, plan) == {moves, begun}
    # Another version between may have led a case elsewhere.
    change_model(company.company, read(MOVED), person="hedy", carry_over=CarryOver.STAY)
    change_model(company.company, read(TEXT), person="hedy", carry_over=CarryOver.STAY)
    assert judged_for(company, plan) == {stays, moves, begun}


def judged_for(company: Office, plan: Saved) -> set[UUID]:
    """Return the cases that are judged when a plan is applied."""
    new = company.company.program(plan.plan.version)
    with company.company.database.connection() as connection:
        now = moment(connection)
    policies = read_policies(plan.plan.policies, now)
    return {case.id for case, _ in judge_live(company.company, new, policies, now, plan.digest)}
