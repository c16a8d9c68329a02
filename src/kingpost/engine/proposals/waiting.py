"""What waits for somebody's approval."""

from dataclasses import dataclass, field

from kingpost.decisions.consenting.judging import NotAgreed, Wish, judge
from kingpost.decisions.consenting.proposal import Kind
from kingpost.decisions.consenting.tally import Wanted, barred, lacking
from kingpost.engine.company import Company
from kingpost.engine.plans.applying import wanted_by
from kingpost.engine.plans.saving import Saved, saved
from kingpost.engine.proposals.acting import look
from kingpost.store.changing import plans, proposals
from kingpost.store.reading import people

# So many plans at most are kept in mind with who must agree to them.
_KEPT_MAX = 256


@dataclass(frozen=True, slots=True)
class Waiting:
    """One change that waits for somebody. posts: for which they may approve it."""

    plan: Saved
    posts: tuple[str, ...]


@dataclass(slots=True)
class Waits:
    """What waits for people. Who must agree to a plan never changes, and is kept in mind."""

    _wanted: dict[str, Wanted] = field(default_factory=dict[str, Wanted])

    def of(
        self, company: Company, person: str, acting_as: str | None = None
    ) -> tuple[Waiting, ...]:
        """Return the changes that somebody may approve now, and whose approval is missing.

        It is that of a post which governance asks, or of one that keeps a part of what another
        person proposed.
        """
        with company.database.connection() as connection:
            # Nothing is read where nothing is proposed, which is nearly always.
            rows = plans.find_open(connection)
            if not rows:
                return ()
            asker, now = look(connection, person, acting_as), people.clock(connection)
            told = [(saved(row), proposals.read(connection, row["digest"])) for row in rows]
        found: list[Waiting] = []
        for plan, proposal in told:
            wanted = self._wanted_by(company, plan)
            model = company.program(plan.plan.running).model
            wish = Wish(Kind.APPROVED, "?")
            answer = judge(model, proposal, wanted, wish, asker, planner=plan.planner, now=now)
            if isinstance(answer, NotAgreed) or proposal.by == person:
                continue
            missing = lacking(wanted, proposal.answers, barred(plan.planner, proposal.by))
            left = {post for each in missing for post in each.left}
            posts = tuple(
                hand.post
                for hand in answer.hands
                if hand.post in left or (hand.is_own and hand.post in wanted.keepers)
            )
            if posts:
                found.append(Waiting(plan, posts))
        return tuple(found)

    def _wanted_by(self, company: Company, plan: Saved) -> Wanted:
        if plan.digest not in self._wanted:
            if len(self._wanted) >= _KEPT_MAX:
                self._wanted.clear()
            self._wanted[plan.digest] = wanted_by(company, plan)
        return self._wanted[plan.digest]
