"""A random walk over the engine and the real database, beside a small oracle written apart.

The oracle knows the test's company by heart: who holds, is away and lends, and of each claim what
is open, its amount and who had a hand in it. It says whether a command is carried out and where the
claim stands then; the engine must say the same. People come, go and lend meanwhile; `bot` is a
machine agent, for which the team lead answers.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
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
from kingpost.engine import delegations, register
from kingpost.engine.delegations import Delegation
from kingpost.engine.perform import Done
from kingpost.engine.register import Absence, Appointment, NotAppointedError
from kingpost.engine.verify import verify
from kingpost.store.pool import Database as Pool
from tests.database import Database
from tests.engine.agency import agency
from tests.engine.office import Office, key

PERSON = st.sampled_from(["anna", "ben", "carl", "leo", "hedy", "stranger"])
ACTOR = st.sampled_from(["anna", "ben", "carl", "leo", "hedy", "stranger", "bot"])
POST = st.sampled_from(["desk", "check", "lead", "head"])
AMOUNTS = st.sampled_from(["1", "300", "300.01", "500", "500.01", "20000"])
PICK = st.integers(0, 2**16)
SEATS = {"desk": 40, "check": 3, "lead": 1, "head": 2}
# So few that a walk gets to their ends.
OPEN_MAX = 2
# Of one walk; the size of the test counts the steps of all.
_STEPS = 40


@dataclass(frozen=True)
class Way:
    """How somebody acts: by whose authority, and who lent it or answers for the agent."""

    post: str
    behind: str | None = None


@dataclass
class Register:
    """Who holds which posts, who is away, and who lends which post to whom."""

    posts: dict[str, set[str]] = field(
        default_factory=lambda: {
            "desk": {"anna", "ben"},
            "check": {"carl"},
            "lead": {"leo"},
            "head": {"hedy"},
        }
    )
    away: set[str] = field(default_factory=set[str])
    lent: set[tuple[str, str, str]] = field(default_factory=set[tuple[str, str, str]])

    def own(self, person: str, post: str) -> list[Way]:
        """By holding the post, or else by what is lent of it."""
        if post == "screen":
            leads = self.posts["lead"]
            return [Way(post, *leads)] if person == "bot" and leads else []
        held = [Way(post)] if person in self.posts[post] else []
        return held + [
            Way(post, giver) for giver, of, to in sorted(self.lent) if (of, to) == (post, person)
        ]

    def vacant(self, post: str) -> bool:
        if post == "screen":
            return not self.posts["lead"]
        return self.posts[post] <= self.away

    def stand_in(self, person: str, post: str) -> list[Way]:
        """For a post that is vacant: the lead, or else the head, with the authority of the post."""
        if not self.vacant(post) or post == "head":
            return []
        above = "head" if post == "lead" or self.vacant("lead") else "lead"
        if self.vacant(above):
            return []
        return [Way(post, way.behind) for way in self.own(person, above)]

    def ways(self, person: str, *reach: str) -> list[Way]:
        return [
            *(way for post in reach for way in self.own(person, post)),
            *(way for post in reach for way in self.stand_in(person, post)),
        ]


@dataclass
class Claim:
    """What the oracle knows of a claim. seen: the last task at each step, open or not.

    hands: who has examined it or looked for fraud, and for whom.
    """

    case: UUID
    amount: str
    open: set[str] = field(default_factory=lambda: {"examine", "suspect"})
    suspended: bool = False
    events: int = 1
    hands: set[str | None] = field(default_factory=set[str | None])
    seen: dict[str, str] = field(default_factory=dict[str, str])

    def leave(self, step: str) -> None:
        self.open.discard(step)
        if step in {"examine", "suspect"} and not self.open:
            self.open = {"approve"}


def come_to(step: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Let a rule count only where a claim has come to a step."""
    return precondition(lambda self: any(step in claim.seen for claim in self.claims))


class Walk(RuleBasedStateMachine):
    """Commands in any order by anybody."""

    office: ClassVar[Office]

    def __init__(self) -> None:
        super().__init__()
        self.claims: list[Claim] = []
        self.done: list[tuple[UUID, Command, str | None, str | None, Done]] = []
        self.register = Register()
        self.rights: dict[tuple[str, str], UUID] = {}
        self.absences: dict[str, UUID] = {}
        self.loans: dict[tuple[str, str, str], UUID] = {}
        for post, holders in self.register.posts.items():
            for person in sorted(holders):
                (made,) = register.appoint(
                    self.office.company, [Appointment(person, post, now())], by="test"
                )
                self.rights[person, post] = made

    def teardown(self) -> None:
        """Let the next walk find an empty register."""
        for right in self.rights.values():
            register.end_appointment(self.office.company, right, now(), by="test")
        for absence in self.absences.values():
            register.end_absence(self.office.company, absence, now(), by="test")

    @rule(act=st.integers(0, 3), pick=PICK, person=PERSON, post=POST)
    def staff(self, act: int, pick: int, person: str, post: str) -> None:
        """Change the register: one rule, so that most of a walk is work at claims."""
        if act == 0:
            self.appoint(person, post)
        elif act == 1:
            self.go_away_or_come_back(person)
        elif self.rights:
            held = sorted(self.rights)[pick % len(self.rights)]
            if act == 2:
                self.leave(*held)
            else:
                self.lend_or_take_back(*held, person)

    def appoint(self, person: str, post: str) -> None:
        holders = self.register.posts[post]
        may = person not in holders and len(holders) < SEATS[post]
        try:
            (made,) = register.appoint(
                self.office.company, [Appointment(person, post, now())], by="test"
            )
        except NotAppointedError:
            assert not may
            return
        assert may
        holders.add(person)
        self.rights[person, post] = made

    def leave(self, person: str, post: str) -> None:
        right = self.rights.pop((person, post))
        assert register.end_appointment(self.office.company, right, now(), by="test") == "ended"
        self.register.posts[post].discard(person)
        for loan in [loan for loan in self.loans if loan[:2] == (person, post)]:
            del self.loans[loan]
            self.register.lent.discard(loan)

    def go_away_or_come_back(self, person: str) -> None:
        absence = self.absences.pop(person, None)
        if absence is None:
            wish = Absence(person, now())
            self.absences[person] = register.note_absence(self.office.company, wish, by="test")
        else:
            register.end_absence(self.office.company, absence, now(), by="test")
        self.register.away ^= {person}

    def lend_or_take_back(self, giver: str, post: str, person: str) -> None:
        loan = (giver, post, person)
        if loan in self.loans:
            delegations.end_delegation(self.office.company, self.loans.pop(loan), now(), by="test")
        elif giver != person:
            start = now()
            wish = Delegation(*loan, start, start + timedelta(days=9), "Leave")
            self.loans[loan] = delegations.delegate(self.office.company, wish, by="test")
        else:
            return
        self.register.lent ^= {loan}

    @precondition(lambda self: sum(bool(claim.open) for claim in self.claims) < OPEN_MAX)
    @rule(person=ACTOR, amount=AMOUNTS)
    def start(self, person: str, amount: str) -> None:
        may = bool(self.register.ways(person, "desk", "screen"))
        answer = self.ask(Start({"claimant": "Zoë", "amount": amount}), person)
        assert isinstance(answer, Done) == may, answer
        if isinstance(answer, Done):
            self.claims.append(Claim(answer.case, amount))
            self.check(self.claims[-1], answer)

    @come_to("examine")
    @rule(pick=PICK, person=ACTOR)
    def complete(self, pick: int, person: str) -> None:
        claim, task = self.pick(pick, "examine")
        ways = self.register.ways(person, "desk")
        may = "examine" in claim.open and not claim.suspended and bool(ways)
        if self.expect(claim, Complete(task, {"report": "fine"}), person, may=may):
            claim.hands |= {person, ways[0].behind}
            claim.leave("examine")
            self.check(claim)

    @come_to("examine")
    @rule(pick=PICK, person=ACTOR, amount=AMOUNTS)
    def record(self, pick: int, person: str, amount: str) -> None:
        claim, task = self.pick(pick, "examine")
        ways = self.register.ways(person, "desk")
        may = "examine" in claim.open and bool(ways)
        if self.expect(claim, Record(task, {"amount": amount}), person, may=may):
            if amount != claim.amount:
                claim.hands |= {person, ways[0].behind}
            claim.amount = amount
            self.check(claim)

    @come_to("examine")
    @rule(pick=PICK, person=ACTOR)
    def suspend(self, pick: int, person: str) -> None:
        claim, task = self.pick(pick, "examine")
        ways = self.register.ways(person, "desk")
        may = "examine" in claim.open and not claim.suspended and bool(ways)
        if self.expect(claim, Raise(task, "info-missing", {}, "why"), person, may=may):
            claim.suspended = True
            self.check(claim)

    @come_to("examine")
    @rule(pick=PICK, person=ACTOR, solved=st.booleans())
    def resolve(self, pick: int, person: str, *, solved: bool) -> None:
        claim, task = self.pick(pick, "examine")
        ways = self.register.ways(person, "desk")
        may = claim.suspended and bool(ways)
        command = Resolve(task, "solved", {"report": "x"}) if solved else Resolve(task, "answered")
        if self.expect(claim, command, person, may=may):
            claim.suspended = False
            if solved:
                claim.hands |= {person, ways[0].behind}
                claim.leave("examine")
            self.check(claim)

    @come_to("suspect")
    @rule(pick=PICK, person=ACTOR, outcome=st.sampled_from(["clear", "again"]))
    def suspect(self, pick: int, person: str, outcome: str) -> None:
        claim, task = self.pick(pick, "suspect")
        ways = [
            way
            for way in self.register.ways(person, "check", "screen")
            if way.post == "check" or (outcome == "clear" and float(claim.amount) <= 300)
        ]
        may = "suspect" in claim.open and bool(ways)
        if self.expect(claim, Decide(task, outcome), person, may=may):
            claim.hands |= {person, ways[0].behind}
            if outcome == "clear":
                claim.leave("suspect")
            self.check(claim)

    @come_to("approve")
    @rule(pick=PICK, person=ACTOR, outcome=st.sampled_from(["approve", "reject"]))
    def approve(self, pick: int, person: str, outcome: str) -> None:
        claim, task = self.pick(pick, "approve")
        ways = [
            way
            for way in self.register.ways(person, "lead", "head")
            if way.post == "head" or float(claim.amount) <= 500
        ]
        separate = person not in claim.hands and any(
            way.behind is None or way.behind not in claim.hands for way in ways
        )
        may = "approve" in claim.open and separate
        if self.expect(claim, Decide(task, outcome, reason="because"), person, may=may):
            claim.open = {"payment"} if outcome == "approve" else set()
            self.check(claim)

    @come_to("approve")
    @rule(pick=PICK, person=ACTOR)
    def withdraw(self, pick: int, person: str) -> None:
        claim, task = self.pick(pick, "approve")
        may = "approve" in claim.open and bool(self.register.ways(person, "lead", "head"))
        if self.expect(claim, Raise(task, "withdrawn"), person, may=may):
            claim.open = set()
            self.check(claim)

    @come_to("payment")
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
        """Return a claim, mostly one that stands at the step, and the task there or of before."""
        here = [claim for claim in self.claims if step in claim.open]
        among = here if here and pick % 8 else self.claims
        claim = among[pick // 8 % len(among)]
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


def now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - when somebody comes or goes is told from outside.


@pytest.mark.slow
def test_the_engine_and_the_oracle_agree_step_by_step(
    database: Database, size: Callable[[int], int]
) -> None:
    with Pool(database.app_url, connections=2) as pool:
        office = agency(pool)
        for right in office.appointments.values():
            register.end_appointment(office.company, right, now(), by="test")
        register.keep_people(office.company, [("stranger", "Stranger")])
        register.appoint(office.company, [Appointment("bot", "screen", now())], by="test")
        walk = type("OfficeWalk", (Walk,), {"office": office})
        walks = -(-size(12 * _STEPS) // _STEPS)

        run_state_machine_as_test(
            walk, settings=settings(max_examples=walks, stateful_step_count=_STEPS, deadline=None)
        )

        assert verify(office.company).faults == ()
        assert list(audit(office.company.database)) == []
