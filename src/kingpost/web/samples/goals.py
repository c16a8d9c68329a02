"""Invented objectives and measures."""

from dataclasses import replace

from kingpost.web.figures import Bar, Chart, Series, Spark, Tick
from kingpost.web.overviews import (
    MeasurePage,
    MeasureRow,
    Objective,
    ObjectivesPage,
)
from kingpost.web.pieces import (
    Cell,
    Column,
    Empty,
    Link,
    Pill,
    Table,
    Tone,
)
from kingpost.web.presenters import Answering, Head
from kingpost.web.record_pieces import Fact, FactGroup
from kingpost.web.samples.assurance import GOOD, LATE, RISK, case_list
from kingpost.web.samples.frame import JOSE, MODEL, NOW, PRIYA
from kingpost.web.samples.work import FLOW_METRICS

NO_OBJECTIVES = Empty(
    "No objective yet",
    "The model declares none. Write one in the part objectives and propose the change.",
    Link("Read how", "/help"),
    "target",
)
OFF = replace(LATE, text="Off track")


def _spark(tone: Tone) -> Spark:
    return Spark(
        "M0 20L12 18L24 19L36 14L48 15L60 10L72 12L84 9L96 7",
        "96",
        "7",
        "Twelve weeks, rising from 88 to 94 percent",
        "6",
        tone,
    )


def _measure(
    title: str, value: str, target: str, pill: Pill, filled: int, note: str = ""
) -> MeasureRow:
    bar = Bar(filled, f"{value}, target {target}", 80, pill.tone)
    return MeasureRow(
        title,
        "/measures/live-in-ten",
        value,
        target,
        pill,
        bar,
        _spark(pill.tone),
        Link("21 cases behind it", "/cases?measure=live-in-ten"),
        note,
    )


BENEATH = (
    Objective(
        "fair",
        "No client is refused without a reason",
        GOOD,
        Answering("", Link("Head of credit", "/org/head-of-credit"), None, "", vacant=True),
        (_measure("Decisions with a written reason", "100 %", "100 %", GOOD, 100),),
        serves=(Link("Every client is live within ten working days", "#live"),),
    ),
    Objective(
        "quick",
        "Screening never waits for us",
        OFF,
        Answering("", Link("KYC lead", "/org/kyc-lead"), PRIYA),
        (
            _measure(
                "Median time in Screen sanctions",
                "1.6 d",
                "at most 1 d",
                OFF,
                96,
                "last 30 days",
            ),
        ),
    ),
)


def objectives(*, empty: bool = False) -> ObjectivesPage:
    """Return the tree of objectives."""
    head = Head("Objectives", (MODEL,), as_at=NOW)
    silent = MeasureRow(
        "Clients who would recommend us",
        "/measures/recommend",
        "No data",
        "60 or more",
        Pill("No data"),
        note="first survey on 1 Dec 2026",
    )
    top = Objective(
        "live",
        "Every client is live within ten working days",
        RISK,
        Answering("", Link("Head of operations", "/org/head-of-operations"), JOSE),
        (
            _measure(
                "Live within ten working days", "94.1 %", "at least 95 %", RISK, 78, "last 30 days"
            ),
            silent,
        ),
        "to the end of 2027",
        (),
        BENEATH,
    )
    return ObjectivesPage(
        head,
        ()
        if empty
        else (
            replace(OFF, text="1 off track"),
            replace(RISK, text="1 at risk"),
            replace(GOOD, text="1 on track"),
        ),
        () if empty else (top,),
        NO_OBJECTIVES,
    )


def measure() -> MeasurePage:
    """Return one measure."""
    points = "M40 90L88 84L134 96L188 70L242 62L296 58L350 66L404 52L458 50L512 46L566 44L620 47"
    table = Table(
        "Live within ten working days, by week",
        (Column("Week"), Column("Share", number=True)),
        tuple((Cell(f"Week {35 + i}"), Cell(f"{88 + i / 2} %", number=True)) for i in range(12)),
    )
    chart = Chart(
        "measure-chart",
        "Live within ten working days, by week",
        "percent of cases closed",
        "670",
        "180",
        "40",
        "640",
        "20",
        "150",
        (Series("Share", points, f"{points}V150H40Z", "620", "47", "94 %"),),
        (Tick("60", "Week 35"), Tick("323", "Week 40"), Tick("620", "now")),
        (Tick("150", "80 %"), Tick("85", "90 %"), Tick("20", "100 %")),
        table,
        Tick("52.5", "target 95 %"),
    )
    definition = FactGroup(
        "How it is made",
        (
            Fact("Counts", "closed cases of Client onboarding"),
            Fact("Holds when", "closed within 10 working days of the start"),
            Fact("Window", "30 days, rolling"),
            Fact("Source", "events of the cases themselves"),
            Fact("Serves", "Every client is live within ten working days", "/objectives#live"),
        ),
    )
    segments = Table(
        "By country",
        (Column("Country"), Column("Cases", number=True), Column("Share", number=True)),
        (
            (
                Cell("Ghana", "/cases?country=gh"),
                Cell("41", number=True),
                Cell("91 %", number=True),
            ),
            (
                Cell("Senegal", "/cases?country=sn"),
                Cell("62", number=True),
                Cell("96 %", number=True),
            ),
        ),
    )
    return MeasurePage(
        Head("Live within ten working days", (MODEL,), as_at=NOW, state=RISK),
        _measure("Share of cases", "94.1 %", "at least 95 %", RISK, 78),
        FLOW_METRICS,
        chart,
        definition,
        segments,
        case_list(filtered=False),
    )
