"""Build the whole site as files in memory: the same company gives the same bytes."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from kingpost.insight.drawing.palette import declarations
from kingpost.insight.drawing.process import process_picture
from kingpost.insight.drawing.style import page_rules
from kingpost.insight.drawing.svg import standalone
from kingpost.model.content import version
from kingpost.model.parts.classes import KINDS
from kingpost.model.parts.links import Links, kind_of
from kingpost.site.addressing import Sight, in_words
from kingpost.site.pages.element import element_page
from kingpost.site.pages.lists import list_pages
from kingpost.site.pages.reference import Company, reference_pages
from kingpost.site.pieces import Page
from kingpost.values.address import address

MARK = "kingpost-site.txt"
_SEARCHED = frozenset((*KINDS.values(), "step", "exception", "field", "state", "stage"))


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the navigation. count: how many there are, or empty."""

    name: str
    title: str
    url: str
    icon: str
    count: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Entries of the navigation under a title."""

    title: str
    entries: tuple[Entry, ...]


def build_site(company: Company) -> Mapping[str, bytes]:
    """Return the files of the site by their paths, with `/`."""
    template = _environment().get_template("page.html")
    groups, shown = _groups(company), version(company.model)
    built = {
        page.path: _rendered(template, company, groups, page, shown[:12])
        for page in _pages(company)
    }
    for name, workflow in company.model.workflows.items():
        built[f"workflow/{name}.svg"] = standalone(process_picture(workflow)).encode()
    built["site.css"] = _stylesheet()
    built["site.js"] = (files("kingpost.site") / "static" / "site.js").read_bytes()
    built["search.js"] = _search(company.links)
    built[MARK] = f"Made by kingpost docs. Version {shown}\n".encode()
    return built


def _pages(company: Company) -> Iterator[Page]:
    yield from reference_pages(company)
    yield from list_pages(company.model, company.links)
    for section, kind in KINDS.items():
        for name in getattr(company.model, section):
            yield element_page(company.model, company.links, address(kind, name))


def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("kingpost.site", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _rendered(
    template: Template, company: Company, groups: tuple[Group, ...], page: Page, shown: str
) -> bytes:
    sight = Sight(company.links, page.path)
    text = template.render(
        page=page,
        sight=sight,
        root=sight.root,
        groups=groups,
        company=company.model.company,
        version=shown,
    )
    return text.encode()


def _groups(company: Company) -> tuple[Group, ...]:
    model = company.model

    def entry(name: str, title: str, icon: str, number: int = 0, page: str = "") -> Entry:
        return Entry(name, title, f"{page or name}.html", icon, f"{number:,}" if number else "")

    exceptions = sum(len(one.exceptions) for one in model.workflows.values())
    return (
        Group(
            "Company",
            (
                entry("overview", "Overview", "home", page="index"),
                entry("objectives", "Objectives", "target", len(model.objectives)),
                entry("streams", "Value streams", "stream", len(model.streams)),
            ),
        ),
        Group(
            "Work",
            (
                entry("workflows", "Workflows", "flow", len(model.workflows)),
                entry("objects", "Business objects", "file", len(model.objects)),
                entry("rules", "Rules", "rule", len(model.rules)),
                entry("exceptions", "Exceptions", "alert", exceptions),
                entry("interfaces", "Interfaces", "link", len(model.interfaces)),
            ),
        ),
        Group(
            "People",
            (
                entry("organisation", "Organisation", "organisation", len(model.posts)),
                entry("roles", "Roles", "people", len(model.roles)),
            ),
        ),
        Group(
            "Assurance",
            (
                entry("obligations", "Obligations", "shield", len(model.obligations)),
                entry("metrics", "Metrics", "chart", len(model.metrics)),
                entry("governance", "Governance", "scales", len(model.governance)),
                entry("scenarios", "Scenarios", "play", len(company.results)),
                entry("findings", "Findings", "check", len(company.findings)),
            ),
        ),
        Group("Look up", (entry("index", "Index", "list", page="glossary"),)),
    )


def _stylesheet() -> bytes:
    own = (files("kingpost.site") / "static" / "site.css").read_text(encoding="utf-8")
    return f":root {{\n{declarations()}}}\n{own}\n{page_rules()}".encode()


def _search(links: Links) -> bytes:
    """Return what the search looks through: a script, since a page in a file may read no other."""
    sight = Sight(links, "index.html")
    found = [
        [sight.whole(part), in_words(kind_of(part)), sight.url(part), part]
        for part in links.parts
        if kind_of(part) in _SEARCHED
    ]
    text = json.dumps(found, ensure_ascii=True, separators=(",", ":"))
    return f"window.kingpostSearch={text};\n".encode()
