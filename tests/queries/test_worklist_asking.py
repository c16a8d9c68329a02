"""What a worklist may be asked: conditions on the record, orders, and places to go on from."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import cache
from uuid import UUID

import pytest

from kingpost.decisions.commands import Complete
from kingpost.decisions.program import Program, compile_model
from kingpost.notation.reading import read_model
from kingpost.queries.worklist import Worklist, read_worklist
from kingpost.queries.worklists.asking import (
    CannotAskError,
    Condition,
    View,
    Wanted,
    conditions_asked,
    read_condition,
    write_place,
)
from tests.engine.orders import ORDERS
from tests.queries.claims import HOUR, Claims

# None of them is a number here, whatever Python makes of it; the first only no whole one.
NO_NUMBERS = (
    *("1.5", "1e400000", "1e2", "NaN", "sNaN", "Infinity", "1_000", "+1", " 1", "1 ", "1.", ".5"),
    *("\uff11\uff12", "\u0661", "-", "--1", "0x10", "1,5", "9" * 35, "1\n"),
)


@cache
def parcels() -> Program:
    fields = """{note: {type: text}, whole: {type: integer}, fine: {type: decimal},
      price: {type: money, currency: EUR}, day: {type: date}, at: {type: datetime},
      fragile: {type: yes/no}, keeper: {type: post}, size: {type: choice, of: [small, big]},
      parcel: {type: text}, weight: {type: integer}}"""
    old = "{parcel: {type: text}, note: {type: text}, weight: {type: integer}}"
    assert old in ORDERS
    reading = read_model({"company.yaml": ORDERS.replace(old, fields)})
    assert reading.model is not None, [str(item) for item in reading.diagnostics]
    return compile_model(reading.model)


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
        ("claimant=') OR true --",): "",
        # By amount, however it is written.
        ("amount=200.0",): "DE",
        ("amount=0200.000", "amount>=-1"): "DE",
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
            Wanted(workflow="claim", where=(Condition("level", "low"), Condition("level", "high"))),
            "`level` is to be two values at once: ask for one",
        ),
    ],
)
def test_what_cannot_be_asked_is_said(claims: Claims, wanted: Wanted, message: str) -> None:
    with pytest.raises(CannotAskError) as said:
        read_worklist(claims.database, claims.program, "anna", wanted)

    assert str(said.value) == message


@pytest.mark.parametrize(
    ("field", "kind", "refused"),
    [
        ("whole", "whole numbers, and `{}` is none: write `12`", NO_NUMBERS),
        ("fine", "numbers, and `{}` is none: write `1250.50`", NO_NUMBERS[1:]),
        ("price", "numbers, and `{}` is none: write `1250.50`", (*NO_NUMBERS[1:], "1 USD", "1EUR")),
    ],
)
def test_a_number_is_written_in_one_way(field: str, kind: str, refused: tuple[str, ...]) -> None:
    for written in refused:
        for member in ("value", "least", "most"):
            where = (Condition(field, **{member: written}),)
            with pytest.raises(CannotAskError) as said:
                conditions_asked(parcels(), Wanted(workflow="order", where=where))
            assert str(said.value) == f"`{field}` holds {kind.format(written)}"


def test_a_number_is_asked_for_by_its_amount() -> None:
    where = ("whole=-7", "fine<=0.50", "price=200.00 EUR")
    conditions = tuple(read_condition(each) for each in where)

    asked = conditions_asked(parcels(), Wanted(workflow="order", where=conditions))

    assert (asked["exact"], asked["fields"]) == ("{}", ["whole", "fine", "price"])
    assert (asked["low"], asked["high"]) == (["-7", None, "200.00"], ["-7", "0.50", "200.00"])


def test_values_are_read_as_a_record_reads_them() -> None:
    where = ("size=big", "day=2026-11-27", "at=2026-11-27T11:00:00+01:00", "fragile=yes")
    conditions = tuple(read_condition(each) for each in (*where, "keeper=desk", "note=a = b"))

    asked = conditions_asked(parcels(), Wanted(workflow="order", where=conditions))

    assert json.loads(asked["exact"]) == {
        "size": "big",
        "day": "2026-11-27",
        "at": "2026-11-27T10:00:00Z",
        "fragile": True,
        "keeper": "desk",
        "note": "a = b",
    }


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("size=Big", "`size` is one of `small`, `big`, and not `Big`. Write `big`."),
        ("size=?", "`size` is one of `small`, `big`, and not `?`."),
        ("size>=Small", "`size` is one of `small`, `big`, and not `Small`. Write `small`."),
        ("keeper=desk2", "`keeper` is a post of the model, and not `desk2`. Write `desk`."),
        ("day=27.11.2026", "`day` is a date such as `2026-11-21`, and not `27.11.2026`."),
        ("day<=20261127", "`day` is a date such as `2026-11-21`, and not `20261127`."),
        (
            "at=2026-11-27",
            "`at` is a time with its zone, such as `2026-11-21T10:30:00Z`, and not `2026-11-27`.",
        ),
        ("fragile=Yes", "`fragile` is `yes` or `no`, and not `Yes`"),
        ("fragile>=yes", "`fragile` is `yes` or `no`: ask for one of them with `=`"),
    ],
)
def test_a_value_that_no_record_holds_is_refused(written: str, message: str) -> None:
    wanted = Wanted(workflow="order", where=(read_condition(written),))
    with pytest.raises(CannotAskError) as said:
        conditions_asked(parcels(), wanted)

    assert str(said.value) == message


def test_a_condition_that_is_none_is_said() -> None:
    for written in ("amount", "amount>", "amount=", "=5", "", "amount<5", "claimant=\udcff"):
        with pytest.raises(CannotAskError) as said:
            read_condition(written)
        assert str(said.value) == (
            f"`{written.replace(chr(0xDCFF), '?')}` is no condition: "
            "write `field=value`, `field>=value` or `field<=value`"
        )


def test_a_place_holds_nothing_of_the_record_and_goes_on_after_any_value(claims: Claims) -> None:
    with claims.database.connection() as connection:
        connection.execute(
            "UPDATE case_file"
            " SET fields = fields || jsonb_build_object('claimant', repeat('Rita Prado ', 900))"
            " WHERE number = 'CLM-C'"
        )
    found = ask(claims, order="-claimant", size=1)

    assert numbers(found) == "C"
    assert len(found.next) < 300
    assert b"Rita" not in urlsafe_b64decode(found.next + "==")
    assert numbers(ask(claims, order="-claimant", after=found.next)) == "ED"


def test_a_place_of_another_order_or_made_by_hand_is_refused(claims: Claims) -> None:
    place = ask(claims, order="amount", size=1).next
    name, day = str(UUID(int=0)), "2026-11-27T00:00:00Z"
    made: tuple[list[object], ...] = (
        [],
        ["term"],
        ["term", name, name, day, day, day],
        ["term", "x", name, day, day],
        ["term", name, 5, day, day],
        ["term", name, name, None, day],
        ["term", name, name, "2026-11-27", day],
        ["term", name, name, day, "sNaN"],
        ["term", name, name, day, "0001-01-01T00:00:00+14:00"],
        ["term", name, name, day, "\ud800"],
        ["\ud800", name, name, day, day],
    )
    deep = urlsafe_b64encode(b"[" * 1400).decode()
    forged = [urlsafe_b64encode(json.dumps(each).encode()).decode() for each in made]
    for after in (place, "x", "e30", "é", "\udcff", deep, *forged):
        with pytest.raises(CannotAskError) as said:
            ask(claims, after=after)
        assert str(said.value) == (
            "`after` is not a place in this order: take `next` of the page before, as it is"
        )
    strange = ["term", name, name, "2026-11-27T00:00:00+23:59", None]
    assert ask(claims, after=write_place("term", strange[1:])).page.total == 3
