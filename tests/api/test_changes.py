"""Changes of the model over the API: deciding of a case that asks where it goes on."""

from kingpost.engine.carrying.applying import carry_all
from kingpost.engine.change import change_model
from kingpost.model.assurance import CarryOver
from kingpost.store.pool import Database as Pool
from tests.api.front import Front, problem
from tests.database import Database
from tests.engine.office import TEXT, Office, key, read


def test_who_keeps_the_workflow_decides_of_a_case_that_asks(database: Database) -> None:
    with Pool(database.app_url, connections=4) as pool:
        office = Office.opened(pool)
        front = Front.opened(office)
        case = office.start()
        moved = read(TEXT.replace("examine", "inspect"))
        change_model(office.company, moved, person="hedy", carry_over=CarryOver.NOW)
        carry_all(office.company)
        there, body = "/cases/CLM-1/carry-over", {"reason": "the same work"}
        placed = {**body, "places": {"examine": "inspect"}}

        refused = front.post(there, placed, person="leo")
        asks = front.post(there, body, person="hedy")
        nothing = front.post("/cases/CLM-9/carry-over", body, person="hedy")
        again = key()
        carried = front.post(there, placed, person="hedy", again=again).json()

        words = "how cases of `claim` go over is decided by `head`, which keeps it"
        assert problem(refused) == (403, "not-your-workflow", words)
        assert problem(asks)[:2] == (409, "not-carried")
        assert problem(nothing)[:2] == (404, "no-such-case")
        assert (carried["change"], carried["outcome"]) == (str(again), "carried")
        assert carried["different"][0] == "`examine` is `inspect` now"
        assert front.post(there, placed, person="hedy", again=again).json()["outcome"] == "carried"
        other = front.post(there, {**placed, "reason": "x"}, person="hedy", again=again)
        assert problem(other)[1] == "key-reused"
        assert office.steps(case) == {"handling", "inspect", "suspect"}
