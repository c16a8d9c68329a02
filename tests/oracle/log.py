"""The log of the service desk, read by the standard library alone."""

import csv
import gzip
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import NamedTuple, TypeAlias

DESK = Path(__file__).parents[2] / "examples" / "service-desk"
LOG = DESK / "log" / "incident_event_log.csv.gz"
AWAITING = ("awaiting-user-info", "awaiting-vendor", "awaiting-problem", "awaiting-evidence")
STATES = ("new", "active", *AWAITING, "resolved", "closed")
SHOWN = {state.replace("-", " ").title(): state for state in STATES}
LEVELS = {"1 - High": "high", "2 - Medium": "medium", "3 - Low": "low"}
TEXTS = {
    "location": "location",
    "category": "category",
    "subcategory": "subcategory",
    "symptom": "u_symptom",
    "resolver": "assigned_to",
    "problem": "problem_id",
    "change": "rfc",
    "vendor": "vendor",
}

Record: TypeAlias = dict[str, str | bool | None]


class Row(NamedTuple):
    """One line of the log. fields: what is recorded of it; a field not known yet is absent."""

    line: int
    number: str
    at: datetime
    opened: datetime
    person: str
    state: str | None
    impact: str
    urgency: str
    confirmed: bool
    fields: Record


def read_log(incidents: int | None = None, shift: timedelta = timedelta()) -> list[list[Row]]:
    """Return the rows of each incident in the order of the file, or of the first incidents."""
    with gzip.open(LOG, "rt", encoding="utf-8", newline="") as text:
        rows = (_row(line, raw, shift) for line, raw in enumerate(csv.DictReader(text), 2))
        cases: list[list[Row]] = []
        for _, group in groupby(rows, lambda row: row.number):
            if len(cases) == incidents:
                break
            cases.append(list(group))
    return cases


def _row(line: int, raw: Mapping[str, str], shift: timedelta) -> Row:
    state = SHOWN.get(raw["incident_state"])
    fields: Record = {name: _known(raw[column]) for name, column in TEXTS.items()}
    group = raw["assignment_group"]
    fields["assignment-group"] = "dispatch-queue" if group == "?" else _slug(group)
    fields["known-solution"] = True if raw["knowledge"] == "true" else None
    if state in {"resolved", "closed"}:
        fields["closing-code"] = _known(raw["closed_code"])
    return Row(
        line=line,
        number=raw["number"],
        at=_time(raw["sys_updated_at"]) + shift,
        opened=_time(raw["opened_at"]) + shift,
        person=_slug(raw["sys_updated_by"]),
        state=state,
        impact=LEVELS[raw["impact"]],
        urgency=LEVELS[raw["urgency"]],
        confirmed=raw["u_priority_confirmation"] == "true",
        fields=fields,
    )


def _known(text: str) -> str | None:
    return None if text == "?" else text


def _slug(text: str) -> str:
    return "-".join(text.lower().split())


def _time(text: str) -> datetime:
    """Read `29/2/2016 01:16`, in UTC."""
    date, clock = text.split()
    day, month, year = map(int, date.split("/"))
    hour, minute = map(int, clock.split(":"))
    return datetime(year, month, day, hour, minute, tzinfo=UTC)
