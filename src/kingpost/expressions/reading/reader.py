"""The reading of a text: the cursor, the names in scope, and the problems met so far."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NoReturn, TypeAlias

from kingpost.expressions.kinds import Type
from kingpost.expressions.value import Problem

TEXT_LENGTH_MAX = 10_000
NESTING_MAX = 48
DEPTH_MAX = 100

_START = (
    r"[?A-Z_a-z\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C-\u200D"
    r"\u2070-\u218F\u2C00-\u2FEF\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFFFD\U00010000-\U000EFFFF]"
)
_PART = _START[:-1] + r"0-9\u00B7\u0300-\u036F\u203F-\u2040]"
_WORD = re.compile(rf"{_START}{_PART}*")
_WIDE_WORD = re.compile(rf"{_START}{_PART}*(?:-{_PART}+)*")
_BOUNDARY = re.compile(_PART)
_SPACE = re.compile(r"(?:[\s\uFEFF]+|//[^\n]*|/\*(?:[^*]|\*(?!/))*\*/)*")
KEYWORDS = frozenset(
    [
        "if",
        "then",
        "else",
        "for",
        "in",
        "return",
        "some",
        "every",
        "satisfies",
        "and",
        "or",
        "between",
        "true",
        "false",
        "null",
    ]
)


@dataclass(frozen=True, slots=True)
class Given:
    """A name whose value is given from outside."""

    type: Type


@dataclass(frozen=True, slots=True)
class Bound:
    """A name that the expression itself bound to a slot.

    origin: the dotted path of the given list that its value is an item of, or empty text.
    """

    slot: int
    type: Type
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A name that stands for a member of the item in a slot, inside a filter."""

    slot: int
    item: Type
    type: Type
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Provided:
    """A name of the built-in library."""


# What authors bring along from other languages, and what to write here.
_HINTS: Mapping[str, str] = {
    "&": "Write `and`.",
    "|": "Write `or`.",
    "!": "Write `not(...)`, or `!=` between two values.",
}

Binding: TypeAlias = Given | Bound | Part | Provided
# Names that begin with one word, the longest first.
Rows: TypeAlias = tuple[tuple[re.Pattern[str] | None, str], ...]


class SyntaxProblemError(Exception):
    """The text cannot be read on from here."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Names:
    """One level of names.

    loose: the slot of an item whose members are unknown, so that any name may be one of them.
    """

    bindings: Mapping[str, Binding]
    index: Mapping[str, "Rows"]
    loose: Bound | None = None

    @classmethod
    def of(cls, bindings: Mapping[str, Binding], loose: Bound | None = None) -> "Names":
        """Prepare names for look-up by their first word."""
        return cls(bindings, index_of(bindings), loose)


def index_of(names: Iterable[str]) -> Mapping[str, Rows]:
    """Index names by their first word, the longest first."""
    return _index_of(tuple(names))


@lru_cache(maxsize=4096)
def _index_of(names: tuple[str, ...]) -> Mapping[str, Rows]:
    index: dict[str, list[tuple[re.Pattern[str] | None, str]]] = {}
    for name in sorted(names, key=len, reverse=True):
        word = _WORD.match(name)
        if word is not None:
            index.setdefault(word[0], []).append((_shape(name), name))
    return {word: tuple(rows) for word, rows in index.items()}


@lru_cache(maxsize=4096)
def _shape(name: str) -> re.Pattern[str] | None:
    """Return what finds a name of several words; one word is found as it is."""
    words = name.split()
    return re.compile(r"\s+".join(map(re.escape, words))) if words[1:] else None


@dataclass(slots=True)
class Reader:
    """The state of one reading."""

    text: str
    at: int = 0
    nesting: int = 0
    slots: int = 0
    problems: list[Problem] = field(default_factory=list[Problem])
    reads: Counter[str] = field(default_factory=Counter[str])
    levels: list[Names] = field(default_factory=list[Names])
    known_parts: set[str] = field(default_factory=set[str])
    types: Mapping[str, Type] = field(default_factory=dict[str, Type])

    def skip(self) -> None:
        """Pass over spaces and comments."""
        space = _SPACE.match(self.text, self.at)
        assert space is not None
        self.at = space.end()

    def next(self) -> str:
        """Return the character that comes next, or empty text at the end."""
        self.skip()
        return self.text[self.at : self.at + 1]

    def sees(self, symbol: str) -> bool:
        """Tell whether a symbol comes next."""
        self.skip()
        return self.text.startswith(symbol, self.at)

    def sees_word(self, word: str) -> bool:
        """Tell whether a whole word comes next."""
        self.skip()
        end = self.at + len(word)
        return self.text.startswith(word, self.at) and not _BOUNDARY.match(self.text, end)

    def take(self, symbol: str) -> bool:
        """Step over a symbol, if it comes next."""
        if self.sees(symbol):
            self.at += len(symbol)
            return True
        return False

    def take_word(self, word: str) -> bool:
        """Step over a word, if it comes next."""
        if self.sees_word(word):
            self.at += len(word)
            return True
        return False

    def expect(self, symbol: str) -> None:
        """Step over a symbol. Raises SyntaxProblemError when something else comes next."""
        if not self.take(symbol):
            self.stop(f"expected `{symbol}`, found {self.found()}")

    def expect_word(self, word: str) -> None:
        """Step over a word. Raises SyntaxProblemError when something else comes next."""
        if not self.take_word(word):
            self.stop(f"expected `{word}`, found {self.found()}")

    def word(self) -> str:
        """Return the plain word that comes next, or empty text."""
        self.skip()
        match = _WORD.match(self.text, self.at)
        return match[0] if match else ""

    def wide_word(self) -> str:
        """Return the word that comes next, hyphens included, or empty text."""
        self.skip()
        match = _WIDE_WORD.match(self.text, self.at)
        return match[0] if match else ""

    def found(self) -> str:
        """Return what comes next, in the words of a message."""
        word = self.wide_word()
        if word:
            return f"`{word}`"
        return f"`{self.text[self.at]}`" if self.at < len(self.text) else "the end"

    def stop(self, message: str, help_: str = "") -> NoReturn:
        """Report that the text cannot be read on. Raises SyntaxProblemError."""
        help_ = help_ or _HINTS.get(self.next(), "Write an expression such as `a > 1`.")
        length = max(1, len(self.wide_word())) if self.at < len(self.text) else 0
        raise SyntaxProblemError(Problem(self.at, length, message, help_))

    def report(self, start: int, end: int, message: str, help_: str) -> None:
        """Note a problem and read on."""
        self.problems.append(Problem(start, end - start, message, help_))

    def slot(self) -> int:
        """Reserve a slot for a local name."""
        self.slots += 1
        return self.slots - 1

    def resolve(self) -> tuple[str, Binding, int] | None:
        """Find the longest known name that comes next, the innermost of equals.

        Returns: the name, what it stands for, and where it ends; None when none is known.
        Source: OMG DMN 1.5, 10.3.1.4, names are matched as long as possible against the scope.
        """
        word = self.word()
        best: tuple[str, Binding, int] | None = None
        for level in reversed(self.levels):
            found = match_name(self.text, self.at, level.index.get(word, ()))
            if found and (best is None or found[1] > best[2]):
                best = (found[0], level.bindings[found[0]], found[1])
            if best and isinstance(best[1], Given | Bound | Part) and self._calls(best):
                best = None
        return best

    def _calls(self, found: tuple[str, Binding, int]) -> bool:
        """Tell whether a plain value's name is used as the name of a built-in function.

        A field may be called `date` or `count` and must not hide the function of that name.
        """
        name, binding, end = found
        if isinstance(binding, Provided) or not isinstance(
            self.levels[0].bindings.get(name), Provided
        ):
            return False
        space = _SPACE.match(self.text, end)
        follows = self.text[space.end() : space.end() + 1] if space else ""
        return follows == "(" and type(binding.type).__name__ not in {"FunctionType", "AnyType"}

    def loose_item(self) -> Bound | None:
        """Return the innermost item whose members are unknown."""
        return next((level.loose for level in reversed(self.levels) if level.loose), None)

    def known(self) -> list[str]:
        """Return every name in scope that is not of the library."""
        return [name for level in self.levels[1:] for name in level.bindings]


def match_name(text: str, at: int, rows: Rows) -> tuple[str, int] | None:
    """Return the first name that stands at a place, and where it ends."""
    for shape, name in rows:
        if shape is not None:
            match = shape.match(text, at)
            end = match.end() if match else 0
        else:
            end = at + len(name) if text.startswith(name, at) else 0
        if end and not _BOUNDARY.match(text, end):
            return name, end
    return None
