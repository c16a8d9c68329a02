"""What is open now, for metrics that count it."""

from psycopg import Connection
from psycopg.rows import DictRow

from kingpost.decisions.judging.values import case_values
from kingpost.decisions.program import Gauge, Program, WorkflowProgram
from kingpost.model.intent import Metric, MetricKind, Population
from kingpost.store.cases import read_row
from kingpost.store.reading import cases


def is_of_now(metric: Metric) -> bool:
    """Tell whether a metric counts what is open now, not what was counted as it ended."""
    return metric.kind is MetricKind.COUNT and metric.window is None


def standing_cases(
    connection: Connection[DictRow], program: Program, metric: Metric
) -> list[DictRow]:
    """Return the open cases that a COUNT of now counts, the latest to come there first.

    The rows have id, number, workflow, state, and since when the case is there.
    """
    is_state, is_step = (metric.population is kind for kind in (Population.STATE, Population.STEP))
    rows = cases.standing(
        connection,
        metric.workflow,
        state=metric.name if is_state else None,
        step=metric.name if is_step else None,
    )
    flow = program.workflows[metric.workflow]
    where = _gauge(flow, metric).where
    if where is None:
        return rows
    whole = cases.read_whole(connection, [row["id"] for row in rows])
    counted = {
        row["id"] for row in whole if where.evaluate(case_values(flow, read_row(row))) is True
    }
    return [row for row in rows if row["id"] in counted]


def _gauge(flow: WorkflowProgram, metric: Metric) -> Gauge:
    groups = flow.gauges.values()
    return next(item for group in groups for item in group if item.metric.id == metric.id)
