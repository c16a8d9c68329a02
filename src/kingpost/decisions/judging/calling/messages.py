"""Messages that name no case: a value that both sides know leads them to it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kingpost.decisions.authority import Reach, Standing, answers_for
from kingpost.decisions.case import Plain, Token
from kingpost.decisions.commands import Facts
from kingpost.decisions.given import given
from kingpost.decisions.program import Program, WorkflowProgram
from kingpost.decisions.refusals import (
    FieldsMissing,
    NotYourInterface,
    Refusal,
    RefusedError,
    listed,
)
from kingpost.decisions.transition import Key
from kingpost.model.workflow import Awaited, Wait

# A longer value leads no message: what keeps both apart has to fit into an index.
VALUE_LENGTH_MAX = 200


@dataclass(frozen=True, slots=True)
class NoSuchMessage:
    """No wait of the model that runs takes the message by a value. known: what some take so."""

    message: str
    known: tuple[str, ...]

    def __str__(self) -> str:
        known = listed(self.known) or "none"
        return f"nothing waits for `{self.message}` by a value: possible are {known}"


@dataclass(frozen=True, slots=True)
class Taker:
    """A wait that takes a message whose value one of its fields holds."""

    workflow: str
    step: Wait
    awaited: Awaited


def awaited(program: WorkflowProgram, token: Token, fields: Mapping[str, Plain]) -> tuple[Key, ...]:
    """Return by what the wait at a token knows its messages now; nothing while a field is empty."""
    step = program.places[token.step].step
    if not isinstance(step, Wait):
        return ()
    return tuple(
        Key(awaited.message, sender.removeprefix("interface/"), value)
        for awaited in step.messages
        if awaited.by is not None and (value := _written(fields.get(awaited.by)))
        for sender in awaited.senders
        if sender.startswith("interface/")
    )


def _written(value: Plain) -> str:
    """Return a value as a system sends it, or nothing."""
    text = "" if value is None else str(value)
    return text if len(text) <= VALUE_LENGTH_MAX else ""


def takers(program: Program) -> Iterator[Taker]:
    """Yield every wait that takes a message by a value, once for each such message."""
    for name in sorted(program.workflows):
        for step in program.workflows[name].workflow.all_steps():
            if isinstance(step, Wait):
                named = (awaited for awaited in step.messages if awaited.by is not None)
                yield from (Taker(name, step, awaited) for awaited in named)


def may_send(
    program: Program, interface: str, message: str, fields: Mapping[str, Plain]
) -> Refusal | NoSuchMessage | None:
    """Return why no wait could ever take a message, or None when one could.

    Whether its case lets it pass is judged when it is delivered.
    """
    found = [taker for taker in takers(program) if taker.awaited.message == message]
    if not found:
        known = dict.fromkeys(taker.awaited.message for taker in takers(program))
        return NoSuchMessage(message, tuple(known))
    refusals = [_refusal(program, taker, interface, fields) for taker in found]
    return None if None in refusals else refusals[0]


@dataclass(frozen=True, slots=True)
class NotYourMessage:
    """The actor holds no post that answers for what waits for a message. could: those that do."""

    message: str
    could: tuple[str, ...]

    def __str__(self) -> str:
        may = f"{listed(self.could)} may" if self.could else "no post may"
        return f"you do not answer for what waits for `{self.message}`: {may}"


def may_drop(program: Program, facts: Facts, message: str) -> Standing | NotYourMessage:
    """Return how the actor answers for a message that is kept, or why not.

    The owner of a workflow that waits for it does. Where the model that runs waits for it no more,
    the owner of any workflow does: somebody has to be able to.
    """
    waiting = {
        taker.workflow: None for taker in takers(program) if taker.awaited.message == message
    }
    could: dict[str, None] = {}
    for name in waiting or program.workflows:
        flow = program.workflows[name]
        standing = next(answers_for(flow, facts, None, Reach(flow.workflow.owner)), None)
        if standing is not None:
            return standing
        could[flow.workflow.owner] = None
    return NotYourMessage(message, tuple(could))


def _refusal(
    program: Program, taker: Taker, interface: str, fields: Mapping[str, Plain]
) -> Refusal | None:
    if f"interface/{interface}" not in taker.awaited.senders:
        return NotYourInterface(taker.awaited.message, taker.awaited.senders)
    try:
        flow, step = program.workflows[taker.workflow], taker.step
        cleaned = given(flow, step.id, step.records, fields)
    except RefusedError as refused:
        return refused.refusal
    # The case that takes it has all that is required, whichever it is.
    emptied = (name for name, value in cleaned.items() if value is None)
    required = tuple(name for name in emptied if flow.fields[name].required)
    return FieldsMissing(taker.workflow, required) if required else None
