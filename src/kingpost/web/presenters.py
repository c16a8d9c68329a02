"""Presenters: what each page shows, finished; one class a template.

A template `NAME.html` is rendered with `shell` (a `Shell`, or None for someone not signed in) and
`page`, the class whose docstring names it: those of the work itself stand here, those that look
over it in `overviews`. The router builds them from queries; nothing here decides or computes.
"""

from dataclasses import dataclass

from kingpost.web.figures import Bar, Chart, Metric, ProcessMap
from kingpost.web.form_pieces import Field, Form
from kingpost.web.pieces import (
    Act,
    Chip,
    Clock,
    Empty,
    Link,
    Moment,
    Pager,
    Person,
    Pill,
    Risk,
    Tab,
    Table,
)
from kingpost.web.record_pieces import EventDay, Evidence, FactGroup, TraceRow


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a page.

    facts:   short facts under the title, joined by dots, such as `130 cases in flight`.
    as_at:   the moment that the numbers are true for; None where that has no meaning.
    acts:    at most one of them primary.
    """

    title: str
    facts: tuple[Link, ...] = ()
    acts: tuple[Act, ...] = ()
    as_at: Moment | None = None
    code: str = ""
    state: Pill | None = None


@dataclass(frozen=True, slots=True)
class SignInPage:
    """`sign_in.html`: company and form, with fields for user name and password.

    demo: accounts to try with one click, each with its post; only of the example company.
    """

    company: str
    form: Form
    note: str = ""
    demo: tuple[tuple[Act, str], ...] = ()


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One open task. `act` opens, decides or claims; `risk` and `owner` may be absent."""

    id: str
    title: str
    code: str
    url: str
    task: str
    note: str
    clock: Clock | None
    act: Act
    risk: Risk | None = None
    owner: Person | None = None
    claim: Act | None = None


@dataclass(frozen=True, slots=True)
class TaskGroup:
    """Rows under one heading: Overdue (late), Due today (risk), Later (neutral)."""

    title: str
    count: str
    mark: Pill
    rows: tuple[TaskRow, ...]


@dataclass(frozen=True, slots=True)
class SlowStep:
    """A step measured against its target; `ratio` such as `1.6x`."""

    title: str
    post: str
    url: str
    ratio: str
    bar: Bar


@dataclass(frozen=True, slots=True)
class WorklistPage:
    """`worklist.html`: the home of those who do the work.

    map:       the process most of the rows belong to; None for none.
    tabs:      saved views with counts.
    filters:   fields of the filter dialog, sent to `filter_url` with GET.
    empty:     shown when there is no row.
    flow:      chart of the last 24 hours with its metrics; None to leave out the rail's card.
    fresh:     `3 new`, a link that applies what arrived; None when nothing did.
    risks:     show the column of risks.
    """

    head: Head
    tabs: tuple[Tab, ...]
    groups: tuple[TaskGroup, ...]
    pager: Pager
    empty: Empty
    map: ProcessMap | None = None
    chips: tuple[Chip, ...] = ()
    clear_url: str = ""
    filters: tuple[Field, ...] = ()
    filter_url: str = "/work"
    fresh: Link | None = None
    metrics: tuple[Metric, ...] = ()
    flow: Chart | None = None
    slow: tuple[SlowStep, ...] = ()
    risks: bool = True


@dataclass(frozen=True, slots=True)
class RuleResult:
    """What a rule said about this case, in words, with the clause or rule version behind it."""

    title: str
    outcome: Pill
    text: str
    source: Link


@dataclass(frozen=True, slots=True)
class CaseHead:
    """What stands at the top of a case, a task and a decision: the case and where it is.

    is_open: there is somebody to act; without an owner it says that nobody has taken it on.
    """

    title: str
    code: str
    url: str
    kind: str
    state: Pill
    clock: Clock | None
    owner: Person | None
    post: str
    step: str
    risk: Risk | None = None
    is_open: bool = True


@dataclass(frozen=True, slots=True)
class TaskPage:
    """`task.html`: one human step as a form, with what the post needs to know beside it.

    instruction: what to do, in the model's words.
    blocked:     why it cannot be completed now; empty when it can. The form stays visible.
    discharges:  obligations that completing it serves, with what they demand.
    stale:       who changed what since the form was opened; rows field, yours, theirs.
    exceptions:  what may be raised from here. raising: the same as one form with a reason.
    """

    case: CaseHead
    title: str
    instruction: str
    form: Form
    facts: tuple[FactGroup, ...]
    evidence: tuple[Evidence, ...] = ()
    discharges: tuple[Link, ...] = ()
    blocked: tuple[str, ...] = ()
    unblock: Link | None = None
    stale: Table | None = None
    next_step: str = ""
    exceptions: tuple[Act, ...] = ()
    claim: Act | None = None
    raising: Form | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """One outcome of a decision.

    value:       sent as `outcome`.
    effect:      what will happen, such as `Opens Pay out and Send the offer`.
    fields:      asked for when it is chosen (names are unique across outcomes).
    why_not:     reasons that block it, one sentence each; empty when it may be taken.
    unblock:     who can take it.
    advice:      why it is recommended; empty when it is not.
    beyond:      the way to ask for it beyond one's authority; None where nobody may here.
    """

    value: str
    text: str
    effect: str
    fields: tuple[Field, ...] = ()
    why_not: tuple[str, ...] = ()
    unblock: Link | None = None
    advice: str = ""
    chosen: bool = False
    beyond: Link | None = None


@dataclass(frozen=True, slots=True)
class DecisionPage:
    """`decision.html`: grounds on the left, outcomes on the right.

    question:  the decision in the model's words.
    authority: what the decision will rest on, such as `up to 50,000 EUR, as Senior underwriter`.
    quorum:    such as `1 of 2 recorded`; empty when one person decides.
    reason:    the field for the reason; its hint says when it is required.
    told:      who will be told.
    locked:    why nobody may decide at this desk now; empty when somebody may.
    stale:     what changed since the form was opened, and by whom.
    similar:   how alike cases were decided; empty when there were none.
    waiting:   the way to an override of it that waits to be confirmed.
    """

    case: CaseHead
    question: str
    form: Form
    outcomes: tuple[Outcome, ...]
    reason: Field | None
    facts: tuple[FactGroup, ...]
    rules: tuple[RuleResult, ...]
    evidence: tuple[Evidence, ...]
    history: tuple[EventDay, ...]
    authority: str
    quorum: str = ""
    separation: str = ""
    told: tuple[str, ...] = ()
    discharges: tuple[Link, ...] = ()
    locked: str = ""
    exceptions: tuple[Act, ...] = ()
    claim: Act | None = None
    raising: Form | None = None
    stale: Table | None = None
    similar: str = ""
    waiting: Link | None = None


@dataclass(frozen=True, slots=True)
class Answering:
    """Who answers for a case and for each open step: post and holder now.

    note: such as `vacant: falls to Head of lending` or `acting until 30 Nov`.
    """

    what: str
    post: Link
    holder: Person | None
    note: str = ""
    vacant: bool = False


@dataclass(frozen=True, slots=True)
class CasePage:
    """`case.html`: one case; exactly the part of the current tab is filled, the others are empty.

    tabs:      Timeline, Data, Trace, Map, by URL.
    acts:      what this reader may do; blocked ones are in `blocked` with the reason.
    days:      timeline; `kinds` are its filters.
    data:      facts of the record. `evidence`: collected so far.
    trace:     from objective down to evidence.
    path:      the map with the way taken.
    """

    case: CaseHead
    tabs: tuple[Tab, ...]
    acts: tuple[Act, ...]
    answering: tuple[Answering, ...]
    open_tasks: tuple[TaskRow, ...] = ()
    blocked: tuple[tuple[str, str], ...] = ()
    days: tuple[EventDay, ...] = ()
    kinds: tuple[Tab, ...] = ()
    data: tuple[FactGroup, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    trace: tuple[TraceRow, ...] = ()
    path: ProcessMap | None = None
    facts: tuple[FactGroup, ...] = ()
    pager: Pager | None = None


@dataclass(frozen=True, slots=True)
class ProblemPage:
    """`problem.html`: not found, denied, refused, conflict or our own failure.

    text:      what happened. `kept`: what was kept. `next`: what to do.
    reference: to quote when asking; empty when nothing went wrong.
    who:       the post that could open it, for a denied page.
    typed:     what somebody had typed that is not recorded, by the title of its field.
    """

    title: str
    text: str
    next: str
    acts: tuple[Act, ...]
    kept: str = ""
    reference: str = ""
    who: Link | None = None
    icon: str = "alert"
    typed: tuple[tuple[str, str], ...] = ()
