"""Places across the flow: the spine straight, all else as near to its neighbours as may be.

Source: R. Barlow and others, Statistical Inference under Order Restrictions, 1972 (pooling adjacent
        violators gives the least squares under an order).
"""

from collections.abc import Callable, Sequence
from statistics import median_low

from kingpost.insight.layering import Item, Layers

SWEEPS = 24
FIRM = 1e9


def pool(wishes: Sequence[float], weights: Sequence[float]) -> list[float]:
    """Return the nearest rising values to the wishes, by weighted least squares."""
    blocks: list[list[float]] = []
    for wish, weight in zip(wishes, weights, strict=True):
        blocks.append([wish, weight, 1])
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            value, heavy, count = blocks.pop()
            total = blocks[-1][1] + heavy
            blocks[-1][0] = (blocks[-1][0] * blocks[-1][1] + value * heavy) / total
            blocks[-1][1] = total
            blocks[-1][2] += count
    return [value for value, _, count in blocks for _ in range(int(count))]


def place(layers: Layers, apart: Callable[[Item, Item], float]) -> None:
    """Set `at` of every item; apart: the least distance of two neighbours in a layer.

    INVARIANT: neighbours in a layer are never nearer than `apart`.
    """
    for sweep in range(SWEEPS):
        downward = sweep % 2 == 1
        for layer in layers.ranks if downward else layers.ranks[::-1]:
            _spread(layer, [_wish(layers, item, downward=downward) for item in layer], apart)
    for layer in layers.ranks:
        for item in layer:
            item.at = round(item.at)
        _spread(layer, [item.at for item in layer], apart)
    _level_lanes(layers, apart)


def _wish(layers: Layers, item: Item, *, downward: bool) -> float:
    if item.pinned:
        return 0
    beside = item.up if downward else item.down
    own = layers.ends.get(item.node, [])
    if len(own) > 1:
        return _branch_wish(layers, item, downward=downward)
    if not beside:
        beside = item.down if downward and not item.node else []
    if not beside:
        return item.at
    first = layers.ends.get(beside[0].node, [])
    if len(beside) == 1 and len(first) > 1 and _is_stem(item, first, downward=downward):
        return (first[0].at + first[-1].at) / 2
    pinned = [other for other in beside if other.pinned]
    spots = sorted(other.at for other in beside)
    return 0 if pinned and len(beside) > 1 and not item.node else median_low(spots)


def _is_stem(item: Item, bar: list[Item], *, downward: bool) -> bool:
    """Tell whether the item is the single way on the far side of a bar."""
    far = [other for end in bar for other in (end.down if downward else end.up)]
    return far == [item]


def _branch_wish(layers: Layers, item: Item, *, downward: bool) -> float:
    """Keep a bar's ends on their branches, the middle of all near the stem."""
    own = layers.ends[item.node]
    fan_down = item.node in layers.fans_out
    branches = [(end.down if fan_down else end.up) for end in own]
    stems = [other for end in own for other in (end.up if fan_down else end.down)]
    beside = item.down if fan_down else item.up
    spot = beside[0].at if beside else item.at
    heads = [other.at for others in branches for other in others]
    if fan_down != downward or not stems or not heads or any(end.pinned for end in own):
        return spot
    return spot + stems[0].at - (min(heads) + max(heads)) / 2


def _spread(
    layer: list[Item], wishes: Sequence[float], apart: Callable[[Item, Item], float]
) -> None:
    shift = 0.0
    shifts: list[float] = []
    for index, item in enumerate(layer):
        shift += apart(layer[index - 1], item) if index else 0
        shifts.append(shift)
    weights = [FIRM if item.pinned else 1e-3 if item.lane else 1.0 for item in layer]
    moved = [wish - by for wish, by in zip(wishes, shifts, strict=True)]
    for item, value, by in zip(layer, pool(moved, weights), shifts, strict=True):
        item.at = value + by


def _level_lanes(layers: Layers, apart: Callable[[Item, Item], float]) -> None:
    """Lift each lane to one level above all that it passes; lanes stand first in their layers."""
    lanes = [chain for chain in layers.chains if chain.arc.turned]
    for chain in sorted(lanes, key=lambda chain: len(chain.items)):
        tops: list[float] = []
        for item in chain.items:
            layer = layers.ranks[item.rank]
            layer.remove(item)
            raised = [other for other in layer if other.lane and other.pinned]
            under = [other for other in layer if not other.lane]
            next_ = raised[:1] or under[:1]
            tops.append(min((other.at - apart(item, other) for other in next_), default=0))
            others = [other for other in layer if other.lane and not other.pinned]
            layer[:] = [*others, item, *raised, *under]
        for item in chain.items:
            item.at, item.pinned = min(tops), True
