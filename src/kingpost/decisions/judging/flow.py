"""How a case moves: coming to a step, leaving it, going on, joining branches, closing."""

from kingpost.decisions.asking import Unknown, ask
from kingpost.decisions.case import Clock, Token
from kingpost.decisions.changes import (
    BranchEnded,
    CaseClosed,
    CasesWanted,
    ClockSet,
    Entered,
    Left,
    Resumed,
    WasSuspended,
)
from kingpost.decisions.judging.clocks import due_clock, halted, is_moment, limit_clock, resumed
from kingpost.decisions.judging.duties import discharge
from kingpost.decisions.judging.requests import cases_of, path_of, request_of
from kingpost.decisions.judging.rules import evaluate
from kingpost.decisions.judging.work import Work
from kingpost.decisions.program import Way
from kingpost.decisions.refusals import EndlessLoop, RefusedError, Undecided
from kingpost.decisions.refusing.calls import PathNotFitting
from kingpost.decisions.transition import Request, Visit
from kingpost.model.workflow import (
    DONE,
    Call,
    Decision,
    End,
    Exceptional,
    JoinKind,
    Mark,
    Parallel,
    RuleStep,
    Run,
    Step,
    Wait,
)

# A chain of steps that need nobody is cut here: a loop of rules would otherwise never end.
AUTOMATIC_STEPS_MAX = 100


def enter(work: Work, step_id: str, parent: str | None = None, branch: str | None = None) -> None:
    """Come to a step. Steps that need nobody are passed at once."""
    step = work.program.places[step_id].step
    token_id = work.new_token_id()
    if work.passed > AUTOMATIC_STEPS_MAX:
        raise RefusedError(EndlessLoop(step_id))
    if step.state is not None:
        work.set_state(step.state)
        work.state_said = True
    post = work.address(step)
    due, limit = _clocks(work, step, post)
    unasked = isinstance(step, Call) and _is_unheard(work, step)
    work.change(Entered(token_id, step_id, parent, branch, post, due, limit, unasked))
    match step:
        case RuleStep():
            answer = evaluate(work.program, step.rule, work.values)
            work.explanations.extend(answer.explanations)
            work.set_fields(answer.fields, leaving=token_id)
            pass_on(work, work.draft.tokens[token_id], step_id)
        case Mark():
            pass_on(work, work.draft.tokens[token_id], step_id)
        case Call() | Run():
            _reach_out(work, step, token_id)
        case Parallel():
            _begin_branches(work, step, token_id)
        case End():
            discharge(work, step)
            leave(work, token_id)
            _close(work)
        case _:
            return


def _reach_out(work: Work, step: Call | Run, token_id: str) -> None:
    """Fix what another system is asked, or which other cases are begun, with this event."""
    if isinstance(step, Call):
        _ask(work, step, work.draft.tokens[token_id])
        return
    wanted = cases_of(work, step, token_id)
    work.wanted[token_id] = wanted
    work.change(CasesWanted(token_id, tuple(str(case.id) for case in wanted)))
    if not wanted:
        # Nothing is listed, so there is nothing to wait for.
        pass_on(work, work.draft.tokens[token_id], step.id)


def _is_unheard(work: Work, step: Call) -> bool:
    """Tell whether a call cannot be made for the record, and nobody is there to hear of it.

    A person is refused, and fills in what is missing, and so is who sends what begins a case.
    The clock, and a system that goes on with one, can fill in nothing.
    """
    if work.facts.actor.person is not None or work.case.version == 0:
        return False
    return isinstance(path_of(work.program.askings[step.id], work.values), PathNotFitting)


def _ask(work: Work, step: Call, token: Token) -> None:
    asking = work.program.askings[step.id]
    if not token.unasked:
        work.asked[token.id] = request_of(asking, work.values)
        return
    # It fails at once, so that whoever answers for it sees it.
    work.asked[token.id] = Request(asking.contract.method, "", "")
    work.causes[token.id] = str(path_of(asking, work.values))
    befall(work, token, work.program.workflow.failure(step.id))


def _begin_branches(work: Work, step: Parallel, token_id: str) -> None:
    for item in step.branches:
        # An earlier branch may have ended the whole block at once.
        if token_id in work.draft.tokens:
            enter(work, item.steps[0].id, token_id, item.id)


def pass_on(work: Work, token: Token, key: str) -> None:
    """Complete the step at a token, with the evidence it owes, and go on.

    key: of the compiled ways.
    """
    step = work.program.places[token.step].step
    discharge(work, step)
    by = key.partition("/")[2] if isinstance(step, Decision | Wait) else None
    leave(work, token.id, by=by)
    follow(work, key, token)


def leave(work: Work, token_id: str, how: str = "completed", *, by: str | None = None) -> None:
    """Leave a step; what is open inside it is withdrawn. by: as in the change Left."""
    for inner in work.tokens():
        if inner.parent == token_id and inner.id in work.draft.tokens:
            leave(work, inner.id, "withdrawn")
    token = work.draft.tokens[token_id]
    work.end_suspension(token)
    work.visits.append(Visit("step", token.step, token.since, work.draft.at, how))
    if how == "completed":
        work.measure(f"step/{token.step}", work.draft.at - token.since, token)
    work.change(Left(token_id, how, by))


def befall(work: Work, token: Token, exception: Exceptional) -> None:
    """Let an exception take effect at a token: go elsewhere, stand still, or open work besides."""
    if exception.divert is not None:
        leave(work, token.id, "withdrawn")
        go(work, exception.divert, token)
    elif exception.alongside is not None:
        enter(work, exception.id)
    else:
        _suspend(work, token.id, exception)


def _suspend(work: Work, token_id: str, exception: Exceptional) -> None:
    holding = work.holding()
    # The state to return to is the one before any suspension that holds the record now.
    before = holding.state_before if holding else work.draft.state
    token = work.draft.tokens[token_id]
    if token.suspension is not None:
        lift(work, token_id)
    work.change(WasSuspended(token_id, exception.id, before))
    if exception.state is not None:
        work.set_state(exception.state)
    if exception.errand is not None:
        enter(work, exception.id, token_id)


def lift(work: Work, token_id: str) -> None:
    """End a suspension; what was to end it, and is still open, is withdrawn."""
    for inner in work.tokens():
        if inner.parent == token_id:
            leave(work, inner.id, "withdrawn")
    work.end_suspension(work.draft.tokens[token_id])
    work.change(Resumed(token_id))


def resume(work: Work, token_id: str) -> None:
    """End a suspension; the work goes on, and a call that was never made is made now."""
    token = work.draft.tokens[token_id]
    lift(work, token_id)
    if token.unasked:
        leave(work, token_id, "withdrawn")
        enter(work, token.step, token.parent, token.branch)


def follow(work: Work, key: str, left: Token) -> None:
    """Go on from a step that was left. key: of the compiled ways.

    What an exception has opened leads nowhere: at most it ends the suspension that it stands in.
    """
    if left.step in work.program.workflow.errands:
        if left.parent is not None:
            resume(work, left.parent)
        return
    go(work, _choose(work, key, work.program.ways[key]), left)


def go(work: Work, target: str, left: Token) -> None:
    """Go to a step of the same block as the one left, or out of the branch."""
    if target != DONE:
        enter(work, target, left.parent, left.branch)
        return
    assert left.parent is not None, "the check lets `done` stand in a branch only"
    assert left.branch is not None, "a token in a branch names it"
    work.change(BranchEnded(left.parent, left.branch))
    around = work.draft.tokens[left.parent]
    step = work.program.places[around.step].step
    assert isinstance(step, Parallel), "the parent of a token is a parallel step"
    if is_joined(step, around.done):
        pass_on(work, around, step.id)


def settle(work: Work) -> None:
    """Bring the state and the clocks into line with the suspensions that are left."""
    if not work.draft.closed_at:
        work.release_state()
    still = _standing_still(work)
    for token in work.tokens():
        for of, clock in (("due", token.clock), ("limit", token.limit)):
            # A moment that a field names is no length of time: it comes, whatever stands still.
            if clock is None or (of == "limit" and is_moment(work.program, token)):
                continue
            if token.id in still and clock.since is not None:
                work.change(ClockSet(token.id, halted(work.program, clock, work.draft.at), of))
            elif token.id not in still and clock.since is None:
                work.change(ClockSet(token.id, resumed(clock, work.draft.at), of))


def _standing_still(work: Work) -> set[str]:
    """Return the tokens at and around each suspension that stops clocks."""
    still: set[str] = set()
    for token in work.draft.tokens.values():
        if token.suspension is not None and work.exception(token.suspension).stops_clocks:
            current: Token | None = token
            while current is not None:
                still.add(current.id)
                current = work.draft.tokens[current.parent] if current.parent else None
    return still


def _clocks(work: Work, step: Step, post: str | None) -> tuple[Clock | None, Clock | None]:
    at, fields = work.draft.at, work.draft.fields
    due = due_clock(work.program, step.due, fields, post, at) if step.due else None
    limit = None
    if isinstance(step, Wait):
        limit = limit_clock(work.program, step, fields, at)
    return due, limit


def _close(work: Work) -> None:
    # What exceptions have opened beside the case ends with it.
    for beside in work.tokens():
        leave(work, beside.id, "withdrawn")
    work.release_state()
    work.check_handover("end")
    work.change(CaseClosed())
    work.measure("case", work.draft.at - work.case.started_at)


def _choose(work: Work, key: str, ways: tuple[Way, ...]) -> str:
    for way in ways:
        if way.when is None:
            return way.go
        truth = ask(way.when, work.values)
        # A condition that routes must be answered: null is no silent `else`.
        if isinstance(truth, Unknown):
            raise RefusedError(Undecided(key, way.when.text, truth.empty, truth.cause))
        if truth:
            return way.go
    raise AssertionError("the check wants an else")


def is_joined(step: Parallel, done: tuple[str, ...]) -> bool:
    """Tell whether a parallel step is over when so many of its branches are."""
    match step.join:
        case JoinKind.ALL:
            return len(set(done)) == len(step.branches)
        case JoinKind.ANY:
            return bool(done)
        case JoinKind.NAMED:
            return set(step.named) <= set(done)
        case JoinKind.COUNT:
            return len(set(done)) >= step.count
