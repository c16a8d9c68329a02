"""The form of what must be so in a story."""

from typing import Any

from kingpost.model.scenario import DutyStatus, Expectation
from kingpost.notation.elements.stories.values import NAMES, NO_RECORD, RECORD, by_name
from kingpost.notation.forms import Form, Opened, defaulted, optional
from kingpost.notation.phrases import LOCAL_TIME, REFERENCE, TEXT, YES_NO, one_of

_OPEN = optional("open", NAMES, "every task, decision, wait and call that is open, and no other")
_STATE = optional("state", REFERENCE, "the state of the record")
_CLOSED = optional("closed", YES_NO, "whether the case has ended")
_EXPECTED_RECORD: Any = defaulted("record", RECORD, NO_RECORD, "values of the record")
_EMPTY = defaulted("empty", NAMES, (), "fields of the record that have no value")
_REFUSED = optional("refused", TEXT, "words of the refusal of the act before")
_DECIDED: Any = defaulted(
    "decided", by_name(REFERENCE), NO_RECORD, "by decision, the outcome taken last"
)
_OBLIGATIONS: Any = defaulted(
    "obligations", by_name(one_of(DutyStatus)), NO_RECORD, "how obligations stand in the case"
)
_DUE: Any = defaulted(
    "due", by_name(LOCAL_TIME), NO_RECORD, "by open step, when its term or its limit ends"
)
_OVERDUE = defaulted("overdue", NAMES, (), "open steps whose term is over")
_ADDRESSED: Any = defaulted(
    "addressed", by_name(REFERENCE), NO_RECORD, "by open step, the post it is addressed to"
)
_SUSPENDED: Any = defaulted(
    "suspended", by_name(REFERENCE), NO_RECORD, "by open step, the exception that holds it"
)
_ESCALATED: Any = defaulted(
    "escalated", by_name(NAMES), NO_RECORD, "by open step, the posts told that it is late"
)


_REVIEWS = optional(
    "reviews", NAMES, "every decision of which an override is to be reviewed, and no other"
)


def _expectation(of: Opened) -> Expectation:
    return Expectation(
        open=of[_OPEN],
        state=of[_STATE],
        closed=of[_CLOSED],
        record=of[_EXPECTED_RECORD],
        empty=of[_EMPTY],
        refused=of[_REFUSED],
        decided=of[_DECIDED],
        obligations=of[_OBLIGATIONS],
        due=of[_DUE],
        overdue=of[_OVERDUE],
        addressed=of[_ADDRESSED],
        suspended=of[_SUSPENDED],
        escalated=of[_ESCALATED],
        reviews=of[_REVIEWS],
    )


EXPECTATION = Form(
    "expectation",
    (
        _OPEN,
        _STATE,
        _CLOSED,
        _EXPECTED_RECORD,
        _EMPTY,
        _REFUSED,
        _DECIDED,
        _OBLIGATIONS,
        _DUE,
        _OVERDUE,
        _ADDRESSED,
        _SUSPENDED,
        _ESCALATED,
        _REVIEWS,
    ),
    _expectation,
)
