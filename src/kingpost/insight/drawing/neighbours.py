"""The picture of a part: what names it on the left, what it names on the right."""

from collections.abc import Sequence

from kingpost.insight.drawing.letters import wrapped
from kingpost.insight.drawing.picture import (
    NOTE,
    NOTE_LEADING,
    PADDING,
    TITLE,
    Figure,
    Picture,
    Way,
    Words,
    height_of,
)
from kingpost.model.parts.classes import title_of
from kingpost.model.parts.links import Links, kind_of

_WIDTH = 196.0
_MARGIN = 14.0
_BETWEEN = 64.0
_GAP = 7.0
_LISTED_MAX = 10


def neighbours_picture(links: Links, part: str) -> Picture:
    """Return a part with all that it names and all that names it, by how they stand to it."""
    before = _grouped([(link.relation.says, link.source) for link in links.to(part)])
    after = _grouped([(link.relation.says, link.target) for link in links.of(part)])
    left, left_words, left_height = _column(links, before, _MARGIN)
    right_x = _MARGIN + 2 * (_WIDTH + _BETWEEN)
    right, right_words, right_height = _column(links, after, right_x)
    middle = _box(links, part, _MARGIN + _WIDTH + _BETWEEN, 0.0, "chosen")
    height = max(left_height, right_height, middle.height) + 2 * _MARGIN
    centre = _box(links, part, middle.x, (height - middle.height) / 2, "chosen")
    ways = (*(_between(one, centre) for one in left), *(_between(centre, one) for one in right))
    title = title_of(links.parts[part].value) or part
    told = "; ".join(
        [f"{source} {words} it" for words, parts in before for source in parts]
        + [f"it {words} {target}" for words, parts in after for target in parts]
    )
    return Picture(
        f"{title} and its neighbours", f"{told}.", right_x + _WIDTH + _MARGIN, height,
        (centre, *left, *right), ways, (*left_words, *right_words),
    )  # fmt: skip


def _grouped(named: Sequence[tuple[str, str]]) -> list[tuple[str, list[str]]]:
    groups: dict[str, list[str]] = {}
    for words, part in named:
        if part not in groups.setdefault(words, []):
            groups[words].append(part)
    return list(groups.items())


def _column(
    links: Links, groups: Sequence[tuple[str, list[str]]], x: float
) -> tuple[list[Figure], list[Words], float]:
    """Return the boxes of a column, a heading above each group, and how high it is."""
    figures: list[Figure] = []
    headings: list[Words] = []
    y = _MARGIN
    for words, parts in groups:
        headings.append(Words((words,), x, y + NOTE_LEADING - 3, "heading"))
        y += NOTE_LEADING + 4
        for part in parts[:_LISTED_MAX]:
            figures.append(_box(links, part, x, y, "" if part in links.parts else "missing"))
            y += figures[-1].height + _GAP
        if parts[_LISTED_MAX:]:
            more = f"and {len(parts) - _LISTED_MAX:,} more"
            headings.append(Words((more,), x, y + NOTE_LEADING - 4))
            y += NOTE_LEADING + _GAP
        y += _GAP
    return figures, headings, y - _MARGIN


def _box(links: Links, part: str, x: float, y: float, tone: str) -> Figure:
    known = links.parts.get(part)
    room = _WIDTH - 2 * PADDING - 4
    lines = wrapped((title_of(known.value) if known else "") or part, TITLE, room)
    notes = wrapped(kind_of(part).replace("-", " "), NOTE, room)
    height = height_of(len(lines), len(notes))
    return Figure("box", x, y, _WIDTH, height, lines, notes, tone, part)


def _between(source: Figure, target: Figure) -> Way:
    start = (source.x + source.width, source.y + source.height / 2)
    end = (target.x, target.y + target.height / 2)
    # The ways of a side share one track, so that they meet in the middle without crossing.
    track = source.x + source.width + _BETWEEN / 2
    return Way((start, (track, start[1]), (track, end[1]), end))
