"""The commands of the API: each does one thing to one case, once for each key."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header
from pydantic import BaseModel, ConfigDict, Field

from kingpost.api.caller import AnyCaller, Caller
from kingpost.api.problems import refused
from kingpost.decisions.commands import (
    Assign,
    Command,
    Complete,
    Decide,
    Deliver,
    Raise,
    Record,
    Resolve,
    Start,
)
from kingpost.engine.perform import Asked, Done, perform

router = APIRouter(tags=["commands"])

Value = bool | int | str | None
Fields = dict[str, Value]
Key = Annotated[UUID, Header(alias="Idempotency-Key", description="The same key has one effect.")]


class _Body(BaseModel):
    # Strict, so that the text "1" is not taken for the number 1 nor 1 for yes.
    model_config = ConfigDict(extra="forbid", strict=True)


class StartBody(_Body):
    """A case to begin."""

    workflow: str
    fields: Fields = Field(default_factory=dict)


class FieldsBody(_Body):
    """Fields to record, by name."""

    fields: Fields = Field(default_factory=dict)


class DecideBody(FieldsBody):
    """An outcome to take. shown: the digest from the task's page, to be sure nothing changed."""

    outcome: str
    reason: str = ""
    shown: str | None = None


class RaiseBody(FieldsBody):
    """An exception to raise."""

    exception: str
    reason: str = ""


class ResolveBody(FieldsBody):
    """The ending of a suspension."""

    ending: str
    reason: str = ""


class DeliverBody(FieldsBody):
    """A message for a wait."""

    message: str
    reason: str = ""


class AssignBody(_Body):
    """Take the work on, or lay it back."""

    mine: bool


class Answer(BaseModel):
    """What the command led to: an event of a case. repeated: by an earlier request."""

    case: UUID
    number: str
    seq: int
    repeated: bool


@router.post("/cases", status_code=HTTPStatus.CREATED)
def start_case(body: StartBody, caller: AnyCaller, key: Key) -> Answer:
    """Begin a case of a workflow with the fields of its form."""
    return _perform(caller, key, Start(body.fields), workflow=body.workflow)


@router.post("/tasks/{task}/complete")
def complete_task(task: UUID, body: FieldsBody, caller: AnyCaller, key: Key) -> Answer:
    """Complete a task."""
    return _perform(caller, key, Complete(str(task), body.fields))


@router.post("/tasks/{task}/decide")
def decide_task(task: UUID, body: DecideBody, caller: AnyCaller, key: Key) -> Answer:
    """Take an outcome of a decision."""
    command = Decide(str(task), body.outcome, body.fields, body.reason, body.shown)
    return _perform(caller, key, command)


@router.post("/tasks/{task}/record")
def record_fields(task: UUID, body: FieldsBody, caller: AnyCaller, key: Key) -> Answer:
    """Save fields; the work stays open."""
    return _perform(caller, key, Record(str(task), body.fields))


@router.post("/tasks/{task}/assign")
def assign_task(task: UUID, body: AssignBody, caller: AnyCaller, key: Key) -> Answer:
    """Take the work on, or lay it back."""
    return _perform(caller, key, Assign(str(task), caller.person if body.mine else None))


@router.post("/tasks/{task}/raise")
def raise_exception(task: UUID, body: RaiseBody, caller: AnyCaller, key: Key) -> Answer:
    """Raise an exception."""
    return _perform(caller, key, Raise(str(task), body.exception, body.fields, body.reason))


@router.post("/tasks/{task}/resolve")
def resolve_exception(task: UUID, body: ResolveBody, caller: AnyCaller, key: Key) -> Answer:
    """End a suspension."""
    return _perform(caller, key, Resolve(str(task), body.ending, body.fields, body.reason))


@router.post("/tasks/{task}/deliver")
def deliver_message(task: UUID, body: DeliverBody, caller: AnyCaller, key: Key) -> Answer:
    """Deliver a message to a wait."""
    return _perform(caller, key, Deliver(str(task), body.message, body.fields, body.reason))


def _perform(caller: Caller, key: UUID, command: Command, *, workflow: str | None = None) -> Answer:
    asked = Asked(
        key,
        command,
        person=caller.person,
        interface=caller.interface,
        acting_as=caller.acting_as,
        workflow=workflow,
    )
    outcome = perform(caller.company, asked)
    if not isinstance(outcome, Done):
        raise refused(outcome)
    return Answer(
        case=outcome.case, number=outcome.number, seq=outcome.seq, repeated=outcome.repeated
    )
