"""XML on the way out: tags with attributes and text, indented, the same for the same values."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

_TEXT = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"}
_ATTRIBUTE = {**_TEXT, '"': "&quot;", "\n": "&#10;", "\t": "&#9;"}
# XML 1.0 knows no other control characters, not even escaped.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Tag:
    """An element to be written. Attributes that are empty are left out."""

    name: str
    attributes: Mapping[str, str] = field(default_factory=dict[str, str])
    children: tuple["Tag", ...] = ()
    text: str | None = None


def lines(tag: Tag, depth: int = 0) -> Iterable[str]:
    """Yield the lines of a tag; text is written as it is, since its spaces may matter."""
    margin = "  " * depth
    attributes = "".join(
        f' {name}="{_escaped(value, _ATTRIBUTE)}"'
        for name, value in tag.attributes.items()
        if value
    )
    start = f"{margin}<{tag.name}{attributes}"
    if tag.text is not None:
        yield f"{start}>{_escaped(tag.text, _TEXT)}</{tag.name}>"
    elif tag.children:
        yield f"{start}>"
        for child in tag.children:
            yield from lines(child, depth + 1)
        yield f"{margin}</{tag.name}>"
    else:
        yield f"{start}/>"


def _escaped(text: str, table: Mapping[str, str]) -> str:
    clean = _FORBIDDEN.sub("\ufffd", text)
    return "".join(table.get(sign, sign) for sign in clean)
