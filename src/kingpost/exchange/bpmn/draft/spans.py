"""Lengths of time as ISO 8601 writes them, in the words of the language."""

import re

_DURATION = re.compile(r"P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:\d+(?:\.\d+)?S)?)?")


def span_of(duration: str) -> str | None:
    """Return a duration of ISO 8601 as the language writes it; None for another text."""
    match = _DURATION.fullmatch(duration.strip())
    if match is None:
        return None
    weeks, days, hours, minutes = (int(part or 0) for part in match.groups())
    for count, unit, rest in (
        (minutes + 60 * hours + 1440 * (days + 7 * weeks), "minute", minutes),
        (hours + 24 * (days + 7 * weeks), "hour", hours),
        (days + 7 * weeks, "day", days),
        (weeks, "week", weeks),
    ):
        if rest:
            return f"{count} {unit}{'' if count == 1 else 's'}"
    return None
