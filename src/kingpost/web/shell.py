"""The shell: what stands round every page of a person who has signed in."""

from dataclasses import dataclass
from typing import Literal

from kingpost.web.pieces import Link, Moment, Notice, Person


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the sidebar.

    key:    letter that goes here after `G`; empty for none.
    count:  formatted; empty when zero. counts: what, where it is not what the entry leads to.
    """

    text: str
    url: str
    icon: str
    current: bool = False
    count: str = ""
    key: str = ""
    counts: str = ""


@dataclass(frozen=True, slots=True)
class EntryGroup:
    """Entries of one intent, such as Work or Assure."""

    title: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Seat:
    """A post that the person may act as; `note` such as `acting until 30 Nov`."""

    id: str
    title: str
    current: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Shell:
    """The frame of a page.

    title:      of the page; the browser's tab shows it before the company.
    seats:      the switcher is shown when there are two or more; it posts `post` to `seat_url`.
    phone:      up to three entries of the bottom bar; `More` is added.
    theme:      `auto`, `light` or `dark`; `theme_url` takes a post of `theme` and `back`.
    back:       path of this page, to which theme and seat return.
    live_url:   the event stream; empty for a page without live parts.
    topics:     topics that this page follows, separated by spaces.
    now:        the server's clock, for countdowns and for `as at`.
    model:      model version and its date, such as `model 4.2, effective 1 Nov 2026`.
    shortcuts:  single-key shortcuts are on.
    """

    company: str
    title: str
    person: Person
    seat: str
    groups: tuple[EntryGroup, ...]
    phone: tuple[Entry, ...]
    now: Moment
    model: Link
    crumbs: tuple[Link, ...] = ()
    seats: tuple[Seat, ...] = ()
    foot: tuple[Entry, ...] = ()
    seat_url: str = "/seat"
    theme: Literal["auto", "light", "dark"] = "auto"
    theme_url: str = "/theme"
    back: str = "/"
    search_url: str = "/search"
    search: str = ""
    sign_out_url: str = "/sign-out"
    live_url: str = ""
    topics: str = ""
    shortcuts: bool = True
    notices: tuple[Notice, ...] = ()
