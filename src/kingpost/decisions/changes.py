"""The small changes that an event is made of, and the fold that gives a case from them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeAlias

from kingpost.decisions.case import Case, Child, Clock, Plain, Suspension, Token, Vote
from kingpost.decisions.proposing.changes import Proposing, Reviewed, proposal_after, reviews_after
from kingpost.decisions.versions import taking
from kingpost.decisions.versions.renaming import (
    CarriedOver,
    Part,
    Placed,
    Renamed,
    Switch,
    counted,
    gathered,
    rename_token,
    renamed,
)


@dataclass(frozen=True, slots=True)
class Entered:
    """The case came to a step. unasked: a call that cannot be written down as the record stands."""

    token: str
    step: str
    parent: str | None = None
    branch: str | None = None
    post: str | None = None
    clock: Clock | None = None
    limit: Clock | None = None
    unasked: bool = False


@dataclass(frozen=True, slots=True)
class Left:
    """The case left a step. how: `completed`, or `withdrawn` when something else ended it.

    by: of a decision or a wait that is completed, the outcome or message; empty for neither.
    """

    token: str
    how: str
    by: str | None = None


@dataclass(frozen=True, slots=True)
class BranchEnded:
    """A branch of the parallel step at `token` is over."""

    token: str
    branch: str


@dataclass(frozen=True, slots=True)
class StateSet:
    """The record went into a state."""

    state: str


@dataclass(frozen=True, slots=True)
class FieldsSet:
    """Fields of the record got values, in order of name; None empties a field."""

    fields: tuple[tuple[str, Plain], ...]


@dataclass(frozen=True, slots=True)
class Addressed:
    """The work at a token is now addressed to another post."""

    token: str
    post: str | None


@dataclass(frozen=True, slots=True)
class Assigned:
    """A person has taken the work at a token on, or (None) laid it back."""

    token: str
    person: str | None


@dataclass(frozen=True, slots=True)
class WasSuspended:
    """An exception made the work at a token stand still."""

    token: str
    exception: str
    state_before: str


@dataclass(frozen=True, slots=True)
class Resumed:
    """The suspension at a token ended."""

    token: str


@dataclass(frozen=True, slots=True)
class ClockSet:
    """A clock of a token was stopped, started or given another budget. of: `due` or `limit`.

    clock: None when it is not known any more until when the token waits.
    """

    token: str
    clock: Clock | None
    of: str = "due"


@dataclass(frozen=True, slots=True)
class Voted:
    """Somebody voted at a token; a person's earlier vote counts no longer."""

    token: str
    vote: Vote


@dataclass(frozen=True, slots=True)
class VotesLapsed:
    """The votes at a token agree on nothing, or on what has changed; everybody votes anew."""

    token: str


@dataclass(frozen=True, slots=True)
class Noticed:
    """One more notice was given about the time of a token. post: who is told by it, or None."""

    token: str
    post: str | None


@dataclass(frozen=True, slots=True)
class CasesWanted:
    """The step at a token begins cases, by their ids."""

    token: str
    cases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CaseReported:
    """A case that the step at a token has begun came as far as the step waits for."""

    token: str
    child: Child


@dataclass(frozen=True, slots=True)
class Performed:
    """A person performed a step."""

    step: str
    person: str


@dataclass(frozen=True, slots=True)
class Owed:
    """An obligation is owed from now on, until `due` when that is given."""

    obligation: str
    due: datetime | None


@dataclass(frozen=True, slots=True)
class NotOwed:
    """An obligation is owed no longer. why: `met`, `late`, `missing`, `lifted` or `spared`."""

    obligation: str
    why: str


@dataclass(frozen=True, slots=True)
class CaseClosed:
    """The case ended."""


Change: TypeAlias = (
    Entered
    | Left
    | BranchEnded
    | StateSet
    | FieldsSet
    | Addressed
    | Assigned
    | WasSuspended
    | Resumed
    | ClockSet
    | Voted
    | VotesLapsed
    | Noticed
    | CasesWanted
    | CaseReported
    | Performed
    | Owed
    | NotOwed
    | Switch
    | Proposing
    | CaseClosed
)


class Draft:
    """A case being changed: the fold itself, one change at a time.

    Deciding and folding history both go through `apply`, so they cannot disagree.
    """

    def __init__(self, case: Case, at: datetime) -> None:
        """Begin from `case`, which stays as it is. at: the time of the event."""
        self.case = case
        self.at = at
        self.model = case.model
        self.state = case.state
        self.state_since = case.state_since
        self.closed_at = case.closed_at
        self.fields = dict(case.fields)
        self.tokens = dict(case.tokens)
        self.entered = dict(case.entered)
        self.changed = dict(case.changed)
        self.performers = dict(case.performers)
        self.taken = dict(case.taken)
        self.owed = dict(case.owed)
        self.settled = dict(case.settled)
        self.proposal = case.proposal
        self.reviews = dict(case.reviews)

    def finish(self, version: int, head: str) -> Case:
        """Return the changed case as a value."""
        case = self.case
        return Case(
            id=case.id,
            number=case.number,
            workflow=case.workflow,
            model=self.model,
            started_at=case.started_at,
            version=version,
            head=head,
            closed_at=self.closed_at,
            state=self.state,
            state_since=self.state_since,
            fields=self.fields,
            tokens=self.tokens,
            entered=self.entered,
            changed=self.changed,
            performers=self.performers,
            taken=self.taken,
            owed=self.owed,
            settled=self.settled,
            proposal=self.proposal,
            reviews=self.reviews,
        )

    def apply(self, change: Change) -> None:  # noqa: C901, PLR0912, PLR0915 - one case a kind of change
        """Apply one change."""
        if not isinstance(change, Noticed | Reviewed):
            self.proposal = None
        match change:
            case Entered():
                self._enter(change)
            case Left():
                taking.note_left(self.taken, self.tokens.pop(change.token), change.by)
            case BranchEnded():
                token = self.tokens[change.token]
                self.tokens[token.id] = replace(token, done=(*token.done, change.branch))
            case StateSet():
                self.state, self.state_since = change.state, self.at
            case FieldsSet():
                self._set_fields(change)
            case Addressed():
                token = self.tokens[change.token]
                self.tokens[token.id] = replace(token, post=change.post, person=None)
            case Assigned():
                token = self.tokens[change.token]
                self.tokens[token.id] = replace(token, person=change.person)
            case WasSuspended():
                token = self.tokens[change.token]
                why = Suspension(change.exception, self.at, change.state_before)
                self.tokens[token.id] = replace(token, suspension=why)
            case Resumed():
                token = self.tokens[change.token]
                self.tokens[token.id] = replace(token, suspension=None)
            case ClockSet():
                token = self.tokens[change.token]
                other = {"clock" if change.of == "due" else "limit": change.clock}
                self.tokens[token.id] = replace(token, **other)
            case Voted():
                token, person = self.tokens[change.token], change.vote.person
                others = (vote for vote in token.votes if vote.person != person)
                self.tokens[token.id] = replace(token, votes=(*others, change.vote))
            case VotesLapsed():
                self.tokens[change.token] = replace(self.tokens[change.token], votes=())
            case Noticed():
                token = self.tokens[change.token]
                told = dict.fromkeys((*token.told, *filter(None, (change.post,))))
                self.tokens[token.id] = replace(token, notices=token.notices + 1, told=tuple(told))
            case CasesWanted():
                wanted = tuple(map(Child, change.cases))
                self.tokens[change.token] = replace(self.tokens[change.token], children=wanted)
            case CaseReported(child=told):
                token = self.tokens[change.token]
                known = (told if child.id == told.id else child for child in token.children)
                self.tokens[token.id] = replace(token, children=tuple(known))
            case Performed():
                self._perform(change)
            case Owed() | NotOwed():
                self._owe(change)
            case CarriedOver() | Renamed() | Placed():
                self._switch(change)
            case CaseClosed():
                self.closed_at = self.at
            case _:
                self._propose(change)

    def _propose(self, change: Proposing) -> None:
        self.proposal = proposal_after(self.proposal, change)
        self.reviews = reviews_after(self.reviews, change)

    def _switch(self, change: Switch) -> None:
        match change:
            case CarriedOver():
                self.model = change.model
            case Renamed():
                self._rename(change.part, dict(change.names))
            case Placed():
                self.tokens[change.token] = change.stand(self.tokens[change.token])

    def _rename(self, part: Part, names: dict[str, str]) -> None:
        self.tokens = {
            name: rename_token(token, part, names) for name, token in self.tokens.items()
        }
        self.taken = taking.renamed(self.taken, part, names)
        match part:
            case Part.STEP:
                self.entered = counted(self.entered, names)
                self.performers = gathered(self.performers, names)
            case Part.FIELD:
                self.fields = renamed(self.fields, names)
                self.changed = counted(self.changed, names)
            case Part.STATE:
                self.state = names.get(self.state, self.state)
            case Part.OBLIGATION:
                self.owed = renamed(self.owed, names)
                self.settled = renamed(self.settled, names)
            case Part.POST | Part.EXCEPTION | Part.OUTCOME:
                pass

    def _enter(self, change: Entered) -> None:
        where = (change.token, change.step, change.parent, change.branch, self.at, change.post)
        self.tokens[change.token] = Token(
            *where, clock=change.clock, limit=change.limit, unasked=change.unasked
        )
        self.entered[change.step] = self.entered.get(change.step, 0) + 1
        taking.note_entered(self.taken, change.step)

    def _perform(self, change: Performed) -> None:
        known = dict.fromkeys((*self.performers.get(change.step, ()), change.person))
        self.performers[change.step] = tuple(known)

    def _owe(self, change: Owed | NotOwed) -> None:
        if isinstance(change, Owed):
            self.owed[change.obligation] = change.due
            self.settled.pop(change.obligation, None)
        else:
            self.owed.pop(change.obligation, None)
            self.settled[change.obligation] = change.why

    def _set_fields(self, change: FieldsSet) -> None:
        for name, value in change.fields:
            if name in self.fields and self.fields[name] != value:
                self.changed[name] = self.changed.get(name, 0) + 1
            if value is None:
                self.fields.pop(name, None)
            else:
                self.fields[name] = value


def evolve(case: Case, changes: Iterable[Change], *, at: datetime, head: str) -> Case:
    """Return the case after one more event: the fold step of its history.

    at:   the event's time. head: the hash of its header.
    """
    draft = Draft(case, at)
    for change in changes:
        draft.apply(change)
    return draft.finish(case.version + 1, head)
