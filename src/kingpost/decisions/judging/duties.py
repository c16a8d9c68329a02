"""Obligations of a case: when they are owed, and what meets them."""

from kingpost.decisions.asking import holds
from kingpost.decisions.changes import NotOwed, Owed
from kingpost.decisions.judging.clocks import due_of
from kingpost.decisions.judging.work import Work
from kingpost.decisions.program import Duty
from kingpost.decisions.refusals import EvidenceMissing, RefusedError
from kingpost.model.workflow import Step

# What a case is spared it had passed the step of when the obligation came.
_MET = ("met", "late")
_DONE_WITH = (*_MET, "spared")


def discharge(work: Work, step: Step) -> None:
    """Meet the obligations of a step that is being completed.

    Raises: RefusedError, when evidence that the step owes is not there.
    """
    for name in step.discharges:
        duty = work.program.duties[name]
        applies = _applies(work, duty)
        if not applies and not _is_overdue(work, name):
            continue
        holds = duty.obligation.evidence.holds
        missing = tuple(field for field in holds if work.draft.fields.get(field) is None)
        failing = _failing(work, duty)
        if (missing or failing) and applies:
            raise RefusedError(EvidenceMissing(step.id, name, missing, failing))
        if not missing and not failing:
            work.discharged.append(name)
            # An obligation is met once; making the evidence again changes nothing.
            if work.draft.settled.get(name) not in _MET:
                _settle(work, name)


def review_duties(work: Work) -> None:
    """Bring what the case owes into line with its record; what is owed at the end is missing.

    What is overdue stays owed: a record that is changed afterwards does not undo the lapse.
    """
    draft = work.draft
    for name, duty in work.program.duties.items():
        if draft.settled.get(name) in _DONE_WITH:
            continue
        applies = _applies(work, duty)
        if applies and name not in draft.owed:
            work.change(Owed(name, due_of(work.program, name, work.case.started_at)))
        elif not applies and name in draft.owed and not _is_overdue(work, name):
            work.change(NotOwed(name, "lifted"))
    if draft.closed_at is not None:
        for name in sorted(draft.owed):
            work.change(NotOwed(name, "missing"))


def _settle(work: Work, name: str) -> None:
    if name not in work.draft.owed:
        work.change(Owed(name, due_of(work.program, name, work.case.started_at)))
    work.change(NotOwed(name, "late" if _is_overdue(work, name) else "met"))


def _is_overdue(work: Work, name: str) -> bool:
    """Tell whether an obligation is owed and its time is over."""
    due = work.draft.owed.get(name)
    return due is not None and work.facts.now > due


def _failing(work: Work, duty: Duty) -> str:
    """Return the condition that the evidence does not satisfy, or the empty text."""
    test = duty.test
    return test.text if test is not None and test.evaluate(work.values) is not True else ""


def _applies(work: Work, duty: Duty) -> bool:
    return holds(duty.applies, work.values)
