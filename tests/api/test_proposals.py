"""Proposals of changes over the API: what is said to them, by whom, and how it stands then."""

from psycopg import connect

from kingpost.model.assurance import CarryOver
from kingpost.store.pool import Database as Pool
from tests.api.front import Front, problem
from tests.database import Database
from tests.engine.carrying import TEXT as PLAIN
from tests.engine.carrying import saved
from tests.engine.consent import BOTH, governed, sooner
from tests.engine.office import Office, key, read

EVERY = governed(BOTH)
WHY = {"reason": "customers wait"}


def test_a_plan_is_proposed_discussed_approved_and_applied(  # noqa: PLR0915 - one story
    database: Database,
) -> None:
    with Pool(database.app_url, connections=4) as pool:
        office = Office.opened(pool)
        office.company.load(read(EVERY))
        front = Front.opened(office)
        plan = saved(office, sooner(EVERY), CarryOver.STAY)
        there = f"/plans/{plan.name}"

        nothing = problem(front.call("GET", f"{there}/proposal", token=front.token("anna")))
        proposed = front.post(f"{there}/propose", WHY, person="hedy").json()
        own = problem(front.post(f"{there}/approve", WHY, person="anna"))
        waits = [front.get("/proposals/waiting", name) for name in ("leo", "hedy", "anna")]
        early = problem(front.post(f"{there}/apply", None, person="hedy"))
        empty = problem(front.post(f"{there}/approve", {"reason": " "}, person="leo"))
        again = key()
        first = front.post(f"{there}/approve", WHY, person="leo", again=again).json()
        same = front.post(f"{there}/approve", WHY, person="leo", again=again).json()
        other = front.post(f"{there}/reject", WHY, person="leo", again=again)
        twice = problem(front.post(f"{there}/approve", WHY, person="leo"))
        front.post(f"{there}/comment", {"reason": "hm"}, person="ben")
        front.post(f"{there}/approve", WHY, person="carl")
        shown = front.get(f"{there}/proposal", "anna")
        applied = front.post(f"{there}/apply", None, person="hedy").json()

        assert nothing == (404, "not-found", f"nobody has proposed the plan {plan.name}")
        assert (proposed["state"], proposed["by"]) == ("open", "hedy")
        assert proposed["missing"] == [
            {"number": 2, "posts": ["lead", "check"], "parts": ["workflow/claim"]}
        ]
        words = "`anna` answers for none of the posts that are asked: `head`, `lead`, `check`"
        assert own == (403, "not-asked", words)
        assert waits == [[{"plan": plan.digest, "by": "Hedy", "posts": ["lead"]}], [], []]
        assert early[:2] == (409, "approvals-missing")
        assert empty == (422, "reason-missing", "say why: a reason is missing")
        assert first["missing"][0]["posts"] == ["check"]
        assert same == first
        assert problem(other)[1] == "key-reused"
        assert twice == (409, "said-already", "you approved it already")
        assert (shown["missing"], shown["words"]) == ([], [])
        assert [(each["kind"], each["name"], each["posts"]) for each in shown["events"]] == [
            ("proposed", "Hedy", []),
            ("approved", "Leo", ["lead"]),
            ("commented", "Ben", []),
            ("approved", "Carl", ["check"]),
        ]
        assert applied["version"] == office.company.active().version
        assert front.get(f"{there}/proposal", "anna")["state"] == "applied"


def test_a_proposal_is_withdrawn_by_who_made_it(database: Database) -> None:
    with Pool(database.app_url, connections=4) as pool:
        office = Office.opened(pool)
        office.company.load(read(EVERY))
        front = Front.opened(office)
        plan = saved(office, sooner(EVERY), CarryOver.STAY)
        there = f"/plans/{plan.name}"
        front.post(f"{there}/propose", WHY, person="leo")

        other = problem(front.post(f"{there}/withdraw", WHY, person="hedy"))
        front.post(f"{there}/withdraw", WHY, person="leo")
        closed = problem(front.post(f"{there}/apply", None, person="hedy"))

        assert other[:2] == (403, "not-yours")
        assert closed[:2] == (409, "proposal-closed")
        assert front.get("/plans", "anna")[0]["state"] == "withdrawn"
        assert problem(front.post("/plans/abc/propose", WHY, person="leo"))[0] == 404


def test_what_is_applied_is_named_in_full(database: Database) -> None:
    with Pool(database.app_url, connections=4) as pool:
        office = Office.opened(pool)
        front = Front.opened(office)
        plan = saved(office, sooner(PLAIN), CarryOver.STAY)

        short = problem(front.post(f"/plans/{plan.name[:2]}/apply", None, person="hedy"))

        told = f"what is decided on is named in full: write `{plan.name}`"
        assert short == (404, "not-found", told)


def test_a_plan_that_was_changed_in_the_database_is_told_as_such(database: Database) -> None:
    with Pool(database.app_url, connections=4) as pool:
        office = Office.opened(pool)
        front = Front.opened(office)
        office.start()
        plan = saved(office, sooner(PLAIN), CarryOver.NOW)
        with connect(database.owner_url) as connection:
            connection.execute("UPDATE plan_case SET verdict = 'stays'")

        token = front.token("hedy")
        shown = problem(front.call("GET", f"/plans/{plan.name}", token=token))
        applied = problem(front.post(f"/plans/{plan.name}/apply", None, person="hedy"))

        told = f"the plan {plan.name} is not what was saved under this name: it was changed in the"
        assert shown[:2] == applied[:2] == (409, "plan-changed")
        assert shown[2] == applied[2] == f"{told} database; plan anew"
