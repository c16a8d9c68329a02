"""What a worklist may be asked: conditions on the record, orders, and places to go on from."""

import pytest

from kingpost.decisions.commands import Complete
from kingpost.queries.worklist import Worklist, read_worklist
from kingpost.queries.worklists.asking import (
    CannotAskError,
    Condition,
    View,
    Wanted,
    read_condition,
    read_place,
)
from tests.queries.claims import HOUR, Claims


def ask(
    claims: Claims, *where: str, order: str = "term", after: str = "", size: int = 50
) -> Worklist:
    conditions = tuple(read_condition(each) for each in where)
    wanted = Wanted(View.ALL, "claim", where=conditions, order=order)
    return read_worklist(claims.database, claims.program, "anna", wanted, after=after, size=size)


def numbers(found: Worklist) -> str:
    return "".join(item.number.removeprefix("CLM-") for item in found.page.rows)


def test_what_the_record_holds_narrows_the_page_and_its_counts(claims: Claims) -> None:
    expected = {
        ("claimant=Claimant D",): "D",
        ("claimant=claimant d",): "",
        ("amount=200",): "DE",
        ("amount>=200.5",): "C",
        ("amount<=200",): "DE",
        ("amount>=100", "amount<=300", "claimant>=Claimant E"): "E",
        # The record has no report yet: nothing about it holds.
        ("report>=a",): "",
        ("level=low",): "CDE",
        ("level=') OR true --",): "",
    }
    for where, there in expected.items():
        found = ask(claims, *where)
        assert numbers(found) == there, where
        assert found.counts[View.ALL] == len(there)
        assert found.steps == {("claim", "examine"): 3}


def test_rows_come_in_the_order_asked_for_and_what_has_no_value_last(claims: Claims) -> None:
    expected = {
        "term": "CDE",
        "-term": "DCE",
        "opened": "CED",
        "-opened": "DEC",
        "number": "CDE",
        "-number": "EDC",
        "amount": "EDC",
        "-amount": "CDE",
        "claimant": "CDE",
        "-claimant": "EDC",
    }
    assert {order: numbers(ask(claims, order=order)) for order in expected} == expected
    with claims.database.connection() as connection:
        connection.execute("UPDATE case_file SET fields = fields - 'amount' WHERE number = 'CLM-C'")
    assert numbers(ask(claims, order="amount")) == "EDC"
    assert numbers(ask(claims, order="-amount")) == "DEC"


@pytest.mark.parametrize("order", ["term", "-term", "opened", "-number", "amount", "-claimant"])
def test_pages_that_go_on_from_a_row_are_the_list_itself(claims: Claims, order: str) -> None:
    whole, found, pages = numbers(ask(claims, order=order)), ask(claims, order=order, size=1), ""
    while True:
        pages += numbers(found)
        if not found.next:
            break
        found = ask(claims, order=order, after=found.next, size=1)

    assert pages == whole


def test_going_on_misses_nothing_when_work_is_done_meanwhile(claims: Claims) -> None:
    first = ask(claims, size=1)
    claims.do("C", Complete(claims.task("C", "examine"), {"report": "fine"}), "anna", 20 * HOUR)

    assert numbers(first) == "C"
    assert numbers(ask(claims, after=first.next, size=1)) == "D"


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        (
            Wanted(where=(Condition("amount", "1"),)),
            "`amount` is asked for, and no workflow whose records have it: name one of `claim`",
        ),
        (
            Wanted(workflow="claim", where=(Condition("amuont", "1"),)),
            "`amuont` is no field of `claim` that a list may be asked for. Write `amount`.",
        ),
        (
            Wanted(workflow="claim", order="-colour"),
            (
                "`colour` is no field of `claim` that a list may be asked for. "
                "Fields to ask for are `amount`, `claimant`, `level`, `report`."
            ),
        ),
        (
            Wanted(workflow="claim", where=(Condition("amount", least="NaN"),)),
            "`amount` holds numbers, and `NaN` is none: write `1250.50`",
        ),
        (
            Wanted(workflow="claim", where=(Condition("level", "a"), Condition("level", "b"))),
            "`level` is to be two values at once: ask for one",
        ),
    ],
)
def test_what_cannot_be_asked_is_said(claims: Claims, wanted: Wanted, message: str) -> None:
    with pytest.raises(CannotAskError) as said:
        read_worklist(claims.database, claims.program, "anna", wanted)

    assert str(said.value) == message


def test_a_condition_that_is_none_is_said() -> None:
    for written in ("amount", "amount>", "amount=", "=5", "", "amount<5"):
        with pytest.raises(CannotAskError) as said:
            read_condition(written)
        assert str(said.value) == (
            f"`{written}` is no condition: write `field=value`, `field>=value` or `field<=value`"
        )


def test_a_place_of_another_order_is_refused(claims: Claims) -> None:
    place = ask(claims, order="amount", size=1).next
    for order, after in (("term", place), ("term", "x"), ("term", "e30"), ("term", "é")):
        with pytest.raises(CannotAskError) as said:
            read_place(order, after)
        assert str(said.value) == (
            "`after` is not a place in this order: take `next` of the page before, as it is"
        )
