"""Posts that stand empty although they have something to do, and nobody stands in for them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from psycopg import Connection
from psycopg.rows import DictRow

from kingpost.decisions.program import Program
from kingpost.model.assurance import Governance
from kingpost.model.model import Model
from kingpost.model.organisation import Vacancy
from kingpost.model.parts import relations
from kingpost.model.parts.classes import title_of
from kingpost.model.parts.links import Links, links_of
from kingpost.model.vacancy import falls_to
from kingpost.queries.alarms.alarm import Alarm, AlarmKind, Duty
from kingpost.queries.alarms.everybody import Everybody
from kingpost.queries.alarms.reaching import Group
from kingpost.store.reading.lists import alarms as reading
from kingpost.values.address import address, step_address


def empty_posts(
    connection: Connection[DictRow], program: Program, groups: Iterable[Group], there: Everybody
) -> tuple[Alarm, ...]:
    """Return the alarms about posts, those that were never held last."""
    model = program.model
    addressed: dict[str, int] = {}
    for group in groups:
        post = group.row["post"]
        addressed[post] = addressed.get(post, 0) + group.row["work"]
    left = [
        post
        for post in model.posts
        if post in there.vacant
        and falls_to(model, post, there.vacant) is None
        and not there.fills(post)
    ]
    duties = _duties_of(_Declared(program.version, model))
    busy = [post for post in left if addressed.get(post) or duties.get(post)]
    if not busy:
        return ()
    rows = reading.empty_since(connection, busy, there.now)
    found = (
        Alarm(
            AlarmKind.AWAY if row["away_at"] else AlarmKind.VACANT,
            address("post", row["post"]),
            row["post"],
            row["away_at"] or row["left_at"],
            until=row["back_at"],
            work=addressed.get(row["post"], 0),
            duties=duties.get(row["post"], ()),
            stand_in=_next(model, row["post"]),
            posts=(row["post"],),
        )
        for row in rows
    )
    return tuple(sorted(found, key=lambda item: (item.since is None, item.since, item.post)))


def _next(model: Model, post: str) -> str | None:
    """Return the post that is to stand in by the policy of a post."""
    declared = model.posts[post]
    match declared.vacancy:
        case Vacancy.SUPERIOR:
            return declared.reports_to
        case Vacancy.POST:
            return declared.falls_to
        case _:
            return None


@dataclass(frozen=True, slots=True)
class _Declared:
    """A model, told from others by its version."""

    version: str
    model: Model = field(compare=False)


def links_in(program: Program) -> Links:
    """Return the index of the links of a model."""
    return _links_of(_Declared(program.version, program.model))


@lru_cache(maxsize=4)
def _links_of(declared: _Declared) -> Links:
    return links_of(declared.model)


# Every page of who may act on alarms asks, and a model changes seldom.
@lru_cache(maxsize=4)
def _duties_of(declared: _Declared) -> Mapping[str, tuple[Duty, ...]]:
    """Return what each post has to do by the model, in its order."""
    model, links = declared.model, _links_of(declared)
    found: dict[str, tuple[Duty, ...]] = {}
    for name in model.posts:
        post = address("post", name)
        laid = (link.source for link in links.to(post) if _is_duty(link.relation, link.source))
        each = dict.fromkeys((*laid, *_decides(model, name)))
        found[name] = tuple(Duty(source, part_title(links, source)) for source in each)
    return found


def part_title(links: Links, source: str) -> str:
    """Return the title of a part of the model; its address when it has none."""
    part = links.parts.get(source)
    if part is None:
        # A model from before today's check may name what is not there; it is shown all the same.
        return source
    value = part.value
    if isinstance(value, Governance):
        return f"the model’s part {value.part}"
    return title_of(value) or source


def _is_duty(relation: relations.Relation, source: str) -> bool:
    """Tell whether a link lays something on a post, rather than on who keeps each part."""
    if relation is relations.KEPT_BY:
        return source.startswith(("governance/", "object/"))
    return relation in {relations.ANSWERED_BY, relations.ADDRESSED_TO}


def _decides(model: Model, post: str) -> Iterator[str]:
    for grant in model.posts[post].authority:
        yield step_address(grant.workflow, grant.step)
