"""Every page of the gallery as HTML: structure, names, labels, and nothing the policy forbids."""

import gzip
import re
import time
from collections import Counter
from functools import cache
from html.parser import HTMLParser
from importlib.resources import files
from itertools import pairwise

import pytest
from jinja2 import UndefinedError

from kingpost.web.gallery import gallery_page, sample_page
from kingpost.web.map_view import heat_of, title_lines
from kingpost.web.pieces import Link
from kingpost.web.samples.pages import SAMPLES
from kingpost.web.templating import build_environment

ENVIRONMENT = build_environment(lambda name: f"/static/{name}")
PAGES = ("gallery", *SAMPLES)
STATIC = files("kingpost.web") / "static"
FIELDS = {"input", "select", "textarea"}
BYTES_MAX = 60_000
SECONDS_MAX = 0.1
# Symbols for events and entries that the invented company has no occasion for.
SPARE = {"bolt", "calendar", "chevron", "gear", "link", "moon", "people", "scales", "sun"}

Attributes = dict[str, str | None]


class Outline(HTMLParser):
    """What a page is made of: its elements in order, its headings, and which labels it has."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[tuple[str, Attributes]] = []
        self.wrapped: list[Attributes] = []
        self.label_depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self.label_depth += tag == "label"
        if tag in FIELDS and self.label_depth:
            self.wrapped.append(self.elements[-1][1])

    def handle_endtag(self, tag: str) -> None:
        self.label_depth -= tag == "label"

    def values(self, attribute: str) -> list[str]:
        return [found for _, attrs in self.elements if (found := attrs.get(attribute)) is not None]


@cache
def page(name: str) -> str:
    return gallery_page(ENVIRONMENT) if name == "gallery" else sample_page(ENVIRONMENT, name)


@cache
def outline(name: str) -> Outline:
    parsed = Outline()
    parsed.feed(page(name))
    return parsed


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_no_inline_style_or_script(name: str) -> None:
    for tag, attrs in outline(name).elements:
        assert tag != "style"
        assert tag != "script" or attrs.get("src")
        assert not [key for key in attrs if key == "style" or key.startswith("on")]


@pytest.mark.parametrize("name", PAGES)
def test_ids_are_unique_and_references_lead_somewhere(name: str) -> None:
    ids = Counter(outline(name).values("id"))
    assert [found for found, count in ids.items() if count > 1] == []
    for attribute in ("for", "aria-labelledby", "aria-describedby", "list", "data-opens"):
        for value in outline(name).values(attribute):
            assert all(part in ids for part in value.split()), f"{attribute}={value}"
    local = [url[1:] for url in outline(name).values("href") if re.fullmatch("#.+", url)]
    assert [target for target in local if target not in ids] == []


@pytest.mark.parametrize("name", PAGES)
def test_every_input_has_a_label(name: str) -> None:
    labelled = set(outline(name).values("for"))
    for tag, attrs in outline(name).elements:
        if tag in FIELDS and attrs.get("type") != "hidden":
            assert attrs in outline(name).wrapped or attrs.get("id") in labelled, attrs


@pytest.mark.parametrize("name", PAGES)
def test_headings_go_down_one_level_at_a_time(name: str) -> None:
    main = page(name).split("<main", 1)[1].split("</main>", 1)[0]
    levels = [int(level) for level in re.findall(r"<h([1-6])", main)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("name", PAGES)
def test_commands_are_sent_with_a_key(name: str) -> None:
    forms = re.findall(
        r'<form[^>]*method="post"[^>]*action="([^"]+)".*?</form>', page(name), re.DOTALL
    )
    whole = re.findall(
        r'<form[^>]*method="post"[^>]*action="[^"]+".*?</form>', page(name), re.DOTALL
    )
    # The last one looks at what would be done, and does nothing.
    free = {"/theme", "/seat", "/sign-out", "/sign-in", "/sign-in/try", "/exceptions/look"}
    for url, text in zip(forms, whole, strict=True):
        assert url in free or 'name="key"' in text, url


def test_every_icon_exists_and_every_symbol_is_used() -> None:
    symbols = set(re.findall(r'<symbol id="([a-z-]+)"', (STATIC / "icons.svg").read_text()))
    used = {icon for name in PAGES for icon in re.findall(r"icons\.svg#([a-z-]+)", page(name))}
    assert used - symbols == set()
    assert symbols - used == SPARE


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_small_and_quick(name: str) -> None:
    text = page(name)
    spent: list[float] = []
    for _ in range(3):
        begin = time.process_time()
        gallery_page(ENVIRONMENT) if name == "gallery" else sample_page(ENVIRONMENT, name)
        spent.append(time.process_time() - begin)
    assert min(spent) < SECONDS_MAX
    parts = [text.encode(), *(part.read_bytes() for part in STATIC.iterdir() if part.is_file())]
    assert sum(len(gzip.compress(part)) for part in parts) < BYTES_MAX


def test_what_people_write_is_escaped() -> None:
    template = ENVIRONMENT.from_string(
        '{% from "parts/words.html" import maybe_link %}{{ maybe_link(link) }}'
    )
    assert "&lt;b&gt;" in template.render(link=Link("<b>"))


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(UndefinedError):
        ENVIRONMENT.from_string("{{ nobody }}").render()


@pytest.mark.parametrize(
    ("share", "heat"),
    [(-1, "none"), (0.79, "none"), (0.8, "near"), (1, "over"), (1.49, "over"), (1.5, "far")],
)
def test_heat_is_relative_to_the_target(share: float, heat: str) -> None:
    assert heat_of(share) == heat


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("Rate", ("Rate",)),
        ("Enhanced due diligence", ("Enhanced due", "diligence")),
        ("Check that the application is complete", ("Check that the", "application i…")),
        ("Donaudampfschifffahrt", ("Donaudampfsc", "hifffahrt")),
    ],
)
def test_a_title_is_broken_into_lines_that_fit(title: str, lines: tuple[str, ...]) -> None:
    assert title_lines(title, 2, 98) == lines
