"""What exceptions open besides over a real database: work beside a case, and timers."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from kingpost.audit.auditing import audit
from kingpost.decisions.commands import Complete, Decide, Raise, Start
from kingpost.engine.perform import Done
from kingpost.engine.verify import verify
from kingpost.queries.case_page import read_case_page
from kingpost.queries.process import read_process
from kingpost.queries.worklist import View, Wanted, read_worklist
from kingpost.store.pool import Database as Pool
from kingpost.worker.pump import pump_once
from tests.database import Databases
from tests.engine.office import Office
from tests.engine.test_races import at_once, kinds

DAY = timedelta(days=1)
TEXT = (
    (Path(__file__).parent / "company.yaml")
    .read_text()
    .replace(
        "      withdrawn:\n",
        """\
      fire:
        title: There was a fire
        cause: party
        raised-by: [clerk]
        steps: [examine]
        alongside: {task: Tell the neighbours, role: checker, due: 1 day}
      photographs-missing:
        title: Photographs are missing
        cause: document
        raised-by: [clerk]
        steps: [examine]
        suspend: {state: waiting, clocks: stop, until: {task: Ask for photographs, role: clerk}}
      on-holiday:
        title: The claimant is on holiday
        cause: party
        raised-by: [clerk]
        steps: [examine]
        suspend: {clocks: stop, until: {limit: 2 days}}
      withdrawn:
""",
    )
)


@pytest.fixture(scope="module")
def office(databases: Databases) -> Iterator[Office]:
    """One company for all tests here: each looks at cases of its own."""
    with databases.kept() as database, Pool(database.app_url, connections=8) as pool:
        yield Office.opened(pool, text=TEXT)


def faults(office: Office) -> list[str]:
    """Return what either checker finds, the one that shares the fold and the one that does not."""
    found = [f"{fault.invariant} {fault.message}" for fault in verify(office.company).faults]
    return [*found, *(str(each) for each in audit(office.company.database))]


def raised(office: Office, exception: str) -> UUID:
    case = office.start()
    office.do(Raise(office.task(case, "examine"), exception), "anna")
    return case


def test_work_beside_a_case_lies_in_the_worklist_and_ends_by_itself(office: Office) -> None:
    case = raised(office, "fire")

    found = read_worklist(
        office.company.database, office.company.active(), "carl", Wanted(View.ALL)
    )
    assert {(work.step, work.step_title) for work in found.page.rows if work.case == case} == {
        ("suspect", "Is there no fraud?"),
        ("fire", "Tell the neighbours"),
    }
    assert faults(office) == []
    office.do(Complete(office.task(case, "fire")), "carl")
    assert office.steps(case) == {"handling", "examine", "suspect"}
    assert faults(office) == []


def test_the_map_counts_work_beside_cases_at_its_exception(office: Office) -> None:
    before = _on_the_map(office)

    raised(office, "fire")

    assert _on_the_map(office) == before + 1


def _on_the_map(office: Office) -> int:
    process = read_process(office.company.database, office.company.active(), "claim")
    assert process is not None
    (node,) = (node for node in process.nodes if node.exception == "fire")
    assert (node.kind, node.role) == ("suspension", "checker")
    return node.now


def test_a_case_that_ends_withdraws_what_runs_beside_it(office: Office) -> None:
    case = raised(office, "fire")
    office.do(Complete(office.task(case, "examine"), {"report": "fine"}), "anna")
    office.do(Decide(office.task(case, "suspect"), "clear"), "carl")
    office.do(Decide(office.task(case, "approve"), "reject", reason="no"), "leo")

    assert office.scalar("SELECT count(*) FROM task WHERE case_id = %s", case) == 0
    assert faults(office) == []


def test_two_who_raise_the_same_at_once_open_one_piece_of_work(office: Office) -> None:
    case = office.start()
    task = office.task(case, "examine")

    answers = at_once(8, lambda n: office.ask(Raise(task, "fire"), ("anna", "ben")[n % 2]))

    assert kinds(answers) == {"Done": 1, "RunsBeside": 7}
    assert (
        office.scalar("SELECT count(*) FROM task WHERE step = 'fire' AND case_id = %s", case) == 1
    )


def test_two_who_do_the_work_that_ends_a_suspension_end_it_once(office: Office) -> None:
    case = raised(office, "photographs-missing")
    assert office.case(case).state == "waiting"
    work = office.task(case, "photographs-missing")

    answers = at_once(8, lambda n: office.ask(Complete(work), ("anna", "ben")[n % 2]))

    assert kinds(answers) == {"Done": 1, "NoSuchCase": 7}
    assert office.case(case).state == "new"
    assert faults(office) == []


def test_a_suspension_ends_at_its_time_by_the_clock_and_once(office: Office) -> None:
    late, early = (_on_holiday(office, age) for age in (3 * DAY, DAY))

    assert pump_once(office.company).done == 1

    assert office.case(late).at("on-holiday") is None
    assert office.case(early).at("on-holiday") is not None
    assert pump_once(office.company).done == 0
    page = read_case_page(office.company.database, office.case(late).number, office.company.program)
    assert page is not None
    assert [(event.kind, event.step_title) for event in page.events][-1] == (
        "expired",
        "The claimant is on holiday",
    )
    assert faults(office) == []


def _on_holiday(office: Office, age: timedelta) -> UUID:
    """Return a case that stands still so long already."""
    case = office.begun_ago(age)
    found = office.case(case)
    task = found.at("examine")
    assert task is not None
    office.record_at(found, Raise(task.id, "on-holiday"), "anna", found.started_at)
    return case


def test_what_ends_a_suspension_survives_that_another_does_so_first(office: Office) -> None:
    """The clock and a person at once: one of them ends it."""
    case = raised(office, "photographs-missing")
    work = office.task(case, "photographs-missing")
    examine = office.task(case, "examine")

    answers = at_once(
        2,
        lambda n: office.ask((Complete(work), Raise(examine, "on-holiday"))[n], ("anna", "ben")[n]),
    )

    assert any(isinstance(answer, Done) for answer in answers)
    assert office.steps(case) & {"photographs-missing", "on-holiday"} in (
        set[str](),
        {"on-holiday"},
    )
    assert faults(office) == []
    assert isinstance(office.ask(Start({"claimant": "Rita", "amount": "1"}), "anna"), Done)
