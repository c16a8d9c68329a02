"""Refusals, times and numbers in the words that people read."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from kingpost.decisions import refusals
from kingpost.decisions.refusing.calls import PathNotFitting
from kingpost.decisions.refusing.repairs import DecisionRestsOn, PastDecision, PastRule
from kingpost.web.pages import words
from kingpost.web.pages.casework.refusals import Titles, who_could, why
from kingpost.web.pieces import Link
from tests.web.meridian import model

TITLES = Titles(model(), "incident")
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
UTC_ZONE = ZoneInfo("Etc/UTC")


@pytest.mark.parametrize(
    ("refusal", "expected"),
    [
        (
            refusals.NotYourPost("work", "resolver", "group-70", ("group-70", "duty-officer")),
            (
                "None of your posts may do “Find out and mend”, which is addressed to Service "
                "Desk. Service Desk or Duty officer may."
            ),
        ),
        (
            refusals.NotYourPost("work", "resolver", None, ()),
            "None of your posts may do “Find out and mend”. No post may.",
        ),
        (
            refusals.OutsideAuthority(
                "group-70",
                "confirm-priority",
                "confirm",
                ('incident.impact != "high"',),
                ("incident-manager",),
            ),
            (
                "Service Desk may take “It is right” only when Impact is not high. "
                "Incident manager may take it here."
            ),
        ),
        (
            refusals.OutsideAuthority("employee", "confirm-priority", "change", (), ()),
            "Member of staff may not take “It is not”. No post may take it here.",
        ),
        (
            refusals.NotSeparate("rework", "work"),
            "“Mend it again” is for somebody else: you performed “Find out and mend” in this case.",
        ),
        (
            refusals.IsSuspended("work", "vendor-needed"),
            "It stands still until “A vendor must deliver or mend” is resolved.",
        ),
        (
            PastDecision("close", "rework", "work"),
            (
                "A move to “Mend it again” would go past “Find out and mend”. Move the case to "
                "where that is decided, or force the outcome there."
            ),
        ),
        (
            PastRule("close", "rework", "work"),
            (
                "A move to “Mend it again” would go past the rule “Find out and mend”. Move the "
                "case to that rule, which needs nobody."
            ),
        ),
        (
            DecisionRestsOn("closing-code", "work"),
            (
                "“Find out and mend” was decided by what Closing code says. Move the case in the "
                "same repair to where that is still to come."
            ),
        ),
        (
            refusals.FieldsMissing("work", ("closing-code", "vendor")),
            "Fill in Closing code and Vendor.",
        ),
        (
            refusals.FieldNotFitting("impact", "huge", "one of `high`, `low`"),
            "Impact expects one of high, low.",
        ),
        (
            refusals.InvariantBroken("resolved", "incident.closing-code != null"),
            "Resolved needs that Closing code is filled in.",
        ),
        (
            refusals.MoveForbidden("closed", "active"),
            "From Closed there is no way to Active.",
        ),
        (
            refusals.Undecided("work", "incident.impact > 1", ("incident.impact",)),
            "What comes next depends on what is still empty. Fill in Impact first.",
        ),
        (
            refusals.InputMissing("no-such-rule", "impact", "incident.impact", 1),
            "No such rule has no answer while impact is empty.",
        ),
        (
            refusals.NoAnswer("priority-matrix", "priority", "`/` has no value here"),
            "The rules have no answer for this record. Check what is filled in.",
        ),
        (
            PathNotFitting("bank", "vendor", is_empty=True),
            "The other system cannot be asked yet. Fill in Vendor first.",
        ),
        (
            PathNotFitting("bank", "vendor", is_empty=False),
            (
                "The other system cannot be asked about Vendor as it is written: leave out slashes,"
                " and make it shorter."
            ),
        ),
        (
            refusals.CaseIsClosed("INC-1", NOON),
            "Case INC-1 was closed on 21 November 2026 at 12:00 UTC.",
        ),
    ],
)
def test_a_refusal_speaks_of_titles(refusal: object, expected: str) -> None:
    assert why(TITLES, refusal) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("incident.impact <= 1000000", "Impact is at most 1,000,000"),
        ("incident.impact > 1500.25", "Impact is above 1,500.25"),
        ("incident.impact = 999", "Impact is 999"),
        ('incident.impact != "12345"', "Impact is not 12345"),
        ("year(incident.opened) >= 2026", "year(Opened) is at least 2026"),
    ],
)
def test_a_condition_speaks_of_titles_and_groups_its_numbers(written: str, expected: str) -> None:
    assert TITLES.condition(written) == expected


def test_who_could_is_a_link_to_the_first_post_that_may() -> None:
    refusal = refusals.NotYourPost("work", "resolver", "group-70", ("group-70", "duty-officer"))

    assert who_could(TITLES, refusal) == Link("Who holds “Service Desk”", "/org/posts/group-70")
    assert who_could(TITLES, refusals.ReasonMissing("confirm")) is None


@pytest.mark.parametrize(
    ("length", "expected"),
    [
        (timedelta(seconds=42), "42 s"),
        (timedelta(minutes=31), "31 m"),
        (timedelta(hours=3), "3 h"),
        (timedelta(hours=6, minutes=3), "6 h 03 m"),
        (timedelta(days=1, hours=12), "1.5 d"),
        (timedelta(days=61), "61 d"),
        (timedelta(hours=-2), "2 h"),
    ],
)
def test_a_duration_has_its_units(length: timedelta, expected: str) -> None:
    assert words.duration(length) == expected


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (NOON - timedelta(hours=1), "11:00"),
        (NOON - timedelta(days=1), "Fri 12:00"),
        (NOON - timedelta(days=60), "22 Sep 12:00"),
        (NOON - timedelta(days=400), "17 Oct 2025"),
    ],
)
def test_a_moment_is_the_shorter_the_nearer_it_is(at: datetime, expected: str) -> None:
    shown = words.moment(at, NOON, UTC_ZONE)

    assert shown.text == expected
    assert shown.full.endswith("UTC")


def test_a_clock_says_late_or_left_and_why_it_stands() -> None:
    late = words.clock(NOON - timedelta(hours=2), 1.2, now=NOON, zone=UTC_ZONE)
    soon = words.clock(NOON + timedelta(minutes=9), 0.8, now=NOON, zone=UTC_ZONE)
    held = words.clock(None, 0.1, now=NOON, zone=UTC_ZONE, stopped="A vendor must deliver")

    assert late is not None
    assert (late.text, late.tone, late.used) == ("2 h late", "late", 100)
    assert soon is not None
    assert (soon.text, soon.tone, soon.counts) == ("9 m left", "risk", True)
    assert held is not None
    assert (held.text, held.note) == ("Clock stopped", "A vendor must deliver")
    assert words.clock(None, None, now=NOON, zone=UTC_ZONE) is None


def test_an_objective_says_until_when_it_is_wanted() -> None:
    until = date(2027, 12, 31)

    assert words.horizon(None, until) == ""
    assert words.horizon(until, until) == "wanted until 31 December 2027"
    assert words.horizon(until, date(2028, 1, 1)) == "was wanted until 31 December 2027"
