"""The pages that list all elements of a kind, and the exceptions of all workflows."""

from collections.abc import Iterable, Iterator

from kingpost.insight.drawing.charts import objectives_picture, organisation_picture, unit_picture
from kingpost.insight.drawing.svg import inline
from kingpost.model.describing.describe import describe
from kingpost.model.describing.phrases import Phrase, named, words
from kingpost.model.model import Model
from kingpost.model.parts.classes import title_of
from kingpost.model.parts.links import Links
from kingpost.site.addressing import Sight
from kingpost.site.pages.things import obligations_table
from kingpost.site.pieces import Cell, Drawing, Page, Row, Section, Table
from kingpost.values.address import address


def list_pages(model: Model, links: Links) -> Iterator[Page]:
    """Yield a page for each kind of element that there is."""
    yield _objectives(model, links)
    yield _plain(
        links, "streams", "Value streams", "value-stream", model.streams, ("serves", "promise")
    )
    yield _plain(
        links, "workflows", "Workflows", "workflow", model.workflows, ("object", "answered for by")
    )
    yield _plain(links, "objects", "Business objects", "object", model.objects, ("custodian",))
    yield _plain(links, "rules", "Rules", "rule", model.rules, ("object", "hit policy"))
    yield _plain(links, "interfaces", "Interfaces", "interface", model.interfaces, ())
    yield _plain(
        links, "metrics", "Metrics", "metric", model.metrics, ("kind", "looks at", "window")
    )
    yield _plain(links, "roles", "Roles", "role", model.roles, ("incompatible with",))
    yield _organisation(model, links)
    yield _obligations(model)
    yield _exceptions(links)
    yield _governance(links)


def _plain(
    links: Links, name: str, title: str, kind: str, elements: Iterable[str], labels: tuple[str, ...]
) -> Page:
    """Return the list of all elements of a kind, with some of their facts."""
    rows = tuple(_row(links, address(kind, one), labels) for one in elements)
    columns = (title.removesuffix("s"), *(label.capitalize() for label in labels))
    table = Table(f"all-{kind}", title, columns, rows, empty=f"The company has no {title.lower()}.")
    return Page(f"{name}.html", title, name, sections=(table,))


def _row(links: Links, part: str, labels: tuple[str, ...]) -> Row:
    facts = {fact.label: fact.phrases for fact in describe(links, part).facts}
    title = title_of(links.parts[part].value)
    return Row((Cell((named(title, part),)), *(Cell(facts.get(label, ())) for label in labels)))


def _objectives(model: Model, links: Links) -> Page:
    sections: list[Section] = []
    sight = Sight(links, "objectives.html")
    if model.objectives:
        drawn = inline(objectives_picture(model), "objectives-picture", sight.url)
        sections.append(Drawing("tree", "What the company wants", drawn))
    plain = _plain(
        links, "objectives", "Objectives", "objective", model.objectives,
        ("answered for by", "serves", "measures"),
    )  # fmt: skip
    return Page(plain.path, plain.title, plain.entry, sections=(*sections, *plain.sections))


def _organisation(model: Model, links: Links) -> Page:
    sight = Sight(links, "organisation.html")
    sections: list[Section] = []
    for name, title, elements, draw in (
        ("chart", "Who reports to whom", model.posts, organisation_picture),
        ("unit-chart", "Units", model.units, unit_picture),
    ):
        if elements:
            drawn = inline(draw(model), f"{name}-picture", sight.url)
            sections.append(Drawing(name, title, drawn))
    posts = _plain(
        links, "organisation", "Posts", "post", model.posts,
        ("unit", "reports to", "roles", "seats", "when vacant"),
    )  # fmt: skip
    calendars = _plain(
        links, "organisation", "Calendars", "calendar", model.calendars, ("zone", "openings")
    )
    tables = (*posts.sections, *calendars.sections)
    return Page("organisation.html", "Organisation", "organisation", sections=(*sections, *tables))


def _obligations(model: Model) -> Page:
    """Return the obligations by framework and clause."""
    tables: list[Section] = []
    for framework in model.frameworks.values():
        names = tuple(
            duty.id for duty in model.obligations.values() if duty.framework == framework.id
        )
        title = f"{framework.title}, {framework.edition}"
        tables.append(obligations_table(model, names, f"framework-{framework.id}", title))
    if not tables:
        tables.append(obligations_table(model, (), "none", "Obligations"))
    return Page("obligations.html", "Obligations", "obligations", sections=tuple(tables))


def _exceptions(links: Links) -> Page:
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
    return Page("exceptions.html", "Exceptions", "exceptions", sections=(table,))


def _fact(links: Links, part: str, label: str) -> tuple[Phrase, ...]:
    return next((one.phrases for one in describe(links, part).facts if one.label == label), ())


def _effect(links: Links, part: str) -> tuple[Phrase, ...]:
    divert = _fact(links, part, "goes to")
    if divert:
        return tuple((*words("goes to "), *phrase) for phrase in divert)
    state = _fact(links, part, "state")
    clocks = "clocks stop" if _fact(links, part, "clocks stop") else "clocks run"
    return ((*words("is suspended"), *words(f", {clocks}")), *state)


def _governance(links: Links) -> Page:
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
    return Page("governance.html", "Governance", "governance", sections=(table,))
