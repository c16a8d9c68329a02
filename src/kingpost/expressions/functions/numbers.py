"""Built-in functions on numbers and conditions.

Source: OMG DMN 1.5, 10.3.4.2 and 10.3.4.5, boolean and numeric functions.
"""

from collections.abc import Mapping
from datetime import timedelta
from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Decimal,
)
from functools import partial

from kingpost.expressions.functions.conversions import whole
from kingpost.expressions.functions.signature import Signature, number_like, signature
from kingpost.expressions.kinds import DURATION, MONTHS, NUMBER, YES_NO
from kingpost.expressions.value import DECIMAL, FailureError, Months, Value

_SCALE_MIN, _SCALE_MAX = -6111, 6176
_TWO = Decimal(2)


def rounded(rounding: str, number: Decimal, scale: Decimal | None) -> Value:
    """Round a number to a count of decimal places; a negative count rounds before the point."""
    places = whole(scale) if scale is not None else 0
    if not _SCALE_MIN <= places <= _SCALE_MAX:
        raise FailureError(f"a scale lies between {_SCALE_MIN} and {_SCALE_MAX}")
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and exponent >= -places:
        return number
    return number.quantize(Decimal((0, (1,), -places)), rounding=rounding, context=DECIMAL)


def _modulo(dividend: Decimal, divisor: Decimal) -> Value:
    """Return the rest of a division, with the sign of the divisor."""
    rest = DECIMAL.remainder(dividend, divisor)
    return DECIMAL.add(rest, divisor) if rest and (rest < 0) != (divisor < 0) else rest


def _sqrt(number: Decimal) -> Value:
    if number < 0:
        raise FailureError("a negative number has no square root")
    return DECIMAL.sqrt(number)


def _log(number: Decimal) -> Value:
    if number <= 0:
        raise FailureError("only a number above 0 has a logarithm")
    return DECIMAL.ln(number)


def _not(negand: bool) -> Value:  # noqa: FBT001 - the value that is negated
    return not negand


def _odd(number: Decimal) -> Value:
    return DECIMAL.remainder(number.copy_abs(), _TWO) == 1


def _even(number: Decimal) -> Value:
    return DECIMAL.remainder(number, _TWO) == 0


def _span_size(span: timedelta) -> Value:
    return abs(span)


def _months_size(span: Months) -> Value:
    return Months(abs(span.months))


def _rounding(rounding: str) -> tuple[Signature, ...]:
    return (signature("n: number, scale: number", number_like, partial(rounded, rounding)),)


def _whole(rounding: str) -> tuple[Signature, ...]:
    return (signature("n: number, scale?: number", number_like, partial(rounded, rounding)),)


NUMBERS: Mapping[str, tuple[Signature, ...]] = {
    "not": (signature("negand: boolean", YES_NO, _not),),
    "decimal": _rounding(ROUND_HALF_EVEN),
    "floor": _whole(ROUND_FLOOR),
    "ceiling": _whole(ROUND_CEILING),
    "round up": _rounding(ROUND_UP),
    "round down": _rounding(ROUND_DOWN),
    "round half up": _rounding(ROUND_HALF_UP),
    "round half down": _rounding(ROUND_HALF_DOWN),
    "abs": (
        signature("n: number", number_like, DECIMAL.abs),
        signature("n: duration", DURATION, _span_size),
        signature("n: months", MONTHS, _months_size),
    ),
    "modulo": (signature("dividend: number, divisor: number", NUMBER, _modulo),),
    "sqrt": (signature("number: number", NUMBER, _sqrt),),
    "log": (signature("number: number", NUMBER, _log),),
    "exp": (signature("number: number", NUMBER, DECIMAL.exp),),
    "odd": (signature("number: number", YES_NO, _odd),),
    "even": (signature("number: number", YES_NO, _even),),
}
