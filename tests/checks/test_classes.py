"""What a condition says of every record is told right at the ends of what values there are."""

import pytest

from kingpost.checks.classes.constancy import constant_answer
from kingpost.expressions import Compiled, Value, compile_expression
from kingpost.model.scope import record_scope
from tests.checks.words import SOUND, read

MORE = """      receipt:  {title: Receipt, type: text}
      paid:     {title: Paid, type: money}
      day:      {title: Day, type: date}
      moment:   {title: Moment, type: datetime}
      length:   {title: Length, type: duration}
"""
MODEL = read(
    SOUND.replace("      receipt:  {title: Receipt, type: text}\n", MORE).replace(
        "company:", "currency: EUR\ncompany:", 1
    )
)
CLAIM = MODEL.objects["claim"]
VARIES = None
NEVER = (False,)


def said(text: str) -> tuple[Value] | None:
    compiled = compile_expression(text, record_scope(MODEL, CLAIM))
    assert isinstance(compiled, Compiled), compiled
    return constant_answer(MODEL, CLAIM, compiled)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        # Whole numbers between fractions.
        ("claim.amount > 2.5 and claim.amount < 3.5", VARIES),
        ("claim.amount > 2.2 and claim.amount < 4.1", VARIES),
        ("claim.amount > -3.5 and claim.amount < -2.5", VARIES),
        ("claim.amount > 2.2 and claim.amount < 2.8", NEVER),
        ("claim.amount > 2 and claim.amount < 3", NEVER),
        ("claim.amount > 2.5 and claim.amount = 2.5", NEVER),
        ("claim.amount > 2 and claim.amount < 4", VARIES),
        # Numbers of many digits.
        (
            (
                "claim.paid > 1.000000000000000000000000000000001"
                " and claim.paid < 1.000000000000000000000000000000003"
            ),
            VARIES,
        ),
        ("claim.paid > 9999999999999999999999999999999999 and claim.paid != 1", VARIES),
        ("claim.paid > 5 and claim.paid < 3", NEVER),
        # The first and the last day.
        ('claim.day != null and claim.day <= date("9999-12-31")', VARIES),
        ('claim.day > date("0001-01-01") and claim.day != date("9999-12-31")', VARIES),
        ('claim.day in [date("2026-01-01")..date("9999-12-31")] or claim.urgent', VARIES),
        ('claim.day > date("2026-01-01") and claim.day < date("10000-01-01")', VARIES),
        ('claim.day > date("2026-01-01") and claim.day < date("2026-01-02")', NEVER),
        # Times with a zone and without have no order.
        (
            (
                'claim.moment > date and time("2026-01-01T00:00:00")'
                ' and claim.moment < date and time("2026-02-01T00:00:00Z")'
            ),
            VARIES,
        ),
        (
            (
                'claim.moment > date and time("2026-01-01T00:00:00")'
                ' and claim.moment < date and time("2025-01-01T00:00:00")'
            ),
            NEVER,
        ),
        # Lengths of time.
        ('claim.length > duration("P1D") and claim.length < duration("P999999999D")', VARIES),
        ('claim.length > duration("-P999999999D") and claim.length < duration("P1D")', VARIES),
        ('claim.length > duration("P2D") and claim.length < duration("P1D")', NEVER),
        # A text that is the one that stands for all others.
        ('claim.receipt = null or claim.receipt = "something else"', VARIES),
        ('claim.receipt = "something else" and claim.receipt = "something else again"', NEVER),
    ],
)
def test_a_condition_never_holds_only_when_no_record_fulfils_it(
    text: str, answer: tuple[Value] | None
) -> None:
    assert said(text) == answer
