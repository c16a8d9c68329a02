"""Words for values: times, durations, numbers and people as a reader sees them."""

from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from hashlib import sha256
from zoneinfo import ZoneInfo

from kingpost.web.pieces import Clock, Moment, Person

_MINUTE, _HOUR, _DAY = 60, 3600, 86_400
_HUES = 6
_RISK_PERCENT = 75
_TEN = 10


def moment(at: datetime, now: datetime, zone: ZoneInfo) -> Moment:
    """Return a moment: the shorter, the nearer it is to now."""
    local, today = at.astimezone(zone), now.astimezone(zone)
    days = abs((local.date() - today.date()).days)
    if days == 0:
        text = f"{local:%H:%M}"
    elif days < 7:  # noqa: PLR2004 - a weekday is clear within a week
        text = f"{local:%a %H:%M}"
    elif local.year == today.year:
        text = f"{local:%-d %b %H:%M}"
    else:
        text = f"{local:%-d %b %Y}"
    iso = at.isoformat().replace("+00:00", "Z")
    return Moment(text, iso, f"{local:%A %-d %B %Y, %H:%M} {local.tzname()}")


def day(at: datetime, zone: ZoneInfo) -> str:
    """Return the day of a moment, such as `Saturday 21 November 2026`."""
    return f"{at.astimezone(zone):%A %-d %B %Y}"


def duration(length: timedelta | float) -> str:
    """Return a length of time in two units at most, such as `6 h 13 m` or `1.6 d`.

    length: a timedelta, or seconds. Its sign is left out.
    """
    seconds = abs(length.total_seconds() if isinstance(length, timedelta) else length)
    if seconds < _MINUTE:
        return f"{int(seconds)} s"
    if seconds < _HOUR:
        return f"{int(seconds // _MINUTE)} m"
    if seconds < _DAY:
        minutes = int(seconds % _HOUR // _MINUTE)
        hours = f"{int(seconds // _HOUR)} h"
        return f"{hours} {minutes:02} m" if minutes else hours
    days = seconds / _DAY
    if days < _TEN:
        return f"{rounded(Decimal(str(days)), 1)} d"
    return f"{rounded(Decimal(str(days)), 0)} d"


def rounded(value: Decimal, digits: int) -> str:
    """Return a number with so many digits behind the point, none of them a needless zero."""
    text = format(value.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def number(value: int) -> str:
    """Return a whole number with its thousands apart."""
    return f"{value:,}"


def percent(value: Decimal) -> str:
    """Return a share in percent, to one digit."""
    return f"{rounded(value, 1)} %"


def plural(count: int, one: str, many: str = "") -> str:
    """Return a count with its noun."""
    return f"{number(count)} {one if count == 1 else many or one + 's'}"


def person(person_id: str, name: str | None) -> Person:
    """Return a person as a chip."""
    shown = name or person_id
    words = [word for word in shown.replace("-", " ").split() if word[:1].isalpha()]
    initials = "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words))
    hue = sha256(person_id.encode()).digest()[0] % _HUES
    return Person(shown, initials.upper() or "?", hue, f"/people/{person_id}")


def title_of(identifier: str) -> str:
    """Return an id as words."""
    words = identifier.replace("-", " ")
    return words[:1].upper() + words[1:]


def clock(
    due_at: datetime | None,
    used: float | None,
    *,
    now: datetime,
    zone: ZoneInfo,
    stopped: str = "",
    warn: int | None = None,
) -> Clock | None:
    """Return a due time.

    due_at:  None without one, or while the clock stands still.
    used:    share of the budget that is used, 0 to 1 or more; None when it is not known.
    stopped: why the clock stands still, in words.
    warn:    the part of the budget, in percent, after which it is near; None for the usual one.
    """
    share = min(100, max(0, round(100 * (used or 0))))
    if due_at is None:
        if not stopped:
            return None
        return Clock("Clock stopped", Moment("", "", ""), "neutral", share, note=stopped)
    left = (due_at - now).total_seconds()
    if left < 0:
        text, tone, share = f"{duration(left)} late", "late", 100
    else:
        text = f"{duration(left)} left"
        tone = "risk" if share >= (warn or _RISK_PERCENT) else "neutral"
    return Clock(text, moment(due_at, now, zone), tone, share, 0 <= left < _HOUR, "")


def held_as(kind: str) -> str:
    """Return how somebody holds a post, by the kind of the appointment."""
    return {"acting": "Acting", "agent": "Machine agent"}.get(kind, "Substantive")


def horizon(until: date | None, today: date) -> str:
    """Return until when something is wanted; empty for always."""
    if until is None:
        return ""
    return f"{'wanted' if today <= until else 'was wanted'} until {until:%-d %B %Y}"
