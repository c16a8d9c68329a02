"""Acting on calls in trouble: on one, or on many with a result for each."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from kingpost.decisions.commands import Command, GiveUp, Retry
from kingpost.decisions.refusals import Refusal
from kingpost.engine.company import Company
from kingpost.engine.perform import Asked, Done, NoSuchCase, NoSuchWorkflow, perform
from kingpost.values.identity import derive


@dataclass(frozen=True, slots=True)
class Result:
    """What came of acting on one call."""

    call: UUID
    outcome: Done | Refusal | NoSuchCase | NoSuchWorkflow


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants done with calls. key: the idempotency key of the whole.

    gives_up: to let them fail at once; otherwise they are tried again now.
    """

    key: UUID
    calls: tuple[UUID, ...]
    person: str
    gives_up: bool = False
    reason: str = ""
    acting_as: str | None = None


def act_on_calls(company: Company, wish: Wish) -> tuple[Result, ...]:
    """Act on each call by itself: one that is refused keeps no other from it.

    Asked again with the same key, each has its one effect.
    """
    return tuple(_results(company, wish))


def _results(company: Company, wish: Wish) -> Iterable[Result]:
    for call in dict.fromkeys(wish.calls):
        command: Command = Retry(str(call), wish.reason)
        if wish.gives_up:
            command = GiveUp(str(call), wish.reason)
        key = derive(f"{wish.key}/{call}")
        asked = Asked(key, command, person=wish.person, acting_as=wish.acting_as)
        yield Result(call, perform(company, asked))
