"""The contrast of every pair of colours that meet: text 4.5, marks 3, in light and dark."""

import math
import re
from importlib.resources import files

import pytest

CSS = (files("kingpost.web") / "static" / "kingpost.css").read_text()
SHADES = ("light", "dark")
SURFACES = ("page", "card", "sunk", "raised")
TEXT = [
    *((text, surface) for text in ("text", "soft", "accent") for surface in SURFACES),
    *(
        (text, surface)
        for text in ("late", "risk", "good")
        for surface in ("page", "card", "raised")
    ),
    *((name, f"{name}-tint") for name in ("late", "risk", "good", "accent")),
    *(("text", f"{name}-tint") for name in ("late", "risk", "good", "accent", "near")),
    *(("soft", f"{name}-tint") for name in ("near",)),
    ("on-accent", "accent"),
    ("on-late", "late"),
]
MARKS = [
    *(
        (mark, surface)
        for mark in ("mark", "control", "accent", "late", "good")
        for surface in ("page", "card")
    ),
    ("near-mark", "near-tint"),
    ("late", "late-tint"),
]


def token(name: str, shade: str) -> tuple[float, float, float]:
    """Return lightness, chroma and hue of a token."""
    found = re.search(rf"--{name}: light-dark\(oklch\(([^)]*)\), oklch\(([^)]*)\)\)", CSS)
    assert found, f"no token --{name}"
    lightness, chroma, hue = found[SHADES.index(shade) + 1].split()[:3]
    return float(lightness), float(chroma), float(hue)


def luminance(colour: tuple[float, float, float]) -> float:
    """Return the relative luminance of an OKLCH colour, clipped to sRGB.

    Source: B. Ottosson, A perceptual color space for image processing, 2020; WCAG 2.2.
    """
    lightness, chroma, hue = colour
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short
    clipped = [min(max(part, 0.0), 1.0) for part in (red, green, blue)]
    return 0.2126 * clipped[0] + 0.7152 * clipped[1] + 0.0722 * clipped[2]


def contrast(one: str, other: str, shade: str) -> float:
    low, high = sorted(luminance(token(name, shade)) for name in (one, other))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("shade", SHADES)
@pytest.mark.parametrize(("text", "surface"), TEXT)
def test_text_can_be_read(text: str, surface: str, shade: str) -> None:
    assert contrast(text, surface, shade) >= 4.5


@pytest.mark.parametrize("shade", SHADES)
@pytest.mark.parametrize(("mark", "surface"), MARKS)
def test_marks_can_be_seen(mark: str, surface: str, shade: str) -> None:
    assert contrast(mark, surface, shade) >= 3


def test_every_colour_in_use_is_declared() -> None:
    used = set(re.findall(r"var\(--([a-z-]+)\)", CSS))
    declared = set(re.findall(r"--([a-z-]+):", CSS))
    assert used <= declared
