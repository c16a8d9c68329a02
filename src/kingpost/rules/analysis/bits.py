"""Sets of small numbers, such as the rows of a table, as the bits of one number."""

from collections.abc import Iterable, Iterator

EVERY = -1


def common(sets: Iterable[int], among: int = EVERY) -> int:
    """Return what is in all of some sets."""
    for one in sets:
        among &= one
    return among


def united(sets: Iterable[int]) -> int:
    """Return what is in any of some sets."""
    found = 0
    for one in sets:
        found |= one
    return found


def members(bits: int) -> Iterator[int]:
    """Yield the numbers of a finite set, ascending."""
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest
