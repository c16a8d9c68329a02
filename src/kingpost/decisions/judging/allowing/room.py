"""Whether an allowance leaves room for a decision, and who else could take it when it does not."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from kingpost.decisions.allowing.ledgers import NOTHING, Ledger, Use, Used, counted, ledger_of
from kingpost.decisions.authority import Reach, Taking, grants, in_reach
from kingpost.decisions.case import Case, Plain, Token
from kingpost.decisions.commands import Command, Confirm, Decide, Override
from kingpost.decisions.judging.work import Work
from kingpost.decisions.program import Right, WorkflowProgram
from kingpost.decisions.refusals import FieldsMissing, OverAllowance, RefusedError
from kingpost.model.organisation import Allowance
from kingpost.model.workflow import Decision


def ledgers_of(
    program: WorkflowProgram, step: str, at: datetime, outcome: str | None = None
) -> tuple[Ledger, ...]:
    """Return what deciding a step at a moment may count in; whoever decides must know them.

    outcome: one, or None for all of the step.
    """
    found: dict[Ledger, None] = {}
    for name, rights in program.rights.items():
        if name.partition("/")[0] == step and outcome in {None, name.partition("/")[2]}:
            for right in rights:
                if right.allowance is not None:
                    found[_ledger(program, step, right, right.allowance, at)] = None
    return tuple(found)


def ledgers_asked(
    program: WorkflowProgram, case: Case, command: Command, at: datetime
) -> tuple[Ledger, ...]:
    """Return what a command may count in; mostly there is nothing."""
    task, outcome = "", ""
    if isinstance(command, Decide | Override):
        task, outcome = command.task, command.outcome
    elif isinstance(command, Confirm) and case.proposal is not None:
        task, outcome = case.proposal.repair.task, case.proposal.repair.outcome
    token = case.tokens.get(task)
    return ledgers_of(program, token.step, at, outcome) if token and outcome else ()


def with_room(
    work: Work,
    token: Token,
    outcome: str,
    takings: tuple[Taking, ...],
    fields: Mapping[str, Plain],
    *,
    whole: bool,
) -> Iterator[tuple[Taking, Use | None]]:
    """Yield the rights that leave room for a case, each with what it would use; refuse if none.

    fields: as the decision leaves them. whole: whether they are all there; otherwise a field that
    is still empty counts for nothing.
    """
    refused: OverAllowance | FieldsMissing | None = None
    found = False
    for taking in takings:
        use = _use(work, token.step, taking[1], fields, whole=whole)
        if isinstance(use, Allowance):
            refused = refused or FieldsMissing(f"{token.step}/{outcome}", (use.of,))
        elif use is not None and use.after > use.allowance.at_most:
            over = OverAllowance(
                use.ledger.post,
                token.step,
                outcome,
                use.written(),
                _others(work, token, outcome, fields, whole=whole),
            )
            refused = refused or over
        else:
            found = True
            yield taking, use
    if refused is not None and not found:
        raise RefusedError(refused)


def _use(
    work: Work, step: str, right: Right, fields: Mapping[str, Plain], *, whole: bool
) -> Use | Allowance | None:
    """Return what a right would use up; its allowance, when nobody can count.

    What was decided elsewhere, and is taken over, uses nothing up here.
    """
    allowance = right.allowance
    if allowance is None or work.facts.origin == "import":
        return None
    ledger = _ledger(work.program, step, right, allowance, work.facts.now)
    used = _used(work, ledger)
    amount = counted(allowance, fields)
    if amount is None and whole:
        return allowance
    nothing = NOTHING.amount
    if used.post:
        ledger = replace(ledger, post=used.post)
    return Use(ledger, allowance, used.entries + 1, used.amount, amount or nothing)


def _used(work: Work, ledger: Ledger) -> Used:
    known = work.facts.used
    assert known is not None, "whoever decides has looked up what is used"
    return known.get(ledger, NOTHING)


def _ledger(
    program: WorkflowProgram, step: str, right: Right, allowance: Allowance, at: datetime
) -> Ledger:
    return ledger_of(right.post, f"{program.workflow.id}/{step}", allowance, right.zone, at)


def _others(
    work: Work, token: Token, outcome: str, fields: Mapping[str, Plain], *, whole: bool
) -> tuple[str, ...]:
    """Return the posts in reach whose authority, and whose allowance, suffice."""
    step = work.program.places[token.step].step
    assert isinstance(step, Decision), "the caller has found a decision"
    values = work.values_with(fields)
    able: set[str] = set()
    for right in work.program.rights.get(f"{step.id}/{outcome}", ()):
        use = _use(work, step.id, right, fields, whole=whole)
        fits = use is None or (isinstance(use, Use) and use.after <= use.allowance.at_most)
        if fits and grants(right, values):
            able.add(right.post)
    reach = in_reach(work.program, step.role, Reach(token.post, token.told))
    return tuple(post for post in reach if post in able)
