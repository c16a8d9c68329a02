"""Triage of exceptions over the API: what is held up, and acting on many with a result for each."""

import pytest

from kingpost.decisions.commands import Raise
from kingpost.store.pool import Database as Pool
from tests.api.front import Front, problem
from tests.database import Database
from tests.engine.office import Office, key


def test_many_are_acted_on_and_each_has_a_result(database: Database) -> None:
    with Pool(database.app_url, connections=4) as pool:
        office = Office.opened(pool)
        front = Front.opened(office)
        tasks = [office.task(office.start(), "examine") for _ in range(3)]
        for task in tasks:
            office.do(Raise(task, "info-missing"), "anna")

        read = front.get("/exceptions", "anna")
        assert (read["mine"], read["all"], read["groups"][0]["count"]) == (3, 3, 3)
        assert front.get("/exceptions?kind=delayed", "anna")["mine"] == 0
        assert front.get("/exceptions", "carl")["page"]["rows"] == []
        assert len(front.get("/exceptions?whose=all", "carl")["page"]["rows"]) == 3

        again, body = key(), {"act": "end/answered", "reason": "x", "tasks": [tasks[0], str(key())]}
        done = front.post("/exceptions/acts", body, person="anna", again=again).json()
        counts = [done["batch"][name] for name in ("items", "done", "gone", "refused")]
        assert (counts, done["left"]) == ([2, 1, 1, 0], 0)
        assert [item["outcome"] for item in done["items"]] == ["gone", "done"]
        there = f"/exceptions/acts/{again}"
        assert front.get(there, "anna") == done
        assert front.post(f"{there}/go-on", None, person="anna").json() == done
        assert front.post("/exceptions/acts", body, person="anna", again=again).json() == done
        other = front.post("/exceptions/acts", {**body, "reason": "y"}, person="anna", again=again)
        assert problem(other)[1] == "key-reused"
        stranger = front.call("GET", there, token=front.token("ben"))
        assert problem(stranger) == (404, "no-such-batch", "there is no such batch of yours")

        every = {"act": "end/answered", "reason": "all came", "matching": {"kind": "info-missing"}}
        assert front.post("/exceptions/acts", every, person="anna").json()["batch"]["done"] == 2
        assert front.get("/exceptions", "anna")["mine"] == 0
        for wrong, kind in (
            (every, "nothing-chosen"),
            ({**body, "act": "burn"}, "no-such-act"),
            ({**body, "reason": " "}, "reason-missing"),
        ):
            refused = front.post("/exceptions/acts", wrong, person="anna")
            assert problem(refused)[:2] == (422, kind)


@pytest.mark.parametrize("query", ["whose=ours", "page=0", "kind=%00"])
def test_a_filter_that_means_nothing_is_refused(database: Database, query: str) -> None:
    with Pool(database.app_url, connections=2) as pool:
        front = Front.opened(Office.opened(pool))
        answer = front.call("GET", f"/exceptions?{query}", token=front.token("anna"))

    assert answer.status_code == 422
