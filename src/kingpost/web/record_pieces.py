"""Pieces of a record: facts, what happened, what proves it, and what it serves."""

from dataclasses import dataclass

from kingpost.web.pieces import Link, Moment, Person, Pill, Tone


@dataclass(frozen=True, slots=True)
class Fact:
    """A named value; `note` says where it comes from or how it is classed."""

    label: str
    value: str
    url: str = ""
    note: str = ""
    number: bool = False


@dataclass(frozen=True, slots=True)
class FactGroup:
    """Facts under one heading."""

    title: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """What an event did to one field; an empty side means that there was no value."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of a timeline.

    id:      unique on the page; a fragment for the permanent link.
    post:    the post that was acted for; empty when the system acted.
    links:   rule, model version, obligation or evidence that it rests on.
    seal:    state of its proof, such as `Sealed`.
    """

    id: str
    at: Moment
    title: str
    icon: str
    tone: Tone = "neutral"
    actor: Person | None = None
    post: str = ""
    text: str = ""
    changes: tuple[Change, ...] = ()
    links: tuple[Link, ...] = ()
    seal: Pill | None = None


@dataclass(frozen=True, slots=True)
class EventDay:
    """The events of one day, newest first."""

    title: str
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """A piece of evidence as a card."""

    title: str
    url: str
    state: Pill
    source: str
    collected: Moment
    digest: str = ""
    supports: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class TraceRow:
    """One floor of the line from objective to evidence.

    kind:  the kind of element, such as `Objective`.
    state: how it stands now; None when it has no state.
    gap:   what is missing here, as a sentence; marks the row.
    """

    kind: str
    items: tuple[Link, ...]
    note: str = ""
    state: Pill | None = None
    gap: str = ""
