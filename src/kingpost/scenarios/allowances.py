"""What is used of allowances while a story is told."""

from collections.abc import Mapping
from datetime import datetime

from kingpost.decisions.allowing.ledgers import Ledger, Used
from kingpost.decisions.judging.allowing.room import ledgers_of
from kingpost.decisions.program import WorkflowProgram
from kingpost.decisions.transition import Transition
from kingpost.model.scenario import Given


def used_before(rules: WorkflowProgram, given: Given, at: datetime) -> Mapping[Ledger, Used]:
    """Return what is used of allowances when a story begins."""
    return {
        ledger: Used(1, amount)
        for post, decisions in given.used.items()
        for step, (amount, _) in decisions.items()
        for ledger in ledgers_of(rules, step, at)
        if ledger.post == post
    }


def used_after(used: Mapping[Ledger, Used], done: Transition) -> Mapping[Ledger, Used]:
    """Return what is used when something else was done."""
    use = done.use
    return used if use is None else {**used, use.ledger: Used(use.entry, use.after)}
