"""The forms of what a company is and wants: calendars, units, roles, posts, objectives, streams."""

from itertools import pairwise

from kingpost.model.intent import (
    Measure,
    Metric,
    MetricKind,
    Objective,
    Population,
    Stage,
    ValueStream,
)
from kingpost.model.model import Interface
from kingpost.model.organisation import Grant, Post, Role, Unit, Vacancy
from kingpost.notation.codes import Code
from kingpost.notation.findings import Spot
from kingpost.notation.forms import Form, MapOf, Opened, defaulted, optional, required
from kingpost.notation.phrases import (
    ALWAYS,
    COUNT,
    DATE,
    EXPRESSION,
    HOURS,
    REFERENCE,
    SPAN,
    STEP_OF,
    TARGET,
    TEXT,
    ZONE,
    word,
)
from kingpost.notation.shapes import NOTHING, ByKind, ListOf, Made, Phrase
from kingpost.values.business_time import Calendar, Opening

TITLE = optional("title", TEXT, "what people read in place of the id")


# --- calendars -----------------------------------------------------------------------------------


def _join_hours(spot: Spot, hours: tuple[tuple[Opening, ...], ...]) -> tuple[Opening, ...]:
    openings = sorted(
        (opening for each in hours for opening in each),
        key=lambda opening: (opening.weekday, opening.start),
    )
    for before, after in pairwise(openings):
        if before.weekday == after.weekday and after.start < before.end:
            message = f"the hours of `{spot.address}` overlap"
            help_text = "Write each stretch of a day once."
            spot.report(Code.OPENINGS_OVERLAP, message, help_text)
            break
    return tuple(openings)


_HOURS = required(
    "hours",
    ByKind(
        ALWAYS.expected,
        text=ALWAYS,
        listed=Made(ListOf(HOURS, least=1), _join_hours),
    ),
    "when it is open: `always`, or a list such as `Mon-Fri 08:00-18:00`",
)
_HOLIDAYS = defaulted("holidays", ListOf(DATE), (), "dates on which nothing is open")
_CALENDAR_ZONE = optional("timezone", ZONE, "its time zone, when it is not the company's")


def _calendar(of: Opened) -> Calendar:
    return Calendar(
        name=of.id,
        zone=of[_CALENDAR_ZONE] or "",  # The model puts the company's in its place.
        openings=of[_HOURS],
        holidays=frozenset(of[_HOLIDAYS]),
        title=of.titled(TITLE),
    )


CALENDARS = MapOf(
    Form("calendar", (TITLE, _HOURS, _HOLIDAYS, _CALENDAR_ZONE), _calendar), "calendar/"
)


# --- units, roles, posts, interfaces -------------------------------------------------------------

_UNIT_CALENDAR = required("calendar", REFERENCE, "the calendar in whose hours it works")
_PART_OF = optional("part-of", REFERENCE, "the unit that it is a part of")
_INCOMPATIBLE = defaulted(
    "incompatible-with", ListOf(REFERENCE), (), "roles that no post may carry together with it"
)

_POST_UNIT = required("unit", REFERENCE, "the unit that it belongs to")
_REPORTS_TO = optional("reports-to", REFERENCE, "the post above it")
_ROLES = defaulted("roles", ListOf(REFERENCE), (), "the roles that it carries")
_SEATS = defaulted("seats", COUNT, 1, "how many people may hold it at one time")

_DECIDE = required("decide", STEP_OF, "the decision, such as `incident/confirm-priority`")
_OUTCOMES = required("outcomes", ListOf(REFERENCE, least=1), "the outcomes that it may take")
_WHEN = optional("when", EXPRESSION, "the condition on the record under which it may")
_FALLS_TO = required(
    "falls-to", REFERENCE, "who acts when nobody holds the post: `superior`, or a post"
)


def _grant(of: Opened) -> Grant:
    workflow, step = of[_DECIDE]
    return Grant(workflow, step, of[_OUTCOMES], of[_WHEN])


def _falls_to(of: Opened) -> tuple[Vacancy, str | None]:
    post = of[_FALLS_TO]
    return (Vacancy.SUPERIOR, None) if post == "superior" else (Vacancy.POST, post)


_HOLDS: Phrase[tuple[Vacancy, str | None]] = Phrase(
    "`holds` or `{falls-to: …}`",
    lambda text: (Vacancy.HOLD, None) if text == "holds" else None,
    words=("holds",),
)
_VACANCY = optional(
    "vacancy",
    ByKind(_HOLDS.expected, text=_HOLDS, mapped=Form("vacancy", (_FALLS_TO,), _falls_to)),
    "what becomes of its work when nobody holds it: `holds`, or `{falls-to: …}`",
)
_AUTHORITY = defaulted(
    "authority",
    ListOf(Form("grant", (_DECIDE, _OUTCOMES, _WHEN), _grant)),
    (),
    "the outcomes of decisions that it may take",
)


def _unit(of: Opened) -> Unit:
    return Unit(of.id, of.titled(TITLE), of[_UNIT_CALENDAR], of[_PART_OF])


def _role(of: Opened) -> Role:
    return Role(of.id, of.titled(TITLE), of[_INCOMPATIBLE])


def _post(of: Opened) -> Post:
    vacancy, falls_to = of[_VACANCY] or (None, None)
    return Post(
        id=of.id,
        title=of.titled(TITLE),
        unit=of[_POST_UNIT],
        reports_to=of[_REPORTS_TO],
        roles=of[_ROLES],
        authority=of[_AUTHORITY],
        seats=of[_SEATS],
        vacancy=vacancy,
        falls_to=falls_to,
    )


UNITS = MapOf(Form("unit", (TITLE, _UNIT_CALENDAR, _PART_OF), _unit), "unit/")
ROLES = MapOf(Form("role", (TITLE, _INCOMPATIBLE), _role), "role/")
POSTS = MapOf(
    Form("post", (TITLE, _POST_UNIT, _REPORTS_TO, _ROLES, _SEATS, _VACANCY, _AUTHORITY), _post),
    "post/",
)
INTERFACES = MapOf(
    Form("interface", (TITLE,), lambda of: Interface(of.id, of.titled(TITLE))), "interface/"
)


# --- objectives, metrics, value streams ----------------------------------------------------------

_OWNER = required("owner", REFERENCE, "the post that answers for it")
_PARENTS = defaulted("serves", ListOf(REFERENCE), (), "the objectives above it")
_METRIC = required("metric", REFERENCE, "the metric that it binds")
_TARGET = required("target", TARGET, "the bound, such as `>= 80 %` or `<= 2 days`")
_AT_RISK = optional("at-risk", TARGET, "the condition under which a met target is in danger")


def _measure(of: Opened) -> Measure:
    return Measure(of.id, of.titled(TITLE), of[_METRIC], of[_TARGET], of[_AT_RISK])


_MEASURES = defaulted(
    "measures",
    MapOf(Form("measure", (TITLE, _METRIC, _TARGET, _AT_RISK), _measure), also="measure"),
    (),
    "what tells whether it is met",
)


def _objective(of: Opened) -> Objective:
    return Objective(of.id, of.titled(TITLE), of[_OWNER], of[_PARENTS], of[_MEASURES])


OBJECTIVES = MapOf(
    Form("objective", (TITLE, _OWNER, _PARENTS, _MEASURES), _objective), "objective/"
)


def _read_population(text: str) -> tuple[Population, str, str | None] | None:
    match text.split("/"):
        case ["workflow", workflow] if workflow:
            return Population.CASE, workflow, None
        case ["workflow", workflow, "step", name] if workflow and name:
            return Population.STEP, workflow, name
        case ["workflow", workflow, "state", name] if workflow and name:
            return Population.STATE, workflow, name
        case _:
            return None


_POPULATION: Phrase[tuple[Population, str, str | None]] = Phrase(
    "`workflow/…`, `workflow/…/step/…` or `workflow/…/state/…`",
    _read_population,
    {"type": "string", "pattern": "^workflow/[^/]+(/(step|state)/[^/]+)?$"},
)
_KINDS = tuple(
    (kind, optional(f"{kind.value}-of", _POPULATION, f"the {kind.value} of cases, steps or states"))
    for kind in MetricKind
)
_THAT = optional("that", word("within-due"), "counts what ended within its due time")
_WHERE = optional("where", EXPRESSION, "the condition on the record")
_WINDOW = optional("window", SPAN, "only what ended in this time before now")


def _metric(of: Opened) -> Metric:
    kind, written = next((kind, each) for kind, each in _KINDS if of.has(each))
    population, workflow, name = of[written] or NOTHING
    if of.has(_THAT) and (kind, population) != (MetricKind.SHARE, Population.STEP):
        message = f"{of.spot.label} has `that`, which only a `share-of` a step may have"
        of.spot.report(Code.CONTRADICTION, message, "Remove `that`, or count a step.")
    if kind is MetricKind.SHARE and not of.has(_THAT) and not of.has(_WHERE):
        message = f"{of.spot.label} has a `share-of` without `where` or `that`"
        of.spot.report(Code.MISSING, message, "Add the condition that is counted.")
    return Metric(
        id=of.id,
        title=of.titled(TITLE),
        kind=kind,
        population=population,
        workflow=workflow,
        name=name,
        where=of[_WHERE],
        within_due=of.has(_THAT),
        window=of[_WINDOW],
    )


METRICS = MapOf(
    Form(
        "metric",
        (TITLE, *(written for _, written in _KINDS), _THAT, _WHERE, _WINDOW),
        _metric,
        one_of=tuple(written.name for _, written in _KINDS),
    ),
    "metric/",
)

_PROMISE = required(
    "promise",
    Form("promise", (_METRIC, _TARGET), lambda of: (of[_METRIC], of[_TARGET])),
    "the metric that the customer feels, with its target",
)
_WORKFLOWS = required("workflows", ListOf(REFERENCE, least=1), "the workflows of the stage")
_ENTRY = optional("entry", EXPRESSION, "what a case satisfies when it starts")
_EXIT = optional("exit", EXPRESSION, "what a case satisfies when it ends")


def _stage(of: Opened) -> Stage:
    return Stage(of.id, of.titled(TITLE), of[_WORKFLOWS], of[_ENTRY], of[_EXIT])


_SERVES = required("serves", ListOf(REFERENCE, least=1), "the objectives that it serves")
_STAGES = required(
    "stages",
    MapOf(Form("stage", (TITLE, _WORKFLOWS, _ENTRY, _EXIT), _stage), least=1),
    "its parts in order",
)


def _stream(of: Opened) -> ValueStream:
    promise, target = of[_PROMISE]
    return ValueStream(of.id, of.titled(TITLE), of[_SERVES], promise, target, of[_STAGES])


STREAMS = MapOf(Form("value stream", (TITLE, _SERVES, _PROMISE, _STAGES), _stream), "value-stream/")
