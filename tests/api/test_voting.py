"""What programs see of a decision of several people."""

from collections.abc import Iterator

import pytest

from kingpost.decisions.commands import Decide, Start
from kingpost.store.pool import Database as Pool
from tests.api.front import Front
from tests.database import Database
from tests.decisions.loan import LOAN
from tests.engine.office import Office

BOARD = {"dina": "desk", "ada": "board", "bo": "board", "cy": "board"}


@pytest.fixture
def front(database: Database) -> Iterator[Front]:
    with Pool(database.app_url, connections=4) as pool:
        yield Front.opened(Office.opened(pool, BOARD, text=LOAN, workflow="loan"))


def test_a_task_says_who_voted_and_how_many_are_still_needed(front: Front) -> None:
    office = front.office
    case = office.do(Start({"amount": "400"}), "dina").case
    task = office.task(case, "agree")
    office.do(Decide(task, "grant", {"limit": "9"}), "ada")

    found = front.call("GET", f"/tasks/{task}", token=front.token("bo")).json()

    assert found["votes"] == [
        {"person": "ada", "post": "board", "outcome": "grant", "fields": {"limit": "9"}}
    ]
    assert {item["id"]: item["needs"] for item in found["outcomes"]} == {
        "grant": 1,
        "decline": 2,
        "fraud": 1,
    }
