"""The stylesheet of pictures: one text, for pages with tokens and for pictures that stand alone."""

import re

from kingpost.insight.drawing.palette import Shade, hexadecimal

# `$name` stands for a token.
_RULES = """
.picture { font-family: Inter, system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
.picture text { fill: $text; font-size: 12px; }
.picture .title { font-weight: 600; }
.picture .note { fill: $soft; font-size: 10.5px; }
.picture .label { fill: $soft; font-size: 10.5px; paint-order: stroke; stroke: $card; stroke-width: 3px; stroke-linejoin: round; }
.picture .heading { fill: $soft; font-size: 10.5px; font-weight: 600; }
.picture .paper { fill: $card; }
.picture .shape { fill: $card; stroke: $edge; }
.picture .band { fill: $mark; }
.picture .way { fill: none; stroke: $mark; stroke-width: 1.2; }
.picture .head { fill: none; stroke: $mark; stroke-width: 1.2; stroke-linecap: round; stroke-linejoin: round; }
.picture .rework, .picture .dashed { stroke-dasharray: 4 3; }
.picture .hang, .picture .tree { stroke: $edge; }
.picture .bar .shape { fill: $control; stroke: none; }
.picture .end .shape, .picture .final .shape { fill: $sunk; stroke: $line; }
.picture .suspension .shape, .picture .missing .shape { stroke-dasharray: 3 2; }
.picture .begin .shape { stroke: $accent; stroke-width: 1.6; }
.picture .decision .band, .picture .chosen .band { fill: $accent; }
.picture .rule .band, .picture .objective .band { fill: $good; }
.picture .wait .band, .picture .call .band { fill: $risk-mark; }
.picture .chosen .shape { fill: $accent-tint; stroke: $accent; }
.picture .stage .shape { fill: $accent-tint; stroke: $accent; stroke-opacity: .45; }
.picture .unit .shape { fill: $sunk; stroke: $line; }
.picture a:hover .shape { stroke: $control; } .picture a { text-decoration: none; }
.picture a:focus-visible { outline: none; } .picture a:focus-visible .shape { stroke: $accent; stroke-width: 2.5; }
"""  # noqa: E501 - a rule of a stylesheet stands on one line
# How far a picture may shrink and still be read; and the classes that hold it there.
_READABLE, _LEAST, _STEP, _STEPS_MAX = 0.7, "least-", 50, 120
_TOKEN = re.compile(r"\$([a-z-]+)")


def page_rules() -> str:
    """Return the stylesheet for pictures in a page that has the tokens.

    A picture shrinks to its room as far as it can still be read; then one scrolls along it.
    """
    least = "\n".join(
        f".{_LEAST}{step} {{ min-width: {step * _STEP}px; }}" for step in range(_STEPS_MAX + 1)
    )
    rules = _TOKEN.sub(r"var(--\1)", _RULES).strip()
    return f"{rules}\n@media screen {{\n{least}\n}}\n"


def least_width(width: float) -> str:
    """Return the class of a picture in a page that keeps it readable."""
    return f"{_LEAST}{min(int(width * _READABLE / _STEP), _STEPS_MAX)}"


def own_rules() -> str:
    """Return the stylesheet of a picture that stands alone: light, dark where one reads so.

    On paper it is light.
    """
    dark = "\n".join(line for line in _in("dark").splitlines() if "#" in line)
    return f"{_in('light')}@media screen and (prefers-color-scheme: dark) {{\n{dark}\n}}\n"


def _in(shade: Shade) -> str:
    return _TOKEN.sub(lambda match: hexadecimal(match[1], shade), _RULES)
