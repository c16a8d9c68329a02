"""Allowances at work: two decisions at once on two cases never both slip under one."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from kingpost.decisions.commands import Decide, Start
from kingpost.decisions.refusals import FieldsMissing, OverAllowance
from kingpost.engine import delegations, register
from kingpost.engine import perform as road
from kingpost.engine.delegations import Delegation
from kingpost.engine.perform import Done
from kingpost.engine.register import Appointment
from kingpost.store.pool import Database as Pool
from tests.database import Database
from tests.decisions.purchase import PURCHASE
from tests.engine.office import LONG_AGO, Office, key
from tests.engine.test_races import at_once, kinds

HOLDERS = {"anna": "desk", "leo": "lead", "lena": "lead", "hedy": "head"}


@pytest.fixture
def shop(database: Database) -> Iterator[Office]:
    """The company that buys, with everybody on their posts."""
    with Pool(database.app_url, connections=20) as pool:
        yield Office.opened(pool, HOLDERS, text=PURCHASE, workflow="purchase")


def wished(shop: Office, price: str | None = "400.00 EUR") -> UUID:
    return shop.do(Start({"price": price, "what": "a drill"}), "anna").case


def approve(shop: Office, case: UUID, person: str = "leo", **fields: str) -> object:
    return shop.ask(Decide(shop.task(case, "approve"), "approve", fields), person)


def ledger(shop: Office) -> list[tuple[object, ...]]:
    with shop.company.database.connection() as connection:
        rows = connection.execute(
            "SELECT post, entry, before, counts FROM allowance_use ORDER BY post, entry"
        ).fetchall()
    return [tuple(row.values()) for row in rows]


def test_a_decision_uses_up_what_it_counts_for_and_no_more_is_decided_than_is_left(
    shop: Office,
) -> None:
    first, second, third = wished(shop), wished(shop, "600"), wished(shop, "0.01 EUR")
    assert isinstance(approve(shop, first), Done)
    assert isinstance(approve(shop, second, "lena"), Done)

    refused = approve(shop, third)

    assert isinstance(refused, OverAllowance)
    assert ledger(shop) == [("lead", 1, 0, 400), ("lead", 2, 400, 600)]
    assert isinstance(approve(shop, third, "hedy"), Done)
    assert ledger(shop)[0] == ("head", 1, 0, Decimal("0.01"))


def test_two_at_once_do_not_both_slip_under_an_allowance(
    shop: Office, size: Callable[[int], int]
) -> None:
    """Each holder of the post decides another case, all of them in the same moment."""
    count = min(size(16), 16)
    people = [f"lead-{number}" for number in range(count)]
    register.keep_people(shop.company, [(name, name) for name in people])
    register.appoint(
        shop.company, [Appointment(name, "lead", LONG_AGO) for name in people], by="test"
    )
    cases = [wished(shop, "100") for _ in people]
    tasks = [shop.task(case, "approve") for case in cases]

    answers = at_once(count, lambda n: shop.ask(Decide(tasks[n], "approve"), people[n]))

    assert kinds(answers) == {"Done": 10, "OverAllowance": count - 10}
    assert [entry for _, entry, _, _ in ledger(shop)] == list(range(1, 11))
    assert sum(row[3] for row in ledger(shop)) == 1000  # type: ignore[misc]


def test_what_is_used_between_deciding_and_recording_counts(
    shop: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, decide = wished(shop, "600"), wished(shop, "600"), road.decide
    meanwhile = [first]

    def slow(*facts: object) -> object:
        outcome = decide(*facts)  # type: ignore[arg-type]
        if meanwhile:
            assert isinstance(approve(shop, meanwhile.pop(), "lena"), Done)
        return outcome

    monkeypatch.setattr(road, "decide", slow)

    assert isinstance(approve(shop, second), OverAllowance)
    assert ledger(shop) == [("lead", 1, 0, 600)]


def test_who_decides_by_a_delegation_counts_with_the_giver(shop: Office) -> None:
    register.keep_people(shop.company, [("dana", "Dana")])
    now = datetime.now(UTC)  # noqa: TID251 - when it is lent is told from outside.
    lent = Delegation("hedy", "head", "dana", now, now + timedelta(days=1), "a trip")
    delegations.delegate(shop.company, lent, by="hedy")
    assert isinstance(approve(shop, wished(shop, "4800"), "dana"), Done)

    refused = approve(shop, wished(shop, "300"), "hedy")

    assert isinstance(refused, OverAllowance)
    assert refused.left == "200.00 EUR"


def test_what_comes_with_the_outcome_is_what_counts(shop: Office) -> None:
    case = wished(shop, "4000")
    assert isinstance(approve(shop, case, "hedy", price="900 EUR"), Done)
    assert ledger(shop) == [("head", 1, 0, 900)]

    over = approve(shop, wished(shop, "10"), "hedy", price="4500 EUR")
    assert isinstance(over, OverAllowance)
    empty = approve(shop, wished(shop, None), "hedy")
    assert isinstance(empty, FieldsMissing)


def test_the_same_key_counts_once(shop: Office) -> None:
    case, again = wished(shop), key()
    decide = Decide(shop.task(case, "approve"), "approve")
    shop.ask(decide, "leo", again=again)

    answer = shop.ask(decide, "leo", again=again)

    assert isinstance(answer, Done)
    assert answer.repeated
    assert len(ledger(shop)) == 1
