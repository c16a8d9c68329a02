"""Who was accountable for something on a day: its posts then, and who held them.

Two times count. `on` is the time asked about; `known` is when one asks: what was recorded later,
such as an appointment that was written down too late, does not count.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from psycopg.rows import DictRow

from kingpost.decisions.program import Program
from kingpost.model.model import Model
from kingpost.model.vacancy import falls_to
from kingpost.model.workflow import Decision, Task, Wait
from kingpost.queries.people import Holder
from kingpost.store import models
from kingpost.store.pool import Database
from kingpost.store.reading import known as reading
from kingpost.store.reading import people
from kingpost.values.nearest import suggestion


@dataclass(frozen=True, slots=True)
class Delegate:
    """A person to whom the authority of a holder was lent. The scope is as in `Delegated`."""

    person: str
    name: str
    giver: str
    giver_name: str
    workflows: tuple[str, ...]
    outcomes: tuple[str, ...]
    when: str | None
    reason: str
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class AnsweredThen:
    """A post that answered, and who held it in that time.

    delegates: to whom its authority was lent. stand_in: the post that acted while it was vacant,
    with its holders; None when it was held, or nobody acted. answered_for: of a post for machine
    agents, the post that answered for them, with its holders; None for a post of people.
    """

    post: str
    title: str
    holders: tuple[Holder, ...]
    delegates: tuple[Delegate, ...]
    stand_in: "AnsweredThen | None" = None
    answered_for: "AnsweredThen | None" = None


@dataclass(frozen=True, slots=True)
class Accountable:
    """Who answered for something, by the model that ran then.

    start, end: the time asked about; the end is exclusive.
    model:    the version that ran at its beginning, or the first one, when none ran yet.
    is_later: the model took effect only after that time.
    """

    address: str
    title: str
    start: datetime
    end: datetime
    known: datetime
    model: str
    is_later: bool
    posts: tuple[AnsweredThen, ...]


class NothingThereError(Exception):
    """The model that ran then has no such part; the message says so."""


def whole_day(day: date, zone: str) -> tuple[datetime, datetime]:
    """Return when a day begins and ends in a time zone; it may have 23 or 25 hours."""
    place = ZoneInfo(zone)
    begins = (datetime.combine(each, time(0), place) for each in (day, day + timedelta(days=1)))
    start, end = (moment.astimezone(ZoneInfo("UTC")) for moment in begins)
    return start, end


def who_was_accountable(
    database: Database,
    program_of: Callable[[str], Program],
    address: str,
    when: tuple[datetime, datetime],
    known: datetime | None = None,
) -> Accountable:
    """Answer who was accountable for a part of the model in a time.

    program_of: of a model version. when: beginning and end, which is exclusive; see `whole_day`.
    address: a post (its id will do), `workflow/W`, `workflow/W/step/S`, `obligation/O` or
             `objective/O`. known: None for now.
    Raises:  NothingThereError.
    """
    start, end = when
    with database.connection() as connection:
        found = models.active_at(connection, end)
    assert found is not None, "a company has a model"
    program, since = program_of(found[0]), found[1]
    title, posts = _posts_of(program, address)
    with database.snapshot() as connection:
        asked = known or people.moment(connection)
        times = {"start": start, "end": end, "known": asked}
        every = list(program.model.posts)
        held = reading.held_then(connection, every, **times)
        lent = reading.lent_then(connection, every, **times)
    vacant = frozenset(every) - {row["post"] for row in held if not row["absent"]}
    vacant |= _unanswered(program.model, held)
    answers = tuple(_answered(program, post, vacant, held, lent) for post in posts)
    return Accountable(address, title, start, end, asked, program.version, since >= end, answers)


def _unanswered(model: Model, held: list[DictRow]) -> frozenset[str]:
    """Return the posts for agents for which nobody answered."""
    filled = {row["post"] for row in held}
    posts = (post for post in model.posts.values() if post.answered_for_by is not None)
    return frozenset(post.id for post in posts if post.answered_for_by not in filled)


def _answered(
    program: Program, post: str, vacant: frozenset[str], held: list[DictRow], lent: list[DictRow]
) -> AnsweredThen:
    acts = falls_to(program.model, post, vacant) if post in vacant else None
    by = program.model.posts[post].answered_for_by
    return AnsweredThen(
        post,
        program.model.posts[post].title,
        tuple(
            Holder(
                row["person"], row["name"], row["kind"], row["since"], row["until"], row["absent"]
            )
            for row in held
            if row["post"] == post
        ),
        tuple(_delegate(row) for row in lent if row["post"] == post),
        _answered(program, acts, vacant, held, lent) if acts is not None else None,
        _answered(program, by, vacant, held, lent) if by is not None else None,
    )


def _delegate(row: DictRow) -> Delegate:
    return Delegate(
        row["person"],
        row["name"],
        row["giver"],
        row["giver_name"],
        tuple(row["workflows"]),
        tuple(row["outcomes"]),
        row["when"],
        row["reason"],
        row["since"],
        row["until"],
    )


def _posts_of(program: Program, address: str) -> tuple[str, tuple[str, ...]]:
    """Return the title of a part of the model, and the posts that answer for it."""
    model = program.model
    match address.split("/"):
        case ["post", name] | [name] if name in model.posts:
            return model.posts[name].title, (name,)
        case ["workflow", name] if name in model.workflows:
            return model.workflows[name].title, (model.workflows[name].owner,)
        case ["workflow", name, "step", step] if name in model.workflows:
            return _of_step(program, name, step)
        case ["obligation", name] if name in model.obligations:
            return model.obligations[name].title, (model.obligations[name].owner,)
        case ["objective", name] if name in model.objectives:
            return model.objectives[name].title, (model.objectives[name].owner,)
        case _:
            raise NothingThereError(_unknown(address, addresses(model)))


def _of_step(program: Program, workflow: str, name: str) -> tuple[str, tuple[str, ...]]:
    """Return the posts to which a step goes: the one addressed, or all that carry the role.

    What nobody does, such as a rule, is answered for by who answers for the workflow.
    """
    flow = program.workflows[workflow]
    place = flow.places.get(name)
    if place is None:
        known = (f"workflow/{workflow}/step/{step}" for step in flow.places)
        raise NothingThereError(_unknown(f"workflow/{workflow}/step/{name}", known))
    step = place.step
    if not isinstance(step, Task | Decision | Wait):
        return step.title, (flow.workflow.owner,)
    addressed = None if isinstance(step, Wait) else step.to.post
    posts = (addressed,) if addressed else flow.carriers.get(step.role, ())
    return step.title, posts or (flow.workflow.owner,)


def addresses(model: Model) -> tuple[str, ...]:
    """Return what one may ask about, steps left out: they are many."""
    kinds = {
        "post": model.posts,
        "workflow": model.workflows,
        "obligation": model.obligations,
        "objective": model.objectives,
    }
    return tuple(f"{kind}/{name}" for kind, elements in kinds.items() for name in elements)


def _unknown(address: str, known: Iterable[str]) -> str:
    names = [*known]
    bare = [name.removeprefix("post/") for name in names if name.startswith("post/")]
    otherwise = "Write a post, or `workflow/…`, `workflow/…/step/…`, `obligation/…`, `objective/…`."
    help_ = suggestion(address, names if "/" in address else bare, otherwise)
    return f"the model that ran then has no `{address}`. {help_}"
