"""Going beyond an authority on the pages: asked for, confirmed and reviewed, each by another."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

import pytest

from kingpost.decisions.commands import Assign, Decide, Review
from kingpost.store.pool import Database as Pool
from tests.database import Databases
from tests.engine.office import Office
from tests.engine.test_overrides import PEOPLE, TEXT, ask, asked, overridden, review_of
from tests.web.meridian import Meridian, key, serving, visit
from tests.web.test_routes_acts import fields_of, text_of

RECORDED = TEXT.replace(
    "        outcomes:\n          approve: {title: Approve, then: payment}",
    "        outcomes:\n          approve: {title: Approve, records: [amount], then: payment}",
)


@dataclass
class Pages:
    """The pages of one company, and what goes on behind them."""

    office: Office
    meridian: Meridian
    address: str

    def visit(self, person: str):  # noqa: ANN201 - a client
        return visit(self.meridian, self.address, person)

    def waiting(self) -> tuple[UUID, str]:
        """Return a case that waits for its approval, and the address of that decision."""
        case = self.office.examined("900")
        return case, f"/tasks/{self.office.task(case, 'approve')}"


@pytest.fixture(scope="module")
def pages(databases: Databases) -> Iterator[Pages]:
    with databases.kept() as database, Pool(database.app_url, connections=8) as pool:
        office = Office.opened(pool, PEOPLE, text=RECORDED)
        meridian = Meridian(office.company)
        with serving(meridian) as address:
            yield Pages(office, meridian, address)


def test_an_override_is_asked_for_confirmed_and_reviewed_on_the_pages(  # noqa: PLR0915 - one story
    pages: Pages,
) -> None:
    office, (case, task) = pages.office, pages.waiting()
    number = office.case(case).number
    with pages.visit("leo") as client:
        there = f"{task}/override?outcome=approve"
        assert f'href="{there}"' in client.get(task).text
        form = client.get(there)
        shown = text_of(form)
        assert "Team lead may take “Approve” only when Amount is at most 500" in shown
        assert "Confirmed by Fraud checker another person than you" in shown
        assert "After 2 hours" in shown
        assert "Internal audit within 2 days of taking effect" in shown
        assert "Goes on to “The bank pays”" in shown
        sent = fields_of(form.text, f"{task}/override")
        wish = {**sent, "amount": "850"}
        without = client.post(f"{task}/override", data={**wish, "reason": " "})
        assert without.status_code == 422
        assert "Give the reason." in text_of(without)
        assert 'value="850"' in without.text, "nothing typed is lost"
        done = client.post(f"{task}/override", data={**wish, "reason": "no roof"})
        assert (done.status_code, done.headers["location"]) == (303, f"/cases/{number}")
        assert office.steps(case) == {"approve"}
        page = text_of(client.get(f"/cases/{number}"))
        assert "Override asked for: Is the claim approved? Approve" in page
        assert "You asked for it. Another person confirms it as Fraud checker until" in page
        own = text_of(client.get(f"{task}/override/confirm"))
        assert "None of your posts may confirm this. Fraud checker may." in own
    with pages.visit("cora") as client:
        page = client.get(f"/cases/{number}")
        assert "Look at the override that Leo asks for" in text_of(page)
        assert "Look at the repair" not in text_of(page)
        form = client.get(f"{task}/override/confirm")
        shown = text_of(form)
        assert "Amount 900 → 850" in shown
        assert "“no roof”" in shown
        sent = fields_of(form.text, f"{task}/override/confirm")
        done = client.post(f"{task}/override/confirm", data={**sent, "reason": "seen"})
        assert done.status_code == 303, text_of(done)
        assert office.steps(case) == {"payment"}
        assert office.case(case).fields["amount"] == "850"
        review = f"/tasks/{review_of(office, case)}"
        mine = text_of(client.get(review))
        assert "This override is for Internal audit to review." in mine
        assert "Record the finding" not in mine
    with pages.visit("alma") as client:
        work = client.get("/work")
        assert "Review of an override: Is the claim approved?" in text_of(work)
        assert f"{review}/assign" not in work.text
        form = client.get(review)
        shown = text_of(form)
        assert "Beyond the authority of Team lead" in shown
        assert "“no roof”" in shown
        assert "“seen”" in shown
        sent = fields_of(form.text, f"{review}/review")
        without = client.post(f"{review}/review", data={**sent, "reason": "it was right"})
        assert "Choose one first." in text_of(without)
        assert "it was right" in without.text, "nothing typed is lost"
        wish = {**sent, "finding": "kept", "reason": "it was right"}
        done = client.post(f"{review}/review", data=wish)
        assert (done.status_code, done.headers["location"]) == (303, "/work")
        assert office.case(case).reviews == {}
        again = client.post(f"{review}/review", data={**wish, "key": key()})
        assert "Alma was first" in text_of(again)
        assert "Override reviewed: Is the claim approved? Kept" in text_of(again)
        page = text_of(client.get(f"/cases/{number}"))
        assert "Override reviewed: Is the claim approved? Kept" in page


def test_who_may_not_ask_is_told_why_and_an_outcome_without_override_is_none(pages: Pages) -> None:
    _, task = pages.waiting()
    with pages.visit("anna") as client:
        page = text_of(client.get(f"{task}/override?outcome=approve"))
        assert "None of your posts may override this. Team lead may." in page
        assert "Ask for “Approve” beyond" not in text_of(client.get(task))
    with pages.visit("leo") as client:
        for outcome in ("reject", "wave", ""):
            page = client.get(f"{task}/override?outcome={outcome}")
            assert "Nobody may go beyond their authority for this." in text_of(page)
        assert "Nothing waits to be confirmed here" in text_of(
            client.get(f"{task}/override/confirm")
        )


def test_who_confirms_what_went_on_is_told_and_loses_no_words(pages: Pages) -> None:
    office, (case, task) = pages.office, pages.waiting()
    confirm = asked(office, case)
    with pages.visit("cora") as client:
        form = client.get(f"{task}/override/confirm")
        sent = {**fields_of(form.text, f"{task}/override/confirm"), "reason": "I saw it"}
        office.do(Assign(task.removeprefix("/tasks/"), "leo"), "leo")
        late = text_of(client.post(f"{task}/override/confirm", data=sent))
        assert "The case went on since this was asked for." in late
        assert "You had written: “I saw it”." in late
        confirm = asked(office, case)
        form = client.get(f"{task}/override/confirm")
        sent = fields_of(form.text, f"{task}/override/confirm")
        assert ask(office, case, confirm, "carl")
        second = text_of(client.post(f"{task}/override/confirm", data=sent))
        assert "Carl was first" in second
        assert "Override: Is the claim approved? Approve" in second


def test_who_asks_for_what_was_decided_meanwhile_is_told_by_whom(pages: Pages) -> None:
    office, (_case, task) = pages.office, pages.waiting()
    with pages.visit("leo") as client:
        form = client.get(f"{task}/override?outcome=approve")
        sent = {**fields_of(form.text, f"{task}/override"), "reason": "no roof"}
        office.do(Decide(task.removeprefix("/tasks/"), "reject", reason="a fraud"), "hedy")
        late = client.post(f"{task}/override", data=sent)
        assert "Hedy was first" in text_of(late)


def test_a_decision_says_that_an_override_of_it_waits(pages: Pages) -> None:
    case, task = pages.waiting()
    asked(pages.office, case)
    with pages.visit("hedy") as client:
        page = client.get(task)
        assert "“Approve” beyond an authority waits to be confirmed" in text_of(page)
        assert f'href="{task}/override/confirm"' in page.text
    assert overridden(pages.office)


def test_an_overdue_review_stands_among_the_exceptions_until_it_is_made(pages: Pages) -> None:
    office, case = pages.office, overridden(pages.office)
    number, review = office.case(case).number, review_of(office, case)
    with pages.visit("hedy") as client:
        assert "Overdue reviews of overrides" not in text_of(client.get("/exceptions"))
        with office.company.database.connection() as connection:
            overdue = "UPDATE task SET due_at = opened_at WHERE kind = 'review' AND case_id = %s"
            connection.execute(overdue, [case])
        page = client.get("/exceptions")
        shown = text_of(page)
        assert f"{number} Is the claim approved?" in shown
        assert "Internal audit Team lead overrides nothing more until it is made" in shown
        assert f'href="/tasks/{review}"' in page.text
        office.do(Review(review, "kept", "it was right"), "alma")
        assert "Overdue reviews of overrides" not in text_of(client.get("/exceptions"))


def test_what_waits_stands_in_the_worklist_and_is_declined_with_a_reason(pages: Pages) -> None:
    office, (case, task) = pages.office, pages.waiting()
    number = office.case(case).number
    event = asked(office, case).asked
    with pages.visit("cora") as client:
        work = client.get("/work")
        assert "Confirm an override: Approve" in text_of(work)
        assert "Leo asks" in text_of(work)
        assert f'href="{task}/override/confirm"' in work.text
        (waits,) = (row["id"] for row in _waiting(office, case))
        there = client.get(f"/tasks/{waits}")
        assert (there.status_code, there.headers["location"]) == (303, f"{task}/override/confirm")
        form = client.get(f"{task}/override/confirm")
        assert "Or say no" in text_of(form)
        sent = fields_of(form.text, f"{task}/override/decline")
        assert sent["asked"] == str(event)
        without = client.post(f"{task}/override/decline", data={**sent, "because": " "})
        assert without.status_code == 422
        assert "Give the reason." in text_of(without)
        done = client.post(f"{task}/override/decline", data={**sent, "because": "the roof is on"})
        assert (done.status_code, done.headers["location"]) == (303, f"/cases/{number}")
        assert "Declined: Is the claim approved? Approve" in text_of(client.get(f"/cases/{number}"))
        again = client.post(
            f"{task}/override/decline", data={**sent, "because": "late", "key": key()}
        )
        assert "There is nothing left to decline: the case went on." in text_of(again)
        assert "You had written: “late”." in text_of(again)
        assert "Confirm an override" not in text_of(client.get(f"/work?text={number}"))
    with pages.visit("leo") as client:
        page = text_of(client.get(f"/cases/{number}"))
        assert "Cora declined what you proposed “the roof is on”" in page
        assert "Declined by the second person" in text_of(client.get(f"/work?text={number}"))


def _waiting(office: Office, case: UUID) -> list[dict[str, object]]:
    with office.company.database.connection() as connection:
        return connection.execute(
            "SELECT id FROM task WHERE kind = 'confirmation' AND case_id = %s", [case]
        ).fetchall()


def test_an_overdue_review_counts_among_the_alarms_in_the_navigation(pages: Pages) -> None:
    office, case = pages.office, overridden(pages.office)
    with pages.visit("alma") as client:
        before = client.get("/work").text
        with office.company.database.connection() as connection:
            overdue = "UPDATE task SET due_at = opened_at WHERE kind = 'review' AND case_id = %s"
            connection.execute(overdue, [case])
        pages.office.start()  # The number is read again some time after the history has gone on.
        assert "alarm" not in text_of_navigation(before)
        tries = (text_of_navigation(client.get("/work").text) for _ in range(200))
        assert any("count alarm" in each for each in tries)
        office.do(Review(review_of(office, case), "kept", "it was right"), "alma")


def text_of_navigation(page: str) -> str:
    return page[page.index("<nav") : page.index("</nav>")]
