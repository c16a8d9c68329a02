"""The second opinion: silent over sound work of every kind, and loud over every kind of damage."""

from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from psycopg import Connection
from psycopg.rows import DictRow, dict_row

from kingpost.audit.auditing import Looked, audit, audit_on
from kingpost.decisions.commands import (
    Assign,
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
from kingpost.engine.register import Absence
from kingpost.store.pool import Database as Pool
from tests.audit.forging import Body, Forged, change, unlock, write
from tests.database import Databases
from tests.decisions.loan import LOAN
from tests.engine.office import Office
from tests.engine.test_verify import DAMAGE
from tests.engine.test_voting import BOARD


def now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - when somebody comes or goes is told from outside.


@dataclass
class World:
    """A company that has worked, and a way to damage it for a moment. cases: by what they show."""

    office: Office
    owner: Connection[DictRow]
    cases: dict[str, UUID]

    def found(self) -> list[str]:
        return [str(finding) for finding in audit_on(self.owner)]

    @contextmanager
    def damaged(self) -> Generator[None]:
        """Undo at the end what the owner did meanwhile."""
        with self.owner.transaction(force_rollback=True):
            unlock(self.owner)
            yield

    def right(self, person: str) -> str:
        return str(self.office.appointments[person])


@pytest.fixture(scope="module")
def world(databases: Databases) -> Iterator[World]:
    """One company for all: each damage is undone."""
    with (
        databases.kept() as database,
        Pool(database.app_url, connections=4) as pool,
        Connection[DictRow].connect(
            database.owner_url, row_factory=dict_row, autocommit=True
        ) as owner,
    ):
        office = Office.opened(pool)
        yield World(office, owner, worked(office))


@pytest.fixture(scope="module")
def board(databases: Databases) -> Iterator[World]:
    """A company in which several decide together."""
    with (
        databases.kept() as database,
        Pool(database.app_url, connections=4) as pool,
        Connection[DictRow].connect(
            database.owner_url, row_factory=dict_row, autocommit=True
        ) as owner,
    ):
        office = Office.opened(pool, BOARD, text=LOAN, workflow="loan")
        case = office.do(Start({"amount": "400"}), "dina").case
        for person in ("ada", "bo"):
            office.do(Decide(office.task(case, "agree"), "grant"), person)
        yield World(office, owner, {"agreed": case})


def worked(office: Office) -> dict[str, UUID]:
    """Do something of every kind: suspended, stood in for, lent, diverted, waiting, closed."""
    solved = office.start()
    office.do(Assign(office.task(solved, "examine"), "ben"), "ben")
    office.do(Record(office.task(solved, "examine"), {"amount": "300"}), "ben")
    office.do(Raise(office.task(solved, "examine"), "info-missing", {}, "why"), "anna")
    office.do(Resolve(office.task(solved, "examine"), "answered"), "ben")
    office.do(Raise(office.task(solved, "examine"), "info-missing", {}, "why"), "anna")
    office.do(Resolve(office.task(solved, "examine"), "solved", {"report": "x"}), "ben")
    office.do(Decide(office.task(solved, "suspect"), "again"), "carl")
    diverted = office.examined()
    office.do(Raise(office.task(diverted, "approve"), "withdrawn"), "leo")
    large = office.examined("20000")
    office.do(Decide(office.task(large, "approve"), "approve"), "hedy")
    paid = office.approved()
    office.do(Deliver(office.task(paid, "payment"), "paid-out"), interface="bank")
    delayed = office.approved()
    office.do(Raise(office.task(delayed, "payment"), "delayed", {}, "a holiday"), "anna")
    office.do(Resolve(office.task(delayed, "payment"), "answered"), "anna")
    suspended = office.start()
    office.do(Raise(office.task(suspended, "examine"), "info-missing", {}, "why"), "anna")
    examined = office.start()
    office.do(Complete(office.task(examined, "examine"), {"report": "fine"}), "anna")
    return {
        "solved": solved,
        "diverted": diverted,
        "large": large,
        "paid": paid,
        "delayed": delayed,
        "suspended": suspended,
        "examined": examined,
        "stood in": stood_in(office),
        "lent": lent(office),
    }


def stood_in(office: Office) -> UUID:
    """Let the lead act for the fraud checker, who is away."""
    absence = register.note_absence(office.company, Absence("carl", now()), by="carl")
    case = office.start()
    office.do(Decide(office.task(case, "suspect"), "clear"), "leo")
    register.end_absence(office.company, absence, now(), by="carl")
    return case


def lent(office: Office) -> UUID:
    """Let Ben approve by what Leo lends him, up to a limit."""
    case, start = office.examined(), now() - timedelta(hours=1)
    scope = ((), ("claim/approve/approve",), "claim.amount <= 300")
    wish = Delegation("leo", "lead", "ben", start, start + timedelta(days=9), "Leave", *scope)
    made = delegations.delegate(office.company, wish, by="leo")
    office.do(Decide(office.task(case, "approve"), "approve"), "ben")
    delegations.end_delegation(office.company, made, now(), by="leo")
    return case


def test_sound_work_has_no_faults(world: World, board: World) -> None:
    told: list[Looked] = []

    found = [str(finding) for finding in audit(world.office.company.database, told.append)]

    assert found == []
    assert (told[-1].cases, told[-1].total) == (len(world.cases), len(world.cases))
    assert told[-1].events == world.office.scalar("SELECT count(*) FROM event")
    assert list(audit(board.office.company.database)) == []


@pytest.mark.parametrize(("statement", "invariant"), DAMAGE)
def test_all_damage_that_the_first_opinion_finds_is_found(
    world: World, statement: str, invariant: str
) -> None:
    with world.damaged():
        world.owner.execute(statement.encode())
        found = world.found()

    # What stands there may be anything for the second opinion, which reads nothing into it.
    wanted = "I3" if "position = '{}'" in statement else invariant
    assert wanted in {line.split(maxsplit=1)[0] for line in found}, found


def acts(body: Body, world: World, person: str, post: str, **more: object) -> None:
    """Let somebody else have done it, by an appointment that is there."""
    body["actor"] = {
        "person": person,
        "post": post,
        "right": world.right(person),
        "kind": "substantive",
        "via": "post",
        **more,
    }


def performed_by(body: Body, step: str, person: str) -> None:
    change(body, "perform", step=step)["person"] = person


def _clerk_approves(body: Body, world: World) -> None:
    acts(body, world, "anna", "desk")


def _beyond_the_limit(body: Body, world: World) -> None:
    acts(body, world, "leo", "lead", grant="claim.amount <= 500")


def _limit_of_another(body: Body, world: World) -> None:
    acts(body, world, "leo", "lead")


def _in_place_of_who_is_there(body: Body, world: World) -> None:
    acts(body, world, "leo", "lead", via="vacancy")
    body["actor"]["for"] = "check"


def _falls_elsewhere(body: Body, world: World) -> None:
    acts(body, world, "hedy", "head", via="vacancy")
    body["actor"]["for"] = "check"


def _same_person(body: Body, world: World) -> None:
    acts(body, world, "leo", "lead")
    performed_by(body, "examine", "leo")


def _hidden_performer(body: Body, world: World) -> None:
    performed_by(body, "suspect", "ben")


def _no_right(body: Body, world: World) -> None:
    del body["actor"]["right"]


def _lent_beyond(body: Body, world: World) -> None:
    change(body, "fields")["fields"]["amount"] = "450"


def _lost_time(body: Body, world: World) -> None:
    change(body, "clock")["clock"]["consumed-ms"] += 5000


def _begins_used(body: Body, world: World) -> None:
    change(body, "enter", step="examine")["clock"]["consumed-ms"] = 1


def _too_early(body: Body, world: World) -> None:
    body["actor"] = {"clock": True}
    del body["choice"]


def _no_evidence(body: Body, world: World) -> None:
    del change(body, "fields")["fields"]["report"]


def _not_owed(body: Body, world: World) -> None:
    body["changes"].remove(change(body, "owe"))


def _late(body: Body, world: World) -> None:
    change(body, "discharge")["why"] = "late"


def _addressed_to_nobody(body: Body, world: World) -> None:
    change(body, "enter", step="suspect")["post"] = "nowhere"


def _addressed_to_who_may_not(body: Body, world: World) -> None:
    change(body, "enter", step="suspect")["post"] = "head"


def _left_by_another(body: Body, world: World) -> None:
    change(body, "leave")["by"] = "reject"


def _left_twice(body: Body, world: World) -> None:
    body["changes"].append(change(body, "leave"))


FORGERIES: list[tuple[str, str, str | None, Callable[[Body, World], None], str]] = [
    ("paid", "decided", "approve", _clerk_approves, "I7 event 4: `desk` may not do this here"),
    (
        "paid",
        "decided",
        "approve",
        _clerk_approves,
        "I7 event 4: `desk` has no authority for `approve/approve`",
    ),
    (
        "large",
        "decided",
        "approve",
        _beyond_the_limit,
        "I7 event 4: `lead` may do this when `claim.amount <= 500`, and the case was not so",
    ),
    (
        "paid",
        "decided",
        "approve",
        _limit_of_another,
        "I7 event 4: `lead` has no authority for `approve/approve`",
    ),
    ("paid", "decided", "approve", _no_right, "I7 event 4: it names no right"),
    (
        "paid",
        "decided",
        "approve",
        _left_by_another,
        "I7 event 4: it leaves `approve` by `reject`, and `approve` was chosen",
    ),
    (
        "paid",
        "decided",
        "suspect",
        _in_place_of_who_is_there,
        "I7 event 3: somebody held `check`, for which `lead` stood in",
    ),
    (
        "stood in",
        "decided",
        "suspect",
        _falls_elsewhere,
        "I7 event 2: the work of `check` did not fall to `head`",
    ),
    (
        "lent",
        "started",
        None,
        _lent_beyond,
        "I7 event 4: it rests on a delegation for `claim.amount <= 300`, and the case was not so",
    ),
    (
        "paid",
        "completed",
        "examine",
        _same_person,
        "I8 event 4: `leo` performed `approve` after `examine`, which are to be separate",
    ),
    (
        "paid",
        "decided",
        "suspect",
        _hidden_performer,
        "I8 who performed its steps is not who acted at them",
    ),
    (
        "delayed",
        "raised",
        "payment",
        _lost_time,
        "I10 event 5: the clock of `payment` went from ",
    ),
    (
        "solved",
        "started",
        None,
        _begins_used,
        "I10 event 1: the clock of `examine` begins with time used up",
    ),
    (
        "examined",
        "completed",
        "examine",
        _no_evidence,
        "I16 event 2: `report-kept` was met without `report`",
    ),
    ("solved", "started", None, _not_owed, "I16 event 1: `report-kept` applies and is not owed"),
    (
        "examined",
        "completed",
        "examine",
        _late,
        "I16 event 2: `report-kept` is `late`, and its time was not over",
    ),
    (
        "suspended",
        "started",
        None,
        _addressed_to_nobody,
        "I9 `suspect` is addressed to `nowhere`, which is no post",
    ),
    (
        "suspended",
        "started",
        None,
        _addressed_to_who_may_not,
        "I9 `suspect` is addressed to nobody who may do it",
    ),
    (
        "examined",
        "completed",
        "examine",
        _left_twice,
        "I4 event 2 changes `TOKEN`, which is not open then",
    ),
]


@pytest.mark.parametrize(("of", "kind", "step", "forge", "expected"), FORGERIES)
def test_what_is_forged_with_every_hash_gives_itself_away(
    world: World,
    of: str,
    kind: str,
    step: str | None,
    forge: Callable[[Body, World], None],
    expected: str,
) -> None:
    case = world.cases[of]
    with world.damaged():
        write(world.owner, Forged(case, kind, step, lambda body: forge(body, world)))
        found = world.found()

    assert not [line for line in found if line.startswith("I2")], "the chain fits"
    invariant, _, words = expected.partition(" ")
    wanted = f"{invariant} in case {case}: {words}".partition("TOKEN")[0]
    assert any(line.startswith(wanted) for line in found), found


def test_a_wait_that_ends_too_early_is_told(world: World) -> None:
    case = world.cases["paid"]
    forged = Forged(
        case, "delivered", "payment", lambda body: _too_early(body, world), as_kind="expired"
    )
    with world.damaged():
        write(world.owner, forged)
        found = world.found()

    assert f"I10 in case {case}: event 5: the wait `payment` ended before its time" in found


@pytest.mark.parametrize(
    "statement",
    [
        # Known only afterwards, though it is said to have run before.
        "UPDATE register_entry SET recorded_at = now() + interval '1 day' WHERE subject = %s",
        "UPDATE register_entry SET until_at = from_at + interval '1 day' WHERE subject = %s",
        "UPDATE register_entry SET from_at = now() + interval '1 day' WHERE subject = %s",
        "DELETE FROM register_entry WHERE subject = %s",
    ],
)
def test_a_right_counts_as_it_was_known_when_it_was_relied_on(world: World, statement: str) -> None:
    with world.damaged():
        world.owner.execute(statement.encode(), [world.right("leo")])
        found = world.found()

    case = world.cases["paid"]
    words = "event 4: it rests on an appointment that did not run then"
    assert f"I7 in case {case}: {words}" in found


def test_a_model_that_took_effect_and_is_gone_is_told(world: World) -> None:
    version = "0" * 64
    with world.damaged():
        world.owner.execute("ALTER TABLE activation DROP CONSTRAINT activation_digest_fkey")
        world.owner.execute("UPDATE activation SET digest = %s", [version])
        found = world.found()

    assert found == [f"I15 in model {version}: it took effect and is not there"]


def _one_vote(body: Body) -> None:
    body["changes"].remove(change(body, "vote"))


def _vote_of_another(body: Body) -> None:
    change(body, "vote")["person"] = "cy"


@pytest.mark.parametrize(
    ("forge", "words"),
    [
        (_one_vote, "event 4: 1 voted for `grant`, and 2 must agree"),
        (_vote_of_another, "event 4: it keeps the vote of somebody else than who acted"),
    ],
)
def test_votes_are_counted_again(board: World, forge: Callable[[Body], None], words: str) -> None:
    case = board.cases["agreed"]
    seq = board.office.scalar("SELECT seq FROM event WHERE kind = 'decided'")
    with board.damaged():
        write(board.owner, Forged(case, "decided", "agree", forge))
        found = board.found()

    assert f"I7 in case {case}: {words}".replace("event 4", f"event {seq}") in found


def test_a_wait_that_nobody_ended_is_told(office: Office) -> None:
    case = office.paid_long_ago(days=30)

    (found,) = audit(office.company.database)

    assert (found.invariant, found.place) == ("I10", f"case {case}")
    assert found.message.startswith("the wait `payment` was over at 2")
