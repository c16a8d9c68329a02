"""Who was accountable for something on a day."""

from collections.abc import Iterator, Mapping
from datetime import datetime, time
from zoneinfo import ZoneInfo

from kingpost.queries.accountability.addresses import addresses
from kingpost.queries.accountability.answer import Accountable, AnsweredThen
from kingpost.queries.people import Holder
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
            "A post, case/NUMBER, workflow/…, workflow/…/step/…, obligation/… or objective/….",
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
    return WhoPage(head, fields, _answers(view, found), note=_note(found))


def _note(found: Accountable) -> str:
    """Return what the reader has to know of the answer, as sentences."""
    later = "No model ran on that day yet: this is told by the first one." if found.is_later else ""
    was = found.address if found.address != found.asked and "/" in found.address else ""
    renamed = f"It was called {was} then." if was and was != f"post/{found.asked}" else ""
    ran = f"The day is one in {found.zone}."
    return " ".join(filter(None, (later, renamed, ran)))


def _answers(view: View, found: Accountable) -> Table:
    zone = ZoneInfo(found.zone)
    day = found.start.astimezone(zone)
    columns = tuple(map(Column, ("Post", "Who", "How", "From", "Until")))
    rows = tuple(row for post in found.posts for row in _rows(view, post, zone))
    empty = Empty("Nobody", "No post answers for this.", icon="person")
    return Table(f"{found.title}, on {day:%-d %B %Y}", columns, rows, empty)


def _rows(
    view: View, answered: AnsweredThen, zone: ZoneInfo, note: str = ""
) -> Iterator[tuple[Cell, ...]]:
    post = Cell(answered.title, f"/org/posts/{answered.post}", answered.what)
    for holder in answered.holders:
        away = "away" if holder.absent else ""
        yield post, *_holder(holder, note or away, zone)
    for item in answered.delegates:
        scope = scope_words(view, item.workflows, item.outcomes, item.when)
        who = Cell(item.name, f"/people/{item.person}")
        how = Cell(f"Delegated by {item.giver_name}", note=scope)
        yield post, who, how, _time(item.since, zone), _time(item.until, zone)
    if answered.answered_for is not None:
        told = f"answers for the agent in {answered.title}"
        yield from _rows(view, answered.answered_for, zone, told)
    for part in answered.stood_in:
        times = _time(part.since, zone), _time(part.until, zone)
        left = "Vacant" if not answered.holders else "Nobody there"
        if part.post is None:
            yield post, Cell("Nobody"), Cell(left, note="Nobody acted"), *times
        for holder in part.holders:
            acts = Cell(part.title, f"/org/posts/{part.post}", answered.what)
            how = f"for the vacant {answered.title}" if not answered.holders else ""
            how = how or f"for {answered.title}, where nobody was there"
            yield acts, *_holder(holder, how, zone)[:2], *times


def _holder(holder: Holder, note: str, zone: ZoneInfo) -> tuple[Cell, ...]:
    who = Cell(holder.name, f"/people/{holder.person}")
    return (
        who,
        Cell(words.held_as(holder.kind), note=note),
        _time(holder.since, zone),
        _time(holder.until, zone),
    )


def _time(at: datetime | None, zone: ZoneInfo) -> Cell:
    """Return a moment in the zone of the day; one of midnight is a day."""
    if at is None:
        return Cell("No end")
    local = at.astimezone(zone)
    return Cell(f"{local:%-d %b %Y}", note="" if local.time() == time(0) else f"{local:%H:%M}")
