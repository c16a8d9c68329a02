"""Carrying over that is going: what ends it, who comes late, and what holds up no other."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import pytest
from psycopg import Connection, errors
from psycopg.rows import DictRow

from kingpost.decisions.carrying.carrying import Carrying
from kingpost.decisions.carrying.judged import Judged
from kingpost.decisions.case import Case
from kingpost.decisions.commands import Facts, Start
from kingpost.decisions.transition import Transition
from kingpost.engine.carrying.applying import carry_all, carry_on
from kingpost.engine.carrying.policies import read_policies
from kingpost.engine.carrying.receipts import entries, receipt
from kingpost.engine.change import change_model
from kingpost.engine.perform import Asked, Done, perform
from kingpost.model.assurance import CarryOver
from kingpost.store.due import carrying as store
from tests.engine.carrying import EARLIER, HEAD, RENAMED, TEXT, TWO, carried, load, sound, told
from tests.engine.office import Office, key, read


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

    def breaks(self: Carrying, case: Case, facts: Facts, *, dry: bool = False) -> Judged:
        if case.id == cases[1]:
            raise KeyError("x")
        return judge(self, case, facts, dry=dry)

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


def test_what_waits_for_its_next_step_does_not_wait_anew_for_a_map_of_others(
    office: Office,
) -> None:
    office.company.load(read(TWO))
    claim = office.start()
    moved = TWO.replace("examine", "inspect").replace("due: 1 day,", "due: 2 days,")
    load(office, moved, CarryOver.AT_NEXT_STEP)
    assert carry_all(office.company)
    office.workflow = "plea"

    places = {"claim": {"examine": "inspect"}}
    change_model(office.company, read(moved), person="hedy", positions=places)
    change_model(office.company, read(moved), person="hedy", positions=places)

    with office.company.database.connection() as connection:
        rows = connection.execute("SELECT * FROM carry_over ORDER BY begun_at").fetchall()
    first = rows[0]["begun_at"]
    policies = [read_policies(row["policies"], row["begun_at"])["plea"] for row in rows]
    assert [policy.since for policy in policies] == [first, first, first]
    assert carry_all(office.company)
    assert "inspect" in office.steps(claim)


def test_cases_of_a_workflow_that_is_gone_are_told_too(office: Office) -> None:
    office.company.load(read(TWO))
    office.start()
    office.workflow = "plea"
    plea = office.start()

    change = carried(office, EARLIER)

    assert told(office, change) == {"carried": 1, "stays": 1}
    [entry] = entries(office.company, change, "stays")
    assert (entry.number, entry.words) == (
        office.case(plea).number,
        "the new version has no workflow `plea`",
    )
    assert entry.ended_at is not None


def test_cases_are_listed_as_people_count_them(office: Office) -> None:
    for _ in range(11):
        office.start()

    change = carried(office, EARLIER)

    listed = [each.number for each in entries(office.company, change, "carried")]
    assert listed == [f"CLM-{number}" for number in range(1, 12)]
    some = entries(office.company, change, "carried", limit=2, offset=9)
    assert [each.number for each in some] == ["CLM-10", "CLM-11"]
