"""The analysis of decision tables: exact on small ones, quick on large ones, honest on the rest."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kingpost.expressions import (
    DateTimeType,
    DurationType,
    ListType,
    MoneyType,
    MonthsType,
    Type,
    Value,
)
from kingpost.rules.analysis.bits import members
from kingpost.rules.analysis.grid import Input, column
from kingpost.rules.analysis.table import Analysis, analyse
from tests.rules.tables import DATE, EIGHT, LETTERS, NUMBER, TEXT, YES_NO, divided, inputs


def analysed(kinds: Sequence[Type], *rows: Sequence[str], **more: bool) -> Analysis:
    return analyse(inputs(kinds, rows, **more), len(rows), above(len(rows)))


def above(rows: int) -> Mapping[int, int]:
    """Return the rows above each row, as a table in which the first match counts asks them."""
    return {row: (1 << row) - 1 for row in range(rows)}


def pairs(found: Analysis) -> list[tuple[int, int]]:
    return [(row, other) for row, others in found.overlaps.items() for other in members(others)]


@pytest.mark.parametrize(
    ("kind", "cells", "gap"),
    [
        (NUMBER, ["< 1", "(1..5)", ">= 5"], Decimal(1)),
        (NUMBER, ["<= 1", "> 2"], Decimal(2)),
        (NUMBER, ["not(3)"], Decimal(3)),
        (NUMBER, ["< 3", "> 3"], Decimal(3)),
        (NUMBER, ["not(< 3, > 5)", "< 3"], Decimal(6)),
        (NUMBER, ["]1..5[", "<= 1"], Decimal(5)),
        (NUMBER, ["? > 5 or ? < 2", "[2..4]"], Decimal(5)),
        (NUMBER, ["? between 1 and 3", "< 1", "3 < ? "], None),
        (NUMBER, ["5 < ?", "? in (1, 2, [3..5])"], Decimal(0)),
        (NUMBER, ["(!= 5)"], Decimal(5)),
        (NUMBER, ["(!= 5)", "(= 5)"], None),
        (NUMBER, ["-"], None),
        (NUMBER, ["> 1e33 + 1", "<= 1e33"], Decimal(1000000000000000000000000000000001)),
        (MoneyType("EUR"), ["< 1", "> 1"], Decimal(1)),
        (YES_NO, ["true"], False),
        (YES_NO, ["true", "not(true)"], None),
        (LETTERS, ['"a", "b", "c"', '"e", "f", "g", "h"'], "d"),
        (LETTERS, ['< "d"', '>= "e"'], "d"),
        (TEXT, ['"a"', '"b"'], "something else"),
        (TEXT, ['"a"', 'not("a")'], None),
        (DATE, ['< @"2026-03-01"', '> @"2026-02-28"'], None),
        (DATE, ['< @"2026-03-01"', '> @"2026-03-01"'], "2026-03-01"),
        (DateTimeType(), ['< @"2026-03-01T00:00:00Z"', '> @"2026-03-01T01:00:00+01:00"'], ...),
        (DurationType(), ['< @"PT1H"', '> @"PT60M"'], ...),
        (MonthsType(), ['< @"P1Y"', '>= @"P13M"'], ...),
        (MonthsType(), ['< @"P1Y"', '>= @"P12M"'], None),
    ],
)  # fmt: skip
def test_an_input_is_answered_everywhere_or_the_gap_is_named(
    kind: Type, cells: list[str], gap: object
) -> None:
    found = analysed([kind], *[[cell] for cell in cells])

    assert found.finished
    if gap is None:
        assert found.gaps == ()
    elif gap is not ...:
        assert [str(example["a"]) for example in found.gaps] == [str(gap)]
    assert len(found.gaps) == (gap is not None)


def test_whole_numbers_and_days_have_neighbours() -> None:
    assert analysed([NUMBER], ["<= 100"], [">= 101"], whole=True).gaps == ()
    assert analysed([NUMBER], ["<= -2.5"], [">= -1"], whole=True).gaps == ({"a": Decimal(-2)},)
    assert analysed([NUMBER], ["2.5"], ["-"], whole=True).empty == (0,)
    assert analysed([NUMBER], ["<= 2.5"], [">= 3"], whole=True).gaps == ()


def test_an_empty_input_counts_where_a_cell_names_it_or_it_may_come() -> None:
    rows = [["< 5"], [">= 5"]]

    assert analysed([NUMBER], *rows).gaps == ()
    assert analysed([NUMBER], *rows, empty=True).gaps == ({"a": None},)
    assert analysed([NUMBER], *rows, ["null"], empty=True).gaps == ()
    assert analysed([NUMBER], ["< 5"], ["not(null)"]).gaps == ({"a": None},)
    assert analysed([TEXT], ['"a"'], ['not("a")'], empty=True).gaps == ()


def test_inputs_that_do_not_matter_are_left_out_of_an_example() -> None:
    found = analysed([LETTERS, NUMBER, YES_NO], ['"a"', "-", "-"], ['not("a")', "> 5", "-"])

    assert found.gaps == ({"a": "b", "b": Decimal(4)},)


def test_overlaps_and_rows_behind_others_are_found() -> None:
    found = analysed(
        [NUMBER, YES_NO],
        ["< 10", "-"], [">= 5", "true"], ["[7..8]", "-"], [">= 10", "false"], ["(9..9)", "-"],
    )  # fmt: skip

    assert pairs(found) == [(0, 1), (0, 2), (1, 2)]
    assert found.example((0, 1)) == {"a": Decimal(5), "b": True}
    assert found.hidden == (2,)
    assert found.empty == (4,)


def test_a_row_may_hide_behind_several() -> None:
    found = analysed([NUMBER], ["< 5"], [">= 5"], ["[1..9]"])

    assert found.hidden == (2,)


@pytest.mark.parametrize(
    ("kind", "cell", "why"),
    [
        (NUMBER, "> other", "reads `other`"),
        (NUMBER, "odd(?)", "computes with the input"),
        (NUMBER, "? * 2 > 5", "computes with the input"),
        (NUMBER, "> (if true then null else 1)", "compares with what has no value"),
        (TEXT, 'starts with(?, "a")', "computes with the input"),
        (TEXT, '< "m"', "asks which comes first, in an input without an order"),
        (ListType(NUMBER), "count(?) > 2", "computes with the input"),
        (ListType(NUMBER), "[1, 2]", "tests what has no order and no declared values"),
        (
            DateTimeType(),
            '< @"2026-03-01T00:00:00", > @"2026-03-02T00:00:00Z"',
            "compares with times of which only some have a zone",
        ),
    ],
)
def test_a_cell_beyond_the_analysis_is_named_with_its_reason(
    kind: Type, cell: str, why: str
) -> None:
    found = analysed([kind, YES_NO], [cell, "true"], ["-", "true"])

    assert [(one.row, one.input, one.text, one.why) for one in found.beyond] == [
        (0, "a", cell, why)
    ]
    # The rest is analysed: what is not answered whatever that cell says, is still a gap.
    assert found.gaps == ({"b": False},)
    assert pairs(found) == []
    assert found.hidden == ()


def test_the_rows_of_a_cell_beyond_neither_hide_nor_gape() -> None:
    assert analysed([NUMBER], ["odd(?)"]).gaps == ()
    assert analysed([NUMBER], ["odd(?)"], ["-"]).hidden == ()
    assert analysed([NUMBER], ["-"], ["odd(?)"]).hidden == (1,)


@pytest.mark.parametrize("seed", range(5))
def test_two_hundred_rows_of_eight_inputs_answer_everything_once(seed: int) -> None:
    rows = divided(200, seed)
    found = analysed(EIGHT, *rows)

    assert found.finished
    assert (found.gaps, pairs(found), found.empty, found.hidden) == ((), [], (), ())


@pytest.mark.parametrize("seed", range(5))
def test_the_one_row_that_two_hundred_lack_is_found(seed: int) -> None:
    rows = divided(200, seed)
    *kept, lost = rows
    found = analysed(EIGHT, *kept)
    columns = inputs(EIGHT, [lost])

    assert found.gaps
    for gap in found.gaps:
        for one in columns:
            if one.id in gap:
                assert one.cells[0].evaluate({"?": gap[one.id]}) is True
    assert pairs(found) == []


def test_a_row_that_accepts_all_meets_every_other() -> None:
    rows = divided(200, 0)
    found = analysed(EIGHT, ["-"] * 8, *rows)

    assert found.overlaps == {0: (1 << 201) - 2}
    assert found.hidden == tuple(range(1, 201))


def test_a_chessboard_is_no_hardship() -> None:
    even = [
        ["true" if bit == "1" else "false" for bit in f"{number:08b}"]
        for number in range(256)
        if number.bit_count() % 2 == 0
    ]
    found = analysed([YES_NO] * 8, *even)

    assert found.finished
    assert len(found.gaps) == 3
    assert (pairs(found), found.hidden, found.empty) == ([], (), ())


def test_a_table_that_combines_in_too_many_ways_says_so() -> None:
    """Each row bounds four of eight inputs: there is hardly anything to leave out of account."""
    rows = [
        [f"[{(row * (at + 3)) % 17}..{(row * (at + 3)) % 17 + 11}]"
         if (row * 7 + at * at) % 8 < 5 else "-" for at in range(8)]
        for row in range(400)
    ]  # fmt: skip
    rows += [[f"< {at}" if at == column else "-" for at in range(8)] for column in range(8)]
    found = analysed([NUMBER] * 8, *rows)

    assert found.gaps or not found.finished


CELLS: Mapping[Type, list[str]] = {
    NUMBER: ["-", "1", "2", "< 1", "<= 1", "> 2", ">= 2", "[1..2]", "(1..2)", "not(1)", "null",
             "1, 3", "not(< 2)", "not(null)", "? > 1 and ? < 3", "odd(?)", "> other", "? != 2"],
    LETTERS: ["-", '"a"', '"b", "c"', 'not("a")', "null", '>= "g"', 'not("a", "b")'],
    YES_NO: ["-", "true", "false", "not(true)", "null", "?"],
    TEXT: ["-", '"x"', 'not("x")', '"y", "x"', "null", 'starts with(?, "x")'],
}  # fmt: skip
VALUES: Mapping[Type, list[Value]] = {
    NUMBER: [None, *map(Decimal, ("0", "1", "1.5", "2", "2.5", "3", "4"))],
    LETTERS: [None, *LETTERS.of],
    YES_NO: [None, True, False],
    TEXT: [None, "x", "y", "other"],
}


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[Type], list[list[str]]]:
    kinds = draw(st.lists(st.sampled_from(list(CELLS)), min_size=1, max_size=3))
    row = st.tuples(*(st.sampled_from(CELLS[kind]) for kind in kinds)).map(list)
    return kinds, draw(st.lists(row, min_size=1, max_size=6))


@given(tables())
def test_what_is_found_is_what_trying_everything_finds(
    table: tuple[list[Type], list[list[str]]],
) -> None:
    kinds, rows = table
    columns = inputs(kinds, rows, empty=True)
    found = analyse(columns, len(rows), above(len(rows)))
    hits = [
        (values, {row for row in range(len(rows)) if _accepts(columns, row, values)})
        for values in product(*(VALUES[kind] for kind in kinds))
    ]
    vague = {one.row for one in found.beyond}
    sure = [(values, matching - vague) for values, matching in hits]

    for gap in found.gaps:
        assert any(not matching and _fits(columns, gap, values) for values, matching in sure)
    if not vague:
        assert bool(found.gaps) == any(not matching for _, matching in hits)
        assert set(found.empty) == set(range(len(rows))) - set[int]().union(
            *(matching for _, matching in hits)
        )
        first = {min(matching) for _, matching in hits if matching}
        assert set(found.hidden) | set(found.empty) == set(range(len(rows))) - first
    both = {
        (one, other)
        for _, matching in sure
        for one in matching
        for other in matching
        if one < other
    }
    assert set(pairs(found)) == both


def _accepts(columns: Sequence[Input], row: int, values: Sequence[Value]) -> bool:
    given_ = zip(columns, values, strict=True)
    return all(
        one.cells[row].evaluate({"?": value, "other": Decimal(1)}) is True for one, value in given_
    )


def _fits(columns: Sequence[Input], gap: Mapping[str, Value], values: Sequence[Value]) -> bool:
    """Tell whether some values are answered as the example of a gap is.

    Where cells name nothing but the empty input, the example of all others is no value of its type.
    """
    for one, value in zip(columns, values, strict=True):
        if gap.get(one.id) == "anything":
            if value is None:
                return False
        elif one.id in gap and [
            cell.evaluate({"?": value, "other": Decimal(1)}) for cell in one.cells
        ] != [cell.evaluate({"?": gap[one.id], "other": Decimal(1)}) for cell in one.cells]:
            return False
    return True


def test_the_cost_of_a_column_grows_with_its_cells() -> None:
    rows = [[f"[{row}..{row + 1})"] for row in range(2000)]
    found, beyond = column(inputs([NUMBER], rows)[0])

    assert beyond == ()
    assert len(found.classes) == 2001
