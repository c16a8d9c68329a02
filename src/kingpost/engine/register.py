"""The register: people and appointments, changed by command and recorded with who did it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from kingpost.decisions.commands import AGENT
from kingpost.engine.company import Company
from kingpost.model.custody import custodian_of
from kingpost.store import cases, register
from kingpost.store.errors import (
    AlreadyHoldsError,
    AwayAlreadyError,
    KindChangedError,
    NoFreeSeatError,
    NoSuchPostError,
    UnknownPersonError,
    WrongHolderError,
)
from kingpost.store.register import Ending
from kingpost.values.address import address
from kingpost.values.identity import identify
from kingpost.values.nearest import suggestion

REASON_LENGTH_MAX = 1000
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


class KindOfPersonError(Exception):
    """A person would become a machine agent, or an agent a person; the message says which."""


def keep_people(
    company: Company, people: Iterable[tuple[str, str]], agents: Iterable[tuple[str, str]] = ()
) -> int:
    """Add people to the register, or give them another name; all or none.

    people, agents: pairs of id and name; agents are machines.
    Raises: KindOfPersonError.
    """
    try:
        with company.database.transaction() as connection:
            kept = register.keep_people(connection, people)
            return kept + register.keep_people(connection, agents, are_agents=True)
    except KindChangedError as error:
        words = f"`{error}` is in the register as the other of person and agent, and stays so"
        raise KindOfPersonError(f"{words}. Choose another id.") from None


def appoint(
    company: Company, wished: Iterable[Appointment], *, by: str, ended_stays: bool = True
) -> list[UUID]:
    """Make appointments, all or none; return their ids. The same wish again changes nothing.

    by:          the person, or the name of the tool, that does it.
    ended_stays: the same wish is also passed over when the appointment was ended meanwhile, as
                 when a file is loaded again; False refuses it, since nobody would be appointed.
    Raises:      NotAppointedError, naming the first that cannot be made.
    """
    made: list[UUID] = []
    posts = company.active().model.posts
    wishes = list(wished)
    with company.database.transaction() as connection:
        register.lock_posts(connection, (wish.post for wish in wishes))
        for wish in wishes:
            appointment = _identify(wish)
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
            except WrongHolderError as error:
                raise NotAppointedError(_wrong_holder(wish, error.whom)) from None
            ended_by = None if ended_stays else register.ended_by(connection, appointment)
            if ended_by is not None:
                words = f"the same appointment was made before, and `{ended_by}` has ended it"
                raise NotAppointedError(f"{words}. Choose another time for it to begin.")
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
    # To appoint is not lent, and no machine's: these act at the work of a post, and no more.
    own = (
        holding
        for holding in held
        if holding.delegation is None and holding.kind != AGENT and not holding.held
    )
    mine = {holding.post for holding in own}
    return frozenset(
        post
        for post in model.posts
        if mine & {*model.superiors(post), custodian_of(model, address("post", post))}
    )


def appoint_as(company: Company, person: str, wish: Appointment) -> UUID:
    """Make an appointment on behalf of a person; return its id. Raises NotAppointedError."""
    posts = company.active().model.posts
    if wish.post not in posts:
        help_ = suggestion(wish.post, posts, "Choose one of the list.")
        raise NotAppointedError(f"there is no post `{wish.post}`. {help_}")
    if wish.person == person:
        raise NotAppointedError("nobody appoints themselves. Ask a superior of the post.")
    if not may_appoint(company, person, wish.post):
        title = posts[wish.post].title
        raise NotAppointedError(f"you hold no post above `{title}`. Ask a superior of the post.")
    (appointment,) = appoint(company, [wish], by=person, ended_stays=False)
    return appointment


def end_appointment(
    company: Company, appointment: UUID, end: datetime, *, by: str
) -> Ending | None:
    """Let an appointment end, or withdraw one that has not begun by then.

    end:     a past one means now.
    by:      the person, or the name of the tool, that does it.
    Returns: None when there is none that runs then or is to come.
    """
    with company.database.transaction() as connection:
        return register.end_appointment(connection, appointment, end, by=by)


@dataclass(frozen=True, slots=True)
class Absence:
    """A wish to be away. start: aware; end: exclusive, None for until further notice."""

    person: str
    start: datetime
    end: datetime | None = None
    reason: str = ""


class NotAwayError(Exception):
    """The absence cannot be noted; the message says why and what to do."""


def note_absence(company: Company, wish: Absence, *, by: str) -> UUID:
    """Note that a person is away; return the id of the absence.

    While all who hold a post are away, its work falls as if it were vacant. Nobody loses a right.

    by:     the person, or the name of the tool, that does it.
    Raises: NotAwayError.
    """
    if wish.end is not None and wish.end <= wish.start:
        raise NotAwayError("it would end before it begins. Choose a later end.")
    if len(wish.reason) > REASON_LENGTH_MAX or "\x00" in wish.reason:
        words = f"the reason is not text of at most {REASON_LENGTH_MAX:,} characters. Shorten it."
        raise NotAwayError(words)
    with company.database.transaction() as connection:
        ends = wish.end.astimezone(UTC).isoformat() if wish.end else ""
        name = f"absence/{wish.person}/{wish.start.astimezone(UTC).isoformat()}/{ends}/{by}"
        absence = identify(max(wish.start, _BEGINNING), name)
        try:
            register.note_absence(
                connection,
                absence,
                person=wish.person,
                start=wish.start,
                end=wish.end,
                reason=wish.reason.strip(),
                by=by,
            )
        except AwayAlreadyError:
            words = f"`{wish.person}` is away already in that time. End that absence first."
            raise NotAwayError(words) from None
        except UnknownPersonError:
            words = f"there is no person `{wish.person}` in the register. Add the person first."
            raise NotAwayError(words) from None
    return absence


def note_absence_as(company: Company, person: str, wish: Absence) -> UUID:
    """Note an absence on behalf of a person: one's own, or that of somebody whom one appoints.

    Raises: NotAwayError.
    """
    if not may_note_absence(company, person, wish.person):
        words = f"you hold no post above one of `{wish.person}`. Ask a superior."
        raise NotAwayError(words)
    return note_absence(company, wish, by=person)


def may_note_absence(company: Company, person: str, absent: str) -> bool:
    """Tell whether a person may note, or end, the absence of somebody."""
    if person == absent:
        return True
    with company.database.connection() as connection:
        _, held, _ = cases.read_facts(connection, None, None, absent)
    own = {holding.post for holding in held if holding.delegation is None and not holding.held}
    return bool(own & appointable(company, person))


def end_absence(company: Company, absence: UUID, end: datetime, *, by: str) -> Ending | None:
    """Let an absence end, or withdraw one that has not begun by then; None when there is none.

    end: a past one means now. by: the person, or the name of the tool, that does it.
    """
    with company.database.transaction() as connection:
        return register.end_absence(connection, absence, end, by=by)


def _identify(wish: Appointment) -> UUID:
    """Return the id of a wish: the same for the same wish alone."""
    times = (moment.astimezone(UTC).isoformat() for moment in (wish.start, wish.end) if moment)
    name = "/".join(["appointment", wish.person, wish.post, wish.kind, *times])
    return identify(max(wish.start, _BEGINNING), name)


def _wrong_holder(wish: Appointment, whom: str) -> str:
    person, post = f"`{wish.person}`", f"`{wish.post}`"
    match whom:
        case "agent":
            words = f"{person} is a machine agent, and {post} names no post that answers for one"
            return f"{words}. Write `answered-for-by` at the post, or appoint a person."
        case "person":
            words = f"{post} is for a machine agent, and {person} is a person"
            return f"{words}. Appoint an agent, or appoint the person to another post."
        case _:
            words = f"{person} is a machine agent, and an agent does not act for the time being"
            return f"{words}. Appoint it without `acting`."


def _no_seat(wish: Appointment, seats: int) -> str:
    taken = "its seat is" if seats == 1 else f"all its {seats} seats are"
    return (
        f"`{wish.post}` has no free seat from {wish.start:%-d %B %Y}: {taken} taken. "
        "End an appointment first, or give the post more seats."
    )
