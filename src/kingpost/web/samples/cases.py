"""Invented cases: task, decision, timeline, data and trace."""

from dataclasses import replace

from kingpost.web.form_pieces import Field, FieldGroup, FieldKind, Form, FormError, Option
from kingpost.web.pieces import Act, Cell, Column, Link, Pager, Pill, Risk, Tab, Table
from kingpost.web.presenters import (
    CaseHead,
    CasePage,
    DecisionPage,
    Outcome,
    RuleResult,
    TaskPage,
    TaskRow,
)
from kingpost.web.record_pieces import (
    Change,
    Event,
    EventDay,
    Evidence,
    Fact,
    FactGroup,
)
from kingpost.web.samples.frame import JOSE, MARA, MODEL, YARA, at
from kingpost.web.samples.lines import ANSWERING, TRACE
from kingpost.web.samples.maps import onboarding_map
from kingpost.web.samples.work import clock

CASE = "/cases/ON-2398"
HEAD = CaseHead(
    title="Osei Textiles",
    code="ON-2398",
    url=CASE,
    kind="Client onboarding",
    state=Pill("Checked", "accent"),
    clock=clock("2 h 34 m late", "05:28", "late", 100),
    owner=YARA,
    post="Onboarding lead",
    step="Approve client",
    risk=Risk(2, "Medium"),
)
FACTS = (
    FactGroup(
        "Client",
        (
            Fact("Legal name", "Osei Textiles Ltd"),
            Fact("Country", "Ghana"),
            Fact("Trading since", "March 2009"),
            Fact("Directors", "Ama Osei, Kwame Boateng", note="personal"),
        ),
    ),
    FactGroup(
        "Request",
        (
            Fact("Credit line", "180,000.00 EUR", number=True),
            Fact("Risk band", "Medium", note="set by rule Risk band, version 3"),
            Fact("Credit score", "664", note="from the bureau, 18 Nov 2026", number=True),
        ),
    ),
)
EVIDENCE = (
    Evidence(
        "Certificate of incorporation",
        f"{CASE}/evidence/1",
        Pill("Approved", "good", "check"),
        "Uploaded by the client",
        at("18 Nov 10:12", "10:12", 18),
        "sha256 9f2c…41aa",
        (Link("KYC-4 Identify the client", "/obligations/kyc/4"),),
    ),
    Evidence(
        "Sanctions screening",
        f"{CASE}/evidence/2",
        Pill("Expires in 3 days", "risk", "clock"),
        "List provider, answer 8812",
        at("20 Nov 16:40", "16:40", 20),
        "sha256 07be…d3c5",
    ),
)
RULES = (
    RuleResult(
        "Risk band",
        Pill("Medium", "neutral", "rule"),
        "The score is 664 and the line is 2.1 times the yearly turnover, so the band is medium.",
        Link("rule Risk band, version 3, row 3", "/model/rules/risk-band"),
    ),
    RuleResult(
        "Sanctions",
        Pill("No match", "good", "check"),
        "No director or owner stands on a list of 20 November 2026.",
        Link("KYC-7 Screen before business begins", "/obligations/kyc/7"),
    ),
    RuleResult(
        "Credit limit",
        Pill("Exceeded", "late", "alert"),
        "The line of 180,000 EUR is above the limit of 150,000 EUR for the band medium.",
        Link("rule Credit limit, version 5", "/model/rules/credit-limit"),
    ),
)
DAYS = (
    EventDay(
        "Friday 20 November 2026",
        (
            Event(
                "event-7",
                at("16:40", "16:40", 20),
                "Screen sanctions completed",
                "check",
                "good",
                MARA,
                "KYC analyst",
                "No match after the second spelling was tried.",
                (Change("Screening", "open", "no match"), Change("Valid until", "", "24 Nov 2026")),
                (Link("model 4.2", "/model/4.2"), Link("KYC-7", "/obligations/kyc/7")),
                Pill("Sealed", "good", "seal"),
            ),
            Event(
                "event-6",
                at("15:02", "15:02", 20),
                "Clock of Screen sanctions ran out",
                "alert",
                "late",
                text="Escalated to the KYC lead, as the model says.",
            ),
        ),
    ),
    EventDay(
        "Wednesday 18 November 2026",
        (
            Event(
                "event-2",
                at("10:12", "10:12", 18),
                "Application registered",
                "file",
                actor=JOSE,
                post="Intake desk",
                changes=(Change("Credit line", "150,000.00 EUR", "180,000.00 EUR"),),
                seal=Pill("Sealed", "good", "seal"),
            ),
        ),
    ),
)


def form(act: str, *groups: FieldGroup, errors: tuple[FormError, ...] = ()) -> Form:
    """Return a form of the case."""
    return Form(
        f"{CASE}/tasks/4", act, "key-4", groups, errors, "7", cancel=Link("Not now", "/work")
    )


def field_of_each_kind(error: str = "") -> tuple[Field, ...]:
    """Return one field of each type; error: the words shown at every one."""
    plain: tuple[tuple[FieldKind, str, str, str, str], ...] = (
        ("text", "reference", "Reference of the client", "OT-2026-118", ""),
        ("long-text", "findings", "Findings", "Turnover confirmed by two sources.", ""),
        ("integer", "staff", "People employed", "84", ""),
        ("decimal", "ratio", "Equity ratio", "31.5", "%"),
        ("money", "line", "Credit line", "180,000.00", "EUR"),
        ("date", "founded", "Founded on", "2009-03-02", ""),
        ("datetime", "visit", "Site visit at", "2026-11-24T10:00", ""),
        ("duration", "terms", "Payment terms", "30 days", ""),
    )
    fields = [
        Field(kind, name, label, value, unit=unit, error=error)
        for kind, name, label, value, unit in plain
    ]
    bands = tuple(Option(v.lower(), v, v == "Medium") for v in ("Low", "Medium", "High"))
    lands = tuple(Option(v, v) for v in ("Benin", "Ghana", "Nigeria", "Senegal", "Togo"))
    fields += [
        Field(
            "yes-no",
            "owner-known",
            "Is the owner known?",
            options=(Option("yes", "Yes", chosen=True), Option("no", "No")),
            error=error,
        ),
        Field("choice", "band", "Risk band", options=bands, hint="As you judge it.", error=error),
        Field("choice", "country", "Country", options=lands, required=False, error=error),
        Field("choices", "markets", "Markets served", options=lands, required=False, error=error),
        Field(
            "document",
            "statement",
            "Annual statement",
            kept="statement-2025.pdf",
            hint="PDF, at most 20 MB.",
            accept=".pdf",
            error=error,
        ),
        Field("reference", "parent", "Parent company", required=False, suggest=lands, error=error),
    ]
    return tuple(fields)


def task(*, wrong: bool = False, blocked: bool = False) -> TaskPage:
    """Return a task; wrong: sent back with errors; blocked: not possible now."""
    error = "Write when the site visit is, or say why there is none."
    fields = tuple(
        replace(item, value="", error=error) if wrong and item.name == "visit" else item
        for item in field_of_each_kind()
    )
    errors = (FormError("field-visit", error),) if wrong else ()
    stale = Table(
        "What changed meanwhile",
        (Column("Field"), Column("Yours"), Column("Theirs")),
        ((Cell("Credit line"), Cell("180,000.00"), Cell("160,000.00", note="José, 08:01")),),
    )
    groups = (FieldGroup("", fields[:8]), FieldGroup("Judgement", fields[8:]))
    return TaskPage(
        case=replace(HEAD, step="Assess credit", owner=None if blocked else MARA),
        title="Assess credit",
        instruction="Read the annual statement and judge whether the client can carry the line.",
        form=form("Complete the assessment", *groups, errors=errors),
        facts=FACTS,
        evidence=EVIDENCE,
        discharges=(Link("KYC-4 Identify the client", "/obligations/kyc/4"),),
        blocked=("Mara Lindt registered this case; whoever registers may not assess it.",)
        if blocked
        else (),
        unblock=Link("Any other Credit analyst can: 3 are at work", "/org") if blocked else None,
        stale=stale if wrong else None,
        next_step="Then Rate risk begins, when the other two branches are done.",
        exceptions=(
            Act("A document is missing", f"{CASE}/raise/missing", post=True, key="r-1"),
            Act(
                "The client withdraws",
                f"{CASE}/raise/withdraws",
                post=True,
                key="r-2",
                confirm="End the case of Osei Textiles as withdrawn?",
            ),
        ),
        claim=Act("Claim", f"{CASE}/claim", "person-add", post=True, key="claim-9")
        if blocked
        else None,
    )


_VOTES = (
    "2 of 3 people must agree. Voted so far: Mara Lindt for “Approve client”. "
    "Still needed: 1 for “Approve client” or 2 for “Decline”."
)


def decision(*, wrong: bool = False, locked: bool = False, votes: bool = False) -> DecisionPage:
    """Return a decision.

    wrong: sent without a reason. locked: nobody here may decide. votes: several decide together.
    """
    error = "Write why. Taking a line above the limit needs a reason."
    reason = Field(
        "long-text",
        "reason",
        "Reason",
        hint="Required, because it goes against the recommendation.",
        error=error if wrong else "",
    )
    until = Field("date", "until", "Ask again on", "2026-12-01")
    outcomes = (
        Outcome(
            "approve",
            "Approve client",
            "Opens accounts and tells two posts.",
            why_not=(
                "Your authority as Onboarding lead ends at 150,000 EUR; this line is 180,000 EUR.",
            ),
            unblock=Link("Head of credit may approve up to 500,000 EUR", "/org/head-of-credit"),
        ),
        Outcome(
            "refer",
            "Refer to the head of credit",
            "Opens the same decision for the Head of credit, due Monday 12:00.",
            advice="The rule Credit limit sends lines above 150,000 EUR to the next post.",
            chosen=True,
        ),
        Outcome("ask", "Ask the client again", "Back to Check completeness.", (until,)),
        Outcome("decline", "Decline", "Sends the decline notice within 30 days."),
    )
    return DecisionPage(
        case=HEAD,
        question="May this client open accounts?",
        form=form(
            "Cast your vote" if votes else "Record the decision",
            errors=(FormError("field-reason", error),) if wrong else (),
        ),
        outcomes=outcomes,
        reason=reason,
        facts=FACTS,
        rules=RULES,
        evidence=EVIDENCE,
        history=DAYS[:1],
        authority="up to 150,000 EUR, as Onboarding lead",
        quorum=_VOTES if votes else "",
        separation="from whoever screened the client (Mara Lindt)",
        told=("Relationship desk", "Compliance officer"),
        discharges=(Link("KYC-9 Decide with reasons", "/obligations/kyc/9"),),
        locked="You screened this client, so somebody else must decide." if locked else "",
        exceptions=(Act("A document is missing", f"{CASE}/raise/missing", post=True, key="r-3"),),
    )


def case(tab: str = "timeline") -> CasePage:
    """Return the case page with one of its tabs: timeline, data, trace or map."""
    names = ("Timeline", "Data", "Trace", "Map")
    tabs = tuple(Tab(name, f"{CASE}/{name.lower()}", name.lower() == tab) for name in names)
    row = TaskRow(
        "on-2398-4",
        HEAD.title,
        HEAD.code,
        f"{CASE}/tasks/4",
        "Approve client",
        "All checks complete",
        HEAD.clock,
        Act("Decide", f"{CASE}/tasks/4", primary=True),
        None,
        YARA,
    )
    page = CasePage(
        case=HEAD,
        tabs=tabs,
        acts=(
            Act("Add a note", f"{CASE}/note", "edit"),
            Act(
                "Suspend",
                f"{CASE}/suspend",
                "pause",
                post=True,
                key="s-1",
                confirm="Suspend Osei Textiles and stop its clocks?",
            ),
        ),
        answering=ANSWERING,
        open_tasks=(row,),
        blocked=(("Withdraw", "Only the client or the Intake desk may withdraw this case."),),
        kinds=(
            Tab("All", f"{CASE}/timeline", current=True),
            Tab("Decisions", f"{CASE}/timeline?kind=decisions"),
            Tab("Changes", f"{CASE}/timeline?kind=changes"),
        )
        if tab == "timeline"
        else (),
        evidence=EVIDENCE if tab == "data" else (),
        facts=(
            FactGroup(
                "",
                (
                    Fact("Opened", "18 Nov 2026, 10:12"),
                    Fact("Age", "2 d 22 h"),
                    Fact("Rules", MODEL.text, MODEL.url),
                ),
            ),
        ),
        pager=Pager("1–3 of 3") if tab == "timeline" else None,
    )
    if tab == "timeline":
        return replace(page, days=DAYS)
    if tab == "data":
        return replace(page, data=FACTS)
    if tab == "trace":
        return replace(page, trace=TRACE)
    return replace(page, path=onboarding_map(name="path", title="The way of this case"))
