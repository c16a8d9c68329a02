"""The examples of gaps are such as people would give, and really fall through."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kingpost.expressions import DateTimeType, DurationType, Months, MonthsType, Type
from kingpost.rules.analysis.examples import between, beyond
from kingpost.rules.analysis.table import analyse
from tests.rules.tables import DATE, LETTERS, NUMBER, inputs


@pytest.mark.parametrize(
    ("cells", "example"),
    [
        (["<= 599", ">= 700"], "600"),
        (["< 100", "> 1000"], "100"),
        (["< 0", "> 12345"], "0"),
        (["<= 12345", ">= 17890"], "15000"),
        (["<= 0.125", ">= 0.3"], "0.2"),
        (["<= 0.375"], "1"),
        ([">= 0.375"], "0"),
        (["<= 100", ">= 200"], "150"),
        (["<= 1.2345", ">= 1.2346"], "1.23455"),
        # Nobody thinks of less than nothing first.
        (["[0..10]", "> 20"], "20"),
        (["[0..10]", ">= 20"], "15"),
        (["[0..10]", "> 10"], "-1"),
    ],
)
def test_a_number_is_round(cells: list[str], example: str) -> None:
    (gap,) = analyse(inputs([NUMBER], [[cell] for cell in cells]), len(cells), {}).gaps

    assert gap == {"a": Decimal(example)}


@pytest.mark.parametrize(
    ("kind", "cells", "example"),
    [
        (DATE, ['<= @"2025-11-03"', '>= @"2026-05-20"'], date(2026, 1, 1)),
        (DATE, ['<= @"2026-03-10"', '>= @"2026-04-20"'], date(2026, 4, 1)),
        (DATE, ['<= @"2026-03-10"', '>= @"2026-03-20"'], date(2026, 3, 15)),
        (DATE, ['<= @"2026-03-10"'], date(2026, 3, 11)),
        (DurationType(), ['<= @"PT5H"', '>= @"P3D"'], timedelta(days=1)),
        (DurationType(), ['<= @"PT5H"', '>= @"PT9H"'], timedelta(hours=7)),
        (MonthsType(), ['<= @"P10M"', '>= @"P20M"'], Months(12)),
        (MonthsType(), ['<= @"P13M"', '>= @"P20M"'], Months(16)),
        (
            DateTimeType(),
            ['<= @"2026-03-10T09:12:00"', '>= @"2026-03-12T09:00:00"'],
            datetime(2026, 3, 11),  # noqa: DTZ001 - of a time without a zone
        ),
        (LETTERS, ['"a", "b", "c"', '"e"'], "d"),
    ],
)
def test_a_time_is_whole_and_a_choice_is_one_of_its_own(
    kind: Type, cells: list[str], example: object
) -> None:
    (gap,) = analyse(inputs([kind], [[cell] for cell in cells]), len(cells), {}).gaps

    assert gap == {"a": example}


NUMBERS = st.decimals(-(10**9), 10**9, allow_nan=False, allow_infinity=False, places=3)
DATES = st.dates(date(1900, 1, 1), date(2100, 1, 1))
DURATIONS = st.timedeltas(timedelta(days=-900), timedelta(days=900))
MONTHS = st.builds(Months, st.integers(-900, 900))


@given(st.one_of(*(st.tuples(one, one) for one in (NUMBERS, DATES, DURATIONS, MONTHS))))
def test_what_is_between_two_values_lies_there(ends: tuple[Any, Any]) -> None:
    low, high = sorted(ends)
    found = between(low, high, whole=False)

    assert found is None or low < found < high
    # Between two numbers, and two lengths of time, there is always another.
    assert found is not None or low == high or isinstance(low, date | Months | timedelta)
    assert beyond(low, -1) < low
    assert high < beyond(high, 1)


@given(NUMBERS, NUMBERS)
def test_a_whole_number_between_two_is_found_if_there_is_one(one: Decimal, other: Decimal) -> None:
    low, high = sorted((one, other))
    found = between(low, high, whole=True)
    there = any(low < number < high for number in (int(low) - 1, int(low), int(low) + 1))

    assert (found is not None) == there
    assert found is None or (low < found < high and found == int(found))


@given(st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=5))
def test_the_example_of_a_gap_falls_through_every_row(ranges: Sequence[tuple[Any, Any]]) -> None:
    rows = [[f"[{min(pair):f}..{max(pair):f}]"] for pair in ranges]
    (column,) = inputs([NUMBER], rows)

    gaps = analyse([column], len(rows), {}).gaps
    assert gaps
    for gap in gaps:
        assert all(cell.evaluate({"?": gap["a"]}) is False for cell in column.cells)
