"""Intent: objectives that work serves, work that serves objectives, hand-overs that fit."""

from collections.abc import Iterator

from kingpost.checks.conditions import allowed_states, is_constant
from kingpost.checks.finding import Where, error, listed, of, warning
from kingpost.checks.organisation import circles
from kingpost.checks.references import metric_key
from kingpost.checks.workflows.flow import end_states
from kingpost.model.intent import (
    Comparison,
    Measure,
    Metric,
    MetricKind,
    Population,
    Stage,
    Target,
    ValueStream,
)
from kingpost.model.model import Model
from kingpost.model.workflow import Workflow
from kingpost.values.diagnostic import Diagnostic

_PERCENT_MAX = 100
_FLOORS = (Comparison.AT_LEAST, Comparison.MORE)


def check_work_has_a_purpose(model: Model) -> Iterator[Diagnostic]:
    """Find workflows that no stage of a value stream names: they serve no objective."""
    named = {name for stage in _stages(model) for name in stage.workflows}
    for workflow in model.workflows.values():
        if workflow.id not in named:
            yield error(
                model,
                "KP0201",
                of("workflow", workflow.id),
                f"workflow `{workflow.id}` serves no objective:"
                f" no stage of a value stream names it",
                f"Add `{workflow.id}` to the `workflows` of a stage.",
            )


def check_objectives_are_served(model: Model) -> Iterator[Diagnostic]:
    """Find objectives that no value stream serves, itself or through an objective below."""
    served = {name for stream in model.streams.values() if stream.stages for name in stream.serves}
    waiting = list(served)
    while waiting:
        goal = model.objectives.get(waiting.pop())
        above = [name for name in goal.parents if name not in served] if goal else []
        served.update(above)
        waiting.extend(above)
    unserved = [goal for goal in model.objectives.values() if goal.id not in served]
    # An objective above another that nothing serves lacks the same work: it is reported once.
    above_others = {name for goal in unserved for name in goal.parents if name != goal.id}
    for goal in unserved:
        if goal.id not in above_others:
            yield error(
                model,
                "KP0202",
                of("objective", goal.id),
                f"no work serves objective `{goal.id}`",
                "Name it in `serves` of a value stream, or of an objective that one serves.",
            )


def check_objective_circles(model: Model) -> Iterator[Diagnostic]:
    """Find objectives that serve themselves."""
    above = {goal.id: goal.parents for goal in model.objectives.values()}
    for circle in circles(above):
        yield error(
            model,
            "KP0203",
            of("objective", circle[0], "serves"),
            f"objective `{circle[0]}` serves itself, by way of {listed(circle[1:] or circle)}",
            "Remove one `serves` of the circle.",
        )


def check_objectives_are_measured(model: Model) -> Iterator[Diagnostic]:
    """Find objectives whose status nothing can tell."""
    below = {name for goal in model.objectives.values() for name in goal.parents}
    for goal in model.objectives.values():
        if not goal.measures and goal.id not in below:
            yield warning(
                model,
                "KP0204",
                of("objective", goal.id),
                f"objective `{goal.id}` has no measure, and no objective that serves it",
                "Give it `measures`, so that its status can be told.",
            )


def check_targets(model: Model) -> Iterator[Diagnostic]:
    """Find targets that no share can reach, and warnings that can never be given."""
    for goal in model.objectives.values():
        for measure in goal.measures:
            at = of("objective", goal.id, "measures", measure.id)
            yield from _check_target(model, measure.metric, measure.target, at.at("target"))
            if measure.at_risk is not None:
                yield from _check_at_risk(model, measure, measure.at_risk, at.at("at-risk"))
    for stream in model.streams.values():
        at = of("value-stream", stream.id, "promise", "target")
        yield from _check_target(model, stream.promise, stream.promise_target, at)


def _check_target(model: Model, metric: str, target: Target, where: Where) -> Iterator[Diagnostic]:
    found = model.metrics.get(metric)
    if found is None or found.kind is not MetricKind.SHARE or 0 <= target.value <= _PERCENT_MAX:
        return
    yield error(
        model,
        "KP0205",
        where,
        f"a share lies between 0 % and 100 %, and the target is {target.value:f} %",
        "Write a percentage from 0 to 100.",
    )


def _check_at_risk(
    model: Model, measure: Measure, at_risk: Target, where: Where
) -> Iterator[Diagnostic]:
    target = measure.target
    rising = target.comparison in _FLOORS
    beyond = at_risk.value > target.value if rising else at_risk.value < target.value
    if rising == (at_risk.comparison in _FLOORS) or not beyond:
        yield warning(
            model,
            "KP0206",
            where,
            f"the `at-risk` of measure `{measure.id}` does not lie at the edge of its target",
            f"Write `{'<' if rising else '>'}` and a value that still meets the target.",
        )


def check_metrics(model: Model) -> Iterator[Diagnostic]:
    """Find metrics that ask for the due time of a step that has none."""
    for metric in model.metrics.values():
        where = of("metric", metric.id, metric_key(metric))
        if metric.within_due and _lacks_due(model, metric):
            yield error(
                model,
                "KP0207",
                where,
                f"metric `{metric.id}` asks what ended within its due time,"
                f" and step `{metric.name}` has none",
                f"Give step `{metric.name}` a `due`.",
            )


def _lacks_due(model: Model, metric: Metric) -> bool:
    workflow = model.workflows.get(metric.workflow)
    step = workflow.step(metric.name) if workflow and metric.name else None
    return metric.population is Population.STEP and step is not None and step.due is None


def check_hand_overs(model: Model) -> Iterator[Diagnostic]:
    """Find stages that hand over what the next does not accept.

    Decided over the record's state alone: from the states in which the cases of a stage may
    end, through its `exit`, to the `entry` of the next.
    """
    for stream in model.streams.values():
        for stage in stream.stages:
            yield from _check_exit(model, stream, stage)
        for before, after in zip(stream.stages, stream.stages[1:], strict=False):
            yield from _check_hand_over(model, stream, before, after)


def _check_exit(model: Model, stream: ValueStream, stage: Stage) -> Iterator[Diagnostic]:
    for workflow in _known(model, stage):
        ends = end_states(model, workflow)
        if (
            ends
            and not allowed_states(model, workflow, stage.exit, ends)
            and not is_constant(model, workflow, stage.exit or "")
        ):
            yield error(
                model,
                "KP0208",
                of("value-stream", stream.id, "stages", stage.id, "exit"),
                f"no case of workflow `{workflow.id}` satisfies the exit of stage `{stage.id}`:"
                f" it ends in {listed(sorted(ends), 'or')}",
                "Name the states in which its cases end.",
            )


def _check_hand_over(
    model: Model, stream: ValueStream, before: Stage, after: Stage
) -> Iterator[Diagnostic]:
    where = of("value-stream", stream.id, "stages", after.id)
    first, second = _known(model, before), _known(model, after)
    shared = {item.object for item in first} & {item.object for item in second}
    if first and second and not shared:
        yield warning(
            model,
            "KP0209",
            where,
            f"stage `{after.id}` works on other objects than stage `{before.id}` hands over",
            "Let consecutive stages name workflows over the same object.",
        )
    for name in sorted(shared):
        givers = [item for item in first if item.object == name]
        takers = [item for item in second if item.object == name]
        given = frozenset(
            state
            for item in givers
            for state in allowed_states(model, item, before.exit, end_states(model, item))
        )
        taken = [allowed_states(model, item, after.entry, given) for item in takers]
        if given and not any(taken):
            yield error(
                model,
                "KP0210",
                where.at("entry"),
                f"stage `{after.id}` accepts nothing that stage `{before.id}` hands over:"
                f" its `{name}` is then {listed(sorted(given), 'or')}",
                f"Accept one of these states in `entry`, or change the exit of `{before.id}`.",
            )


def _known(model: Model, stage: Stage) -> list[Workflow]:
    """Return the declared workflows of a stage whose objects are declared too."""
    found = (model.workflows.get(name) for name in stage.workflows)
    return [item for item in found if item is not None and item.object in model.objects]


def _stages(model: Model) -> Iterator[Stage]:
    for stream in model.streams.values():
        yield from stream.stages
