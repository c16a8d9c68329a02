"""What the page of a workflow shows: its map, its steps, and what may go wrong."""

from collections.abc import Iterator

from kingpost.handbook.addressing import Sight, anchor_of
from kingpost.handbook.pieces import Card, Cards, Cell, Drawing, Row, Section, Table
from kingpost.insight.drawing.process import process_picture
from kingpost.insight.drawing.svg import inline
from kingpost.model.describing.describe import describe
from kingpost.model.describing.phrases import Fact, Phrase, joined, named, words
from kingpost.model.describing.values import property_phrases
from kingpost.model.model import Model
from kingpost.model.organisation import Post
from kingpost.model.parts.relations import CARRIES, MAY_DECIDE
from kingpost.model.workflow import End, Parallel, Step
from kingpost.values.address import address, step_address


def workflow_map(model: Model, sight: Sight, part: str) -> Drawing:
    """Return the map of a workflow."""
    workflow = model.workflows[part.partition("/")[2]]
    broad, narrow = process_picture(workflow), process_picture(workflow, "tall")
    is_slim = narrow.width < broad.width
    uses = "tall-on-phones tall-on-paper" if is_slim else ""
    if is_slim and broad.width > _SCREEN:
        uses += " tall-everywhere"
    wide = inline(broad, "map-wide", sight.url, "wide")
    tall = inline(narrow, "map-tall", sight.url, "tall")
    return Drawing("map", "Map", wide, tall, _LEGEND, f"{part}.svg", uses)


def workflow_sections(model: Model, sight: Sight, part: str) -> list[Section]:
    """Return the sections of a workflow's page."""
    workflow = model.workflows[part.partition("/")[2]]
    steps = [step for step in workflow.all_steps() if not isinstance(step, End)]
    sections: list[Section] = [
        Table(
            "steps",
            "Steps",
            ("Step", "Kind", "Done by", "Due", "Goes on to"),
            tuple(_row(sight, workflow.id, step) for step in workflow.all_steps()),
        ),
        Cards(
            "each-step",
            "Each step",
            tuple(_step_card(model, sight, step_address(workflow.id, step.id)) for step in steps),
        ),
    ]
    if workflow.exceptions:
        cards = tuple(
            _exception_card(sight, address("workflow", workflow.id, "exception", item.id))
            for item in workflow.exceptions
        )
        sections.append(Cards("exceptions", "What may go wrong", cards))
    return sections


# A wider map would be read by scrolling sideways, on any screen.
_SCREEN = 1500.0
_LEGEND = (
    "Blue: a decision. Green: a rule. Amber: a wait or a call. "
    "Broken lines lead back; broken outlines are exceptions that suspend the work."
)


def _row(sight: Sight, workflow: str, step: Step) -> Row:
    part = step_address(workflow, step.id)
    scope = sight.links.parts[part].scope
    kind = type(step).__name__.removesuffix("Step").lower()

    def told(name: str) -> Cell:
        known = hasattr(step, name) and getattr(step, name)
        return Cell(property_phrases(scope, step, name) if known else ())

    return Row(
        (
            Cell((named(step.title, part),)),
            Cell((words(kind),)),
            told("role"),
            told("due"),
            Cell(tuple(_ways(sight, part, step))),
        ),
        # An end has nothing more to tell than its row.
        anchor_of(part) if isinstance(step, End) else "",
    )


def _ways(sight: Sight, part: str, step: Step) -> Iterator[Phrase]:
    """Yield the ways on from a step: its own, then those of its outcomes and messages."""
    scope = sight.links.parts[part].scope
    if step.then:
        yield from property_phrases(scope, step, "then")
    for choice in (*getattr(step, "outcomes", ()), *getattr(step, "messages", ())):
        ways = property_phrases(scope, choice, "then")
        yield (*words(f"{choice.title}: "), *joined(ways))


def _step_card(model: Model, sight: Sight, part: str) -> Card:
    told = describe(sight.links, part)
    facts = (*told.facts, *_who(model, sight, part))
    step = sight.links.parts[part].value
    sort = "parallel branches" if isinstance(step, Parallel) else told.sort
    return Card(anchor_of(part), told.title, sort, part, facts)


def _who(model: Model, sight: Sight, part: str) -> Iterator[Fact]:
    """Yield the posts that can do a step by their roles, and who may decide what in it."""
    step = sight.links.parts[part].value
    role = getattr(step, "role", "")
    carriers = [
        link.source for link in sight.links.to(address("role", role)) if link.relation is CARRIES
    ]
    if carriers:
        yield Fact("posts in that role", tuple(named(post, post) for post in carriers))
    deciders = [link.source for link in sight.links.to(part) if link.relation is MAY_DECIDE]
    if deciders:
        phrases = [
            (*named(post, post), *words(": "), *told)
            for post in deciders
            for told in _granted(sight, model.posts[post.partition("/")[2]], part)
        ]
        yield Fact("authority", tuple(phrases))


def _granted(sight: Sight, post: Post, part: str) -> Iterator[Phrase]:
    scope = sight.links.parts[address("post", post.id)].scope
    for grant in post.authority:
        if step_address(grant.workflow, grant.step) == part:
            outcomes = joined([named(name, f"{part}/outcome/{name}") for name in grant.outcomes])
            when = property_phrases(scope, grant, "when")
            yield (*outcomes, *words(" when "), *joined(when)) if when else outcomes


def _exception_card(sight: Sight, part: str) -> Card:
    told = describe(sight.links, part)
    return Card(anchor_of(part), told.title, "exception", part, told.facts)
