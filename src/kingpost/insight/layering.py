"""Layers of a process map: cycles broken, ranks given, long edges cut, crossings few, spine found.

Source: K. Sugiyama, S. Tagawa, M. Toda, Methods for Visual Understanding of Hierarchical System
        Structures, 1981; bars of parallel blocks stand between the layers of steps.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from statistics import fmean

from kingpost.insight.diagram import BARS, Edge, Node

SWEEPS = 12


@dataclass(frozen=True, slots=True)
class Arc:
    """An edge as it is laid out, always downstream.

    turned: the edge runs against the layers, from `target` to `source`.
    both:   the edge and its opposite in one.
    """

    edges: tuple[Edge, ...]
    source: str
    target: str
    turned: bool = False
    both: bool = False


@dataclass(slots=True, eq=False)
class Item:
    """One place in a layer: a node, a branch's end of a bar, or the passage of a long edge.

    node:   the node it belongs to, empty for a passage.
    lane:   passage of a turned arc, kept outside all boxes.
    """

    rank: int
    node: str = ""
    lane: bool = False
    at: float = 0
    pinned: bool = False
    up: list["Item"] = field(default_factory=list["Item"])
    down: list["Item"] = field(default_factory=list["Item"])


@dataclass(frozen=True, slots=True)
class Chain:
    """The places an arc takes, in order of rank; `side` says that it leaves its step sideways."""

    arc: Arc
    items: tuple[Item, ...]
    side: bool = False


@dataclass(frozen=True, slots=True)
class Layers:
    """All places by rank and order.

    ends:     the places of each node: of a bar one for each branch.
    fans_out: bars whose branches leave; the branches of the others arrive.
    """

    ranks: list[list[Item]]
    chains: tuple[Chain, ...]
    ends: dict[str, list[Item]]
    nodes: dict[str, Node]
    fans_out: frozenset[str]


def make_layers(nodes: Sequence[Node], edges: Sequence[Edge]) -> Layers:
    """Return the ordered layers; edges to unknown nodes and to oneself are left out."""
    known = {node.id: node for node in nodes}
    fitting = [e for e in edges if e.source in known and e.target in known and e.source != e.target]
    arcs = break_cycles([node.id for node in nodes], fitting)
    ranks = rank(nodes, arcs)
    layers = _cut(known, arcs, ranks)
    _order(layers)
    _pin_spine(layers)
    return layers


def break_cycles(ids: Sequence[str], edges: Sequence[Edge]) -> tuple[Arc, ...]:
    """Return the edges as arcs without a cycle; opposite edges become one arc."""
    after: dict[str, list[str]] = {name: [] for name in ids}
    arcs: dict[tuple[str, str], Arc] = {}
    for edge in sorted(edges, key=lambda edge: edge.kind == "rework"):
        source, target = edge.source, edge.target
        turned = _reaches(after, target, source)
        ends = (target, source) if turned else (source, target)
        old = arcs.get(ends)
        if old is None:
            after[ends[0]].append(ends[1])
            arcs[ends] = Arc((edge,), *ends, turned=turned)
        else:
            both = old.both or old.turned != turned
            arcs[ends] = Arc((*old.edges, edge), *ends, old.turned and turned, both)
    return tuple(arcs.values())


def _reaches(after: dict[str, list[str]], start: str, goal: str, without: str = "") -> bool:
    open_, seen = [start], {start, without}
    while open_:
        name = open_.pop()
        if name == goal:
            return True
        fresh = [other for other in after[name] if other not in seen]
        seen.update(fresh)
        open_ += fresh
    return False


def rank(nodes: Sequence[Node], arcs: Iterable[Arc]) -> dict[str, int]:
    """Return ranks by longest path: steps on even ranks, bars between them on odd ones."""
    odd = {node.id: int(node.kind in BARS) for node in nodes}
    before: dict[str, list[str]] = {node.id: [] for node in nodes}
    for arc in arcs:
        before[arc.target].append(arc.source)
    ranks: dict[str, int] = {}
    while len(ranks) < len(before):
        for name, sources in before.items():
            if name in ranks or any(source not in ranks for source in sources):
                continue
            low = max((ranks[source] + 1 for source in sources), default=0)
            ranks[name] = low + (low + odd[name]) % 2
    used = {number: index for index, number in enumerate(sorted(set(ranks.values())))}
    return {name: used[number] for name, number in ranks.items()}


def _cut(nodes: dict[str, Node], arcs: tuple[Arc, ...], ranks: dict[str, int]) -> Layers:
    """Give every node and every passage its place."""
    layers: list[list[Item]] = [[] for _ in range(max(ranks.values(), default=-1) + 1)]
    leaving = {name: sum(a.source == name and not a.turned for a in arcs) for name in nodes}
    arriving = {name: sum(a.target == name and not a.turned for a in arcs) for name in nodes}
    ends: dict[str, list[Item]] = {}
    for name, node in nodes.items():
        fan = max(1, leaving[name], arriving[name]) if node.kind in BARS else 1
        ends[name] = [Item(ranks[name], name) for _ in range(fan)]
        layers[ranks[name]] += ends[name]
    fans_out = frozenset(name for name in nodes if leaving[name] >= arriving[name])
    cut = Layers(layers, (), ends, nodes, fans_out)
    free = {name: iter(items) for name, items in ends.items()}
    return replace(cut, chains=tuple(_chain(cut, arc, free) for arc in arcs))


def _chain(layers: Layers, arc: Arc, free: dict[str, Iterator[Item]]) -> Chain:
    """Lead an arc through all layers that it passes; free: branches of bars not yet taken."""
    low, high = layers.ends[arc.source][0].rank, layers.ends[arc.target][0].rank
    side = not arc.turned and arc.both and layers.nodes[arc.source].kind not in BARS
    first = low if arc.turned or side else low + 1
    last = high if arc.turned else high - 1
    way = [Item(number, lane=arc.turned) for number in range(first, last + 1)]
    for item in way:
        layer = layers.ranks[item.rank]
        layer.insert(0 if arc.turned else len(layer), item)
    if not arc.turned:
        start = [] if side else [_port(layers, arc.source, free, leaving=True)]
        way = [*start, *way, _port(layers, arc.target, free, leaving=False)]
    for upper, lower in pairwise(way):
        upper.down.append(lower)
        lower.up.append(upper)
    return Chain(arc, tuple(way), side)


def _port(layers: Layers, name: str, free: dict[str, Iterator[Item]], *, leaving: bool) -> Item:
    """Return where an arc meets a node: on a bar's branching side each has a place of its own."""
    middle = layers.ends[name][len(layers.ends[name]) // 2]
    branching = layers.nodes[name].kind in BARS and (name in layers.fans_out) == leaving
    return next(free[name], middle) if branching else middle


def _pin_spine(layers: Layers) -> None:
    """Mark what every completed case passes, and the middle branch of an odd fork."""
    forward = [chain for chain in layers.chains if not chain.arc.turned and not chain.arc.both]
    leaving: dict[str, list[Chain]] = {name: [] for name in layers.nodes}
    for chain in forward:
        leaving[chain.arc.source].append(chain)
    after = {name: [chain.arc.target for chain in chains] for name, chains in leaving.items()}
    if not after:
        return
    start = next(iter(after))
    goals = [name for name in after if not after[name] and _reaches(after, start, name)]
    rank_of = {name: items[0].rank for name, items in layers.ends.items()}
    must = sorted(
        (
            name
            for name in after
            if _reaches(after, start, name)
            and (name == start or not any(_reaches(after, start, goal, name) for goal in goals))
        ),
        key=lambda name: rank_of[name],
    )
    here = start
    while here:
        if layers.nodes[here].kind not in BARS:
            layers.ends[here][0].pinned = True
        chosen = _next_chain(here, leaving[here], must, layers)
        if chosen is None:
            here = next((name for name in must if rank_of[name] > rank_of[here]), "")
            continue
        _pin_chain(layers, chosen)
        here = chosen.arc.target


def _pin_chain(layers: Layers, chain: Chain) -> None:
    """Pin the passages, and the branch's end of a bar; where a stem meets a bar needs no pin."""
    for item in chain.items:
        branch = item.node in (layers.fans_out if item is chain.items[0] else ())
        arrival = item is chain.items[-1] and item.node not in layers.fans_out
        if not item.node or (layers.nodes[item.node].kind in BARS and (branch or arrival)):
            item.pinned = True


def _next_chain(here: str, leaving: list[Chain], must: list[str], layers: Layers) -> Chain | None:
    """Return the way the spine takes from a node; None when it has no middle."""
    if layers.nodes[here].kind == "fork" and len(leaving) > 1:
        row = layers.ranks[layers.ends[here][0].rank]
        ordered = sorted(leaving, key=lambda chain: row.index(chain.items[0]))
        return ordered[len(ordered) // 2] if len(ordered) % 2 else None
    straight = [chain for chain in leaving if chain.arc.target in must]
    if straight:
        return straight[0]
    return max(leaving, key=lambda chain: _depth(chain.arc.target, layers), default=None)


def _depth(name: str, layers: Layers) -> int:
    lengths = [
        _depth(chain.arc.target, layers) + 1
        for chain in layers.chains
        if chain.arc.source == name and not chain.arc.turned and not chain.arc.both
    ]
    return max(lengths, default=0)


def _order(layers: Layers) -> None:
    """Order each layer by alternating barycentre sweeps; keep the order with fewest crossings."""
    best = [list(layer) for layer in layers.ranks]
    fewest = _crossings(best)
    for sweep in range(SWEEPS):
        downward = sweep % 2 == 0
        for layer in layers.ranks if downward else layers.ranks[::-1]:
            _sort_layer(layer, layers.ranks, downward=downward)
        count = _crossings(layers.ranks)
        if count < fewest:
            fewest, best = count, [list(layer) for layer in layers.ranks]
    layers.ranks[:] = best
    for ends in layers.ends.values():
        ends.sort(key=best[ends[0].rank].index)


def _sort_layer(layer: list[Item], ranks: list[list[Item]], *, downward: bool) -> None:
    def place(item: Item) -> float:
        beside = item.up if downward else item.down
        spots = [ranks[other.rank].index(other) + 0.5 for other in beside]
        spans = [len(ranks[other.rank]) for other in beside]
        share = [spot / span for spot, span in zip(spots, spans, strict=True)]
        return fmean(share) if share else (layer.index(item) + 0.5) / len(layer)

    own = {id(item): place(item) for item in layer}
    whole: dict[str, float] = {}
    for name in {item.node for item in layer if item.node}:
        whole[name] = fmean(own[id(item)] for item in layer if item.node == name)
    keys = {
        id(item): (not item.lane, whole.get(item.node, own[id(item)]), item.node, own[id(item)])
        for item in layer
    }
    layer.sort(key=lambda item: keys[id(item)])


def _crossings(ranks: list[list[Item]]) -> int:
    spot = {id(item): index for layer in ranks for index, item in enumerate(layer)}
    total = 0
    for layer in ranks:
        ways = [(spot[id(item)], spot[id(other)]) for item in layer for other in item.down]
        total += sum(
            (a[0] - b[0]) * (a[1] - b[1]) < 0 for i, a in enumerate(ways) for b in ways[i + 1 :]
        )
    return total
