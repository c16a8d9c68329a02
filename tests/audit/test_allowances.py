"""The second opinion on allowances: silent over sound use, loud over every damage to it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import UUID

import pytest
from psycopg import Connection
from psycopg.rows import DictRow, dict_row

from kingpost.audit.auditing import audit_on
from kingpost.decisions.commands import Decide, Start
from kingpost.store.pool import Database as Pool
from tests.audit.forging import Body, Forged, unlock, write
from tests.database import Databases
from tests.decisions.purchase import PURCHASE
from tests.engine.office import Office

HOLDERS = {"anna": "desk", "leo": "lead", "hedy": "head"}


@dataclass
class Shop:
    owner: Connection[DictRow]
    case: UUID

    def found(self) -> list[str]:
        return [str(finding) for finding in audit_on(self.owner)]


@pytest.fixture(scope="module")
def shop(databases: Databases) -> Iterator[Shop]:
    """One company for all, in which two purchases were approved: each damage is undone."""
    with (
        databases.kept() as database,
        Pool(database.app_url, connections=4) as pool,
        Connection[DictRow].connect(
            database.owner_url, row_factory=dict_row, autocommit=True
        ) as owner,
    ):
        office = Office.opened(pool, HOLDERS, text=PURCHASE, workflow="purchase")
        for price in ("600.00", "300.00"):
            case = office.do(Start({"price": price, "what": "a drill"}), "anna").case
            office.do(Decide(office.task(case, "approve"), "approve"), "leo")
        yield Shop(owner, case)


def test_sound_use_is_let_pass(shop: Shop) -> None:
    with shop.owner.transaction():
        assert shop.found() == []


def test_the_record_says_what_was_used_before_and_after(shop: Shop) -> None:
    row = shop.owner.execute(
        """
        SELECT convert_from(body, 'UTF8')::jsonb -> 'allowance' AS said
          FROM event WHERE case_id = %s AND kind = 'decided'
        """,
        [shop.case],
    ).fetchone()

    assert row is not None
    said = row["said"]
    assert said.pop("since").endswith("-01")
    assert said == {
        "post": "lead",
        "of": "price",
        "per": "month",
        "at-most": "1000.00 EUR",
        "entry": 2,
        "before": "600.00 EUR",
        "counts": "300.00 EUR",
        "after": "900.00 EUR",
    }


def _says(**other: object) -> Callable[[Body], None]:
    return lambda body: body["allowance"].update(other)


def _says_nothing(body: Body) -> None:
    del body["allowance"]


@pytest.mark.parametrize(
    ("forge", "words"),
    [
        (
            _says_nothing,
            "`lead` decides within an allowance, and nothing says what it uses up",
        ),
        (_says(**{"at-most": "9000.00 EUR"}), "`lead` has no such allowance as it says"),
        (_says(post="head"), "`lead` has no such allowance as it says"),
        (_says(counts="1.00 EUR"), "it counts for 1.00 EUR, and `price` was 300.00"),
        (_says(after="601.00 EUR"), "600.00 EUR and 300.00 EUR do not come to 601.00 EUR"),
        (
            _says(before="800.00 EUR", after="1100.00 EUR"),
            "it brings `lead` to 1100.00 EUR, beyond 1000.00 EUR",
        ),
        (_says(since="2020-01-02"), "it counts from 2020-01-02, where no month begins"),
    ],
    ids=["nothing", "more", "another post", "less", "wrong sum", "beyond", "no first day"],
)
def test_a_forged_record_is_found(shop: Shop, forge: Callable[[Body], None], words: str) -> None:
    with shop.owner.transaction(force_rollback=True):
        unlock(shop.owner)
        write(shop.owner, Forged(shop.case, "decided", "approve", forge))
        found = shop.found()

    assert f"I7 in case {shop.case}: event 2: {words}" in found


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM allowance_use WHERE entry = 1",
        "UPDATE allowance_use SET counts = 5 WHERE entry = 1",
        "UPDATE allowance_use SET entry = 3 WHERE entry = 2",
    ],
)
def test_a_ledger_with_a_gap_is_found(shop: Shop, statement: str) -> None:
    with shop.owner.transaction(force_rollback=True):
        shop.owner.execute(statement.encode())
        found = shop.found()

    assert any(
        line.startswith("I7 in allowance of lead for purchase/approve: entry ")
        and line.endswith(" does not follow the one before it")
        for line in found
    ), found
    assert any("what it uses up of allowances is not what its events say" in line for line in found)
