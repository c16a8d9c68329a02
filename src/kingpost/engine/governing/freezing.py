"""Days on which parts of the company do not change, as its governance says."""

from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from kingpost.model.custody import frozen_until
from kingpost.model.model import Model

_SHOWN_MAX = 10


def frozen_words(model: Model, addresses: Iterable[str], at: datetime) -> str:
    """Return why some elements do not change at a moment; empty when they may.

    model: the version that runs. at: aware; what counts is the day in the company's zone.
    """
    day = at.astimezone(ZoneInfo(model.zone)).date()
    found = {each: frozen_until(model, each, day) for each in sorted(set(addresses))}
    frozen = [(each, until) for each, until in found.items() if until is not None]
    if not frozen:
        return ""
    last = max(until for _, until in frozen)
    lines = [f"  `{each}` until the end of {_day(until)}" for each, until in frozen[:_SHOWN_MAX]]
    more = len(frozen) - len(lines)
    rest = [f"  and {more} more"] if more else []
    head = f"it is {_day(day)}, and these parts do not change now:"
    ends = f"It may take effect after {_day(last)}."
    return "\n".join([head, *lines, *rest, ends])


def _day(day: date) -> str:
    return f"{day:%-d %B %Y}"
