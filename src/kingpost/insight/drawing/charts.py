"""The pictures of who reports to whom, and of what the company wants."""

from collections.abc import Iterator
from dataclasses import replace

from kingpost.insight.drawing.letters import wrapped
from kingpost.insight.drawing.picture import NOTE, PADDING, TITLE, Figure, Picture, Way, height_of
from kingpost.insight.drawing.trees import Placed, forest, place_forest
from kingpost.model.intent import Objective
from kingpost.model.model import Model
from kingpost.model.organisation import Post
from kingpost.values.address import address

_POST = 158.0
_OBJECTIVE = 214.0
_MARGIN = 14.0


def organisation_picture(model: Model) -> Picture:
    """Return the chart of posts, each below the one that it reports to."""
    figures = {post.id: _post(model, post) for post in model.posts.values()}
    above = {post.id: post.reports_to for post in model.posts.values()}
    chart = place_forest(forest(tuple(model.posts), above, figures))
    told = "; ".join(
        f"{post.title} reports to {model.posts[post.reports_to].title}"
        for post in model.posts.values()
        if post.reports_to is not None and post.reports_to in model.posts
    )
    return _framed(f"Organisation of {model.company}", f"{len(figures)} posts. {told}", chart)


def unit_picture(model: Model) -> Picture:
    """Return the chart of units, each below the one that it belongs to."""
    figures = {
        unit.id: _box(unit.title, (unit.calendar,), address("unit", unit.id), _POST, "unit")
        for unit in model.units.values()
    }
    above = {unit.id: unit.parent for unit in model.units.values()}
    chart = place_forest(forest(tuple(model.units), above, figures))
    return _framed(f"Units of {model.company}", f"{len(figures)} units", chart)


def _post(model: Model, post: Post) -> Figure:
    unit = model.units.get(post.unit)
    seats = (f"{post.seats:,} seats",) if post.seats > 1 else ()
    notes = (unit.title if unit else post.unit, *seats)
    return _box(post.title, notes, address("post", post.id), _POST, "post")


def _box(title: str, told: tuple[str, ...], part: str, width: float, tone: str) -> Figure:
    lines = wrapped(title, TITLE, width - 2 * PADDING - 4)
    notes = tuple(line for note in told for line in wrapped(note, NOTE, width - 2 * PADDING - 4))
    height = height_of(len(lines), len(notes))
    return Figure("plain", 0.0, 0.0, width, height, lines, notes, tone, part)


def _framed(title: str, description: str, chart: Placed) -> Picture:
    figures = tuple(replace(one, x=one.x + _MARGIN, y=one.y + _MARGIN) for one in chart.figures)
    ways = tuple(
        replace(way, points=tuple((x + _MARGIN, y + _MARGIN) for x, y in way.points))
        for way in chart.ways
    )
    width, height = chart.width + 2 * _MARGIN, chart.height + 2 * _MARGIN
    return Picture(title, description, width, height, figures, ways)


def objectives_picture(model: Model) -> Picture:
    """Return the objectives with their measures, each below what it serves.

    One that serves several stands below the first, with a broken line to each other.
    """
    figures = {one.id: _objective(model, one) for one in model.objectives.values()}
    above = {one.id: next(iter(one.parents), None) for one in model.objectives.values()}
    chart = place_forest(forest(tuple(figures), above, figures), column_max=1)
    told = "; ".join(one.title for one in model.objectives.values())
    picture = _framed(f"Objectives of {model.company}", told, chart)
    return replace(picture, ways=(*picture.ways, *_more_parents(model, picture)))


def _more_parents(model: Model, picture: Picture) -> Iterator[Way]:
    at = {figure.address: figure for figure in picture.figures}
    for one in model.objectives.values():
        for parent in one.parents[1:]:
            high, low = at.get(address("objective", parent)), at[address("objective", one.id)]
            if high is not None:
                start = (high.x + high.width - 12, high.y + high.height)
                end = (low.x + low.width - 12, low.y)
                bend = end[1] - 8
                yield Way((start, (start[0], bend), (end[0], bend), end), "tree dashed", "none")


def _objective(model: Model, one: Objective) -> Figure:
    owner = model.posts.get(one.owner)
    measures = (f"• {measure.title}" for measure in one.measures)
    notes = (owner.title if owner else one.owner, *measures)
    box = _box(one.title, notes, address("objective", one.id), _OBJECTIVE, "objective")
    return replace(box, shape="box")
