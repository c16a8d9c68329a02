"""Is an objective met? Statuses of measures and objectives, judged from their numbers."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from enum import StrEnum

from kingpost.model.intent import Measure, Objective


class Status(StrEnum):
    """How an objective or one of its measures stands."""

    ON_TRACK = "on-track"
    AT_RISK = "at-risk"
    OFF_TRACK = "off-track"
    NO_DATA = "no-data"


_WORST_FIRST = (Status.OFF_TRACK, Status.AT_RISK, Status.ON_TRACK)


def judge(measure: Measure, value: Decimal | None) -> Status:
    """Return how a measure stands: off track when its target is missed, at risk when it says so."""
    if value is None:
        return Status.NO_DATA
    if not measure.target.is_met(value):
        return Status.OFF_TRACK
    if measure.at_risk is not None and measure.at_risk.is_met(value):
        return Status.AT_RISK
    return Status.ON_TRACK


def worst(statuses: Iterable[Status]) -> Status:
    """Return the worst status; those without data do not count unless there are no others."""
    found = set(statuses)
    return next((status for status in _WORST_FIRST if status in found), Status.NO_DATA)


def objective_statuses(
    objectives: Mapping[str, Objective], measured: Mapping[tuple[str, str], Status]
) -> Mapping[str, Status]:
    """Return the status of every objective.

    measured: by objective and measure. An objective stands as the worst of its own measures;
    one without measures as the worst of those that serve it.
    """
    found: dict[str, Status] = {}

    def status(name: str, above: frozenset[str]) -> Status:
        if name not in found:
            own = [measured[name, measure.id] for measure in objectives[name].measures]
            # A circle, which the check refuses, must not keep us here.
            below = [
                status(other.id, above | {name})
                for other in objectives.values()
                if not own and name in other.parents and other.id not in above
            ]
            found[name] = worst(own or below)
        return found[name]

    for name in objectives:
        status(name, frozenset({name}))
    return found
