"""A random walk over decisions of several people, beside an oracle written apart.

Two of three must agree, by votes that may say another amount; one vote is a veto. The oracle knows
the bank by heart: who may vote for what, which votes count for which amount, and when they lapse.
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
from kingpost.decisions.commands import Command, Complete, Decide, Record, Start
from kingpost.engine.perform import Done
from kingpost.engine.verify import verify
from kingpost.store.pool import Database as Pool
from tests.database import Database
from tests.decisions.loan import LOAN
from tests.engine.office import Office

BANK = {
    "dina": "desk",
    "ada": "board",
    "bo": "board",
    "cy": "board",
    "di": "board",
    "ella": "chair",
}
NEEDED, ASKED, BOARD_MAX = 2, 3, 500
PERSON = st.sampled_from(sorted(BANK))
VOTER = st.sampled_from(["ada", "bo", "cy", "di", "ella", "ella", "dina"])
AMOUNT = st.sampled_from(["400", "450", "800"])
OUTCOME = st.sampled_from(["grant"] * 6 + ["decline"] * 3 + ["fraud"])
PICK = st.integers(0, 2**16)
OPEN_MAX = 2
# Of one walk; the size of the test counts the steps of all.
_STEPS = 30


@dataclass
class Loan:
    """What the oracle knows of a loan. votes: by person, outcome and amount, the latest last.

    hands: who has changed what is voted on.
    """

    case: UUID
    agree: str
    look: str
    amount: str = "400"
    is_open: bool = True
    votes: list[tuple[str, str, str | None]] = field(
        default_factory=list[tuple[str, str, str | None]]
    )
    hands: set[str] = field(default_factory=set[str])

    def would_be(self, outcome: str, without: str = "") -> str:
        """Return the amount that those who voted for an outcome would leave."""
        said = [
            amount
            for person, choice, amount in self.votes
            if choice == outcome and person != without and amount is not None
        ]
        return said[-1] if said else self.amount

    def counted(self, outcome: str) -> list[str]:
        amount = self.would_be(outcome)
        return [
            person
            for person, choice, _ in self.votes
            if choice == outcome and may_take(person, outcome, amount)
        ]

    def may_vote(self, person: str, outcome: str, amount: str | None) -> bool:
        # A limit holds for what is there and for what the vote would leave.
        left = amount or self.would_be(outcome, without=person)
        counts = (person, outcome, amount) in self.votes and person in self.counted(outcome)
        return (
            self.is_open
            and person not in self.hands
            and may_take(person, outcome, self.amount)
            and may_take(person, outcome, left)
            and not counts
        )

    def vote(self, person: str, outcome: str, amount: str | None) -> None:
        self.votes = [vote for vote in self.votes if vote[0] != person]
        self.votes.append((person, outcome, amount))
        if outcome == "fraud" or len(self.counted(outcome)) >= NEEDED:
            self.amount, self.is_open, self.votes = self.would_be(outcome), False, []
            return
        waiting = ASKED - len(self.votes)
        best = max(len(self.counted("grant")), len(self.counted("decline")))
        # With nobody to be waited for, a veto is not to be had either.
        if waiting < 1 and best + waiting < NEEDED:
            self.votes = []


def may_take(person: str, outcome: str, amount: str) -> bool:
    """Tell by the words of the model whether somebody's post may take an outcome."""
    post = BANK[person]
    return post == "chair" or (
        post == "board" and (outcome != "grant" or float(amount) <= BOARD_MAX)
    )


class Walk(RuleBasedStateMachine):
    """Votes, and changes to what is voted on, in any order by anybody."""

    office: ClassVar[Office]

    def __init__(self) -> None:
        super().__init__()
        self.loans: list[Loan] = []

    @precondition(lambda self: sum(loan.is_open for loan in self.loans) < OPEN_MAX)
    @rule()
    def start(self) -> None:
        case = self.office.do(Start({"amount": "400"}), "dina").case
        agree, look = (self.office.task(case, step) for step in ("agree", "look"))
        self.loans.append(Loan(case, agree, look))

    @precondition(lambda self: self.loans)
    @rule(pick=PICK, person=VOTER, outcome=OUTCOME, amount=st.none() | AMOUNT)
    def vote(self, pick: int, person: str, outcome: str, amount: str | None) -> None:
        loan = self.pick(pick)
        if outcome != "grant":
            amount = None
        fields = {} if amount is None else {"amount": amount}
        may = loan.may_vote(person, outcome, amount)
        self.expect(loan, Decide(loan.agree, outcome, fields, reason="why"), person, may=may)
        if may:
            loan.vote(person, outcome, amount)
        self.check(loan)

    @precondition(lambda self: self.loans)
    @rule(pick=PICK, person=PERSON, amount=AMOUNT)
    def change(self, pick: int, person: str, amount: str) -> None:
        loan = self.pick(pick)
        may = loan.is_open and BANK[person] != "chair" and pick % 3 == 0
        if pick % 3:
            return
        self.expect(loan, Record(loan.look, {"amount": amount}), person, may=may)
        if may and amount != loan.amount:
            loan.amount, loan.votes = amount, []
            loan.hands.add(person)
        self.check(loan)

    @precondition(lambda self: self.loans)
    @rule(pick=PICK, person=PERSON)
    def look(self, pick: int, person: str) -> None:
        loan = self.pick(pick)
        if pick % 8:
            return
        may = loan.is_open and BANK[person] != "chair"
        self.expect(loan, Complete(loan.look), person, may=may)
        if may:
            loan.is_open, loan.votes = False, []
        self.check(loan)

    def pick(self, pick: int) -> Loan:
        """Return a loan, mostly one that is open."""
        live = [loan for loan in self.loans if loan.is_open]
        among = live if live and pick % 7 else self.loans
        return among[pick // 8 % len(among)]

    def expect(self, loan: Loan, command: Command, person: str, *, may: bool) -> None:
        answer = self.office.ask(command, person)
        assert isinstance(answer, Done) == may, (command, person, loan, str(answer))

    def check(self, loan: Loan) -> None:
        """Compare where the loan stands with what the oracle says."""
        case = self.office.case(loan.case)
        token = case.at("agree")
        votes = [] if token is None else [(vote.person, vote.outcome) for vote in token.votes]
        assert votes == [vote[:2] for vote in loan.votes], loan
        assert case.is_closed == (not loan.is_open), loan
        assert case.fields["amount"] == loan.amount, loan


@pytest.mark.slow
def test_votes_and_the_oracle_agree_step_by_step(
    database: Database, size: Callable[[int], int]
) -> None:
    with Pool(database.app_url, connections=2) as pool:
        office = Office.opened(pool, BANK, text=LOAN, workflow="loan")
        walk = type("BankWalk", (Walk,), {"office": office})
        walks = -(-size(12 * _STEPS) // _STEPS)

        run_state_machine_as_test(
            walk, settings=settings(max_examples=walks, stateful_step_count=_STEPS, deadline=None)
        )

        assert verify(office.company).faults == ()
        assert list(audit(office.company.database)) == []
