"""What to say of a text that is not YAML: our words for those of the parser."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Protocol

import yaml

from kingpost.notation.codes import Code

_QUOTE = "Put the text in quotation marks."
_INDENT = "Indent it like its neighbours, and look for a missing colon or quotation mark above."

# The parser's problem: our message and our help.
_WORDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "mapping values are not allowed in this context": (
            "a colon stands here, expected the end of a value",
            "Put a text that holds a colon in quotation marks, or check the indentation.",
        ),
        "block sequence entries are not allowed in this context": (
            "a list begins here, expected a value",
            "Begin the list on a line of its own, or put the text in quotation marks.",
        ),
        "mapping keys are not allowed in this context": (
            "`?` stands here, expected a value",
            _QUOTE,
        ),
        "did not find expected key": ("expected a property here, in line with the others", _INDENT),
        "did not find expected '-' indicator": (
            "expected an entry of the list here, or its end",
            _INDENT,
        ),
        "did not find expected ',' or ']'": (
            "expected `,` or `]` in the list",
            "Close the list with `]`.",
        ),
        "did not find expected ',' or '}'": (
            "expected `,` or `}` in the mapping",
            "Close the mapping with `}`.",
        ),
        "did not find expected node content": ("expected a value here", _QUOTE),
        "could not find expected ':'": (
            "expected a colon after the name of a property",
            "Write `name: value`.",
        ),
        "found character that cannot start any token": (
            "this character cannot begin a value",
            _QUOTE,
        ),
        "did not find expected comment or line break": (
            "`>` and `|` begin a block of text, expected the end of the line",
            _QUOTE,
        ),
        "found unexpected end of stream": (
            "a text in quotation marks does not end",
            "Add the closing quotation mark.",
        ),
        "found unknown escape character": (
            "`\\` begins an escape that YAML does not know",
            "Write `\\\\`, or use single quotation marks.",
        ),
        "did not find expected <document start>": (
            "a second document begins here, expected one in a file",
            "Remove the line `...`.",
        ),
    }
)


class Mark(Protocol):
    """A position of the parser: line and column from 0."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a text is not YAML, and where."""

    code: str
    message: str
    help: str
    mark: Mark | None


def explain(error: yaml.MarkedYAMLError, text: str) -> Fault:
    """Return the parser's error in our words."""
    mark = error.problem_mark
    problem = error.problem or "no reason given"
    if _is_tab(problem, text, mark):
        message = "a tab stands here, expected spaces"
        return Fault(Code.TAB, message, "Indent with spaces.", mark)
    if error.context in {"while scanning an alias", "while scanning an anchor"}:
        sign = "*" if error.context.endswith("alias") else "&"
        message = f"`{sign}` begins an alias, and an alias is not part of the language"
        return Fault(Code.ALIAS, message, _QUOTE, mark)
    if error.context_mark and mark and mark.index >= len(text.rstrip()):
        mark = error.context_mark  # What does not end is looked for where it begins.
    message, help_text = _WORDS.get(problem, (f"this is not YAML: {problem}", ""))
    code = Code.SEVERAL_DOCUMENTS if "second document" in message else Code.BROKEN
    return Fault(code, message, help_text, mark)


def _is_tab(problem: str, text: str, mark: Mark | None) -> bool:
    if "tab character" in problem:
        return True
    if mark is None:
        return False
    lines = text.splitlines()
    at_tab = mark.line < len(lines) and lines[mark.line][mark.column : mark.column + 1] == "\t"
    return at_tab and "cannot start any token" in problem
