"""Regular expressions of the standard, in the syntax of an engine whose time is linear.

The syntax is read part by part and written anew, so nothing reaches the engine that the standard
does not have. What the engine cannot bound (references back to a group) is refused.

Source: W3C XPath and XQuery Functions and Operators 3.1, 5.6.1, regular expression syntax.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Protocol, cast

import re2

from kingpost.expressions.value import FailureError

_LENGTH_MAX = 2_000
_NESTING_MAX = 30
_REPEAT_MAX = 1_000
_MEMORY_MAX = 1 << 20
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}
_PUNCTUATION = frozenset("\\|.?*+(){}[]^$- ")
_CATEGORY = re.compile(r"L[ultmo]?|M[cen]?|N[dlo]?|P[cdseifo]?|S[mcko]?|Z[slp]?|C[cfo]?")
# What stands for a class inside of brackets, and for all that it leaves out.
_CLASSES = {
    "s": (r"\x{20}\t\n\r", r"\x{0}-\x{8}\x{B}\x{C}\x{E}-\x{1F}\x{21}-\x{10FFFF}"),
    "d": (r"\p{Nd}", r"\P{Nd}"),
    "w": (r"\p{L}\p{M}\p{N}\p{S}", r"\p{P}\p{Z}\p{C}"),
    "i": (r"\p{L}_:", ""),
    "c": (r"\p{L}\p{N}\p{M}\-._:\x{B7}", ""),
}


class Match(Protocol):
    """A place of the text that fits a pattern."""

    def span(self, group: int = 0) -> tuple[int, int]:
        """Return where a group begins and ends, or -1 twice when it took no part."""
        ...


class Pattern(Protocol):
    """A pattern that is ready to be matched."""

    @property
    def groups(self) -> int:
        """Return how many groups it has."""
        ...

    def search(self, text: str) -> Match | None:
        """Find the first place that fits."""
        ...

    def finditer(self, text: str) -> Iterator[Match]:
        """Find every place that fits."""
        ...


@dataclass(slots=True)
class _Source:
    text: str
    flags: frozenset[str]
    at: int = 0
    nesting: int = 0

    def next(self) -> str:
        return self.text[self.at : self.at + 1]

    def take(self, symbol: str) -> bool:
        if self.text.startswith(symbol, self.at):
            self.at += len(symbol)
            return True
        return False


@lru_cache(maxsize=512)
def compile_pattern(text: str, flags: str) -> Pattern:
    """Compile a pattern. Raises FailureError when it is not one."""
    if set(flags) - set("smixq"):
        raise FailureError("the flags of a pattern are `s`, `m`, `i`, `x` and `q`")
    if len(text) > _LENGTH_MAX:
        raise FailureError("the pattern is too large")
    if "q" in flags:
        written = "".join(map(_plain, text))
    else:
        source = _Source(_without_spaces(text) if "x" in flags else text, frozenset(flags))
        written = _alternatives(source)
        if source.at < len(source.text):
            raise FailureError("the pattern has a `)` too many")
    return _engine(f"(?i:{written})" if "i" in flags else written)


def _engine(written: str) -> Pattern:
    options = re2.Options()
    options.log_errors = False
    options.max_mem = _MEMORY_MAX
    try:
        return cast("Pattern", re2.compile(written, options=options))
    except re2.error as error:
        raise FailureError("the pattern is too large") from error


def _plain(character: str) -> str:
    return rf"\x{{{ord(character):X}}}"


def _without_spaces(text: str) -> str:
    kept: list[str] = []
    depth = 0
    for place, one in enumerate(text):
        escaped = place > 0 and text[place - 1] == "\\"
        depth += (one == "[" and not escaped) - (one == "]" and not escaped and depth > 0)
        if depth or not one.isspace():
            kept.append(one)
    return "".join(kept)


def _alternatives(source: _Source) -> str:
    source.nesting += 1
    if source.nesting > _NESTING_MAX:
        raise FailureError("the pattern is nested too deeply")
    written = [_sequence(source)]
    while source.take("|"):
        written.append(_sequence(source))
    source.nesting -= 1
    return "|".join(written)


def _sequence(source: _Source) -> str:
    written: list[str] = []
    while source.next() not in {"", "|", ")"}:
        written.append(_atom(source) + _repetition(source))
    return "".join(written)


def _atom(source: _Source) -> str:
    one = source.next()
    source.at += 1
    match one:
        case "(":
            return _group(source)
        case "[":
            return _class(source)
        case "^":
            return "(?m:^)" if "m" in source.flags else r"\A"
        case "$":
            return "(?m:$)" if "m" in source.flags else r"\z"
        case ".":
            return "(?s:.)" if "s" in source.flags else r"[^\n\r]"
        case "\\":
            return f"[{_escape(source)}]"
        case "*" | "+" | "?" | "{" | "}" | "]":
            raise FailureError(f"the pattern has a `{one}` that repeats nothing")
        case _:
            return _plain(one)


def _group(source: _Source) -> str:
    opening = "(?:" if source.take("?:") else "("
    inner = _alternatives(source)
    if not source.take(")"):
        raise FailureError("the pattern has a `(` that is not closed")
    return f"{opening}{inner})"


def _repetition(source: _Source) -> str:
    """Read what follows a part: nothing, or how often it may stand, greedily or not."""
    written = next((symbol for symbol in "*+?" if source.take(symbol)), "")
    if not written and source.take("{"):
        end = source.text.find("}", source.at)
        first, comma, second = source.text[source.at : max(end, source.at)].partition(",")
        source.at = end + 1
        if end < 0 or not _is_count(first) or (second and not _is_count(second)):
            raise FailureError("the pattern has a `{` that is not `{1}`, `{1,}` or `{1,2}`")
        if second and int(second) < int(first):
            raise FailureError("the pattern repeats from more to less")
        written = f"{{{first}{comma}{second}}}"
    return f"{written}?" if written and source.take("?") else written


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 4 and int(text) <= _REPEAT_MAX  # noqa: PLR2004 - four digits suffice


def _escape(source: _Source) -> str:
    """Read what follows a backslash; return what stands for it inside of brackets."""
    one = source.next()
    source.at += 1
    if one in {"p", "P"}:
        return _category(source, one)
    if one and one.lower() in _CLASSES:
        inside, outside = _CLASSES[one.lower()]
        return inside if one.islower() else outside or _ranges(f"[^{inside}]")
    plain = _ESCAPES.get(one) or (one if one in _PUNCTUATION else "")
    if not plain:
        raise FailureError(f"the pattern has an escape `\\{one}` that is not known")
    return _plain(plain)


def _category(source: _Source, sign: str) -> str:
    end = source.text.find("}", source.at)
    if end < 0 or not source.take("{"):
        raise FailureError("the pattern has a `\\p` without `{...}`")
    name = source.text[source.at : end]
    source.at = end + 1
    if name == "IsBasicLatin":
        return r"\x{0}-\x{7F}" if sign == "p" else r"\x{80}-\x{10FFFF}"
    if _CATEGORY.fullmatch(name) is None:
        raise FailureError(f"the pattern names a category `{name[:40]}` that is not known")
    return rf"\{sign}{{{name}}}"


def _class(source: _Source) -> str:
    """Read a class in brackets, of which the opening one is passed."""
    source.nesting += 1
    if source.nesting > _NESTING_MAX:
        raise FailureError("the pattern is nested too deeply")
    opening = "[^" if source.take("^") else "["
    written: list[str] = []
    less = ""
    while not less and (not written or source.next() != "]"):
        if written and source.take("-["):
            less = _class(source)
        else:
            written.append(_class_part(source))
    if not source.take("]"):
        raise FailureError("the pattern has a `[` that is not closed")
    source.nesting -= 1
    whole = f"{opening}{''.join(written)}]"
    return f"[{_ranges(whole, less)}]" if less else whole


def _class_part(source: _Source) -> str:
    low = _class_character(source)
    if len(low) > 1:
        return low
    after = source.text[source.at + 1 : source.at + 2]
    if source.next() != "-" or after in {"]", "[", ""}:
        return _plain(low)
    source.at += 1
    high = _class_character(source)
    if len(high) > 1 or high < low:
        raise FailureError("the pattern has a range of characters that runs backwards")
    return f"{_plain(low)}-{_plain(high)}"


def _class_character(source: _Source) -> str:
    """Read one character of a class; a named class comes back as what stands for it."""
    one = source.next()
    if one in {"", "["}:
        raise FailureError("the pattern has a `[` that is not closed")
    source.at += 1
    if one != "\\":
        return one
    escaped = source.next()
    if escaped in _ESCAPES or (escaped and escaped in _PUNCTUATION):
        source.at += 1
        return _ESCAPES.get(escaped, escaped)
    return _escape(source)


@lru_cache(maxsize=256)
def _ranges(kept: str, less: str = "") -> str:
    """Return the characters of one class that are not of another, as ranges.

    The engine has no subtraction of classes, so it is asked which of all characters are of each.
    """
    gone = frozenset[int]()
    if less:
        gone = frozenset(code for run in _runs(less) for code in run)
    written: list[str] = []
    for run in _runs(kept):
        start = run.start
        for code in (*sorted(gone.intersection(run)), run.stop):
            if code > start:
                written.append(f"{_plain(chr(start))}-{_plain(chr(code - 1))}")
            start = code + 1
    if not written:
        raise FailureError("the pattern has a class that no character is of")
    return "".join(written)


def _runs(written: str) -> Iterator[range]:
    """Yield the unbroken runs of characters that are of a class."""
    every = _every_character()
    for match in _engine(f"{written}+").finditer(every):
        first, last = match.span()
        start, end = ord(every[first]), ord(every[last - 1]) + 1
        halves = range(0xD800, 0xE000)
        if start < halves.start < halves.stop < end:
            yield range(start, halves.start)
            start = halves.stop
        yield range(start, end)


@cache
def _every_character() -> str:
    return "".join(map(chr, (*range(0xD800), *range(0xE000, 0x110000))))
