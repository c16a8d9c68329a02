"""Changes of the model over the API: plans, and deciding of a case that asks where it goes on."""

from kingpost.engine.carrying.applying import carry_all
from kingpost.engine.change import change_model
from kingpost.model.assurance import CarryOver
from kingpost.store.pool import Database as Pool
from tests.api.front import Front, problem
from tests.database import Database
from tests.engine.carrying import saved
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


def test_a_plan_is_read_and_applied_by_who_keeps_what_changes(database: Database) -> None:
    with Pool(database.app_url, connections=4) as pool:
        office = Office.opened(pool)
        front = Front.opened(office)
        case = office.start()
        office.approved()
        plan = saved(office, TEXT.replace("due: 2 days", "due: 1 day"))
        there = f"/plans/{plan.name}"

        [listed] = front.get("/plans", "anna")
        shown = front.get(there, "anna")
        carries = front.get(f"{there}?verdict=carries over", "anna")["cases"]
        assert (listed["plan"], listed["state"], listed["live_cases"]) == (plan.digest, "open", 2)
        assert shown["plan"] == listed
        assert shown["differences"][0]["address"] == "workflow/claim/step/examine"
        assert shown["keepers"] == {"head": ["workflow/claim"]}
        assert [(each["verdict"], each["number"]) for each in shown["counts"]] == [
            ("carries over", 1),
            ("unaffected", 1),
        ]
        assert [each["number"] for each in shown["cases"]] == ["CLM-1", "CLM-2"]
        assert [each["number"] for each in carries] == ["CLM-1"]
        assert front.get(f"{there}?page=2", "anna")["cases"] == []
        assert problem(front.call("GET", "/plans/abc", token=front.token("anna")))[2] == (
            "there is no plan `abc`: `kingpost plans` lists them all."
        )

        refused = problem(front.post(f"{there}/apply", None, person="anna"))
        applied = front.post(f"{there}/apply", None, person="hedy").json()
        again = problem(front.post(f"{there}/apply", None, person="hedy"))
        carry_all(office.company)

        assert refused[:2] == (403, "not-custodian")
        assert refused[2].startswith("`anna` does not keep every part that changes:")
        assert applied["version"] == office.company.active().version == office.case(case).model
        told = f"`kingpost receipt {applied['change']}` tells what came of it."
        assert again == (409, "plan-applied", f"the plan {plan.name} was applied: {told}")
        assert front.get("/plans", "anna")[0]["state"] == "applied"


def test_the_receipt_of_a_change_is_read(database: Database) -> None:
    with Pool(database.app_url, connections=4) as pool:
        office = Office.opened(pool)
        front = Front.opened(office)
        office.start()
        office.approved()
        plan = saved(office, TEXT.replace("due: 2 days", "due: 1 day"))
        applied = front.post(f"/plans/{plan.name}/apply", None, person="hedy").json()
        carry_all(office.company)

        there = f"/changes/{applied['change']}"
        told = front.get(f"{there}?outcome=carried", "anna")
        assert (told["sentence"], told["left"]) == ("1 carried over, 1 not affected", 0)
        assert told["receipt"]["person"] == "hedy"
        assert [(each["number"], each["planned"]) for each in told["cases"]] == [
            ("CLM-1", "carries over")
        ]
        assert told["total"] == 1
        second = front.get(f"{there}?outcome=carried&page=2", "anna")
        assert (second["total"], second["cases"]) == (1, [])
        assert front.get(there, "anna")["cases"] == []
        wrong = problem(front.call("GET", f"{there}?outcome=x", token=front.token("anna")))
        assert wrong[2].startswith("`x` is no outcome: there are `carried`, ")
        nowhere = str(key())
        missing = problem(front.call("GET", f"/changes/{nowhere}", token=front.token("anna")))
        assert missing[2] == f"there is no change `{nowhere}`"
