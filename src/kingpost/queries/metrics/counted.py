"""Exactly what a metric counts, a page at a time."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from psycopg import Connection
from psycopg.rows import DictRow

from kingpost.decisions.program import Program
from kingpost.model.intent import Metric, MetricKind
from kingpost.queries.metrics.readings import question_of, seconds
from kingpost.queries.metrics.standing import is_of_now, standing_cases
from kingpost.queries.page import Page, cut, offset
from kingpost.store.reading import measures
from kingpost.store.reading.measures import Order


@dataclass(frozen=True, slots=True)
class CountedCase:
    """One thing that a metric counts: a case, or one stay of it.

    at:    when it was counted; for what is open now, since when it is there.
    value: what it contributes: 1 or 0 to a SHARE, 1 to a COUNT, seconds to a time.
    seq:   the event that it follows from; None for what is open now.
    """

    case: UUID
    number: str
    workflow: str
    state: str
    at: datetime
    value: Decimal
    seq: int | None


def read_counted(
    connection: Connection[DictRow],
    program: Program,
    metric: Metric,
    now: datetime,
    page: tuple[int, int],
) -> Page[CountedCase]:
    """Return a page of exactly what a metric counts. page: its number, and its size."""
    number, size = page
    if is_of_now(metric):
        found = [
            CountedCase(
                row["id"],
                row["number"],
                row["workflow"],
                row["state"],
                row["since"],
                Decimal(1),
                None,
            )
            for row in standing_cases(connection, program, metric)
        ]
        return cut(found, number, size)
    question = question_of(metric, now)
    population = measures.answers(connection, [question])[0]["population"]
    order: Order = "highest" if _is_timed(metric) else "latest"
    if metric.kind is MetricKind.SHARE:
        order = "lowest"
    rows = measures.counted(connection, question, order, size, offset(number, size))
    listed = tuple(
        CountedCase(
            row["case_id"],
            row["number"],
            row["workflow"],
            row["state"],
            row["at"],
            seconds(row["value"]) if _is_timed(metric) else Decimal(row["value"]),
            row["seq"],
        )
        for row in rows
    )
    return Page(listed, population, max(1, number), size)


def _is_timed(metric: Metric) -> bool:
    return metric.kind not in {MetricKind.COUNT, MetricKind.SHARE}
