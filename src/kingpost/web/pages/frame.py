"""The frame of every page: who reads, as what, and where one may go."""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, cast
from zoneinfo import ZoneInfo

from starlette.requests import Request

from kingpost.decisions.program import Program
from kingpost.engine.company import Company
from kingpost.engine.proposals.waiting import Waiting, Waits
from kingpost.queries.alarms.marking import Mark
from kingpost.queries.people import Reader, read_reader
from kingpost.web.pages import words
from kingpost.web.pieces import Link, Notice
from kingpost.web.serving.visitor import Visitor, company_of, now, theme_of
from kingpost.web.shell import Entry, EntryGroup, Seat, Shell


@dataclass(frozen=True, slots=True)
class View:
    """What a page needs to be built: who looks at which company, and when.

    program: of the model that runs. zone: the company's.
    reader:  in the post chosen to act in. held: in all posts.
    position: of the history when the page began to be built.
    """

    request: Request
    company: Company
    program: Program
    visitor: Visitor
    reader: Reader
    held: Reader
    position: int
    now: datetime
    zone: ZoneInfo

    @property
    def path(self) -> str:
        """Return the path of this page with its query, to come back to."""
        query = self.request.url.query
        return self.request.url.path + (f"?{query}" if query else "")

    def post_title(self, post: str | None) -> str:
        """Return a post's title; its id when the model that runs has it no longer."""
        found = self.program.model.posts.get(post or "")
        return found.title if found else (post or "")

    def in_titles(self, text: str) -> str:
        """Return a text with titles of posts, and the reader's name, for their ids."""

        def told(match: re.Match[str]) -> str:
            is_reader = match[1] == self.visitor.person
            return self.visitor.name if is_reader else f"“{self.post_title(match[1])}”"

        return re.sub("`([^`]+)`", told, text)


def look(request: Request, visitor: Visitor) -> View:
    """Read who looks."""
    company = company_of(request)
    # Before anything is read: what changes while the page is built makes it look again.
    position: int = request.app.state.changes.position
    program = company.active()
    held = read_reader(company.database, visitor.person)
    posts = {holding.post for holding in held.holdings}
    if visitor.acting_as not in posts:
        # The appointment has ended meanwhile: act in whichever post suffices.
        visitor = replace(visitor, acting_as=None)
    acting = tuple(item for item in held.holdings if item.post == visitor.acting_as)
    reader = replace(held, holdings=acting) if visitor.acting_as else held
    zone = ZoneInfo(program.model.zone)
    return View(request, company, program, visitor, reader, held, position, now(request), zone)


def frame(
    view: View,
    title: str,
    current: str,
    *crumbs: Link,
    topics: str = "",
    notices: tuple[Notice, ...] = (),
    count: str = "",
) -> Shell:
    """Return the frame of a page.

    current: address of its entry in the sidebar. topics: what of the page is live; empty for none.
    count:   of open work, beside the worklist's entry.
    """
    model = view.program.model
    systems = model.interfaces.values()
    has_calls = view.program.hears or any(item.contract for item in systems)
    alarms = _alarms(view)
    marks = (alarms, len(waiting_for(view)))
    groups = _groups(current, count, marks, has_calls=has_calls)
    return Shell(
        company=model.company,
        title=title,
        person=words.person(view.visitor.person, view.visitor.name),
        seat=_seat(view),
        groups=groups,
        phone=(groups[0].entries[0], groups[1].entries[0], groups[1].entries[1]),
        now=words.moment(view.now, view.now, view.zone),
        model=Link(f"model {view.program.version[:8]}"),
        crumbs=(*crumbs, Link(title)),
        seats=_seats(view),
        theme=cast("Literal['auto', 'light', 'dark']", theme_of(view.request)),
        back=view.path,
        search=view.request.query_params.get("q", "")[:200],
        live_url=f"/live?seen={view.position}" if topics else "",
        topics=topics,
        notices=notices,
    )


def waiting_for(view: View) -> tuple[Waiting, ...]:
    """Return the changes that wait for the approval of who looks."""
    waits: Waits = view.request.app.state.waits
    return waits.of(view.company, view.visitor.person, view.visitor.acting_as)


def _groups(
    current: str, count: str, marks: tuple[int, int], *, has_calls: bool
) -> tuple[EntryGroup, ...]:
    """Return the entries. marks: how many alarms there are, and changes to approve."""
    alarms, changes = marks

    def entry(text: str, url: str, icon: str, key: str, many: str = "") -> Entry:
        return Entry(text, url, icon, url == current, many, key)

    work = (
        entry("My worklist", "/work", "inbox", "w", count),
        entry("Cases", "/cases", "file", "c"),
        entry("Exceptions", "/exceptions", "hand", "e"),
        *([entry("Calls", "/calls", "alert", "l")] if has_calls else []),
    )
    run = (
        entry("Process maps", "/processes", "flow", "m"),
        entry("Objectives", "/objectives", "target", "o"),
    )
    design = (
        entry("Model", "/model/", "table", "d"),
        _marked(
            entry("Plans", "/plans", "file", "n"),
            changes,
            ("change to approve", "changes to approve"),
        ),
        entry("Versions", "/versions", "seal", "v"),
    )
    return (
        EntryGroup("Work", work),
        EntryGroup("Run", run),
        EntryGroup("Assure", (entry("Obligations", "/obligations", "shield", "b"),)),
        EntryGroup("Design", design),
        EntryGroup(
            "Organisation",
            (_marked(entry("Posts and people", "/org", "organisation", "p"), alarms),),
        ),
    )


def _alarms(view: View) -> int:
    mark: Mark = view.request.app.state.alarms
    company = view.company
    return mark.count(company.database, view.program, company.program, view.held)


def _marked(entry: Entry, number: int, what: tuple[str, str] = ("alarm", "alarms")) -> Entry:
    """Return an entry with how much the reader may do something about. what: it counts."""
    if not number:
        return entry
    return replace(entry, count=words.number(number), counts=what[number > 1])


def _seat(view: View) -> str:
    if view.visitor.acting_as is not None:
        return view.post_title(view.visitor.acting_as)
    held = list(dict.fromkeys(view.post_title(item.post) for item in view.reader.holdings))
    if len(held) == 1:
        return held[0]
    return "All my posts" if held else "No post"


def _seats(view: View) -> tuple[Seat, ...]:
    # A post that is held and lent, or lent twice, is one choice: what is held comes first.
    held = list({holding.post: holding for holding in reversed(view.held.holdings)}.values())[::-1]
    if len(held) < 2:  # noqa: PLR2004 - there is nothing to choose
        return ()
    chosen = view.visitor.acting_as
    each = (
        Seat(
            holding.post,
            view.post_title(holding.post),
            holding.post == chosen,
            "lent" if holding.delegation else "acting" if holding.kind == "acting" else "",
        )
        for holding in held
    )
    return (Seat("", "All my posts", chosen is None), *each)
