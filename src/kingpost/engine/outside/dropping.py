"""Dropping a kept message: by somebody who answers for what waits for it, with a reason."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.rows import DictRow

from kingpost.decisions.authority import Standing
from kingpost.decisions.commands import Actor, Facts
from kingpost.decisions.judging.calling.messages import NotYourMessage, may_drop
from kingpost.decisions.judging.guards import reason_for
from kingpost.decisions.refusals import Refusal, RefusedError
from kingpost.engine.company import Company
from kingpost.engine.perform import ContentionError
from kingpost.store import cases, register
from kingpost.store.due import messages
from kingpost.store.due.messages import Dropping
from kingpost.store.errors import RightEndedError

_ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class Drop:
    """What somebody wants: that a kept message is delivered no more."""

    message: UUID
    person: str
    reason: str
    acting_as: str | None = None


@dataclass(frozen=True, slots=True)
class NotKept:
    """There is no such message, or it is no longer kept."""

    def __str__(self) -> str:
        return "this message is no longer kept: it was delivered or dropped, or never came"


def drop(company: Company, wish: Drop) -> NotYourMessage | NotKept | Refusal | None:
    """Drop a kept message, or say why not.

    Raises: ContentionError, when rights ended again and again while we decided.
    """
    for _ in range(_ATTEMPTS):
        try:
            with company.database.transaction() as connection:
                return _drop(company, connection, wish)
        except RightEndedError:
            continue
        except RefusedError as refused:
            return refused.refusal
    raise ContentionError("others keep changing who may do this: try again in a moment")


def _drop(
    company: Company, connection: Connection[DictRow], wish: Drop
) -> NotYourMessage | NotKept | None:
    name = messages.name_of(connection, wish.message)
    if name is None:
        return NotKept()
    _, held, now = cases.read_facts(connection, None, None, wish.person)
    vacant = register.vacant_posts(connection)
    facts = Facts(now, now, Actor(wish.person, None, held, wish.acting_as), vacant)
    standing = may_drop(company.active_on(connection), facts, name)
    if isinstance(standing, NotYourMessage):
        return standing
    why = reason_for("drop", wish.reason, needed=True)
    dropping = Dropping(wish.message, wish.person, standing.authority, why, _rights(standing))
    return None if messages.drop(connection, dropping) else NotKept()


def _rights(standing: Standing) -> dict[str, Any]:
    """Return what the authority rests on, as the function `hold_rights` of the database wants."""
    lent = standing.holding.delegation
    news: dict[str, Any] = {"rights": list(standing.holding.rests_on)}
    if lent is not None:
        news["delegation"] = str(lent.id)
    if standing.via == "vacancy":
        news["vacant"] = standing.for_post
    return news
