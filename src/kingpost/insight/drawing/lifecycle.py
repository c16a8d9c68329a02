"""The picture of a business object's lifecycle: its states, and the moves between them.

States that come from and lead to the same others share a box, so that five states in which a
record may wait are one box with five names.
"""

from collections.abc import Iterable, Mapping

from kingpost.insight.diagram import Edge, EdgeKind, Node
from kingpost.insight.drawing.letters import width_of, wrapped
from kingpost.insight.drawing.picture import LEADING, PADDING, TITLE, Picture
from kingpost.insight.drawing.process import Lettered, placed
from kingpost.insight.process_map import lay_out
from kingpost.model.objects import BusinessObject, State

_WIDEST = 190.0
_LEAST = 84.0


def lifecycle_picture(item: BusinessObject) -> Picture:
    """Return the lifecycle of a business object."""
    groups = _groups(item)
    names = {state: group[0].id for group in groups for state in (one.id for one in group)}
    moves = dict.fromkeys(
        (names[source.id], names[target.id])
        for source in item.states
        for target in item.states
        if item.permits(source.id, target.id) and names[source.id] != names[target.id]
    )
    rank = {group[0].id: number for number, group in enumerate(groups)}
    edges = tuple(
        Edge(f"{source}->{target}", source, target, kind=_kind(rank, source, target, moves))
        for source, target in moves
    )
    lettered = {group[0].id: _lettered(item, group) for group in groups}
    layout = lay_out([one.node for one in lettered.values()], edges)
    titles = {state.id: state.title for state in item.states}
    told = "; ".join(f"{titles[source]} to {titles[target]}" for source, target in _moves(item))
    return placed(f"Lifecycle of {item.title}", f"Moves: {told}.", layout, lettered)


def _moves(item: BusinessObject) -> Iterable[tuple[str, str]]:
    for source in item.states:
        for target in item.states:
            if source is not target and item.permits(source.id, target.id):
                yield source.id, target.id


def _groups(item: BusinessObject) -> list[list[State]]:
    """Return the states in the order of the model, those that stand alike together."""
    near: dict[str, tuple[frozenset[str], frozenset[str]]] = {}
    for state in item.states:
        ahead = {target.id for target in item.states if item.permits(state.id, target.id)}
        behind = {source.id for source in item.states if item.permits(source.id, state.id)}
        near[state.id] = (frozenset(ahead), frozenset(behind))
    groups: list[list[State]] = []
    for state in item.states:
        for group in groups:
            if all(_alike(near, state, other) for other in group):
                group.append(state)
                break
        else:
            groups.append([state])
    return groups


def _alike(
    near: Mapping[str, tuple[frozenset[str], frozenset[str]]], first: State, second: State
) -> bool:
    """Tell whether two states stand alike to all others, and to each other both ways or not."""
    if (first.begin, first.end) != (second.begin, second.end):
        return False
    both = {first.id, second.id}
    (ahead, behind), (other_ahead, other_behind) = near[first.id], near[second.id]
    mutual = (second.id in ahead) == (first.id in other_ahead)
    return mutual and ahead - both == other_ahead - both and behind - both == other_behind - both


def _kind(
    rank: Mapping[str, int], source: str, target: str, moves: Mapping[tuple[str, str], None]
) -> EdgeKind:
    """Return whether a move leads back to an earlier state."""
    back = rank[target] < rank[source]
    return "rework" if back and (target, source) not in moves else "flow"


def _lettered(item: BusinessObject, group: list[State]) -> Lettered:
    lines = tuple(line for state in group for line in wrapped(state.title, TITLE, _WIDEST))
    width = max(_LEAST, *(width_of(line, TITLE) + 2 * PADDING + 4 for line in lines))
    height = 2 * PADDING + len(lines) * LEADING
    first = group[0]
    tone = "begin" if first.begin else "final" if first.end else "between"
    part = f"object/{item.id}/state/{first.id}"
    return Lettered(Node(first.id, "step", width, height), lines, (), tone, part)
