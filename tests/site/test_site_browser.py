"""The site in a browser, from a file: accessibility, narrow rooms, search, light and dark."""

import os
import shutil
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from kingpost.site.writing import write_site
from tests.site.companies import lending

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
PAGES = (
    "index", "workflow/loan-origination", "object/application", "rule/affordability",
    "post/senior-officer", "organisation", "obligations", "scenarios", "glossary",
)  # fmt: skip
Scheme = Literal["light", "dark"]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("published") / "site"
    write_site(lending(), folder)
    return folder


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    if CHROMIUM is None:
        assert not os.environ.get("CI"), "the build server needs Chromium for these tests"  # noqa: TID251 - how a build server speaks to a test run
        pytest.skip("CHROMIUM IS MISSING: the browser tests did not run")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


class Reader:
    """Opens pages from their files and gathers what the console complains about."""

    def __init__(self, browser: Browser, site: Path) -> None:
        self.browser = browser
        self.site = site
        self.complaints: list[str] = []
        self.open_pages: list[Page] = []

    def open(self, name: str, width: int, scheme: Scheme = "light") -> Page:
        page = self.browser.new_page(
            viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce"
        )
        page.on("console", lambda told: self.complaints.append(told.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto((self.site / f"{name}.html").as_uri())
        self.open_pages.append(page)
        return page


@pytest.fixture
def reader(chromium: Browser, site: Path) -> Iterator[Reader]:
    reader = Reader(chromium, site)
    yield reader
    for page in reader.open_pages:
        page.close()
    assert reader.complaints == []


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 1280), ("dark", 390)])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_accessible(reader: Reader, name: str, width: int, scheme: Scheme) -> None:
    page = reader.open(name, width, scheme)

    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: Any = page.evaluate("tags => axe.run({runOnly: tags, preload: false})", TAGS)

    assert [
        (fault["id"], [node["html"][:160] for node in fault["nodes"][:3]])
        for fault in found["violations"]
    ] == []


@pytest.mark.parametrize("width", [320, 800])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_never_scrolls_sideways(reader: Reader, name: str, width: int) -> None:
    page = reader.open(name, width)

    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_search_finds_a_name_and_goes_there(reader: Reader) -> None:
    page = reader.open("post/senior-officer", 1280)

    page.keyboard.press("/")
    page.keyboard.type("origination ask bureau")
    expect(page.get_by_role("option")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    expect(page).to_have_url(
        (reader.site / "workflow" / "loan-origination.html").as_uri() + "#step-ask-bureau"
    )


def test_what_is_not_found_is_said(reader: Reader) -> None:
    page = reader.open("index", 1280)

    page.locator("#search").fill("xyzzy")

    expect(page.locator("#told")).to_have_text("0 names found")
    expect(page.locator("#found")).to_be_hidden()


def test_a_box_of_the_map_leads_to_its_step(reader: Reader) -> None:
    page = reader.open("workflow/loan-origination", 1280)

    page.locator("#map .picture.tall a").first.click()

    target = page.evaluate("location.hash.slice(1)")
    expect(page.locator(f"article#{target}")).to_be_in_viewport()


@pytest.mark.parametrize("width", [390, 1280])
def test_a_map_begins_where_the_work_begins(reader: Reader, width: int) -> None:
    page = reader.open("workflow/loan-origination", width)

    first = page.locator("#map .picture.tall").get_by_label("Is the application complete?")

    # As wide as the room where that can be read, and all of the first step in sight.
    expect(first).to_be_in_viewport(ratio=1)
    assert page.evaluate(FITS) is (width > 1000)


FITS = """() => {
  const room = document.querySelector("#map .room");
  return room.scrollWidth <= room.clientWidth;
}"""


def test_light_and_dark_are_kept_from_page_to_page(reader: Reader) -> None:
    page = reader.open("index", 1280)

    page.get_by_role("button", name="Change between light and dark").click()

    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.locator(".side nav").get_by_role("link", name="Rules").click()
    expect(page.locator("h1")).to_have_text("Rules")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_on_a_phone_the_contents_fold(reader: Reader) -> None:
    page = reader.open("index", 390)

    obligations = page.locator(".side nav").get_by_role("link", name="Obligations")
    expect(obligations).to_be_hidden()
    page.get_by_text("Contents", exact=True).click()

    expect(obligations).to_be_visible()


def test_on_paper_there_is_the_page_and_nothing_to_press(reader: Reader) -> None:
    page = reader.open("workflow/loan-origination", 900, "dark")
    page.emulate_media(media="print")

    for name in (".side", ".top", ".aside"):
        expect(page.locator(name).first).to_be_hidden()
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "light"
    expect(page.locator("#map .picture.tall")).to_be_visible()
