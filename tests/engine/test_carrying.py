"""Carrying live cases over, in a real database: in stages, once, and seen by both who verify."""

from collections.abc import Callable

import pytest

from kingpost.audit.auditing import audit
from kingpost.decisions.carrying.judged import Policy, Verdict
from kingpost.decisions.commands import Assign, Complete, Decide, Deliver, Raise
from kingpost.engine.carrying import applying
from kingpost.engine.carrying.applying import carry_all, carry_on, judge_live
from kingpost.engine.carrying.policies import default_policies
from kingpost.engine.carrying.receipts import entries
from kingpost.engine.change import change_model
from kingpost.engine.perform import Done
from kingpost.engine.verify import verify
from kingpost.model.assurance import CarryOver
from kingpost.model.content import content, version
from kingpost.proof.canonical import canonical
from kingpost.queries.case_page import read_case_page
from kingpost.store import models
from kingpost.store.due import carrying as store
from kingpost.store.reading.people import moment
from tests.engine.carrying import EARLIER, RENAMED, TEXT, carried, load, sound, told
from tests.engine.office import Office, read


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


def test_the_versions_between_are_the_same_before_and_after_one_that_came_back(
    office: Office,
) -> None:
    first = office.company.active().version
    second = office.company.load(read(TEXT.replace("due: 2 days", "due: 1 day"))).version
    third = office.company.load(read(TEXT.replace("due: 2 days", "due: 3 days"))).version
    with office.company.database.connection() as connection:
        planned = models.versions_before(connection, first, second)
    office.company.load(read(TEXT.replace("due: 2 days", "due: 1 day")))
    with office.company.database.connection() as connection:
        real = models.versions_before(connection, first, second)

    assert planned == real == [second, third]


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


def test_one_that_asks_is_told_with_why(office: Office) -> None:
    office.start()
    moved = TEXT.replace("examine", "inspect")

    change = carried(office, moved)

    [entry] = entries(office.company, change, "asks")
    assert entry.words == (
        "`workflow/claim/step/examine`, by `head`:"
        " the new version has no such step, and no map says where its cases go"
    )


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
