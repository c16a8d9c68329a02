"""Identifiers that a pure function can make: UUIDs from a name, of version 7 with a time."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID

_DERIVED = 8
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def identify(at: datetime, name: str) -> UUID:
    """Return the one UUID of version 7 for `name` at the millisecond of `at`.

    The random part is a digest of the name, so the same facts give the same identifier and two
    names collide no more often than random numbers do.

    at:     aware.
    name:   unique for what is identified, such as the case, the sequence and an ordinal.
    Source: RFC 9562, section 5.7.
    """
    milliseconds = (at - _EPOCH) // _MILLISECOND & ((1 << 48) - 1)
    noise = int.from_bytes(sha256(name.encode()).digest()[:10], "big")
    high = (noise >> 62) & 0xFFF
    low = noise & ((1 << 62) - 1)
    return UUID(int=milliseconds << 80 | 0x7 << 76 | high << 64 | 0b10 << 62 | low)


def derive(name: str) -> UUID:
    """Return the one UUID of version 8 for `name`, for what has no time of its own.

    Source: RFC 9562, section 5.8.
    """
    noise = int.from_bytes(sha256(name.encode()).digest()[:16], "big")
    return UUID(int=noise & ~(0xF << 76 | 0x3 << 62) | 0x8 << 76 | 0b10 << 62)


def is_derived(identifier: UUID) -> bool:
    """Tell whether an identifier is of the kind that `derive` makes.

    Whoever knows the name can work it out. So what comes from outside must not be one: it would
    take the place of ours.
    """
    return identifier.version == _DERIVED
