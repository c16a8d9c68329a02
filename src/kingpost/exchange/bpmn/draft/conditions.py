"""Conditions of a process as conditions of the model, and the fields that they read."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from kingpost.exchange.naming import identifier
from kingpost.expressions import (
    Compiled,
    ContextType,
    DateType,
    NumberType,
    TextType,
    Type,
    YesNoType,
    compile_expression,
)

_TOKEN = re.compile(
    r"""(?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?P<number>\d+(?:\.\d+)?)"""
    r"""|(?P<name>[^\W\d]\w*(?:[.-][^\W\d]\w*)*)|(?P<sign>==|!=|<=|>=|&&|\|\||.)""",
    re.DOTALL,
)
_WORDS = frozenset({"and", "or", "not", "true", "false", "null", "in", "between", "if", "then",
                    "else", "date"})  # fmt: skip
_SIGNS: Mapping[str, str] = {"==": "=", "&&": " and ", "||": " or "}
_COMPARES = frozenset({"=", "!=", "<", "<=", ">", ">=", "=="})
_TYPES: Mapping[str, Type] = {
    "decimal": NumberType(),
    "text": TextType(),
    "yes/no": YesNoType(),
    "date": DateType(),
}


def readable(condition: str) -> bool:
    """Tell whether a condition can be taken over."""
    return Fields("record").taken_over(condition) is not None


@dataclass(slots=True)
class Fields:
    """The fields that conditions have asked for.

    types:  as the model writes them, by id.
    needed: those without which a condition has no value, so that no case may begin without them.
    """

    object: str
    types: dict[str, str] = field(default_factory=dict[str, str])
    needed: set[str] = field(default_factory=set[str])

    def taken_over(self, condition: str) -> str | None:
        """Return a condition over the record, or None when it cannot be read."""
        tokens = _tokens(condition)
        if tokens is None:
            return None
        found, needed = dict(self.types), set[str]()
        parts: list[str] = []
        for at, (kind, text) in enumerate(tokens):
            called = text in _WORDS or (at + 1 < len(tokens) and tokens[at + 1][1] == "(")
            if kind == "name" and not called:
                name = identifier(text.rpartition(".")[2].replace("_", "-"))
                if not name:
                    return None
                other = _other(tokens, at)
                found.setdefault(name, _type_of(*other) if other else "yes/no")
                if other != ("name", "null"):
                    needed.add(name)
                parts.append(f"{self.object}.{name}")
            elif kind == "sign":
                parts.append(_SIGNS.get(text, text))
            else:
                parts.append(text)
        written = " ".join("".join(parts).split())
        if not self._fits(written, found):
            return None
        self.types = found
        self.needed |= needed
        return written

    def _fits(self, written: str, found: Mapping[str, str]) -> bool:
        members = {name: _TYPES[kind] for name, kind in found.items()}
        scope = {self.object: ContextType(members)}
        return isinstance(compile_expression(written, scope, YesNoType()), Compiled)


def _tokens(condition: str) -> list[tuple[str, str]] | None:
    """Split a condition; the signs around it that other engines ask for are left off."""
    text = condition.strip().removeprefix("=").strip()
    if text[:2] in {"${", "#{"} and text.endswith("}"):
        text = text[2:-1]
    if not text or "{" in text:
        return None
    tokens = [(str(match.lastgroup), match[0]) for match in _TOKEN.finditer(text)]
    # FEEL writes `not(…)`; a bare `!` before a name needs what follows to be put in brackets.
    return None if ("sign", "!") in tokens else tokens


def _other(tokens: list[tuple[str, str]], at: int) -> tuple[str, str] | None:
    """Return what the field at a position is compared with, or None when it stands alone."""
    rest = [token for token in tokens if token[1].strip()]
    index = sum(1 for token in tokens[:at] if token[1].strip())
    for step in (1, -1):
        sign, other = index + step, index + 2 * step
        if min(sign, other) >= 0 and max(sign, other) < len(rest) and rest[sign][1] in _COMPARES:
            return rest[other]
    return None


def _type_of(kind: str, text: str) -> str:
    """Return the type of a field that is compared with a token."""
    match kind:
        case "number":
            return "decimal"
        case "text":
            return "text"
        case _:
            return {"true": "yes/no", "false": "yes/no", "date": "date", "null": "text"}.get(
                text, "decimal"
            )
