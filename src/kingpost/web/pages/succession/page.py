"""What whoever takes over a post takes over, as a page and a paper."""

from collections.abc import Iterator
from dataclasses import replace

from kingpost.queries.alarms.alarm import Duty
from kingpost.queries.open_work import OpenWork
from kingpost.queries.succession.pack import Kept, Succession
from kingpost.queries.worklist import View as Part
from kingpost.web.figures import Metric
from kingpost.web.overviews import Section, SuccessionPage
from kingpost.web.pages import words
from kingpost.web.pages.casework.records import exception_title
from kingpost.web.pages.frame import View
from kingpost.web.pages.overview.organisation import vacancy_words
from kingpost.web.pages.paging import pager
from kingpost.web.pages.places import succession_url
from kingpost.web.pages.succession.cells import (
    moment_words,
    people_words,
    section,
    some,
    titles_of,
    who,
)
from kingpost.web.pages.succession.duties import (
    answers,
    decisions,
    exceptions,
    expected,
    obligations,
)
from kingpost.web.pages.succession.people import decided, people_of
from kingpost.web.pieces import Cell, Link
from kingpost.web.presenters import Head
from kingpost.web.record_pieces import Fact, FactGroup


def succession_page(view: View, found: Succession) -> SuccessionPage:
    """Return the page; what does not concern the post is left out."""
    counts, post = found.work.counts, found.post
    overdue, today = counts[Part.OVERDUE], counts[Part.DUE_TODAY]
    failed = sum(each.now.standing.value == "failed" for each in found.obligations)
    missed = sum(each.status.value == "off-track" for each in found.objectives)
    metrics = (
        Metric("Open work", words.number(counts[Part.ALL])),
        Metric("Overdue", words.number(overdue), tone="late" if overdue else "neutral"),
        Metric("Due today", words.number(today), tone="risk" if today else "neutral"),
        Metric("Obligations failed", words.number(failed), tone="late" if failed else "neutral"),
        Metric("Objectives off track", words.number(missed), tone="late" if missed else "neutral"),
    )
    return SuccessionPage(
        head=Head(
            f"What goes with {post.title}",
            (Link(post.title, f"/org/posts/{post.id}"), Link(f"model {found.model[:8]}")),
            as_at=words.moment(found.as_at, view.now, view.zone),
        ),
        purpose=post.description,
        metrics=metrics,
        facts=FactGroup("The post", tuple(_facts(view, found))),
        sections=tuple(part for part in _sections(view, found) if part.table.rows),
        stays=(
            "Absences, the other posts of a holder, the account, and what somebody did elsewhere "
            "stay with the person and are not told here. What others lent to a holder stays with "
            "the person too, and is told only so that nobody counts on it. Cases of the past stay "
            "with the post: whoever holds it finds them under Cases."
        ),
    )


def _facts(view: View, found: Succession) -> Iterator[Fact]:
    post, place = found.post, found.place
    yield Fact("Unit", place.unit_title)
    if place.roles:
        yield Fact("Does", titles_of(place.roles))
    held = place.answering
    seats = f"{len(held.holders)} of {words.plural(post.seats, 'seat')} held"
    yield Fact("Held now by", people_words(held.holders), note=seats)
    if place.acting is not None:
        yield Fact("Acts meanwhile", who(place.acting))
    yield Fact("While it is empty", vacancy_words(view, post))
    if post.answered_for_by is not None:
        yield Fact(
            "Held by machine agents, for which answers", view.post_title(post.answered_for_by)
        )
    if place.reports_to is not None:
        yield Fact("Reports to", who(place.reports_to), f"/org/posts/{place.reports_to.post}")
    if place.below:
        yield Fact("Report to it", some([who(item) for item in place.below]))
    if place.stands_in:
        empty = f"empty now: {some(place.empty)}" if place.empty else ""
        yield Fact("Stands in for", some([item.title for item in place.stands_in]), note=empty)


def _sections(view: View, found: Succession) -> Iterator[Section]:
    yield _work(view, found)
    yield decisions(view, found)
    yield expected(view, found)
    yield obligations(view, found)
    yield answers(found)
    yield exceptions(found)
    repairs = (_part(item) for item in found.repairs)
    yield section("repairs", "May repair", ("Cases of",), repairs)
    kept = (_kept(item) for item in found.kept)
    note = "A change of these waits for this post."
    yield section("kept", "Keeps in the model", ("Kind", "Parts"), kept, note)
    told = (_part(item) for item in found.told)
    yield section("told", "Hears when it is late", ("Step",), told)
    yield from people_of(view, found)
    yield decided(view, found)


def _work(view: View, found: Succession) -> Section:
    page = found.work.page
    rows = (_row(view, item) for item in page.rows)
    below = found.work.counts[Part.BELOW]
    pages = pager(page, lambda number: f"{succession_url(found.post.id)}?page={number}#work")
    notes = [
        f"This is {pages.text}." if page.last > 1 else "",
        f"Besides, {words.plural(below, 'piece')} of work of those below." if below else "",
    ]
    listed = section(
        "work",
        "Open work, overdue first",
        ("Case", "Step", "Due", "Addressed to", "Taken on by"),
        rows,
        " ".join(filter(None, notes)),
    )
    return replace(listed, pager=pages) if page.last > 1 else listed


def _row(view: View, item: OpenWork) -> tuple[Cell, ...]:
    held = exception_title(view, item.workflow, item.suspended)
    due = item.term.due_at if item.term else None
    late = due is not None and due < view.now
    to = view.post_title(item.post) if item.post else f"All who do {item.role}"
    return (
        Cell(item.number, f"/cases/{item.number}"),
        Cell(item.step_title, f"/tasks/{item.id}?case={item.number}&step={item.step}"),
        Cell(
            moment_words(view, due) if due else "–",
            note=f"held: {held}" if held else "overdue" if late else "",
        ),
        Cell(to),
        Cell(item.person_name or "nobody"),
    )


def _kept(kept: Kept) -> tuple[Cell, ...]:
    rest = kept.total - len(kept.parts)
    titles = [item.title for item in kept.parts]
    shown = ", ".join((*titles, f"and {words.number(rest)} more") if rest else titles)
    return Cell(words.title_of(kept.kind), note=words.number(kept.total)), Cell(shown)


def _part(item: Duty) -> tuple[Cell, ...]:
    return (Cell(item.title, note=item.address),)
