"""Cases whose work is late, and blocks that are: counted by the database, but for blocks."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest

from kingpost.decisions.commands import Complete, Raise
from kingpost.queries.cases import CaseFilter, list_cases
from kingpost.queries.process import read_process, read_processes
from kingpost.store.pool import Database as Pool
from tests.database import Database
from tests.engine.office import TEXT, Office

HOUR = timedelta(hours=1)
# All that is done about a claim has a term of its own, shorter than that of a part of it.
TERMED = TEXT.replace(
    "        title: Handle the claim\n", "        title: Handle the claim\n        due: 1 days\n"
)


@pytest.fixture
def office(database: Database) -> Iterator[Office]:
    with Pool(database.app_url, connections=2) as pool:
        yield Office.opened(pool, text=TERMED)


def overdue(office: Office) -> dict[str, int]:
    found = read_process(office.company.database, office.company.active(), "claim")
    assert found is not None
    return {node.id: node.overdue for node in found.nodes if node.overdue}


def late(office: Office, step: str = "", workflow: str = "claim") -> set[UUID]:
    wanted = CaseFilter(workflow=workflow, step=step, overdue=True)
    found = list_cases(office.company.database, office.company.active(), wanted)
    return {row.id for row in found.page.rows}


def test_a_block_is_late_when_its_own_term_is_over_and_so_is_all_work_in_it(
    office: Office,
) -> None:
    one, _, over = (office.begun_ago(age) for age in (30 * HOUR, 20 * HOUR, 50 * HOUR))
    office.do(Complete(office.task(one, "examine"), {"report": "fine"}), "anna")

    # One is late in its block alone, another at a step of it as well, which counts once.
    assert overdue(office) == {
        "handling/fork": 2,
        "handling/join": 2,
        "examine": 1,
        "suspect": 2,
    }
    for workflow in ("claim", ""):
        assert late(office, "handling", workflow) == {one, over}
        assert late(office, "suspect", workflow) == {one, over}
        assert late(office, "examine", workflow) == {over}
        assert late(office, "", workflow) == {one, over}
        assert late(office, "approve", workflow) == set()
    (card,) = read_processes(office.company.database, office.company.active()).cards
    assert (card.in_flight, card.overdue, card.suspended) == (3, 2, 0)


def test_what_stands_still_is_not_late_and_counts_at_its_exception(office: Office) -> None:
    halted = office.begun_ago(20 * HOUR)
    office.do(Raise(office.task(halted, "examine"), "info-missing"), "anna")

    found = read_process(office.company.database, office.company.active(), "claim")
    assert found is not None
    nodes = {node.id: (node.now, node.suspended, node.overdue) for node in found.nodes}
    assert nodes["examine"] == nodes["exception/info-missing"] == (1, 1, 0)
    assert nodes["suspect"] == (1, 0, 0)
    assert late(office) == set()
    (card,) = read_processes(office.company.database, office.company.active()).cards
    assert (card.overdue, card.suspended) == (0, 1)
