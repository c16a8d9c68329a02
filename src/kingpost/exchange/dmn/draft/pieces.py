"""Pieces of a draft: what became of each element, and each expression beside what it was."""

from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from kingpost.exchange.dmn.draft.boxes import RefusedError
from kingpost.exchange.dmn.draft.rewriting import (
    Lexicon,
    loose_arguments,
    reads_names,
    rewritten,
)
from kingpost.expressions import (
    Compiled,
    Scope,
    Type,
    compile_expression,
    compile_test,
)
from kingpost.expressions.tree import Node
from kingpost.rules.definitions import Element
from kingpost.rules.graphs.linking import Key

Tree: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Pair:
    """An expression as it was, and as it is written now.

    place: of a table, the column that it stands in; the others need none.
    """

    old: Node
    new: str
    lexicon: Lexicon
    kind: Literal["expression", "test", "answer"] = "expression"
    place: int = 0


@dataclass(slots=True)
class Piece:
    """An element of the file and what it became.

    called:  what stands for its name in expressions; empty when it was refused.
    type:    of its value. parameters: of a function, their ids by the names they had.
    tree:    the rule as the language writes it; None for a field.
    notes:   where it differs, each a clause. refused: why it was left out, or empty.
    help:    what to do in the file so that it is taken over, a sentence; empty when it is.
    """

    key: Key
    element: Element
    called: str
    type: Type
    tree: Tree | None = None
    parameters: dict[str, str] = field(default_factory=dict[str, str])
    pairs: list[Pair] = field(default_factory=list[Pair])
    notes: list[str] = field(default_factory=list[str])
    refused: str = ""
    help: str = ""

    def refuse(self, why: str, help_: str) -> None:
        """Note why it is left out, and what to do in the file."""
        self.refused, self.help = why, help_

    def note(self, clause: str) -> None:
        """Note a difference, once."""
        if clause not in self.notes:
            self.notes.append(clause)


def mend_first(name: str) -> str:
    """Return what to do about what waits for another to be taken over."""
    return f"Mend `{name}` first."


def needing(lost: Piece) -> tuple[str, str]:
    """Return why what needs a lost piece is left out, and what to do."""
    name = lost.element.name
    return f"it needs `{name}`, which is not taken over", mend_first(name)


@dataclass(frozen=True, slots=True)
class Words:
    """What the expressions of an element may name, in the file and in the language."""

    scope: Scope
    types: Scope
    lexicon: Lexicon

    def inside(self, names: dict[str, str], scope: Scope) -> "Words":
        """Return the words of a part that knows more names. names: their ids."""
        return Words({**self.scope, **scope}, self.types, self.lexicon.with_names(names))

    def expression(
        self, piece: Piece, text: str, kind: Literal["expression", "answer"], place: int = 0
    ) -> Node:
        """Rewrite an expression for a piece, and return what it was. Raises: RefusedError."""
        found = compile_expression(text, self.scope, None, self.types)
        return self._keep(piece, text, found, kind, place)

    def test(self, piece: Piece, text: str, subject: Type, place: int) -> Node:
        """Rewrite one test of a table for a piece. Raises: RefusedError."""
        found = compile_test(text, subject, self.scope, self.types)
        return self._keep(piece, text, found, "test", place)

    def _keep(
        self,
        piece: Piece,
        text: str,
        found: Compiled | tuple[Any, ...],
        kind: Literal["expression", "test", "answer"],
        place: int,
    ) -> Node:
        if isinstance(found, tuple):
            raise RefusedError(f"in `{_short(text)}` {found[0].message}", found[0].help)
        if "now" in found.reads:
            raise RefusedError(
                "it reads the clock, and rules read only what they are given", _CLOCK_HELP
            )
        if reads_names(found.tree):
            raise RefusedError(
                f"`{_short(text)}` looks at the names of members, and these have other names here",
                "Name the members that it is about, one by one.",
            )
        for name in loose_arguments(found.tree, self.lexicon):
            piece.note(f"what `{name}` is given is not held to the types of its parameters")
        new = rewritten(text, found.tree, self.lexicon).strip()
        piece.pairs.append(Pair(found.tree, new, self.lexicon, kind, place))
        return found.tree


_CLOCK_HELP = "Let an inputData hold the time, and read that."
_SHORT = 40


def _short(text: str) -> str:
    """Return the beginning of an expression, as a message shows it."""
    flat = " ".join(text.split())
    return flat if len(flat) <= _SHORT else f"{flat[: _SHORT - 1]}…"
