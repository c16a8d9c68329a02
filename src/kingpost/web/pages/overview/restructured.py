"""The organisation as it was at another moment, and what has become of it since."""

from urllib.parse import quote

from kingpost.queries.changes.organisation import Became, Reorganised
from kingpost.queries.organisation import Organisation
from kingpost.web.figures import Metric
from kingpost.web.overviews import OrganisationPage
from kingpost.web.pages import words
from kingpost.web.pages.frame import View
from kingpost.web.pages.overview.organisation import units_of
from kingpost.web.pieces import Cell, Column, Empty, Link, Table
from kingpost.web.presenters import Head


def organisation_then(
    view: View, found: Organisation, changes: tuple[Reorganised, ...]
) -> OrganisationPage:
    """Return units and posts as they were. view: with the version that ran then."""
    vacant, posts = len(found.vacant), sum(len(unit.posts) for unit in found.units)
    at = words.moment(found.as_at, view.now, view.zone)
    facts = (Link("as they are now", "/org"), Link("who answered on a day", "/org/who"))
    return OrganisationPage(
        head=Head(f"Posts and people, {at.text}", facts, as_at=at),
        metrics=(
            Metric("Posts", words.number(posts)),
            Metric("Vacant", words.number(vacant)),
            Metric("Holding a post", words.number(found.holders)),
        ),
        units=units_of(view, found),
        people=changes_table(view, tuple(each for each in changes if each.at > found.as_at)),
        appoint=None,
    )


def changes_table(view: View, changes: tuple[Reorganised, ...]) -> Table:
    """Return the changes of the organisation, the latest first."""
    rows = tuple(
        (
            Cell(words.moment(each.at, view.now, view.zone).text, then_url(each)),
            Cell("; ".join(_told(each)), note=f"by {each.by}" if each.by else ""),
            Cell(words.number(each.appointments), number=True),
        )
        for each in changes
    )
    columns = (Column("When"), Column("What"), Column("Appointments", number=True))
    empty = Empty("Nothing of it has changed since", "Posts are what they were.", icon="check")
    return Table("Changes of the organisation since", columns, rows, empty)


def then_url(change: Reorganised) -> str:
    """Return where the organisation is shown as it was just before a change."""
    return f"/org?on={quote(change.at.isoformat())}"


def _told(change: Reorganised) -> list[str]:
    found = [*map(_became, change.posts), *map(_became, change.units)]
    return [*found, *(f"{part} takes a part of {post}" for post, part in change.parts)]


def _became(item: Became) -> str:
    match item.became:
        case "renamed":
            return f"{item.was} is now {item.heir}"
        case "merged":
            return f"{item.was} went into {item.heir}"
        case "abolished":
            return f"{item.was} was abolished, its work is with {item.heir}"
        case _:
            return f"{item.was} is gone"
