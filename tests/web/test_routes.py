"""Every page as a visitor finds it: who may see it, how it is built, and where its links lead."""

import gzip
import re
from collections import Counter
from collections.abc import Mapping
from html.parser import HTMLParser

import httpx
import psycopg
import pytest

from kingpost.web.serving.headers import POLICY
from tests.database import Database
from tests.web.meridian import Meridian, visit

BYTES_MAX = 60_000
# Enough to come to every kind of page; a crawl of everything would say no more.
PAGES_MAX = 150

PAGES = (
    "/work",
    "/work?view=overdue",
    "/cases",
    "/cases?text=INC&is_open=yes",
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
    "/processes/incident?step=work&as=table&shown=p85&window=7d",
    "/objectives",
    "/measures/in-flight",
    "/measures/restored-within-term",
    "/measures/time-to-restore",
    "/obligations",
    "/obligations/second-look",
    "/obligations/final-report?window=all&status=owed",
    "/search?q=incident",
    "/model/",
    "/model/workflow/incident",
    "/model/rules",
    "/model/organisation",
    "/plans",
    "/versions",
    "/versions/1",
    "/org",
    "/org?q=gil",
    "/org/who",
    "/org/who?of=group-70&on=2026-01-01",
    "/org/posts/group-70",
    "/org/posts/duty-officer",
    "/people/gil",
)


class Outline(HTMLParser):
    """What a page is made of."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.forbidden: list[str] = []
        self.inputs: list[Mapping[str, str | None]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        found = dict(attrs)
        if found.get("id"):
            self.ids.append(str(found["id"]))
        if tag == "a" and found.get("href"):
            self.links.append(str(found["href"]))
        if tag == "input":
            self.inputs.append(found)
        self.forbidden += [f"{tag} {name}" for name in found if name == "style" or name[:2] == "on"]


def addresses(meridian: Meridian) -> list[str]:
    numbers = meridian.busy()
    names = {
        **numbers,
        "work": meridian.task(numbers["worked"], "work"),
        "decision": meridian.task(numbers["grave"], "confirm-priority"),
        "suspended": meridian.task(numbers["held"], "work"),
        "wait": meridian.task(numbers["tried"], "confirmation"),
    }
    return [page.format(**names) for page in PAGES]


def assert_guarded(answer: httpx.Response) -> None:
    headers = answer.headers
    assert headers["content-security-policy"] == POLICY, answer.url
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"


def test_everybody_must_sign_in(meridian: Meridian, address: str) -> None:
    with visit(meridian, address) as stranger:
        for page in addresses(meridian):
            answer = stranger.get(page)

            assert answer.status_code == 303, page
            assert answer.headers["location"].startswith("/sign-in?next=/"), page
            assert_guarded(answer)
        assert stranger.get("/live").status_code == 401
        nowhere = stranger.get("/nowhere")
        assert nowhere.status_code == 404
        assert 'href="/sign-in"' in nowhere.text


def test_who_holds_no_post_sees_none_of_the_work(meridian: Meridian, address: str) -> None:
    with visit(meridian, address, "nora") as nobody:
        for page in addresses(meridian):
            answer = nobody.get(page)

            assert answer.status_code == 403, page
            assert "You hold no post" in answer.text
            assert "Caller 2403" not in answer.text
            assert_guarded(answer)


@pytest.mark.parametrize("person", ["dora", "ines", "emil"])
def test_every_page_is_sound(meridian: Meridian, address: str, person: str) -> None:
    with visit(meridian, address, person) as client:
        for page in addresses(meridian):
            answer = client.get(page)
            if page == "/start/incident" and answer.status_code == 403:
                continue

            assert answer.status_code == 200, (page, answer.text[:200])
            assert_guarded(answer)
            outline = Outline(answer.text)
            twice = [name for name, count in Counter(outline.ids).items() if count > 1]
            assert twice == [], page
            assert outline.tags["h1"] == 1, page
            assert outline.forbidden == [], page
            assert len(gzip.compress(answer.content)) < BYTES_MAX, page


def test_every_link_leads_somewhere(meridian: Meridian, address: str) -> None:
    waiting, seen = addresses(meridian), set[str]()
    with visit(meridian, address, "ines") as client:
        while waiting and len(seen) < PAGES_MAX:
            page = waiting.pop(0)
            if page in seen:
                continue
            seen.add(page)
            answer = client.get(page)
            if answer.status_code == 303:
                waiting.append(answer.headers["location"])
                continue
            assert answer.status_code == 200, page
            outline = Outline(answer.text)
            for link in outline.links:
                there, _, fragment = link.partition("#")
                if not there:
                    assert fragment in outline.ids, (page, link)
                elif link.startswith("/"):
                    waiting.append(there)
    assert len(seen) > len(PAGES)


def test_what_is_not_there_says_so(meridian: Meridian, address: str) -> None:
    with visit(meridian, address, "dora") as client:
        for page in ("/nowhere", "/cases/INC-404", "/measures/none", "/org/posts/none"):
            answer = client.get(page)

            assert answer.status_code == 404, page
            assert "<h1>" in answer.text
            assert_guarded(answer)


def test_a_failure_of_ours_is_guarded_and_has_a_reference(
    database: Database, meridian: Meridian, address: str
) -> None:
    with visit(meridian, address, "dora") as client:
        assert client.get("/work").status_code == 200
        with psycopg.connect(database.owner_url, autocommit=True) as owner:
            owner.execute("ALTER TABLE session RENAME TO lost")
        answers = (client.get("/work"), client.get("/sign-in?next=/work"))

    for answer in answers:
        assert answer.status_code == 500
        assert_guarded(answer)
        assert re.search(r"Reference <span class=\"code\">[0-9a-f]{8}", answer.text)


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "", "Origin": "https://elsewhere.example"},
        {"Sec-Fetch-Site": "", "Origin": "null"},
        {"Sec-Fetch-Site": ""},
    ],
)
def test_what_another_site_sends_is_refused(
    meridian: Meridian, address: str, headers: dict[str, str]
) -> None:
    task = meridian.task(meridian.start(), "triage")
    posts = (
        "/sign-in",
        "/sign-in/try",
        "/sign-out",
        "/seat",
        "/theme",
        f"/tasks/{task}/complete",
        f"/tasks/{task}/assign",
        "/start/incident",
        "/org/appointments",
        "/org/delegations",
    )
    sent = {name: value for name, value in headers.items() if value}
    with visit(meridian, address, "gil") as client:
        del client.headers["Sec-Fetch-Site"]
        for path in posts:
            answer = client.post(path, data={"person": "dora"}, headers=sent)

            assert answer.status_code == 403, path
            assert_guarded(answer)


def test_an_old_browser_sends_its_origin(meridian: Meridian, address: str) -> None:
    with visit(meridian, address, "gil") as client:
        del client.headers["Sec-Fetch-Site"]
        answer = client.post("/theme", data={"theme": "dark"}, headers={"Origin": address})

    assert answer.status_code == 303
    assert "kingpost-theme=dark" in answer.headers["set-cookie"]
