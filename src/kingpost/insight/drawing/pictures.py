"""The picture that shows a part of a model best."""

from kingpost.insight.drawing.charts import objectives_picture, organisation_picture, unit_picture
from kingpost.insight.drawing.lifecycle import lifecycle_picture
from kingpost.insight.drawing.neighbours import neighbours_picture
from kingpost.insight.drawing.picture import Picture
from kingpost.insight.drawing.process import process_picture
from kingpost.insight.drawing.requirements import requirements_picture
from kingpost.insight.drawing.streams import stream_picture
from kingpost.model.intent import ValueStream
from kingpost.model.model import Model
from kingpost.model.objects import BusinessObject
from kingpost.model.parts.links import Links
from kingpost.model.workflow import Workflow

# What is drawn of the company as a whole, by its name on the command line.
WHOLES = ("organisation", "objectives", "units")


def whole_picture(model: Model, name: str) -> Picture:
    """Return a picture of the whole company: one of `WHOLES`."""
    match name:
        case "organisation":
            return organisation_picture(model)
        case "objectives":
            return objectives_picture(model)
        case _:
            return unit_picture(model)


def part_picture(model: Model, links: Links, part: str) -> Picture:
    """Return the map of a workflow, the lifecycle of an object; of all else its neighbours.

    Raises: KeyError, when no part has that address.
    """
    value = links.parts[part].value
    match value:
        case Workflow():
            return process_picture(value)
        case BusinessObject():
            return lifecycle_picture(value)
        case ValueStream():
            return stream_picture(model, value)
        case _ if part.startswith("rule/") and part.count("/") == 1:
            return requirements_picture(links, part)
        case _:
            return neighbours_picture(links, part)
