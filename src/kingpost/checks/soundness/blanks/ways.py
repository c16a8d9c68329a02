"""The way to a table with an empty field: no null decides there, so the case would stop."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from kingpost.checks.conditions import Scopes
from kingpost.checks.soundness.authority import Authority
from kingpost.checks.soundness.blanks.asked import Blank, asked_in, recorded_in
from kingpost.checks.soundness.cells import TooManyPositionsError
from kingpost.checks.soundness.guards import BrokenConditionError
from kingpost.checks.soundness.plan import Stages, make_plan
from kingpost.checks.soundness.proof import Kind, Way, prove
from kingpost.model.model import Model
from kingpost.model.workflow import Mark, Parallel, Route, RuleStep, Step, Wait, Workflow

# What is added to the name of a step that another stands before; no name of a model has a slash.
_ITSELF = "/itself"


def blanks(
    model: Model, workflow: Workflow, authority: Authority, stages: Stages, scopes: Scopes
) -> Iterator[tuple[Blank, Way, bool]]:
    """Yield the fields that may be empty where a table asks for them, with the way to the step.

    The last tells whether a case can come there for certain with the field empty. Left out is what
    may be filled at once by whoever comes to the step: the act that leads there is refused with
    what is empty.

    The proof itself finds the way: before each such step stands another, which goes to where no
    case goes on from when the field is empty.
    """
    item = model.objects.get(workflow.object)
    found = [] if item is None else list(asked_in(model, scopes, workflow, item))
    if not found:
        return
    watched = {_stop(one): one for one in found}
    watching, scope = _watching(workflow, found), scopes.of_case(workflow)
    try:
        stops = prove(make_plan(model, watching, authority, stages, scope))
    except (BrokenConditionError, TooManyPositionsError):
        return
    for stop in stops:
        if stop.kind is Kind.STUCK and stop.step in watched:
            blank, way = watched[stop.step], tuple(_told(stop.way))
            if not _may_be_filled(workflow, way, blank.field):
                yield blank, way, stop.sure


def _stop(blank: Blank) -> str:
    """Return the name of the step to which a case comes when the field is empty."""
    return f"{blank.step}/without/{blank.field}"


def _told(way: Way) -> Iterator[tuple[str, str]]:
    """Yield a way as it is in the workflow that is not watched."""
    for at, (step, how) in enumerate(way[:-1]):
        if way[at + 1][0] != f"{step}{_ITSELF}":
            yield step.removesuffix(_ITSELF), how


def _may_be_filled(workflow: Workflow, way: Way, field: str) -> bool:
    """Tell whether the act that leads to the end of a way may fill a field."""
    for name, how in reversed(way[:-1]):
        step = workflow.step(name)
        if isinstance(step, Parallel) and not how:
            inside = (each for branch in step.branches for each in branch.steps)
            return any(field in recorded_in(each) for each in inside)
        if not isinstance(step, RuleStep | Mark | Parallel):
            return field in recorded_in(step)
    return field in workflow.begins.form


def _watching(workflow: Workflow, found: Sequence[Blank]) -> Workflow:
    """Return a workflow in which a step stands before each that asks for what may be empty."""
    by_step: dict[str, list[Blank]] = {}
    for one in found:
        by_step.setdefault(one.step, []).append(one)
    return replace(workflow, steps=tuple(_watched(workflow, workflow.steps, by_step)))


def _watched(
    workflow: Workflow, steps: Sequence[Step], by_step: Mapping[str, list[Blank]]
) -> Iterator[Step]:
    for step in steps:
        if isinstance(step, Parallel):
            branches = (
                replace(one, steps=tuple(_watched(workflow, one.steps, by_step)))
                for one in step.branches
            )
            yield replace(step, branches=tuple(branches))
        elif step.id not in by_step:
            yield step
        else:
            asking = replace(step, id=f"{step.id}{_ITSELF}")
            ways = tuple(
                Route(_stop(one), f"{workflow.object}.{one.field} = null")
                for one in by_step[step.id]
            )
            yield Mark(step.id, step.title, then=(*ways, Route(asking.id)))
            yield asking
            yield from (Wait(way.go, step.title) for way in ways)
