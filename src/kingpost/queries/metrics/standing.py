"""What is open now, for metrics that count it."""

from collections.abc import Iterator
from datetime import datetime

from psycopg import Connection
from psycopg.rows import DictRow

from kingpost.decisions.case import Case
from kingpost.decisions.judging.values import case_values
from kingpost.decisions.program import Gauge, Program
from kingpost.model.intent import Metric, MetricKind, Population
from kingpost.store.cases import read_row
from kingpost.store.reading import cases


def is_of_now(metric: Metric) -> bool:
    """Tell whether a metric counts what is open now, not what was counted as it ended."""
    return metric.kind is MetricKind.COUNT and metric.window is None


def standing_cases(
    connection: Connection[DictRow], program: Program, metric: Metric
) -> Iterator[tuple[Case, datetime]]:
    """Yield the open cases that a COUNT of now counts, and since when each is there."""
    flow = program.workflows[metric.workflow]
    gauge = _gauge(program, metric)
    for row in cases.open_cases(connection, metric.workflow):
        case = read_row(row)
        since = _since(metric, case)
        if since is not None and (
            gauge.where is None or gauge.where.evaluate(case_values(flow, case)) is True
        ):
            yield case, since


def _since(metric: Metric, case: Case) -> datetime | None:
    match metric.population:
        case Population.CASE:
            return case.started_at
        case Population.STATE:
            return case.state_since if case.state == metric.name else None
        case Population.STEP:
            token = case.at(metric.name or "")
            return token.since if token else None


def _gauge(program: Program, metric: Metric) -> Gauge:
    gauges = program.workflows[metric.workflow].gauges.values()
    return next(item for group in gauges for item in group if item.metric.id == metric.id)
