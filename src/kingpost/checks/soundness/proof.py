"""The proof: what a walk shows of where cases stop, each with the shortest way to it."""

from collections import deque
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, TypeAlias

from kingpost.checks.soundness.beginning import walk_workflow
from kingpost.checks.soundness.cells import Cell
from kingpost.checks.soundness.guards import EMPTY, OPEN
from kingpost.checks.soundness.plan import Plan
from kingpost.checks.soundness.positions import Position, Reason, Standing, leading_to
from kingpost.checks.soundness.walk import Walk
from kingpost.checks.workflows.flow import diversions, ways_on
from kingpost.expressions import Value
from kingpost.model.workflow import DONE, End, Parallel

# A step on the way, with how it is left; how it is left is empty at the last.
Way: TypeAlias = tuple[tuple[str, str], ...]

# Fields by their dotted path, with a value of each.
Record: TypeAlias = tuple[tuple[str, Value], ...]

# By position the one before it, and how that is left.
Trace: TypeAlias = Mapping[Position, tuple[Position | None, str]]


class Kind(StrEnum):
    """What is wrong where a case stops."""

    NOBODY = "nobody may take an outcome"
    STUCK = "no act is possible"
    TURNING = "no end can be reached"
    MISSED = "no case comes here"


@dataclass(frozen=True, slots=True)
class Stop:
    """A position from which a case cannot go on.

    way:  how it comes there, ending with the step itself.
    sure: whether a case can come there for certain.
    why:  what stands in the way. record: the fields that matter, with an example of each.
    """

    kind: Kind
    way: Way
    sure: bool
    why: tuple[str, ...] = ()
    record: Record = ()

    @property
    def step(self) -> str:
        """Return the step where the case stops."""
        return self.way[-1][0]


def prove(plan: Plan) -> tuple[Stop, ...]:
    """Return every step where a case may stop, once for each kind; nothing when it is sound.

    Raises: TooManyPositionsError.
    """
    walk = walk_workflow(plan)
    if not walk.found:
        first = plan.workflow.steps[0].id
        return (Stop(Kind.STUCK, ((first, ""),), sure=True, why=_words(walk.refused)),)
    found: dict[tuple[Kind, str], Stop] = {}
    for stop in _stops(walk, (), set(), sure=True):
        known = found.get((stop.kind, stop.step))
        if known is None or (stop.sure, -len(stop.way)) > (known.sure, -len(known.way)):
            found[stop.kind, stop.step] = stop
    stopped = {stop.step for stop in found.values() if stop.kind is not Kind.TURNING}
    return (*found.values(), *_missed(plan, walk, stopped))


def _stops(walk: Walk, before: Way, seen: set[tuple[int, bool]], *, sure: bool) -> Iterator[Stop]:
    """Yield the stops of one block and of the branches in it.

    before: the way to the block. sure: whether it is come to for certain.
    seen:   the branches that were looked at; several positions may begin the same one.
    """
    seen.add((id(walk), sure))
    certain, possible = _trace(walk, sure=True), _trace(walk, sure=False)
    explained: set[Position] = set()
    for position in possible:
        here = sure and position in certain
        trace = certain if here else possible
        for one in _halts(walk, position):
            explained.add(position)
            if one.why or not one.barred:
                way = (*before, *_way(trace, position))
                yield Stop(one.kind, way, here and one.sure, _words(one.why), one.record)
        if position not in walk.inner:
            continue
        # A step that needs nobody may be over before anything can be done inside.
        stays = here and not walk.is_passed_at_once(position)
        for name, inner in walk.inner[position].items():
            if (id(inner), stays) not in seen:
                way = (*before, *_way(trace, position))
                inside = (*way[:-1], (position.step, f"in branch `{name}`"))
                yield from _stops(inner, inside, seen, sure=stays)
        if not walk.found[position].edges:
            explained.add(position)
    yield from _turning(walk, before, explained, certain if sure else {}, possible)


class _Halt(NamedTuple):
    """Why a case does not go on from a position. barred: whether that is told by itself."""

    kind: Kind
    why: tuple[Reason, ...]
    record: Record
    sure: bool = True
    barred: bool = False


def _halts(walk: Walk, position: Position) -> Iterator[_Halt]:
    plan, standing = walk.block.plan, walk.found[position]
    kind, barred = _kind(plan, position, standing), bool(standing.barred)
    if kind is not None:
        known = standing.gap is not OPEN
        silent = barred and kind is not Kind.NOBODY
        yield _Halt(kind, standing.why, _record(plan, position, standing), known, silent)
    jammed = walk.jammed.get(position)
    if jammed is not None:
        why = jammed.standing.why or standing.why
        record = _missing(plan, jammed.cell, why)
        yield _Halt(Kind.STUCK, why, record, not standing.edges, barred)


def _words(reasons: Iterable[Reason]) -> tuple[str, ...]:
    return tuple(reason.words for reason in reasons)


def _kind(plan: Plan, position: Position, standing: Standing) -> Kind | None:
    step = plan.steps.get(position.step)
    if step is None or isinstance(step, End | Parallel):
        return None
    if standing.gap is not False:
        return Kind.NOBODY
    return None if standing.edges else Kind.STUCK


def _turning(
    walk: Walk, before: Way, explained: Iterable[Position], certain: Trace, possible: Trace
) -> Iterator[Stop]:
    """Yield the first positions from which neither an end nor anything explained is reached.

    One explains whatever is come to from its step, and what leads there.
    """
    told = set(explained)
    if _safe(walk, told, lucky=False).issuperset(possible):
        return
    for trace, sure in ((certain, True), (possible, False)):
        while lost := _outside(trace, _safe(walk, told, lucky=sure)):
            first = lost[0]
            record = _record(walk.block.plan, first, walk.found[first])
            yield Stop(Kind.TURNING, (*before, *_way(trace, first)), sure, record=record)
            told |= _from(walk, [one for one in lost if one.step == first.step])


def _outside(trace: Trace, safe: Container[Position]) -> list[Position]:
    return [position for position in trace if position not in safe]


def _from(walk: Walk, positions: Iterable[Position]) -> set[Position]:
    """Return the positions that are come to from some, they themselves too."""
    found, waiting = set[Position](), list(positions)
    while waiting:
        position = waiting.pop()
        if position not in found:
            found.add(position)
            waiting.extend(edge.to for edge in walk.found[position].edges)
    return found


def _safe(walk: Walk, explained: Iterable[Position], *, lucky: bool) -> set[Position]:
    """Return the positions from which the block can be left, or something explained is reached."""
    steps = walk.block.plan.steps
    ends = (one for one in walk.found if one.step == DONE or isinstance(steps[one.step], End))
    return leading_to((*ends, *explained), walk.found, lucky=lucky)


def _trace(walk: Walk, *, sure: bool) -> Trace:
    """Return each position, nearest first, with the one before it and how that was left.

    sure: only along acts that can be done for certain.
    """
    doubted = walk.doubted if sure else ()
    found: dict[Position, tuple[Position | None, str]] = {}
    waiting: deque[tuple[Position, Position | None, str]] = deque(
        (edge.to, None, "")
        for edge in walk.starts
        if (edge.sure or not sure) and edge.to not in doubted
    )
    while waiting:
        position, before, how = waiting.popleft()
        if position not in found:
            found[position] = (before, how)
            for edge in walk.found[position].edges:
                if (edge.sure or not sure) and edge.to not in doubted:
                    waiting.append((edge.to, position, edge.how))
    return found


def _way(trace: Trace, position: Position) -> Way:
    steps: list[tuple[str, str]] = []
    how, current = "", position
    while True:
        steps.append((current.step, how))
        before, how = trace[current]
        if before is None:
            return tuple(reversed(steps))
        current = before


def _record(plan: Plan, position: Position, standing: Standing) -> Record:
    """Return the fields that decide at a position, with the value that each has in the example."""
    step = plan.steps[position.step]
    if standing.gap is OPEN:
        return ()
    if standing.gap is True:
        uses = plan.asked_before(step)
    elif standing.edges:
        uses = frozenset[tuple[int, str]]().union(
            *(plan.asked_after(step, act) for act in plan.acts[step.id])
        )
    else:
        return _missing(plan, position.cell, standing.why)
    return _shown(plan, position.cell, (index for index, _ in uses))


def _missing(plan: Plan, cell: Cell, reasons: Iterable[Reason]) -> Record:
    """Return the fields on which it depends what stands in the way."""
    return _shown(plan, cell, (index for reason in reasons for index in reason.reads))


def _shown(plan: Plan, cell: Cell, fields: Iterable[int]) -> Record:
    guards = plan.guards
    return tuple(
        (guards.paths[index], guards.values[index][cell[index]])
        for index in sorted(set(fields))
        if cell[index] >= EMPTY
    )


def _missed(plan: Plan, walk: Walk, stopped: Iterable[str]) -> Iterator[Stop]:
    """Yield the steps to which ways lead, and along which no case ever comes.

    stopped: steps where cases stop; what follows them is not reported again.
    """
    reached, silent = _reached(walk)
    silent.update(stopped)
    for step in plan.steps.values():
        if step.id in reached and step.id not in silent:
            for go in (*ways_on(step), *diversions(plan.workflow, step)):
                if go != DONE and go not in reached and go not in silent:
                    reached.add(go)
                    silent.add(go)
                    yield Stop(Kind.MISSED, ((go, ""),), sure=True)


def _reached(walk: Walk) -> tuple[set[str], set[str]]:
    """Return the steps to which cases come, and those behind which nothing need be said.

    The latter are steps that the lifecycle bars, and parallel steps that are never over.
    """
    reached = {position.step for position in walk.found}
    silent = {name for standing in walk.found.values() for name in standing.barred}
    over = {position.step for position in walk.inner if walk.found[position].edges}
    silent |= {position.step for position in walk.inner} - over
    for walks in walk.inner.values():
        for inner in walks.values():
            below, quiet = _reached(inner)
            reached |= below
            silent |= quiet
    return reached, silent
