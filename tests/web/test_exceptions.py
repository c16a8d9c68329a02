"""Triage on its pages: what is held up, what an act would do to many, and what came of each."""

from collections.abc import Iterator
from uuid import UUID

import pytest

from kingpost.decisions.commands import Raise, Resolve
from kingpost.engine.batches import acting
from kingpost.engine.batches.acting import Batch, NoSuchBatch
from kingpost.engine.company import Company
from kingpost.queries.trouble.exceptions import Sought, own_ids
from kingpost.store.pool import Database as Pool
from kingpost.web.routes.trouble import exceptions
from tests.database import Databases
from tests.engine.office import Office
from tests.web.meridian import Meridian, serving, visit
from tests.web.test_routes_acts import fields_of, text_of

LOOK, ACTS = "/exceptions/look", "/exceptions/acts"
LETTERS = {"act": "end/answered", "reason": "the letters came"}


@pytest.fixture(scope="module")
def office(databases: Databases) -> Iterator[Office]:
    with databases.kept() as database, Pool(database.app_url, connections=8) as pool:
        yield Office.opened(pool)


@pytest.fixture(scope="module")
def meridian(office: Office) -> Meridian:
    return Meridian(office.company)


@pytest.fixture(scope="module")
def address(meridian: Meridian) -> Iterator[str]:
    with serving(meridian) as address:
        yield address


_GO_ON = acting.go_on


def slice_of_one(company: Company, batch: UUID, person: str) -> Batch | NoSuchBatch:
    """Go on with a batch for no time at all, which does one item."""
    return _GO_ON(company, batch, person, seconds=0)


def held(office: Office) -> str:
    task = office.task(office.start(), "examine")
    office.do(Raise(task, "info-missing"), "anna")
    return task


def free(office: Office, task: str) -> None:
    office.do(Resolve(task, "answered"), "anna")


@pytest.fixture(autouse=True)
def nothing_held(office: Office) -> Iterator[None]:
    """Let each test begin with nothing in trouble, whatever the one before has left."""
    yield
    database, program = office.company.database, office.company.active()
    for task in own_ids(database, program, "anna", Sought(), limit=100)[0]:
        free(office, str(task))


def test_nothing_in_trouble_is_told_so(meridian: Meridian, address: str) -> None:
    with visit(meridian, address, "anna") as client:
        page = text_of(client.get("/exceptions"))

    assert "Nothing is held up" in page
    assert "What to do" not in page


def test_what_is_held_up_is_shown_in_groups_and_to_everybody(
    office: Office, meridian: Meridian, address: str
) -> None:
    for _ in range(2):
        held(office)
    with visit(meridian, address, "anna") as client:
        page = client.get("/exceptions").text
        one = text_of(client.get("/exceptions?kind=info-missing&cause=-&workflow=claim"))
        none = text_of(client.get("/exceptions?kind=delayed"))
    with visit(meridian, address, "carl") as client:
        mine, everything = (client.get(f"/exceptions{query}").text for query in ("", "?whose=all"))

    assert 'kind=info-missing&amp;cause=-"' in page
    assert page.count('class="pick"') == 2
    assert "All 2 of mine that match" in one
    assert "Kind: Information is missing" in one
    assert "Nothing matches" in none
    assert "Nothing that you answer for is held up" in mine
    assert "Information is missing" in everything
    assert 'class="pick"' not in everything, "what is not one's own is not chosen"


def test_many_are_looked_at_and_then_each_has_its_result(
    office: Office, meridian: Meridian, address: str
) -> None:
    first, second, third = (held(office) for _ in range(3))
    with visit(meridian, address, "anna") as client:
        looked = client.post(LOOK, data={**LETTERS, "task": [first, second]})
        page = text_of(looked)
        assert "Nothing has happened yet" in page
        assert "End it: Answered" in page
        assert page.count("Goes on from there") == 2
        sent = dict(fields_of(looked.text, ACTS))
        free(office, second)
        began = client.post(ACTS, data={**sent, "task": [first, second]})
        assert began.status_code == 303
        done = text_of(client.get(began.headers["location"]))
        assert "2 of 2 tried" in done
        assert "Done 1" in done
        assert "Too late" in done
        assert "Examine is not suspended." in done
        again = client.post(ACTS, data={**sent, "task": [first, second]})
        assert again.headers["location"] == began.headers["location"]
        other = client.post(ACTS, data={**sent, "task": [third]})
        assert "This form was sent before with other content." in text_of(other)
        assert other.status_code == 409
    with visit(meridian, address, "ben") as client:
        assert client.get(began.headers["location"]).status_code == 404
        assert client.post(f"{began.headers['location']}/go-on").status_code == 404


def test_all_that_match_are_done_in_slices_and_none_is_lost(
    office: Office, meridian: Meridian, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exceptions, "LOOKED_AT_MAX", 2)
    monkeypatch.setattr(acting, "go_on", slice_of_one)
    for _ in range(3):
        held(office)
    with visit(meridian, address, "anna") as client:
        looked = client.post(LOOK, data={**LETTERS, "all": "yes", "kind": "info-missing"})
        assert "What it does to the first 2; the others are judged when tried" in text_of(looked)
        began = client.post(ACTS, data=fields_of(looked.text, ACTS)).headers["location"]
        under_way = client.get(began)
        assert "1 of 3 tried" in text_of(under_way)
        assert "data-goes-on" in under_way.text
        assert "End it: Answered: 2 items not tried yet" in text_of(client.get("/exceptions"))
        for _ in range(2):
            assert client.post(f"{began}/go-on").status_code == 303
        done = client.get(began)
        assert "3 of 3 tried" in text_of(done)
        assert "data-goes-on" not in done.text
        assert "Nothing is held up" in text_of(client.get("/exceptions"))


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({**LETTERS}, "Choose at least one, or all that match."),
        ({**LETTERS, "task": "nothing"}, "Choose at least one, or all that match."),
        ({"act": "burn", "reason": "x", "all": "yes"}, "Choose what to do."),
        (
            {**LETTERS, "reason": " ", "all": "yes"},
            "Give the reason. It stands in the history of each case.",
        ),
    ],
)
def test_what_is_left_out_is_asked_for(
    office: Office, meridian: Meridian, address: str, form: dict[str, str], words: str
) -> None:
    held(office)
    with visit(meridian, address, "anna") as client:
        answer = client.post(LOOK, data=form)

    assert answer.status_code == 422
    assert words in text_of(answer)
