"""What a decision brings about: everything the store has to write, in one value."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from kingpost.decisions.allowing.ledgers import Use
from kingpost.decisions.case import Case, Plain
from kingpost.decisions.changes import Change
from kingpost.proof.chain import Link


@dataclass(frozen=True, slots=True)
class WorkItem:
    """Open work of a case, as worklists show it.

    kind:      `task`, `decision`, `wait`, `call` or `run`; `review` of an override, `confirmation`
               of what another proposes. The step of a repair that moves nothing is empty.
    due_at:    None without a due time, and while the clock stands still.
    budget_ms, spent_ms: of its clock at the time of the event; None without one.
    suspended: the exception that holds it, or None.
    limit_at:  when a wait ends by itself, or None.
    told:      posts that its ladder, or that of a block around it, has told; of a confirmation,
               those that may confirm.
    ends_at:   when the first of its terms is over: its own, and those of the blocks around it.
    """

    id: UUID
    step: str
    kind: str
    role: str
    post: str | None
    person: str | None
    opened_at: datetime
    due_at: datetime | None
    budget_ms: int | None
    spent_ms: int | None
    suspended: str | None
    limit_at: datetime | None
    told: tuple[str, ...] = ()
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """What a call sends, to the byte, so that a repetition is the same.

    path: below the address, with its query. body: JSON, or empty.
    """

    method: str
    path: str
    body: str


class CallNews(StrEnum):
    """What becomes of a call."""

    ASKED = "asked"
    AGAIN = "again"
    FAILED = "failed"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class CallChange:
    """A call was asked for, is to be tried again, failed, or is over.

    id: of its token, which is also its idempotency key.
    request, limit_seconds: of one that is asked for: what is sent, how long an answer may take.
    cause: of one that failed, a clause.
    """

    id: UUID
    news: CallNews
    step: str
    interface: str
    request: Request | None = None
    limit_seconds: int = 0
    cause: str = ""


class CaseNews(StrEnum):
    """What becomes of the cases of a step."""

    WANTED = "wanted"
    TOLD = "told"
    AGAIN = "again"
    FAILED = "failed"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A case that a step begins, with what its form is filled in with. id: which it will have."""

    id: UUID
    form: Mapping[str, Plain]


@dataclass(frozen=True, slots=True)
class CaseChange:
    """Cases are wanted by a step, one of them has told what is waited for, or all are over.

    token:  at the step. wanted: those to be begun, in their order; empty for other news.
    ends:   whether the step waits for their end, and not only for their beginning.
    case:   of one that has told. cause: of a failure, a clause.
    """

    token: UUID
    news: CaseNews
    step: str
    workflow: str
    wanted: tuple[Wanted, ...] = ()
    ends: bool = True
    case: UUID | None = None
    cause: str = ""


@dataclass(frozen=True, slots=True)
class Key:
    """By what a wait knows a message that names no case: its name, who sends it, and a value."""

    message: str
    sender: str
    value: str


@dataclass(frozen=True, slots=True)
class Listening:
    """By which keys a wait takes messages from now on; none when it takes no more."""

    task: UUID
    keys: tuple[Key, ...]


@dataclass(frozen=True, slots=True)
class TimerChange:
    """When the next notice about the time of a token falls due. at: None for no more, or not now.

    id: of the token. notice: how many were given before it.
    """

    id: UUID
    at: datetime | None
    notice: int


@dataclass(frozen=True, slots=True)
class TermChange:
    """The first term of open work ends at another time than before. id: of the work."""

    id: UUID
    ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class Visit:
    """A stay that ended. kind: `state`, `step` or `exception`. how: as in the change Left."""

    kind: str
    name: str
    since: datetime
    until: datetime
    how: str = "completed"


@dataclass(frozen=True, slots=True)
class Measurement:
    """One value for a metric. value: 1 or 0 for a share or count, milliseconds for a time."""

    metric: str
    value: int


@dataclass(frozen=True, slots=True)
class DutyNews:
    """An obligation of the case became owed, or was met, late, missing or lifted."""

    obligation: str
    status: str
    due: datetime | None


@dataclass(frozen=True, slots=True)
class Secret:
    """A personal value whose commitment stands in the body. salt: 32 bytes."""

    name: str
    salt: bytes
    value: Any


@dataclass(frozen=True, slots=True)
class Transition:
    """The one effect of one command.

    case:    as it is afterwards; its version is the event's sequence.
    kind:    of the event, in the past tense, such as `completed`.
    step:    where it happened; None for a start.
    link:    the event's exact bytes and hash.
    body:     the decision record as it is kept, with commitments to personal values.
    revealed: the personal values by name.
    items:   work that is new or different. gone: ids of work that is no longer open.
    rights:  ids of the appointments that the authority rested on. delegation: that lent it.
    calls:   what becomes of calls to other systems. cases: of cases that steps begin.
    timers:  of notices about the time of work. terms: of work that is not among the items.
    fence:   the attempt of a call that this comes from; when another attempt was begun meanwhile,
             nothing may be written.
    use:     what it uses up of an allowance; nothing may be written when another did meanwhile.
    until:   when nothing may be written any more; None for whenever.
    heard:   the waits that are new, changed or gone, of those that take messages by a value.
    carried: whether the case goes over to another version; renamed: obligations that then have
             another name, each old one with its new one.
    """

    case: Case
    at: datetime
    kind: str
    step: str | None
    changes: tuple[Change, ...]
    body: Mapping[str, Any]
    revealed: Mapping[str, Any]
    link: Link
    items: tuple[WorkItem, ...]
    gone: tuple[UUID, ...]
    visits: tuple[Visit, ...]
    measurements: tuple[Measurement, ...]
    duties: tuple[DutyNews, ...]
    secrets: tuple[Secret, ...]
    rights: tuple[UUID, ...]
    delegation: UUID | None = None
    calls: tuple[CallChange, ...] = ()
    cases: tuple[CaseChange, ...] = ()
    fence: int | None = None
    use: Use | None = None
    heard: tuple[Listening, ...] = ()
    timers: tuple[TimerChange, ...] = ()
    terms: tuple[TermChange, ...] = ()
    carried: bool = False
    renamed: tuple[tuple[str, str], ...] = ()
    until: datetime | None = None
