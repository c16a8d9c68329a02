"""From plain values to the text of a file: short things on one line, the others in blocks."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TypeAlias, cast

from kingpost.notation.writing.scalars import quoted, scalar

WIDTH = 120
_STEP = "  "
# How deep lists and mappings may nest on one line.
_NESTING_MAX = 2
# Sections, their elements, and the parts of elements stand apart when they need several lines.
_DEPTHS_APART = frozenset({0, 1, 3})

Lines: TypeAlias = list[str]
Members: TypeAlias = Mapping[str, object]


def write(tree: Members) -> str:
    """Return a file with these sections: mappings, lists, texts, whole numbers, yes or no, nothing.

    Raises: TypeError, for a value of another kind.
    """
    return "".join(f"{line}\n" for line in _mapping(tree, 0, WIDTH))


def _mapping(members: Members, depth: int, room: int) -> Lines:
    """Return a mapping in a block. depth: of sections 0. room: how many columns there are."""
    flat = all(value is None or isinstance(value, Mapping) for value in members.values())
    blocks = [_entry(key, value, depth, room) for key, value in members.items()]
    if flat and depth:
        blocks = _aligned(tuple(members), blocks, room)
    return _joined(blocks, apart=depth in _DEPTHS_APART and (flat or depth == 0))


def _entry(key: str, value: object, depth: int, room: int) -> Lines:
    name = f"{scalar(key, flow=False)}:"
    if value is None:
        return [name]
    line = one_line(value) if depth or not _is_full(value) else None
    if line is not None and (len(name) + 1 + len(line) <= room or _is_single(value)):
        return [f"{name} {line}"]
    if isinstance(value, str):
        return [f"{name} |{_chomping(value)}", *_indented(value.removesuffix("\n").split("\n"))]
    if isinstance(value, Mapping):
        inner = _mapping(cast("Members", value), depth + 1, room - len(_STEP))
        return [name, *_indented(inner)]
    items = cast("Sequence[object]", value)
    if all(_is_single(item) for item in items):
        return _wrapped(name, items, room)
    return [name, *_indented(_listed(items, depth + 1, room - len(_STEP)))]


def _listed(items: Sequence[object], depth: int, room: int) -> Lines:
    lines = table(items)
    if lines is not None and all(len(line) + 2 <= room for line in lines):
        return [f"- {line}" for line in lines]
    return [line for item in items for line in _item(item, depth, room - len(_STEP))]


def _item(value: object, depth: int, room: int) -> Lines:
    line = one_line(value)
    if value is None:
        return ["-"]
    if line is not None and (len(line) <= room or _is_single(value)):
        return [f"- {line}"]
    if isinstance(value, Mapping):
        inner = _mapping(cast("Members", value), depth + 1, room)
    elif isinstance(value, str):
        inner = [quoted(value)]
    else:
        inner = _listed(cast("Sequence[object]", value), depth, room)
    return [f"- {inner[0]}", *_indented(inner[1:])]


def one_line(value: object) -> str | None:
    """Return a value as it stands on one line, or None when it needs several."""
    if isinstance(value, str) and "\n" in value:
        return None if _is_literal(value) else quoted(value)
    if _is_single(value):
        return _single(value, flow=False)
    return _flow(value) if _fits_on_a_line(value, _NESTING_MAX) else None


def _fits_on_a_line(value: object, nesting: int) -> bool:
    """Tell whether nothing in a value, but its length, asks for several lines."""
    if value is None or (isinstance(value, str) and "\n" in value):
        return False
    if _is_single(value) or not value:
        return True
    inner = list(_parts(value))
    if nesting == 0 or (nesting == _NESTING_MAX and _is_of_parts(value, inner)):
        return False
    return all(_fits_on_a_line(each, nesting - 1) for each in inner)


def _is_of_parts(value: object, inner: list[object]) -> bool:
    """Tell whether a value is a mapping of mappings, or a list of lists or mappings."""
    if isinstance(value, Mapping):
        return all(isinstance(each, Mapping) for each in inner)
    return not all(_is_single(each) for each in inner)


def _flow(value: object) -> str:
    if isinstance(value, Mapping):
        members = cast("Members", value)
        pairs = (f"{scalar(key, flow=True)}: {_flow(item)}" for key, item in members.items())
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_flow(item) for item in cast("Sequence[object]", value)) + "]"
    return _single(value, flow=True)


def _single(value: object, *, flow: bool) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return scalar(value, flow=flow)
    raise TypeError(f"expected a text, a whole number or a truth value, got {value!r}")


def table(items: Sequence[object]) -> Lines | None:
    """Return rows with their columns in line, or None when the items are not rows of one kind."""
    if len(items) < 2 or not all(_is_row(item) for item in items):  # noqa: PLR2004 - one is no table
        return None
    cells = [_cells(item) for item in items]
    if len({len(row) for row in cells}) > 1 or len({_keys(item) for item in items}) > 1:
        return None
    widths = [max(len(cell) for cell in column) for column in zip(*cells, strict=True)]
    opening, closing = "{}" if isinstance(items[0], Mapping) else "[]"
    return [opening + "".join(_padded(row, widths)).removesuffix(", ") + closing for row in cells]


def _padded(row: Lines, widths: list[int]) -> Iterator[str]:
    last = len(row) - 1
    for index, (cell, width) in enumerate(zip(row, widths, strict=True)):
        yield cell if index == last else f"{cell}, ".ljust(width + 2)


def _is_row(item: object) -> bool:
    return not _is_single(item) and item not in (None, {}, []) and _fits_on_a_line(item, 1)


def _cells(item: object) -> Lines:
    if isinstance(item, Mapping):
        members = cast("Members", item)
        return [f"{scalar(key, flow=True)}: {_flow(value)}" for key, value in members.items()]
    return [_flow(cell) for cell in _parts(item)]


def _keys(item: object) -> tuple[str, ...] | None:
    return tuple(cast("Members", item)) if isinstance(item, Mapping) else None


def _aligned(keys: Sequence[str], blocks: list[Lines], room: int) -> list[Lines]:
    """Put the values of neighbours that have a line each one below the other."""
    names = [len(scalar(key, flow=False)) + 1 for key in keys]
    aligned = list(blocks)
    for first, last in _runs(blocks, names):
        width = max(names[first:last])
        lines = [
            blocks[index][0][: names[index]].ljust(width) + blocks[index][0][names[index] :]
            for index in range(first, last)
        ]
        if all(len(line) <= room for line in lines):
            aligned[first:last] = [[line.rstrip()] for line in lines]
    return aligned


def _runs(blocks: list[Lines], names: list[int]) -> Iterator[tuple[int, int]]:
    """Yield where stretches of entries of one line begin and end."""
    several = [i for i, block in enumerate(blocks) if len(block) > 1]
    for before, after in pairwise([-1, *several, len(names)]):
        if after - before > 2:  # noqa: PLR2004 - at least two between
            yield before + 1, after


def _wrapped(name: str, items: Iterable[object], room: int) -> Lines:
    """Return a list that is too long for a line on several, each as full as it can be."""
    lines: Lines = []
    line = f"{name} ["
    margin = " " * len(line)
    for item in items:
        cell = f"{_single(item, flow=True)}, "
        if len(line) + len(cell.rstrip()) > room and line.strip() and line != f"{name} [":
            lines.append(line.rstrip())
            line = margin
        line += cell
    return [*lines, line.removesuffix(", ") + "]"]


def _joined(blocks: list[Lines], *, apart: bool) -> Lines:
    """Return blocks below each other, with an empty line where one needs several lines."""
    lines: Lines = []
    for index, block in enumerate(blocks):
        if apart and index and (len(block) > 1 or len(blocks[index - 1]) > 1):
            lines.append("")
        lines.extend(block)
    return lines


def _indented(lines: Lines) -> Lines:
    return [_STEP + line if line else "" for line in lines]


def _is_single(value: object) -> bool:
    return value is not None and not isinstance(value, Mapping | list | tuple)


def _is_full(value: object) -> bool:
    return isinstance(value, Mapping) and value != {}


def _parts(value: object) -> Iterable[object]:
    if isinstance(value, Mapping):
        return cast("Members", value).values()
    return cast("Sequence[object]", value)


def _is_literal(text: str) -> bool:
    """Tell whether a text of several lines may be written as it is, below a `|`."""
    lines = text.removesuffix("\n").split("\n")
    plain = all(line.isprintable() and line == line.rstrip() for line in lines)
    return plain and bool(lines[0].strip()) and not lines[0].startswith(" ") and bool(lines[-1])


def _chomping(text: str) -> str:
    return "" if text.endswith("\n") else "-"
