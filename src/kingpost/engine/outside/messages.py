"""Messages that a value leads to their case: kept at once, and delivered when they are waited for.

A message is written down before anybody looks for its wait, so that a case that comes there at the
same moment misses none. Whoever delivers it, at once or later, does it by the one key of its
delivery, and the transaction of the event takes it from those that are kept: it has one effect.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from kingpost.decisions.case import Plain
from kingpost.decisions.commands import Deliver
from kingpost.decisions.given import clean_text
from kingpost.decisions.judging.calling.messages import NoSuchMessage, may_send
from kingpost.decisions.refusals import NotOpen, Refusal, listed
from kingpost.engine.company import Company
from kingpost.engine.perform import Asked, Done, KeyReusedError, NoSuchCase, perform
from kingpost.proof.canonical import digest
from kingpost.store.due import messages
from kingpost.store.due.messages import Found, Kept, Sent
from kingpost.store.errors import LateMessageError
from kingpost.values.identity import derive

_LIKE_IT_MAX = 20


@dataclass(frozen=True, slots=True)
class Message:
    """A message as a system sends it.

    key:   the idempotency key. value: what the field holds that its wait names in `by`.
    """

    key: UUID
    interface: str
    name: str
    value: str
    fields: Mapping[str, Plain]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Received:
    """The message is here. delivered: what it led to; None while it is kept."""

    delivered: Done | None


@dataclass(frozen=True, slots=True)
class Dropped:
    """The message came before, and was dropped."""

    why: str

    def __str__(self) -> str:
        return f"this message was dropped: {self.why}"


def receive(company: Company, message: Message) -> Received | Dropped | Refusal | NoSuchMessage:
    """Take a message, and deliver it if it is waited for; otherwise it is kept until it is.

    Raises: KeyReusedError, when the key belongs to something else.
    """
    sent, fingerprint = _sent(message), _fingerprint(message)
    with company.database.connection() as connection:
        found = messages.find(connection, message.key)
        if found is None:
            program = company.active_on(connection)
            refusal = may_send(program, message.interface, message.name, message.fields)
            if refusal is not None:
                return refusal
            messages.keep(connection, sent, fingerprint)
            found = messages.find(connection, message.key)
        if found is None or found.fingerprint != fingerprint:
            raise KeyReusedError("this idempotency key was used for another command")
        if found.led_to is not None or found.dropped is not None:
            return _answer(found, repeated=True)
        # Those that came before it go first.
        ready = messages.waited_for(connection, _LIKE_IT_MAX, like=message.key)
    for kept in ready:
        deliver(company, kept)
    with company.database.connection() as connection:
        found = messages.find(connection, message.key)
    assert found is not None, "messages stay"
    return _answer(found)


def waited_for(company: Company, limit: int, *, without: Collection[UUID] = ()) -> list[Kept]:
    """Return up to `limit` kept messages that an open wait takes, except `without`."""
    with company.database.connection() as connection:
        return messages.waited_for(connection, limit, without=without)


def deliver(company: Company, kept: Kept) -> str:
    """Deliver a message to the wait that was found for it; return why it is kept on, or nothing.

    Where several cases wait for it nobody guesses: it is kept until one does.
    """
    if len(kept.cases) > 1:
        why = f"{listed(tuple(kept.cases))} wait for the same value: only one may"
    else:
        why = _deliver(company, kept)
    if why:
        with company.database.connection() as connection:
            messages.note_refusal(connection, kept.id, why)
    return why


def expire_kept(company: Company) -> int:
    """Drop the messages that nobody waited for in all the time that they are kept."""
    with company.database.connection() as connection:
        return messages.expire(connection)


def _deliver(company: Company, kept: Kept) -> str:
    command = Deliver(str(kept.task), kept.name, kept.fields, kept.reason)
    try:
        outcome = perform(company, Asked(kept.delivery, command, interface=kept.sender))
    except (KeyReusedError, LateMessageError):
        # Delivered to another wait meanwhile, dropped, or no longer what this one waits for.
        return ""
    return "" if isinstance(outcome, Done | NoSuchCase | NotOpen) else str(outcome)


def _answer(found: Found, *, repeated: bool = False) -> Received | Dropped:
    if found.dropped is not None:
        return Dropped(found.dropped)
    return Received(None if found.led_to is None else Done(*found.led_to, repeated=repeated))


def _sent(message: Message) -> Sent:
    return Sent(
        message.key,
        derive(f"deliver/{message.key}"),
        message.name,
        message.interface,
        clean_text(message.value),
        message.fields,
        message.reason,
    )


def _fingerprint(message: Message) -> str:
    said = (message.interface, message.name, message.value, dict(message.fields), message.reason)
    return digest(json.dumps(said, sort_keys=True).encode())
