"""A proposal in a browser: by keyboard, on a phone, in the dark, and without any script."""

import shutil

import pytest
from playwright.sync_api import expect

from kingpost.decisions.consenting.proposal import Kind
from kingpost.model.assurance import CarryOver
from kingpost.store.pool import Database as Pool
from tests.database import Database
from tests.engine.carrying import saved
from tests.engine.consent import BOTH, done, governed, sooner
from tests.engine.office import Office, read
from tests.web.meridian import Meridian, serving
from tests.web.test_exceptions_browser import Opening, faults, open_page

__all__ = ["open_page"]
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(shutil.which("chromium") is None, reason="Chromium is missing"),
]
PHONE = {"viewport": {"width": 390, "height": 844}}
EVERY = governed(BOTH)


def test_a_change_goes_through_three_hands(  # noqa: PLR0915 - one story
    database: Database, open_page: Opening
) -> None:
    with Pool(database.app_url, connections=8) as pool:
        office = Office.opened(pool, text=EVERY)
        office.start()
        plan = saved(office, sooner(EVERY), CarryOver.NOW)
        meridian, there = Meridian(office.company), f"/plans/{plan.name}"
        with serving(meridian) as address:
            page = open_page(meridian, address, "hedy")
            page.goto(there)
            assert faults(page) == []
            page.get_by_label("Why, or what you think").focus()
            page.keyboard.type("Customers wait too long.")
            page.keyboard.press("Tab")
            expect(page.get_by_role("button", name="Propose it")).to_be_focused()
            page.keyboard.press("Enter")
            expect(page.get_by_text("2 approvals missing.")).to_be_visible()

            page = open_page(meridian, address, "leo", **PHONE)
            page.goto(there)
            assert faults(page) == []
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= PHONE["viewport"]["width"]
            page.get_by_label("Why, or what you think").fill("Fine with me.")
            page.get_by_role("button", name="Approve it").click()
            expect(page.get_by_text("1 approval missing.")).to_be_visible()

            page = open_page(meridian, address, "carl", java_script_enabled=False)
            page.goto(there)
            page.get_by_role("button", name="Approve it").click()
            expect(page.get_by_role("link", name="Say why: a reason is missing.")).to_be_visible()
            page.get_by_label("Why, or what you think").fill("Done.")
            page.get_by_role("button", name="Approve it").click()
            expect(page.get_by_text("No approval is missing.")).to_be_visible()

            page = open_page(meridian, address, "hedy", color_scheme="dark")
            page.goto(there)
            assert faults(page) == []
            page.get_by_role("button", name="Apply it now").click()
            page.get_by_role("button", name="Confirm").click()
            expect(page.get_by_text("It was applied.")).to_be_visible()
            assert office.company.active().model == read(sooner(EVERY))


def test_two_at_once_get_a_kind_answer(database: Database, open_page: Opening) -> None:
    with Pool(database.app_url, connections=8) as pool:
        office = Office.opened(pool, text=EVERY)
        plan = saved(office, sooner(EVERY), CarryOver.STAY)
        done(office, plan, Kind.PROPOSED, "hedy")
        meridian = Meridian(office.company)
        with serving(meridian) as address:
            page = open_page(meridian, address, "leo", java_script_enabled=False)
            page.goto(f"/plans/{plan.name}")
            page.get_by_label("Why, or what you think").fill("I looked at it for an hour.")
            done(office, plan, Kind.REJECTED, "carl", "We have no people for it.")

            page.get_by_role("button", name="Approve it").click()

            expect(page.get_by_text("We have no people for it.")).to_be_visible()
            expect(page.get_by_label("Why, or what you think")).to_have_value(
                "I looked at it for an hour."
            )
