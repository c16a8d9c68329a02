"""What an act of a story asks of a case: at which open work it is meant, and by which command."""

from collections.abc import Callable

from kingpost.decisions.case import Case, Token
from kingpost.decisions.commands import (
    Assign,
    Command,
    Complete,
    ConfirmOverride,
    Decide,
    Decline,
    Deliver,
    Override,
    Raise,
    Record,
    Resolve,
    Review,
)
from kingpost.decisions.program import Program, WorkflowProgram
from kingpost.decisions.refusals import listed
from kingpost.model.records.written import plain_record
from kingpost.model.scenario import Act, Deed
from kingpost.model.workflow import OPEN_WORK, Wait


def open_tokens(rules: WorkflowProgram, case: Case) -> list[Token]:
    """Return where somebody or something is waited for, in the order of the workflow."""
    tokens = {token.step: token for token in case.tokens.values()}
    return [
        tokens[name]
        for name, place in rules.places.items()
        if name in tokens and isinstance(place.step, OPEN_WORK)
    ]


def stand(rules: WorkflowProgram, case: Case) -> str:
    """Return in words what is open."""
    steps = [token.step for token in open_tokens(rules, case)]
    if not steps:
        return "nothing is open"
    return f"{listed(steps)} {'is' if len(steps) == 1 else 'are'} open"


def token_of(rules: WorkflowProgram, case: Case, act: Act) -> Token | str:
    """Return the open step at which an act is done, or why there is none."""
    if act.deed is Deed.REVIEW:
        found = next((each for each in case.reviews.values() if each.step == act.name), None)
        if found is None:
            return f"no override of `{act.name}` is to be reviewed"
        return Token(found.id, found.step, None, None, found.since)
    wanted = act.step or (act.name if act.deed not in _ANYWHERE else None)
    if wanted is not None:
        return case.at(wanted) or f"`{wanted}` is not open: {stand(rules, case)}"
    fits = _ANYWHERE[act.deed]
    found = [token for token in open_tokens(rules, case) if fits(rules, token, act.name)]
    if len(found) == 1:
        return found[0]
    if found:
        steps = listed(token.step for token in found)
        return f"`{act.name}` could be meant in {steps}: say which with `in`"
    return f"nothing is open for `{act.name}`: {stand(rules, case)}"


def command_of(  # noqa: C901, PLR0912 - one case a deed
    program: Program, rules: WorkflowProgram, case: Case, act: Act, token: Token
) -> Command:
    """Return the command of an act at an open step; who takes work on is put in by the caller."""
    fields = plain_record(program.model, rules.object, act.records)
    match act.deed:
        case Deed.COMPLETE:
            return Complete(token.id, fields)
        case Deed.DECIDE:
            return Decide(token.id, act.choice, fields, act.reason)
        case Deed.RECORD:
            return Record(token.id, fields)
        case Deed.TAKE:
            return Assign(token.id, None)
        case Deed.RAISE:
            return Raise(token.id, act.name, fields, act.reason)
        case Deed.RESOLVE:
            return Resolve(token.id, act.choice, fields, act.reason)
        case Deed.DELIVER:
            return Deliver(token.id, act.name, fields, act.reason)
        case Deed.OVERRIDE:
            return Override(token.id, act.choice, fields, act.reason)
        case Deed.CONFIRM:
            return ConfirmOverride(_asked(case, token), act.reason)
        case Deed.DECLINE:
            return Decline(_asked(case, token), act.reason)
        case Deed.REVIEW:
            return Review(token.id, act.choice, act.reason)


def _asked(case: Case, token: Token) -> int:
    """Return the event that asks for an override at an open step; none has the number 0."""
    waiting = case.proposal
    return waiting.event if waiting is not None and waiting.repair.task == token.id else 0


def _may_be_raised(rules: WorkflowProgram, token: Token, name: str) -> bool:
    exception = rules.workflow.exception(name)
    return exception is not None and token.step in exception.steps


def _is_suspended(_: WorkflowProgram, token: Token, name: str) -> bool:
    return token.suspension is not None and token.suspension.exception == name


def _waits_for(rules: WorkflowProgram, token: Token, name: str) -> bool:
    step = rules.places[token.step].step
    return isinstance(step, Wait) and any(item.message == name for item in step.messages)


# The deeds that name something else than their step, and what tells the steps that they may mean.
_ANYWHERE: dict[Deed, Callable[[WorkflowProgram, Token, str], bool]] = {
    Deed.RAISE: _may_be_raised,
    Deed.RESOLVE: _is_suspended,
    Deed.DELIVER: _waits_for,
}
