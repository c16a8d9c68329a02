"""The forms of how a company is built: calendars, units, roles and posts."""

from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any

from kingpost.model.organisation import Allowance, Grant, Post, Role, Unit, Vacancy
from kingpost.notation.codes import Code
from kingpost.notation.elements.naming import DESCRIPTION, NAMED, TITLE, told
from kingpost.notation.findings import Spot
from kingpost.notation.forms import Form, MapOf, Opened, Property, defaulted, optional, required
from kingpost.notation.phrases import (
    ALWAYS,
    AMOUNT,
    COUNT,
    COUNTRY,
    DATE,
    EXPRESSION,
    HOURS,
    HOURS_PATTERN,
    REFERENCE,
    STEP_OF,
    ZONE,
    one_of,
)
from kingpost.notation.shapes import ByKind, ListOf, Made, Phrase
from kingpost.values.business_time import Calendar, Opening
from kingpost.values.period import Period
from kingpost.values.public_holidays import public_holidays

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


def _always_or_hours(text: str) -> tuple[Opening, ...] | None:
    return () if text == "always" else HOURS.parse(text)


# One stretch of hours needs no list.
_ALWAYS_OR_HOURS: Phrase[tuple[Opening, ...]] = replace(
    ALWAYS,
    parse=_always_or_hours,
    described={"type": "string", "pattern": f"^(always|{HOURS_PATTERN})$"},
)
_HOURS = required(
    "hours",
    ByKind(
        ALWAYS.expected,
        text=_ALWAYS_OR_HOURS,
        listed=Made(ListOf(HOURS, least=1), _join_hours),
    ),
    "when it is open: `always`, or a list such as `Mon-Fri 08:00-18:00`",
)
_HOLIDAYS = defaulted("holidays", ListOf(DATE), (), "dates on which nothing is open")
_COUNTRY = optional("country", COUNTRY, "whose public holidays nothing is open on")
_OPEN_ON = defaulted(
    "open-on", ListOf(DATE), (), "public holidays on which it is open all the same"
)
_CALENDAR_ZONE = optional("timezone", ZONE, "its time zone, when it is not the company's")


def _calendar(of: Opened) -> Calendar:
    country, open_on = of[_COUNTRY] or "", of[_OPEN_ON]
    public = public_holidays(country) or frozenset[date]() if country else frozenset[date]()
    for day in open_on:
        if country and day not in public:
            message = f"{of.spot.label} is open on {day}, which is no public holiday of `{country}`"
            of.spot.report(Code.CONTRADICTION, message, "Leave it out of `open-on`.")
    return Calendar(
        name=of.id,
        zone=of[_CALENDAR_ZONE] or "",  # The model puts the company's in its place.
        openings=of[_HOURS],
        holidays=frozenset(of[_HOLIDAYS]),
        title=of.titled(TITLE),
        country=country,
        public=public,
        open_on=frozenset(open_on),
        **told(of),
    )


CALENDARS = MapOf(
    Form(
        "calendar",
        (*NAMED, _HOURS, _HOLIDAYS, _COUNTRY, _OPEN_ON, _CALENDAR_ZONE),
        _calendar,
        goes_with={"open-on": "country"},
    ),
    "calendar/",
)


# --- units, roles, posts -------------------------------------------------------------

# One id needs no list.
_WERE: Property[tuple[str, ...]] = defaulted(
    "was",
    ByKind(
        "an id, or a list of ids",
        text=Phrase(REFERENCE.expected, lambda text: (text,)),
        listed=ListOf(REFERENCE, least=1),
    ),
    (),
    "its id before it was renamed, or the ids of those that are one now",
)
_TAKES_OVER = defaulted(
    "takes-over",
    ListOf(REFERENCE),
    (),
    "those that are abolished and leave it their work; who held them does not come along",
)
_SPLIT_FROM = defaulted(
    "split-from", REFERENCE, "", "the post of which it takes the work of the roles that it carries"
)
_KNOWN = (TITLE, DESCRIPTION, _WERE, _TAKES_OVER)


def _known(of: Opened) -> dict[str, Any]:
    """Return what a unit or a post says of itself, and of those that were before it."""
    were = of[_WERE]
    return {
        "description": of[DESCRIPTION],
        "was": were[0] if were else "",
        "and_was": were[1:],
        "takes_over": of[_TAKES_OVER],
    }


_UNIT_CALENDAR = required("calendar", REFERENCE, "the calendar in whose hours it works")
_PART_OF = optional("part-of", REFERENCE, "the unit that it is a part of")
_INCOMPATIBLE = defaulted(
    "incompatible-with", ListOf(REFERENCE), (), "roles that no post may carry together with it"
)

_POST_UNIT = required("unit", REFERENCE, "the unit that it belongs to")
_REPORTS_TO = optional("reports-to", REFERENCE, "the post above it")
_ROLES = defaulted("roles", ListOf(REFERENCE), (), "the roles that it carries")
_SEATS = defaulted("seats", COUNT, 1, "how many people may hold it at one time")

_ANSWERED = optional(
    "answered-for-by", REFERENCE, "the human post that answers for the agent which holds it"
)
_DECIDE = required("decide", STEP_OF, "the decision, such as `incident/confirm-priority`")
_OUTCOMES = required("outcomes", ListOf(REFERENCE, least=1), "the outcomes that it may take")
_WHEN = optional("when", EXPRESSION, "the condition on the record under which it may")
_AT_MOST = required("at-most", AMOUNT, "what the cases of one period may come to together")
_OF = required("of", REFERENCE, "the field whose money is added up")
_PER = required("per", one_of(Period), "the period, on the calendar: of a `week` from Monday on")
_FALLS_TO = required(
    "falls-to", REFERENCE, "who acts when nobody holds the post: `superior`, or a post"
)


def _allowance(of: Opened) -> Allowance:
    at_most, currency = of[_AT_MOST]
    return Allowance(at_most, currency, of[_OF], of[_PER])


_ALLOWANCE = optional(
    "allowance",
    Form("allowance", (_AT_MOST, _OF, _PER), _allowance),
    "how much it may decide in one period, all cases together",
)


def _grant(of: Opened) -> Grant:
    workflow, step = of[_DECIDE]
    return Grant(workflow, step, of[_OUTCOMES], of[_WHEN], of[_ALLOWANCE])


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
    ListOf(Form("grant", (_DECIDE, _OUTCOMES, _WHEN, _ALLOWANCE), _grant)),
    (),
    "the outcomes of decisions that it may take",
)


def _unit(of: Opened) -> Unit:
    return Unit(of.id, of.titled(TITLE), of[_UNIT_CALENDAR], of[_PART_OF], **_known(of))


def _role(of: Opened) -> Role:
    return Role(of.id, of.titled(TITLE), of[_INCOMPATIBLE], **told(of))


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
        answered_for_by=of[_ANSWERED],
        split_from=of[_SPLIT_FROM],
        **_known(of),
    )


UNITS = MapOf(Form("unit", (*_KNOWN, _UNIT_CALENDAR, _PART_OF), _unit), "unit/")
ROLES = MapOf(Form("role", (*NAMED, _INCOMPATIBLE), _role), "role/")
POSTS = MapOf(
    Form(
        "post",
        (
            *_KNOWN,
            _SPLIT_FROM,
            _POST_UNIT,
            _REPORTS_TO,
            _ROLES,
            _SEATS,
            _VACANCY,
            _ANSWERED,
            _AUTHORITY,
        ),
        _post,
        advice={"answers-for": "Write `answered-for-by` at the post that an agent holds."},
    ),
    "post/",
)
