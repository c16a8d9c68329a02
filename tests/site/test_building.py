"""The site of a company: every link leads somewhere, nothing becomes markup, the same bytes."""

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from posixpath import dirname, join, normpath

import pytest

import kingpost.cli
from kingpost.cli.commands.looking.models import read_for_looking
from kingpost.model.parts.links import kind_of, links_of
from kingpost.scenarios.running import Failure
from kingpost.site.building import MARK, build_site
from tests.checks.words import SOUND, edited, read
from tests.site.companies import company, lending

NASTY = "<script>alert(1)</script>\\\"'><img src=x onerror=alert(1)> {{ 7 * 7 }} & so"


class Markup(HTMLParser):
    """What a page is made of."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: set[str] = set()
        self.levels: list[int] = []
        self.attributes: set[str] = set()
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if re.fullmatch("h[1-6]", tag):
            self.levels.append(int(tag[1]))
        for name, value in attrs:
            self.attributes.add(name)
            if name == "id" and value:
                self.ids.append(value)
            if name in {"href", "src"} and value:
                self.links.append(value)

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


SITE = lending()
PAGES = {name: Markup(text.decode()) for name, text in SITE.items() if name.endswith(".html")}


@pytest.mark.parametrize("name", PAGES)
def test_every_link_leads_to_a_place_that_is_there(name: str) -> None:
    for link in PAGES[name].links:
        path, _, anchor = link.partition("#")
        target = normpath(join(dirname(name), path)) if path else name
        assert target in SITE, link
        if anchor:
            assert anchor in PAGES[target].ids, link


@pytest.mark.parametrize("name", PAGES)
def test_every_page_is_well_made(name: str) -> None:
    page = PAGES[name]

    assert len(page.ids) == len(set(page.ids))
    assert page.levels[0] == 1
    assert page.levels.count(1) == 1
    assert all(
        after - before <= 1 for before, after in zip(page.levels, page.levels[1:], strict=False)
    )
    assert not [one for one in page.attributes if one == "style" or one.startswith("on")]
    assert "style" not in page.tags
    assert "http" not in "".join(page.links)


def test_every_element_has_a_page_and_every_part_a_place() -> None:
    model = read(SOUND)
    site = build_site(company(model))

    for part in links_of(model).parts:
        if part.count("/") == 1 and kind_of(part) != "governance":
            assert f"{part}.html" in site


def test_the_first_page_tells_the_company_in_numbers() -> None:
    text = PAGES["index.html"].text

    assert text.count("Northwind Lending") > 1
    assert "4 objectives" in text
    assert "None findings of the check" in text
    assert re.search(r"(\d+) of \1 scenarios come out as told", text)


def test_a_workflow_tells_each_step_with_who_may_do_it() -> None:
    page = Markup(build_site(company(read(SOUND)))["workflow/claim.html"].decode())

    assert "Map of Claim" in page.text
    assert "step-judge" in page.ids
    assert "exception-papers-missing" in page.ids
    assert "due within 4 working hours" in page.text
    assert "posts in that role Head" in page.text
    assert "authority Head : Grant , Deny when claim.amount > 100" in page.text
    assert "Grant: The bank pays Deny: Denied" in page.text


def test_the_tests_of_a_rule_are_a_table_below_the_rule() -> None:
    row = """      - ['"water"', "-", '"low"']\n"""
    tests = (
        "    tests: [{title: A small fire, given: {claim: {kind: fire, amount: 7}},"
        " expect: {band: low}}]\n"
    )
    text = Markup(
        build_site(company(read(edited({row: row + tests}))))["rule/band.html"].decode()
    ).text

    told = "Tests Test Given Expected A small fire claim.kind: fire , claim.amount: 7 band: low"
    assert told in text
    assert text.index("Row kind (claim.kind)") < text.index("In short") < text.index(told)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("post/head.html", "authority Grant , Deny in Shall we pay? when claim.amount > 100"),
        ("role/clerk.html", "What it does Step Kind Workflow Role Examine task Claim Clerk"),
        ("unit/desk.html", "Posts Post Unit Roles Seats Control Desk Auditor 1"),
        ("object/claim.html", "States State Demands Set by May become New · begin"),
        ("object/claim.html", "Kind choice choices: fire, water"),
        ("rule/band.html", 'Row kind (claim.kind) amount (claim.amount) → band 1 "fire" <= 100'),
        ("objective/content.html", "Fast Decided in time >= 90 % < 95 %"),
        ("value-stream/claims.html", "Hand-overs Stage Workflows Enters with Leaves with Settle"),
        ("framework/law.html", "Clause Obligation Answered for by Proven in 7 A fair answer Head"),
        ("obligations.html", "The law, 2024 Clause Obligation"),
        ("exceptions.html", "Papers are missing Claim document Clerk Examine is suspended"),
        ("governance.html", "1 * Head The first line that matches counts."),
        ("metric/in-time.html", "looks at Shall we pay?"),
        ("scenarios.html", "The company tells no scenarios yet."),
        ("findings.html", "The check finds nothing: the model may run."),
        ("glossary.html", "A fair answer obligation obligation/fair-answer"),
    ],
)
def test_a_page_says(name: str, expected: str) -> None:
    text = Markup(build_site(company(read(SOUND)))[name].decode()).text

    assert expected in text


def test_what_the_check_finds_is_told_with_its_place() -> None:
    model = read(edited({"owner: head, evidence": "owner: haed, evidence"}))

    text = Markup(build_site(company(model))["findings.html"].decode()).text

    assert "error there is no post `haed`. Write `head`. A fair answer at kingpost.yaml:" in text


def test_scenarios_are_told_with_what_they_cover_first() -> None:
    text = PAGES["scenarios.html"].text

    assert "outcome 24 of 24" in text
    assert text.index("What they cover") < text.index("Comes out")


def test_what_is_not_covered_and_what_goes_another_way_come_first() -> None:
    folder = Path(kingpost.cli.__file__).parent / "templates" / "starter"
    whole = company(read_for_looking(folder), told=True)
    last = whole.results[-1]
    failed = replace(last, failures=(Failure(None, "it is closed", "it is open"),))
    covered = tuple(
        replace(part, by=()) if part.kind == "outcome" else part for part in whole.covered
    )

    pages = build_site(replace(whole, results=(*whole.results[:-1], failed), covered=covered))
    text = Markup(pages["scenarios.html"].decode()).text

    assert "Request outcome 0 of 2, 0 %" in text
    assert text.index("What they cover") < text.index("What no scenario comes by")
    told = [text.rindex(result.scenario.title) for result in whole.results]
    assert text.index("What no scenario comes by") < told[-1] < min(told[:-1])
    assert "otherwise" in text


def test_nothing_of_a_model_becomes_markup() -> None:
    plain = build_site(company(read(SOUND)))
    thing = "objects:\n  claim:\n    title: "
    model = read(
        edited(
            {
                "company: Sound Claims": f'company: "{NASTY}"',
                f"{thing}Claim": f'{thing}"{NASTY}"',
                "task: Examine\n": f'task: "{NASTY}"\n',
                "title: Claimants are content": f'title: "{NASTY}"',
                'edition: "2024"': f'edition: "{NASTY}"',
                "      held:   {title: Held}": f'      held:   {{title: "{NASTY}"}}',
            }
        )
    )

    for name, text in build_site(company(model)).items():
        if name.endswith(".html"):
            page, before = Markup(text.decode()), Markup(plain[name].decode())
            assert page.tags == before.tags
            assert page.attributes == before.attributes
            assert text.count(b"<script") == plain[name].count(b"<script")
            assert b"49 &amp; so" not in text
        if name == "search.js":
            entries = json.loads(text.decode().removeprefix("window.kingpostSearch=")[:-2])
            assert any(entry[0].startswith("<script>alert(1)") for entry in entries)


def test_the_same_company_gives_the_same_bytes() -> None:
    assert build_site(company(read(SOUND))) == build_site(company(read(f"# Again\n{SOUND}")))


def test_the_site_says_whose_it_is_and_of_which_version() -> None:
    assert SITE[MARK].decode().startswith("Made by kingpost docs. Version ")
