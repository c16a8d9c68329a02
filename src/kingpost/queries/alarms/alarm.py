"""What an alarm is: something that nobody who is there can do, or a review that is overdue."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class AlarmKind(StrEnum):
    """What nobody can do.

    VACANT:  a post with work or duties that nobody holds. AWAY: all who hold it are away. In
             both, nobody stands in by its policy.
    NOBODY:  work that reaches nobody. UNDECIDED: of a decision, nobody whom it reaches may take
             any outcome on its record. NOT_SEPARATE: all who could act have done what the work
             is to be separate from. TOO_FEW: of a decision of several, fewer may take any outcome
             than must agree.
    UNREVIEWED: reviews of overrides that were not made in their time: until they are, nothing more
             is overridden in the name of the post.
    """

    VACANT = "vacant"
    AWAY = "away"
    NOBODY = "nobody"
    UNDECIDED = "undecided"
    NOT_SEPARATE = "not-separate"
    TOO_FEW = "too-few"
    UNREVIEWED = "unreviewed"


@dataclass(frozen=True, slots=True)
class Duty:
    """Something that the model lays on a post, by its address."""

    address: str
    title: str


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something that nobody who is there can do, or that holds others back and is overdue.

    address:  of the part of the model that it is about, such as `post/head`.
    post:     that stands empty, or to which the work is addressed; None for work of a role.
    workflow, step, role: of the work; empty for a post. The role is empty for a call that failed,
              and for what is laid on people by name of their post: a review, a confirmation. The
              step of a repair that moves nothing is empty as well.
    since:    when the post was left, or since when the oldest of the work is open; None for a post
              that nobody ever held.
    until:    when the first holder is back, as far as that is known.
    work:     how many pieces of open work are concerned. numbers: of the cases of the oldest.
    duties:   what else a post has to do.
    stand_in: the post that is to stand in and is empty as well, or None.
    posts:    to which somebody could be appointed so that the alarm ends.
    needed, reached: of a decision of several, how many must agree, and how many may; else 0.
    concerns: the posts that may do something about it and are held, the nearest first.
    what, remedy: what is wrong, and what to do, as sentences.
    """

    kind: AlarmKind
    address: str
    post: str | None
    since: datetime | None
    until: datetime | None = None
    workflow: str = ""
    step: str = ""
    role: str = ""
    work: int = 0
    numbers: tuple[str, ...] = ()
    duties: tuple[Duty, ...] = ()
    stand_in: str | None = None
    posts: tuple[str, ...] = ()
    needed: int = 0
    reached: int = 0
    concerns: tuple[str, ...] = ()
    what: str = ""
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Alarms:
    """All alarms, posts before work and the oldest first of each."""

    as_at: datetime
    alarms: tuple[Alarm, ...]
