"""What judging a live case against another version of the model comes to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from kingpost.decisions.authority import Standing
from kingpost.decisions.transition import Transition
from kingpost.model.assurance import CarryOver


class Verdict(StrEnum):
    """What becomes of a live case.

    UNAFFECTED: nothing that it still meets differs; it stays where it is, and need not be touched.
    CARRIES:    it goes over to the new version.
    STAYS:      it ends on its version.
    ASKS:       somebody has to say where it goes.
    REFUSED:    it would skip a control that the new version puts before where it stands.
    """

    UNAFFECTED = "unaffected"
    CARRIES = "carries over"
    STAYS = "stays"
    ASKS = "needs a decision"
    REFUSED = "refused"


class Aspect(StrEnum):
    """In what way something becomes different for a case."""

    STEP = "step"
    WAY = "way"
    STATE = "state"
    POST = "post"
    ROLE = "role"
    PERSON = "person"
    AUTHORITY = "authority"
    DUE = "due"
    LIMIT = "limit"
    NOTICES = "notices"
    FORM = "form"
    FIELD = "field"
    RULE = "rule"
    DUTY = "duty"
    VOTES = "votes"
    EXCEPTION = "exception"
    INTERFACE = "interface"
    MEASURE = "measure"
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class Different:
    """Something that becomes different for a case.

    part:     its address in the new version, or in the old one when it is gone.
    sentence: what, without any value of the record. at: the step where it is met, or empty.
    alone:    whether the sentence tells times or people of this case, so that no other has it.
    """

    aspect: Aspect
    part: str
    sentence: str
    at: str = ""
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody has to say before a case can go over, and by which post. why: a clause."""

    part: str
    why: str
    post: str


@dataclass(frozen=True, slots=True)
class Policy:
    """How a change reaches work in flight.

    positions: by workflow, the step of the new version at which a case goes on that stands at a
               step of the old one; other cases go on where the step has its name, or had it.
    since:     when the change took effect. A case that is carried over at its next step has come
               to one when all that stands open there was opened after it.
    standing:  how a person stands who decides of this one case; None where a change does of all.
               reason: of the person.
    """

    carry_over: CarryOver
    positions: Mapping[str, Mapping[str, str]] = field(
        default_factory=dict[str, "Mapping[str, str]"]
    )
    since: datetime | None = None
    standing: Standing | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """The verdict about one case.

    why:        of a case that stays or is refused, a sentence.
    different:  what becomes different, in words; first for the case itself, then on its way.
    questions:  of a case that needs a decision.
    later:      whether the case is carried over only when it has come to its next step.
    transition: of a case that is carried over now.
    """

    verdict: Verdict
    why: str = ""
    different: tuple[Different, ...] = ()
    questions: tuple[Question, ...] = ()
    later: bool = False
    transition: Transition | None = None
