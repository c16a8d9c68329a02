"""Reading a proposal: what was said to it, what it lacks, and what somebody may do about it."""

from collections.abc import Mapping
from dataclasses import dataclass

from kingpost.decisions.consenting.judging import NotAgreed, Wish, judge
from kingpost.decisions.consenting.proposal import Kind, Proposal, State
from kingpost.decisions.consenting.tally import Lacking, Wanted, barred, lacking
from kingpost.engine.company import Company
from kingpost.engine.governing.wanting import lacking_words
from kingpost.engine.plans.applying import wanted_by
from kingpost.engine.plans.saving import Saved
from kingpost.engine.proposals.acting import Act, look, why_not
from kingpost.store.changing import proposals as store
from kingpost.store.reading import people
from kingpost.values.identity import derive


@dataclass(frozen=True, slots=True)
class Standing:
    """How a plan stands with those who are to agree to it.

    proposal: without events when nobody has proposed it. names: of the people in it, by id.
    lacks:    the approvals that are missing, whoever applies it. words: the same, a line each.
    """

    proposal: Proposal
    wanted: Wanted
    names: Mapping[str, str]
    lacks: tuple[Lacking, ...]
    words: tuple[str, ...]

    @property
    def is_open(self) -> bool:
        """Tell whether it was proposed, and nothing ended that."""
        return bool(self.proposal.version) and self.proposal.state is State.OPEN


def stands(company: Company, plan: Saved) -> Standing:
    """Return how a plan stands with those who are to agree to it."""
    wanted = wanted_by(company, plan)
    with company.database.connection() as connection:
        proposal = store.read(connection, plan.digest)
        out = barred(plan.planner, proposal.by)
        lines = lacking_words(connection, wanted, proposal.answers, out)
        named = {event.person for event in proposal.events}
        lenders = {each.behind for each in proposal.answers if each.behind}
        names = people.names(connection, sorted(named | lenders))
    missing = lacking(wanted, proposal.answers, out)
    return Standing(proposal, wanted, names, missing, tuple(line.strip() for line in lines))


def choices(
    company: Company, plan: Saved, person: str, acting_as: str | None = None
) -> Mapping[Kind, tuple[str, ...] | NotAgreed]:
    """Return what somebody may do about a plan now, each with the posts it is for, or why not."""
    return {
        kind: _may(company, plan, Wish(kind, "?"), (person, acting_as))
        for kind in Kind
        if kind is not Kind.APPLIED
    }


def waits_for(
    company: Company, plan: Saved, person: str, acting_as: str | None = None
) -> tuple[str, ...] | NotAgreed:
    """Return for which posts somebody may approve a proposal now, or why they may not."""
    return _may(company, plan, Wish(Kind.APPROVED, "?"), (person, acting_as))


def _may(
    company: Company, plan: Saved, wish: Wish, who: tuple[str, str | None]
) -> tuple[str, ...] | NotAgreed:
    what = Act(derive("nothing"), plan, who[0], wish, who[1])
    wanted = wanted_by(company, plan)
    model = company.program(plan.plan.running).model
    with company.database.connection() as connection:
        proposal = store.read(connection, plan.digest)
        refusal = why_not(connection, what, proposal)
        if refusal is not None:
            return refusal
        asker, now = look(connection, *who), people.clock(connection)
    answer = judge(model, proposal, wanted, wish, asker, planner=plan.planner, now=now)
    return answer if isinstance(answer, NotAgreed) else tuple(each.post for each in answer.hands)
