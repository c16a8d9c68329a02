"""The test's company at work: people on their posts, and short words for what they do."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from uuid import UUID, uuid4  # noqa: TID251 - a request's key comes from outside.

from kingpost.decisions.case import Case
from kingpost.decisions.commands import Actor, Command, Complete, Decide, Facts, Start
from kingpost.decisions.decide import begin, decide
from kingpost.decisions.transition import Transition
from kingpost.engine import register
from kingpost.engine.company import Company
from kingpost.engine.perform import Asked, Done, perform
from kingpost.engine.register import Appointment
from kingpost.model.model import Model
from kingpost.notation.reading import read_model
from kingpost.store import cases
from kingpost.store.pool import Database
from kingpost.values.identity import identify

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
DECADES = timedelta(days=9000)

# Who holds what. Nobody is a fraud checker: that work falls to the team lead.
HOLDERS: Mapping[str, str] = {
    "anna": "desk",
    "ben": "desk",
    "carl": "check",
    "leo": "lead",
    "hedy": "head",
}


TEXT = (Path(__file__).parent / "company.yaml").read_text()


@cache
def model() -> Model:
    return read(TEXT)


def read(text: str) -> Model:
    """Return the model of a text that reads and acts."""
    reading = read_model({"company.yaml": text})
    assert reading.model is not None, [str(item) for item in reading.diagnostics]
    assert reading.diagnostics == (), [str(item) for item in reading.diagnostics]
    return reading.model


# The same company, which warns of examining and tells others that it is late.
WITH_A_LADDER = TEXT.replace(
    "                  due: 2 days\n",
    "                  due: 2 days\n"
    "                  warn: at 50 %\n"
    "                  escalate: [{to: check}, {after: 1 day, to: superior}]\n",
)
# And two of its posts repair what went wrong.
REPAIRED = WITH_A_LADDER.replace(
    "    prefix: CLM\n", "    prefix: CLM\n    repaired-by: [head, lead]\n"
)


def key() -> UUID:
    return uuid4()


@dataclass
class Office:
    """A company in a database of its own."""

    company: Company
    workflow: str = "claim"
    appointments: dict[str, UUID] = field(default_factory=dict[str, UUID])

    @classmethod
    def opened(
        cls,
        database: Database,
        holders: Mapping[str, str] = HOLDERS,
        *,
        text: str | None = None,
        workflow: str = "claim",
    ) -> "Office":
        """Open the test's company, or another that a text declares."""
        company = Company(database)
        company.load(model() if text is None else read(text))
        register.keep_people(company, ((name, name.title()) for name in {**HOLDERS, **holders}))
        wishes = [Appointment(name, post, LONG_AGO) for name, post in holders.items()]
        made = register.appoint(company, wishes, by="test")
        return cls(company, workflow, dict(zip(holders, made, strict=True)))

    def ask(
        self,
        command: Command,
        person: str | None = None,
        *,
        interface: str | None = None,
        again: UUID | None = None,
    ) -> object:
        """Ask for a command. again: the key of an earlier request."""
        workflow = self.workflow if isinstance(command, Start) else None
        asked = Asked(
            again or key(), command, person=person, interface=interface, workflow=workflow
        )
        return perform(self.company, asked)

    def do(self, command: Command, person: str | None = None, **other: str) -> Done:
        """Carry a command out; it must not be refused."""
        answer = self.ask(command, person, interface=other.get("interface"))
        assert isinstance(answer, Done), str(answer)
        return answer

    def start(self, amount: str = "200") -> UUID:
        return self.do(Start({"claimant": "Rita Prado", "amount": amount}), "anna").case

    def case(self, case: UUID) -> Case:
        with self.company.database.connection() as connection:
            found = cases.read_case(connection, case)
        assert found is not None
        return found

    def task(self, case: UUID, step: str) -> str:
        token = self.case(case).at(step)
        assert token is not None, self.steps(case)
        return token.id

    def steps(self, case: UUID) -> set[str]:
        return {token.step for token in self.case(case).tokens.values()}

    def examined(self, amount: str = "200") -> UUID:
        """Return a case that waits for its approval."""
        case = self.start(amount)
        self.do(Complete(self.task(case, "examine"), {"report": "fine"}), "anna")
        self.do(Decide(self.task(case, "suspect"), "clear"), "carl")
        return case

    def approved(self) -> UUID:
        """Return a case that waits for the bank."""
        case = self.examined()
        self.do(Decide(self.task(case, "approve"), "approve"), "leo")
        return case

    def paid_long_ago(self, days: int) -> UUID:
        """Return a case that waits for the bank since so many days."""
        at = datetime.now(UTC) - timedelta(days=days)  # noqa: TID251 - beside the database's clock.
        program = self.company.active()
        case = begin(program, "claim", identify(at, str(key())), f"OLD-{key()}", at)
        case = self.record_at(case, Start({"claimant": "Rita Prado", "amount": "200"}), "anna", at)
        case = self.record_at(case, Complete(_at(case, "examine"), {"report": "ok"}), "anna", at)
        case = self.record_at(case, Decide(_at(case, "suspect"), "clear"), "carl", at)
        return self.record_at(case, Decide(_at(case, "approve"), "approve"), "leo", at).id

    def begun_ago(self, age: timedelta) -> UUID:
        """Return a case that began so long ago, about which nothing was said since."""
        at = datetime.now(UTC) - age  # noqa: TID251 - beside the database's clock.
        case = begin(self.company.active(), "claim", identify(at, str(key())), f"OLD-{key()}", at)
        fields = {"claimant": "Rita Prado", "amount": "200"}
        return self.record_at(case, Start(fields), "anna", at).id

    def record_at(self, case: Case, command: Command, person: str, at: datetime) -> Case:
        """Decide and record as the engine does, but at another time."""
        with self.company.database.connection() as connection:
            _, held, now = cases.read_facts(connection, None, None, person)
            facts = Facts(at, now, Actor(person, None, held), seed=bytes(range(32)))
            outcome = decide(self.company.program(case.model), case, command, facts)
            assert isinstance(outcome, Transition), str(outcome)
            cases.record(connection, outcome, command=key(), fingerprint="test")
        return outcome.case

    def scalar(self, query: str, *values: object) -> object:
        """Return the only value of a query."""
        with self.company.database.connection() as connection:
            row = connection.execute(query.encode(), values).fetchone()
        assert row is not None
        return next(iter(row.values()))


def _at(case: Case, step: str) -> str:
    token = case.at(step)
    assert token is not None
    return token.id
