"""An invented post that somebody takes over."""

from kingpost.web.figures import Metric
from kingpost.web.overviews import Section, SuccessionPage
from kingpost.web.pieces import Cell, Column, Link, Pager, Pill, Table
from kingpost.web.presenters import Head
from kingpost.web.record_pieces import Fact, FactGroup
from kingpost.web.samples.frame import MODEL, NOW, YARA

_WORK = Table(
    "Open work, overdue first",
    tuple(map(Column, ("Case", "Step", "Due", "Addressed to", "Taken on by"))),
    (
        (
            Cell("ON-2417", "/cases/ON-2417"),
            Cell("Approve client"),
            Cell("20 Nov 2026, 17:00", note="overdue"),
            Cell("Onboarding lead"),
            Cell("nobody"),
        ),
        (
            Cell("ON-2431", "/cases/ON-2431"),
            Cell("Assess credit"),
            Cell("–", note="held: Papers are missing"),
            Cell("Onboarding lead"),
            Cell("Yara Okafor", YARA.url),
        ),
    ),
)
_EXPECTED = Table(
    "What is expected",
    (
        Column("Objective"),
        Column("Measure"),
        Column("Now", number=True),
        Column("Target", number=True),
        Column("Status"),
    ),
    (
        (
            Cell("Clients are live soon"),
            Cell("Live within ten working days", "/measures/live"),
            Cell("78 %", number=True),
            Cell("≥ 85 %", number=True),
            Cell("", pill=Pill("Off track", "late", "alert")),
        ),
    ),
)


def succession() -> SuccessionPage:
    """Return what goes with a post."""
    facts = (
        Fact("Unit", "Onboarding"),
        Fact("Held now by", "Yara Okafor, acting", note="1 of 1 seat held"),
        Fact("While it is empty", "While it is vacant, Head of operations acts."),
        Fact("Reports to", "Head of operations", "/org/posts/head-of-operations"),
    )
    return SuccessionPage(
        Head("What goes with Onboarding lead", (Link("Onboarding lead"), MODEL), as_at=NOW),
        "Answers for every client who comes, from the first paper to the first order.",
        (Metric("Open work", "132"), Metric("Overdue", "4", tone="late")),
        FactGroup("The post", facts),
        (
            Section(
                "work", _WORK.caption, _WORK, "This is 1–2 of 132.", Pager("1–2 of 132", "", "/x")
            ),
            Section("expected", _EXPECTED.caption, _EXPECTED),
        ),
        "Absences, other posts and the account stay with the person.",
    )
