"""Reviews of overrides that were not made in their time: they hold further overrides back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kingpost.queries.history.timeline import Programs
from kingpost.queries.open_work import step_title
from kingpost.store.models import heirs
from kingpost.store.pool import Database
from kingpost.store.reading.lists import reviews


@dataclass(frozen=True, slots=True)
class OverdueReview:
    """A review that is overdue.

    post: the title of the one that makes it. by: of the one that overrides nothing more until then.
    for_post: the id of the one that makes it, or of its heir when the model has it no longer.
    """

    id: UUID
    number: str
    step_title: str
    post: str
    by: str
    due_at: datetime
    for_post: str


def read_overdue_reviews(database: Database, programs: Programs) -> tuple[OverdueReview, ...]:
    """Read every review that is overdue, also of cases that have ended."""
    with database.connection() as connection:
        rows, gone = reviews.overdue(connection), heirs(connection)
    return tuple(_review(programs, row, gone) for row in rows)


def _review(programs: Programs, row: dict[str, object], gone: Mapping[str, str]) -> OverdueReview:
    program, post = programs(str(row["model"])), str(row["post"])

    def title(name: object) -> str:
        found = program.model.posts.get(str(name))
        return found.title if found else str(name)

    due = row["due_at"]
    assert isinstance(due, datetime), "only what has a term is overdue"
    return OverdueReview(
        id=UUID(str(row["id"])),
        number=str(row["number"]),
        step_title=step_title(program, str(row["workflow"]), str(row["step"])),
        post=title(row["post"]),
        by=title(row["by"]),
        due_at=due,
        for_post=gone.get(post, post),
    )
