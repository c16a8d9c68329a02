"""Build the whole site as files in memory: the same company gives the same bytes."""

import json
from collections.abc import Mapping
from importlib.resources import files

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined, Template

from kingpost.handbook.addressing import in_words
from kingpost.handbook.book import Book
from kingpost.handbook.contents import Group, contents, pages
from kingpost.handbook.finding import SEARCHED
from kingpost.handbook.pieces import Page
from kingpost.handbook.stylesheet import stylesheet
from kingpost.insight.drawing.palette import declarations
from kingpost.insight.drawing.process import process_picture
from kingpost.insight.drawing.svg import standalone
from kingpost.model.content import version
from kingpost.model.parts.links import kind_of

MARK = "kingpost-site.txt"


def build_site(book: Book) -> Mapping[str, bytes]:
    """Return the files of the site by their paths, with `/`."""
    template = _environment().get_template("page.html")
    groups, shown = contents(book), version(book.model)
    built = {
        f"{page.path}{book.place.ending}": _rendered(template, book, groups, page, shown[:12])
        for page in pages(book)
    }
    for name, workflow in book.model.workflows.items():
        built[f"workflow/{name}.svg"] = standalone(process_picture(workflow)).encode()
    built["site.css"] = _stylesheet()
    built["site.js"] = (files("kingpost.site") / "static" / "site.js").read_bytes()
    built["search.js"] = _search(book)
    built[MARK] = f"Made by kingpost docs. Version {shown}\n".encode()
    return built


def _environment() -> Environment:
    return Environment(
        loader=ChoiceLoader(
            [PackageLoader("kingpost.site", "templates"), PackageLoader("kingpost.handbook")]
        ),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _rendered(
    template: Template, book: Book, groups: tuple[Group, ...], page: Page, shown: str
) -> bytes:
    text = template.render(
        page=page,
        sight=book.sight(page.path),
        groups=groups,
        company=book.model.company,
        version=shown,
    )
    return text.encode()


def _stylesheet() -> bytes:
    own = (files("kingpost.site") / "static" / "site.css").read_text(encoding="utf-8")
    return f":root {{\n{declarations()}}}\n{own}\n{stylesheet()}".encode()


def _search(book: Book) -> bytes:
    """Return what the search looks through: a script, since a page in a file may read no other."""
    sight = book.sight("index")
    found = [
        [sight.whole(part), in_words(kind_of(part)), sight.url(part), part]
        for part in book.links.parts
        if kind_of(part) in SEARCHED
    ]
    text = json.dumps(found, ensure_ascii=True, separators=(",", ":"))
    return f"window.kingpostSearch={text};\n".encode()
