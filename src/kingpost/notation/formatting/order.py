"""The order in which the language declares sections and properties."""

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
    match _meant(shape, piece):
        case Form(known=known) if piece.mapped:
            places = {name: place for place, name in enumerate(known)}
            piece.members.sort(key=lambda each: places.get(_name(each), len(places)))
            for member in piece.members:
                if _name(member) in known:
                    _arrange(member.value, known[_name(member)].shape)
        case MapOf(item=item) | ListOf(item=item):
            for member in piece.members:
                _arrange(member.value, item)
        case _:
            pass


def _meant(shape: object, piece: Piece) -> object:
    """Return the shape that reads a piece, behind those that only lead on to it."""
    while True:
        match shape:
            case Made(shape=inner):
                shape = inner
            case Deferred():
                shape = shape.shape()
            case ByKind():
                shape = _by_kind(shape, piece)
            case Kinds(kinds=kinds):
                shape = next(
                    (kinds[name] for name in map(_name, piece.members) if name in kinds), None
                )
            case _:
                return shape


def _by_kind(shape: ByKind[object], piece: Piece) -> object:
    if piece.text is not None:
        return shape.text
    return shape.mapped if piece.mapped else shape.listed


def _name(member: Member) -> str:
    return member.key.text.strip() if member.key is not None and member.key.text else ""
