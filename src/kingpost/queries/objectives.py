"""Objectives with their measures as they stand now, and the cases behind every number."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from kingpost.decisions.program import Program
from kingpost.insight.status import Status
from kingpost.model.intent import Metric, Target
from kingpost.queries.page import PAGE_SIZE, Page
from kingpost.queries.people import Answering
from kingpost.store.pool import Database

TREND_POINTS = 8


@dataclass(frozen=True, slots=True)
class Reading:
    """A metric at one moment. value: percent of a SHARE, seconds of a time, a number of a COUNT.

    value:      None without a population, except that a COUNT is then 0.
    population: how many cases or stays it is computed from.
    """

    at: datetime
    value: Decimal | None
    population: int


@dataclass(frozen=True, slots=True)
class MeasureNow:
    """A metric bound to a target, now. trend: its readings week by week, the last one now.

    A COUNT of what is open now has no trend.
    """

    id: str
    title: str
    metric: Metric
    target: Target
    at_risk: Target | None
    now: Reading
    status: Status
    trend: tuple[Reading, ...]


@dataclass(frozen=True, slots=True)
class ObjectiveNow:
    """An objective. workflows: those that serve it, itself or through objectives below.

    in_flight: open cases of these workflows.
    """

    id: str
    title: str
    owner: Answering
    parents: tuple[str, ...]
    status: Status
    measures: tuple[MeasureNow, ...]
    workflows: tuple[str, ...]
    in_flight: int


@dataclass(frozen=True, slots=True)
class StageNow:
    """A stage of a value stream. in_flight: open cases of its workflows."""

    id: str
    title: str
    workflows: tuple[str, ...]
    in_flight: int


@dataclass(frozen=True, slots=True)
class StreamNow:
    """A value stream with its promise as a measure; its id is `promise`."""

    id: str
    title: str
    serves: tuple[str, ...]
    promise: MeasureNow
    stages: tuple[StageNow, ...]


@dataclass(frozen=True, slots=True)
class MetricNow:
    """A metric of the model as it reads now, bound to a target or not."""

    metric: Metric
    now: Reading


@dataclass(frozen=True, slots=True)
class Objectives:
    """All objectives, those above before those below, with streams and metrics."""

    as_at: datetime
    objectives: tuple[ObjectiveNow, ...]
    streams: tuple[StreamNow, ...]
    metrics: tuple[MetricNow, ...]


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


@dataclass(frozen=True, slots=True)
class MetricPage:
    """A metric with its trend and exactly what it counts.

    bound: objective and measure for each binding of it.
    cases: for a SHARE what missed first, for a time the longest first, then the latest first.
    """

    as_at: datetime
    metric: Metric
    now: Reading
    trend: tuple[Reading, ...]
    bound: tuple[tuple[str, MeasureNow], ...]
    cases: Page[CountedCase]


def read_objectives(database: Database, program: Program) -> Objectives:
    """Read all objectives of the model with their measures computed now."""
    raise NotImplementedError


def read_metric(
    database: Database, program: Program, metric: str, *, page: int = 1, size: int = PAGE_SIZE
) -> MetricPage | None:
    """Read a metric and a page of what it counts, or None when the model has no such metric."""
    raise NotImplementedError
