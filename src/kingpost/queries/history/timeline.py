"""The timeline of a case: every event with who, in what authority, and what it changed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from kingpost.decisions.case import Plain
from kingpost.decisions.program import Program
from kingpost.model.objects import FieldType
from kingpost.queries.people import Answering

Programs = Callable[[str], Program]


@dataclass(frozen=True, slots=True)
class Change:
    """What an event did to one field.

    erased: the value after it was erased since; `after` is None then.
    """

    field: str
    title: str
    type: FieldType | None
    before: Plain
    after: Plain
    erased: bool = False


@dataclass(frozen=True, slots=True)
class ActedBy:
    """Who acted: a person in a post, an interface, or (all None) the clock.

    kind:     of the appointment. via: `post`, `superior` or `vacancy` of `for_post`.
    grant:    the condition of the authority that was relied on, or None.
    allowance: what was used up of one, as the decision record keeps it, or None.
    right:    id of the appointment. giver: who holds it, when its authority was lent.
    answering: who answered for the machine agent that acted, in `answering_post`.
    """

    person: str | None = None
    name: str | None = None
    post: str | None = None
    post_title: str | None = None
    kind: str | None = None
    via: str | None = None
    for_post: str | None = None
    grant: str | None = None
    right: str | None = None
    interface: str | None = None
    giver: str | None = None
    giver_name: str | None = None
    answering: str | None = None
    answering_name: str | None = None
    answering_post: str | None = None
    allowance: Mapping[str, str | int] | None = None


@dataclass(frozen=True, slots=True)
class RuleUse:
    """What a rule said, with values in `after`.

    inputs:   by column; of a rule that is no table, by what it read. outputs: by field.
    rows:     of a table, those that made the answer, from 1; none when its default did.
    tried:    how many rows were held against the record; None for no table, or when not kept.
    version:  digest of the rule with those that it needs; None when not kept.
    remarks:  what the rows say of themselves. warnings: what had no value on the way.
    """

    rule: str
    title: str
    rows: tuple[int, ...]
    inputs: tuple[Change, ...]
    outputs: tuple[Change, ...]
    tried: int | None = None
    version: str | None = None
    remarks: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of the timeline.

    step_title: None for a start. choice: outcome, exception, ending or message; title as written.
    reason:     None when none was given. reason_erased, shown_erased: erased since.
    shown:      what a decision laid before the person, with values in `after`.
    entered, left: steps that the case came to and left, by it.
    state:      the record's state afterwards; None when it stayed.
    owner:      the owner of the workflow, with its holders at the time of the event; who stood in
                for a vacant post then stands in `by`.
    addressed:  the post that the step's work was addressed to, likewise; None for a role.
    taken:      of an assignment: True when the work was taken on, False when it was laid back.
    different:  of a case that went over to another version: what became different for it.
    """

    seq: int
    kind: str
    step: str | None
    step_title: str | None
    at: datetime
    origin: str
    by: ActedBy
    choice: str | None
    choice_title: str | None
    options: tuple[str, ...]
    reason: str | None
    reason_erased: bool
    shown: tuple[Change, ...]
    shown_erased: bool
    changes: tuple[Change, ...]
    entered: tuple[str, ...]
    left: tuple[str, ...]
    state: str | None
    discharged: tuple[str, ...]
    rules: tuple[RuleUse, ...]
    objectives: tuple[str, ...]
    owner: Answering
    addressed: Answering | None
    model: str
    hash: str
    body_digest: str
    taken: bool | None = None
    different: tuple[str, ...] = ()
