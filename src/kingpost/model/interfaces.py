"""The views that roles need, and the contracts with other systems."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class InterfaceKind(StrEnum):
    """What an interface is: a system that sends, a system that is asked, or a view of a role."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"
    VIEW = "view"


# A whole part of a path that a field of the record fills.
_FILLED = re.compile(r"(?<=/)\{([^{}/.]+)\.([^{}/]+)\}(?=/|$)")
_PAUSE_SECONDS = 30.0
_PAUSE_FIRST_SECONDS = 1.0
_PAUSE_SECONDS_MAX = 900.0
_LIMIT_SECONDS = 10


class BackOff(StrEnum):
    """How the pauses between attempts grow."""

    FIXED = "fixed"
    EXPONENTIAL = "exponential"


@dataclass(frozen=True, slots=True)
class Retry:
    """How often a call is tried again when it fails.

    Source: exponential back-off with full jitter, as AWS describes it.
    """

    times: int
    back_off: BackOff = BackOff.EXPONENTIAL

    def pause(self, attempts: int, chance: float) -> float:
        """Return how many seconds to wait after some attempts. chance: from 0 to 1."""
        if self.back_off is BackOff.FIXED:
            return _PAUSE_SECONDS
        # 2 to the 16th is more than the longest pause; a larger power is not worth its digits.
        longest = min(_PAUSE_FIRST_SECONDS * 2 ** min(attempts, 16), _PAUSE_SECONDS_MAX)
        return longest * (1 + chance) / 2


_USUAL = Retry(4)


@dataclass(frozen=True, slots=True)
class Contract:
    """How another system is asked. Its address and its secrets live in the environment.

    method:  of HTTP. path: below the address; a part such as `{loan.number}` is filled by a field.
    send:    what is sent: a member such as `person.name`, and an expression over the record.
    receive: a member of the answer, with the object and the field that it fills.
    timeout_seconds: how long an answer may take; None for what is usual.
    retry:   None for what is usual.
    owner:   the post that answers for its failure.
    """

    method: str
    path: str
    send: tuple[tuple[str, str], ...] = ()
    receive: tuple[tuple[str, str, str], ...] = ()
    timeout_seconds: int | None = None
    retry: Retry | None = None
    owner: str | None = None

    @property
    def filled(self) -> tuple[tuple[str, str], ...]:
        """Return the fields that fill parts of the path, each with its object."""
        return tuple(_FILLED.findall(self.path))

    def path_with(self, parts: Iterable[str]) -> str:
        """Return the path with the texts that fill its parts, as they are to stand there."""
        left = iter(parts)
        return _FILLED.sub(lambda _: next(left), self.path)

    @property
    def limit_seconds(self) -> int:
        """Return how long an answer may take."""
        return self.timeout_seconds or _LIMIT_SECONDS

    @property
    def retrying(self) -> Retry:
        """Return how often a call is tried again: what is declared, or what is usual."""
        return self.retry or _USUAL

    @property
    def attempts(self) -> int:
        """Return how often a call is tried at most."""
        return 1 + self.retrying.times


@dataclass(frozen=True, slots=True)
class View:
    """What a role is shown of a workflow.

    columns:  fields of its worklist. filter: expression over the record of what stands there.
    sections: of the page of a case: a title, and the fields below it.
    """

    role: str
    workflow: str
    columns: tuple[str, ...] = ()
    filter: str | None = None
    sections: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Interface:
    """A view, or a contract with a system. An inbound system begins cases or delivers messages.

    begins:  the workflow whose cases an inbound system begins, when it says so itself.
    payload: what an inbound system sends: a field, and its type.
    signed:  whether an inbound system signs all that it sends, and nothing else is taken from it.
    """

    id: str
    title: str
    kind: InterfaceKind = InterfaceKind.INBOUND
    begins: str | None = None
    payload: tuple[tuple[str, str], ...] = ()
    signed: bool = False
    contract: Contract | None = None
    view: View | None = None
    description: str = ""
    was: str = ""


def variable(interface: str, what: str) -> str:
    """Return the name of a variable of the environment, such as `KINGPOST_INTERFACE_BANK_URL`."""
    return f"KINGPOST_INTERFACE_{interface.upper().replace('-', '_')}_{what}"
