"""Invented work: worklist, task, decision and case."""

from kingpost.web.figures import Bar, Chart, Metric, Series, Tick
from kingpost.web.form_pieces import Field, FieldGroup, Form, FormError, Option
from kingpost.web.pages.looking.search import Hit, Hits, SearchPage, search_page
from kingpost.web.pieces import (
    Act,
    Cell,
    Chip,
    Clock,
    Column,
    Empty,
    Link,
    Pager,
    Person,
    Pill,
    Risk,
    Tab,
    Table,
    Tone,
)
from kingpost.web.presenters import (
    Head,
    SignInPage,
    SlowStep,
    TaskGroup,
    TaskRow,
    WorklistPage,
)
from kingpost.web.samples.frame import JOSE, LONG, MARA, MODEL, PRIYA, YARA, at
from kingpost.web.samples.maps import onboarding_map

RISKS = (Risk(1, "Low"), Risk(2, "Medium"), Risk(3, "High"))


def clock(text: str, clock_time: str, tone: Tone, used: int, *, day: int = 21) -> Clock:
    """Return a due time; the one that ends at 08:22 is counted by the second."""
    name = {21: "Sat", 22: "Sun", 23: "Mon"}[day]
    due = at(f"{name} {clock_time}", clock_time, day)
    return Clock(text, due, tone, used, counts=clock_time == "08:22")


def _row(
    case: tuple[str, str],
    task: tuple[str, str],
    due: Clock,
    risk: int,
    owner: Person | None = None,
) -> TaskRow:
    name, code = case
    decides = task[0].startswith("Approve")
    url = f"/cases/{code}/tasks/1"
    claim = Act("Claim", f"{url}/claim", "person-add", post=True, key=f"claim-{code}")
    return TaskRow(
        id=code.lower(),
        title=name,
        code=code,
        url=url,
        task=task[0],
        note=task[1],
        clock=due,
        act=Act("Decide" if decides else "Open", url),
        risk=RISKS[risk],
        owner=owner,
        claim=None if owner else claim,
    )


OVERDUE = (
    _row(
        ("Kestrel Avionics", "ON-2417"),
        ("Screen sanctions", "2 possible matches"),
        clock("6 h 17 m late", "01:45", "late", 100),
        2,
        MARA,
    ),
    _row(
        ("Osei Textiles", "ON-2398"),
        ("Approve client", "All checks complete"),
        clock("2 h 34 m late", "05:28", "late", 100),
        1,
        YARA,
    ),
    _row(
        ("Tidewell Energy", "ON-2431"),
        ("Enhanced due diligence", "Source of funds missing"),
        clock("45 m late", "07:17", "late", 100),
        2,
    ),
)
TODAY = (
    _row(
        ("Harbour & Pine", "ON-2440"),
        ("Approve client", "All checks complete"),
        clock("20 m 00 s left", "08:22", "risk", 96),
        0,
        YARA,
    ),
    _row(
        ("Maru Ceramics", "ON-2436"),
        ("Legal review", "1 clause changed by client"),
        clock("1 h 05 m left", "09:07", "risk", 90),
        0,
        JOSE,
    ),
    _row(
        ("Verband der mittelständischen Zulieferbetriebe Norddeutschlands e. V.", "ON-2442"),
        ("Approve client", "All checks complete, with a note of two lines from the desk before"),
        clock("2 h 08 m left", "10:10", "risk", 84),
        1,
        LONG,
    ),
    _row(
        ("Brightwater Foods", "ON-2446"),
        ("Check completeness", "Passed 9 of 11 items"),
        clock("6 h 39 m left", "14:41", "neutral", 16),
        0,
    ),
)
LATER = (
    _row(
        ("Verdant Agritech", "ON-2429"),
        ("Enhanced due diligence", "Interview booked"),
        clock("1 d 4 h left", "12:29", "neutral", 55, day=22),
        2,
        PRIYA,
    ),
    _row(
        ("Lindqvist Marine", "ON-2450"),
        ("Approve client", "All checks complete"),
        clock("1 d 9 h left", "17:04", "neutral", 30, day=22),
        0,
        YARA,
    ),
)
HEAD = Head(
    "Client onboarding",
    (Link("130 cases in flight"), MODEL, Link("2 changes proposed", "/changes")),
    (
        Act("Export CSV", "/work.csv", "download"),
        Act("New case", "/start", "plus", primary=True),
    ),
)
NOTHING = Empty(
    "All done", "No task is open for this post. New ones appear here by themselves.", icon="check"
)
NO_MATCH = Empty(
    "Nothing matches",
    "Eleven tasks are open, and none of them is in this step.",
    Link("Clear filters", "/work"),
    "filter",
)
TABS = (
    Tab("All open", "/work", current=True, count="9"),
    Tab("Overdue", "/work?view=overdue", count="3"),
    Tab("Due today", "/work?view=today", count="4"),
    Tab("Mine", "/work?view=mine", count="3"),
    Tab("Unassigned", "/work?view=unassigned", count="2"),
)


def flow_chart() -> Chart:
    """Return the chart of the last 24 hours."""
    done = (2, 1, 4, 0, 1, 1, 4, 9, 13, 15, 15, 10, 12, 16, 17, 13, 10, 7, 6, 7, 6, 5, 6)
    come = (3, 1, 0, 1, 5, 4, 4, 9, 16, 15, 17, 12, 9, 13, 17, 14, 9, 7, 6, 7, 5, 2, 3)

    def points(values: tuple[int, ...]) -> str:
        return "M" + "L".join(
            f"{26 + i * 12.4:.1f} {150 - v * 6.5:.1f}" for i, v in enumerate(values)
        )

    rows = tuple(
        (Cell(f"{(8 + i) % 24:02}:00"), Cell(str(d), number=True), Cell(str(c), number=True))
        for i, (d, c) in enumerate(zip(done, come, strict=True))
    )
    columns = (Column("Hour"), Column("Completed", number=True), Column("Arrived", number=True))
    return Chart(
        id="flow-chart",
        title="Flow, last 24 hours",
        unit="cases an hour",
        width="330",
        height="172",
        left="26",
        right="300",
        top="20",
        bottom="150",
        series=(
            Series(
                "Arrived", points(come), last_x="298.8", last_y="130.5", last_text="3", dashed=True
            ),
            Series("Completed", points(done), f"{points(done)}V150H26Z", "298.8", "111", "6"),
        ),
        across=(
            Tick("26", "08:00"),
            Tick("100", "14:00"),
            Tick("175", "20:00"),
            Tick("249", "02:00"),
            Tick("299", "now"),
        ),
        up=(
            Tick("150", "0"),
            Tick("117.5", "5"),
            Tick("85", "10"),
            Tick("52.5", "15"),
            Tick("20", "20"),
        ),
        table=Table("Cases completed and arrived, by hour", columns, rows),
    )


SLOW = (
    SlowStep(
        "Screen sanctions",
        "KYC analyst",
        "/processes/client-onboarding?step=screen",
        "1.6×",
        Bar(80, "1.6 times its target", 50, "late"),
    ),
    SlowStep(
        "Enhanced due diligence",
        "KYC lead",
        "/processes/client-onboarding?step=edd",
        "1.6×",
        Bar(78, "1.6 times its target", 50, "late"),
    ),
    SlowStep(
        "Legal review",
        "Legal",
        "/processes/client-onboarding?step=legal",
        "1.1×",
        Bar(52, "1.1 times its target", 50, "risk"),
    ),
    SlowStep(
        "Approve client",
        "Onboarding lead",
        "/processes/client-onboarding?step=approve",
        "0.9×",
        Bar(44, "0.9 times its target", 50),
    ),
)
FLOW_METRICS = (
    Metric("Completed", "190", swatch="solid"),
    Metric("Arrived", "184", swatch="dashed"),
    Metric("Median time to decide", "3.4 d", "0.6 d", "down", "good"),
)


def worklist(kind: str = "many") -> WorklistPage:
    """Return the worklist; kind: `many`, `one`, `empty` or `no-match`."""
    groups = {
        "many": (
            TaskGroup("Overdue", "3", Pill("Overdue", "late"), OVERDUE),
            TaskGroup("Due today", "4", Pill("Due today", "risk"), TODAY),
            TaskGroup("Later", "2", Pill("Later"), LATER),
        ),
        "one": (TaskGroup("Overdue", "1", Pill("Overdue", "late"), OVERDUE[:1]),),
    }.get(kind, ())
    filtered = kind in {"one", "no-match"}
    return WorklistPage(
        head=HEAD,
        tabs=TABS,
        groups=groups,
        pager=Pager("1–9 of 9") if kind == "many" else Pager("1–1 of 1"),
        empty=NO_MATCH if filtered else NOTHING,
        map=onboarding_map(chosen="screen" if filtered else ""),
        chips=(Chip("Step: Screen sanctions", "/work"),) if filtered else (),
        clear_url="/work" if filtered else "",
        filters=(
            Field(
                "choice",
                "step",
                "Step",
                required=False,
                options=tuple(
                    Option(v, v)
                    for v in (
                        "Register application",
                        "Check completeness",
                        "Screen sanctions",
                        "Rate risk",
                        "Approve client",
                    )
                ),
            ),
            Field(
                "choice",
                "risk",
                "Risk",
                required=False,
                options=(Option("low", "Low"), Option("medium", "Medium"), Option("high", "High")),
            ),
        ),
        fresh=Link("3 new", "/work") if kind == "many" else None,
        metrics=FLOW_METRICS,
        flow=flow_chart(),
        slow=SLOW,
    )


def sign_in(*, wrong: bool = False) -> SignInPage:
    """Return the sign-in page; wrong: after a refused attempt."""
    error = "The user name or the password is not right. Check both and try again."
    fields = (
        Field(
            "text",
            "name",
            "User name",
            "yara" if wrong else "",
            autofill="username",
            error=error if wrong else "",
        ),
        Field("password", "password", "Password", autofill="current-password"),
    )
    errors = (FormError("field-name", error),) if wrong else ()
    return SignInPage(
        "Larkfield Supply",
        Form("/sign-in", "Sign in", "", (FieldGroup("", fields),), errors),
        demo=(
            (Act("Yara Berg", "/sign-in/try", post=True), "Onboarding lead"),
            (Act("Mara Lindt", "/sign-in/try", post=True), "KYC analyst"),
            (Act("Sven Olsen", "/sign-in/try", post=True), "Compliance officer"),
        ),
    )


def search(*, empty: bool = False) -> SearchPage:
    """Return what is found for a word."""
    if empty:
        return search_page("", ())
    groups = (
        Hits("starts", "Start", (Hit("Start: Client onboarding", "/start/x", "New case"),)),
        Hits(
            "cases",
            "Cases",
            (Hit("Osei Textiles", "/cases/ON-2417", "ON-2417 · Client onboarding · In review"),),
            Link("All 130", "/cases"),
        ),
        Hits("people", "People", (Hit("Yara Okafor", "/people/yara", "Onboarding lead"),)),
        Hits("parts", "Model", (Hit("Approve client", "/model/x", "Step · workflow/onboarding"),)),
    )
    return search_page("onboarding", groups)
