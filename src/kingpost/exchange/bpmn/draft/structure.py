"""From a graph to blocks: branches that start at a fork and meet again become parallel steps.

Source: R. Johnson, D. Pearson, K. Pingali, The Program Structure Tree, 1994 (regions with a single
        entry and a single exit); K. Cooper, T. Harvey, K. Kennedy, A Simple, Fast Dominance
        Algorithm, 2001.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from kingpost.exchange.bpmn.draft.blocks import EXIT
from kingpost.exchange.bpmn.draft.stops import OUT, Graph, Kind, Stop, Way

# The place behind all ends.
AFTER = "/after"
DONE = "done"
DEPTH_MAX = 6
ROADS_MAX = 200
GATEWAYS_MAX = 100
_STEPS = frozenset({Kind.TASK, Kind.DECISION, Kind.WAIT})


class UnstructuredError(Exception):
    """A process has no form as nested blocks. stop: where it shows."""

    def __init__(self, stop: str, message: str) -> None:
        """Carry where and why."""
        super().__init__(message)
        self.stop = stop


@dataclass(frozen=True, slots=True)
class Road:
    """One way on in a block. go: a stop that is a step, or `done`. conditions: all must hold."""

    go: str
    conditions: tuple[str, ...] = ()


@dataclass(slots=True)
class Block:
    """A block: its steps in the order in which they are come to.

    until:    the stop at which it is left.
    depth:    how many blocks stand around it; in the topmost, ends are steps.
    branches: of each fork in it, those that hold something.
    meeting:  of each fork in it, the stop at which its branches meet.
    passed:   the stops in it, gateways too.
    """

    until: str = AFTER
    depth: int = 0
    steps: list[str] = field(default_factory=list[str])
    branches: dict[str, list["Block"]] = field(default_factory=dict[str, list["Block"]])
    meeting: dict[str, str] = field(default_factory=dict[str, str])
    passed: set[str] = field(default_factory=set[str])

    def blocks(self) -> Iterator["Block"]:
        """Yield the block and all within it."""
        yield self
        for inner in self.branches.values():
            for block in inner:
                yield from block.blocks()


@dataclass(slots=True)
class Structure:
    """The blocks of a graph, and what was found on the way.

    parted: forks whose branches meet where no gateway joins them.
    single: forks of which at most one branch holds something; they are passed through.
    """

    graph: Graph
    meets: Mapping[str, str]
    top: Block = field(default_factory=Block)
    parted: set[str] = field(default_factory=set[str])
    single: dict[str, str] = field(default_factory=dict[str, str])
    _owners: dict[str, Block] = field(default_factory=dict[str, Block])

    @property
    def reached(self) -> frozenset[str]:
        """Return the stops that a case can come to."""
        return frozenset(self._owners)

    def fill(self, block: Block, entry: str, fork: str) -> None:
        """Gather what is reached from an entry before the end of its block.

        fork: the stop that the block is a branch of.
        Raises: UnstructuredError, when another block holds some of it already.
        """
        waiting = [entry]
        while waiting:
            target = waiting.pop(0)
            if target in {block.until, OUT, AFTER}:
                continue
            if self._owners.setdefault(target, block) is not block:
                message = "branches that run at once share steps before they meet"
                raise UnstructuredError(fork, message)
            if target in block.passed:
                continue
            block.passed.add(target)
            stop = self.graph.stops[target]
            if stop.kind is Kind.FORK:
                waiting.append(self._branch(block, stop))
                continue
            if stop.kind in _STEPS or (stop.kind is Kind.END and block.depth == 0):
                block.steps.append(target)
            waiting.extend(self.graph.following(target))

    def _branch(self, block: Block, stop: Stop) -> str:
        """Gather the branches of a fork; return where they meet."""
        meet = block.meeting[stop.id] = self.meets[stop.id]
        if block.depth == DEPTH_MAX:
            raise UnstructuredError(stop.id, f"branches are nested deeper than {DEPTH_MAX} levels")
        branches = [(way.target, Block(meet, block.depth + 1)) for way in stop.ways]
        for entry, branch in branches:
            self.fill(branch, entry, stop.id)
        filled = [(entry, branch) for entry, branch in branches if branch.steps]
        if len(filled) < 2:  # noqa: PLR2004 - one branch runs beside nothing
            self.single[stop.id] = next((entry for entry, _ in filled), meet)
            for _, branch in filled:
                block.steps += branch.steps
                block.branches |= branch.branches
                block.meeting |= branch.meeting
            return meet
        block.steps.append(stop.id)
        block.branches[stop.id] = [branch for _, branch in filled]
        known = self.graph.stops.get(meet)
        if known and known.kind not in {Kind.JOIN, Kind.END} and not meet.endswith(EXIT):
            self.parted.add(stop.id)
        return meet

    def roads(self, ways: list[Way], block: Block) -> list[Road]:
        """Return the ways on as the model writes them, to steps of the block or out of it.

        Raises: UnstructuredError, when gateways lead in a circle, or are too many.
        """
        roads: list[Road] = []
        for way in ways or [Way(AFTER)]:
            for road in self._follow(way, block, (), ()):
                roads.append(road)
                if len(roads) > ROADS_MAX:
                    message = f"more than {ROADS_MAX} ways lead on at once"
                    raise UnstructuredError(way.target, message)
        return roads

    def _follow(
        self, way: Way, block: Block, conditions: tuple[str, ...], seen: tuple[str, ...]
    ) -> Iterator[Road]:
        held = (*conditions, way.condition) if way.condition and not way.default else conditions
        target = way.target
        if target in {block.until, OUT, AFTER}:
            yield Road(DONE, held)
            return
        stop = self.graph.stops[target]
        if target in seen:
            raise UnstructuredError(target, "gateways lead in a circle without a step")
        if len(seen) > GATEWAYS_MAX:
            message = f"more than {GATEWAYS_MAX} gateways follow each other without a step"
            raise UnstructuredError(target, message)
        if stop.kind is Kind.FORK and target in self.single:
            yield from self._follow(Way(self.single[target]), block, held, (*seen, target))
        elif stop.kind in _STEPS or stop.kind in {Kind.END, Kind.FORK}:
            yield Road(DONE if stop.kind is Kind.END and block.depth > 0 else target, held)
        else:
            ways = sorted(stop.ways, key=lambda one: one.default) or [Way(AFTER)]
            for inner in ways:
                yield from self._follow(inner, block, held, (*seen, target))


def structure(graph: Graph) -> Structure:
    """Return the blocks of a graph.

    Raises: UnstructuredError, when branches that run at once have no common end of their own.
    """
    reached = _reached(graph)
    _must_end(graph, reached)
    found = Structure(graph, _meeting_points(graph, reached))
    found.fill(found.top, graph.begin, graph.begin)
    return found


# --- where branches meet -------------------------------------------------------------------------


def _reached(graph: Graph) -> list[str]:
    """Return the stops that can be reached, each after one that leads to it."""
    order, seen, waiting = list[str](), {graph.begin}, [graph.begin]
    while waiting:
        stop = waiting.pop()
        order.append(stop)
        for target in graph.following(stop):
            if target not in seen:
                seen.add(target)
                waiting.append(target)
    return order


def _after(graph: Graph, stop: str) -> list[str]:
    """Return what follows a stop; behind an end, and behind what leads nowhere, lies the end."""
    return list(dict.fromkeys(graph.following(stop))) or [AFTER]


def _must_end(graph: Graph, reached: list[str]) -> None:
    before: dict[str, list[str]] = {}
    for stop in reached:
        for target in _after(graph, stop):
            before.setdefault(target, []).append(stop)
    ending, waiting = {AFTER}, [AFTER]
    while waiting:
        for stop in before.get(waiting.pop(), ()):
            if stop not in ending:
                ending.add(stop)
                waiting.append(stop)
    for stop in reached:
        if stop not in ending:
            raise UnstructuredError(stop, "no end of the process can be reached from here")


def _meeting_points(graph: Graph, reached: list[str]) -> Mapping[str, str]:
    """Return for each stop the nearest one that every way from it comes through."""
    before: dict[str, list[str]] = {}
    for stop in reached:
        for target in _after(graph, stop):
            before.setdefault(target, []).append(stop)
    order = _backwards(before)
    place = {stop: index for index, stop in enumerate(order)}
    nearest: dict[str, str] = {AFTER: AFTER}
    changed = True
    while changed:
        changed = False
        for stop in order[1:]:
            known = [target for target in _after(graph, stop) if target in nearest]
            found = known[0]
            for other in known[1:]:
                found = _common(nearest, place, found, other)
            if nearest.get(stop) != found:
                nearest[stop], changed = found, True
    return nearest


def _backwards(before: Mapping[str, list[str]]) -> list[str]:
    """Return the stops from the end back, each before those that it is reached from."""
    order, seen = list[str](), {AFTER}
    walk = [(AFTER, iter(before.get(AFTER, ())))]
    while walk:
        stop, rest = walk[-1]
        source = next((one for one in rest if one not in seen), None)
        if source is None:
            order.append(stop)
            walk.pop()
        else:
            seen.add(source)
            walk.append((source, iter(before.get(source, ()))))
    return order[::-1]


def _common(nearest: Mapping[str, str], place: Mapping[str, int], one: str, two: str) -> str:
    while one != two:
        while place[one] > place[two]:
            one = nearest[one]
        while place[two] > place[one]:
            two = nearest[two]
    return one
