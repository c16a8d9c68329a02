"""What goes with a post: the page, who may open it, and the paper that the browser makes of it."""

import re
import unicodedata
import zlib
from datetime import timedelta

import pytest
from playwright.sync_api import Browser

from kingpost.engine import delegations, register
from kingpost.engine.access import open_session
from kingpost.engine.delegations import Delegation
from kingpost.engine.register import Absence, Appointment
from tests.web.meridian import Meridian, now, visit
from tests.web.test_pages_browser import browser as browser  # noqa: PLC0414 - a fixture
from tests.web.test_routes import Outline
from tests.web.test_routes_acts import text_of

STAYS = (
    "Absences, the other posts of a holder, the account, and what somebody did elsewhere stay with "
    "the person and are not told here. What others lent to a holder stays with the person too, and "
    "is told only so that nobody counts on it."
)
PAGE = "/org/posts/group-70/succession"


def test_the_page_is_for_those_whom_it_concerns(meridian: Meridian, address: str) -> None:
    numbers = meridian.busy()
    coming = Appointment("nora", "group-70", now() + timedelta(days=20))
    register.appoint(meridian.company, [coming], by="test")
    new = Appointment("emil", "change-board", now())
    register.appoint(meridian.company, [new], by="test")
    clients = {name: visit(meridian, address, name) for name in ("gil", "dora", "nora", "emil")}
    found = {name: client.get(PAGE) for name, client in clients.items()}

    for name in ("gil", "dora", "nora"):
        assert found[name].status_code == 200, name
        outline = Outline(found[name].text)
        assert outline.tags["h1"] == 1
        assert outline.forbidden == []
        assert f"/cases/{numbers['grave']}" in outline.links
        # It goes from hand to hand: nothing of the records stands on it.
        assert "Caller 2403" not in found[name].text
    assert found["emil"].status_code == 403
    assert (
        "What goes with “Service Desk” is open to who holds it or is appointed to it, to the "
        "posts above it, and to who keeps it in the model. Ask Gil Group, Gwen Group, Ines "
        "Incident (“Service Desk”), Dora Duty (“Duty officer”)"
    ) in text_of(found["emil"])
    # The way there: from the post, from the worklist of who is new, and for who is still to come.
    assert PAGE in Outline(clients["dora"].get("/org/posts/group-70").text).links
    assert PAGE not in Outline(clients["emil"].get("/org/posts/group-70").text).links
    assert "/org/posts/change-board/succession" in Outline(clients["emil"].get("/work").text).links
    door = clients["nora"].get("/work")
    assert (door.status_code, PAGE in Outline(door.text).links) == (403, True)
    assert clients["gil"].get("/org/posts/group-700/succession").status_code == 404
    for client in clients.values():
        client.close()


def test_it_tells_of_no_absence_and_that_what_is_lent_stays_with_the_person(
    meridian: Meridian, address: str
) -> None:
    away = Absence("gwen", now() - timedelta(hours=1), now() + timedelta(days=9), "Holiday")
    register.note_absence(meridian.company, away, by="test")
    times = now() - timedelta(hours=1), now() + timedelta(days=1)
    lent = Delegation("petra", "process-owner", "ines", *times, "Leave")
    delegations.delegate(meridian.company, lent, by="test")

    with visit(meridian, address, "gil") as client:
        words = text_of(client.get(PAGE))

    assert "Gil Group; Gwen Group; Ines Incident" in words
    assert ", away" not in words
    assert "Lent to who holds it: this stays with the person" in words
    assert STAYS in words


@pytest.mark.browser
def test_the_browser_makes_a_paper_of_it(
    meridian: Meridian, address: str, browser: Browser
) -> None:
    numbers = meridian.busy()
    token = open_session(meridian.company, person="gil", now=now()).token
    context = browser.new_context(base_url=address, locale="en-GB", timezone_id="UTC")
    context.add_cookies([{"name": "kingpost", "value": token, "url": address}])
    page = context.new_page()
    page.goto(PAGE)

    paper = page.pdf(prefer_css_page_size=True)

    words = squeezed("".join(words_of(paper)))
    context.close()
    # A4, upright.
    assert b"/MediaBox [0 0 594.95996 841.91998]" in paper
    for part in (
        "Meridian IT Services · What goes with Service Desk · model ",
        "Open work, overdue first",
        "Addressed to",
        numbers["grave"],
        "Held by, the latest first",
        "What stays with the person",
        f"1 / {paper.count(b'/Type /Page' + bytes([10]))}",
    ):
        assert squeezed(part) in words, part
    # What only acts on a screen is not printed.
    for part in ("Print or save", "My worklist", "Search for cases", "Sign out"):
        assert squeezed(part) not in words, part


def squeezed(words: str) -> str:
    """Return a text without spaces and ligatures, which a paper sets as it likes."""
    return "".join(unicodedata.normalize("NFKC", words).split())


def words_of(paper: bytes) -> list[str]:
    """Return the runs of text of a PDF, which names them by the glyphs of its fonts."""
    every = re.finditer(rb"(\d+) 0 obj\s*(.*?)endobj", paper, re.DOTALL)
    parts = {int(each[1]): each[2] for each in every}
    streams = {
        number: zlib.decompress(found[1])
        for number, part in parts.items()
        if b"/FlateDecode" in part
        and (found := re.search(rb"stream\r?\n(.*)endstream", part, re.DOTALL))
    }
    fonts = {
        f"F{number}": letters(streams[int(found[1])].decode())
        for number, part in parts.items()
        if (found := re.search(rb"/ToUnicode (\d+) 0 R", part))
    }
    found = list[str]()
    for number in pages(parts):
        font = dict[str, str]()
        text = streams[number].decode("latin-1")
        for name, run in re.findall(r"/(F\d+) [\d.]+ Tf|<([0-9A-F]+)> Tj", text):
            if name:
                font = fonts[name]
            else:
                found.append("".join(font[run[at : at + 4]] for at in range(0, len(run), 4)))
    return found


def pages(parts: dict[int, bytes]) -> list[int]:
    """Return the streams of the pages, in order."""
    return [
        int(found[1])
        for _, part in sorted(parts.items())
        if b"/Type /Page\n" in part and (found := re.search(rb"/Contents (\d+) 0 R", part))
    ]


def letters(table: str) -> dict[str, str]:
    """Return what the glyphs of a font stand for."""
    found = dict[str, str]()
    for block in re.findall(r"beginbfchar\n(.*?)endbfchar", table, re.DOTALL):
        for glyph, text in re.findall(r"<(\w+)> <(\w+)>", block):
            found[glyph] = bytes.fromhex(text).decode("utf-16-be")
    for block in re.findall(r"beginbfrange\n(.*?)endbfrange", table, re.DOTALL):
        for first, last, text in re.findall(r"<(\w+)> <(\w+)> <(\w+)>", block):
            for step in range(int(last, 16) - int(first, 16) + 1):
                found[f"{int(first, 16) + step:04X}"] = chr(int(text, 16) + step)
    return found
