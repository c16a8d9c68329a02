"""Ways through the gaps between layers: one vertical track for each that must change its level."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations

STUB_BEFORE = 9.0
STUB_AFTER = 13.0
STEP = 9.0
TRIED_MAX = 5


@dataclass(frozen=True, slots=True)
class Hop:
    """One way across one gap, from one level to another.

    source, target: keys of the ports; hops of one port may share a track.
    """

    key: int
    start: float
    end: float
    source: str
    target: str


@dataclass(frozen=True, slots=True)
class Gap:
    """The width a gap needs, and the track of each bent hop, from the gap's start."""

    width: float
    tracks: dict[int, float]


def route_gap(hops: Sequence[Hop], least: float) -> Gap:
    """Give tracks to the hops of one gap; straight ones need none. least: width without tracks."""
    groups = _share([hop for hop in hops if hop.start != hop.end])
    if not groups:
        return Gap(least, {})
    if len(groups) <= TRIED_MAX:
        groups = list(min(permutations(groups), key=_conflicts))
    else:
        groups.sort(key=lambda group: -group[0].start * (group[0].end - group[0].start))
    width = STUB_BEFORE + STEP * (len(groups) - 1) + STUB_AFTER
    start = STUB_BEFORE + max(0.0, least - width) / 2
    tracks = {hop.key: start + STEP * index for index, group in enumerate(groups) for hop in group}
    return Gap(max(least, width), tracks)


def _share(hops: Sequence[Hop]) -> list[list[Hop]]:
    """Group hops that may share a track: by source where it splits, else by target."""
    splits = {hop.source for hop in hops if sum(h.source == hop.source for h in hops) > 1}
    groups: dict[str, list[Hop]] = {}
    for hop in hops:
        key = f"from {hop.source}" if hop.source in splits else f"to {hop.target}"
        groups.setdefault(key, []).append(hop)
    return list(groups.values())


def _conflicts(order: Sequence[Sequence[Hop]]) -> int:
    """Count crossings, and lines that would lie on each other, ten times as bad."""
    total = 0
    for index, early in enumerate(order):
        for late in order[index + 1 :]:
            total += _cut([hop.end for hop in early], late) + _cut(
                [hop.start for hop in late], early
            )
            total += 10 * sum(a.end == b.start for a in early for b in late)
    return total


def _cut(levels: Sequence[float], group: Sequence[Hop]) -> int:
    ends = [level for hop in group for level in (hop.start, hop.end)]
    return sum(min(ends) < level < max(ends) for level in levels)
