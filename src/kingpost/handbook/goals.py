"""What the pages of objectives and value streams show."""

from kingpost.handbook.addressing import Sight, anchor_of
from kingpost.handbook.pieces import Cell, Drawing, Row, Section, Table
from kingpost.insight.drawing.streams import stream_picture
from kingpost.insight.drawing.svg import inline
from kingpost.model.describing.phrases import named
from kingpost.model.describing.values import property_phrases
from kingpost.model.model import Model


def objective_sections(model: Model, sight: Sight, part: str) -> list[Section]:
    """Return the measures of an objective."""
    objective = model.objectives[part.partition("/")[2]]
    rows: list[Row] = []
    for measure in objective.measures:
        inner = f"{part}/measure/{measure.id}"
        scope = sight.links.parts[inner].scope
        cells = (property_phrases(scope, measure, name) for name in ("metric", "target", "at_risk"))
        row = (Cell((named(measure.title, inner),)), *(Cell(cell) for cell in cells))
        rows.append(Row(row, anchor_of(inner)))
    if not rows:
        return []
    return [Table("measures", "Measures", ("Measure", "Metric", "Target", "At risk"), tuple(rows))]


def stream_sections(model: Model, sight: Sight, part: str) -> list[Section]:
    """Return the picture of a value stream and its stages with their hand-overs."""
    stream = model.streams[part.partition("/")[2]]
    drawn = inline(stream_picture(model, stream), "stream-picture", sight.url)
    rows: list[Row] = []
    for stage in stream.stages:
        inner = f"{part}/stage/{stage.id}"
        scope = sight.links.parts[inner].scope
        cells = (property_phrases(scope, stage, name) for name in ("workflows", "entry", "exit"))
        row = (Cell((named(stage.title, inner),)), *(Cell(cell) for cell in cells))
        rows.append(Row(row, anchor_of(inner)))
    columns = ("Stage", "Workflows", "Enters with", "Leaves with")
    return [
        Drawing("stream", "Stages", drawn),
        Table("stages", "Hand-overs", columns, tuple(rows)),
    ]
