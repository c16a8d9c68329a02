"""Pages and answers of the API about allowances: what an outcome leaves, and why it is too much."""

from collections.abc import Iterator

import pytest

from kingpost.decisions.commands import Decide, Start
from kingpost.store.pool import Database as Pool
from tests.api.front import Front
from tests.database import Database
from tests.decisions.purchase import PURCHASE
from tests.engine.office import Office
from tests.web.meridian import Meridian, serving, visit
from tests.web.test_routes_acts import text_of

HOLDERS = {"anna": "desk", "leo": "lead", "hedy": "head"}


@pytest.fixture
def office(database: Database) -> Iterator[Office]:
    """The company that buys, after a purchase for 600 in this month."""
    # The lead may not change the price here, so that it counts before anybody decides.
    text = PURCHASE.replace("{records: [price], then: bought}", "{then: bought}")
    with Pool(database.app_url, connections=8) as pool:
        office = Office.opened(pool, HOLDERS, text=text, workflow="purchase")
        case = office.do(Start({"price": "600", "what": "a saw"}), "anna").case
        office.do(Decide(office.task(case, "approve"), "approve"), "leo")
        yield office


def wished(office: Office, price: str) -> str:
    case = office.do(Start({"price": price, "what": "a drill"}), "anna").case
    return office.task(case, "approve")


def test_a_decision_says_what_it_leaves_and_why_it_is_too_much(office: Office) -> None:
    fits, over = wished(office, "300"), wished(office, "500")
    first = office.scalar("SELECT number FROM case_file WHERE closed_at IS NOT NULL")
    meridian = Meridian(office.company)
    with serving(meridian) as address, visit(meridian, address, "leo") as client:
        left = text_of(client.get(f"/tasks/{fits}"))
        too_much = text_of(client.get(f"/tasks/{over}"))
        post = text_of(client.get("/org/posts/lead"))
        past = text_of(client.get(f"/cases/{first}"))
        goes = text_of(client.get("/org/posts/lead/succession"))

    assert "Goes on to “Bought”. Leaves 100.00 EUR of 1,000.00 EUR for this month" in left
    assert (
        "“Approve” counts for 500.00 EUR, and of what Lead may decide, 400.00 EUR of 1,000.00 EUR"
        " is left this month. Head may."
    ) in too_much
    assert "in a month at most 1,000.00 EUR of price" in post
    assert "600.00 EUR of 1,000.00 EUR used price, in the month from 1 " in goes
    assert "Used so far of what the post may decide in a month: 600.00 EUR of 1,000.00 EUR." in past


def test_the_api_says_the_same(office: Office) -> None:
    front = Front.opened(office)

    (fits, _), (over, _) = (
        front.get(f"/tasks/{wished(office, price)}")["outcomes"] for price in ("300", "500")
    )

    assert fits["why_not"] is None
    assert (fits["allowance"]["before"], fits["allowance"]["after"]) == ("600.00 EUR", "900.00 EUR")
    assert "600.00 EUR is used and 400.00 EUR is left" in over["why_not"]
    assert "; `head` may" in over["why_not"]
