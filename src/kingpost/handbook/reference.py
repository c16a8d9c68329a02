"""The first page, the index of everything, what the check finds, and the scenarios."""

from collections.abc import Iterator

from kingpost.handbook.addressing import in_words
from kingpost.handbook.book import Book
from kingpost.handbook.pieces import Cell, Drawing, Page, Row, Section, Table, Tile, Tiles
from kingpost.insight.drawing.charts import objectives_picture
from kingpost.insight.drawing.streams import stream_picture
from kingpost.insight.drawing.svg import inline
from kingpost.model.describing.phrases import Phrase, code, named, words
from kingpost.model.parts.links import Links, kind_of
from kingpost.scenarios import Result, Share, shares
from kingpost.values.diagnostic import Diagnostic, Severity

# Parts that one looks up; the rest stands on the pages of these.
_INDEXED = frozenset(("step", "exception", "field", "state"))


def first_page(book: Book) -> Page:
    """Return the company in numbers and pictures."""
    model, sight = book.model, book.sight("index")
    sections: list[Section] = [Tiles("numbers", "In numbers", tuple(_tiles(book)))]
    for stream in model.streams.values():
        drawn = inline(stream_picture(model, stream), f"stream-{stream.id}", sight.url)
        sections.append(Drawing(f"value-stream-{stream.id}", stream.title, drawn))
    if model.objectives:
        drawn = inline(objectives_picture(model), "objectives-picture", sight.url)
        sections.append(Drawing("objectives", "Objectives", drawn))
    lead = words(
        "What this company wants, how its work moves, who decides what, and what it must prove. "
        "Every name leads to where it is told."
    )
    return Page("index", model.company, "overview", lead=lead, sections=tuple(sections))


def _tiles(book: Book) -> Iterator[Tile]:
    model = book.model
    steps = sum(1 for one in model.workflows.values() for _ in one.all_steps())
    for number, one, many, url in (
        (len(model.objectives), "objective", "objectives", "objectives"),
        (len(model.workflows), "workflow", "workflows", "workflows"),
        (steps, "step", "steps", "workflows"),
        (len(model.posts), "post", "posts", "organisation"),
        (len(model.rules), "rule", "rules", "rules"),
        (len(model.obligations), "obligation", "obligations", "obligations"),
    ):
        yield Tile(f"{number:,}", one if number == 1 else many, url)
    if book.findings is not None:
        found = len(book.findings)
        yield Tile(
            f"{found:,}" if found else "None",
            "finding of the check" if found == 1 else "findings of the check",
            "findings",
            "risk" if found else "good",
        )
    if book.results:
        passed = sum(result.passed for result in book.results)
        tone = "good" if passed == len(book.results) else "late"
        words_ = f"of {len(book.results):,} scenarios come out as told"
        yield Tile(f"{passed:,}", words_, "scenarios", tone)


def index_page(book: Book) -> Page:
    """Return every element and the parts that one looks up, by first letter."""
    links, sight = book.links, book.sight("glossary")
    letters: dict[str, list[tuple[str, str]]] = {}
    for part in links.parts:
        if (part.count("/") == 1 and not part.startswith("governance/")) or kind_of(
            part
        ) in _INDEXED:
            label = sight.label(part)
            first = label[:1].upper()
            letters.setdefault(first if first.isalpha() else "#", []).append((label, part))
    tables = tuple(
        Table(
            f"letter-{letter}",
            letter,
            ("Name", "Kind", "Address", "Named by"),
            tuple(_entries(links, items)),
        )
        for letter, items in sorted(letters.items())
    )
    return Page("glossary", "Index", "index", sections=tables)


def _entries(links: Links, items: list[tuple[str, str]]) -> Iterator[Row]:
    for label, part in sorted(items, key=lambda item: (item[0].casefold(), item[1])):
        used = len({link.source for link in links.to(part)})
        yield Row(
            (
                Cell((named(label, part),)),
                Cell((words(in_words(kind_of(part)).lower()),)),
                Cell((code(part),)),
                Cell((words(f"{used:,}"),), is_number=True),
            )
        )


def findings_page(book: Book) -> Page:
    """Return what the check finds."""
    rows = tuple(_finding(book.links, item) for item in book.findings or ())
    table = Table(
        "all", "What the check finds", ("Weight", "Finding", "Where", "Code"), rows,
        empty="The check finds nothing: the model may run.",
    )  # fmt: skip
    return Page("findings", "Findings", "findings", sections=(table,))


def _finding(links: Links, item: Diagnostic) -> Row:
    tone = "late" if item.severity is Severity.ERROR else "risk"
    told = words(f"{item.message}. {item.help}" if item.help else item.message)
    subject: Phrase = (
        named(item.subject, item.subject) if item.subject in links.parts else code(item.subject)
    )
    where = (*subject, *words(f" at {item.place}" if item.place else ""))
    return Row(
        (
            Cell((words(item.severity.value),), tone),
            Cell((told,)),
            Cell((where,)),
            Cell((words(str(item.code)),)),
        )
    )


def scenarios_page(book: Book) -> Page:
    """Return how much of the model the stories cover, and how each comes out."""
    stories = Table(
        "stories", "Stories", ("Scenario", "Workflow", "Comes out"),
        # What goes another way is what one looks for.
        tuple(map(_story, sorted(book.results, key=lambda result: result.passed))),
        empty="The company tells no scenarios yet.",
    )  # fmt: skip
    covering = _coverage(book) if book.results else ()
    return Page("scenarios", "Scenarios", "scenarios", sections=(*covering, stories))


def _coverage(book: Book) -> Iterator[Section]:
    yield Table(
        "coverage",
        "What they cover",
        ("Of", "Kind", "Covered"),
        tuple(_share(share) for share in shares(book.covered)),
        note="A scenario that does not come out as told covers nothing.",
    )
    missing = tuple(
        Row(
            (
                Cell((words(part.kind),)),
                Cell((words(part.title),)),
                Cell((named(part.owner, part.owner),)),
            )
        )
        for part in book.covered
        if not part.by
    )
    if missing:
        columns = ("Kind", "Part", "Of")
        yield Table("uncovered", "What no scenario comes by", columns, missing)


def _story(result: Result) -> Row:
    workflow = f"workflow/{result.workflow}"
    outcome = "as told" if result.passed else "otherwise"
    return Row(
        (
            Cell(((*words(f"{result.scenario.title} "), *code(result.scenario.id)),)),
            Cell((named(result.workflow, workflow),)),
            Cell((words(outcome),), "good" if result.passed else "late"),
        ),
        f"scenario-{result.scenario.id}",
    )


def _share(share: Share) -> Row:
    is_full = share.covered == share.of
    told = f"{share.covered:,} of {share.of:,}" + ("" if is_full else f", {share.percent} %")
    return Row(
        (
            Cell((named(share.owner, share.owner),)),
            Cell((words(share.kind),)),
            Cell((words(told),), "good" if is_full else "risk"),
        )
    )
