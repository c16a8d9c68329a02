"""The register of built-in functions, by name."""

from collections.abc import Mapping
from datetime import datetime

from kingpost.expressions.functions.contexts import CONTEXTS
from kingpost.expressions.functions.conversions import CONVERSIONS
from kingpost.expressions.functions.lists import LISTS
from kingpost.expressions.functions.numbers import NUMBERS
from kingpost.expressions.functions.ranges import RANGES
from kingpost.expressions.functions.signature import Signature, signature
from kingpost.expressions.functions.texts import TEXTS
from kingpost.expressions.kinds import DATE, DATE_TIME
from kingpost.expressions.value import FailureError, Run, Value


def _now(run: Run) -> datetime:
    """Return the moment that was given as `now`: the language itself reads no clock."""
    now = run.values.get("now")
    if not isinstance(now, datetime):
        raise FailureError("`now` was not given")
    return now


def _today(run: Run) -> Value:
    return _now(run).date()


CLOCKS: Mapping[str, tuple[Signature, ...]] = {
    "now": (signature("", DATE_TIME, _now, paid=True),),
    "today": (signature("", DATE, _today, paid=True),),
}
BUILTINS: Mapping[str, tuple[Signature, ...]] = {
    **CONVERSIONS,
    **NUMBERS,
    **TEXTS,
    **LISTS,
    **CONTEXTS,
    **RANGES,
    **CLOCKS,
}
