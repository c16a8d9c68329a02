"""The pages that list all elements of a kind, and the exceptions of all workflows."""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from kingpost.handbook.book import Book
from kingpost.handbook.pieces import Cell, Drawing, Page, Row, Section, Table
from kingpost.handbook.things import obligations_table
from kingpost.insight.drawing.charts import objectives_picture, organisation_picture, unit_picture
from kingpost.insight.drawing.svg import inline
from kingpost.model.describing.describe import describe
from kingpost.model.describing.phrases import Phrase, named, words
from kingpost.model.parts.classes import title_of
from kingpost.model.parts.links import Links
from kingpost.values.address import address


def list_page(book: Book, name: str) -> Page | None:
    """Return the page that lists all elements of a kind, by its name; None when there is none."""
    if name in _PLAIN:
        return _plain(book, name)
    special = _SPECIAL.get(name)
    return special(book) if special else None


def _plain(book: Book, name: str) -> Page:
    title, kind, section, labels = _PLAIN[name]
    table = _table(book, title, kind, getattr(book.model, section), labels)
    return Page(name, title, name, sections=(table,))


def _table(
    book: Book, title: str, kind: str, elements: Iterable[str], labels: tuple[str, ...]
) -> Table:
    """Return the list of all elements of a kind, with some of their facts."""
    rows = tuple(_row(book.links, address(kind, one), labels) for one in elements)
    columns = (title.removesuffix("s"), *(label.capitalize() for label in labels))
    return Table(f"all-{kind}", title, columns, rows, empty=f"The company has no {title.lower()}.")


def _row(links: Links, part: str, labels: tuple[str, ...]) -> Row:
    facts = {fact.label: fact.phrases for fact in describe(links, part).facts}
    title = title_of(links.parts[part].value)
    return Row((Cell((named(title, part),)), *(Cell(facts.get(label, ())) for label in labels)))


def _objectives(book: Book) -> Page:
    model, sections = book.model, list[Section]()
    if model.objectives:
        sight = book.sight("objectives")
        drawn = inline(objectives_picture(model), "objectives-picture", sight.url)
        sections.append(Drawing("tree", "What the company wants", drawn))
    labels = ("answered for by", "serves", "measures")
    table = _table(book, "Objectives", "objective", model.objectives, labels)
    return Page("objectives", "Objectives", "objectives", sections=(*sections, table))


def _organisation(book: Book) -> Page:
    model, sight, sections = book.model, book.sight("organisation"), list[Section]()
    for name, title, elements, draw in (
        ("chart", "Who reports to whom", model.posts, organisation_picture),
        ("unit-chart", "Units", model.units, unit_picture),
    ):
        if elements:
            drawn = inline(draw(model), f"{name}-picture", sight.url)
            sections.append(Drawing(name, title, drawn))
    told = ("unit", "reports to", "roles", "seats", "when vacant")
    posts = _table(book, "Posts", "post", model.posts, told)
    calendars = _table(book, "Calendars", "calendar", model.calendars, ("zone", "openings"))
    shown = (*sections, posts, calendars)
    return Page("organisation", "Organisation", "organisation", sections=shown)


def _obligations(book: Book) -> Page:
    """Return the obligations by framework and clause."""
    model = book.model
    tables: list[Section] = []
    for framework in model.frameworks.values():
        names = tuple(
            duty.id for duty in model.obligations.values() if duty.framework == framework.id
        )
        title = f"{framework.title}, {framework.edition}"
        tables.append(obligations_table(model, names, f"framework-{framework.id}", title))
    if not tables:
        tables.append(obligations_table(model, (), "none", "Obligations"))
    return Page("obligations", "Obligations", "obligations", sections=tuple(tables))


def _exceptions(book: Book) -> Page:
    links = book.links
    rows = tuple(
        Row(
            (
                Cell((named(title_of(item.value), part),)),
                Cell((named(part, "/".join(part.split("/")[:2])),)),
                *(Cell(_fact(links, part, label)) for label in ("cause", "raised by", "steps")),
                Cell(_effect(links, part)),
            )
        )
        for part, item in links.parts.items()
        if part.split("/")[2:3] == ["exception"] and part.count("/") == 3  # noqa: PLR2004 - workflow/ID/exception/ID
    )
    columns = ("Exception", "Workflow", "Cause", "Raised by", "Happens in", "What follows")
    table = Table("all", "Exceptions", columns, rows, empty="No workflow names an exception.")
    return Page("exceptions", "Exceptions", "exceptions", sections=(table,))


def _fact(links: Links, part: str, label: str) -> tuple[Phrase, ...]:
    return next((one.phrases for one in describe(links, part).facts if one.label == label), ())


def _effect(links: Links, part: str) -> tuple[Phrase, ...]:
    divert = _fact(links, part, "goes to")
    if divert:
        return tuple((*words("goes to "), *phrase) for phrase in divert)
    state = _fact(links, part, "state")
    clocks = "clocks stop" if _fact(links, part, "clocks stop") else "clocks run"
    return ((*words("is suspended"), *words(f", {clocks}")), *state)


def _governance(book: Book) -> Page:
    links = book.links
    rows = tuple(
        Row(
            (
                Cell((words(part.partition("/")[2]),), is_number=True),
                *(Cell(_fact(links, part, label)) for label in ("part", "custodian")),
            ),
            f"line-{part.partition('/')[2]}",
        )
        for part in links.parts
        if part.startswith("governance/")
    )
    table = Table(
        "all", "Who keeps what", ("Line", "Part", "Custodian"), rows,
        note="The first line that matches counts. A business object names its own custodian.",
        empty="Nobody is named who keeps a part of the model.",
    )  # fmt: skip
    return Page("governance", "Governance", "governance", sections=(table,))


# By name: the title, the kind, the section of the model, and which facts are told of each.
_PLAIN: Mapping[str, tuple[str, str, str, tuple[str, ...]]] = MappingProxyType(
    {
        "streams": ("Value streams", "value-stream", "streams", ("serves", "promise")),
        "workflows": ("Workflows", "workflow", "workflows", ("object", "answered for by")),
        "objects": ("Business objects", "object", "objects", ("custodian",)),
        "rules": ("Rules", "rule", "rules", ("object", "hit policy")),
        "interfaces": ("Interfaces", "interface", "interfaces", ()),
        "metrics": ("Metrics", "metric", "metrics", ("kind", "looks at", "window")),
        "roles": ("Roles", "role", "roles", ("incompatible with",)),
    }
)
_SPECIAL: Mapping[str, Callable[[Book], Page]] = MappingProxyType(
    {
        "objectives": _objectives,
        "organisation": _organisation,
        "obligations": _obligations,
        "exceptions": _exceptions,
        "governance": _governance,
    }
)
