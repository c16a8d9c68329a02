"""Triage in a browser: by the keyboard, in slices, for everybody; and the acts on calls."""

import shutil
from collections.abc import Callable, Iterator
from importlib.resources import files
from typing import Any

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from kingpost.decisions.commands import Raise
from kingpost.engine import access
from kingpost.engine.batches import acting
from kingpost.store.pool import Database as Pool
from tests.database import Database
from tests.engine.office import Office
from tests.web.meridian import Meridian, now, serving
from tests.web.test_exceptions import slice_of_one
from tests.web.test_pages_browser import CHROMIUM, FLAGS, TAGS
from tests.worker.lender import Lender
from tests.worker.receiver import receiving

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(shutil.which("chromium") is None, reason="Chromium is missing"),
]
Opening = Callable[..., Page]
AXE = files("axe_playwright_python") / "axe.min.js"


@pytest.fixture(scope="module")
def open_page() -> Iterator[Opening]:
    """Open pages, each as a person; tell what the console complained about."""
    complaints: list[str] = []
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)

        def opened(meridian: Meridian, address: str, person: str, **more: Any) -> Page:  # noqa: ANN401 - what the browser takes
            token = access.open_session(meridian.company, person=person, now=now()).token
            context = browser.new_context(base_url=address, reduced_motion="reduce", **more)
            context.add_cookies([{"name": "kingpost", "value": token, "url": address}])
            page = context.new_page()
            page.on("console", lambda told: complaints.extend(filter(_ours, (told.text,))))
            page.on("pageerror", lambda error: complaints.append(str(error)))
            return page

        yield opened
        browser.close()
    assert complaints == []


def _ours(complaint: str) -> bool:
    """Tell a complaint from the end of a stream, and from the answer that a stale screen gets.

    The server of a test ends before its live page.
    """
    ends = ("ERR_INCOMPLETE_CHUNKED_ENCODING", "ERR_CONNECTION_REFUSED", "409 (Conflict)")
    return not any(each in complaint for each in ends)


def faults(page: Page) -> list[str]:
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: Any = page.evaluate("tags => axe.run({runOnly: tags})", TAGS)
    return [f"{each['id']}: {each['nodes'][0]['html'][:200]}" for each in found["violations"]]


def test_many_are_chosen_looked_at_and_done_in_slices(
    database: Database,
    open_page: Opening,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # The page goes on by itself, as it does with a thousand.
    monkeypatch.setattr(acting, "go_on", slice_of_one)
    with Pool(database.app_url, connections=8) as pool:
        office = Office.opened(pool)
        for _ in range(3):
            office.do(Raise(office.task(office.start(), "examine"), "info-missing"), "anna")
        meridian = Meridian(office.company)
        with serving(meridian) as address:
            page = open_page(meridian, address, "anna")
            page.goto("/exceptions")
            assert faults(page) == []

            page.keyboard.press("j")
            page.keyboard.press("x")
            expect(page.locator("[data-chosen]")).to_have_text("1 chosen")
            page.get_by_label("All on this page").check()
            expect(page.locator("[data-chosen]")).to_have_text("3 chosen")
            page.get_by_label("End it: Answered").check()
            page.get_by_label("Reason").fill("the letters came")
            page.get_by_role("button", name="See what it does").click()
            expect(page.get_by_text("Goes on from there")).to_have_count(3)
            assert faults(page) == []
            page.get_by_role("button", name="End it: Answered: 3 items").click()

            expect(page.get_by_text("3 of 3 tried")).to_be_visible(timeout=20_000)
            expect(page.locator("tbody tr")).to_have_count(3)
            assert faults(page) == []
            page.get_by_role("link", name="Back to exceptions").click()
            expect(page.get_by_text("Nothing is held up")).to_be_visible()
            assert faults(page) == []


def test_the_page_has_room_on_a_phone_and_in_the_dark(
    database: Database,
    open_page: Opening,
) -> None:
    with Pool(database.app_url, connections=8) as pool:
        office = Office.opened(pool)
        office.do(Raise(office.task(office.start(), "examine"), "info-missing"), "anna")
        meridian, narrow = Meridian(office.company), {"width": 390, "height": 844}
        with serving(meridian) as address:
            page = open_page(meridian, address, "anna", viewport=narrow, color_scheme="dark")
            page.goto("/exceptions")

            assert faults(page) == []
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_calls_are_tried_again_and_given_up(
    database: Database,
    open_page: Opening,
) -> None:
    with Pool(database.app_url, connections=8) as pool:
        lender = Lender(pool)
        failed = lender.begin()
        lender.work()
        with receiving((500, {})) as bureau:
            lender.knows("bureau", bureau)
            paused = lender.begin()
            lender.work()
        meridian = Meridian(lender.company)
        with serving(meridian) as address:
            page = open_page(meridian, address, "lina")
            page.goto("/calls")
            rows = page.locator("#calls tbody tr")
            rows.filter(has_text="Failed").get_by_role("button", name="Try again").click()
            expect(page.get_by_role("table", name="What came of it")).to_contain_text("Done")
            assert lender.open_steps(failed) == [("ask", None)]

            page.get_by_role("button", name="Give up LOA-2").click()
            page.get_by_role("button", name="Confirm").click()
            expect(rows.filter(has_text="Failed")).to_have_count(1)
            assert lender.open_steps(paused) == [("ask", "call-failed")]
            assert faults(page) == []
            # Before the server goes, with which the page holds a stream open.
            page.context.close()
