"""From a case up to what it is for, and down to what proves it."""

from dataclasses import dataclass
from datetime import datetime

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
