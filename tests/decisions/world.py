"""A small company for the tests: an insurer that takes claims in, checks, approves and pays them.

Its model is built from the values themselves, so that these tests need no notation.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from kingpost.decisions.case import Case, Plain, Token
from kingpost.decisions.commands import Actor, Command, Delegation, Facts, Holding, Start
from kingpost.decisions.decide import begin, decide
from kingpost.decisions.program import Program, compile_model
from kingpost.decisions.refusals import Refusal
from kingpost.decisions.transition import Transition
from kingpost.model.assurance import Evidence, Framework, Obligation
from kingpost.model.intent import (
    Comparison,
    Metric,
    MetricKind,
    Objective,
    Population,
    Stage,
    Target,
    ValueStream,
)
from kingpost.model.interfaces import Interface
from kingpost.model.model import Model
from kingpost.model.objects import BusinessObject, Field, FieldClass, FieldType, Move, State
from kingpost.model.organisation import Grant, Post, Role, Unit, Vacancy
from kingpost.model.rules import HitPolicy, Input, Output, Rule
from kingpost.model.workflow import (
    Addressee,
    Awaited,
    Begin,
    Branch,
    Cause,
    Decision,
    Due,
    End,
    Ending,
    Exceptional,
    JoinKind,
    Outcome,
    Parallel,
    Route,
    RuleStep,
    Step,
    Task,
    Wait,
    Workflow,
)
from kingpost.values.business_time import Calendar, Opening
from kingpost.values.span import Span

# A Monday, 09:00 in Lisbon.
MONDAY = datetime(2026, 11, 16, 9, tzinfo=UTC)
CASE = UUID("0199a000-0000-7000-8000-000000000001")
SEED = bytes(range(32))

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def by_id(items: Iterable[Any]) -> dict[str, Any]:
    return {item.id: item for item in items}


def to(go: str, when: str | None = None) -> tuple[Route, ...]:
    return (Route(go, when),)


OFFICE = Calendar(
    "office",
    "Europe/Lisbon",
    tuple(Opening(day, 8 * 60, 18 * 60) for day in range(5)),
    frozenset({datetime(2026, 12, 25, tzinfo=UTC).date()}),
)
ALWAYS = Calendar("always", "Europe/Lisbon")

CLAIM = BusinessObject(
    id="claim",
    title="Claim",
    custodian="lead",
    fields=(
        Field("claimant", "Claimant", FieldType.TEXT, required=True, privacy=FieldClass.PERSONAL),
        Field("amount", "Amount", FieldType.DECIMAL),
        Field("level", "Level", FieldType.CHOICE, ("low", "high")),
        Field("group", "Group", FieldType.POST),
        Field("note", "Note", FieldType.TEXT, privacy=FieldClass.SENSITIVE),
        Field("report", "Report", FieldType.TEXT),
        Field("urgent", "Urgent", FieldType.YES_NO),
        Field("pages", "Pages", FieldType.INTEGER),
        Field("happened-on", "Happened on", FieldType.DATE),
        Field("called-at", "Called at", FieldType.DATETIME),
        Field("driven", "Driven", FieldType.DURATION),
    ),
    states=(
        State("new", "New", begin=True),
        State("active", "Active"),
        State("waiting", "Waiting"),
        State("settled", "Settled", always="claim.amount != null"),
        State("paid", "Paid", end=True),
        State("rejected", "Rejected", end=True),
    ),
    moves=(
        Move("new", "active"),
        Move("new", "waiting"),
        Move("new", "settled"),
        Move("active", "waiting"),
        Move("waiting", "active"),
        Move("waiting", "new"),
        Move("waiting", "settled"),
        Move("active", "settled"),
        Move("settled", "active"),
        Move("settled", "paid"),
        Move("*", "rejected"),
    ),
)

LEVELS = Rule(
    id="levels",
    title="Level from amount",
    object="claim",
    hit_policy=HitPolicy.UNIQUE,
    inputs=(Input("amount", "claim.amount"),),
    outputs=(Output("level"),),
    rows=(("< 1000", '"low"'), (">= 1000", '"high"')),
)

STEPS: tuple[Step, ...] = (
    RuleStep("classify", "Classify", then=to("handling"), rule="levels"),
    Parallel(
        "handling",
        "Handle the claim",
        then=to("approve"),
        due=Due(field="level", spans=(("low", Span(4, "day")), ("high", Span(8, "hour", True)))),
        join=JoinKind.NAMED,
        named=("work",),
        branches=(
            Branch(
                "work",
                "Work",
                (
                    Task(
                        "intake",
                        "Take the claim in",
                        then=(Route("done", "claim.urgent = true"), Route("examine")),
                        role="clerk",
                        to=Addressee("group-a", "group"),
                        records=("amount", "group", "urgent", "note"),
                        requires=("amount",),
                    ),
                    Task(
                        "examine",
                        "Examine",
                        state="active",
                        then=to("done"),
                        discharges=("report-kept",),
                        due=Due(Span(2, "day", True)),
                        role="handler",
                        to=Addressee("group-a", "group"),
                        records=(
                            "report",
                            "pages",
                            "happened-on",
                            "called-at",
                            "driven",
                            "group",
                            "level",
                        ),
                    ),
                ),
            ),
            Branch(
                "fraud",
                "Look for fraud",
                (
                    Decision(
                        "suspect",
                        "Is it suspicious?",
                        then=(),
                        due=Due(Span(4, "hour")),
                        role="checker",
                        shows=("claimant", "amount"),
                        outcomes=(
                            Outcome("clear", "Clear", then=to("done")),
                            Outcome("again", "Look again", then=to("suspect")),
                        ),
                    ),
                ),
            ),
        ),
    ),
    Decision(
        "approve",
        "Is the claim approved?",
        state="settled",
        role="approver",
        to=Addressee("lead"),
        due=Due(Span(1, "day", True)),
        discharges=("high-approved",),
        separate_from=("intake", "examine"),
        shows=("claimant", "amount", "report"),
        outcomes=(
            Outcome("approve", "Approve", records=("amount",), then=to("payment")),
            Outcome("reject", "Reject", reason=True, then=to("rejected")),
            Outcome(
                "send-back",
                "Send back",
                reason=True,
                records=("report",),
                requires=("report",),
                then=to("rework"),
            ),
        ),
    ),
    Task(
        "rework",
        "Examine again",
        state="active",
        then=to("approve"),
        due=Due(Span(1, "day")),
        role="handler",
        to=Addressee("group-a", "group"),
        records=("report", "group"),
        requires=("report",),
    ),
    Wait(
        "payment",
        "The bank has paid",
        then=to("paid"),
        role="handler",
        records=("report",),
        limit=Span(10, "day"),
        messages=(
            Awaited("paid-out", "Paid out", ("interface/bank",), to("paid")),
            Awaited("complaint", "Complaint", ("role/clerk",), to("rework")),
        ),
    ),
    End("paid", "Paid", state="paid"),
    End("rejected", "Rejected", state="rejected"),
)

EXCEPTIONS = (
    Exceptional(
        "info-missing",
        "Information is missing",
        Cause.PARTY,
        raised_by=("clerk", "handler"),
        steps=("intake", "examine", "rework", "payment"),
        state="waiting",
        stops_clocks=True,
        endings=(Ending("answered", "Answered"), Ending("solved", "Solved", completes=True)),
    ),
    Exceptional(
        "police-asks",
        "The police asks for the file",
        Cause.REGULATION,
        raised_by=("checker", "handler"),
        steps=("intake", "examine", "suspect"),
        endings=(Ending("returned", "File returned"),),
    ),
    Exceptional(
        "withdrawn",
        "The claimant withdraws",
        Cause.PARTY,
        raised_by=("clerk",),
        steps=("approve", "rework", "payment"),
        divert="rejected",
    ),
)

WORKFLOW = Workflow(
    id="claim",
    title="Claim",
    object="claim",
    owner="head",
    prefix="CLM",
    begins=Begin(
        form=("claimant", "amount", "level", "group", "note"),
        roles=("clerk",),
        interfaces=("portal",),
    ),
    steps=STEPS,
    exceptions=EXCEPTIONS,
)

MODEL = Model(
    company="Harbour Mutual",
    zone="Europe/Lisbon",
    calendars={"office": OFFICE, "always": ALWAYS},
    objectives=by_id(
        (
            Objective("trust", "Customers trust us", "head"),
            Objective("fast", "Claims are settled fast", "lead", parents=("trust",)),
        )
    ),
    streams=by_id(
        (
            ValueStream(
                "claims",
                "From damage to money",
                serves=("fast",),
                promise="approve-in-time",
                promise_target=Target(Comparison.AT_LEAST, Decimal(90)),
                stages=(
                    Stage(
                        "settle",
                        "Settle",
                        ("claim",),
                        entry='claim.claimant != "nobody"',
                        exit='claim.report != "unfinished"',
                    ),
                ),
            ),
        )
    ),
    units=by_id(
        (
            Unit("company", "Company", "always"),
            Unit("claims", "Claims", "office", parent="company"),
        )
    ),
    roles=by_id(
        (
            Role("clerk", "Clerk"),
            Role("handler", "Handler"),
            Role("checker", "Checker"),
            Role("approver", "Approver"),
        )
    ),
    posts=by_id(
        (
            Post(
                "head",
                "Head of claims",
                "company",
                roles=("approver",),
                authority=(Grant("claim", "approve", ("approve", "reject", "send-back")),),
            ),
            Post(
                "lead",
                "Team lead",
                "claims",
                reports_to="head",
                roles=("approver", "handler"),
                authority=(
                    Grant("claim", "approve", ("approve",), "claim.amount <= 500"),
                    Grant("claim", "approve", ("reject", "send-back")),
                    Grant("claim", "suspect", ("clear",)),
                ),
                vacancy=Vacancy.POST,
                falls_to="deputy",
            ),
            Post("deputy", "Deputy", "claims", reports_to="lead", vacancy=Vacancy.SUPERIOR),
            Post(
                "group-a",
                "Group A",
                "claims",
                reports_to="lead",
                roles=("clerk", "handler"),
                seats=5,
                vacancy=Vacancy.SUPERIOR,
            ),
            Post(
                "group-b",
                "Group B",
                "company",
                reports_to="lead",
                roles=("clerk", "handler"),
                vacancy=Vacancy.HOLD,
            ),
            Post(
                "checker",
                "Fraud checker",
                "company",
                reports_to="head",
                roles=("checker",),
                authority=(Grant("claim", "suspect", ("clear", "again")),),
            ),
        )
    ),
    objects={"claim": CLAIM},
    rules={"levels": LEVELS},
    interfaces=by_id((Interface("portal", "Portal"), Interface("bank", "Bank"))),
    workflows={"claim": WORKFLOW},
    metrics=by_id(
        (
            Metric(
                "approve-in-time",
                "Approved in time",
                MetricKind.SHARE,
                Population.STEP,
                "claim",
                "approve",
                within_due=True,
            ),
            Metric("claim-time", "Time of a claim", MetricKind.MEDIAN, Population.CASE, "claim"),
            Metric(
                "small",
                "Small claims",
                MetricKind.SHARE,
                Population.CASE,
                "claim",
                where="claim.amount < 100",
            ),
            Metric("waits", "Time waiting", MetricKind.MEAN, Population.STATE, "claim", "waiting"),
            Metric(
                "high-closed",
                "High claims closed",
                MetricKind.COUNT,
                Population.CASE,
                "claim",
                where='claim.level = "high"',
            ),
        )
    ),
    frameworks=by_id((Framework("solvency", "Solvency rules", "2025"),)),
    obligations=by_id(
        (
            Obligation(
                "report-kept",
                "The report is kept",
                "solvency",
                "S-1",
                "lead",
                Evidence((("claim", "examine"),), ("report",)),
            ),
            Obligation(
                "high-approved",
                "High claims are approved within three days",
                "solvency",
                "S-2",
                "head",
                Evidence((("claim", "approve"),), ("amount",)),
                applies='claim.level = "high"',
                within=Span(3, "day"),
            ),
        )
    ),
    governance=(),
)


def right_of(person: str, post: str) -> str:
    return str(
        UUID(int=sum(ord(letter) << 8 * n for n, letter in enumerate(f"{person}{post}"[:15])))
    )


def person(name: str, *posts: str, acting_as: str | None = None) -> Actor:
    """Return somebody who holds posts."""
    holdings = tuple(Holding(post, right_of(name, post)) for post in posts)
    return Actor(person=name, holdings=holdings, acting_as=acting_as)


def lent(
    name: str,
    giver: str,
    post: str,
    *,
    workflows: tuple[str, ...] = (),
    outcomes: tuple[str, ...] = (),
    when: str | None = None,
) -> Actor:
    """Return somebody to whom another has lent the authority of a post."""
    delegation = Delegation(right_of(name, giver), giver, workflows, outcomes, when)
    holding = Holding(post, right_of(giver, post), delegation=delegation)
    return Actor(person=name, holdings=(holding,))


ANNA = person("anna", "group-a")
BEN = person("ben", "group-a")
BRITTA = person("britta", "group-b")
LEO = person("leo", "lead")
HEDY = person("hedy", "head")
CHRIS = person("chris", "checker")
DORA = person("dora", "deputy")
PORTAL = Actor(interface="portal")
BANK = Actor(interface="bank")


def model_with(
    *,
    steps: tuple[Step, ...] = STEPS,
    exceptions: tuple[Exceptional, ...] = EXCEPTIONS,
    claim: BusinessObject = CLAIM,
    rule: Rule = LEVELS,
    obligations: Mapping[str, Obligation] = MODEL.obligations,
) -> Model:
    """Return the company with another flow, or with other elements."""
    workflow = replace(WORKFLOW, steps=steps, exceptions=exceptions)
    return replace(
        MODEL,
        workflows={"claim": workflow},
        objects={"claim": claim},
        rules={"levels": rule},
        obligations=obligations,
    )


PROGRAM = compile_model(MODEL)


@dataclass
class Desk:
    """A case and everything that happened to it: does commands one after the other."""

    program: Program = PROGRAM
    now: datetime = MONDAY
    workflow: str = "claim"
    case: Case = field(init=False)
    history: list[Transition] = field(default_factory=list[Transition])

    def __post_init__(self) -> None:
        self.case = begin(self.program, self.workflow, CASE, "CLM-1", self.now)

    def facts(self, actor: Actor, vacant: frozenset[str] | None = None) -> Facts:
        return Facts(self.now, self.now, actor, vacant, SEED)

    def try_(
        self, command: Command, actor: Actor, vacant: frozenset[str] | None = None
    ) -> Transition | Refusal:
        """Return what a command would bring about, or why not; the case stays as it is."""
        return decide(self.program, self.case, command, self.facts(actor, vacant))

    def do(
        self, command: Command, actor: Actor, vacant: frozenset[str] | None = None
    ) -> Transition:
        """Carry a command out. It must not be refused."""
        outcome = self.try_(command, actor, vacant)
        assert isinstance(outcome, Transition), str(outcome)
        self.case = outcome.case
        self.history.append(outcome)
        return outcome

    def start(self, **fields: Plain) -> Transition:
        return self.do(Start({"claimant": "Ines Prado", "amount": "200", **fields}), ANNA)

    def pass_time(self, length: timedelta) -> None:
        self.now += length

    def at(self, step: str) -> Token:
        token = self.case.at(step)
        assert token is not None, f"the case stands at {sorted(self.steps())}"
        return token

    def id(self, step: str) -> str:
        return self.at(step).id

    def steps(self) -> set[str]:
        return {token.step for token in self.case.tokens.values()}


def started(program: Program = PROGRAM, **fields: Plain) -> Desk:
    desk = Desk(program)
    desk.start(**fields)
    return desk
