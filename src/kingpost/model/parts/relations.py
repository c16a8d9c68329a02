"""How one part of a model stands to another, in words from either side."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Relation:
    """A way in which one part names another.

    says:  how the part that names the other puts it; said between the two.
    heard: how the other puts it, also between the two.
    way:   `up` when the other is what this one is for, `down` when it is what this one rests on.
    """

    says: str
    heard: str
    way: Literal["up", "down", "beside"] = "beside"


PART_OF = Relation("is part of", "has", "up")
STANDS_IN = Relation("runs in", "holds")
COUNTS_VISITS = Relation("counts the visits of", "has its visits counted by")
NEXT = Relation("goes on to", "comes after")
READS = Relation("reads", "is read by", "down")

ANSWERED_BY = Relation("is answered for by", "answers for", "down")
KEPT_BY = Relation("is kept by", "keeps")

SERVES = Relation("serves", "is served by", "up")
MEASURED_BY = Relation("is measured by", "measures", "down")
PROMISES = Relation("promises", "is promised by", "down")
COUNTS = Relation("looks at", "is looked at by", "down")
RUNS = Relation("runs", "is run in", "down")

SITS_IN = Relation("sits in", "seats")
BELONGS_TO = Relation("belongs to", "holds", "up")
WORKS_HOURS = Relation("works the hours of", "gives its hours to", "down")
REPORTS_TO = Relation("reports to", "leads")
FALLS_TO = Relation("falls, when vacant, to", "stands in for")
CARRIES = Relation("carries", "is carried by", "up")
INCOMPATIBLE = Relation("may not be carried with", "may not be carried with")
MAY_DECIDE = Relation("may decide", "may be decided by", "up")
MAY_TAKE = Relation("may take", "may be taken by")
ADDS_UP = Relation("adds up", "is added up by", "down")

WORKS_ON = Relation("works on", "is worked on by", "down")
ASKS_FOR = Relation("asks at its start for", "is asked for at the start of", "down")
BEGUN_BY = Relation("is begun by", "begins", "down")
DONE_BY = Relation("is done by", "does", "down")
ADDRESSED_TO = Relation("is addressed to", "is addressed by", "down")
SETS_STATE = Relation("sets the state", "is set by", "down")
TIMED_BY = Relation("is due by", "sets how long may take", "down")
RECORDS = Relation("records", "is recorded by", "down")
REQUIRES = Relation("requires", "is required by", "down")
SHOWS = Relation("shows", "is shown by", "down")
SEPARATE = Relation("is separate from", "is separate from")
EVALUATES = Relation("evaluates", "is evaluated by", "down")
HEARS = Relation("may be delivered by", "may deliver", "down")
WAITS_FOR = Relation("waits for", "is waited for by", "down")

RAISED_BY = Relation("may be raised by", "may raise", "down")
MAY_STRIKE = Relation("may happen in", "may be struck by")
DIVERTS_TO = Relation("leads to", "is led to by")

ANSWERS = Relation("answers", "is answered by", "down")
ANSWERS_FOR = Relation("gives the answer of", "is answered through", "down")
IS_GIVEN = Relation("is given the answer of", "is given to", "down")
FROM = Relation("comes from", "asks for", "up")
PROVES = Relation("proves", "is proven by", "up")
PROVEN_IN = Relation("is proven in", "makes the proof of", "down")
DEMANDS = Relation("demands", "is demanded by", "down")

BEGINS = Relation("begins", "is begun by", "up")
STARTS = Relation("starts", "is started by", "down")
ASKS = Relation("asks", "is asked by", "down")
EACH_OF = Relation("is repeated for each of", "repeats", "down")
TELLS = Relation("tells, when late,", "is told when late by", "down")
TOLD_BY = Relation("is told apart by", "tells apart", "down")
OVERRIDDEN_BY = Relation("may be overridden by", "may override", "down")
CONFIRMED_BY = Relation("has overrides confirmed by", "confirms overrides of")
REVIEWED_BY = Relation("has overrides reviewed by", "reviews overrides of")
MAY_OVERRIDE = Relation("may, beyond authority, be decided by", "may be taken beyond authority in")
MAY_VETO = Relation("ends at once with", "ends at once")
GROUPS_BY = Relation("is grouped by", "groups", "down")
APPROVED_BY = Relation("is approved by", "approves", "down")
SHOWN_TO = Relation("is shown to", "is shown", "down")
SHOWS_CASES = Relation("shows the cases of", "has its cases shown by", "down")
REFERS_TO = Relation("refers to", "is referred to by", "down")
MOVES_TO = Relation("may become", "may come from")
