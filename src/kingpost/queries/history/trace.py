"""From a case up to what it is for, and down to what proves it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from psycopg.rows import DictRow

from kingpost.decisions.program import WorkflowProgram
from kingpost.queries.people import Answering


@dataclass(frozen=True, slots=True)
class TraceStage:
    """A stage of a value stream that the case's workflow belongs to."""

    stream: str
    stream_title: str
    stage: str
    title: str


@dataclass(frozen=True, slots=True)
class TraceObjective:
    """An objective that the case serves. parents: the objectives above it."""

    id: str
    title: str
    owner: Answering
    parents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TraceDuty:
    """An obligation of the case.

    status: `owed`, `met`, `late`, `missing` or `lifted`. seq: the event that made it so.
    """

    obligation: str
    title: str
    framework: str
    clause: str
    owner: Answering | None
    status: str
    due_at: datetime | None
    since: datetime
    seq: int


@dataclass(frozen=True, slots=True)
class Trace:
    """The line of a case: stages, then objectives (those served first), then obligations."""

    stages: tuple[TraceStage, ...]
    objectives: tuple[TraceObjective, ...]
    duties: tuple[TraceDuty, ...]


def trace_of(
    flow: WorkflowProgram, owners: Mapping[str, Answering], duties: Iterable[DictRow]
) -> Trace:
    """Return the line of a case of a workflow. owners: every post with its holders now."""
    model = flow.model
    stages = tuple(
        TraceStage(stream.id, stream.title, stage.id, stage.title)
        for stream in model.streams.values()
        for stage in stream.stages
        if flow.workflow.id in stage.workflows
    )
    objectives = tuple(
        TraceObjective(item.id, item.title, owners[item.owner], item.parents)
        for item in (model.objectives[name] for name in flow.objectives)
    )
    return Trace(stages, objectives, tuple(_duty(flow, owners, row) for row in duties))


def _duty(flow: WorkflowProgram, owners: Mapping[str, Answering], row: DictRow) -> TraceDuty:
    declared = flow.model.obligations.get(row["obligation"])
    return TraceDuty(
        title=declared.title if declared else row["obligation"],
        framework=declared.framework if declared else "",
        clause=declared.clause if declared else "",
        owner=owners[declared.owner] if declared else None,
        **row,
    )
