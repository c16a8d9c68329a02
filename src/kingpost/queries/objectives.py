"""Objectives with their measures as they stand now, and the cases behind every number."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from psycopg import Connection
from psycopg.rows import DictRow

from kingpost.decisions.program import Program
from kingpost.insight.status import Status, judge, objective_statuses
from kingpost.model.intent import Measure, Metric, Objective, Target, ValueStream
from kingpost.model.model import Model
from kingpost.queries.metrics.counted import CountedCase, read_counted
from kingpost.queries.metrics.readings import Reading, read_metrics
from kingpost.queries.page import PAGE_SIZE, Page
from kingpost.queries.people import Answering, answering
from kingpost.store.pool import Database
from kingpost.store.reading import process
from kingpost.store.reading.people import moment


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
    horizon: date | None = None


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
    with database.snapshot() as connection:
        return objectives_at(connection, program)


def objectives_at(
    connection: Connection[DictRow],
    program: Program,
    owners: Mapping[str, Answering] | None = None,
    *,
    trends: bool = True,
) -> Objectives:
    """Read all objectives with their measures at the snapshot.

    owners: who answers for each post, where that was read before. trends: or only as it is now.
    """
    model = program.model
    now = moment(connection)
    bound = _bound_metrics(model) if trends else set[str]()
    readings = read_metrics(connection, program, now, trends=bound)
    in_flight = process.in_flight(connection)
    owners = answering(connection, program) if owners is None else owners
    measures = {
        (objective.id, measure.id): _measure(measure, model, readings)
        for objective in model.objectives.values()
        for measure in objective.measures
    }
    statuses = objective_statuses(
        model.objectives, {key: measure.status for key, measure in measures.items()}
    )
    return Objectives(
        as_at=now,
        objectives=tuple(
            ObjectiveNow(
                id=objective.id,
                title=objective.title,
                owner=owners[objective.owner],
                parents=objective.parents,
                status=statuses[objective.id],
                measures=tuple(measures[objective.id, item.id] for item in objective.measures),
                workflows=workflows_of(program, objective.id),
                in_flight=sum(
                    in_flight.get(name, 0) for name in workflows_of(program, objective.id)
                ),
                horizon=objective.horizon,
            )
            for objective in from_above(model.objectives)
        ),
        streams=tuple(_stream(item, model, readings, in_flight) for item in model.streams.values()),
        metrics=tuple(MetricNow(item, readings[item.id][-1]) for item in model.metrics.values()),
    )


def read_metric(
    database: Database, program: Program, metric: str, *, page: int = 1, size: int = PAGE_SIZE
) -> MetricPage | None:
    """Read a metric and a page of what it counts, or None when the model has no such metric."""
    model = program.model
    if metric not in model.metrics:
        return None
    with database.snapshot() as connection:
        now = moment(connection)
        readings = read_metrics(connection, program, now, trends={metric}, only=metric)
        counted = read_counted(connection, program, model.metrics[metric], now, (page, size))
    return MetricPage(
        as_at=now,
        metric=model.metrics[metric],
        now=readings[metric][-1],
        trend=readings[metric] if len(readings[metric]) > 1 else (),
        bound=tuple(
            (objective.id, _measure(measure, model, readings))
            for objective in model.objectives.values()
            for measure in objective.measures
            if measure.metric == metric
        ),
        cases=counted,
    )


def workflows_of(program: Program, objective: str) -> tuple[str, ...]:
    """Return the workflows that serve an objective, itself or through objectives below it."""
    return tuple(name for name, flow in program.workflows.items() if objective in flow.objectives)


def from_above(objectives: Mapping[str, Objective]) -> Iterator[Objective]:
    """Yield every objective once, those above before those below."""
    waiting, known = list(objectives.values()), set[str]()
    while waiting:
        ready = [item for item in waiting if known.issuperset(set(item.parents) & set(objectives))]
        # A circle, which the check refuses, must not keep us here.
        for item in ready or waiting:
            yield item
            known.add(item.id)
        waiting = [item for item in waiting if item.id not in known]


def _bound_metrics(model: Model) -> set[str]:
    measured = {measure.metric for item in model.objectives.values() for measure in item.measures}
    return measured | {stream.promise for stream in model.streams.values()}


def _measure(
    measure: Measure, model: Model, readings: Mapping[str, tuple[Reading, ...]]
) -> MeasureNow:
    found = readings[measure.metric]
    return MeasureNow(
        id=measure.id,
        title=measure.title,
        metric=model.metrics[measure.metric],
        target=measure.target,
        at_risk=measure.at_risk,
        now=found[-1],
        status=judge(measure, found[-1].value),
        trend=found if len(found) > 1 else (),
    )


def _stream(
    stream: ValueStream,
    model: Model,
    readings: Mapping[str, tuple[Reading, ...]],
    in_flight: Mapping[str, int],
) -> StreamNow:
    metric = model.metrics[stream.promise]
    promise = Measure("promise", metric.title, metric.id, stream.promise_target)
    return StreamNow(
        id=stream.id,
        title=stream.title,
        serves=stream.serves,
        promise=_measure(promise, model, readings),
        stages=tuple(
            StageNow(
                stage.id,
                stage.title,
                stage.workflows,
                sum(in_flight.get(name, 0) for name in stage.workflows),
            )
            for stage in stream.stages
        ),
    )
