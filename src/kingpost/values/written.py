"""Where the characters of a text stand that is not written as it reads.

A text in quotation marks begins one column to the right of its place, an escape takes several
columns for one character, and a text over several lines goes on further down.
"""

import unicodedata
from collections.abc import Iterator

from kingpost.values.diagnostic import Place

# How long an escape is that names a character by its number; any other takes two columns.
_NUMBERED = {"x": 4, "u": 6, "U": 10}
_BLANK = " \t\r\n"


class Written(Place):
    """The place of a text that is not written as it reads.

    text:   as YAML reads it; empty where quotation marks are all that is written besides.
    source: what is written; then a quotation mark alone.
    """

    text: str
    source: str

    @classmethod
    def of(cls, place: Place, text: str, source: str) -> "Written":
        """Return the place of a text, with how it is written."""
        self = cls._make(place)
        self.text, self.source = text, source
        return self

    def at(self, offset: int) -> Place:
        """Return where a character of the text stands; it counts from the first that is shown."""
        if not self.text:
            return Place(self.file, self.line, self.column + 1 + offset)
        blank = len(self.text) - len(self.text.lstrip())
        index = _indices(self.source, self.text)[blank + _composed(self.text.strip(), offset)]
        lines = self.source.count("\n", 0, index)
        column = index - self.source.rfind("\n", 0, index) if lines else self.column + index
        return Place(self.file, self.line + lines, column)


def _composed(text: str, offset: int) -> int:
    """Return where a character stands in a text whose accents may be written by themselves."""
    if text.isascii():
        return min(offset, len(text))
    lengths = (len(unicodedata.normalize("NFC", text[:end])) for end in range(1, len(text) + 1))
    return next((at for at, length in enumerate(lengths) if length > offset), len(text))


def _indices(source: str, text: str) -> list[int]:
    """Return where each character of a text stands in what is written, and where it ends."""
    match source[0]:
        case "'" | '"' as quote:
            end = len(source) - 1
            return [*_folded(source, 1, end, quote), end]
        case "|" | ">":
            found = list(_block(source, text))
            return [*found, found[-1] + 1 if found else len(source)]
        case _:
            return [*_folded(source, 0, len(source), ""), len(source)]


def _folded(source: str, at: int, end: int, quote: str) -> Iterator[int]:
    """Yield where the characters of a text stand whose line ends are read as blanks.

    quote: the quotation mark around it; empty where it has none.
    Source: YAML 1.2.2, 6.5, line folding, and 7.3, flow scalar styles.
    """
    while at < end:
        character = source[at]
        if character in _BLANK:
            after = _behind_blanks(source, at, end)
            breaks = source.count("\n", at, after)
            yield from (at,) * max(1, breaks - 1) if breaks else range(at, after)
            at = after
        elif character == "\\" and quote == '"' and source[at + 1] in "\r\n":
            after = _behind_blanks(source, at + 1, end)
            yield from (at,) * (source.count("\n", at, after) - 1)
            at = after
        elif character == "\\" and quote == '"':
            yield at
            at += _NUMBERED.get(source[at + 1], 2)
        else:
            yield at
            # In single quotation marks, one that is meant is written twice.
            at += 2 if character == quote else 1


def _behind_blanks(source: str, at: int, end: int) -> int:
    while at < end and source[at] in _BLANK:
        at += 1
    return at


def _block(source: str, text: str) -> Iterator[int]:
    """Yield where the characters of a text stand that follows `|` or `>` in lines of its own.

    What stands between two of its lines is at the beginning of the second.
    """
    lines = source.split("\n")
    begins = len(lines[0]) + 1
    shown = next((line for line in lines[1:] if line.strip()), "")
    indent = _blanks(shown) - _blanks(next(line for line in text.split("\n") if line.strip()))
    at = 0
    for line in lines[1:]:
        inside = line[indent:].rstrip("\r")
        if inside.strip():
            while at < len(text) and not text.startswith(inside, at):
                yield begins
                at += 1
            if at < len(text):
                yield from range(begins + indent, begins + indent + len(inside))
                at += len(inside)
        begins += len(line) + 1


def _blanks(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
