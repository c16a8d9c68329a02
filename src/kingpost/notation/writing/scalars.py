"""How one text is written: plain where that is safe and clear, else in quotation marks."""

import re

# Words that other readers of YAML take for a truth value, for nothing or for a number.
_OTHER_KIND = re.compile(
    r"true|false|yes|no|on|off|y|n|null|~|"
    r"[-+]?(0[xob])?[0-9][0-9a-f_]*|"
    r"[-+]?(\.[0-9]+|[0-9][0-9_]*(\.[0-9_]*)?)(e[-+]?[0-9]+)?|[-+]?\.inf|\.nan|"
    r"[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?",
    re.IGNORECASE,
)
_BEGINS_BADLY = re.compile(r"[-?:,\[\]{}#&*!|>'\"%@`\s=<]")
_UNSAFE = re.compile(r":(\s|$)|\s#|[^\S ]|\s$")
_UNSAFE_IN_FLOW = re.compile(r"[,\[\]{}:]|\?(\s|$)")
# What tells an expression from words: an operator, but no arrow; a text in an expression.
_EXPRESSION = re.compile(r"[=<\"*]|(?<!-)>")
_ESCAPES = {"\n": "\\n", "\t": "\\t", "\\": "\\\\", '"': '\\"'}


def scalar(text: str, *, flow: bool) -> str:
    """Return a text as it is written on one line.

    flow: inside `{}` or `[]`, where a comma ends a plain text.
    """
    return text if is_plain(text, flow=flow) else quoted(text)


def is_plain(text: str, *, flow: bool) -> bool:
    """Tell whether a text is written without quotation marks."""
    return bool(
        text
        and text.isprintable()
        and not _BEGINS_BADLY.match(text)
        and not _UNSAFE.search(text)
        and not (flow and _UNSAFE_IN_FLOW.search(text))
        and not is_expression(text)
        and not means_another_kind(text)
    )


def means_another_kind(text: str) -> bool:
    """Tell whether a text without quotation marks is a number or a truth value to some reader."""
    return _OTHER_KIND.fullmatch(text) is not None


def is_expression(text: str) -> bool:
    """Tell whether a text looks like an expression, and is written in quotation marks."""
    return _EXPRESSION.search(text) is not None


def quoted(text: str) -> str:
    """Return a text in quotation marks: in those that need no escape, where there are such."""
    if text.isprintable():
        if '"' not in text and "\\" not in text:
            return f'"{text}"'
        return "'" + text.replace("'", "''") + "'"
    return '"' + "".join(_escaped(character) for character in text) + '"'


def _escaped(character: str) -> str:
    known = _ESCAPES.get(character)
    if known or character.isprintable():
        return known or character
    number = ord(character)
    return f"\\u{number:04X}" if number <= 0xFFFF else f"\\U{number:08X}"  # noqa: PLR2004 - YAML's
