"""Lay out trees from the top down: inner nodes above their branches, leaves below each other."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from kingpost.insight.diagram import Point
from kingpost.insight.drawing.picture import Figure, Way

_GAP = 16.0
_DROP = 30.0
_INDENT = 16.0
_LEAF_GAP = 8.0
_COLUMN_MAX = 8


@dataclass(frozen=True, slots=True)
class Tree:
    """A node with what hangs below it. figure: its box, wherever it stands yet."""

    figure: Figure
    below: tuple["Tree", ...] = ()


@dataclass(frozen=True, slots=True)
class Placed:
    """A tree that has its place, from zero on."""

    figures: tuple[Figure, ...]
    ways: tuple[Way, ...]
    width: float
    height: float
    root: Point


def forest(
    names: Sequence[str], above: Mapping[str, str | None], figures: Mapping[str, Figure]
) -> tuple[Tree, ...]:
    """Return the trees of named nodes; a circle is cut where it is met first."""
    below: dict[str, list[str]] = {name: [] for name in names}
    roots: list[str] = []
    for name in names:
        parent = above.get(name)
        (below[parent] if parent in below and parent != name else roots).append(name)
    seen: set[str] = set()
    trees = [_grow(name, below, figures, seen) for name in roots]
    trees += [_grow(name, below, figures, seen) for name in names if name not in seen]
    return tuple(trees)


def _grow(
    name: str, below: Mapping[str, list[str]], figures: Mapping[str, Figure], seen: set[str]
) -> Tree:
    seen.add(name)
    branches = [_grow(other, below, figures, seen) for other in below[name] if other not in seen]
    return Tree(figures[name], tuple(branches))


def place_forest(trees: Sequence[Tree], *, column_max: int = _COLUMN_MAX) -> Placed:
    """Place trees beside each other. column_max: how many leaves may stand below each other."""
    placed = [place_tree(tree, column_max) for tree in trees]
    figures: list[Figure] = []
    ways: list[Way] = []
    left = 0.0
    for one in placed:
        moved = _moved(one, left, 0.0)
        figures += moved.figures
        ways += moved.ways
        left += one.width + 2 * _GAP
    height = max((one.height for one in placed), default=0.0)
    return Placed(tuple(figures), tuple(ways), max(0.0, left - 2 * _GAP), height, (0.0, 0.0))


def place_tree(tree: Tree, column_max: int) -> Placed:
    """Place a tree: branches beside each other, leaves in columns, their superior in the middle."""
    leaves = [branch for branch in tree.below if not branch.below]
    blocks = [place_tree(branch, column_max) for branch in tree.below if branch.below]
    length = _column_length(len(leaves), column_max)
    columns = [
        _column(leaves[start : start + length]) if length > 1 else _hang(leaves[start].figure, ())
        for start in range(0, len(leaves), length)
    ]
    return _hang(tree.figure, [*columns, *blocks])


def _column_length(count: int, column_max: int) -> int:
    """Return how many leaves stand in a column, so that columns are alike."""
    columns = -(-count // column_max)
    return -(-count // columns) if columns else 1


def _column(leaves: Sequence[Tree]) -> Placed:
    """Place leaves below each other, hanging off one line at their left."""
    figures: list[Figure] = []
    ways: list[Way] = []
    y = 0.0
    for leaf in leaves:
        figures.append(replace(leaf.figure, x=_INDENT, y=y))
        middle = y + leaf.figure.height / 2
        ways.append(Way(((0.0, -1.0), (0.0, middle), (_INDENT, middle)), "tree", "none"))
        y += leaf.figure.height + _LEAF_GAP
    width = _INDENT + max(leaf.figure.width for leaf in leaves)
    return Placed(tuple(figures), tuple(ways), width, y - _LEAF_GAP, (0.0, 0.0))


def _hang(figure: Figure, blocks: Sequence[Placed]) -> Placed:
    """Place blocks beside each other, and the figure above their middle."""
    total = sum(block.width for block in blocks) + _GAP * max(0, len(blocks) - 1)
    width = max(total, figure.width)
    middle = width / 2
    figures = [replace(figure, x=middle - figure.width / 2, y=0.0)]
    ways: list[Way] = []
    top, left = figure.height + _DROP, (width - total) / 2
    height = figure.height
    for block in blocks:
        moved = _moved(block, left, top)
        figures += moved.figures
        ways += moved.ways
        x, y = moved.root
        bend = figure.height + _DROP / 2
        ways.append(
            Way(((middle, figure.height), (middle, bend), (x, bend), (x, y)), "tree", "none")
        )
        height = max(height, top + block.height)
        left += block.width + _GAP
    return Placed(tuple(figures), tuple(ways), width, height, (middle, 0.0))


def _moved(block: Placed, right: float, down: float) -> Placed:
    return Placed(
        tuple(replace(item, x=item.x + right, y=item.y + down) for item in block.figures),
        tuple(replace(way, points=tuple(_points(way, right, down))) for way in block.ways),
        block.width,
        block.height,
        (block.root[0] + right, block.root[1] + down),
    )


def _points(way: Way, right: float, down: float) -> Iterator[Point]:
    return ((x + right, y + down) for x, y in way.points)
