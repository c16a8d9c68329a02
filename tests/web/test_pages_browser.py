"""The pages in a browser, on a company at work: the main path, live numbers, and for everybody."""

import os
import shutil
from collections.abc import Iterator
from importlib.resources import files
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from kingpost.decisions.commands import Complete
from kingpost.engine import register
from kingpost.engine.access import open_session
from kingpost.engine.register import Appointment
from tests.web.meridian import LONG_AGO, Meridian, now

pytestmark = pytest.mark.browser

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--font-render-hinting=none",
    "--force-color-profile=srgb",
]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE = files("axe_playwright_python") / "axe.min.js"
Scheme = Literal["light", "dark"]
# Each width and each scheme once: what is dark depends on no width. The gallery tries all four.
VIEWS: tuple[tuple[int, Scheme], ...] = ((1280, "light"), (390, "dark"))
PAGES = (
    "/work",
    "/exceptions?whose=all",
    "/cases",
    "/cases/{held}",
    "/cases/{held}/data",
    "/cases/{held}/trace",
    "/cases/{held}/map",
    "/tasks/{work}",
    "/tasks/{decision}",
    "/tasks/{suspended}",
    "/tasks/{wait}",
    "/start/incident",
    "/processes",
    "/processes/incident",
    "/processes/incident?as=table",
    "/objectives",
    "/measures/restored-within-term",
    "/obligations",
    "/obligations/second-look",
    "/search?q=incident",
    "/model/",
    "/model/workflow/incident",
    "/model/rule/priority-matrix",
    "/model/organisation",
    "/account",
    "/plans",
    "/versions",
    "/versions/1",
    "/org",
    "/org/posts/group-70",
    "/org/posts/group-70/succession",
    "/people/gil",
    "/nowhere",
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        assert not os.environ.get("CI"), "the build server needs Chromium for these tests"  # noqa: TID251 - how a build server speaks to a test run
        pytest.skip("CHROMIUM IS MISSING: the browser tests did not run")
    with sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


class Desk:
    """A person's browser. It gathers what the console complains about."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.browser = browser
        self.address = address
        self.complaints: list[str] = []

    def open(self, width: int = 1280, scheme: Scheme = "light") -> Page:
        page = self.browser.new_page(
            base_url=self.address,
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            reduced_motion="reduce",
            locale="en-GB",
            timezone_id="UTC",
        )
        page.on("console", lambda told: self._note(told.type, told.text, told.location))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto("/sign-in")
        return page

    def _note(self, kind: str, text: str, where: object) -> None:
        # A page that is not there is meant to answer so.
        if kind in {"error", "warning"} and "/nowhere" not in str(where):
            self.complaints.append(text)


@pytest.fixture
def desk(browser: Browser, address: str) -> Iterator[Desk]:
    desk = Desk(browser, address)
    yield desk
    for context in browser.contexts:
        context.close()
    assert desk.complaints == []


def addresses(meridian: Meridian) -> list[str]:
    numbers = meridian.busy()
    names = {
        **numbers,
        "work": meridian.task(numbers["worked"], "work"),
        "decision": meridian.task(numbers["grave"], "confirm-priority"),
        "suspended": meridian.task(numbers["held"], "work"),
        "wait": meridian.task(numbers["tried"], "confirmation"),
    }
    return ["/sign-in", *(page.format(**names) for page in PAGES)]


def try_as(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).click()


def test_the_main_path(meridian: Meridian, desk: Desk) -> None:
    number = meridian.start()
    grave = meridian.start(impact="high", urgency="high", caller="Caller 7")
    page = desk.open()

    try_as(page, "Gil Group")
    expect(page).to_have_title("My worklist · Meridian IT Services")
    row = page.locator(f"#task-{meridian.task(number, 'triage')}")
    row.get_by_role("link", name="Open").click()

    page.get_by_label("Subcategory").fill("Subcategory 9")
    page.get_by_role("button", name="Done: Take in and send on").click()
    expect(page).to_have_url(f"{desk.address}/work")
    expect(page.locator("#notices")).to_contain_text("Take in and send on: done.")

    decision = f"#task-{meridian.task(grave, 'confirm-priority')}"
    page.locator(decision).get_by_role("link", name="Decide").click()
    expect(page.get_by_label("It is right", exact=False).first).to_be_disabled()
    expect(page.locator("#why-1")).to_contain_text("Incident manager may take it here.")

    page.get_by_role("link", name="My worklist").first.click()
    decision = f"#task-{meridian.task(number, 'confirm-priority')}"
    page.locator(decision).get_by_role("link", name="Decide").click()
    page.locator("#outcome-1").check()
    page.get_by_role("button", name="Record the decision").click()
    expect(page.locator("#notices")).to_contain_text("Is the priority right? It is right.")

    page.goto(f"/cases/{number}")
    timeline = page.locator(".timeline")
    expect(timeline).to_contain_text("Is the priority right? It is right")
    expect(timeline).to_contain_text("Subcategory 9")
    expect(timeline).to_contain_text("as Service Desk")


def test_numbers_move_while_the_focus_stays(meridian: Meridian, desk: Desk) -> None:
    number = meridian.start()
    meridian.do(Complete(meridian.task(number, "triage")), "gil")
    page = desk.open()
    try_as(page, "Dora Duty")
    page.goto("/processes/incident")
    step = page.locator("#map-wide-work")
    expect(step.locator(".number")).to_have_text("1")
    expect(page.locator("[data-live-button]")).to_contain_text("Live")
    step.focus()

    meridian.do(Complete(meridian.task(number, "work"), {"closing-code": "code 6"}), "gil")

    expect(step.locator(".number")).to_have_text("0", timeout=10_000)
    expect(step).to_be_focused()


def test_a_new_case_appears_in_the_worklist_by_itself(meridian: Meridian, desk: Desk) -> None:
    page = desk.open()
    try_as(page, "Dora Duty")
    expect(page.locator("[data-row]")).to_have_count(0)
    expect(page.locator("[data-live-button]")).to_contain_text("Live")

    number = meridian.start()

    row = page.locator(f"#task-{meridian.task(number, 'triage')}")
    expect(row).to_be_visible(timeout=10_000)


def test_the_number_of_alarms_goes_with_the_register(meridian: Meridian, desk: Desk) -> None:
    page = desk.open()
    token = open_session(meridian.company, person="hugo", now=now()).token
    page.context.add_cookies([{"name": "kingpost", "value": token, "url": desk.address}])
    page.goto("/org")
    mark = page.locator("#main-nav .count.alarm")
    expect(mark).to_contain_text("3")
    expect(page.locator("[data-live-button]")).to_contain_text("Live")

    wishes = [Appointment("gwen", post, LONG_AGO) for post in ("change-board", "problem-manager")]
    register.appoint(meridian.company, wishes, by="test")

    expect(mark).to_have_count(0, timeout=30_000)


def test_an_error_leads_to_its_field(meridian: Meridian, desk: Desk) -> None:
    number = meridian.start()
    meridian.do(Complete(meridian.task(number, "triage")), "gil")
    page = desk.open()
    try_as(page, "Dora Duty")
    page.goto(f"/tasks/{meridian.task(number, 'work')}")

    page.get_by_label("Symptom").fill("It smokes")
    page.get_by_role("button", name="Done: Find out and mend").click()

    expect(page.locator("#error-summary")).to_be_focused()
    expect(page.get_by_label("Symptom")).to_have_value("It smokes")
    page.locator("#error-summary a").click()
    expect(page.get_by_label("Closing code")).to_be_focused()
    desk.complaints.clear()  # the browser notes the answer 422


@pytest.mark.slow
@pytest.mark.parametrize(("width", "scheme"), VIEWS)
def test_every_page_is_accessible(
    meridian: Meridian, desk: Desk, width: int, scheme: Scheme
) -> None:
    page = desk.open(width, scheme)
    found: list[object] = []
    for there in addresses(meridian):
        page.goto(there)
        page.evaluate(AXE.read_text(encoding="utf-8"))
        result: Any = page.evaluate("tags => axe.run({runOnly: tags})", TAGS)
        found += [
            (there, fault["id"], [node["html"][:160] for node in fault["nodes"][:3]])
            for fault in result["violations"]
        ]
        if there == "/sign-in":
            try_as(page, "Dora Duty")
    assert found == []


@pytest.mark.slow
@pytest.mark.parametrize("width", [320, 390, 700])
def test_a_card_on_a_phone_offers_to_claim_and_to_decide(
    meridian: Meridian, desk: Desk, width: int
) -> None:
    task = meridian.task(meridian.start(), "confirm-priority")
    page = desk.open(width)
    try_as(page, "Ines Incident")
    page.goto("/work#work")
    card = page.locator(f"#task-{task}")
    claim, decide = (
        card.get_by_role("button", name="Claim"),
        card.get_by_role("link", name="Decide"),
    )
    claim.scroll_into_view_if_needed()
    left, right = claim.bounding_box(), decide.bounding_box()

    assert left is not None
    assert right is not None
    assert left["x"] + left["width"] <= right["x"]
    assert abs(left["y"] - right["y"]) < 4
    assert right["x"] + right["width"] <= width


@pytest.mark.slow
@pytest.mark.parametrize("width", [320, 800])
def test_no_page_scrolls_sideways(meridian: Meridian, desk: Desk, width: int) -> None:
    page = desk.open(width)
    wide: list[tuple[str, int]] = []
    for there in addresses(meridian):
        page.goto(there)
        reach: int = page.evaluate("document.documentElement.scrollWidth")
        if reach > width:
            wide.append((there, reach))
        if there == "/sign-in":
            try_as(page, "Dora Duty")
    assert wide == []
