"""The colours of pictures and pages, light and dark: the tokens that all stylesheets share.

Given in OKLCH as lightness, chroma and hue; pictures that stand alone get them as sRGB, which
every viewer of SVG reads.
"""

import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, TypeAlias

Shade: TypeAlias = Literal["light", "dark"]
Colour: TypeAlias = tuple[float, float, float]

# Where the curve of sRGB turns straight. Source: IEC 61966-2-1.
_LINEAR_MAX = 0.0031308

TOKENS: Mapping[str, tuple[Colour, Colour]] = MappingProxyType(
    {
        "page": ((0.984, 0.004, 262), (0.165, 0.008, 262)),
        "card": ((1, 0, 0), (0.2, 0.009, 262)),
        "sunk": ((0.965, 0.004, 262), (0.235, 0.01, 262)),
        "raised": ((1, 0, 0), (0.25, 0.012, 262)),
        "line": ((0.915, 0.006, 262), (0.29, 0.012, 262)),
        "edge": ((0.86, 0.009, 262), (0.36, 0.014, 262)),
        "control": ((0.64, 0.015, 262), (0.56, 0.016, 262)),
        "text": ((0.235, 0.018, 262), (0.935, 0.006, 262)),
        "soft": ((0.47, 0.02, 262), (0.72, 0.014, 262)),
        "mark": ((0.6, 0.025, 262), (0.6, 0.025, 262)),
        "accent": ((0.5, 0.17, 262), (0.72, 0.125, 258)),
        "accent-tint": ((0.955, 0.022, 262), (0.29, 0.06, 262)),
        "on-accent": ((1, 0, 0), (0.18, 0.02, 262)),
        "late": ((0.52, 0.19, 27), (0.74, 0.14, 25)),
        "late-tint": ((0.945, 0.028, 20), (0.29, 0.075, 25)),
        "late-edge": ((0.83, 0.09, 22), (0.5, 0.12, 25)),
        "risk": ((0.52, 0.115, 62), (0.82, 0.12, 78)),
        "risk-mark": ((0.68, 0.15, 65), (0.78, 0.13, 75)),
        "risk-tint": ((0.958, 0.038, 80), (0.29, 0.045, 75)),
        "risk-edge": ((0.86, 0.085, 75), (0.46, 0.08, 75)),
        "good": ((0.5, 0.11, 155), (0.77, 0.12, 155)),
        "good-tint": ((0.955, 0.03, 155), (0.27, 0.045, 155)),
    }
)


def hexadecimal(name: str, shade: Shade) -> str:
    """Return a token as `#rrggbb`, clipped to sRGB.

    Source: B. Ottosson, A perceptual color space for image processing, 2020.
    """
    lightness, chroma, hue = TOKENS[name][0 if shade == "light" else 1]
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    parts = (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )
    return "#" + "".join(f"{round(255 * _encoded(part)):02x}" for part in parts)


def _encoded(part: float) -> float:
    """Return a linear part of a colour as sRGB encodes it, from 0 to 1."""
    part = min(max(part, 0.0), 1.0)
    return 12.92 * part if part <= _LINEAR_MAX else 1.055 * part ** (1 / 2.4) - 0.055


def declarations() -> str:
    """Return the tokens as the custom properties of a stylesheet."""
    return "".join(
        f"  --{name}: light-dark({_oklch(light)}, {_oklch(dark)});\n"
        for name, (light, dark) in TOKENS.items()
    )


def _oklch(colour: Colour) -> str:
    return f"oklch({' '.join(_short(part) for part in colour)})"


def _short(part: float) -> str:
    text = f"{part:g}"
    return text.removeprefix("0") if text.startswith("0.") else text
