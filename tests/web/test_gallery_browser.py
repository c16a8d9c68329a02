"""The gallery in a browser: the strict policy, accessibility, narrow rooms, keyboard."""

import os
import shutil
from collections.abc import Iterator
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from threading import Thread
from typing import Any, ClassVar, Literal

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from kingpost.web.gallery import gallery_page, sample_page
from kingpost.web.samples.pages import SAMPLES
from kingpost.web.templating import build_environment

pytestmark = pytest.mark.browser

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--font-render-hinting=none",
    "--force-color-profile=srgb",
]
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types kingpost"
)
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PAGES = ("gallery", *SAMPLES)
ROOMS = (1280, 390)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
AXE = files("axe_playwright_python") / "axe.min.js"
ENVIRONMENT = build_environment(lambda name: f"/static/{name}")


@cache
def render(name: str) -> bytes:
    text = gallery_page(ENVIRONMENT) if name == "gallery" else sample_page(ENVIRONMENT, name)
    return text.encode()


class Gallery(BaseHTTPRequestHandler):
    """Serves the pages and the static files under the strict policy, and a silent event stream."""

    types: ClassVar = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}

    def do_GET(self) -> None:
        path = self.path.split("?")[0].strip("/")
        if path == "live":
            self._answer("text/event-stream", b"retry: 60000\n\n")
        elif path.startswith("static/"):
            name = path.removeprefix("static/")
            text = (files("kingpost.web") / "static" / name).read_bytes()
            self._answer(self.types[name.rsplit(".")[-1]], text)
        else:
            self._answer("text/html; charset=utf-8", render(path))

    def _answer(self, kind: str, content: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Security-Policy", POLICY)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Gallery)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    if CHROMIUM is None:
        assert not os.environ.get("CI"), "the build server needs Chromium for these tests"  # noqa: TID251 - how a build server speaks to a test run
        pytest.skip("CHROMIUM IS MISSING: the browser tests did not run")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


class Desk:
    """Opens pages and gathers what the console complains about."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.browser = browser
        self.address = address
        self.complaints: list[str] = []
        self.open_pages: list[Page] = []

    def open(self, name: str, width: int, scheme: Literal["light", "dark"] = "light") -> Page:
        page = self.browser.new_page(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            reduced_motion="reduce",
            locale="en-GB",
            timezone_id="UTC",
        )
        page.on(
            "console",
            lambda told: (
                self.complaints.append(told.text) if told.type in {"error", "warning"} else None
            ),
        )
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto(f"{self.address}/{name}")
        self.open_pages.append(page)
        return page


@pytest.fixture
def desk(chromium: Browser, address: str) -> Iterator[Desk]:
    desk = Desk(chromium, address)
    yield desk
    for page in desk.open_pages:
        page.close()
    assert desk.complaints == []


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", ROOMS)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_accessible(
    desk: Desk, name: str, width: int, scheme: Literal["light", "dark"]
) -> None:
    page = desk.open(name, width, scheme)

    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: Any = page.evaluate("tags => axe.run({runOnly: tags})", TAGS)

    assert [
        (fault["id"], [node["html"][:160] for node in fault["nodes"][:3]])
        for fault in found["violations"]
    ] == []


@pytest.mark.parametrize("width", [320, 390, 800, 1280])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_never_scrolls_sideways(desk: Desk, name: str, width: int) -> None:
    page = desk.open(name, width)

    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_keyboard_moves_through_the_rows(desk: Desk) -> None:
    page = desk.open("worklist", 1280)

    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")

    expect(page.locator("#task-on-2417 .main")).to_be_focused()


def test_a_slash_goes_to_the_search_and_a_question_mark_opens_the_help(desk: Desk) -> None:
    page = desk.open("worklist", 1280)

    page.keyboard.press("?")
    expect(page.locator("#shortcuts")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("/")

    expect(page.locator("[data-search]")).to_be_focused()
    page.keyboard.press("j")
    expect(page.locator("[data-search]")).to_have_value("j")


def test_g_and_a_letter_go_to_a_page(desk: Desk) -> None:
    page = desk.open("objectives", 1280)
    page.route(
        "**/work", lambda route: route.fulfill(body=render("worklist"), content_type="text/html")
    )

    page.keyboard.press("g")
    page.keyboard.press("w")

    expect(page).to_have_url(f"{desk.address}/work")


def test_live_refresh_keeps_focus_and_pausing_stops_it(desk: Desk) -> None:
    page = desk.open("process", 1280)
    step = page.locator("#map-wide-screen")
    step.focus()
    fresh = render("process").replace(b">21</text>", b">22</text>")
    page.route("**/process", lambda route: route.fulfill(body=fresh, content_type="text/html"))

    live = page.locator("[data-live-button]")
    live.dispatch_event("click")
    expect(live).to_contain_text("Paused")
    live.dispatch_event("click")

    expect(step.locator(".number")).to_have_text("22")
    expect(step).to_be_focused()


def test_an_act_that_is_hard_to_undo_asks_first(desk: Desk) -> None:
    page = desk.open("case-timeline", 1280)

    page.get_by_role("button", name="Suspend").click()

    expect(page.locator("#confirm-text")).to_have_text("Suspend Osei Textiles and stop its clocks?")
    page.get_by_role("button", name="Cancel").click()
    expect(page).to_have_url(f"{desk.address}/case-timeline")


def test_the_error_summary_has_the_focus_and_leads_to_the_field(desk: Desk) -> None:
    page = desk.open("task-wrong", 1280)

    expect(page.locator("#error-summary")).to_be_focused()
    page.locator("#error-summary a").click()

    expect(page.locator("#field-visit")).to_be_focused()
