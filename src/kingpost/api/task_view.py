"""Open work as the API answers it: what it shows, and what may be done or why not."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from kingpost.decisions.case import Plain
from kingpost.decisions.options import Option, options
from kingpost.queries.case_page import RecordField
from kingpost.queries.history.timeline import Change, RuleUse
from kingpost.queries.open_work import OpenWork
from kingpost.queries.task_page import Similar, TaskPage


@dataclass(frozen=True, slots=True)
class Possible:
    """An act. why_not: None when you may do it. fields: may come with it; requires: must.

    needs: of an outcome, how many people must still vote for it until it takes effect.
    beyond: whether you may ask for it beyond your authority, for another to confirm.
    allowance: of an outcome that one bounds, what it would use up, as a decision record keeps it.
    """

    id: str
    title: str
    why_not: str | None
    fields: tuple[str, ...]
    requires: tuple[str, ...]
    reason: bool
    needs: int
    allowance: Mapping[str, str | int] | None = None
    beyond: bool = False


@dataclass(frozen=True, slots=True)
class VoteView:
    """What one of those who decide together has said. post: whose authority it rests on."""

    person: str
    post: str
    outcome: str
    fields: Mapping[str, Plain]


@dataclass(frozen=True, slots=True)
class TaskView:
    """Open work. why_not: why you may not work on it; None when you may.

    digest: of what a decision shows, to be sent back as `shown`.
    votes:  of those who decide together, the latest last.
    """

    as_at: datetime
    work: OpenWork
    record: tuple[RecordField, ...]
    shown: tuple[Change, ...]
    digest: str
    rules: tuple[RuleUse, ...]
    similar: Similar | None
    why_not: str | None
    fields: tuple[str, ...]
    requires: tuple[str, ...]
    outcomes: tuple[Possible, ...]
    exceptions: tuple[Possible, ...]
    endings: tuple[Possible, ...]
    messages: tuple[Possible, ...]
    votes: tuple[VoteView, ...]


def view_task(page: TaskPage) -> TaskView:
    """Return open work with what the caller may do there."""
    found = options(page.program, page.case, str(page.work.id), page.facts)
    return TaskView(
        as_at=page.as_at,
        work=page.work,
        record=page.record,
        shown=page.shown,
        digest=page.digest,
        rules=page.rules,
        similar=page.similar,
        why_not=str(found.work) if found.work else None,
        fields=found.fields,
        requires=found.requires,
        outcomes=tuple(map(_possible, found.outcomes)),
        exceptions=tuple(map(_possible, found.exceptions)),
        endings=tuple(map(_possible, found.endings)),
        messages=tuple(map(_possible, found.messages)),
        votes=tuple(
            VoteView(vote.person, vote.post, vote.outcome, dict(vote.fields))
            for vote in found.votes
        ),
    )


def _possible(option: Option) -> Possible:
    return Possible(
        option.id,
        option.title,
        str(option.refusal) if option.refusal else None,
        option.fields,
        option.requires,
        option.reason,
        option.needs,
        option.use.written() if option.use else None,
        option.beyond,
    )
