"""Who held a post, what of it is lent, and what was decided in it."""

from collections.abc import Iterator

from kingpost.queries.succession.pack import Succession
from kingpost.web.overviews import Section
from kingpost.web.pages import words
from kingpost.web.pages.frame import View
from kingpost.web.pages.overview.lending import scope_words
from kingpost.web.pages.overview.organisation import held_until
from kingpost.web.pages.succession.cells import moment_words, section
from kingpost.web.pieces import Cell


def people_of(view: View, found: Succession) -> Iterator[Section]:
    """Yield who held the post, what of it is lent, and what stays with the person."""
    rest = found.holders_total - len(found.holders)
    yield section(
        "holders",
        "Held by, the latest first",
        ("Holder", "Kind", "From", "Until"),
        (
            (
                Cell(item.name, f"/people/{item.person}"),
                Cell(words.held_as(item.kind)),
                Cell(moment_words(view, item.since)),
                Cell(held_until(view, item)),
            )
            for item in found.holders
        ),
        f"And {words.number(rest)} before." if rest else "",
    )
    yield section(
        "lent",
        "Lent to others",
        ("From", "To", "What", "Until", "Reason"),
        (
            (
                Cell(item.giver_name),
                Cell(item.name),
                Cell(scope_words(view, item.workflows, item.outcomes, item.when)),
                Cell(moment_words(view, item.until)),
                Cell(item.reason),
            )
            for item in found.given
        ),
        "It ends with the appointment of who lent it: whoever comes lends anew.",
    )
    yield section(
        "received",
        "Lent to who holds it: this stays with the person",
        ("Person", "Authority of", "From", "Until"),
        (
            (
                Cell(item.name),
                Cell(item.post_title, f"/org/posts/{item.post}"),
                Cell(item.giver_name),
                Cell(moment_words(view, item.until)),
            )
            for item in found.received
        ),
    )


def decided(view: View, found: Succession) -> Section:
    """Return the latest decisions of the post."""
    return section(
        "decided",
        "Decided lately",
        ("Case", "Decision", "Outcome", "By", "When"),
        (
            (
                Cell(item.number, f"/cases/{item.number}/timeline#event-{item.seq}"),
                Cell(item.title, note=item.workflow_title),
                Cell(item.outcome),
                Cell(item.name, note="by a delegation" if item.giver else ""),
                Cell(moment_words(view, item.at)),
            )
            for item in found.recent
        ),
        f"The latest of {found.days} days.",
    )
