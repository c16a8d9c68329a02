"""What the pages of posts, roles and units show."""

from kingpost.handbook.addressing import Sight
from kingpost.handbook.pieces import Cell, Row, Section, Table
from kingpost.model.describing.phrases import named, words
from kingpost.model.model import Model
from kingpost.model.parts.links import kind_of
from kingpost.model.parts.relations import (
    BELONGS_TO,
    CARRIES,
    DONE_BY,
    REPORTS_TO,
    SITS_IN,
    Relation,
)
from kingpost.values.address import address


def post_sections(model: Model, sight: Sight, part: str) -> list[Section]:
    """Return what a post does by its roles, and who reports to it."""
    post = model.posts[part.partition("/")[2]]
    steps = [
        (role, step)
        for role in post.roles
        for step in _naming(sight, address("role", role), DONE_BY)
    ]
    sections: list[Section] = []
    if steps:
        sections.append(_steps_table(sight, steps, "Work in its roles"))
    reports = _naming(sight, part, REPORTS_TO)
    if reports:
        sections.append(_posts_table(model, reports, "Reports to it"))
    return sections


def role_sections(model: Model, sight: Sight, part: str) -> list[Section]:
    """Return the steps that a role does and the posts that carry it."""
    role = part.partition("/")[2]
    steps = [(role, step) for step in _naming(sight, part, DONE_BY)]
    posts = _naming(sight, part, CARRIES)
    sections: list[Section] = []
    if steps:
        sections.append(_steps_table(sight, steps, "What it does"))
    if posts:
        sections.append(_posts_table(model, posts, "Posts that carry it"))
    return sections


def unit_sections(model: Model, sight: Sight, part: str) -> list[Section]:
    """Return the posts of a unit, and the units that belong to it."""
    posts, units = _naming(sight, part, SITS_IN), _naming(sight, part, BELONGS_TO)
    sections: list[Section] = []
    if posts:
        sections.append(_posts_table(model, posts, "Posts"))
    if units:
        rows = tuple(Row((Cell((named(unit, unit),)),)) for unit in units)
        sections.append(Table("units", "Units in it", ("Unit",), rows))
    return sections


def _naming(sight: Sight, part: str, relation: Relation) -> list[str]:
    return [link.source for link in sight.links.to(part) if link.relation is relation]


def _steps_table(sight: Sight, steps: list[tuple[str, str]], title: str) -> Table:
    rows = tuple(
        Row(
            (
                Cell((named(step, step),)),
                Cell((words(_kind(sight, step)),)),
                Cell((named(step, "/".join(step.split("/")[:2])),)),
                Cell((named(role, address("role", role)),)),
            )
        )
        for role, step in steps
    )
    return Table("work", title, ("Step", "Kind", "Workflow", "Role"), rows)


def _kind(sight: Sight, step: str) -> str:
    known = sight.links.parts.get(step)
    assert known is not None, "a part names others only when it is there"
    return (
        type(known.value).__name__.removesuffix("Step").lower() if kind_of(step) == "step" else ""
    )


def _posts_table(model: Model, posts: list[str], title: str) -> Table:
    rows: list[Row] = []
    for part in posts:
        post = model.posts[part.partition("/")[2]]
        roles = tuple(named(role, address("role", role)) for role in post.roles)
        rows.append(
            Row(
                (
                    Cell((named(part, part),)),
                    Cell((named(post.unit, address("unit", post.unit)),)),
                    Cell(roles),
                    Cell((words(f"{post.seats:,}"),), is_number=True),
                )
            )
        )
    return Table("posts", title, ("Post", "Unit", "Roles", "Seats"), tuple(rows))
