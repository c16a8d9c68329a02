"""Write a picture as SVG: alone in a file, or as part of a page."""

from collections.abc import Callable, Iterator, Sequence
from html import escape
from itertools import pairwise

from kingpost.insight.diagram import Point
from kingpost.insight.drawing.picture import (
    LEADING,
    NOTE_LEADING,
    PADDING,
    TITLE,
    Figure,
    Picture,
    Way,
    Words,
)
from kingpost.insight.drawing.style import least_width, own_rules

RADIUS = 6.0
_ROUND = {"box": 5.0, "plain": 5.0, "bar": 2.0, "stage": 0.0}
_POINT = 14.0

Link = Callable[[str], str]
"""From an address to where it leads; empty for nowhere."""


def standalone(picture: Picture) -> str:
    """Return a picture as the text of a file of its own."""
    width, height = _number(picture.width), _number(picture.height)
    inside = "\n".join(
        (
            f"<style>{own_rules()}</style>",
            f'<rect class="paper" width="{width}" height="{height}"/>',
            *_content(picture, "picture", lambda _: ""),
        )
    )
    return f"{_open(picture, 'picture', 'img')}\n{inside}\n</svg>\n"


def inline(picture: Picture, name: str, link: Link, classes: str = "") -> str:
    """Return a picture as part of a page, whose stylesheet colours it.

    name: unique on the page. link: a figure whose address leads somewhere becomes a link.
    """
    inside = "\n".join(_content(picture, name, link))
    named = f"{classes} {least_width(picture.width)}"
    return f"{_open(picture, name, 'group', named)}\n{inside}\n</svg>"


def _open(picture: Picture, name: str, role: str, classes: str = "") -> str:
    width, height = _number(picture.width), _number(picture.height)
    named = " ".join(("picture", *classes.split()))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="{named}" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" role="{role}" '
        f'aria-labelledby="{name}-title" aria-describedby="{name}-about">\n'
        f'<title id="{name}-title">{escape(picture.title)}</title>\n'
        f'<desc id="{name}-about">{escape(picture.description)}</desc>'
    )


def _content(picture: Picture, name: str, link: Link) -> Iterator[str]:
    yield (
        f'<defs><marker id="{name}-head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" '
        'markerHeight="8" orient="auto-start-reverse" markerUnits="userSpaceOnUse">'
        '<path class="head" d="M1.5 1L7 4L1.5 7"/></marker></defs>'
    )
    for way in picture.ways:
        yield _way(way, name)
    for words in picture.words:
        yield _words(words)
    for figure in picture.figures:
        yield _figure(figure, link)


def _way(way: Way, name: str) -> str:
    head = f' marker-end="url(#{name}-head)"' if way.ends != "none" else ""
    tail = f' marker-start="url(#{name}-head)"' if way.ends == "both" else ""
    return f'<path class="way {way.kind}" d="{path_of(way.points)}"{head}{tail}/>'


def _words(words: Words) -> str:
    first = words.y - (len(words.lines) - 1) * NOTE_LEADING
    return "".join(
        _text(line, words.x, first + number * NOTE_LEADING, words.kind)
        for number, line in enumerate(words.lines)
    )


def _figure(figure: Figure, link: Link) -> str:
    tone = " ".join(part for part in (figure.shape, figure.tone) if part)
    shape = _outline(figure)
    url = link(figure.address) if figure.address else ""
    # What is drawn is not read letter by letter: the name of the figure says it.
    inside = f'{shape}<g aria-hidden="true">{"".join(_lettering(figure))}</g>'
    if figure.shape == "bar":
        return f'<g class="{tone}" aria-hidden="true">{shape}</g>'
    spoken = escape(figure.spoken or " ".join((*figure.lines, *figure.notes)))
    if url:
        return f'<a class="{tone}" href="{escape(url)}" aria-label="{spoken}">{inside}</a>'
    return f'<g class="{tone}" role="img" aria-label="{spoken}">{inside}</g>'


def _outline(figure: Figure) -> str:
    x, y, width, height = figure.x, figure.y, figure.width, figure.height
    if figure.shape == "stage":
        right, middle = x + width, y + height / 2
        corners = (
            (x, y), (right - _POINT, y), (right, middle), (right - _POINT, y + height),
            (x, y + height), (x + _POINT, middle),
        )  # fmt: skip
        path = "L".join(_pair(corner) for corner in corners)
        return f'<path class="shape" d="M{path}Z"/>'
    rounding = _number(_ROUND.get(figure.shape, min(height / 2, 14.0)))
    place = f'x="{_number(x)}" y="{_number(y)}" height="{_number(height)}"'
    box = f'<rect class="shape" {place} width="{_number(width)}" rx="{rounding}"/>'
    if figure.shape != "box":
        return box
    band = f'x="{_number(x)}" y="{_number(y + 5)}" width="3" height="{_number(height - 10)}"'
    return f'{box}<rect class="band" {band} rx="1.5"/>'


def _lettering(figure: Figure) -> Iterator[str]:
    inset = PADDING + (_POINT if figure.shape == "stage" else 2)
    x, y = figure.x + inset, figure.y + PADDING + TITLE - 1
    for line in figure.lines:
        yield _text(line, x, y, "title")
        y += LEADING
    for line in figure.notes:
        yield _text(line, x, y, "note")
        y += NOTE_LEADING


def _text(line: str, x: float, y: float, kind: str) -> str:
    return f'<text class="{kind}" x="{_number(x)}" y="{_number(y)}">{escape(line)}</text>'


def path_of(points: Sequence[Point]) -> str:
    """Return path data with rounded corners."""
    points = [
        point for index, point in enumerate(points) if index == 0 or point != points[index - 1]
    ]
    path = [f"M{_pair(points[0])}"]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        reach = min(RADIUS, _length(before, corner) / 2, _length(corner, after) / 2)
        path.append(f"L{_pair(_towards(corner, before, reach))}")
        path.append(f"Q{_pair(corner)} {_pair(_towards(corner, after, reach))}")
    path.append(f"L{_pair(points[-1])}")
    assert all(a != b for a, b in pairwise(points)), "a line has no repeated corner"
    return "".join(path)


def _length(start: Point, end: Point) -> float:
    return abs(start[0] - end[0]) + abs(start[1] - end[1])


def _towards(start: Point, end: Point, reach: float) -> Point:
    length = _length(start, end)
    return (
        start[0] + (end[0] - start[0]) * reach / length,
        start[1] + (end[1] - start[1]) * reach / length,
    )


def _pair(point: Point) -> str:
    return f"{_number(point[0])} {_number(point[1])}"


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
