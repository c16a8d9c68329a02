"""Invented overviews: cases, process and obligations."""

from kingpost.web.figures import Bar, Metric
from kingpost.web.overviews import (
    CaseList,
    CasesPage,
    Framework,
    ObligationPage,
    ObligationRow,
    ObligationsPage,
    ProcessPage,
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
)
from kingpost.web.presenters import Answering, Head
from kingpost.web.record_pieces import Fact, FactGroup
from kingpost.web.samples.cases import EVIDENCE
from kingpost.web.samples.frame import LONG, MARA, MODEL, NOW
from kingpost.web.samples.lines import TRACE
from kingpost.web.samples.maps import onboarding_map
from kingpost.web.samples.work import SLOW

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
            "The model names no framework. Obligations come from standards and law.",
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
        "Before an account is opened, each director and owner is compared with the lists in force. "
        "No list may be older than three days.",
        facts,
        people,
        (Metric("Met", "208"), Metric("Failed", "4", "2 this week", "up", "late")),
        TRACE,
        EVIDENCE,
        case_list(filtered=False),
    )
