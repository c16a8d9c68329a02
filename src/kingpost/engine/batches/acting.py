"""Many acts at once: written down first, then done one by one, each with a result of its own."""

import time
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg.rows import DictRow

from kingpost.decisions.commands import Command, GiveUp, Resolve, Retry
from kingpost.decisions.refusals import IsNotSuspended, NotOpen
from kingpost.engine.company import Company
from kingpost.engine.perform import Asked, ContentionError, Done, NoSuchCase, perform
from kingpost.store.due import batches
from kingpost.values.identity import derive

ITEMS_MAX = 1000
# A request is answered after so long, whatever is left: the next one goes on.
SLICE_SECONDS = 2.0
_AT_ONCE = 25
RETRY, GIVE_UP, END = "retry", "give-up", "end/"


@dataclass(frozen=True, slots=True)
class Order:
    """What somebody wants done with many pieces of work.

    key:    the idempotency key of the whole: asked for again, it is the same batch.
    act:    `retry`, `give-up`, or `end/` and how an exception is ended.
    chosen: how many were meant, when that is more than `tasks` may hold; 0 for these.
    is_found: whether the tasks are what was found to match, which is another thing a moment later.
    """

    key: UUID
    act: str
    tasks: tuple[UUID, ...]
    person: str
    reason: str = ""
    acting_as: str | None = None
    chosen: int = 0
    is_found: bool = False


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch as far as it has come. items: of which `done`, `refused` and `gone` ended so."""

    id: UUID
    person: str
    act: str
    reason: str
    asked_at: datetime
    chosen: int
    items: int
    done: int
    refused: int
    gone: int

    @property
    def left(self) -> int:
        """Return how many items were not tried yet."""
        return self.items - self.done - self.refused - self.gone


@dataclass(frozen=True, slots=True)
class NoSuchAct:
    """What is to be done is nothing that is done to many at once."""

    act: str
    kind = "no-such-act"

    def __str__(self) -> str:
        return (
            f"there is no act `{self.act}`: possible are `{RETRY}`, `{GIVE_UP}`, and `{END}` with"
            " the id of an ending"
        )


@dataclass(frozen=True, slots=True)
class NothingChosen:
    """Nothing was chosen to act on."""

    kind = "nothing-chosen"

    def __str__(self) -> str:
        return "nothing was chosen: choose what is to be acted on"


@dataclass(frozen=True, slots=True)
class NoReason:
    """No reason was given."""

    kind = "reason-missing"

    def __str__(self) -> str:
        return "acting on many needs a reason: it stands in the history of each case"


@dataclass(frozen=True, slots=True)
class NoSuchBatch:
    """There is no such batch, or it is somebody else's."""

    def __str__(self) -> str:
        return "there is no such batch of yours"


class BatchKeyReusedError(Exception):
    """The idempotency key belongs to another batch."""


def command_of(act: str, task: UUID, reason: str) -> Command | None:
    """Return the command of one item; None for an act that there is not."""
    match act.partition("/"):
        case ("retry", "", ""):
            return Retry(str(task), reason)
        case ("give-up", "", ""):
            return GiveUp(str(task), reason)
        case ("end", "/", ending) if ending:
            return Resolve(str(task), ending, {}, reason)
        case _:
            return None


def begin(company: Company, order: Order) -> NoSuchAct | NothingChosen | NoReason | None:
    """Write down what is wanted, whole or not at all; asked again it changes nothing.

    Raises: BatchKeyReusedError.
    """
    tasks = tuple(dict.fromkeys(order.tasks))[:ITEMS_MAX]
    if not tasks:
        return NothingChosen()
    if command_of(order.act, tasks[0], order.reason) is None:
        return NoSuchAct(order.act)
    if not order.reason.strip():
        return NoReason()
    wanted = {
        "id": order.key,
        "person": order.person,
        "acting_as": order.acting_as,
        "act": order.act,
        "reason": order.reason,
    }
    with company.database.transaction() as connection:
        if batches.begin(connection, wanted, tasks, max(order.chosen, len(tasks))):
            return None
        known = batches.find(connection, order.key)
        items = batches.items(connection, order.key, ITEMS_MAX, 0)
    assert known is not None, "a batch is never removed"
    is_other = any(known[name] != value for name, value in wanted.items())
    if is_other or not (order.is_found or {item["task"] for item in items} == set(tasks)):
        raise BatchKeyReusedError("this idempotency key was used for another batch")
    return None


def go_on(
    company: Company, batch: UUID, person: str, *, seconds: float = SLICE_SECONDS
) -> Batch | NoSuchBatch:
    """Act on what is left of a batch, one item after the other, for so long and no longer.

    Each is a command of the person, judged when it is done, with a key of its own: when this
    breaks off, or two do it at the same time, each has its one effect.
    """
    row = _own(company, batch, person)
    if row is None:
        return NoSuchBatch()
    until = time.monotonic() + seconds
    while items := _left(company, batch):
        for item in items:
            _act(company, row, item)
            if time.monotonic() >= until:
                return _read(company, batch)
    return _read(company, batch)


def find(company: Company, batch: UUID, person: str) -> Batch | NoSuchBatch:
    """Return a batch of a person, as far as it has come."""
    row = _own(company, batch, person)
    return _batch(row) if row else NoSuchBatch()


def _own(company: Company, batch: UUID, person: str) -> DictRow | None:
    with company.database.connection() as connection:
        row = batches.find(connection, batch)
    return row if row is not None and row["person"] == person else None


def _left(company: Company, batch: UUID) -> list[DictRow]:
    with company.database.connection() as connection:
        return batches.left(connection, batch, _AT_ONCE)


def _read(company: Company, batch: UUID) -> Batch:
    with company.database.connection() as connection:
        row = batches.find(connection, batch)
    assert row is not None, "a batch is never removed"
    return _batch(row)


def _act(company: Company, batch: DictRow, item: DictRow) -> None:
    command = command_of(batch["act"], item["task"], batch["reason"])
    assert command is not None, "it was looked at when the batch began"
    key = derive(f"batch/{batch['id']}/{item['task']}")
    asked = Asked(key, command, person=batch["person"], acting_as=batch["acting_as"])
    outcome, words, number = _outcome(company, asked)
    with company.database.connection() as connection:
        batches.ended(connection, batch["id"], item["n"], outcome, words, number)


def _outcome(company: Company, asked: Asked) -> tuple[str, str, str]:
    try:
        answer = perform(company, asked)
    except ContentionError as error:
        return "refused", str(error), ""
    match answer:
        case Done():
            return "done", "", answer.number
        case NoSuchCase() | NotOpen() | IsNotSuspended():
            return "gone", str(answer), ""
        case _:
            return "refused", str(answer), ""


def _batch(row: DictRow) -> Batch:
    names = ("id", "person", "act", "reason", "asked_at", "chosen")
    counts = ("items", "done", "refused", "gone")
    return Batch(*(row[name] for name in (*names, *counts)))
