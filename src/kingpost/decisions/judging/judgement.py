"""What a judged command came to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kingpost.decisions.allowing.ledgers import Use
from kingpost.decisions.authority import Standing
from kingpost.decisions.case import Plain, Proposal


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a command came to, for the decision record.

    kind:       of the event, in the past tense.
    standing:   how a person stood in it; None for an interface and for the clock.
    grant:      the condition of the grant that was relied on, or None.
    use:        what the decision uses up of an allowance, or None.
    choice:     outcome, exception, ending or message. options: what else could be chosen.
    shown:      the fields that a decision laid before the person.
    fence:      the attempt of a call that it comes from, or None.
    repairs:    the proposal that it carries out, or None. forced: by whose right, if an outcome.
    declines:   the proposal to which it says no, or None.
    carried:    of a case that goes over to another version: from which, by which policy, and what
                becomes different.
    until:      when it may be recorded no longer, or None.
    """

    kind: str
    step: str | None
    token: str | None
    standing: Standing | None
    grant: str | None = None
    choice: str | None = None
    options: tuple[str, ...] = ()
    shown: Mapping[str, Plain] | None = None
    reason: str = ""
    fence: int | None = None
    use: Use | None = None
    repairs: Proposal | None = None
    declines: Proposal | None = None
    forced: Mapping[str, str] | None = None
    carried: Mapping[str, Any] | None = None
    until: datetime | None = None
