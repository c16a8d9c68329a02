"""A tiny world for the queries: six claims whose every number can be worked out by hand."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from uuid import UUID, uuid4  # noqa: TID251 - a request's key comes from outside.

import tests.engine
from kingpost.decisions.case import Case
from kingpost.decisions.commands import (
    Actor,
    Assign,
    Command,
    Complete,
    Decide,
    Deliver,
    Facts,
    Raise,
    Start,
)
from kingpost.decisions.decide import begin, decide
from kingpost.decisions.program import Program
from kingpost.decisions.transition import Transition
from kingpost.engine import register
from kingpost.engine.company import Company
from kingpost.engine.register import Appointment
from kingpost.model.model import Model
from kingpost.notation.reading import read_model
from kingpost.store import cases
from kingpost.store.pool import Database
from kingpost.store.reading.people import moment
from kingpost.values.identity import identify
from tests.engine.office import HOLDERS, LONG_AGO

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

# What these tests ask for beyond the company of the engine's tests.
_CHANGES = {
    "    owner: lead\n    evidence": "    owner: lead\n    within: 2 days\n    evidence",
    "  trust: {title: Customers trust us, owner: head}\n": """
  trust: {title: Customers trust us, owner: head}
  fast:
    title: Claims are fast
    owner: lead
    serves: [trust]
    measures:
      time:   {title: Time, metric: claim-time, target: "<= 5 days"}
      prompt: {title: Prompt, metric: examined-in-time, target: ">= 60 %", at-risk: "< 70 %"}
      few:    {title: Few big ones, metric: big-in-flight, target: "< 1"}
""",
    "    serves: [trust]\n    promise": "    serves: [fast]\n    promise",
    "metrics:\n": """metrics:
  in-flight:      {title: In flight, count-of: workflow/claim}
  big-in-flight:  {title: Big ones in flight, count-of: workflow/claim, where: "claim.amount > 500"}
  examining:      {title: Being examined, count-of: workflow/claim/step/examine}
  waiting-now:    {title: Waiting now, count-of: workflow/claim/state/waiting}
  closed-lately:  {title: Closed lately, count-of: workflow/claim, window: 7 days}
  slow-suspicion: {title: Slow suspicion, percentile-85-of: workflow/claim/step/suspect}
  mean-time:      {title: Mean time, mean-of: workflow/claim}
""",
}


@cache
def model() -> Model:
    text = (Path(next(iter(tests.engine.__path__))) / "company.yaml").read_text()
    for old, new in _CHANGES.items():
        assert old in text, old
        text = text.replace(old, new, 1)
    reading = read_model({"company.yaml": text})
    assert reading.model is not None, [str(item) for item in reading.diagnostics]
    return reading.model


@dataclass
class Claims:
    """The insurer at work at chosen times. now: of the database, when it was opened."""

    company: Company
    now: datetime
    appointments: dict[str, UUID] = field(default_factory=dict[str, UUID])
    cases: dict[str, Case] = field(default_factory=dict[str, Case])

    @classmethod
    def opened(cls, database: Database) -> "Claims":
        company = Company(database)
        company.load(model())
        register.keep_people(company, ((name, name.title()) for name in HOLDERS))
        wishes = [Appointment(name, post, LONG_AGO) for name, post in HOLDERS.items()]
        made = register.appoint(company, wishes, by="test")
        with database.connection() as connection:
            now = moment(connection)
        return cls(company, now, dict(zip(HOLDERS, made, strict=True)))

    @property
    def database(self) -> Database:
        return self.company.database

    @property
    def program(self) -> Program:
        return self.company.active()

    def six(self) -> None:
        """Play the six claims. Times are from the start of each.

        A  12 days ago: cleared after 2 h, examined 1 d, approved 2 d, paid 3 d
        B   8 days ago: cleared after 1 h, examined 3 d (late), rejected 4 d
        C   5 days ago: cleared after 1 h; being examined (overdue), of 900
        D   1 hour ago: taken on by anna; looked at for fraud
        E   1 day  ago: cleared after 1 h, suspended 2 h
        F   3 days ago: cleared after 1 h, examined 36 h; waits for its approval
        """
        self.start("A", 12 * DAY)
        self.decide("A", "suspect", "clear", "carl", 2 * HOUR)
        self.do("A", Complete(self.task("A", "examine"), {"report": "fine"}), "anna", DAY)
        self.decide("A", "approve", "approve", "leo", 2 * DAY)
        self.do("A", Deliver(self.task("A", "payment"), "paid-out"), "", 3 * DAY)
        self.start("B", 8 * DAY)
        self.decide("B", "suspect", "clear", "carl", HOUR)
        self.do("B", Complete(self.task("B", "examine"), {"report": "odd"}), "ben", 3 * DAY)
        self.decide("B", "approve", "reject", "leo", 4 * DAY, reason="The roof was old")
        self.start("C", 5 * DAY, amount="900")
        self.decide("C", "suspect", "clear", "carl", HOUR)
        self.start("D", HOUR)
        self.do("D", Assign(self.task("D", "examine"), "anna"), "anna", HOUR / 2)
        self.start("E", DAY)
        self.decide("E", "suspect", "clear", "carl", HOUR)
        self.do("E", Raise(self.task("E", "examine"), "info-missing"), "anna", 2 * HOUR)
        self.start("F", 3 * DAY)
        self.decide("F", "suspect", "clear", "carl", HOUR)
        self.do("F", Complete(self.task("F", "examine"), {"report": "fine"}), "anna", 36 * HOUR)

    def start(self, name: str, ago: timedelta, amount: str = "200") -> None:
        at = self.now - ago
        case = begin(self.program, "claim", identify(at, name), f"CLM-{name}", at)
        self.cases[name] = case
        fields = {"claimant": f"Claimant {name}", "amount": amount}
        self.do(name, Start(fields), "anna", timedelta(0))

    def decide(
        self, name: str, step: str, outcome: str, person: str, after: timedelta, reason: str = ""
    ) -> None:
        command = Decide(self.task(name, step), outcome, reason=reason)
        self.do(name, command, person, after)

    def do(self, name: str, command: Command, person: str, after: timedelta) -> None:
        """Decide and record as the engine does, but at another time. No person is the bank."""
        case = self.cases[name]
        at = case.started_at + after
        with self.database.connection() as connection:
            _, held, _ = cases.read_facts(connection, None, None, person)
            actor = Actor(person, None, held) if person else Actor(interface="bank")
            facts = Facts(at, at, actor, vacant=frozenset(), seed=bytes(range(32)))
            outcome = decide(self.program, case, command, facts)
            assert isinstance(outcome, Transition), str(outcome)
            cases.record(connection, outcome, command=uuid4(), fingerprint="test")
        self.cases[name] = outcome.case

    def task(self, name: str, step: str) -> str:
        token = self.cases[name].at(step)
        assert token is not None
        return token.id
