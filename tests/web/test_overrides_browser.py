"""Overrides in a browser: the three pages and the alarm, for everybody, also dark and small."""

import shutil

import pytest
from playwright.sync_api import expect

from kingpost.store.pool import Database as Pool
from tests.database import Database
from tests.engine.office import Office
from tests.engine.test_overrides import PEOPLE, TEXT, overridden, review_of
from tests.web.meridian import Meridian, serving
from tests.web.test_exceptions_browser import Opening, faults, open_page

__all__ = ["open_page"]
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(shutil.which("chromium") is None, reason="Chromium is missing"),
]
PHONE = {"viewport": {"width": 390, "height": 844}}


def test_an_override_goes_through_three_hands(  # noqa: PLR0915 - one story
    database: Database, open_page: Opening
) -> None:
    with Pool(database.app_url, connections=8) as pool:
        office = Office.opened(pool, PEOPLE, text=TEXT)
        case, late = office.examined("900"), overridden(office)
        number, meridian = office.case(case).number, Meridian(office.company)
        task = f"/tasks/{office.task(case, 'approve')}"
        with serving(meridian) as address:
            page = open_page(meridian, address, "leo", color_scheme="dark")
            page.goto(task)
            page.get_by_role("link", name="Ask for “Approve” beyond your authority").click()
            assert faults(page) == []
            page.get_by_label("Reason").fill("no roof")
            page.get_by_role("button", name="Ask for “Approve”").click()
            expect(page.get_by_text("Override asked for:").first).to_be_visible()

            page = open_page(meridian, address, "cora", **PHONE)
            page.goto(f"/cases/{number}")
            page.get_by_role("link", name="Look at the override that Leo asks for").click()
            assert faults(page) == []
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= PHONE["viewport"]["width"]
            page.get_by_role("button", name="Confirm “Approve”").click()
            expect(page.get_by_text("Override: Is the claim approved?").first).to_be_visible()

            page = open_page(meridian, address, "alma")
            page.goto("/work")
            page.goto(f"/tasks/{review_of(office, case)}")
            assert faults(page) == []
            page.get_by_label("Kept").check()
            page.get_by_label("Reason").fill("it was right")
            page.get_by_role("button", name="Record the finding").click()
            expect(
                page.get_by_text("Override reviewed: Is the claim approved? Kept")
            ).to_be_visible()

            with office.company.database.connection() as connection:
                connection.execute("UPDATE task SET due_at = opened_at WHERE kind = 'review'")
            page.goto("/exceptions")
            alarm = page.get_by_role("heading", name="Overdue reviews of overrides")
            expect(alarm).to_be_visible()
            assert faults(page) == []
            page.get_by_role("link", name=office.case(late).number).click()
            expect(page.get_by_role("heading", level=1)).to_contain_text("Review")
