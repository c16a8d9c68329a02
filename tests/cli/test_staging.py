"""The scene of the demo: what no log shows is there, to be found where the tour says, and once."""

import asyncio
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from kingpost.audit.auditing import audit
from kingpost.cli.register import load_register
from kingpost.cli.staging import NotStagedError, stage
from kingpost.engine import register
from kingpost.engine.access import open_session
from kingpost.engine.company import Company
from kingpost.engine.register import Appointment
from kingpost.engine.verify import verify
from kingpost.store.pool import Database as Pool
from kingpost.web.app import create_web
from kingpost.worker.calling import Caller
from tests.database import Database
from tests.scenarios.examples import EXAMPLES, company

DESK = EXAMPLES / "service-desk"
LEO, VERA, HUGO, FELIX = "leo-marchetti", "updated-by-21", "updated-by-44", "updated-by-142"


def now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - a test has no command line.


@pytest.fixture
def desk(database: Database) -> Iterator[Company]:
    """The service desk with its register, before anything has happened."""
    with Pool(database.app_url, connections=12) as pool:
        house = Company(pool)
        house.load(company("service-desk"))
        load_register(house, DESK / "people.csv", DESK / "appointments.csv")
        yield house


BEGUN = now()


def set_scene(desk: Company, folder: Path = DESK / "demo") -> None:
    stage(desk, company("service-desk"), folder, BEGUN)


def shown(desk: Company, person: str, path: str) -> str:
    """Return the words of a page, without its marks."""
    token = open_session(desk, person=person, now=now()).token
    headers = {"Cookie": f"kingpost={token}", "Sec-Fetch-Site": "same-origin"}

    async def get() -> httpx.Response:
        transport = httpx.ASGITransport(create_web(desk, now))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return await client.get(path, headers=headers)

    answer = asyncio.run(get())
    assert answer.status_code == 200, (path, answer.status_code)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


def events(desk: Company) -> int:
    with desk.database.connection() as connection:
        row = connection.execute("SELECT count(*) AS many FROM event").fetchone()
    assert row is not None
    return row["many"]


def test_the_demo_shows_what_no_log_does_and_only_once(desk: Company) -> None:
    set_scene(desk)
    caller = Caller(desk, {})
    caller.round()
    caller.settle()
    before = events(desk)
    set_scene(desk)

    assert events(desk) == before
    calls = shown(desk, LEO, "/calls")
    assert "Put it on the status page Status page Failed" in calls
    assert "LIFT-9" in calls
    assert "Held: The other system does not answer as it should" in shown(desk, LEO, "/work")
    assert "Vacant 4" in shown(desk, VERA, "/org")
    assert "While it is vacant, Duty officer acts" in shown(desk, VERA, "/org/posts/group-79")
    assert "Felix Tanaka acting" in shown(desk, VERA, "/org/posts/problem-manager")
    assert "Amina is on a course in the mornings" in shown(desk, HUGO, "/org/posts/crisis-manager")
    away = "Jonas Wetterling away While everybody is away, Head of IT services acts"
    assert away in shown(desk, VERA, "/org/posts/process-owner")
    assert "One vote for “It may”" in shown(desk, "rui-tavares", "/cases/MAJ-2")
    waits = "Confirm an override: It does"
    assert waits in shown(desk, VERA, "/work")
    assert "Elif Lopez asks" in shown(desk, VERA, "/work")
    assert waits not in shown(desk, "updated-by-78", "/work")
    assert "Gather what the logs say: done" in shown(desk, FELIX, "/cases/PRB-4")
    assert "Log robot" in shown(desk, FELIX, "/cases/PRB-4")
    assert verify(desk).faults == ()
    assert list(audit(desk.database)) == []


NOBODY = "there is no person `nobody` in the register. Add the person first."
LENT = "giver,post,person,from-day,until-day,workflow,reason"
# A table, its rows, and what is said of the first.
FAULTS = (
    (
        "stories.csv",
        "story\npage-out-of-ordre\n",
        "there is no scenario `page-out-of-ordre`. Write `page-out-of-order`.",
    ),
    (
        "stories.csv",
        "story\ntold-late\n",
        "`told-late` lets time pass, or begins where another ends. Name one that does not.",
    ),
    (
        "stories.csv",
        "story\nmail-stands-still\n",
        "`mail-stands-still` does not say which person begins it. Add `person` to `given`.",
    ),
    (
        "stories.csv",
        "story\ncause-being-found\n",
        "`problem-review` needs the role `problem-analyst`: `problem-manager` may",
    ),
    ("acting.csv", "person,post,from-day,until-day\nnobody,problem-manager,0,1\n", NOBODY),
    ("absences.csv", "person,from-day,until-day,reason\nnobody,0,1,\n", NOBODY),
    ("delegations.csv", f"{LENT}\nleo,crisis-manager,nobody,0,1,,Away\n", NOBODY),
    (
        "messages.csv",
        "interface,message,value\nvendor-portal,vendor-mendde,X\n",
        "nothing waits for `vendor-mendde` by a value: possible are `vendor-mended`",
    ),
)


def test_a_scene_that_cannot_be_set_says_where_and_why(database: Database, tmp_path: Path) -> None:
    with Pool(database.app_url, connections=2) as pool:
        desk = Company(pool)
        desk.load(company("service-desk"))
        register.keep_people(desk, [("leo", "Leo"), (FELIX, "Felix")])
        long_ago = BEGUN - timedelta(days=1000)
        register.appoint(desk, [Appointment("leo", "crisis-manager", long_ago)], by="test")
        for table, text, words in FAULTS:
            path = tmp_path / table
            path.write_text(text)

            with pytest.raises(NotStagedError) as told:
                set_scene(desk, tmp_path)

            assert str(told.value) == f"{path}:2: {words}"
            path.unlink()
