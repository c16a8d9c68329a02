"""Invented overviews: process, objectives, measures, obligations, people, problems."""

from dataclasses import replace

from kingpost.web.figures import Bar, Chart, Metric, Series, Spark, Tick
from kingpost.web.form_pieces import Field, FieldGroup, Form, Option
from kingpost.web.overviews import (
    CaseList,
    CasesPage,
    Framework,
    MeasurePage,
    MeasureRow,
    Objective,
    ObjectivesPage,
    ObligationPage,
    ObligationRow,
    ObligationsPage,
    OrganisationPage,
    PersonPage,
    PostRow,
    ProcessPage,
    Unit,
)
from kingpost.web.pieces import (
    Act,
    Cell,
    Chip,
    Column,
    Empty,
    Link,
    Pager,
    Pill,
    Tab,
    Table,
    Tone,
)
from kingpost.web.presenters import Answering, Head, ProblemPage
from kingpost.web.record_pieces import Fact, FactGroup
from kingpost.web.samples.cases import DAYS, EVIDENCE, TRACE
from kingpost.web.samples.frame import JOSE, LONG, MARA, MODEL, NOW, PRIYA, YARA
from kingpost.web.samples.maps import onboarding_map, steps_table
from kingpost.web.samples.work import FLOW_METRICS, SLOW, flow_chart

_CASE_COLUMNS = (
    Column("Case"),
    Column("Step"),
    Column("State"),
    Column("Opened", sort="descending", sort_url="?sort=opened"),
    Column("Time in step", number=True),
)
_NONE = Empty(
    "No case is here",
    "None of the 130 cases in flight is in this step.",
    Link("Show all cases", "/cases"),
    "file",
)
NO_OBJECTIVES = Empty(
    "No objective yet",
    "The model declares none. Write one in the part objectives and propose the change.",
    Link("Read how", "/help"),
    "target",
)
LATE, RISK, GOOD = (
    Pill("Late", "late", "alert"),
    Pill("At risk", "risk", "alert"),
    Pill("On track", "good", "check"),
)


def case_list(*, empty: bool = False, filtered: bool = True) -> CaseList:
    """Return cases; empty: none; filtered: narrowed to one step."""
    names = (
        ("Kestrel Avionics", "ON-2417", LATE),
        ("Northgate Logistics", "ON-2425", RISK),
        ("Verband der mittelständischen Zulieferbetriebe Norddeutschlands e. V.", "ON-2442", GOOD),
    )
    rows = tuple(
        (
            Cell(name, f"/cases/{code}", code),
            Cell("Screen sanctions"),
            Cell("", pill=pill),
            Cell("18 Nov 2026"),
            Cell("1 d 14 h", number=True),
        )
        for name, code, pill in names
    )
    table = Table("Cases", _CASE_COLUMNS, () if empty else rows, _NONE)
    chips = (Chip("Step: Screen sanctions", "/cases"),) if filtered else ()
    return CaseList(
        table,
        Pager("0 of 0" if empty else "1–3 of 21", "", "" if empty else "/cases?page=2"),
        chips=chips,
        clear_url="/cases" if filtered else "",
    )


def process(*, as_table: bool = False, empty: bool = False) -> ProcessPage:
    """Return the live map of a process."""
    url = "/processes/client-onboarding"
    measures = (
        Tab("Count", url),
        Tab("Median", f"{url}?measure=median", current=True),
        Tab("85th percentile", f"{url}?measure=p85"),
        Tab("Overdue", f"{url}?measure=overdue"),
    )
    head = Head(
        "Client onboarding",
        (Link("130 cases in flight"), MODEL),
        (Act("New case", "/start", "plus", primary=True),),
        NOW,
    )
    return ProcessPage(
        head,
        onboarding_map(chosen="screen", as_table=as_table),
        measures,
        (
            Metric("In flight", "130"),
            Metric("Overdue", "12", "3 more than yesterday", "up", "late"),
            Metric("Median time through", "6.2 d", "0.4 d", "down", "good"),
        ),
        SLOW,
        case_list(empty=empty),
        "Cases in Screen sanctions",
    )


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
    children = (
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
            LATE,
            Answering("", Link("KYC lead", "/org/kyc-lead"), PRIYA),
            (
                _measure(
                    "Median time in Screen sanctions",
                    "1.6 d",
                    "at most 1 d",
                    LATE,
                    96,
                    "last 30 days",
                ),
            ),
        ),
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
        children,
    )
    return ObjectivesPage(
        head,
        ()
        if empty
        else (
            replace(LATE, text="1 off track"),
            replace(RISK, text="1 at risk"),
            replace(GOOD, text="1 on track"),
        ),
        () if empty else (top,),
        NO_OBJECTIVES,
    )


def measure() -> MeasurePage:
    """Return one measure."""
    points = "M26 90L80 84L134 96L188 70L242 62L296 58L350 66L404 52L458 50L512 46L566 44L620 47"
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
        "26",
        "640",
        "20",
        "150",
        (Series("Share", points, f"{points}V150H26Z", "620", "47", "94 %"),),
        (Tick("26", "Week 35"), Tick("323", "Week 40"), Tick("620", "now")),
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


_STATES = (
    (
        "KYC-4",
        "Identify the client before business begins",
        Pill("Operating", "good", "check"),
        "212 of 212 met",
        100,
    ),
    (
        "KYC-7",
        "Screen against sanctions lists, no list older than 3 days",
        Pill("Failed", "late", "cross"),
        "208 met, 4 failed",
        98,
    ),
    (
        "KYC-9",
        "Decide with reasons, by a person who did not screen",
        Pill("At risk", "risk", "alert"),
        "190 met, 3 due today",
        94,
    ),
    (
        "KYC-12",
        "Keep what was relied on for seven years",
        Pill("No occasion", "neutral", "pause"),
        "no case has closed yet",
        0,
    ),
)


def obligations(*, empty: bool = False) -> ObligationsPage:
    """Return the board of obligations."""
    rows = tuple(
        ObligationRow(
            clause,
            title,
            f"/obligations/kyc/{clause}",
            pill,
            counts,
            "Compliance officer",
            Link("Sanctions screening, ON-2417", "/evidence/2") if share else None,
            "20 Nov 2026, sealed" if share else "Nothing yet: the first case has still to close",
            Bar(share, counts, -1, pill.tone) if share else None,
        )
        for clause, title, pill, counts, share in _STATES
    )
    board = Framework(
        "kyc",
        "Know your customer",
        "house standard, edition 2026",
        (
            Pill("1 failed", "late", "cross"),
            Pill("1 at risk", "risk", "alert"),
            Pill("1 operating", "good", "check"),
        ),
        rows,
    )
    tabs = (
        Tab("All", "/obligations", current=True, count="4"),
        Tab("Needs work", "/obligations?view=open", count="2"),
    )
    return ObligationsPage(
        Head("Obligations", (MODEL,), (Act("Build the audit pack", "/audit", "download"),), NOW),
        (
            Metric("Operating", "1 of 4"),
            Metric("Failed", "1", "since 19 Nov", "", "late"),
            Metric("Evidence this month", "612", "40", "up", "neutral"),
        ),
        tabs,
        () if empty else (board,),
        Empty(
            "No obligation yet",
            "The model names no framework. Obligations come from standards and law, clause by clause.",
            icon="shield",
        ),
    )


def obligation() -> ObligationPage:
    """Return one obligation."""
    head = Head(
        "Screen against sanctions lists",
        (Link("Know your customer", "/obligations#kyc"), MODEL),
        as_at=NOW,
        code="KYC-7",
        state=Pill("Failed", "late", "cross"),
    )
    facts = FactGroup(
        "About",
        (
            Fact("Applies to", "every case of Client onboarding"),
            Fact("Evidence", "answer of the list provider, with its date"),
            Fact("How fresh", "3 days"),
            Fact("How often", "once a case, and yearly"),
        ),
    )
    people = (
        Answering("Answers for it", Link("Compliance officer", "/org/compliance-officer"), LONG),
        Answering("Makes the evidence", Link("KYC analyst", "/org/kyc-analyst"), MARA),
    )
    return ObligationPage(
        head,
        "Before an account is opened, each director and owner is compared with the lists in force. No list may be older than three days.",
        facts,
        people,
        (Metric("Met", "208"), Metric("Failed", "4", "2 this week", "up", "late")),
        TRACE,
        EVIDENCE,
        case_list(filtered=False),
    )


def organisation(*, may_appoint: bool = True) -> OrganisationPage:
    """Return posts and people."""

    def held(*people: Answering) -> tuple[Answering, ...]:
        return people

    post = Link("")
    posts = (
        PostRow(
            "Head of operations",
            "/org/head-of-operations",
            0,
            "Approves alone up to 500,000 EUR",
            held(Answering("", post, JOSE)),
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
            held(Answering("", post, YARA)),
            "1 of 1 seat",
            "11 open tasks",
        ),
        PostRow(
            "KYC analyst",
            "/org/kyc-analyst",
            2,
            "Screener, Identity checker",
            held(Answering("", post, MARA), Answering("", post, LONG, "acting until 30 Nov")),
            "2 of 4 seats",
            "38 open tasks",
        ),
    )
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
    fields = (
        Field("reference", "person", "Person", suggest=(Option("Priya Nair", "Priya Nair"),)),
        Field(
            "choice",
            "post",
            "Post",
            options=tuple(Option(p.title, p.title) for p in (*posts, posts[0])[:4])
            + (Option("x", "Compliance officer"),),
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
    form = Form("/org/appointments", "Appoint", "appoint-1", (FieldGroup("", fields),))
    return OrganisationPage(
        Head("Posts and people", (MODEL,), as_at=NOW),
        (
            Metric("Posts", "12"),
            Metric("Vacant", "1", "4 tasks fall to the superior", "", "risk"),
            Metric("People", "31"),
        ),
        (Unit("Operations", posts),),
        people,
        form if may_appoint else None,
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
        (
            "Onboarding lead approves what KYC lead screens. In one case she may do only one of them.",
        ),
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


def cases(*, empty: bool = False) -> CasesPage:
    """Return a list of cases."""
    return CasesPage(
        Head(
            "Cases",
            (Link("in Screen sanctions"),),
            (Act("Export CSV", "/cases.csv", "download"),),
            NOW,
        ),
        case_list(empty=empty),
    )


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
STEPS, FLOW = steps_table(), flow_chart()
