"""The register: people and appointments, changed by command and recorded with who did it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from kingpost.engine.company import Company
from kingpost.model.custody import custodian_of
from kingpost.store import cases, register
from kingpost.store.errors import (
    AlreadyHoldsError,
    NoFreeSeatError,
    NoSuchPostError,
    UnknownPersonError,
)
from kingpost.values.address import address
from kingpost.values.identity import identify
from kingpost.values.nearest import suggestion

_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Appointment:
    """A wish to appoint. start: aware; end: exclusive, None for no end. kind: as in the store."""

    person: str
    post: str
    start: datetime
    end: datetime | None = None
    kind: str = "substantive"


class NotAppointedError(Exception):
    """The appointment cannot be made; the message says why and what to do."""


def keep_people(company: Company, people: Iterable[tuple[str, str]]) -> int:
    """Add people to the register, or give them another name. people: pairs of id and name."""
    with company.database.transaction() as connection:
        return register.keep_people(connection, people)


def appoint(company: Company, wished: Iterable[Appointment], *, by: str) -> list[UUID]:
    """Make appointments, all or none; return their ids. The same wish again changes nothing.

    by:     the person, or the name of the tool, that does it.
    Raises: NotAppointedError, naming the first that cannot be made.
    """
    made: list[UUID] = []
    posts = company.active().model.posts
    wishes = list(wished)
    with company.database.transaction() as connection:
        register.lock_posts(connection, (wish.post for wish in wishes))
        for wish in wishes:
            name = f"appointment/{wish.person}/{wish.post}/{wish.start.astimezone(UTC).isoformat()}"
            appointment = identify(max(wish.start, _BEGINNING), name)
            try:
                register.appoint(
                    connection,
                    appointment,
                    person=wish.person,
                    post=wish.post,
                    kind=wish.kind,
                    start=wish.start,
                    end=wish.end,
                    by=by,
                )
            except NoSuchPostError:
                help_ = suggestion(wish.post, posts, "Add it to the model first.")
                raise NotAppointedError(f"there is no post `{wish.post}`. {help_}") from None
            except NoFreeSeatError:
                raise NotAppointedError(_no_seat(wish, posts[wish.post].seats)) from None
            except AlreadyHoldsError:
                words = f"`{wish.person}` holds `{wish.post}` already in that time"
                raise NotAppointedError(words) from None
            except UnknownPersonError:
                words = f"there is no person `{wish.person}` in the register. Add the person first."
                raise NotAppointedError(words) from None
            made.append(appointment)
    return made


def may_appoint(company: Company, person: str, post: str) -> bool:
    """Tell whether a person may appoint to a post: by a superior post, or as its custodian.

    The custodian is the post that governance names for `post/ID`.
    """
    return post in appointable(company, person)


def appointable(company: Company, person: str) -> frozenset[str]:
    """Return the posts to which a person may appoint now."""
    with company.database.connection() as connection:
        model = company.active_on(connection).model
        _, held, _ = cases.read_facts(connection, None, None, person)
    mine = {holding.post for holding in held}
    return frozenset(
        post
        for post in model.posts
        if mine & {*model.superiors(post), custodian_of(model, address("post", post))}
    )


def appoint_as(company: Company, person: str, wish: Appointment) -> None:
    """Make an appointment on behalf of a person. Raises NotAppointedError."""
    posts = company.active().model.posts
    if wish.post not in posts:
        help_ = suggestion(wish.post, posts, "Choose one of the list.")
        raise NotAppointedError(f"there is no post `{wish.post}`. {help_}")
    if wish.person == person:
        raise NotAppointedError("nobody appoints themselves. Ask a superior of the post.")
    if not may_appoint(company, person, wish.post):
        title = posts[wish.post].title
        raise NotAppointedError(f"you hold no post above `{title}`. Ask a superior of the post.")
    appoint(company, [wish], by=person)


def end_appointment(company: Company, appointment: UUID, end: datetime) -> bool:
    """Let an appointment end; False when none is running then. A past `end` means now."""
    with company.database.transaction() as connection:
        return register.end_appointment(connection, appointment, end)


def _no_seat(wish: Appointment, seats: int) -> str:
    taken = "its seat is" if seats == 1 else f"all its {seats} seats are"
    return (
        f"`{wish.post}` has no free seat from {wish.start:%-d %B %Y}: {taken} taken. "
        "End an appointment first, or give the post more seats."
    )
