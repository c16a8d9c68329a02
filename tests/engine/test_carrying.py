"""Carrying live cases over, in a real database: in stages, once, and seen by both who verify."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from uuid import UUID

import pytest
from psycopg import Connection, errors
from psycopg.rows import DictRow

from kingpost.audit.auditing import audit
from kingpost.decisions.carrying.carrying import Carrying
from kingpost.decisions.carrying.judged import Judged, Policy, Verdict
from kingpost.decisions.case import Case
from kingpost.decisions.commands import Assign, Complete, Decide, Deliver, Facts, Raise, Start
from kingpost.decisions.transition import Transition
from kingpost.engine.carrying import applying
from kingpost.engine.carrying.applying import carry_all, carry_on, carry_over, judge_live
from kingpost.engine.carrying.policies import default_policies
from kingpost.engine.carrying.receipts import entries, receipt
from kingpost.engine.change import change_model
from kingpost.engine.perform import Asked, Done, perform
from kingpost.engine.verify import verify
from kingpost.model.assurance import CarryOver
from kingpost.model.content import content, version
from kingpost.proof.canonical import canonical
from kingpost.queries.case_page import read_case_page
from kingpost.store import models
from kingpost.store.due import carrying as store
from kingpost.store.reading.people import moment
from tests.engine.office import WITH_A_LADDER, Office, key, read

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


def test_cases_everywhere_go_over_and_both_who_verify_are_silent(office: Office) -> None:
    office.company.load(read(TEXT))
    begun = office.start()
    office.do(Assign(office.task(begun, "examine"), "anna"), "anna")
    held = office.start()
    office.do(Raise(office.task(held, "examine"), "info-missing", {}, "why"), "anna")
    waiting = office.approved()
    closed = office.approved()
    office.do(Deliver(office.task(closed, "payment"), "paid-out"), interface="bank")
    old = office.company.active().version

    change = carried(office, RENAMED)

    new = office.company.active().version
    assert [office.case(each).model for each in (begun, held, waiting, closed)] == [
        new,
        new,
        old,
        old,
    ]
    assert told(office, change) == {"carried": 2, "unaffected": 1}
    assert office.steps(begun) == {"handling", "inspect", "suspect"}
    row = office.scalar("SELECT step FROM task WHERE person = 'anna'")
    assert row == "inspect"
    sound(office)
    office.do(Complete(office.task(begun, "inspect"), {"report": "fine"}), "anna")
    office.do(Decide(office.task(begun, "suspect"), "clear"), "carl")
    office.do(Decide(office.task(begun, "approve"), "approve"), "leo")
    office.do(Deliver(office.task(begun, "payment"), "paid-out"), interface="bank")
    assert office.case(begun).is_closed
    sound(office)


def test_the_timeline_tells_it_in_words(office: Office) -> None:
    office.company.load(read(TEXT))
    case = office.case(office.start())

    carried(office, RENAMED)

    page = read_case_page(office.company.database, case.number, office.company.program)
    assert page is not None
    event = page.events[-1]
    assert (event.kind, event.by.person) == ("carried", None)
    assert event.different[0] == "`examine` is `inspect` now"
    assert page.events[0].model == case.model
    assert page.events[-1].model == page.model


def test_what_was_done_is_not_done_again_and_what_broke_off_goes_on(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = [office.start() for _ in range(5)]
    load(office, EARLIER)
    monkeypatch.setattr(applying, "STAGE", 2)
    noted: Callable[..., None] = store.note

    def breaks(*_: object) -> None:
        raise KeyboardInterrupt

    assert carry_on(office.company, 2) == 2
    # Everything of a stage stands or falls together.
    monkeypatch.setattr(store, "note", breaks)
    with pytest.raises(KeyboardInterrupt):
        carry_on(office.company, 2)
    versions = sorted(office.case(case).version for case in cases)
    assert versions == [1, 1, 1, 2, 2]

    monkeypatch.setattr(store, "note", noted)
    assert carry_on(office.company, 2) == 2
    [change] = carry_all(office.company)
    assert carry_on(office.company) == 0

    assert told(office, change) == {"carried": 5}
    assert {office.case(case).version for case in cases} == {2}
    sound(office)


def test_cases_come_to_their_next_step_first_where_the_policy_says_so(office: Office) -> None:
    case = office.start()
    change = carried(office, EARLIER, CarryOver.AT_NEXT_STEP)
    assert told(office, change) == {"waits": 1}
    assert carry_on(office.company) == 0

    office.do(Complete(office.task(case, "examine"), {"report": "fine"}), "anna")
    carry_on(office.company)
    assert told(office, change) == {"waits": 1}
    office.do(Decide(office.task(case, "suspect"), "clear"), "carl")
    carry_on(office.company)

    assert told(office, change) == {"unaffected": 1}
    sound(office)


def test_one_that_asks_is_told_with_why_and_goes_over_by_a_map(office: Office) -> None:
    case = office.start()
    moved = TEXT.replace("examine", "inspect")

    change = carried(office, moved)

    [entry] = entries(office.company, change, "asks")
    assert entry.words == (
        "`workflow/claim/step/examine`, by `head`:"
        " the new version has no such step, and no map says where its cases go"
    )
    version = office.company.active().version
    policy = Policy(CarryOver.MAPPED, {"claim": {"examine": "inspect"}})
    wish = key()
    first = carry_over(office.company, case, version, policy, wish)
    assert first is not None
    assert first.verdict is Verdict.CARRIES
    assert carry_over(office.company, case, version, policy, wish) is None
    assert office.steps(case) == {"handling", "inspect", "suspect"}
    sound(office)


def test_a_dry_run_says_what_the_real_run_does(office: Office) -> None:
    office.start()
    office.approved()
    held = office.start()
    office.do(Raise(office.task(held, "examine"), "info-missing", {}, "why"), "anna")
    new = office.company.program(_kept(office, RENAMED))
    with office.company.database.connection() as connection:
        now = moment(connection)
    policies = {"claim": Policy(CarryOver.NOW)}
    dry = {
        case.number: judged.verdict
        for case, judged in judge_live(office.company, new, policies, now)
    }

    change = carried(office, RENAMED)

    found = {
        outcome: {entry.number for entry in entries(office.company, change, outcome)}
        for outcome in ("carried", "unaffected")
    }
    assert found["carried"] == {case for case, each in dry.items() if each is Verdict.CARRIES}
    assert found["unaffected"] == {case for case, each in dry.items() if each is Verdict.UNAFFECTED}


def _kept(office: Office, text: str) -> str:
    """Keep a version without letting it take effect."""
    model = read(text)
    with office.company.database.transaction() as connection:
        models.keep_version(connection, version(model), "x", canonical(content(model)))
    return version(model)


def test_governance_says_how_a_change_reaches_live_cases(office: Office) -> None:
    case = office.start()
    governed = EARLIER.replace(
        '  - {part: "*", custodian: head}',
        '  - {part: "workflow/*", custodian: head, carry-over: now}\n'
        '  - {part: "*", custodian: head}',
    )
    assert default_policies(read(EARLIER)) == {"claim": CarryOver.STAY}
    assert default_policies(read(governed)) == {"claim": CarryOver.NOW}

    change_model(office.company, read(governed), person="hedy")
    [change] = carry_all(office.company)

    assert told(office, change) == {"carried": 1}
    assert office.case(case).model == office.company.active().version


def test_without_a_policy_cases_stay(office: Office) -> None:
    case = office.start()
    before = office.case(case)

    change_model(office.company, read(EARLIER), person="hedy")

    assert carry_all(office.company) == ()
    assert office.case(case) == before


def test_a_later_change_takes_up_what_an_earlier_one_left(office: Office) -> None:
    case = office.start()
    first = carried(office, EARLIER, CarryOver.AT_NEXT_STEP)

    second = carried(office, RENAMED)

    assert told(office, first) == {"superseded": 1}
    assert told(office, second) == {"carried": 1}
    assert "inspect" in office.steps(case)


def test_a_change_by_which_cases_stay_ends_one_that_is_going(office: Office) -> None:
    case = office.start()
    first = carried(office, EARLIER, CarryOver.AT_NEXT_STEP)

    load(office, RENAMED, CarryOver.STAY)
    begun = office.start()

    assert carry_all(office.company) == ()
    assert carry_on(office.company) == 0
    assert office.case(begun).model == office.company.active().version
    assert told(office, first) == {"stays": 1}
    [entry] = entries(office.company, first, "stays")
    assert entry.number == office.case(case).number
    assert entry.words == "a later change took effect, and leaves it where it is"
    found = receipt(office.company, first)
    assert found is not None
    assert found.ended_at is not None


def test_a_revert_holds(office: Office) -> None:
    office.company.load(read(TEXT))
    before = office.company.active().version
    cases = [office.start() for _ in range(3)]
    load(office, EARLIER)
    assert carry_on(office.company, 1) == 1

    load(office, TEXT, CarryOver.STAY)
    cases.append(office.start())
    assert carry_on(office.company) == 0

    assert [office.case(case).model for case in cases].count(before) == 3
    sound(office)


def test_a_version_that_takes_effect_waits_for_the_stage_that_is_under_way(office: Office) -> None:
    office.start()
    load(office, EARLIER)
    database = office.company.database
    with database.connection() as connection:
        [going] = store.going(connection)

    with database.transaction() as stage, database.connection() as other:
        assert store.hold(stage, going["id"])
        with other.transaction(force_rollback=True):
            other.execute("SET LOCAL lock_timeout = 50")
            with pytest.raises(errors.LockNotAvailable):
                store.leave_all(other)

    load(office, TEXT, CarryOver.STAY)
    with database.transaction() as stage:
        assert not store.hold(stage, going["id"])
        assert store.find_late(stage, going["id"], timedelta(minutes=1)) == 0


def test_cases_that_a_later_change_does_not_reach_stay(office: Office) -> None:
    """Two workflows: the first change reaches both at their next step, the second one of them."""
    office.company.load(read(TWO))
    claim = office.start()
    office.workflow = "plea"
    plea = office.start()
    first = carried(office, TWO.replace("due: 2 days", "due: 1 days"), CarryOver.AT_NEXT_STEP)
    assert told(office, first) == {"waits": 2}

    governed = TWO.replace("due: 2 days", "due: 3 days").replace(
        HEAD, '  - {part: "workflow/plea", custodian: head, carry-over: now}\n' + HEAD
    )
    change_model(office.company, read(governed), person="hedy")
    [second] = carry_all(office.company)

    assert told(office, first) == {"stays": 1, "superseded": 1}
    assert [each.number for each in entries(office.company, first, "stays")] == [
        office.case(claim).number
    ]
    assert told(office, second) == {"carried": 1}
    assert office.case(plea).model == office.company.active().version


def test_one_that_cannot_be_judged_holds_up_no_other(
    office: Office, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    cases = [office.start() for _ in range(3)]
    judge = Carrying.judge

    def breaks(self: Carrying, case: Case, facts: Facts) -> Judged:
        if case.id == cases[1]:
            raise KeyError("x")
        return judge(self, case, facts)

    monkeypatch.setattr(Carrying, "judge", breaks)
    change = carried(office, EARLIER)

    assert told(office, change) == {"carried": 2, "failed": 1}
    number = office.case(cases[1]).number
    [entry] = entries(office.company, change, "failed")
    assert entry.number == number
    assert entry.words == "it could not be done: why stands in the log of what carried it over"
    assert f"{number} could not be carried over" in caplog.text
    assert "KeyError: 'x'" in caplog.text


def test_one_that_cannot_be_recorded_is_the_one_that_failed(
    office: Office, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    cases = [office.start() for _ in range(3)]
    carry = store.carry

    def breaks(
        connection: Connection[DictRow], goes: Sequence[tuple[UUID, str, Transition]]
    ) -> object:
        if any(transition.case.id == cases[1] for _, _, transition in goes):
            connection.execute("SELECT 1 / 0")
        return carry(connection, goes)

    monkeypatch.setattr(store, "carry", breaks)
    change = carried(office, EARLIER)

    assert told(office, change) == {"carried": 2, "failed": 1}
    [entry] = entries(office.company, change, "failed")
    assert entry.number == office.case(cases[1]).number
    assert "division by zero" in caplog.text
    sound(office)


def test_a_case_that_was_asked_for_before_and_begins_after_goes_over_too(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = office.company.active().version
    office.start()
    change = carried(office, EARLIER, CarryOver.AT_NEXT_STEP)
    start = Start({"claimant": "Rita Prado", "amount": "200"})

    def begin() -> None:
        done = perform(
            office.company,
            Asked(key(), start, person="anna", workflow="claim", model=before),
        )
        assert isinstance(done, Done)

    begin()
    carry_on(office.company)
    assert told(office, change) == {"waits": 1, None: 1}
    carry_on(office.company)
    assert told(office, change) == {"waits": 1, "carried": 1}
    # Long after, only a case that another one begins can run on a version of before; it stays.
    with office.company.database.connection() as connection:
        connection.execute("UPDATE carry_over SET begun_at = begun_at - interval '1 hour'")
    begin()
    carry_on(office.company)
    assert told(office, change) == {"waits": 1, "carried": 1}


def test_a_change_is_over_when_nothing_is_left_and_nothing_can_come(office: Office) -> None:
    office.start()
    change = carried(office, EARLIER)
    found = receipt(office.company, change)
    assert found is not None
    assert (found.left, found.ended_at) == (0, None)

    carry_on(office.company)
    with office.company.database.connection() as connection:
        assert len(store.going(connection)) == 1
        connection.execute("UPDATE carry_over SET begun_at = begun_at - interval '1 hour'")
    carry_on(office.company)

    found = receipt(office.company, change)
    assert found is not None
    assert found.ended_at is not None


def test_a_map_for_one_workflow_leaves_what_goes_on_of_others(office: Office) -> None:
    office.company.load(read(TWO))
    claim = office.start()
    office.workflow = "plea"
    plea = office.start()
    moved = TWO.replace("examine", "inspect").replace("due: 2 days", "due: 1 days")
    first = carried(office, moved)
    assert told(office, first) == {"asks": 1, "carried": 1}
    later = moved.replace("due: 1 days", "due: 3 days")
    load(office, later, CarryOver.AT_NEXT_STEP)

    places = {"claim": {"examine": "inspect"}}
    change_model(office.company, read(later), person="hedy", positions=places)
    [change] = carry_all(office.company)

    assert told(office, change) == {"carried": 1, "waits": 1}
    assert "inspect" in office.steps(claim)
    assert office.case(plea).model != office.company.active().version
    sound(office)


def test_a_command_on_a_case_that_went_over_meanwhile_is_judged_by_the_new_version(
    office: Office,
) -> None:
    case = office.start()
    task = office.task(case, "examine")
    carried(office, RENAMED)

    answer = office.ask(Complete(task, {"report": "fine"}), "anna")

    assert isinstance(answer, Done)
    assert office.steps(case) == {"handling", "suspect"}


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE case_file SET model = (SELECT digest FROM activation ORDER BY position LIMIT 1)",
         "`model` of the case is not what its events give"),
        ("UPDATE task SET step = 'examine' WHERE step = 'inspect'", "of the open work"),
    ],
)  # fmt: skip
def test_what_is_changed_behind_it_is_told_by_both(
    office: Office, statement: str, words: str
) -> None:
    office.start()
    carried(office, RENAMED)
    with office.company.database.connection() as connection:
        connection.execute(statement.encode())

    assert verify(office.company).faults
    found = [str(finding) for finding in audit(office.company.database)]
    assert any(words in each for each in found), found
