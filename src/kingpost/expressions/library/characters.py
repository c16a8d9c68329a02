"""Classes of characters, as patterns name them."""

import unicodedata
from collections.abc import Callable
from typing import TypeAlias

from kingpost.expressions.value import FailureError

Reads: TypeAlias = Callable[[str], bool]

_ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}
_PUNCTUATION = frozenset("\\|.?*+(){}[]^$- ")
_ASCII_END = 128


def _variants(character: str) -> tuple[str, ...]:
    lower, upper = character.lower(), character.upper()
    return (character, lower, upper, lower.upper(), upper.lower())


def _loosely(reads: Reads) -> Reads:
    return lambda character: any(reads(one) for one in _variants(character) if len(one) == 1)


def characters(one: str, loose: bool) -> Reads:  # noqa: FBT001 - the flag of the pattern
    """Return what reads one character, in either case when loose."""
    if not loose:
        return lambda character: character == one
    variants = frozenset(_variants(one))
    return lambda character: character in variants or not variants.isdisjoint(_variants(character))


def _space(character: str) -> bool:
    return character in " \t\n\r"


def _digit(character: str) -> bool:
    return character.isdecimal()


def _word(character: str) -> bool:
    return unicodedata.category(character)[0] not in "PZC"


def _name_start(character: str) -> bool:
    return character in "_:" or unicodedata.category(character)[0] == "L"


def _name_part(character: str) -> bool:
    return character in "-._:·" or unicodedata.category(character)[0] in "LNM"


_CLASSES: dict[str, Reads] = {
    "s": _space, "d": _digit, "w": _word, "i": _name_start, "c": _name_part,
}  # fmt: skip


def _not(reads: Reads) -> Reads:
    return lambda character: not reads(character)


def one_of(text: str, at: int, loose: bool) -> tuple[Reads, int]:  # noqa: FBT001 - the flag of the pattern
    """Read what follows a backslash; return what it reads, and where the rest goes on."""
    one = text[at : at + 1]
    if one in {"p", "P"}:
        return _category(text, at)
    if one and one.lower() in _CLASSES:
        reads = _CLASSES[one.lower()]
        return (reads if one.islower() else _not(reads)), at + 1
    plain = _ESCAPES.get(one) or (one if one in _PUNCTUATION else "")
    if not plain:
        raise FailureError(f"the pattern has an escape `\\{one}` that is not known")
    return characters(plain, loose), at + 1


def _category(text: str, at: int) -> tuple[Reads, int]:
    end = text.find("}", at)
    if end < 0 or text[at + 1 : at + 2] != "{":
        raise FailureError("the pattern has a `\\p` without `{...}`")
    name = "".join(text[at + 2 : end].split()) if " " not in text[at + 2 : end] else ""
    if name == "IsBasicLatin":
        reads: Reads = lambda character: ord(character) < _ASCII_END  # noqa: E731 - one of two
    elif name[:1] in set("LMNPZSC") and len(name) in {1, 2}:
        reads = lambda character: unicodedata.category(character).startswith(name)  # noqa: E731
    else:
        raise FailureError(f"the pattern names a category `{name}` that is not known")
    return (_not(reads) if text[at] == "P" else reads), end + 1


def reads_class(text: str, at: int, loose: bool) -> tuple[Reads, int]:  # noqa: FBT001 - the flag of the pattern
    """Read a class in brackets, the opening one passed; return what it reads and where it ends."""
    negated = text.startswith("^", at)
    at += negated
    parts: list[Reads] = []
    minus: Reads | None = None
    first = True
    while first or not text.startswith("]", at):
        first = False
        if text.startswith("-[", at):
            minus, at = reads_class(text, at + 2, loose)
            break
        part, at = _class_part(text, at)
        parts.append(part)
    if not text.startswith("]", at) or not parts:
        raise FailureError("the pattern has a `[` that is not closed")
    return _combined(tuple(parts), minus, negated=negated, loose=loose), at + 1


def _combined(
    parts: tuple[Reads, ...], minus: Reads | None, *, negated: bool, loose: bool
) -> Reads:
    def inside(character: str) -> bool:
        return any(part(character) for part in parts)

    reads = _loosely(inside) if loose else inside
    if negated:
        reads = _not(reads)
    if minus is None:
        return reads
    return lambda character: reads(character) and not minus(character)


def _class_part(text: str, at: int) -> tuple[Reads, int]:
    low, after = _class_character(text, at)
    if low is None:
        return one_of(text, at + 1, loose=False)
    if not text.startswith("-", after) or text[after + 1 : after + 2] in {"]", "[", ""}:
        return (lambda character: character == low), after
    high, end = _class_character(text, after + 1)
    if high is None or high < low:
        raise FailureError("the pattern has a range of characters that runs backwards")
    return (lambda character: low <= character <= high), end


def _class_character(text: str, at: int) -> tuple[str | None, int]:
    """Read one plain character of a class; None where a named class stands."""
    one = text[at : at + 1]
    if one in {"", "["}:
        raise FailureError("the pattern has a `[` that is not closed")
    if one != "\\":
        return one, at + 1
    escaped = text[at + 1 : at + 2]
    if escaped in _ESCAPES:
        return _ESCAPES[escaped], at + 2
    return (escaped, at + 2) if escaped and escaped in _PUNCTUATION else (None, at)
