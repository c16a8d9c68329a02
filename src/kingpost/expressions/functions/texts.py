"""Built-in functions on texts.

Source: OMG DMN 1.5, 10.3.4.3, string functions.
"""

import re
from collections.abc import Mapping
from decimal import Decimal

from kingpost.expressions.functions.conversions import whole
from kingpost.expressions.functions.pattern import Match, compile_pattern
from kingpost.expressions.functions.signature import Signature, signature
from kingpost.expressions.kinds import NUMBER, TEXT, YES_NO, ListType
from kingpost.expressions.value import TEXT_LENGTH_MAX, FailureError, Run, Value

_PIECE = re.compile(r"\$(?P<group>[0-9]{1,4})|\\(?P<sign>[$\\])|(?P<text>[^$\\]+)")


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
    run.spend(len(text))
    return compile_pattern(pattern, flags or "").search(text) is not None


def _replace(run: Run, text: str, pattern: str, replacement: str, flags: str | None) -> Value:
    compiled = compile_pattern(pattern, flags or "")
    if compiled.search("") is not None:
        raise FailureError("the pattern matches the empty text")
    run.spend(len(text))
    pieces = [replacement] if "q" in (flags or "") else _pieces(replacement, compiled.groups)
    parts: list[str] = []
    at = length = 0
    for found in compiled.finditer(text):
        begin, end = found.span()
        filled = "".join(_filled(piece, text, found) for piece in pieces)
        length += len(filled)
        run.spend(len(pieces))
        if length > TEXT_LENGTH_MAX:
            raise FailureError(f"a text may have at most {TEXT_LENGTH_MAX} characters")
        parts += [text[at:begin], filled]
        at = end
    return "".join([*parts, text[at:]])


def _filled(piece: str | int, text: str, found: Match) -> str:
    if isinstance(piece, str):
        return piece
    begin, end = found.span(piece)
    return text[begin:end] if begin >= 0 else ""


def _pieces(replacement: str, groups: int) -> list[str | int]:
    """Split a replacement into its texts and the groups that it names.

    A number takes as many digits as there are groups for; `$0` is the whole match.
    Source: W3C XPath and XQuery Functions and Operators 3.1, 5.6.4.
    """
    pieces: list[str | int] = []
    at = 0
    while piece := _PIECE.match(replacement, at):
        at = piece.end()
        if piece["group"] is None:
            pieces.append(piece["sign"] or piece["text"])
            continue
        digits = piece["group"]
        while len(digits) > 1 and int(digits) > groups:
            digits = digits[:-1]
            at -= 1
        pieces += [int(digits)] if int(digits) <= groups else []
    if at < len(replacement):
        raise FailureError(f"the replacement has a `{replacement[at]}` that stands for nothing")
    return pieces


def _split(run: Run, text: str, delimiter: str) -> Value:
    compiled = compile_pattern(delimiter, "")
    if compiled.search("") is not None:
        raise FailureError("the delimiter matches the empty text")
    run.spend(len(text))
    parts: list[Value] = []
    at = 0
    for found in compiled.finditer(text):
        begin, end = found.span()
        parts.append(text[at:begin])
        at = end
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
