"""What is answered: the posts of that day, who held them, and who stood in."""

from dataclasses import dataclass
from datetime import datetime

from kingpost.queries.people import Holder


@dataclass(frozen=True, slots=True)
class Delegate:
    """A person to whom the authority of a holder was lent. The scope is as in `Delegated`."""

    person: str
    name: str
    giver: str
    giver_name: str
    workflows: tuple[str, ...]
    outcomes: tuple[str, ...]
    when: str | None
    reason: str
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class StoodIn:
    """A part of that time in which nobody filled a post.

    since, until: the end is exclusive. post: that acted by its policy, with those who were there
    then; None when nobody acted.
    """

    since: datetime
    until: datetime
    post: str | None
    title: str
    holders: tuple[Holder, ...]


@dataclass(frozen=True, slots=True)
class AnsweredThen:
    """A post that answered, and who held it in that time.

    what:      for what of a case: the step, or empty for all of it.
    holders:   `absent` tells who was away for all of that time in which they held it.
    delegates: to whom its authority was lent.
    stood_in:  the parts of that time in which nobody filled it, in order.
    answered_for: of a post for machine agents, the post that answered for them; None for a post of
               people.
    """

    post: str
    title: str
    holders: tuple[Holder, ...]
    delegates: tuple[Delegate, ...]
    stood_in: tuple[StoodIn, ...] = ()
    what: str = ""
    answered_for: "AnsweredThen | None" = None


@dataclass(frozen=True, slots=True)
class Accountable:
    """Who answered for something, by the model that ran then, or that the case ran on.

    address:  as it was called then. asked: as one asked.
    zone:     in which the day is one: of the unit of the post that answers, the first of several.
    start, end: the time asked about; the end is exclusive.
    model:    the version that ran at its end, or the first one, when none ran yet.
    is_later: the model took effect only after that time.
    """

    address: str
    asked: str
    title: str
    zone: str
    start: datetime
    end: datetime
    known: datetime
    model: str
    is_later: bool
    posts: tuple[AnsweredThen, ...]


class NothingThereError(Exception):
    """The model that ran then has no such part, or there is no such case; the message says so."""
