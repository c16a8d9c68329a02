"""The words for a property of the model when it changes: a verb phrase with a place for the value.

A property that is not listed is told by its name. A phrase begins with a verb, so that `now` and
`no longer` can be said with it.
"""

from collections.abc import Mapping
from types import MappingProxyType

from kingpost.model import assurance, intent, model, objects, organisation, rules, workflow
from kingpost.model.describing.labels import label_of
from kingpost.values.business_time import Calendar

_ANSWERED = "is answered for by {}"

PHRASES: Mapping[tuple[type, str], str] = MappingProxyType(
    {
        (model.Model, "company"): "is called {}",
        (model.Model, "zone"): "lives in the time zone {}",
        (Calendar, "zone"): "counts in the time zone {}",
        (Calendar, "openings"): "is open {}",
        (Calendar, "holidays"): "is closed on {}",
        (Calendar, "country"): "keeps the public holidays of {}",
        (Calendar, "public"): "keeps as public holidays {}",
        (Calendar, "open_on"): "is open on the public holiday {}",
        (organisation.Unit, "calendar"): "works the hours of {}",
        (organisation.Unit, "parent"): "is part of {}",
        (organisation.Role, "incompatible_with"): "may not be carried together with {}",
        (organisation.Post, "unit"): "sits in {}",
        (organisation.Post, "reports_to"): "reports to {}",
        (organisation.Post, "roles"): "carries the role {}",
        (organisation.Post, "seats"): "has {} seats",
        (organisation.Post, "vacancy"): "has the vacancy policy {}",
        (organisation.Post, "falls_to"): "falls to {} when vacant",
        (organisation.Post, "authority"): "may take {}",
        (intent.Objective, "owner"): _ANSWERED,
        (intent.Objective, "parents"): "serves {}",
        (intent.Measure, "metric"): "reads {}",
        (intent.Measure, "target"): "is met at {}",
        (intent.Measure, "at_risk"): "is at risk at {}",
        (intent.Metric, "where"): "counts where {}",
        (intent.Metric, "window"): "looks back {}",
        (intent.ValueStream, "serves"): "serves {}",
        (intent.ValueStream, "promise"): "promises {}",
        (intent.ValueStream, "promise_target"): "promises {}",
        (intent.Stage, "workflows"): "runs {}",
        (intent.Stage, "entry"): "is entered with {}",
        (intent.Stage, "exit"): "is left with {}",
        (objects.BusinessObject, "custodian"): "is kept by {}",
        (objects.BusinessObject, "moves"): "may move {}",
        (objects.Field, "type"): "is of the type {}",
        (objects.Field, "choices"): "may be {}",
        (objects.Field, "required"): "is required",
        (objects.Field, "privacy"): "is of the class {}",
        (objects.State, "begin"): "begins the lifecycle",
        (objects.State, "end"): "ends the lifecycle",
        (objects.State, "always"): "demands {}",
        (rules.Rule, "object"): "reads {}",
        (rules.Rule, "hit_policy"): "has the hit policy {}",
        (rules.Rule, "aggregation"): "makes of its answers the {}",
        (rules.Rule, "annotations"): "remarks the {}",
        (rules.Rule, "value"): "finds {}",
        (rules.Rule, "answers"): "answers for {}",
        (rules.Rule, "given"): "is given the answer of {}",
        (rules.Input, "expression"): "tests {}",
        (rules.Input, "values"): "may be {}",
        (rules.Output, "type"): "is of the type {}",
        (rules.Output, "values"): "may be {}",
        (rules.Output, "default"): "is {} when no row matches",
        (rules.Parameter, "type"): "is of the type {}",
        (rules.Parameter, "values"): "may be {}",
        (rules.Entry, "expression"): "is found by {}",
        (assurance.Framework, "edition"): "is meant in the edition {}",
        (assurance.Obligation, "framework"): "comes from {}",
        (assurance.Obligation, "clause"): "comes from clause {}",
        (assurance.Obligation, "owner"): _ANSWERED,
        (assurance.Obligation, "applies"): "applies where {}",
        (assurance.Obligation, "within"): "is due within {} of the start",
        (assurance.Evidence, "made_by"): "is proven in {}",
        (assurance.Evidence, "holds"): "demands {}",
        (workflow.Workflow, "object"): "works on {}",
        (workflow.Workflow, "owner"): _ANSWERED,
        (workflow.Workflow, "repaired_by"): "has its cases repaired by {}",
        (workflow.Workflow, "prefix"): "numbers its cases {}",
        (workflow.Begin, "form"): "asks at its start for {}",
        (workflow.Begin, "roles"): "is begun by {}",
        (workflow.Begin, "interfaces"): "is begun by {}",
        (workflow.Step, "kind"): "is {}",
        (workflow.Step, "block"): "stands {}",
        (workflow.Step, "state"): "sets the state {}",
        (workflow.Step, "due"): "is due {}",
        (workflow.Step, "discharges"): "proves {}",
        (workflow.Step, "then"): "goes on to {}",
        (workflow.Step, "role"): "is done by {}",
        (workflow.Step, "to"): "is addressed to {}",
        (workflow.Step, "records"): "records {}",
        (workflow.Step, "requires"): "requires {}",
        (workflow.Step, "separate_from"): "is done by another person than {}",
        (workflow.Step, "shows"): "shows {}",
        (workflow.Step, "rule"): "evaluates {}",
        (workflow.Step, "limit"): "waits at most {}",
        (workflow.Step, "join"): "waits for {} of its branches",
        (workflow.Step, "named"): "waits for the branch {}",
        (workflow.Decision, "override"): "lets overrides be {}",
        (workflow.Outcome, "reason"): "requires a reason",
        (workflow.Outcome, "records"): "records {}",
        (workflow.Outcome, "requires"): "requires {}",
        (workflow.Outcome, "then"): "goes on to {}",
        (workflow.Awaited, "senders"): "may be delivered by {}",
        (workflow.Awaited, "then"): "goes on to {}",
        (workflow.Exceptional, "cause"): "has the cause {}",
        (workflow.Exceptional, "raised_by"): "may be raised by {}",
        (workflow.Exceptional, "steps"): "may happen in {}",
        (workflow.Exceptional, "divert"): "leads to {}",
        (workflow.Exceptional, "state"): "sets the state {}",
        (workflow.Exceptional, "stops_clocks"): "stops the clocks",
        (workflow.Exceptional, "until"): "ends when {} is done",
        (workflow.Exceptional, "lasts"): "ends by itself after {}",
        (workflow.Exceptional, "moment"): "ends by itself at the time of {}",
        (workflow.Exceptional, "alongside"): "opens {} beside the case",
        (workflow.Ending, "completes"): "completes the step",
    }
)


_BEFORE: Mapping[str, str] = MappingProxyType(
    {
        "was": "remembers that it was `{}`",
        "and_was": "is also what was {}",
        "takes_over": "takes over the work of {}",
        "split_from": "takes a part of the work of `{}`",
    }
)


def phrase_of(kind: type, name: str) -> str:
    """Return the verb phrase for a property of a class."""
    for ancestor in kind.__mro__:
        found = PHRASES.get((ancestor, name))
        if found is not None:
            return found
    if name in _BEFORE:
        return _BEFORE[name]
    return "is called {}" if name == "title" else f"has {label_of(kind, name)} {{}}"


def now(phrase: str) -> str:
    """Return a verb phrase for what was not so before."""
    verb, _, rest = phrase.partition(" ")
    return f"{verb} now {rest}" if verb in {"is", "has", "may"} else f"now {phrase}"


def no_longer(phrase: str) -> str:
    """Return a verb phrase for what is not so any more."""
    verb, _, rest = phrase.partition(" ")
    return f"{verb} no longer {rest}" if verb in {"is", "has", "may"} else f"no longer {phrase}"
