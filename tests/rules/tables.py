"""Decision tables for the tests of their analysis: generated, and written out."""

from collections.abc import Sequence
from random import Random  # noqa: TID251 - a table is drawn from a seed, and the same every time

from kingpost.expressions import (
    ChoiceType,
    Compiled,
    DateType,
    NumberType,
    TextType,
    Type,
    YesNoType,
    compile_test,
)
from kingpost.rules.analysis.grid import Input

NUMBER = NumberType()
YES_NO = YesNoType()
TEXT = TextType()
DATE = DateType()
LETTERS = ChoiceType(tuple("abcdefgh"))
EIGHT: tuple[Type, ...] = (NUMBER, NUMBER, LETTERS, YES_NO, NUMBER, TEXT, DATE, NUMBER)
HIGHEST = 1000


def inputs(kinds: Sequence[Type], rows: Sequence[Sequence[str]], **more: bool) -> list[Input]:
    """Return the columns of a table, named `a`, `b` and so on."""
    compiled: dict[tuple[str, Type], Compiled] = {}
    for row in rows:
        for cell, kind in zip(row, kinds, strict=True):
            found = compile_test(cell, kind, {"other": NUMBER})
            assert isinstance(found, Compiled), (cell, found)
            compiled[cell, kind] = found
    return [
        Input(chr(ord("a") + at), kind, tuple(compiled[row[at], kind] for row in rows), **more)
        for at, kind in enumerate(kinds)
    ]


def divided(rows: int, seed: int) -> list[list[str]]:
    """Return a table over eight inputs that answers everything exactly once.

    It begins as one row that accepts all, and a row is cut in two until there are enough.
    """
    chance = Random(seed)
    boxes: list[list[tuple[int, ...]]] = [[_all(kind) for kind in EIGHT]]
    while len(boxes) < rows:
        at, column = chance.randrange(len(boxes)), chance.randrange(len(EIGHT))
        halves = _cut(EIGHT[column], boxes[at][column], chance)
        if halves is not None:
            box = boxes[at]
            boxes[at] = [*box[:column], halves[0], *box[column + 1 :]]
            boxes.append([*box[:column], halves[1], *box[column + 1 :]])
    chance.shuffle(boxes)
    return [[_cell(kind, part) for kind, part in zip(EIGHT, box, strict=True)] for box in boxes]


def _all(kind: Type) -> tuple[int, ...]:
    """Return all of a type: the two ends of an order, or the choices by number."""
    match kind:
        case ChoiceType(of):
            return tuple(range(len(of)))
        case YesNoType():
            return (0, 1)
        case TextType():
            return tuple(range(5))
        case _:
            return (0, HIGHEST)


def _cut(
    kind: Type, part: tuple[int, ...], chance: Random
) -> tuple[tuple[int, ...], tuple[int, ...]] | None:
    if isinstance(kind, NumberType | DateType):
        if part[1] - part[0] < 2:
            return None
        middle = chance.randint(part[0] + 1, part[1] - 1)
        return (part[0], middle), (middle, part[1])
    if len(part) < 2:
        return None
    where = chance.randint(1, len(part) - 1)
    return part[:where], part[where:]


def _cell(kind: Type, part: tuple[int, ...]) -> str:
    if part == _all(kind):
        return "-"
    match kind:
        case ChoiceType(of):
            return ", ".join(f'"{of[at]}"' for at in part)
        case YesNoType():
            return "true" if part == (0,) else "false"
        case TextType():
            # The last of them stands for every other text.
            names = [f'"text {at}"' for at in range(4)]
            kept = [names[at] for at in part if at < 4]
            out = [name for name in names if name not in kept]
            return ", ".join(kept) if 4 not in part else f"not({', '.join(out)})"
        case _:
            return _between(kind, part)


def _between(kind: Type, part: tuple[int, ...]) -> str:
    low, high = (_end(kind, end) for end in part)
    if part[0] == 0:
        return f"< {high}"
    return f">= {low}" if part[1] == HIGHEST else f"[{low}..{high})"


def _end(kind: Type, end: int) -> str:
    if isinstance(kind, NumberType):
        return str(end)
    return f'date("20{end // 336:02}-{end // 28 % 12 + 1:02}-{end % 28 + 1:02}")'
