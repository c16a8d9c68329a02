"""What a description is made of: facts, each with phrases that may name other parts."""

from dataclasses import dataclass
from typing import Literal, TypeAlias


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text. address: the part that it names, or empty."""

    text: str
    kind: Literal["words", "code"] = "words"
    address: str = ""


Phrase: TypeAlias = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """A property: its name in words, and what it is, as one phrase or as a list of them.

    is_default: it says no more than if it were left out.
    """

    label: str
    phrases: tuple[Phrase, ...]
    is_default: bool = False


@dataclass(frozen=True, slots=True)
class Description:
    """A part in words. kind: such as `step`; sort: such as `decision`, or empty."""

    address: str
    kind: str
    sort: str
    title: str
    facts: tuple[Fact, ...]


def words(text: str) -> Phrase:
    """Return a phrase of plain words."""
    return (Piece(text),)


def code(text: str) -> Phrase:
    """Return a phrase that stands as it is written in the model."""
    return (Piece(text, "code"),)


def named(text: str, address: str) -> Phrase:
    """Return a phrase that names a part."""
    return (Piece(text, "code", address),)


def joined(phrases: list[Phrase] | tuple[Phrase, ...], between: str = ", ") -> Phrase:
    """Return phrases as one, with a text between."""
    pieces: list[Piece] = []
    for phrase in phrases:
        if pieces:
            pieces.append(Piece(between))
        pieces.extend(phrase)
    return tuple(pieces)


def plain(phrase: Phrase) -> str:
    """Return a phrase as plain text."""
    return "".join(piece.text for piece in phrase)


def spoken(phrase: Phrase) -> str:
    """Return a phrase as plain text; what is written so in the model stands in backticks."""
    return "".join(f"`{piece.text}`" if piece.kind == "code" else piece.text for piece in phrase)
