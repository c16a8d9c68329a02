"""Repairing a case on its pages: what it does is shown first, and another person confirms it."""

from kingpost.decisions.commands import Propose
from kingpost.engine.perform import Asked, perform
from kingpost.store.pool import Database as Pool
from tests.database import Database
from tests.engine.office import HOLDERS, Office, key
from tests.engine.test_repairs import TEXT
from tests.web.meridian import Meridian, serving, visit
from tests.web.test_routes_acts import fields_of, text_of


def test_a_repair_is_shown_proposed_and_confirmed_on_the_pages(  # noqa: PLR0915 - one story
    database: Database,
) -> None:
    with Pool(database.app_url, connections=8) as pool:
        office = Office.opened(pool, {**HOLDERS, "hugo": "head"}, text=TEXT)
        case = office.start()
        number, examine = office.case(case).number, office.task(case, "examine")
        url, meridian = f"/cases/{number}", Meridian(office.company)
        with serving(meridian) as address:
            with visit(meridian, address, "anna") as client:
                assert "Repair this case" not in text_of(client.get(url))
                refused = client.get(f"{url}/repair")
                assert "None of your posts may repair cases here." in text_of(refused)
                assert "See what it does" not in text_of(refused)
                refused = client.post(f"{url}/repair", data={"field.amount": "1", "because": "x"})
                assert refused.status_code == 422
                assert "None of your posts may repair cases here." in text_of(refused)
            with visit(meridian, address, "hedy") as client:
                assert "Repair this case" in text_of(client.get(url))
                form = client.get(f"{url}/repair")
                assert "End the branch at “Examine”" in text_of(form)
                assert "” to “The bank pays”" not in text_of(form), "a decision lies between"
                sent = fields_of(form.text, f"{url}/repair")
                handling = office.task(case, "handling")
                wish = {**sent, "way": f"{handling}|to|payment", "because": "x"}
                assert (
                    "A move to “The bank pays” would go past “Is there no fraud?”. Move the case to"
                    " where that is decided, or force the outcome there."
                    in text_of(client.post(f"{url}/repair", data=wish))
                )
                wish = {
                    **sent, "field.amount": "300", "way": f"{examine}|to|done",
                    "because": "on paper",
                }  # fmt: skip
                assert "Give the reason." in text_of(
                    client.post(f"{url}/repair/propose", data={**wish, "because": "", "key": KEY})
                )
                without = client.post(f"{url}/repair", data={**wish, "because": " "})
                assert without.status_code == 422
                assert "Give the reason." in text_of(without)
                shown = client.post(f"{url}/repair", data=wish)
                assert "Amount 200 → 300" in text_of(shown)
                assert "Leaves Examine" in text_of(shown)
                assert office.case(case).version == 1
                sent = fields_of(shown.text, f"{url}/repair/propose")
                done = client.post(f"{url}/repair/propose", data=sent)
                assert done.status_code == 303, text_of(done)
                assert office.case(case).version == 2
                page = text_of(client.get(url))
                assert "Repair proposed: Examine: done" in page
                assert "Another person who may repair has to confirm it." in page
            with visit(meridian, address, "leo") as client:
                assert "Look at the repair that Hedy proposes" in text_of(client.get(url))
                assert "Confirm a repair: Examine" in text_of(client.get("/work"))
                page = client.get(f"{url}/repair/proposed")
                shown = text_of(page)
                assert "“on paper”" in shown
                assert "Amount 200 → 300" in shown
                no = fields_of(page.text, f"{url}/repair/decline")
                without = client.post(f"{url}/repair/decline", data={**no, "because": ""})
                assert without.status_code == 422
                assert "Give the reason." in text_of(without)
                sent = fields_of(page.text, f"{url}/repair/confirm")
                done = client.post(f"{url}/repair/confirm", data=sent)
                assert done.status_code == 303, text_of(done)
                assert office.steps(case) == {"handling", "suspect"}
                assert "Repaired: Examine: done" in text_of(client.get(url))
                again = client.post(f"{url}/repair/confirm", data={**sent, "key": KEY})
                assert (
                    "The case went on since this was proposed. Look at it, and propose it anew."
                    in text_of(again)
                )
                gone = text_of(client.get(f"{url}/repair/proposed"))
                assert "No repair waits for you here" in gone


def test_a_repair_is_declined_on_its_page_and_the_one_who_proposed_it_reads_why(
    database: Database,
) -> None:
    with Pool(database.app_url, connections=8) as pool:
        office = Office.opened(pool, {**HOLDERS, "hugo": "head"}, text=TEXT)
        case, meridian = office.start(), Meridian(office.company)
        url = f"/cases/{office.case(case).number}"
        wish = Propose({"amount": "300"}, reason="on paper")
        perform(office.company, Asked(key(), wish, case, "hedy"))
        with serving(meridian) as address:
            with visit(meridian, address, "leo") as client:
                page = client.get(f"{url}/repair/proposed")
                sent = fields_of(page.text, f"{url}/repair/decline")
                client.post(f"{url}/repair/decline", data={**sent, "because": "no paper here"})
                assert office.case(case).proposal is None
            with visit(meridian, address, "hedy") as client:
                page = text_of(client.get(url))
                assert "Leo declined what you proposed “no paper here”" in page


KEY = "00000000-0000-4000-8000-000000000001"
