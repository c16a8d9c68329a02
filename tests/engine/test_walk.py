"""A random walk over the engine and the real database, beside a small oracle written apart.

The oracle knows the test's company by heart: three sets and an amount for each claim. It says
whether a command is carried out and where the claim stands then; the engine must say the same.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import ClassVar
from uuid import UUID

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    precondition,
    rule,
    run_state_machine_as_test,
)

from kingpost.audit.auditing import audit
from kingpost.decisions.commands import (
    Command,
    Complete,
    Decide,
    Deliver,
    Raise,
    Record,
    Resolve,
    Start,
)
from kingpost.engine.perform import Done
from kingpost.engine.verify import verify
from tests.engine.office import Office, key

DESK = {"anna", "ben"}
APPROVERS = {"leo", "hedy"}
PEOPLE = st.sampled_from(["anna", "ben", "carl", "leo", "hedy", "stranger"])
AMOUNTS = st.sampled_from(["1", "500", "500.01", "20000"])
PICK = st.integers(0, 2**16)
# Of one walk; the size of the test counts the steps of all.
_STEPS = 40


@dataclass
class Claim:
    """What the oracle knows of a claim. seen: the last task at each step, open or not."""

    case: UUID
    amount: str
    open: set[str] = field(default_factory=lambda: {"examine", "suspect"})
    suspended: bool = False
    events: int = 1
    seen: dict[str, str] = field(default_factory=dict[str, str])

    def leave(self, step: str) -> None:
        self.open.discard(step)
        if step in {"examine", "suspect"} and not self.open:
            self.open = {"approve"}


class Walk(RuleBasedStateMachine):
    """Commands in any order by anybody."""

    office: ClassVar[Office]

    def __init__(self) -> None:
        super().__init__()
        self.claims: list[Claim] = []
        self.done: list[tuple[UUID, Command, str | None, str | None, Done]] = []

    @rule(person=PEOPLE, amount=AMOUNTS)
    def start(self, person: str, amount: str) -> None:
        answer = self.ask(Start({"claimant": "Zoë", "amount": amount}), person)
        assert isinstance(answer, Done) == (person in DESK), answer
        if isinstance(answer, Done):
            self.claims.append(Claim(answer.case, amount))
            self.check(self.claims[-1], answer)

    @precondition(lambda self: self.claims)
    @rule(pick=PICK, person=PEOPLE)
    def complete(self, pick: int, person: str) -> None:
        claim, task = self.pick(pick, "examine")
        may = "examine" in claim.open and not claim.suspended and person in DESK
        if self.expect(claim, Complete(task, {"report": "fine"}), person, may=may):
            claim.leave("examine")
            self.check(claim)

    @precondition(lambda self: self.claims)
    @rule(pick=PICK, person=PEOPLE, amount=AMOUNTS)
    def record(self, pick: int, person: str, amount: str) -> None:
        claim, task = self.pick(pick, "examine")
        may = "examine" in claim.open and person in DESK
        if self.expect(claim, Record(task, {"amount": amount}), person, may=may):
            claim.amount = amount
            self.check(claim)

    @precondition(lambda self: self.claims)
    @rule(pick=PICK, person=PEOPLE)
    def suspend(self, pick: int, person: str) -> None:
        claim, task = self.pick(pick, "examine")
        may = "examine" in claim.open and not claim.suspended and person in DESK
        if self.expect(claim, Raise(task, "info-missing", {}, "why"), person, may=may):
            claim.suspended = True
            self.check(claim)

    @precondition(lambda self: self.claims)
    @rule(pick=PICK, person=PEOPLE, solved=st.booleans())
    def resolve(self, pick: int, person: str, *, solved: bool) -> None:
        claim, task = self.pick(pick, "examine")
        may = claim.suspended and person in DESK
        command = Resolve(task, "solved", {"report": "x"}) if solved else Resolve(task, "answered")
        if self.expect(claim, command, person, may=may):
            claim.suspended = False
            if solved:
                claim.leave("examine")
            self.check(claim)

    @precondition(lambda self: self.claims)
    @rule(pick=PICK, person=PEOPLE, outcome=st.sampled_from(["clear", "again"]))
    def suspect(self, pick: int, person: str, outcome: str) -> None:
        claim, task = self.pick(pick, "suspect")
        may = "suspect" in claim.open and person == "carl"
        if self.expect(claim, Decide(task, outcome), person, may=may):
            if outcome == "clear":
                claim.leave("suspect")
            self.check(claim)

    @precondition(lambda self: self.claims)
    @rule(pick=PICK, person=PEOPLE, outcome=st.sampled_from(["approve", "reject"]))
    def approve(self, pick: int, person: str, outcome: str) -> None:
        claim, task = self.pick(pick, "approve")
        enough = person == "hedy" or (person == "leo" and float(claim.amount) <= 500)
        may = "approve" in claim.open and enough
        if self.expect(claim, Decide(task, outcome, reason="because"), person, may=may):
            claim.open = {"payment"} if outcome == "approve" else set()
            self.check(claim)

    @precondition(lambda self: self.claims)
    @rule(pick=PICK, person=PEOPLE)
    def withdraw(self, pick: int, person: str) -> None:
        claim, task = self.pick(pick, "approve")
        may = "approve" in claim.open and person in APPROVERS
        if self.expect(claim, Raise(task, "withdrawn"), person, may=may):
            claim.open = set()
            self.check(claim)

    @precondition(lambda self: self.claims)
    @rule(pick=PICK, interface=st.sampled_from(["bank", "portal"]))
    def pay(self, pick: int, interface: str) -> None:
        claim, task = self.pick(pick, "payment")
        may = "payment" in claim.open and interface == "bank"
        if self.expect(claim, Deliver(task, "paid-out"), None, interface=interface, may=may):
            claim.open = set()
            self.check(claim)

    @precondition(lambda self: self.done)
    @rule(pick=PICK)
    def repeat(self, pick: int) -> None:
        again, command, person, interface, first = self.done[pick % len(self.done)]
        answer = self.office.ask(command, person, interface=interface, again=again)
        assert answer == Done(first.case, first.number, first.seq, repeated=True)

    def pick(self, pick: int, step: str) -> tuple[Claim, str]:
        claim = self.claims[pick % len(self.claims)]
        return claim, claim.seen.get(step, str(claim.case))

    def expect(
        self,
        claim: Claim,
        command: Command,
        person: str | None,
        *,
        may: bool,
        interface: str | None = None,
    ) -> bool:
        answer = self.ask(command, person, interface)
        assert isinstance(answer, Done) == may, (command, person, interface, claim, str(answer))
        claim.events += may
        return may

    def ask(self, command: Command, person: str | None, interface: str | None = None) -> object:
        again = key()
        answer = self.office.ask(command, person, interface=interface, again=again)
        if isinstance(answer, Done):
            self.done.append((again, command, person, interface, answer))
        return answer

    def check(self, claim: Claim, first: Done | None = None) -> None:
        """Compare where the claim stands with what the oracle says."""
        case = self.office.case(claim.case)
        standing = {token.step: token.id for token in case.tokens.values()}
        standing.pop("handling", None)
        assert set(standing) == claim.open
        assert case.is_closed == (not claim.open)
        assert case.version == claim.events
        assert first is None or first.seq == 1
        claim.seen |= standing


@pytest.mark.slow
def test_the_engine_and_the_oracle_agree_step_by_step(
    office: Office, size: Callable[[int], int]
) -> None:
    walk = type("OfficeWalk", (Walk,), {"office": office})
    walks = -(-size(12 * _STEPS) // _STEPS)

    run_state_machine_as_test(
        walk, settings=settings(max_examples=walks, stateful_step_count=_STEPS, deadline=None)
    )

    assert verify(office.company).faults == ()
    assert list(audit(office.company.database)) == []
