"""Regular expressions whose time grows only in line with the text, whatever the pattern.

Every thread of the match walks the text side by side, so nothing is ever tried twice. References
back to a group are refused, for no such bound is known for them.

Source: K. Thompson, Regular Expression Search Algorithm, 1968; the syntax is that of XPath F&O 3.1.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from kingpost.expressions.library.characters import characters, one_of, reads_class
from kingpost.expressions.value import FailureError, Run

_PROGRAM_LENGTH_MAX = 2_000
_NESTING_MAX = 30
_REPEAT_MAX = 500

Edge: TypeAlias = Literal["start", "end"]


@dataclass(frozen=True, slots=True)
class Read:
    """Read one character."""

    accepts: Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Split:
    """Go on at two places, the first preferred; places are counted from here."""

    first: int
    second: int


@dataclass(frozen=True, slots=True)
class Save:
    """Note the place in the text."""

    slot: int


@dataclass(frozen=True, slots=True)
class At:
    """Go on only at an edge of the text, or of a line."""

    edge: Edge


Step: TypeAlias = Read | Split | Save | At
Program: TypeAlias = list[Step]


@dataclass(slots=True)
class _Source:
    text: str
    flags: frozenset[str]
    at: int = 0
    groups: int = 0
    nesting: int = 0

    def next(self) -> str:
        return self.text[self.at : self.at + 1]

    def take(self, symbol: str) -> bool:
        if self.text.startswith(symbol, self.at):
            self.at += len(symbol)
            return True
        return False


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern that is ready to be matched."""

    program: Program
    groups: int
    lines: bool

    def search(self, run: Run, text: str, start: int = 0) -> tuple[int, ...] | None:
        """Return where the first match and its groups begin and end, -1 for a group unused."""
        return _Search(self, run, text).first(start)


Thread: TypeAlias = tuple[int, tuple[int, ...]]


class _Search:
    """One walk through one text."""

    __slots__ = ("lines", "program", "run", "size", "text")

    def __init__(self, pattern: Pattern, run: Run, text: str) -> None:
        self.program = pattern.program
        self.lines = pattern.lines
        self.size = 2 * pattern.groups + 2
        self.run = run
        self.text = text

    def first(self, start: int) -> tuple[int, ...] | None:
        """Walk until no thread that is preferred to the best match is left."""
        best: tuple[int, ...] | None = None
        threads: list[Thread] = []
        for at in range(start, len(self.text) + 1):
            seen: set[int] = set()
            ready: list[Thread] = []
            for place, saved in threads:
                self._follow(place, saved, at, ready, seen)
            if best is None:
                self._follow(0, (-1,) * self.size, at, ready, seen)
            self.run.spend(1 + len(seen))
            threads, found = self._step(ready, at)
            best = found or best
            if best is not None and not threads:
                break
        return best

    def _step(self, ready: list[Thread], at: int) -> tuple[list[Thread], tuple[int, ...] | None]:
        after: list[Thread] = []
        character = self.text[at : at + 1]
        for place, saved in ready:
            if place == len(self.program):
                return after, saved
            step = self.program[place]
            if character and isinstance(step, Read) and step.accepts(character):
                after.append((place + 1, saved))
        return after, None

    def _follow(
        self, place: int, saved: tuple[int, ...], at: int, ready: list[Thread], seen: set[int]
    ) -> None:
        """Follow the steps that read nothing, the preferred first."""
        waiting = [(place, saved)]
        while waiting:
            here, marks = waiting.pop()
            if here in seen:
                continue
            seen.add(here)
            step = self.program[here] if here < len(self.program) else None
            match step:
                case Split(first, second):
                    waiting.append((here + second, marks))
                    waiting.append((here + first, marks))
                case Save(slot):
                    waiting.append((here + 1, (*marks[:slot], at, *marks[slot + 1 :])))
                case At(edge):
                    if self._is_edge(edge, at):
                        waiting.append((here + 1, marks))
                case _:
                    ready.append((here, marks))

    def _is_edge(self, edge: Edge, at: int) -> bool:
        if edge == "start":
            return at == 0 or (self.lines and self.text[at - 1] == "\n" and at < len(self.text))
        return at == len(self.text) or (self.lines and self.text[at] == "\n")


def compile_pattern(text: str, flags: str) -> Pattern:
    """Compile a pattern. Raises FailureError when it is not one."""
    if set(flags) - set("smixq"):
        raise FailureError("the flags of a pattern are `s`, `m`, `i`, `x` and `q`")
    if "q" in flags:
        plain: Program = [Read(characters(one, "i" in flags)) for one in text]
        return Pattern([Save(0), *plain, Save(1)], 0, lines=False)
    spaced = _without_spaces(text) if "x" in flags else text
    source = _Source(spaced, frozenset(flags))
    program = _alternatives(source)
    if source.at < len(source.text):
        raise FailureError("the pattern has a `)` too many")
    return Pattern([Save(0), *program, Save(1)], source.groups, "m" in flags)


def _without_spaces(text: str) -> str:
    kept: list[str] = []
    depth = 0
    for place, one in enumerate(text):
        escaped = place > 0 and text[place - 1] == "\\"
        depth += (one == "[" and not escaped) - (one == "]" and not escaped and depth > 0)
        if depth or not one.isspace():
            kept.append(one)
    return "".join(kept)


def _alternatives(source: _Source) -> Program:
    source.nesting += 1
    if source.nesting > _NESTING_MAX:
        raise FailureError("the pattern is nested too deeply")
    program = _sequence(source)
    while source.take("|"):
        other = _sequence(source)
        jump = len(other) + 1
        program = [Split(1, len(program) + 2), *program, Split(jump, jump), *other]
    source.nesting -= 1
    return _bounded(program)


def _bounded(program: Program) -> Program:
    if len(program) > _PROGRAM_LENGTH_MAX:
        raise FailureError("the pattern is too large")
    return program


def _sequence(source: _Source) -> Program:
    program: Program = []
    while source.next() not in {"", "|", ")"}:
        atom = _atom(source)
        program = _bounded([*program, *_repeated(source, atom)])
    return program


def _atom(source: _Source) -> Program:
    one = source.next()
    source.at += 1
    match one:
        case "(":
            return _group(source)
        case "[":
            accepts, source.at = reads_class(source.text, source.at, "i" in source.flags)
            return [Read(accepts)]
        case "^":
            return [At("start")]
        case "$":
            return [At("end")]
        case ".":
            return [Read(_any if "s" in source.flags else _any_in_line)]
        case "\\":
            accepts, source.at = one_of(source.text, source.at, "i" in source.flags)
            return [Read(accepts)]
        case "*" | "+" | "?" | "{" | "}" | "]":
            raise FailureError(f"the pattern has a `{one}` that repeats nothing")
        case _:
            return [Read(characters(one, "i" in source.flags))]


def _any(_character: str) -> bool:
    return True


def _any_in_line(character: str) -> bool:
    return character not in "\n\r"


def _group(source: _Source) -> Program:
    if source.take("?:"):
        program = _alternatives(source)
    else:
        source.groups += 1
        slot = 2 * source.groups
        program = [Save(slot), *_alternatives(source), Save(slot + 1)]
    if not source.take(")"):
        raise FailureError("the pattern has a `(` that is not closed")
    return program


def _repeated(source: _Source, atom: Program) -> Program:
    low, high = _bounds(source)
    if (low, high) == (1, 1):
        return atom
    lazy = source.take("?")
    size = len(atom)
    program = _bounded(atom * low if low * size <= _PROGRAM_LENGTH_MAX else [Save(0)] * 9999)
    if high is None:
        back = -size
        loop = Split(1, size + 2) if not lazy else Split(size + 2, 1)
        return [*program, loop, *atom, Split(back - 1, back - 1)]
    for _ in range(high - low):
        skip = Split(1, size + 1) if not lazy else Split(size + 1, 1)
        program = _bounded([*program, skip, *atom])
    return program


def _bounds(source: _Source) -> tuple[int, int | None]:
    for symbol, low, high in (("*", 0, None), ("+", 1, None), ("?", 0, 1)):
        if source.take(symbol):
            return low, high
    if not source.take("{"):
        return 1, 1
    end = source.text.find("}", source.at)
    first, comma, second = source.text[source.at : max(end, source.at)].partition(",")
    source.at = end + 1
    if end < 0 or not _is_count(first) or (second and not _is_count(second)):
        raise FailureError("the pattern has a `{` that is not `{1}`, `{1,}` or `{1,2}`")
    low = int(first)
    high = low if not comma else int(second) if second else None
    if high is not None and high < low:
        raise FailureError("the pattern repeats from more to less")
    return low, high


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 4 and int(text) <= _REPEAT_MAX  # noqa: PLR2004 - four digits suffice
