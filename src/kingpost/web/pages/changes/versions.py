"""The versions of the model: all of them, and what one changed."""

from collections.abc import Mapping

from kingpost.model.parts.links import Links
from kingpost.planning.difference import Difference
from kingpost.queries.changes.versions import ModelVersion
from kingpost.queries.page import Page
from kingpost.web.changes import ChangePage, Section
from kingpost.web.pages import words
from kingpost.web.pages.changes.telling import difference_table
from kingpost.web.pages.frame import View
from kingpost.web.pages.paging import pager
from kingpost.web.pages.places import MODEL
from kingpost.web.pieces import Act, Cell, Column, Empty, Link, Pill, Table
from kingpost.web.presenters import Head


def versions_page(view: View, page: Page[ModelVersion], changed: Mapping[int, int]) -> ChangePage:
    """Return the list of versions. changed: by number, in how much each differs from before."""
    columns = (
        Column("Version"),
        Column("In effect since"),
        Column("By"),
        Column("Live cases", number=True),
        Column("Changed"),
    )
    rows = tuple(_row(view, item, changed[item.number]) for item in page.rows)
    head = Head("Versions", (Link(words.plural(page.total, "version")),))
    table = Table("Versions of the model", columns, rows)
    shown = pager(page, lambda number: f"/versions?page={number}")
    return ChangePage(head, (Section("versions", table),), pager=shown)


def _row(view: View, item: ModelVersion, changed: int) -> tuple[Cell, ...]:
    if item.again:
        told_of = f"came back as version {item.again}"
    else:
        told_of = "runs now" if item.digest == view.program.version else ""
    since = words.moment(item.activated_at, view.now, view.zone)
    told = "The first" if item.number == 1 else words.plural(changed, "difference")
    return (
        Cell(f"Version {item.number}", f"/versions/{item.number}", item.digest[:12]),
        Cell(since.text, note=told_of),
        Cell(item.name or item.person, f"/people/{item.person}")
        if item.person
        else Cell("Nobody was named"),
        Cell("–" if item.again else words.number(item.open_cases), number=True),
        Cell(told),
    )


def version_page(
    view: View,
    version: ModelVersion,
    before: ModelVersion | None,
    found: tuple[Difference, ...],
    sides: tuple[Links, Links],
) -> ChangePage:
    """Return what one version changed in another. before: None for the first."""
    since = words.moment(version.activated_at, view.now, view.zone)
    runs = version.digest == view.program.version
    facts = (
        Link(version.digest[:12]),
        Link(f"in effect since {since.text}"),
        Link(f"by {version.name or version.person}", f"/people/{version.person}")
        if version.person
        else Link("by nobody in particular"),
        Link(f"came back as version {version.again}", f"/versions/{version.again}")
        if version.again
        else Link(words.plural(version.open_cases, "live case")),
    )
    head = Head(
        f"Version {version.number}",
        facts,
        (
            Act("The model of it", MODEL if runs else f"{MODEL}?version={version.number}"),
            Act("All versions", "/versions"),
        ),
        state=Pill("Runs now", "good", "check") if runs else None,
    )
    if before is None:
        empty = Empty("It changed nothing", "No model ran before the first version.", icon="check")
        table = Table("What is different", (Column("Part"), Column("What")), (), empty)
        return ChangePage(head, (Section("changes", table),))
    note = f"Compared with version {before.number} ({before.digest[:12]})."
    return ChangePage(head, (Section("changes", difference_table(found, sides), note),))
