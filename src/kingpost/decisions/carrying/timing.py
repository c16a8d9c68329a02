"""Clocks, posts and votes of what a case keeps, as another version has them."""

from dataclasses import dataclass, replace
from datetime import datetime

from kingpost.decisions.authority import addressed
from kingpost.decisions.carrying.judged import Aspect, Different
from kingpost.decisions.carrying.placing import Sides
from kingpost.decisions.case import Case, Clock, Token
from kingpost.decisions.changes import Addressed, Assigned, ClockSet, VotesLapsed
from kingpost.decisions.judging.clocks import (
    calendar_named,
    due_clock,
    is_moment,
    limit_clock,
    runs_out,
)
from kingpost.decisions.judging.work import Work
from kingpost.decisions.program import WorkflowProgram
from kingpost.decisions.versions.renaming import Part
from kingpost.model.workflow import Decision, Step, Task, Wait


def follow(sides: Sides, case: Case, work: Work, token: Token) -> list[Different]:
    """Bring a token that is kept into line with its step of the new version; return what differs.

    case: before anything was done to it. token: as the new version has it.
    """
    was, before = case.tokens[token.id], sides.old.places[case.tokens[token.id].step].step
    step = work.program.places[token.step].step
    part = f"workflow/{work.program.workflow.id}/step/{step.id}"
    found = list[Different]()
    if was.step != step.id:
        words = f"`{was.step}` is `{step.id}` now"
        found.append(Different(Aspect.STEP, part, words, step.id))
    found += _address(sides, case, work, token, part)
    found += _taken_on(sides, before, work, token, part)
    post = work.draft.tokens[token.id].post
    if isinstance(before, Decision) and token.votes and not _asks_alike(sides, before, step):
        work.change(VotesLapsed(token.id))
    if token.votes and not work.draft.tokens[token.id].votes:
        words = f"the votes at `{step.id}` lapse: everybody votes anew"
        found.append(Different(Aspect.VOTES, part, words, step.id))
    wanted = None
    if step.due is not None:
        # Nobody kept a time that there was not, nor what stood still of it: it begins now.
        wanted = due_clock(work.program, step.due, work.draft.fields, post, work.draft.at)
    clock = carried_clock(sides, was.clock, wanted, work.draft.at)
    if clock != token.clock:
        work.change(ClockSet(token.id, clock))
    told = _Told(sides, part, step.id, work.draft.at)
    found += told.clock(was.clock, clock, Aspect.DUE)
    limit = _limit(sides, work, token, step)
    if limit != token.limit:
        work.change(ClockSet(token.id, limit, "limit"))
    found += told.clock(was.limit, limit, Aspect.LIMIT)
    return found


def carried_clock(
    sides: Sides, clock: Clock | None, wanted: Clock | None, at: datetime
) -> Clock | None:
    """Return a clock with the budget and the calendar of the new version; what is consumed stays.

    wanted: as one that begins now; it is taken as it is where there was none.
    """
    if clock is None or wanted is None:
        return wanted
    hours = calendar_named(sides.old.model, clock.calendar)
    if clock.calendar == wanted.calendar and hours == calendar_named(
        sides.new.model, wanted.calendar
    ):
        return replace(clock, budget_ms=wanted.budget_ms)
    since = at if clock.since is not None else None
    return Clock(wanted.budget_ms, clock.spent_ms(at, hours), since, wanted.calendar)


def _limit(sides: Sides, work: Work, token: Token, step: Step) -> Clock | None:
    if not isinstance(step, Wait):
        return None
    wanted = limit_clock(work.program, step, work.draft.fields, work.draft.at)
    if not is_moment(work.program, token):
        return carried_clock(sides, token.limit, wanted, work.draft.at)
    # A moment comes when it comes, wherever it was counted from.
    old = runs_out(sides.old, token.limit) if token.limit else None
    return token.limit if old == runs_out(sides.new, wanted) else wanted


def _address(sides: Sides, case: Case, work: Work, token: Token, part: str) -> list[Different]:
    step = work.program.places[token.step].step
    was = case.tokens[token.id]
    before = _goes_to(sides.old, sides.old.places[was.step].step, case)
    known = sides.names.new(Part.POST, before) if before else before
    wanted = work.address(step)
    # What an escalation has moved stays there, as long as the model would send it where it did.
    stays = wanted == known and (token.post is None or token.post in work.program.model.posts)
    if stays or wanted == token.post:
        return []
    work.change(Addressed(token.id, wanted))
    if token.votes:
        work.change(VotesLapsed(token.id))
    to = f"`{wanted}`" if wanted else f"every post that carries `{getattr(step, 'role', '')}`"
    found = [Different(Aspect.POST, part, f"`{step.id}` goes to {to}", step.id)]
    if token.person is not None:
        told = f"`{step.id}` is laid back: who had taken it on may no longer hold its post"
        found.append(Different(Aspect.PERSON, part, told, step.id))
    return found


def _taken_on(sides: Sides, before: Step, work: Work, token: Token, part: str) -> list[Different]:
    """Lay work back that somebody has taken on who may no longer be one of those who may do it."""
    step, person = work.program.places[token.step].step, work.draft.tokens[token.id].person
    if person is None or not isinstance(step, Task | Decision):
        return []
    same = isinstance(before, Task | Decision) and before.role in {
        step.role,
        work.program.model.roles[step.role].was,
    }
    could = sides.old.carriers.get(getattr(before, "role", ""), ())
    lost = {sides.names.new(Part.POST, post) for post in could} - {
        *work.program.carriers[step.role]
    }
    if same and not lost:
        return []
    work.change(Assigned(token.id, None))
    told = f"`{step.id}` is laid back: who had taken it on may no longer be for it"
    return [Different(Aspect.PERSON, part, told, step.id)]


def _goes_to(program: WorkflowProgram, step: Step, case: Case) -> str | None:
    """Return where the old version would send work now."""
    if not isinstance(step, Task | Decision):
        owner = program.workflow.owner
        asking = program.askings.get(step.id)
        if asking is not None:
            return asking.contract.owner or owner
        return owner if step.id in program.runnings else None
    value = case.fields.get(step.to.field) if step.to.field else None
    return addressed(program, step.to, step.role, value)


def _asks_alike(sides: Sides, before: Decision, after: Step) -> bool:
    """Tell whether votes were given to the same question."""
    if not isinstance(after, Decision):
        return False
    shown = tuple(sides.names.new(Part.FIELD, name) for name in before.shows)
    offered = [[item.id for item in step.outcomes] for step in (before, after)]
    same = (before.quorum, before.veto) == (after.quorum, after.veto)
    return same and shown == after.shows and offered[0] == offered[1]


@dataclass(frozen=True, slots=True)
class _Told:
    """Tells what becomes of clocks. part, step: where they run."""

    sides: Sides
    part: str
    step: str
    at: datetime

    def clock(self, was: Clock | None, clock: Clock | None, aspect: Aspect) -> list[Different]:
        old = runs_out(self.sides.old, was) if was else None
        new = runs_out(self.sides.new, clock) if clock else None
        budgets = (was.budget_ms if was else None, clock.budget_ms if clock else None)
        if old == new and budgets[0] == budgets[1]:
            return []
        told = self._sentence(old, new, clock, aspect)
        return [Different(aspect, self.part, told, self.step, alone=clock is not None)]

    def _sentence(
        self, old: datetime | None, new: datetime | None, clock: Clock | None, aspect: Aspect
    ) -> str:
        if clock is None:
            return f"`{self.step}` has no time any more"
        hours = calendar_named(self.sides.new.model, clock.calendar)
        used = f"{_length(clock.spent_ms(self.at, hours))} of {_length(clock.budget_ms)} used"
        if new is None:
            return f"`{self.step}` stands still, with {used}"
        instead = f" instead of {_moment(old)}" if old else ""
        what = "is due" if aspect is Aspect.DUE else "waits until"
        return f"`{self.step}` {what} {_moment(new)}{instead}, {used}"


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"


def _length(milliseconds: int) -> str:
    minutes = milliseconds // 60_000
    return f"{minutes // 60} h {minutes % 60:02} min"
