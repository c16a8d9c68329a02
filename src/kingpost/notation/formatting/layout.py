"""The lines of a file in the house style: brackets stay where they fit, blocks stay blocks."""

from collections.abc import Iterator
from itertools import pairwise

from kingpost.notation.formatting.source import Member, Piece
from kingpost.notation.writing.scalars import is_expression, is_plain, means_another_kind, quoted

_STEP = "  "
# What is written on one line stays there for longer than what the program would put there.
_WIDTH = 160
# Sections, and elements of a section, stand apart when they need several lines.
_DEPTHS_APART = (0, 1)


def lay_out(root: Piece) -> list[str]:
    """Return the lines of a file."""
    lines = _block(root, 0, _WIDTH)
    return lines[1:] if lines[:1] == [""] else lines


def _block(piece: Piece, depth: int, room: int) -> list[str]:
    """Return the members of a list or mapping in lines. room: how many columns there are."""
    heads = [_head(member) for member in piece.members]
    bodies = _tables(piece, room) or [_body(member, depth, room) for member in piece.members]
    if depth and piece.mapped and all(_is_part(member.value) for member in piece.members):
        _align(piece.members, bodies, room)
    lines: list[str] = []
    for index, (head, body) in enumerate(zip(heads, bodies, strict=True)):
        if index and head[:1] != [""] and _stand_apart(piece, depth, bodies[index - 1 : index + 1]):
            head.insert(0, "")
        if not index and head[:1] == [""]:
            head.pop(0)
        lines += [*head, *body]
    return [*lines, *piece.tail]


def _head(member: Member) -> list[str]:
    return [line for line, after in pairwise([*member.lead, "."]) if line or after]


def _stand_apart(piece: Piece, depth: int, bodies: list[list[str]]) -> bool:
    return piece.mapped and depth in _DEPTHS_APART and any(len(body) > 1 for body in bodies)


def _is_part(piece: Piece) -> bool:
    return piece.mapped or (piece.text == "" and piece.plain)


def _body(member: Member, depth: int, room: int) -> list[str]:
    """Return the lines of one entry or item, with the comment behind it."""
    name = f"{_scalar(member.key, flow=False)}:" if member.key is not None else "-"
    note = f"  {member.note}" if member.note else ""
    value = member.value
    if value.block:
        return [f"{name} {value.block[0]}{note}", *_indented(value.block[1:])]
    line = _one_line(value, flow=False)
    if line is not None and (value.text is not None or len(name) + 1 + len(line) <= room):
        return [f"{name} {line}".rstrip() + note]
    if value.flow and not value.mapped and not _has_comments(value) and _is_single(value):
        return _wrapped(name, value, room, note)
    inner = _block(value, depth + 1, room - len(_STEP))
    if member.key is None and not note and not value.members[0].lead:
        return [f"- {inner[0]}", *_indented(inner[1:])]
    return [name + note, *_indented(inner)]


def _one_line(piece: Piece, *, flow: bool) -> str | None:
    """Return a scalar, or what stands in brackets, on one line; None for what is no such thing."""
    if piece.block:
        return None
    if piece.text is not None:
        return _scalar(piece, flow=flow)
    if not piece.flow or _has_comments(piece):
        return None
    parts = [_flow_member(member) for member in piece.members]
    opening, closing = "{}" if piece.mapped else "[]"
    return opening + ", ".join(parts) + closing


def _flow_member(member: Member) -> str:
    line = _one_line(member.value, flow=True) or ""
    return f"{_scalar(member.key, flow=True)}: {line}" if member.key is not None else line


def _scalar(piece: Piece | None, *, flow: bool) -> str:
    assert piece is not None
    assert piece.text is not None
    text = piece.text
    if piece.plain and (not text or means_another_kind(text) or not is_expression(text)):
        return text
    if not piece.plain and text[:1].isdigit():
        return quoted(text)  # A number of a clause or an edition, which stays so beside others.
    return text if is_plain(text, flow=flow) else quoted(text)


def _has_comments(piece: Piece) -> bool:
    return bool(piece.tail) or any(
        member.lead or member.note or _has_comments(member.value) for member in piece.members
    )


def _is_single(piece: Piece) -> bool:
    return all(member.value.text is not None for member in piece.members)


def _wrapped(name: str, piece: Piece, room: int, note: str) -> list[str]:
    """Return a list that is too long for a line on several, each as full as it can be."""
    lines: list[str] = []
    start = f"{name} ["
    line = start
    for member in piece.members:
        cell = f"{_scalar(member.value, flow=True)}, "
        if len(line) + len(cell.rstrip()) > room and line.strip() != start.strip():
            lines.append(line.rstrip())
            line = " " * len(start)
        line += cell
    return [*lines, f"{line.removesuffix(', ')}]{note}"]


def _tables(piece: Piece, room: int) -> list[list[str]] | None:
    """Return rows with their columns in line, or None when the items are not rows of one kind."""
    rows = [member.value for member in piece.members]
    if piece.mapped or len(rows) < 2 or not all(_is_row(row) for row in rows):  # noqa: PLR2004 - one is no table
        return None
    names = {tuple(_names(row)) for row in rows}
    cells = [[_flow_member(each) for each in row.members] for row in rows]
    if len(names) > 1 or len({len(row) for row in cells}) > 1:
        return None
    widths = [max(len(cell) for cell in column) for column in zip(*cells, strict=True)]
    opening, closing = "{}" if rows[0].mapped else "[]"
    lines = [f"- {opening}{_row(row, widths)}{closing}" for row in cells]
    if any(len(line) > room for line in lines):
        return None
    notes = [f"  {member.note}" if member.note else "" for member in piece.members]
    return [[line + note] for line, note in zip(lines, notes, strict=True)]


def _is_row(piece: Piece) -> bool:
    full = piece.flow and bool(piece.members) and not _has_comments(piece)
    return full and all(_one_line(member.value, flow=True) is not None for member in piece.members)


def _names(piece: Piece) -> Iterator[str]:
    for member in piece.members:
        yield member.key.text or "" if member.key is not None else ""


def _row(cells: list[str], widths: list[int]) -> str:
    padded = [f"{cell}, ".ljust(width + 2) for cell, width in zip(cells, widths, strict=True)]
    return "".join([*padded[:-1], cells[-1]])


def _align(members: list[Member], bodies: list[list[str]], room: int) -> None:
    """Put the values of neighbours that have a line each one below the other."""
    breaks = [i for i, body in enumerate(bodies) if len(body) > 1]
    apart = [i for i, member in enumerate(members) if member.lead]
    edges = sorted({0, len(bodies), *breaks, *(i + 1 for i in breaks), *apart})
    for first, last in pairwise(edges):
        names = [len(_scalar(member.key, flow=False)) + 1 for member in members[first:last]]
        width = max(names)
        lines = [
            body[0][:name].ljust(width) + body[0][name:]
            for body, name in zip(bodies[first:last], names, strict=True)
        ]
        if last - first > 1 and all(len(line) <= room for line in lines):
            bodies[first:last] = [[line.rstrip()] for line in lines]


def _indented(lines: list[str] | tuple[str, ...]) -> list[str]:
    return [_STEP + line if line else "" for line in lines]
