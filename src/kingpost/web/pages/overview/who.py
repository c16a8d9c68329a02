"""Who was accountable for something on a day."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from kingpost.queries.accountable import Accountable, AnsweredThen, addresses
from kingpost.web.form_pieces import Field, Option
from kingpost.web.overviews import WhoPage
from kingpost.web.pages import words
from kingpost.web.pages.frame import View
from kingpost.web.pages.overview.lending import scope_words
from kingpost.web.pieces import Cell, Column, Empty, Table
from kingpost.web.presenters import Head


def who_page(
    view: View, asked: Mapping[str, str], found: Accountable | None, error: str = ""
) -> WhoPage:
    """Return the page. asked: as typed. found: None before asking, or with an error."""
    known = addresses(view.program.model)
    fields = (
        Field(
            "reference",
            "of",
            "What",
            asked.get("of", ""),
            "A post, workflow/…, workflow/…/step/…, obligation/… or objective/….",
            suggest=tuple(Option(name, name) for name in known),
        ),
        Field("date", "on", "On the day", asked.get("on", "")),
        Field(
            "date",
            "known",
            "As on record at the end of",
            asked.get("known", ""),
            "Empty: as on record now. What was recorded later is left out.",
            required=False,
        ),
    )
    head = Head("Who answered", as_at=words.moment(view.now, view.now, view.zone))
    if found is None:
        return WhoPage(head, fields, error=error)
    note = ""
    if found.is_later:
        note = "No model ran on that day yet: this is told by the first one."
    return WhoPage(head, fields, _answers(view, found), note=note)


def _answers(view: View, found: Accountable) -> Table:
    day = found.start.astimezone(view.zone)
    columns = tuple(map(Column, ("Post", "Who", "How", "From", "Until")))
    rows = tuple(row for post in found.posts for row in _rows(view, post))
    empty = Empty("Nobody", "No post answers for this.", icon="person")
    return Table(f"{found.title}, on {day:%-d %B %Y}", columns, rows, empty)


def _rows(view: View, answered: AnsweredThen, note: str = "") -> Iterator[tuple[Cell, ...]]:
    post = Cell(answered.title, f"/org/posts/{answered.post}")
    for holder in answered.holders:
        how = words.held_as(holder.kind)
        who = Cell(holder.name, f"/people/{holder.person}")
        away = "away" if holder.absent else ""
        yield post, who, Cell(how, note=note or away), *_times(view, holder.since, holder.until)
    for item in answered.delegates:
        scope = scope_words(view, item.workflows, item.outcomes, item.when)
        who = Cell(item.name, f"/people/{item.person}")
        how_cell = Cell(f"Delegated by {item.giver_name}", note=scope)
        yield post, who, how_cell, *_times(view, item.since, item.until)
    if not answered.holders:
        acts = "" if answered.stand_in else "Nobody acted"
        yield post, Cell("Nobody"), Cell("Vacant", note=acts or note), Cell(""), Cell("")
    if answered.answered_for is not None:
        yield from _rows(view, answered.answered_for, f"answers for the agent in {answered.title}")
    if answered.stand_in is not None:
        yield from _rows(view, answered.stand_in, f"for the vacant {answered.title}")


def _times(view: View, since: datetime, until: datetime | None) -> tuple[Cell, Cell]:
    ends = words.moment(until, view.now, view.zone).text if until else "No end"
    return Cell(words.moment(since, view.now, view.zone).text), Cell(ends)
