"""What exceptions open besides, on the pages: raised there, done there, seen on the case."""

from kingpost.decisions.commands import Raise
from kingpost.store.pool import Database as Pool
from tests.database import Database
from tests.engine.office import Office
from tests.engine.test_besides import TEXT
from tests.web.meridian import Meridian, serving, visit
from tests.web.test_routes_acts import fields_of, text_of


def test_what_exceptions_open_is_seen_and_done_on_the_pages(database: Database) -> None:
    with Pool(database.app_url, connections=8) as pool:
        office = Office.opened(pool, text=TEXT)
        case = office.start()
        number, examine = office.case(case).number, office.task(case, "examine")
        meridian = Meridian(office.company)
        with serving(meridian) as address, visit(meridian, address, "anna") as client:
            page = client.get(f"/tasks/{examine}")
            sent = fields_of(page.text, f"/tasks/{examine}/raise")
            answer = client.post(f"/tasks/{examine}/raise", data={**sent, "exception": "fire"})
            assert answer.status_code == 303, text_of(answer)
            sent = fields_of(client.get(f"/tasks/{examine}").text, f"/tasks/{examine}/raise")
            again = client.post(f"/tasks/{examine}/raise", data={**sent, "exception": "fire"})
            assert "“There was a fire” was raised already: “Tell the neighbours” is open" in (
                text_of(again)
            )

            office.do(Raise(examine, "photographs-missing"), "anna")
            asks = office.task(case, "photographs-missing")
            page = client.get(f"/tasks/{asks}")
            assert "Ask for photographs" in text_of(page)
            whole = text_of(client.get(f"/cases/{number}"))
            assert "Tell the neighbours" in whole
            assert "Ask for photographs" in whole
            chart = client.get(f"/cases/{number}/map").text
            assert "There was a fire: 1 time" in chart

            sent = fields_of(page.text, f"/tasks/{asks}/complete")
            done = client.post(f"/tasks/{asks}/complete", data=sent)
            assert done.status_code == 303, text_of(done)
            assert office.steps(case) == {"handling", "examine", "suspect", "fire"}
            assert "Ask for photographs" in text_of(client.get(f"/cases/{number}"))
