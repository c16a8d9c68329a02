"""Built-in functions on texts.

Source: OMG DMN 1.5, 10.3.4.3, string functions.
"""

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache

from kingpost.expressions.kinds import NUMBER, TEXT, YES_NO, ListType
from kingpost.expressions.library.conversions import whole
from kingpost.expressions.library.pattern import Pattern, compile_pattern
from kingpost.expressions.library.signature import Signature, signature
from kingpost.expressions.value import TEXT_LENGTH_MAX, FailureError, Run, Value

_FLAGS_LENGTH_MAX = 8


@lru_cache(maxsize=512)
def _pattern(text: str, flags: str) -> Pattern:
    return compile_pattern(text, flags)


def substring(text: str, start: Decimal, length: Decimal | None) -> Value:
    """Return part of a text, counted from 1, or from the end when negative."""
    place = whole(start)
    if place == 0:
        raise FailureError("the first character has position 1")
    begin = place - 1 if place > 0 else max(len(text) + place, 0)
    if length is None:
        return text[begin:]
    if length < 1:
        raise FailureError("the length is at least 1")
    return text[begin : begin + whole(length)]


def _length(text: str) -> Value:
    return Decimal(len(text))


def _contains(text: str, match: str) -> Value:
    return match in text


def _before(text: str, match: str) -> Value:
    found = text.find(match)
    return text[:found] if found >= 0 else ""


def _after(text: str, match: str) -> Value:
    found = text.find(match)
    return text[found + len(match) :] if found >= 0 else ""


def _matches(run: Run, text: str, pattern: str, flags: str | None) -> Value:
    return _pattern(pattern, flags or "").search(run, text) is not None


def _replace(run: Run, text: str, pattern: str, replacement: str, flags: str | None) -> Value:
    compiled = _pattern(pattern, flags or "")
    parts: list[str] = []
    at = length = 0
    while found := compiled.search(run, text, at):
        begin, end = found[0], found[1]
        if end == begin:
            raise FailureError("the pattern matches the empty text")
        filled = _filled(replacement, text, found)
        length += len(filled)
        if length > TEXT_LENGTH_MAX:
            raise FailureError(f"a text may have at most {TEXT_LENGTH_MAX} characters")
        parts += [text[at:begin], filled]
        at = end
    return "".join([*parts, text[at:]])


def _filled(replacement: str, text: str, found: tuple[int, ...]) -> str:
    """Put the matched groups where the replacement says `$1`."""
    parts: list[str] = []
    at = 0
    while at < len(replacement):
        one, after = replacement[at], replacement[at + 1 : at + 2]
        if one == "$" and after.isdigit():
            place = 2 * int(after)
            parts.append(text[found[place] : found[place + 1]] if place < len(found) else "")
            at += 2
        elif one == "\\" and after in {"$", "\\"}:
            parts.append(after)
            at += 2
        else:
            parts.append(one)
            at += 1
    return "".join(parts)


def _split(run: Run, text: str, delimiter: str) -> Value:
    compiled = _pattern(delimiter, "")
    parts: list[Value] = []
    at = 0
    while found := compiled.search(run, text, at):
        if found[0] == found[1]:
            raise FailureError("the delimiter matches the empty text")
        parts.append(text[at : found[0]])
        at = found[1]
    return [*parts, text[at:]]


def _string_join(texts: list[str | None], delimiter: str | None) -> Value:
    kept = [text for text in texts if text is not None]
    size = sum(map(len, kept)) + len(kept) * len(delimiter or "")
    if size > TEXT_LENGTH_MAX:
        raise FailureError(f"a text may have at most {TEXT_LENGTH_MAX} characters")
    return (delimiter or "").join(kept)


TEXTS: Mapping[str, tuple[Signature, ...]] = {
    "substring": (
        signature("string: text, start position: number, length?: number", TEXT, substring),
    ),
    "string length": (signature("string: text", NUMBER, _length),),
    "upper case": (signature("string: text", TEXT, str.upper),),
    "lower case": (signature("string: text", TEXT, str.lower),),
    "substring before": (signature("string: text, match: text", TEXT, _before),),
    "substring after": (signature("string: text, match: text", TEXT, _after),),
    "contains": (signature("string: text, match: text", YES_NO, _contains),),
    "starts with": (signature("string: text, match: text", YES_NO, str.startswith),),
    "ends with": (signature("string: text, match: text", YES_NO, str.endswith),),
    "matches": (
        signature("input: text, pattern: text, flags?: text?", YES_NO, _matches, paid=True),
    ),
    "replace": (
        signature(
            "input: text, pattern: text, replacement: text, flags?: text?",
            TEXT,
            _replace,
            paid=True,
        ),
    ),
    "split": (signature("string: text, delimiter: text", ListType(TEXT), _split, paid=True),),
    "string join": (signature("list: texts, delimiter?: text?", TEXT, _string_join),),
}
