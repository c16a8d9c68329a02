"""What good looks like: objectives, measures, metrics and value streams."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from kingpost.values.span import Span


class MetricKind(StrEnum):
    """What a metric computes over its population."""

    COUNT = "count"
    SHARE = "share"
    MEDIAN = "median"
    PERCENTILE_85 = "percentile-85"
    MEAN = "mean"


class Population(StrEnum):
    """What a metric looks at: cases as they close, passages of one step or state, or records."""

    CASE = "case"
    STEP = "step"
    STATE = "state"
    OBJECT = "object"


@dataclass(frozen=True, slots=True)
class Metric:
    """Something counted or timed, defined once.

    COUNT:  how many cases are open now, or (`window` given) how many were counted in the window.
    SHARE:  how many of them satisfy `where`, or end within their due time, in percent.
    MEDIAN, PERCENTILE_85, MEAN: of the seconds that the case, step or state took.

    workflow:   whose cases; for OBJECT, the object whose records are looked at.
    name:       the step or state; None for CASE and OBJECT.
    where:      expression over the record; filters, or for a SHARE is the condition itself.
    within_due: a SHARE of step passages that ended within their due time.
    window:     only what ended in this time before now; None for all time.
    group_by:   fields of the record whose values tell groups apart, each with a number of its own.
    Source: ISO/IEC/IEEE 15939, measurement process, for measure, indicator and target.
    """

    id: str
    title: str
    kind: MetricKind
    population: Population
    workflow: str
    name: str | None = None
    where: str | None = None
    within_due: bool = False
    window: Span | None = None
    group_by: tuple[str, ...] = ()
    description: str = ""
    was: str = ""


class Comparison(StrEnum):
    """The direction of a target."""

    AT_LEAST = ">="
    AT_MOST = "<="
    MORE = ">"
    LESS = "<"


@dataclass(frozen=True, slots=True)
class Target:
    """A bound on a metric. value: percent for a SHARE, seconds for a time, a number for a COUNT."""

    comparison: Comparison
    value: Decimal

    def is_met(self, value: Decimal) -> bool:
        """Tell whether `value` lies on the good side of the bound."""
        match self.comparison:
            case Comparison.AT_LEAST:
                return value >= self.value
            case Comparison.AT_MOST:
                return value <= self.value
            case Comparison.MORE:
                return value > self.value
            case Comparison.LESS:
                return value < self.value


@dataclass(frozen=True, slots=True)
class Measure:
    """A metric bound to a target.

    at_risk: the condition under which a met target is in danger, or None.
    """

    id: str
    title: str
    metric: str
    target: Target
    at_risk: Target | None = None
    description: str = ""


@dataclass(frozen=True, slots=True)
class Objective:
    """Something the company wants, with the post that answers for it.

    horizon: the last day by which it is wanted; None for always.
    """

    id: str
    title: str
    owner: str
    parents: tuple[str, ...] = ()
    measures: tuple[Measure, ...] = ()
    horizon: date | None = None
    description: str = ""
    was: str = ""


@dataclass(frozen=True, slots=True)
class Stage:
    """A part of a value stream.

    entry, exit: expressions over the record that a case of its workflows must satisfy to start
                 and to end: the contract of the hand-over.
    """

    id: str
    title: str
    workflows: tuple[str, ...]
    entry: str | None = None
    exit: str | None = None
    description: str = ""
    was: str = ""


@dataclass(frozen=True, slots=True)
class ValueStream:
    """A flow of value. promise: the metric that the customer feels. serves: objectives.

    Source: TOGAF Series Guide, Value Streams.
    """

    id: str
    title: str
    serves: tuple[str, ...]
    promise: str
    promise_target: Target
    stages: tuple[Stage, ...]
    description: str = ""
    was: str = ""
