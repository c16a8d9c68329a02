"""The order in which the language declares sections and properties."""

from typing import cast

from kingpost.notation.formatting.source import Member, Piece
from kingpost.notation.forms import Deferred, Form, Kinds, MapOf
from kingpost.notation.language import MODEL
from kingpost.notation.shapes import ByKind, ListOf, Made


def arrange(root: Piece) -> None:
    """Put the sections of a file, and the properties of everything in it, into their order.

    The order of what is no property (elements, steps, fields, rows) means something, or is the
    author's, and stays.
    """
    first = root.members[0] if root.members else None
    _arrange(root, MODEL)
    if first is not None and root.members[0] is not first and any(first.lead):
        # What stands at the top of a file is said of the file.
        top = root.members[0]
        top.lead, first.lead = [*first.lead, "", *top.lead], []


def _arrange(piece: Piece, shape: object) -> None:
    shape = _meant(shape, piece)
    if isinstance(shape, Form) and piece.mapped:
        known = cast("Form[object]", shape).known
        places = {name: place for place, name in enumerate(known)}
        piece.members.sort(key=lambda each: places.get(_name(each), len(places)))
        for member in piece.members:
            if _name(member) in known:
                _arrange(member.value, known[_name(member)].shape)
    elif isinstance(shape, MapOf | ListOf):
        item = cast("MapOf[object] | ListOf[object]", shape).item
        for member in piece.members:
            _arrange(member.value, item)


def _meant(shape: object, piece: Piece) -> object:
    """Return the shape that reads a piece, behind those that only lead on to it."""
    if isinstance(shape, Made):
        return _meant(cast("Made[object]", shape).shape, piece)
    if isinstance(shape, Deferred):
        return _meant(cast("Deferred[object]", shape).shape(), piece)
    if isinstance(shape, ByKind):
        return _meant(_by_kind(cast("ByKind[object]", shape), piece), piece)
    if isinstance(shape, Kinds):
        kinds = cast("Kinds[object]", shape).kinds
        names = (_name(member) for member in piece.members)
        return next((kinds[name] for name in names if name in kinds), None)
    return shape


def _by_kind(shape: ByKind[object], piece: Piece) -> object:
    if piece.text is not None:
        return shape.text
    return shape.mapped if piece.mapped else shape.listed


def _name(member: Member) -> str:
    return member.key.text.strip() if member.key is not None and member.key.text else ""
