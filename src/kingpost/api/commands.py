"""The commands of the API: each does one thing to one case, once for each key."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header
from pydantic import AfterValidator, BaseModel, Field
from pydantic_core import PydanticCustomError

from kingpost.api.caller import AnyCaller, Caller, Person, PersonCaller
from kingpost.api.documents import says_no
from kingpost.api.problems import refused
from kingpost.api.texts import Body, Name, Text
from kingpost.decisions.commands import (
    Assign,
    Command,
    Complete,
    Confirm,
    ConfirmOverride,
    Decide,
    Decline,
    Deliver,
    Override,
    Propose,
    Raise,
    Record,
    Resolve,
    Review,
    Start,
)
from kingpost.engine.perform import Asked, Done, NoSuchCase, perform
from kingpost.engine.repairs.previewing import Effect, find, preview_override, preview_repair
from kingpost.model.records.values import ENTRIES_MAX
from kingpost.model.steps.deciding import ReviewFinding
from kingpost.values.identity import is_derived

router = APIRouter(tags=["commands"])

# A JSON number is whole and exact up to here wherever it is read. Source: RFC 8259, section 6.
_WHOLE_MAX = 2**53 - 1
_NO = says_no(401, 403, 404, 409, 413, 422, 503)

Whole = Annotated[int, Field(ge=-_WHOLE_MAX, le=_WHOLE_MAX)]
Entry = bool | Whole | Text
Value = Entry | Annotated[list[Entry], Field(max_length=ENTRIES_MAX)] | None
Fields = Annotated[dict[Name, Value], Field(max_length=1000)]


def _free(key: UUID) -> UUID:
    if is_derived(key):
        words = "UUIDs of version 8 are the keys of Kingpost itself: take a random one"
        raise PydanticCustomError("key", words)
    return key


Key = Annotated[
    UUID,
    AfterValidator(_free),
    Header(
        alias="Idempotency-Key",
        description="The same key has one effect. Any UUID, but none of version 8.",
    ),
]


class StartBody(Body):
    """A case to begin."""

    workflow: Name
    fields: Fields = Field(default_factory=dict)


class FieldsBody(Body):
    """Fields to record, by name."""

    fields: Fields = Field(default_factory=dict)


class DecideBody(FieldsBody):
    """An outcome to take. shown: the digest from the task's page, to be sure nothing changed."""

    outcome: Name
    reason: Text = ""
    shown: Name | None = None


class RaiseBody(FieldsBody):
    """An exception to raise."""

    exception: Name
    reason: Text = ""


class ResolveBody(FieldsBody):
    """The ending of a suspension."""

    ending: Name
    reason: Text = ""


class DeliverBody(FieldsBody):
    """A message for a wait."""

    message: Name
    reason: Text = ""


class RepairBody(FieldsBody):
    """A repair: fields to correct, a step to move to, or an outcome to force; and why.

    task: the open step that is moved or decided.
    """

    task: Name = ""
    to: Name = ""
    outcome: Name = ""
    reason: Text = ""


class ConfirmBody(Body):
    """Why what was proposed is right, in the words of the second person."""

    reason: Text = ""


class DeclineBody(Body):
    """Why what was proposed is declined; it may not be empty."""

    reason: Text = ""


class ReviewBody(Body):
    """What comes of a review: what was decided is kept, or is to be corrected; and why."""

    # JSON has no such values but texts; without this a strict body takes none of them.
    finding: Annotated[ReviewFinding, Field(strict=False)]
    reason: Text = ""


class AssignBody(Body):
    """Take the work on, or lay it back."""

    mine: bool


class Answer(BaseModel):
    """What the command led to: an event of a case. repeated: by an earlier request."""

    case: UUID
    number: str
    seq: int
    repeated: bool


@router.post("/cases", status_code=HTTPStatus.CREATED, responses=_NO)
def start_case(body: StartBody, caller: AnyCaller, key: Key) -> Answer:
    """Begin a case of a workflow with the fields of its form."""
    return _perform(caller, key, Start(body.fields), workflow=body.workflow)


@router.post("/tasks/{task}/complete", responses=_NO)
def complete_task(task: UUID, body: FieldsBody, caller: PersonCaller, key: Key) -> Answer:
    """Complete a task."""
    return _perform(caller, key, Complete(str(task), body.fields))


@router.post("/tasks/{task}/decide", responses=_NO)
def decide_task(task: UUID, body: DecideBody, caller: PersonCaller, key: Key) -> Answer:
    """Take an outcome of a decision."""
    command = Decide(str(task), body.outcome, body.fields, body.reason, body.shown)
    return _perform(caller, key, command)


@router.post("/tasks/{task}/record", responses=_NO)
def record_fields(task: UUID, body: FieldsBody, caller: PersonCaller, key: Key) -> Answer:
    """Save fields; the work stays open."""
    return _perform(caller, key, Record(str(task), body.fields))


@router.post("/tasks/{task}/assign", responses=_NO)
def assign_task(task: UUID, body: AssignBody, caller: PersonCaller, key: Key) -> Answer:
    """Take the work on, or lay it back."""
    return _perform(caller, key, Assign(str(task), caller.person if body.mine else None))


@router.post("/tasks/{task}/raise", responses=_NO)
def raise_exception(task: UUID, body: RaiseBody, caller: AnyCaller, key: Key) -> Answer:
    """Raise an exception."""
    return _perform(caller, key, Raise(str(task), body.exception, body.fields, body.reason))


@router.post("/tasks/{task}/resolve", responses=_NO)
def resolve_exception(task: UUID, body: ResolveBody, caller: AnyCaller, key: Key) -> Answer:
    """End a suspension."""
    return _perform(caller, key, Resolve(str(task), body.ending, body.fields, body.reason))


@router.post("/tasks/{task}/deliver", responses=_NO)
def deliver_message(task: UUID, body: DeliverBody, caller: AnyCaller, key: Key) -> Answer:
    """Deliver a message to a wait."""
    return _perform(caller, key, Deliver(str(task), body.message, body.fields, body.reason))


@router.post("/tasks/{task}/override/preview", responses=_NO)
def preview_of_override(task: UUID, body: DecideBody, caller: PersonCaller) -> Effect:
    """Tell what an override would bring about now. Nothing is recorded."""
    command = _override(task, body)
    found = preview_override(caller.company, command, caller.person, caller.acting_as)
    if not isinstance(found, Effect):
        raise refused(found)
    return found


@router.post("/tasks/{task}/override", responses=_NO)
def ask_to_override(task: UUID, body: DecideBody, caller: PersonCaller, key: Key) -> Answer:
    """Ask for an outcome beyond your authority. Another person confirms it, or it lapses."""
    return _perform(caller, key, _override(task, body))


@router.post("/cases/{number}/overrides/{event}/confirm", responses=_NO)
def confirm_override(
    number: Name, event: Whole, body: ConfirmBody, caller: PersonCaller, key: Key
) -> Answer:
    """Let the outcome take effect that an event of a case asks for, as the second person."""
    command = ConfirmOverride(event, body.reason)
    return _perform(caller, key, command, case=_case(caller, number))


@router.post("/cases/{number}/overrides/{event}/decline", responses=_NO)
def decline_override(
    number: Name, event: Whole, body: DeclineBody, caller: PersonCaller, key: Key
) -> Answer:
    """Say no, as the second person, to the override that an event of a case asks for."""
    return _perform(caller, key, Decline(event, body.reason), case=_case(caller, number))


@router.post("/tasks/{task}/review", responses=_NO)
def review_override(task: UUID, body: ReviewBody, caller: PersonCaller, key: Key) -> Answer:
    """Say what comes of the review of an override, also when its case has ended."""
    return _perform(caller, key, Review(str(task), body.finding.value, body.reason))


def _override(task: UUID, body: DecideBody) -> Override:
    return Override(str(task), body.outcome, body.fields, body.reason, body.shown)


@router.post("/cases/{number}/repairs/preview", responses=_NO)
def preview(number: Name, body: RepairBody, caller: PersonCaller) -> Effect:
    """Tell what a repair would bring about now. Nothing is recorded."""
    found = preview_repair(caller.company, number, _repair(body), caller.person, caller.acting_as)
    if not isinstance(found, Effect):
        raise refused(found)
    return found


@router.post("/cases/{number}/repairs", responses=_NO)
def propose_repair(number: Name, body: RepairBody, caller: PersonCaller, key: Key) -> Answer:
    """Propose to put a case right. Another person confirms it, as long as the case stands still."""
    return _perform(caller, key, _repair(body), case=_case(caller, number))


@router.post("/cases/{number}/repairs/{event}/confirm", responses=_NO)
def confirm_repair(
    number: Name, event: Whole, body: ConfirmBody, caller: PersonCaller, key: Key
) -> Answer:
    """Carry out the repair that an event of a case proposes, as the second person."""
    return _perform(caller, key, Confirm(event, body.reason), case=_case(caller, number))


@router.post("/cases/{number}/repairs/{event}/decline", responses=_NO)
def decline_repair(
    number: Name, event: Whole, body: DeclineBody, caller: PersonCaller, key: Key
) -> Answer:
    """Say no, as the second person, to the repair that an event of a case proposes."""
    return _perform(caller, key, Decline(event, body.reason), case=_case(caller, number))


def _repair(body: RepairBody) -> Propose:
    return Propose(body.fields, body.task, body.to, body.outcome, body.reason)


def _case(caller: Person, number: str) -> UUID:
    found = find(caller.company, number)
    if found is None:
        raise refused(NoSuchCase())
    return found.id


def _perform(
    caller: Caller | Person,
    key: UUID,
    command: Command,
    *,
    workflow: str | None = None,
    case: UUID | None = None,
) -> Answer:
    asked = Asked(
        key,
        command,
        person=caller.person,
        interface=caller.interface if isinstance(caller, Caller) else None,
        acting_as=caller.acting_as,
        workflow=workflow,
        case=case,
    )
    outcome = perform(caller.company, asked)
    if not isinstance(outcome, Done):
        raise refused(outcome)
    return Answer(
        case=outcome.case, number=outcome.number, seq=outcome.seq, repeated=outcome.repeated
    )
