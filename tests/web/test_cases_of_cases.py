"""The chain of cases that begin each other, on the pages and in the answers of both of them."""

from collections.abc import Iterator

import pytest

from kingpost.queries.case_page import read_case_page
from kingpost.store.pool import Database as Pool
from tests.database import Database
from tests.engine.chains.lender import checks, loan, look, opened, work
from tests.engine.office import Office
from tests.web.meridian import Meridian, serving, visit
from tests.web.test_routes_acts import text_of


@pytest.fixture
def lender(database: Database) -> Iterator[Office]:
    with Pool(database.app_url, connections=8) as pool:
        changed = {"who: each": "who: 'if each = \"nobody\" then null else each'"}
        yield opened(pool, changed)


def test_both_case_pages_show_the_chain(lender: Office) -> None:
    case = loan(lender, "Rui", "nobody")
    work(lender)
    (rui,) = checks(lender, case)
    look(lender, rui, 700)
    work(lender)
    above, below = lender.case(case).number, lender.case(rui).number

    meridian = Meridian(lender.company)
    with serving(meridian) as address, visit(meridian, address, "hedy") as client:
        page = text_of(client.get(f"/cases/{above}"))
        assert f"{below} Good" in page
        assert "A case cannot begin: `check` needs `who`" in page
        assert f"{below} reported" in page
        assert f"Begun by {above} Checks" in text_of(client.get(f"/cases/{below}"))
        assert "Held: Another case cannot be begun as it should." in text_of(
            client.get(f"/tasks/{lender.task(case, 'checks')}")
        )

    found = read_case_page(lender.company.database, below, lender.company.program)
    assert found is not None
    assert found.parent is not None
    assert (found.parent.number, found.parent.step) == (above, "checks")
