"""How findings show values: as people write them."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from kingpost.checks.finding import value_told
from kingpost.expressions import Months, Value


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (Decimal("5E+1"), "50"),
        (Decimal("0.50"), "0.50"),
        (Decimal("1E-8"), "0.00000001"),
        (True, "true"),
        (timedelta(days=2, hours=4), "P2DT4H"),
        (Months(18), "18 months"),
        (date(2026, 3, 1), "2026-03-01"),
        (datetime(2026, 3, 1, 9, tzinfo=UTC), "2026-03-01T09:00:00+00:00"),
        ("fire", "fire"),
    ],
)
def test_a_value_is_told_as_it_is_written(value: Value, told: str) -> None:
    assert value_told(value) == told
