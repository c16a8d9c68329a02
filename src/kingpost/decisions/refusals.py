"""Refusals: why the business says no. The first that applies, in the order in which they stand."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from kingpost.decisions.refusing.agents import AgentRefusal
from kingpost.decisions.refusing.agents import (
    NobodyAnswers as NobodyAnswers,  # noqa: PLC0414 - with the other refusals of authority
)
from kingpost.decisions.refusing.allowances import OverAllowance
from kingpost.decisions.refusing.calls import AnswerNotFitting, NotYourCall, PathNotFitting, listed
from kingpost.decisions.refusing.exceptions import RunsBeside
from kingpost.decisions.refusing.loops import EndlessLoop
from kingpost.decisions.refusing.notices import NotYetLate
from kingpost.decisions.refusing.overrides import OverrideRefusal
from kingpost.decisions.refusing.records import HandoverNotMet, InvariantBroken, MoveForbidden
from kingpost.decisions.refusing.repairs import RepairRefusal

# A value that does not fit is quoted up to here.
SHOWN_LENGTH_MAX = 100


@dataclass(frozen=True, slots=True)
class CaseIsClosed:
    """The case has ended; nothing more can happen in it."""

    number: str
    closed_at: datetime

    def __str__(self) -> str:
        return f"case {self.number} was closed on {self.closed_at:%-d %B %Y at %H:%M} UTC"


@dataclass(frozen=True, slots=True)
class NotOpen:
    """The step is not open, or no longer."""

    task: str

    def __str__(self) -> str:
        return "this work is no longer open: somebody finished it, or the case moved on"


@dataclass(frozen=True, slots=True)
class NotThatKind:
    """The command does not fit the kind of step."""

    step: str
    command: str
    expected: str

    def __str__(self) -> str:
        return f"`{self.step}` cannot be {self.command}: expected {self.expected}"


@dataclass(frozen=True, slots=True)
class IsSuspended:
    """The work stands still until an exception is resolved."""

    step: str
    exception: str

    def __str__(self) -> str:
        return f"`{self.step}` stands still until `{self.exception}` is resolved"


@dataclass(frozen=True, slots=True)
class IsNotSuspended:
    """There is no suspension to end."""

    step: str

    def __str__(self) -> str:
        return f"`{self.step}` is not suspended"


@dataclass(frozen=True, slots=True)
class NoSuchChoice:
    """The outcome, exception, ending or message does not exist here."""

    what: str
    given: str
    known: tuple[str, ...]

    def __str__(self) -> str:
        known = listed(self.known) or "none"
        return f"there is no {self.what} `{self.given}` here: possible are {known}"


@dataclass(frozen=True, slots=True)
class NotYourPost:
    """The actor holds no post that may act here. could: the posts that may."""

    what: str
    role: str
    post: str | None
    could: tuple[str, ...]

    def __str__(self) -> str:
        addressed = f" and is addressed to `{self.post}`" if self.post else ""
        could = f": {listed(self.could)} may" if self.could else ": no post may"
        return f"`{self.what}` needs the role `{self.role}`{addressed}{could}"


@dataclass(frozen=True, slots=True)
class NotYourInterface:
    """The sender may not begin this or deliver that."""

    what: str
    senders: tuple[str, ...]

    def __str__(self) -> str:
        return f"`{self.what}` is accepted only from {listed(self.senders)}"


@dataclass(frozen=True, slots=True)
class OutsideAuthority:
    """The post may act here but not take this outcome on this record.

    limits: the conditions of the post's grants for the outcome. could: posts that may take it.
    """

    post: str
    step: str
    outcome: str
    limits: tuple[str, ...]
    could: tuple[str, ...]

    def __str__(self) -> str:
        could = f"; {listed(self.could)} may" if self.could else ""
        if not self.limits:
            return f"`{self.post}` may not take `{self.outcome}` in `{self.step}`{could}"
        limits = " or ".join(f"`{limit}`" for limit in self.limits)
        return f"`{self.post}` may take `{self.outcome}` in `{self.step}` only when {limits}{could}"


@dataclass(frozen=True, slots=True)
class OutsideDelegation:
    """What `giver` lent of a post's authority does not reach so far. when: its condition."""

    post: str
    giver: str
    step: str
    outcome: str
    when: str | None

    def __str__(self) -> str:
        covers = "does not cover" if self.when is None else "covers"
        what = f"`{self.outcome}` in `{self.step}`"
        only = "" if self.when is None else f" only when `{self.when}`"
        return f"the delegation by `{self.giver}`, who holds `{self.post}`, {covers} {what}{only}"


@dataclass(frozen=True, slots=True)
class NotSeparate:
    """The actor, or `giver` for whom it would be done, performed a step kept separate from it."""

    step: str
    other: str
    giver: str | None = None

    def __str__(self) -> str:
        who = f"`{self.giver}`, for whom you would act," if self.giver else "you"
        return f"`{self.step}` is for somebody else: {who} performed `{self.other}` in this case"


@dataclass(frozen=True, slots=True)
class AlreadyVoted:
    """The person has given this very vote."""

    step: str
    outcome: str

    def __str__(self) -> str:
        return f"you have voted for `{self.outcome}` in `{self.step}`: it counts once"


@dataclass(frozen=True, slots=True)
class SomethingChanged:
    """What the person was shown is not what stands there now."""

    step: str

    def __str__(self) -> str:
        return f"what `{self.step}` shows has changed since you opened it: look again and decide"


@dataclass(frozen=True, slots=True)
class FieldNotAsked:
    """A field was given that this step does not record."""

    field: str
    step: str
    known: tuple[str, ...]

    def __str__(self) -> str:
        known = listed(self.known) or "nothing"
        return f"`{self.step}` does not record `{self.field}`: it records {known}"


@dataclass(frozen=True, slots=True)
class FieldNotFitting:
    """A value does not fit its field."""

    field: str
    given: str
    expected: str

    def __str__(self) -> str:
        return f"`{self.field}` expects {self.expected}, got `{self.given}`"


@dataclass(frozen=True, slots=True)
class FieldsMissing:
    """Fields that must be filled are empty."""

    step: str
    fields: tuple[str, ...]

    def __str__(self) -> str:
        return f"`{self.step}` needs {listed(self.fields)}"


@dataclass(frozen=True, slots=True)
class ReasonMissing:
    """The outcome asks for a reason."""

    outcome: str

    def __str__(self) -> str:
        return f"`{self.outcome}` needs a reason"


@dataclass(frozen=True, slots=True)
class EvidenceMissing:
    """The step owes evidence that is not there. test: the condition that it fails, or empty."""

    step: str
    obligation: str
    fields: tuple[str, ...]
    test: str = ""

    def __str__(self) -> str:
        owed = f"`{self.step}` owes evidence for `{self.obligation}`"
        wanted = f"{listed(self.fields)} must be filled" if self.fields else f"`{self.test}`"
        return f"{owed}: {wanted}"


@dataclass(frozen=True, slots=True)
class NotYetDue:
    """The time limit is not over."""

    step: str
    due: datetime

    def __str__(self) -> str:
        return f"`{self.step}` may wait until {self.due:%-d %B %Y at %H:%M} UTC"


@dataclass(frozen=True, slots=True)
class Undecided:
    """A condition that chooses a way has no answer.

    empty: what it reads and is empty. cause: what went wrong in it, in a clause.
    """

    where: str
    expression: str
    empty: tuple[str, ...] = ()
    cause: str = ""

    def __str__(self) -> str:
        said = f"no way leads on from `{self.where}`: `{self.expression}` has no answer"
        if self.empty:
            are = "is" if len(self.empty) == 1 else "are"
            return f"{said} while {listed(self.empty)} {are} empty; fill this in first"
        return f"{said}: {self.cause}" if self.cause else said


@dataclass(frozen=True, slots=True)
class NoRow:
    """No row of a decision table, or more than one, matches the record."""

    rule: str
    inputs: str
    rows: tuple[int, ...]

    def __str__(self) -> str:
        found = "no row" if not self.rows else f"rows {', '.join(str(row) for row in self.rows)}"
        return f"`{self.rule}` has no single answer for {self.inputs}: {found} matched"


@dataclass(frozen=True, slots=True)
class InputMissing:
    """A decision table asks for an input that has no value. row: from 1."""

    rule: str
    input: str
    expression: str
    row: int

    def __str__(self) -> str:
        return (
            f"`{self.rule}` cannot be answered while `{self.input}` is empty: row {self.row} asks"
            f" for `{self.expression}`"
        )


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """A rule came to no value by an error on the way. cause: in a clause."""

    rule: str
    output: str
    cause: str

    def __str__(self) -> str:
        return f"`{self.rule}` finds no `{self.output}`: {self.cause}"


Refusal: TypeAlias = (
    CaseIsClosed
    | NotOpen
    | NotThatKind
    | IsSuspended
    | IsNotSuspended
    | RunsBeside
    | NoSuchChoice
    | NotYourPost
    | NotYourInterface
    | NotYourCall
    | OutsideAuthority
    | OutsideDelegation
    | NotSeparate
    | OverAllowance
    | AlreadyVoted
    | SomethingChanged
    | FieldNotAsked
    | FieldNotFitting
    | AnswerNotFitting
    | FieldsMissing
    | ReasonMissing
    | EvidenceMissing
    | NotYetDue
    | NotYetLate
    | Undecided
    | EndlessLoop
    | NoRow
    | InputMissing
    | NoAnswer
    | PathNotFitting
    | MoveForbidden
    | InvariantBroken
    | HandoverNotMet
    | RepairRefusal
    | OverrideRefusal
    | AgentRefusal
)


class RefusedError(Exception):
    """Carries a refusal out of the depth of one decision. It never leaves `decide`."""

    def __init__(self, refusal: Refusal) -> None:
        """Carry `refusal`."""
        super().__init__(refusal)
        self.refusal = refusal
