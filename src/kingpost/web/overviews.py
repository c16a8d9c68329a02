"""Presenters of the pages that look over the work: cases, process, objectives, obligations, people.

The rules are those of `presenters`.
"""

from dataclasses import dataclass

from kingpost.web.figures import Bar, Chart, Metric, ProcessMap, Spark
from kingpost.web.form_pieces import Field, Form
from kingpost.web.pieces import Act, Chip, Empty, Link, Pager, Person, Pill, Tab, Table
from kingpost.web.presenters import Answering, Head, SlowStep
from kingpost.web.record_pieces import EventDay, Evidence, FactGroup, TraceRow


@dataclass(frozen=True, slots=True)
class CaseList:
    """Cases as a table, with what narrows it; every number of the system opens into one."""

    table: Table
    pager: Pager
    tabs: tuple[Tab, ...] = ()
    chips: tuple[Chip, ...] = ()
    clear_url: str = ""


@dataclass(frozen=True, slots=True)
class CasesPage:
    """`cases.html`: cases behind a filter, a search or a number."""

    head: Head
    list: CaseList


@dataclass(frozen=True, slots=True)
class ProcessPage:
    """`process.html`: one process, live.

    measures: switch between count, median, 85th percentile and overdue, by URL.
    cases:    those in the chosen step, or all that are in flight.
    states:   how many cases are in each state, and how long they stay.
    windows:  switch of the time that is measured, by URL.
    """

    head: Head
    map: ProcessMap
    measures: tuple[Tab, ...]
    metrics: tuple[Metric, ...]
    slow: tuple[SlowStep, ...]
    cases: CaseList
    cases_title: str
    states: Table | None = None
    windows: tuple[Tab, ...] = ()


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """A measure under its objective: value, target and status are words; url is its page."""

    title: str
    url: str
    value: str
    target: str
    status: Pill
    bar: Bar | None = None
    spark: Spark | None = None
    cases: Link | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Objective:
    """An objective with its measures and the objectives beneath it."""

    id: str
    title: str
    status: Pill
    owner: Answering
    measures: tuple[MeasureRow, ...]
    horizon: str = ""
    serves: tuple[Link, ...] = ()
    children: tuple["Objective", ...] = ()


@dataclass(frozen=True, slots=True)
class ObjectivesPage:
    """`objectives.html`: the tree of objectives; `counts` sums it up by status."""

    head: Head
    counts: tuple[Pill, ...]
    objectives: tuple[Objective, ...]
    empty: Empty


@dataclass(frozen=True, slots=True)
class MeasurePage:
    """`measure.html`: one measure, how it is made, and the cases it counts."""

    head: Head
    measure: MeasureRow
    metrics: tuple[Metric, ...]
    chart: Chart | None
    definition: FactGroup
    segments: Table | None
    cases: CaseList


@dataclass(frozen=True, slots=True)
class ObligationRow:
    """One clause: what it demands and how it stands.

    counts: such as `212 met, 1 failed`; evidence: the latest piece, or what is missing.
    """

    clause: str
    title: str
    url: str
    status: Pill
    counts: str
    owner: str
    evidence: Link | None = None
    evidence_note: str = ""
    bar: Bar | None = None


@dataclass(frozen=True, slots=True)
class Framework:
    """A framework with its clauses; `edition` such as `2024`."""

    id: str
    title: str
    edition: str
    counts: tuple[Pill, ...]
    rows: tuple[ObligationRow, ...]


@dataclass(frozen=True, slots=True)
class ObligationsPage:
    """`obligations.html`: the board by framework and clause."""

    head: Head
    metrics: tuple[Metric, ...]
    tabs: tuple[Tab, ...]
    frameworks: tuple[Framework, ...]
    empty: Empty


@dataclass(frozen=True, slots=True)
class ObligationPage:
    """`obligation.html`: one obligation, what it demands, who answers, and what proves it."""

    head: Head
    demand: str
    facts: FactGroup
    answering: tuple[Answering, ...]
    metrics: tuple[Metric, ...]
    trace: tuple[TraceRow, ...]
    evidence: tuple[Evidence, ...]
    occasions: CaseList


@dataclass(frozen=True, slots=True)
class PostRow:
    """A post with its holders; `depth` from 0 indents it under the post it reports to.

    seats: such as `2 of 4 seats held`; policy: what happens while it is vacant.
    """

    title: str
    url: str
    depth: int
    roles: str
    holders: tuple[Answering, ...]
    seats: str
    load: str = ""
    vacant: bool = False
    policy: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit with its posts, in order of reporting."""

    title: str
    posts: tuple[PostRow, ...]


@dataclass(frozen=True, slots=True)
class OrganisationPage:
    """`organisation.html`: posts and who holds them; `appoint` is None without the right.

    authority: what the posts may decide, in words. delegations: of one post.
    alarms: what nobody can do, of the whole company.
    """

    head: Head
    metrics: tuple[Metric, ...]
    units: tuple[Unit, ...]
    people: Table
    appoint: Form | None
    tabs: tuple[Tab, ...] = ()
    pager: Pager | None = None
    authority: tuple[str, ...] = ()
    delegations: Table | None = None
    alarms: Table | None = None


@dataclass(frozen=True, slots=True)
class WhoPage:
    """`who.html`: who was accountable for something on a day.

    fields: what to ask; error: why there is no answer, a sentence. answers: None before asking.
    """

    head: Head
    fields: tuple[Field, ...]
    answers: Table | None = None
    error: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A table under its own heading; id: of the heading's card. note: below it, a sentence."""

    id: str
    title: str
    table: Table
    note: str = ""
    pager: Pager | None = None


@dataclass(frozen=True, slots=True)
class SuccessionPage:
    """`succession.html`: what goes with a post, made to be printed as well.

    purpose: what the post is for; may be empty. stays: what stays with the person, a sentence.
    """

    head: Head
    purpose: str
    metrics: tuple[Metric, ...]
    facts: FactGroup
    sections: tuple[Section, ...]
    stays: str


@dataclass(frozen=True, slots=True)
class CallsPage:
    """`calls.html`: calls in trouble, messages that wait, and what came of acting on them."""

    head: Head
    list: CaseList
    messages: CaseList
    results: Table


@dataclass(frozen=True, slots=True)
class Choosing:
    """What may be done to the rows that are chosen, in one form around them.

    hidden: the filter, so that all that match can be meant. every: words for that, or empty.
    acts, reason: the fields of it. error: why nothing was done, or empty.
    """

    url: str
    hidden: tuple[tuple[str, str], ...]
    every: str
    acts: Field
    reason: Field
    send: str
    error: str = ""


@dataclass(frozen=True, slots=True)
class ExceptionsPage:
    """`exceptions.html`: what is in trouble, in groups and one by one.

    choosing: what may be done to it; None when the reader may do nothing about any of it.
    unfinished: batches of the reader that broke off.
    reviews: of overrides, that are overdue.
    """

    head: Head
    groups: Table
    list: CaseList
    choosing: Choosing | None = None
    unfinished: tuple[Link, ...] = ()
    reviews: Table | None = None


@dataclass(frozen=True, slots=True)
class BatchPage:
    """`batch.html`: what an act will do to each of many, or has done.

    form:   to carry it out; None once it is under way. rows: of each, what becomes of it.
    done, of: how many were tried, of how many; `of` is 0 before it is under way.
    go_on:  the act that does what is left; None when nothing is.
    """

    head: Head
    facts: FactGroup
    rows: Table
    pager: Pager
    form: Form | None = None
    done: int = 0
    of: int = 0
    go_on: Act | None = None


@dataclass(frozen=True, slots=True)
class PersonPage:
    """`person.html`: posts held, absences and delegations, conflicts of duty, and what was done."""

    head: Head
    person: Person
    posts: Table
    delegations: Table
    conflicts: tuple[str, ...]
    days: tuple[EventDay, ...]
    facts: FactGroup
    delegate: Form | None = None
    absences: Table | None = None
    away: Form | None = None
