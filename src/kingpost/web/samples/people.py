"""Invented posts and people, and pages that say no."""

from kingpost.web.figures import Metric
from kingpost.web.form_pieces import Field, FieldGroup, Form, Option
from kingpost.web.overviews import (
    OrganisationPage,
    PersonPage,
    PostRow,
    Unit,
    WhoPage,
)
from kingpost.web.pieces import (
    Act,
    Cell,
    Column,
    Empty,
    Link,
    Table,
)
from kingpost.web.presenters import Answering, Head, ProblemPage
from kingpost.web.record_pieces import Fact, FactGroup
from kingpost.web.samples.cases import DAYS
from kingpost.web.samples.frame import JOSE, LONG, MARA, MODEL, NOW, YARA

POSTS = (
    PostRow(
        "Head of operations",
        "/org/head-of-operations",
        0,
        "Approves alone up to 500,000 EUR",
        (Answering("", Link(""), JOSE),),
        "1 of 1 seat",
        "2 open tasks",
    ),
    PostRow(
        "Head of credit",
        "/org/head-of-credit",
        1,
        "Second approver",
        (),
        "0 of 1 seat",
        "4 open tasks",
        vacant=True,
        policy="falls to Head of operations",
    ),
    PostRow(
        "Onboarding lead",
        "/org/onboarding-lead",
        1,
        "Approver",
        (Answering("", Link(""), YARA),),
        "1 of 1 seat",
        "11 open tasks",
    ),
    PostRow(
        "KYC analyst",
        "/org/kyc-analyst",
        2,
        "Screener, Identity checker",
        (Answering("", Link(""), MARA), Answering("", Link(""), LONG, "acting until 30 Nov")),
        "2 of 4 seats",
        "38 open tasks",
    ),
)


APPOINTMENT = (
    Field("reference", "person", "Person", suggest=(Option("Priya Nair", "Priya Nair"),)),
    Field(
        "choice",
        "post",
        "Post",
        options=tuple(
            Option(name, name)
            for name in (
                "Head of credit",
                "Onboarding lead",
                "KYC lead",
                "KYC analyst",
                "Legal",
            )
        ),
    ),
    Field(
        "choice",
        "kind",
        "Kind",
        options=(Option("substantive", "For good", chosen=True), Option("acting", "Acting")),
    ),
    Field("date", "from", "From", "2026-11-23"),
    Field("date", "until", "Until", required=False, hint="Leave empty when there is no end."),
)


def organisation(*, may_appoint: bool = True) -> OrganisationPage:
    """Return POSTS and people."""
    people = Table(
        "People",
        (Column("Name"), Column("Posts"), Column("Until")),
        (
            (
                Cell("Yara Okafor", YARA.url),
                Cell("Onboarding lead; KYC lead, acting"),
                Cell("open"),
            ),
            (Cell("Mara Lindt", MARA.url), Cell("KYC analyst"), Cell("31 Dec 2026")),
        ),
    )
    form = Form("/org/appointments", "Appoint", "appoint-1", (FieldGroup("", APPOINTMENT),))
    return OrganisationPage(
        Head("Posts and people", (MODEL,), as_at=NOW),
        (
            Metric("Posts", "12"),
            Metric("Vacant", "1", "4 tasks fall to the superior", "", "risk"),
            Metric("People", "31"),
        ),
        (Unit("Operations", POSTS),),
        people,
        form if may_appoint else None,
        alarms=ALARMS,
    )


ALARMS = Table(
    "Alarms",
    tuple(map(Column, ("About", "What is wrong", "Since", "Whom it concerns", "What to do"))),
    (
        (
            Cell("KYC lead", "/org/kyc-lead", "Vacant"),
            Cell(
                "Nobody holds “KYC lead”, and nobody stands in for it. 4 pieces of open work are "
                "addressed to it."
            ),
            Cell("9 Nov"),
            Cell("Head of operations"),
            Cell("Appoint somebody to it, or name in its vacancy policy a post that acts."),
        ),
    ),
)


def person() -> PersonPage:
    """Return one person."""
    posts = Table(
        "Posts held",
        (Column("Post"), Column("Kind"), Column("From"), Column("Until")),
        (
            (
                Cell("Onboarding lead", "/org/onboarding-lead"),
                Cell("for good"),
                Cell("1 Mar 2025"),
                Cell("open"),
            ),
            (
                Cell("KYC lead", "/org/kyc-lead"),
                Cell("acting"),
                Cell("9 Nov 2026"),
                Cell("30 Nov 2026"),
            ),
        ),
    )
    away = Table(
        "Absences and delegations",
        (Column("What"), Column("To"), Column("Period")),
        (),
        Empty("None", "Nothing is delegated, and no absence is planned.", icon="calendar"),
    )
    fields = (
        Field("reference", "to", "To"),
        Field("date", "from", "From"),
        Field("date", "until", "Until"),
        Field("text", "reason", "Reason"),
    )
    return PersonPage(
        Head("Yara Okafor", (Link("Operations"), Link("signed in today, 07:41"))),
        YARA,
        posts,
        away,
        ("Onboarding lead approves what KYC lead screens. In one case she may do one of them.",),
        DAYS[:1],
        FactGroup(
            "About",
            (
                Fact("User name", "yara"),
                Fact("Mail", "yara@larkfield.example"),
                Fact("Work today", "6 completed, 5 open"),
            ),
        ),
        Form("/people/yara/delegations", "Delegate", "d-1", (FieldGroup("", fields),)),
    )


def who() -> WhoPage:
    """Return who answered for something on a day."""
    answers = Table(
        "Onboarding lead, on 9 November 2026",
        tuple(map(Column, ("Post", "Who", "How", "From", "Until"))),
        (
            (
                Cell("Onboarding lead", "/org/posts/onboarding-lead"),
                Cell("Yara Okafor", "/people/yara"),
                Cell("Substantive"),
                Cell("1 Mar 2025"),
                Cell("No end"),
            ),
        ),
    )
    fields = (
        Field("reference", "of", "What", "post/onboarding-lead"),
        Field("date", "on", "On the day", "2026-11-09"),
        Field("date", "known", "As on record at the end of", required=False),
    )
    return WhoPage(Head("Who answered"), fields, answers, note="Told by the first model.")


DENIED = ProblemPage(
    "You cannot open this page",
    "The audit log is read by the post Compliance officer, and you act as Onboarding lead.",
    "Ask the holder, or act as a post that may.",
    (Act("Back to my worklist", "/work"),),
    who=Link(
        "Compliance officer: Maximiliane von Hohenstein-Wartenberg", "/org/compliance-officer"
    ),
    icon="lock",
)
MISSING = ProblemPage(
    "There is no such case",
    "No case has the number ON-9999, or it is not yours to see.",
    "Check the number, or search for the name.",
    (Act("Search", "/search"),),
    icon="search",
)
FAILED = ProblemPage(
    "Something went wrong on our side",
    "The page could not be made.",
    "Try again in a minute. If it happens again, tell us the reference.",
    (Act("Try again", "/work", primary=True),),
    "Nothing you sent was lost: what you typed is still in the form behind this page.",
    "7f3a-2210",
)
