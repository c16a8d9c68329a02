"""The page of a decision of several people: who has voted, and what is still missing."""

from collections.abc import Iterator

import pytest

from kingpost.decisions.commands import Decide, Start
from kingpost.store.pool import Database as Pool
from tests.database import Database
from tests.decisions.loan import LOAN
from tests.engine.office import Office
from tests.web.meridian import Meridian, serving, visit
from tests.web.test_routes_acts import fields_of, text_of

BOARD = {"dina": "desk", "ada": "board", "bo": "board", "cy": "board"}


@pytest.fixture
def office(database: Database) -> Iterator[Office]:
    with Pool(database.app_url, connections=8) as pool:
        yield Office.opened(pool, BOARD, text=LOAN, workflow="loan")


def test_people_vote_on_the_page_and_see_what_is_missing(office: Office) -> None:
    case = office.do(Start({"amount": "400"}), "dina").case
    task, meridian = office.task(case, "agree"), Meridian(office.company)
    with serving(meridian) as address, visit(meridian, address, "ada") as client:
        page = client.get(f"/tasks/{task}")

        assert (
            "2 of 3 people must agree. Nobody has voted yet. Still needed: 2 for “Grant”,"
            " 2 for “Decline” or 1 for “Fraud”."
        ) in text_of(page)
        assert "Cast your vote" in page.text
        assert "Take it on" not in page.text

        sent = fields_of(page.text, f"/tasks/{task}/decide")
        answer = client.post(f"/tasks/{task}/decide", data={**sent, "outcome": "grant"})
        assert answer.status_code == 303, text_of(answer)
        page = client.get(f"/tasks/{task}")

        assert (
            "Voted so far: Ada for “Grant”. Still needed: 1 for “Grant”, 2 for “Decline” or 1 for"
            " “Fraud”."
        ) in text_of(page)
        assert "Is it granted? One vote for “Grant”" in text_of(page)

        sent = fields_of(page.text, f"/tasks/{task}/decide")
        again = client.post(f"/tasks/{task}/decide", data={**sent, "outcome": "grant"})

        assert "You have voted for “Grant”; your vote counts once." in text_of(again)


def test_the_case_tells_each_vote_with_its_reason(office: Office) -> None:
    done = office.do(Start({"amount": "400"}), "dina")
    task = office.task(done.case, "agree")
    office.do(Decide(task, "grant", reason="Good payer"), "ada")
    office.do(Decide(task, "grant"), "bo")
    meridian = Meridian(office.company)
    with serving(meridian) as address, visit(meridian, address, "cy") as client:
        page = text_of(client.get(f"/cases/{done.number}/timeline"))

    assert "Is it granted? One vote for “Grant”" in page
    assert "“Good payer”" in page
    assert "Is it granted? Grant" in page
