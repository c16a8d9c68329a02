"""The model on pages: as it is now, as it was, what changed it; and one search over everything."""

import re

from kingpost.engine.change import change_model
from tests.web.meridian import Meridian, visit
from tests.web.test_plans import longer


def test_the_model_is_told_as_it_runs_and_as_it_was(meridian: Meridian, address: str) -> None:
    company = meridian.company
    change_model(company, longer(company.active().model), person="petra")
    there = "/model/workflow/incident"
    with visit(meridian, address, "gil") as client:
        now = client.get(there).text
        before = client.get(f"{there}?version=1").text

        assert "within 3 working days" in now
        assert "Does not run any more" not in now
        assert 'href="/processes/incident"' in now
        assert "Changed in" in now
        assert re.search(r'href="/versions/2">Version 2</a>', now)

        assert "within 2 working days" in before
        assert "Does not run any more" in before
        assert f'href="{there}">' in before
        # All ways lead on in the past; what lives now does not stand beside it.
        assert 'href="/model/object/incident?version=1"' in before
        assert 'href="/processes/incident"' not in before
        assert "Changed in" not in before

        first = client.get("/versions/1").text
        assert 'href="/model/?version=1"' in first


def test_there_is_no_such_part_or_version(meridian: Meridian, address: str) -> None:
    with visit(meridian, address, "gil") as client:
        part = client.get("/model/workflow/incidents")
        version = client.get("/model/?version=77")

        assert part.status_code == version.status_code == 404
        assert "There is no part of the model “workflow/incidents”" in part.text
        assert "There is no version “77”" in version.text


def test_pages_of_the_living_lead_to_the_model(meridian: Meridian, address: str) -> None:
    with visit(meridian, address, "ines") as client:
        for page, part in (
            ("/processes/incident", "workflow/incident"),
            ("/org/posts/group-70", "post/group-70"),
            ("/measures/in-flight", "metric/in-flight"),
            ("/obligations/second-look", "obligation/second-look"),
        ):
            assert f'href="/model/{part}"' in client.get(page).text, page


def test_one_search_finds_cases_people_posts_pages_and_the_model(
    meridian: Meridian, address: str
) -> None:
    numbers = meridian.busy()
    with visit(meridian, address, "dora") as client:
        every = client.get("/search?q=incident").text
        person = client.get("/search?q=gil").text
        page = client.get("/search?q=exceptions").text
        case = client.get(f"/search?q={numbers['held'].lower()}", follow_redirects=False)

        assert 'href="/start/incident">Start: Incident resolution' in every
        assert 'href="/model/workflow/incident"' in every
        assert 'href="/org/posts/incident-manager"' in every
        assert 'href="/people/gil"' in person
        assert '<a href="/exceptions">Exceptions</a>' in page.partition("<main")[2]
        assert case.headers["location"] == f"/cases/{numbers['held']}"

        titled = client.get("/search?q=location").text.partition("<main")[2]
        assert 'href="/cases/INC-' in titled


def test_a_search_offers_a_few_while_one_types(meridian: Meridian, address: str) -> None:
    with visit(meridian, address, "dora") as client:
        offered = client.get("/search?q=incident&offered").text
        nothing = client.get("/search?q=zzzz&offered").text

        assert "<html" not in offered
        assert 5 < offered.count('role="option"') <= 4 + 4 + 6 + 12
        assert "<li" not in nothing


def test_a_search_says_what_to_look_for_and_when_there_is_nothing(
    meridian: Meridian, address: str
) -> None:
    with visit(meridian, address, "dora") as client:
        assert "What do you look for?" in client.get("/search").text
        nothing = client.get("/search?q=%3Cb%3Ezzzz").text
        assert "Nothing is called so" in nothing
        assert "<b>zzzz" not in nothing


def test_a_rule_is_tried_on_its_page(meridian: Meridian, address: str) -> None:
    there = "/model/rule/priority-matrix"
    with visit(meridian, address, "gil") as client:
        blank = client.get(there).text
        high = {"given.incident.impact": "high", "given.incident.urgency": "high"}
        asked = client.post(there, data=high).text
        wrong = client.post(there, data={"given.incident.impact": "enormous"}).text
        past = client.post(there, data={**high, "version": "1"}).text
        address_alone = client.get(f"{there}?given.incident.impact=high").text

    assert "answers." not in address_alone
    assert "Try it" in blank
    assert "answers." not in blank
    assert re.search(r"Row \d+ of \d+ answers\.", asked)
    assert re.search(r'value="high"[^>]*checked', asked)
    assert "`enormous` is not one of" in wrong
    assert '<input type="hidden" name="version" value="1">' in past
