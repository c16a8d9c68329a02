"""The picture of a value stream: its stages in order, and below each its workflows."""

from kingpost.insight.drawing.letters import wrapped
from kingpost.insight.drawing.picture import NOTE, PADDING, TITLE, Figure, Picture, height_of
from kingpost.model.intent import Stage, ValueStream
from kingpost.model.model import Model
from kingpost.values.address import address

_WIDTH = 196.0
_MARGIN = 14.0
_GAP = 10.0
_ARROW_ROOM = 34.0


def stream_picture(model: Model, stream: ValueStream) -> Picture:
    """Return a value stream."""
    titles = [
        wrapped(stage.title, TITLE, _WIDTH - 2 * PADDING - _ARROW_ROOM) for stage in stream.stages
    ]
    high = height_of(max((len(lines) for lines in titles), default=1), 0)
    figures: list[Figure] = []
    low = _MARGIN + high
    for number, (stage, lines) in enumerate(zip(stream.stages, titles, strict=True)):
        x = _MARGIN + number * _WIDTH
        part = address("value-stream", stream.id, "stage", stage.id)
        figures.append(
            Figure(
                "stage",
                x,
                _MARGIN,
                _WIDTH - 4,
                high,
                lines,
                (),
                "stage",
                part,
                f"Stage {stage.title}",
            )
        )
        below = _workflows(model, stage, x, _MARGIN + high + _GAP)
        figures += below
        low = max([low, *(one.y + one.height for one in below)])
    width = 2 * _MARGIN + _WIDTH * max(1, len(stream.stages))
    told = "; ".join(f"{stage.title}: {', '.join(stage.workflows)}" for stage in stream.stages)
    return Picture(stream.title, f"Stages: {told}.", width, low + _MARGIN, tuple(figures))


def _workflows(model: Model, stage: Stage, x: float, y: float) -> list[Figure]:
    boxes: list[Figure] = []
    width = _WIDTH - 24
    for name in stage.workflows:
        workflow = model.workflows.get(name)
        lines = wrapped(workflow.title if workflow else name, TITLE, width - 2 * PADDING - 4)
        owner = model.posts.get(workflow.owner) if workflow else None
        notes = wrapped(owner.title, NOTE, width - 2 * PADDING - 4) if owner else ()
        height = height_of(len(lines), len(notes))
        boxes.append(
            Figure("box", x, y, width, height, lines, notes, "", address("workflow", name))
        )
        y += height + _GAP
    return boxes
