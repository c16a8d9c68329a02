"""The findings of the proof, with the shortest counter-example in words."""

from collections.abc import Collection, Iterator

from kingpost.checks.conditions import Scopes
from kingpost.checks.finding import error, of, of_step, value_told, warning
from kingpost.checks.soundness.authority import Authority, read_authority
from kingpost.checks.soundness.blanks.asked import Blank
from kingpost.checks.soundness.blanks.ways import blanks
from kingpost.checks.soundness.cells import TooManyPositionsError
from kingpost.checks.soundness.guards import BrokenConditionError
from kingpost.checks.soundness.plan import Stages, make_plan, read_stages
from kingpost.checks.soundness.proof import Kind, Stop, Way, prove
from kingpost.expressions import Value
from kingpost.model.model import Model
from kingpost.model.workflow import Decision, Workflow
from kingpost.values.diagnostic import Diagnostic
from kingpost.values.each import Each

_STEPS_TOLD_MAX = 8


def check_soundness(
    model: Model, doubtful: Collection[str], each: Each = map, scopes: Scopes | None = None
) -> Iterator[Diagnostic]:
    """Find where a case could stop for good, by walking over all positions it may come to.

    doubtful: workflows in which the proof would rest on what is reported as broken already.
    each:     how to go through the others. scopes: of the model, with what conditions became.
    Source: W. van der Aalst, Verification of Workflow Nets, 1997, for soundness.
    """
    authority, stages = read_authority(model), read_stages(model)
    known = scopes or Scopes(model)

    def look(workflow: Workflow) -> tuple[Diagnostic, ...]:
        return tuple(check_workflow(model, workflow, authority, stages, known))

    every = [one for one in model.workflows.values() if one.id not in doubtful]
    for found in each(look, every):
        yield from found


def check_workflow(
    model: Model, workflow: Workflow, authority: Authority, stages: Stages, scopes: Scopes
) -> Iterator[Diagnostic]:
    """Find where a case of one workflow could stop for good."""
    try:
        stops = prove(make_plan(model, workflow, authority, stages, scopes.of_case(workflow)))
    except BrokenConditionError:
        return
    except TooManyPositionsError:
        message = f"workflow `{workflow.id}` has too many positions to prove that every case ends"
        advice = "Decide in rules what its conditions decide now, or split it into two workflows."
        yield warning(model, "KP0530", of("workflow", workflow.id), message, advice)
        return
    for stop in stops:
        yield _finding(model, workflow, stop)
    for blank, way, sure in blanks(model, workflow, authority, stages, scopes):
        yield _blank(model, workflow, blank, way, sure=sure)


def _blank(model: Model, workflow: Workflow, blank: Blank, along: Way, *, sure: bool) -> Diagnostic:
    way = f"{told(along)}: " if len(along) > 1 else ""
    field = f"`{workflow.object}.{blank.field}`"
    empty = f"{field} may be empty" if sure else f"perhaps {field} is empty"
    asked = f"row {blank.row} of rule `{blank.rule}` tests it"
    if blank.row is None:
        asked = f"no row of rule `{blank.rule}` answers that"
    message = f"{way}{empty}, and {asked}"
    advice = "Require the field before, or add a row that tests it with `null`."
    return warning(model, "KP0617", of_step(workflow.id, blank.step, "rule"), message, advice)


def _finding(model: Model, workflow: Workflow, stop: Stop) -> Diagnostic:
    code, says, advice = _words(workflow, stop)
    report = error if stop.sure else warning
    perhaps = "" if stop.sure else "perhaps "
    way = f"{told(stop.way)}: " if len(stop.way) > 1 else ""
    where = of_step(workflow.id, stop.step)
    return report(model, code, where, f"{way}{perhaps}{says}", advice)


def _words(workflow: Workflow, stop: Stop) -> tuple[str, str, str]:
    """Return the code, the words and the help for a stop."""
    when, step = _when(stop), workflow.step(stop.step)
    match stop.kind:
        case Kind.NOBODY:
            role = step.role if isinstance(step, Decision) else ""
            advice = f"Grant an outcome for that too, to a post in reach that carries `{role}`."
            several = isinstance(step, Decision) and step.quorum is not None
            who, how = ("too few people", " together") if several else ("nobody", "")
            return "KP0526", f"{who} may take an outcome{how}{when}", advice
        case Kind.STUCK:
            why = f": {' and '.join(stop.why)}" if stop.why else ""
            advice = "Record what is missing before it, or add a way on for that."
            return "KP0527", f"the case cannot go on from `{stop.step}`{when}{why}", advice
        case Kind.TURNING:
            advice = "Let one of the ways on hold at last, and lead to an end."
            return "KP0528", f"no end can be reached from `{stop.step}`{when}", advice
        case Kind.MISSED:
            says = f"no case comes to step `{stop.step}`: the conditions on its way never agree"
            return "KP0529", says, "Correct a condition on the way to it, or remove the step."


def _when(stop: Stop) -> str:
    parts = [f"`{name}` is {value_in_words(value)}" for name, value in stop.record]
    return f" when {' and '.join(parts)}" if parts else ""


def value_in_words(value: Value) -> str:
    """Return a value as messages show it."""
    if value is None:
        return "empty"
    return value_told(value) if isinstance(value, bool) else f"`{value_told(value)}`"


def told(way: Way) -> str:
    """Return a way in words; the middle of a long one is left out."""
    steps = [f"`{step}` {how}".rstrip() for step, how in way]
    if len(steps) > _STEPS_TOLD_MAX:
        half = _STEPS_TOLD_MAX // 2
        steps = [*steps[:half], "…", *steps[-half:]]
    return " → ".join(steps)
