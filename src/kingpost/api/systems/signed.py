"""What systems sign and send to one address: it begins a case, or tells something of one."""

import json
import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Any, TypeAlias, cast
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import Field, ValidationError

from kingpost.api.caller import Caller, ThisCompany
from kingpost.api.commands import (
    DeliverBody,
    RaiseBody,
    ResolveBody,
    StartBody,
    deliver_message,
    raise_exception,
    resolve_exception,
    start_case,
)
from kingpost.api.documents import says_no
from kingpost.api.problems import ProblemError
from kingpost.api.systems.messages import MessageBody, Taken, send_message
from kingpost.engine.outside.signed import key_of, refusal
from kingpost.engine.perform import KeyReusedError
from kingpost.proof.signature import Signed

router = APIRouter(tags=["messages"])

_log = logging.getLogger(__name__)

_CHALLENGE = "Webhook-Signature"
_Task = Annotated[UUID, Field(strict=False)]


class SignedDeliver(DeliverBody):
    """A message for the wait with this id."""

    task: _Task


class SignedRaise(RaiseBody):
    """An exception to raise at the work with this id."""

    task: _Task


class SignedResolve(ResolveBody):
    """The ending of the suspension of the work with this id."""

    task: _Task


_Told: TypeAlias = StartBody | MessageBody | SignedDeliver | SignedRaise | SignedResolve
# By the member that each has alone, the first that is there.
_BODIES: Mapping[str, type[_Told]] = {
    "workflow": StartBody,
    "exception": SignedRaise,
    "ending": SignedResolve,
    "task": SignedDeliver,
    "message": MessageBody,
}
_SCHEMA = {"oneOf": [each.model_json_schema() for each in _BODIES.values()]}
_HEADERS = [
    {"name": name, "in": "header", "required": True, "schema": {"type": "string"}}
    for name in ("webhook-id", "webhook-timestamp", "webhook-signature")
]


async def _signed(request: Request) -> Signed:
    """Return what was sent, to the byte: nothing reads it before its signature is looked at."""
    of = request.headers
    return Signed(
        of.get("webhook-id", ""),
        of.get("webhook-timestamp", ""),
        of.get("webhook-signature", ""),
        await request.body(),
    )


@router.post(
    "/inbound/{interface}",
    responses=says_no(401, 403, 404, 409, 410, 413, 415, 422, 503),
    openapi_extra={
        "parameters": _HEADERS,
        "requestBody": {"required": True, "content": {"application/json": {"schema": _SCHEMA}}},
    },
)
def take_signed(
    interface: str,
    company: ThisCompany,
    request: Request,
    sent: Annotated[Signed, Depends(_signed)],
    response: Response,
) -> Taken:
    """Take what an interface has signed, once for each `webhook-id`.

    It begins a case, delivers a message, raises an exception or ends a suspension. A message that
    names no task is led to its case by its value, and kept until that waits (202).
    """
    found = refusal(company, request.app.state.environment, interface, sent)
    if found is not None:
        _log.warning("%.60r of interface %.60r refused: %s", sent.id, interface, found.why)
        kind = "stale" if found.is_stale else "not-signed"
        raise ProblemError(HTTPStatus.UNAUTHORIZED, kind, str(found), _CHALLENGE)
    caller = Caller(company, person=None, interface=interface, acting_as=None, token="")
    try:
        return _take(_told(request, sent.body), caller, key_of(interface, sent), response)
    except KeyReusedError:
        detail = f"`{sent.id}` came before and said something else: give each its own `webhook-id`"
        raise ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, "id-reused", detail) from None


def _take(told: _Told, caller: Caller, key: UUID, response: Response) -> Taken:
    match told:
        case MessageBody():
            return send_message(told, caller, key, response)
        case StartBody():
            return Taken(start_case(told, caller, key))
        case SignedDeliver():
            return Taken(deliver_message(told.task, told, caller, key))
        case SignedRaise():
            return Taken(raise_exception(told.task, told, caller, key))
        case SignedResolve():
            return Taken(resolve_exception(told.task, told, caller, key))


def _told(request: Request, body: bytes) -> _Told:
    """Read what was signed."""
    kind, _, _ = request.headers.get("content-type", "").partition(";")
    if kind.strip().lower() != "application/json":
        detail = "send `content-type: application/json`"
        raise ProblemError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "not-json", detail)
    try:
        found: object = json.loads(body)
    except (ValueError, RecursionError):
        detail = "the body cannot be read as JSON"
        raise ProblemError(HTTPStatus.BAD_REQUEST, "unreadable", detail) from None
    members = cast("dict[str, Any]", found) if isinstance(found, dict) else {}
    form = next((form for name, form in _BODIES.items() if name in members), None)
    if form is None:
        names = ", ".join(f"`{name}`" for name in _BODIES if name != "task")
        detail = f"the body tells nothing: expected an object with one of {names}"
        raise ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, "request", detail)
    try:
        return form.model_validate(members)
    except ValidationError as error:
        faults = [{**each, "loc": ("body", *each["loc"])} for each in error.errors()]
        raise RequestValidationError(faults) from None
