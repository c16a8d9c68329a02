"""The proof of soundness held against force: every case of a small workflow, each tried."""

from enum import StrEnum

from kingpost.checks import check
from kingpost.checks.soundness.proof import Kind, Stop
from kingpost.checks.workflows.flow import ways_on
from kingpost.model.model import Model
from kingpost.model.workflow import JoinKind, Parallel, RuleStep
from tests.checks.explorer import Explorer, TooManyError, explored
from tests.checks.proofs.small import proven

# Whatever else is wrong with these models has nothing to do with how their cases move.
BROKEN = ("KP0312", "KP01", "KP0401", "KP0403", "KP0404", "KP05", "KP06", "KP07")
HARMLESS = ("KP0607", "KP0616")  # a rule that is not used, an invariant that holds of everything
ABOUT_THE_PROOF = {"KP0526", "KP0527", "KP0528", "KP0529", "KP0530"}


class Held(StrEnum):
    """What came of a model. The last two were not compared."""

    SOUND = "proven sound, and no case strands"
    UNSOUND = "where the proof says that cases stop, they do"
    BROKEN = "broken in another way"
    TOO_LARGE = "more cases than are tried"


def is_real(explorer: Explorer, stop: Stop) -> bool:
    """Tell whether a case that went along the way of a stop really stops there."""
    arrived = explorer.along(tuple(step for step, _ in stop.way))
    if stop.kind is Kind.TURNING:
        # Where a join does not wait for a branch, the case may end around it.
        waited = all(one.join is JoinKind.ALL for one in explorer.parallels())
        return bool(arrived & explorer.stranded() if waited else arrived)
    if isinstance(explorer.step(stop.step), Parallel):
        return bool(arrived & explorer.stranded())
    stops = explorer.nobody_decides if stop.kind is Kind.NOBODY else explorer.nothing_leads_on
    return any(stops(key, stop.step) for key in arrived)


def hold_against_force(model: Model) -> Held:
    """Prove a workflow and try every case of it. Raises AssertionError when they disagree."""
    codes = {item.code for item in check(model) if item.code.startswith(BROKEN)}
    if not codes <= {*ABOUT_THE_PROOF, *HARMLESS, "KP0520"}:
        return Held.BROKEN
    stops = proven(model)
    try:
        explorer = explored(model, "flow")
    except TooManyError:
        return Held.TOO_LARGE

    if not stops:
        nothing_strands(model, explorer)
    # What the lifecycle bars is told by itself.
    if not codes & {"KP0519", "KP0520"}:
        assert explorer.untold({stop.step for stop in stops}, on_the_way(stops, explorer)) == set()
    for stop in stops:
        if stop.kind is Kind.MISSED:
            assert stop.step not in explorer.entered()
        elif stop.sure and explorer.starts:
            assert is_real(explorer, stop), stop
    return Held.UNSOUND if stops else Held.SOUND


def nothing_strands(model: Model, explorer: Explorer) -> None:
    """Assert that no case strands, and that cases come to every step."""
    assert explorer.stranded() == set()
    # What a rule tells, and what is left where branches are cut off, is taken as open: not
    # every answer need ever come.
    steps = {step.id: step for step in model.workflows["flow"].all_steps()}
    waited = all(one.join is JoinKind.ALL for one in explorer.parallels())
    if waited and not any(isinstance(step, RuleStep) for step in steps.values()):
        besides = model.workflows["flow"].errands.keys()
        assert explorer.entered() - besides == steps.keys()


def on_the_way(stops: tuple[Stop, ...], explorer: Explorer) -> set[str]:
    """Return the steps at which a case may stay because it cannot come to where one stops."""
    told = {stop.step for stop in stops}
    # An act that would begin branches is refused where one of them cannot be begun.
    begun = {
        one.id
        for one in explorer.parallels()
        if any(branch.steps[0].id in told for branch in one.branches)
    }
    steps = explorer.program.workflows[explorer.workflow].workflow.all_steps()
    before = {step.id for step in steps if (told | begun) & set(ways_on(step))}
    return before | {step for stop in stops for step, _ in stop.way}
