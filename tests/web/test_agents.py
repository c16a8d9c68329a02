"""Machine agents on the pages: who answers for one is said where it stands, and none signs in."""

from datetime import UTC, datetime

import httpx

from kingpost.decisions.commands import Decide
from kingpost.engine import access
from kingpost.store.pool import Database as Pool
from tests.database import Database
from tests.engine.agency import agency
from tests.web.meridian import Meridian, serving, visit


def test_the_pages_say_what_is_an_agent_and_who_answers_for_it(database: Database) -> None:
    with Pool(database.app_url, connections=8) as pool:
        office = agency(pool)
        case = office.start()
        office.do(Decide(office.task(case, "suspect"), "clear"), "bot")
        meridian = Meridian(office.company)
        now = datetime.now(UTC)  # noqa: TID251 - a test has no command line.
        token = access.open_session(office.company, person="bot", name="pages", now=now).token
        with (
            serving(meridian) as address,
            visit(meridian, address, "leo") as reader,
            httpx.Client(base_url=address, cookies={"kingpost": token}) as intruder,
        ):
            number = office.case(case).number
            shown = reader.get(f"/cases/{number}").text
            post, person = reader.get("/org/posts/screen").text, reader.get("/people/bot").text
            who = reader.get("/org/who?of=screen").text
            turned_away = intruder.get("/work")

    assert "Screening, a machine agent for which Leo, Team lead, answers" in shown
    assert "for an agent, under Team lead" in post
    assert "Machine agent" in post
    assert "machine agent" in person
    assert "answers for the agent in Screening" in who
    assert turned_away.status_code in {302, 303, 401}
