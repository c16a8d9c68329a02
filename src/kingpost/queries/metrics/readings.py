"""What metrics read at a moment: the number, and how much it is computed from."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from psycopg import Connection
from psycopg.rows import DictRow

from kingpost.decisions.program import Program
from kingpost.model.intent import Metric, MetricKind
from kingpost.queries.metrics.standing import is_of_now, standing_cases
from kingpost.store.reading import measures
from kingpost.store.reading.measures import Question

TREND_POINTS = 8
_TREND_STEP = timedelta(weeks=1)
_DAY_SECONDS, _WEEK_DAYS = 86_400, 7
_PARTS = {MetricKind.MEDIAN: 0.5, MetricKind.PERCENTILE_85: 0.85}


@dataclass(frozen=True, slots=True)
class Reading:
    """A metric at one moment. value: percent of a SHARE, seconds of a time, a number of a COUNT.

    value:      None without a population, except that a COUNT is then 0.
    population: how many cases or stays it is computed from.
    """

    at: datetime
    value: Decimal | None
    population: int


def read_metrics(
    connection: Connection[DictRow],
    program: Program,
    now: datetime,
    *,
    trends: set[str],
    only: str | None = None,
) -> dict[str, tuple[Reading, ...]]:
    """Return the readings of every metric, or of one: the last one is now.

    trends: the metrics that are read week by week, with the window that they have now. A COUNT of
            what is open now has no past.
    """
    wanted = [item for item in program.model.metrics.values() if only in {None, item.id}]
    asked = [
        (metric, at)
        for metric in wanted
        if not is_of_now(metric)
        for at in _moments(now, TREND_POINTS if metric.id in trends else 1)
    ]
    answers = measures.answers(connection, [question_of(metric, at) for metric, at in asked])
    found: dict[str, tuple[Reading, ...]] = {}
    for (metric, at), row in zip(asked, answers, strict=True):
        found[metric.id] = (*found.get(metric.id, ()), _reading(metric, at, row))
    for metric in wanted:
        if is_of_now(metric):
            count = len(standing_cases(connection, program, metric))
            found[metric.id] = (Reading(now, Decimal(count), count),)
    return found


def _moments(now: datetime, points: int) -> Iterator[datetime]:
    return (now - _TREND_STEP * back for back in range(points - 1, -1, -1))


def question_of(metric: Metric, at: datetime) -> Question:
    """Return what to ask of the store to read a metric at a moment."""
    since = None
    if metric.window is not None:
        since = at - timedelta(seconds=metric.window.seconds(_DAY_SECONDS, _WEEK_DAYS))
    return Question(metric.id, since, at, _PARTS.get(metric.kind))


def _reading(metric: Metric, at: datetime, row: DictRow) -> Reading:
    population, total = row["population"], Decimal(row["total"])
    if metric.kind is MetricKind.COUNT:
        return Reading(at, total, population)
    if not population:
        return Reading(at, None, 0)
    match metric.kind:
        case MetricKind.SHARE:
            value = 100 * total / population
        case MetricKind.MEAN:
            value = seconds(total) / population
        case _:
            value = seconds(Decimal(str(row["percentile"])))
    return Reading(at, value, population)


def seconds(milliseconds: int | Decimal) -> Decimal:
    """Return milliseconds as seconds."""
    return Decimal(milliseconds) / 1000
