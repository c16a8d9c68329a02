"""The names of the properties of the model in words."""

from collections.abc import Mapping
from types import MappingProxyType

from kingpost.model import assurance, intent, objects, organisation, workflow
from kingpost.model.steps.deciding import Override

# Where the name of the property in the code is not the word for it.
_LABELS: Mapping[tuple[type, str], str] = MappingProxyType(
    {
        (assurance.Obligation, "owner"): "answered for by",
        (intent.Objective, "owner"): "answered for by",
        (intent.Objective, "parents"): "serves",
        (intent.Metric, "workflow"): "looks at",
        (objects.Field, "privacy"): "class",
        (intent.ValueStream, "promise_target"): "promised target",
        (organisation.Post, "vacancy"): "when vacant",
        (organisation.Post, "falls_to"): "falls to",
        (organisation.Unit, "parent"): "part of",
        (workflow.Workflow, "owner"): "answered for by",
        (workflow.Workflow, "repaired_by"): "cases repaired by",
        (workflow.Step, "to"): "addressed to",
        (workflow.Step, "state"): "sets the state",
        (workflow.Step, "role"): "done by",
        (workflow.Step, "separate_from"): "by another person than",
        (workflow.Step, "named"): "branches that must be done",
        (workflow.Outcome, "reason"): "reason required",
        (workflow.Decision, "override"): "overrides",
        (Override, "by"): "asked for by",
        (Override, "outcomes"): "of the outcomes",
        (Override, "lapses_after"): "lapse after",
        (workflow.Exceptional, "divert"): "goes to",
        (workflow.Exceptional, "stops_clocks"): "clocks stop",
        (workflow.Exceptional, "until"): "ends when this is done",
        (workflow.Exceptional, "lasts"): "ends by itself after",
        (workflow.Exceptional, "moment"): "ends by itself at the time of",
        (workflow.Exceptional, "alongside"): "beside the case",
        (workflow.Ending, "completes"): "completes the step",
    }
)


def label_of(kind: type, name: str) -> str:
    """Return the name of a property in words."""
    for ancestor in kind.__mro__:
        if (ancestor, name) in _LABELS:
            return _LABELS[ancestor, name]
    return name.replace("_", " ")
