"""Messages of systems that name no case: they are led to it by a value that both sides know."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from kingpost.api.caller import AnyCaller, HolderCaller, PersonCaller
from kingpost.api.commands import Answer, Fields, Key
from kingpost.api.documents import says_no
from kingpost.api.problems import ProblemError, refused
from kingpost.api.texts import Body, Name, PageNumber, Text
from kingpost.decisions.judging.calling.messages import (
    VALUE_LENGTH_MAX,
    NoSuchMessage,
    NotYourMessage,
)
from kingpost.engine.outside.dropping import Drop, NotKept, drop
from kingpost.engine.outside.messages import Dropped, Message, Received, receive
from kingpost.queries.trouble.messages import KeptMessages, read_messages

router = APIRouter(tags=["messages"])

Value = Annotated[str, Field(max_length=VALUE_LENGTH_MAX, pattern=r"^[^\x00]*[^\s\x00][^\x00]*$")]


class MessageBody(Body):
    """A message. value: what the field of its case holds that the wait names in `by`."""

    message: Name
    value: Value
    fields: Fields = Field(default_factory=dict)
    reason: Text = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a message. delivered: the event it led to; null while it is kept."""

    delivered: Answer | None


@router.post("/messages", responses=says_no(401, 403, 404, 409, 410, 413, 422, 503))
def send_message(body: MessageBody, caller: AnyCaller, key: Key, response: Response) -> Taken:
    """Deliver a message to the case that waits for it, or keep it until one does (202)."""
    if caller.interface is None:
        detail = "this is for systems: people deliver a message at the wait of its case"
        raise ProblemError(HTTPStatus.FORBIDDEN, "systems-only", detail)
    message = Message(key, caller.interface, body.message, body.value, body.fields, body.reason)
    found = receive(caller.company, message)
    if isinstance(found, NoSuchMessage):
        raise ProblemError(HTTPStatus.NOT_FOUND, "no-such-message", str(found))
    if isinstance(found, Dropped):
        raise ProblemError(HTTPStatus.GONE, "message-dropped", str(found))
    if not isinstance(found, Received):
        raise refused(found)
    if found.delivered is None:
        response.status_code = HTTPStatus.ACCEPTED
        return Taken(None)
    done = found.delivered
    return Taken(Answer(case=done.case, number=done.number, seq=done.seq, repeated=done.repeated))


class DropBody(Body):
    """Why the message is delivered no more."""

    reason: Text


@router.post(
    "/messages/{message}/drop",
    status_code=HTTPStatus.NO_CONTENT,
    responses=says_no(401, 403, 404, 413, 422, 503),
)
def drop_message(message: UUID, body: DropBody, caller: PersonCaller) -> None:
    """Drop a kept message, with a reason; the owner of a workflow that waits for it may."""
    found = drop(caller.company, Drop(message, caller.person, body.reason, caller.acting_as))
    if isinstance(found, NotKept):
        raise ProblemError(HTTPStatus.NOT_FOUND, "not-kept", str(found))
    if isinstance(found, NotYourMessage):
        raise ProblemError(HTTPStatus.FORBIDDEN, "not-your-message", str(found))
    if found is not None:
        raise refused(found)


@router.get("/messages", responses=says_no(401, 403, 422, 503))
def kept_messages(caller: HolderCaller, page: PageNumber = 1) -> KeptMessages:
    """Read the messages that no wait has taken yet, the oldest first."""
    return read_messages(caller.company.database, caller.program, page=page)
