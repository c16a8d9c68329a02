"""From the text of a file to the same in the house style, or the reason why it is left alone."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from kingpost.notation.codes import Code
from kingpost.notation.findings import Findings
from kingpost.notation.formatting.layout import lay_out
from kingpost.notation.formatting.order import arrange
from kingpost.notation.formatting.source import Piece, read_source
from kingpost.notation.syntax.parse import parse
from kingpost.notation.syntax.tree import Listed, Mapped, Node, Scalar
from kingpost.notation.writing.scalars import means_another_kind
from kingpost.values.diagnostic import Diagnostic, Place


@dataclass(frozen=True, slots=True)
class Unsafe:
    """A text that is left alone: what is wrong with it, or why it cannot be formatted safely."""

    problems: tuple[Diagnostic, ...]


def format_text(file: str, text: str) -> str | Unsafe:
    """Return a text in the house style, with every comment and the same meaning.

    file: its name, for problems.
    """
    before = _tree(file, text)
    if isinstance(before, Unsafe):
        return before
    source = read_source(text.removeprefix("\ufeff"))
    arrange(source)
    formatted = "".join(f"{line}\n" for line in lay_out(source))
    after = _tree(file, formatted)
    same = not isinstance(after, Unsafe) and _meaning(before) == _meaning(after)
    if same and _comments(source) == _comments(read_source(formatted)):
        return formatted
    message = "this file cannot be formatted without a change of its meaning or its comments"
    return Unsafe(
        (Diagnostic(Code.UNSAFE, file, message, "Format it by hand.", Place(file, 1, 1)),)
    )


def _tree(file: str, text: str) -> Mapped | Unsafe:
    findings = Findings()
    node = parse(file, text, findings)
    if findings.count or not isinstance(node, Mapped):
        return Unsafe(findings.all())
    return node


def _meaning(node: Node) -> object:
    """Return what a tree says: properties in any order, and texts that may be numbers marked."""
    match node:
        case Mapped(entries):
            return {entry.key: _meaning(entry.value) for entry in entries}
        case Listed(items):
            return [_meaning(item) for item in items]
        case Scalar(text, plain):
            return text, plain and (not text or means_another_kind(text))
        case _:
            return None


def _comments(piece: Piece) -> Counter[str]:
    return Counter(line for line in _all_comments(piece) if line)


def _all_comments(piece: Piece) -> Iterator[str]:
    yield from piece.tail
    for member in piece.members:
        yield from member.lead
        yield member.note
        yield from _all_comments(member.value)
