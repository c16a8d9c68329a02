"""The first term of open work, beside its row: its own, or that of a block around it."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from kingpost.audit.auditing import audit
from kingpost.decisions.commands import Complete, Raise
from kingpost.engine.due import find_terms
from kingpost.engine.verify import verify
from kingpost.queries.worklist import View, Wanted, read_worklist
from kingpost.store.pool import Database as Pool
from tests.database import Database
from tests.engine.office import Office
from tests.queries.claims import DAY, HOUR

_TEXT = (Path(__file__).parent / "company.yaml").read_text()
_IN_A_HURRY = _TEXT.replace(
    "        title: Handle the claim\n",
    "        title: Handle the claim\n        due: {by: level, low: 3 days, high: 1 day}\n",
).replace("records: [amount, report]", "records: [amount, report, level]")


@pytest.fixture
def office(database: Database) -> Iterator[Office]:
    with Pool(database.app_url, connections=4) as pool:
        yield Office.opened(pool, text=_IN_A_HURRY)


def ends(office: Office, case: UUID) -> dict[str, datetime | None]:
    """Return when the first term of each work ends, from the case's start."""
    begun = office.case(case).started_at
    with office.company.database.connection() as connection:
        rows = connection.execute(
            "SELECT step, ends_at FROM task WHERE case_id = %s", [case]
        ).fetchall()
    return {row["step"]: row["ends_at"] and row["ends_at"] - begun for row in rows}


def faults(office: Office) -> list[str]:
    found = [f"{fault.invariant} {fault}" for fault in verify(office.company).faults]
    return [*found, *(str(each) for each in audit(office.company.database))]


def test_work_ends_with_its_own_term_or_that_of_the_block_around_it(office: Office) -> None:
    slow, quick = office.start("200"), office.start("2000")

    assert ends(office, slow) == {"examine": 2 * DAY, "suspect": 3 * DAY}
    assert ends(office, quick) == {"examine": DAY, "suspect": DAY}
    assert faults(office) == []


def test_work_that_nobody_touched_follows_the_term_of_its_block(office: Office) -> None:
    case = office.start("200")
    task = office.task(case, "examine")

    office.do(Complete(task, {"report": "fine", "level": "high"}), "anna")

    assert ends(office, case) == {"suspect": DAY}
    assert faults(office) == []


def test_what_stands_still_has_only_the_terms_that_run_on(office: Office) -> None:
    case = office.start("200")

    office.do(Raise(office.task(case, "examine"), "info-missing"), "anna")

    assert ends(office, case)["suspect"] in {3 * DAY, None}
    assert faults(office) == []


def test_work_from_before_is_looked_at_once(office: Office, database: Database) -> None:
    case, late = office.start("2000"), office.begun_ago(2 * DAY + HOUR)
    with psycopg.connect(database.owner_url, autocommit=True) as connection:
        connection.execute("UPDATE task SET ends_at = due_at")
        connection.execute("INSERT INTO term_to_find SELECT id FROM task")
        connection.execute("INSERT INTO term_to_find VALUES (gen_random_uuid())")
    assert len(faults(office)) > 0

    assert find_terms(office.company) == 5
    assert find_terms(office.company) == 0

    assert ends(office, case) == {"examine": DAY, "suspect": DAY}
    assert ends(office, late)["examine"] == 2 * DAY
    assert faults(office) == []


def test_a_list_counts_as_late_what_a_block_makes_late(office: Office) -> None:
    office.start("200")
    with office.company.database.connection() as connection:
        connection.execute("UPDATE task SET ends_at = now() - interval '1 hour'")

    found = read_worklist(
        office.company.database, office.company.active(), "anna", Wanted(View.OVERDUE)
    )

    assert [item.step for item in found.page.rows] == ["examine"]
