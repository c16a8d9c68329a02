"""Who filled the posts in a time, moment by moment: held, and not away."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from kingpost.model.model import Model
from kingpost.model.vacancy import falls_to


@dataclass(frozen=True, slots=True)
class Held:
    """An appointment as it was known. until: None without an end. away: in parts, likewise."""

    post: str
    person: str
    name: str
    kind: str
    since: datetime
    until: datetime | None
    away: tuple[tuple[datetime, datetime | None], ...] = ()

    def runs_at(self, at: datetime) -> bool:
        """Tell whether it runs at a moment."""
        return _within(self.since, self.until, at)

    def is_there(self, at: datetime) -> bool:
        """Tell whether it runs at a moment, and the person is not away."""
        return self.runs_at(at) and not any(_within(*part, at) for part in self.away)


@dataclass(frozen=True, slots=True)
class Empty:
    """A part of a time in which nobody filled a post. acts: the post that stood in, or None."""

    since: datetime
    until: datetime
    acts: str | None


def was_away(item: Held, start: datetime, end: datetime) -> bool:
    """Tell whether somebody was away for all of a time in which they held the post."""
    return not any(item.is_there(at) for at, _ in _parts([item], start, end))


def emptiness(
    model: Model, post: str, held: Sequence[Held], start: datetime, end: datetime
) -> tuple[Empty, ...]:
    """Return when nobody filled a post in a time, and who stood in by its policy then.

    held: all appointments of all posts that ran in that time.
    """
    found: list[Empty] = []
    for since, until in _parts(held, start, end):
        filled = _filled(model, held, since)
        if post in filled:
            continue
        acts = falls_to(model, post, frozenset(model.posts.keys() - filled))
        last = found[-1] if found else None
        if last is not None and (last.until, last.acts) == (since, acts):
            found[-1] = Empty(last.since, until, acts)
        else:
            found.append(Empty(since, until, acts))
    return tuple(found)


def _filled(model: Model, held: Iterable[Held], at: datetime) -> set[str]:
    """Return the posts that somebody fills at a moment.

    An agent does only while somebody holds the post that answers for it, away or not.
    """
    there = {item.post for item in held if item.is_there(at)}
    answering = {item.post for item in held if item.runs_at(at)}
    return {
        post
        for post in there
        if post not in model.posts
        or (by := model.posts[post].answered_for_by) is None
        or by in answering
    }


def _parts(
    held: Iterable[Held], start: datetime, end: datetime
) -> Iterator[tuple[datetime, datetime]]:
    """Yield the parts of a time in which nothing changes."""
    moments = {start, end}
    for item in held:
        for since, until in ((item.since, item.until), *item.away):
            moments |= {at for at in (since, until) if at is not None and start < at < end}
    return pairwise(sorted(moments))


def _within(since: datetime, until: datetime | None, at: datetime) -> bool:
    return since <= at and (until is None or at < until)
