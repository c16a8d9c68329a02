"""The transition by which a case goes over to another version, one change after the other."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from kingpost.decisions.carrying.judged import Aspect, Different, Policy
from kingpost.decisions.carrying.meeting import ahead
from kingpost.decisions.carrying.placing import Placing, Sides, value_of
from kingpost.decisions.carrying.timing import follow
from kingpost.decisions.case import Case, Token
from kingpost.decisions.changes import Change, Draft, FieldsSet, Left, NotOwed, Owed
from kingpost.decisions.commands import Facts
from kingpost.decisions.judging.calling.messages import awaited
from kingpost.decisions.judging.clocks import due_of
from kingpost.decisions.judging.duties import review_duties
from kingpost.decisions.judging.finish import finish, item_of, ready
from kingpost.decisions.judging.flow import enter, is_joined, leave, pass_on, settle
from kingpost.decisions.judging.judgement import Judgement
from kingpost.decisions.judging.ladders.notices import has_notice, lapses, notice_at
from kingpost.decisions.judging.proposing.waiting import answered
from kingpost.decisions.judging.work import Work
from kingpost.decisions.transition import (
    CallChange,
    CallNews,
    CaseChange,
    CaseNews,
    DutyNews,
    Listening,
    TimerChange,
    Transition,
)
from kingpost.decisions.versions.renaming import CarriedOver, Part
from kingpost.model.workflow import OPEN_WORK, Call, Parallel, Run

CARRIED = "carried"


@dataclass(frozen=True, slots=True)
class Move:
    """One case on its way to another version. version: of the new model."""

    sides: Sides
    version: str
    case: Case
    placing: Placing
    policy: Policy
    facts: Facts

    def base(self) -> tuple[Work, Work]:
        """Return the work of leaving the old version, and that of going on in the new one.

        Raises: RefusedError, when the record cannot return from a suspension that is left.
        """
        old = Work(self.sides.old, self.case, self.facts)
        for name in self.placing.moved:
            leave(old, name, "withdrawn")
        old.release_state()
        for change in self._dropped():
            old.change(change)
        switch = tuple(self._switch())
        draft = Draft(old.draft.finish(self.case.version, self.case.head), self.facts.now)
        for change in switch:
            draft.apply(change)
        new = Work(self.sides.new, draft.finish(self.case.version, self.case.head), self.facts)
        new.changes = [*old.changes, *switch]
        new.visits, new.measurements = old.visits, old.measurements
        return old, new

    def _dropped(self) -> Iterator[Change]:
        names = self.sides.names
        gone = [name for name in self.case.fields if names.new(Part.FIELD, name) is None]
        if gone:
            yield FieldsSet(tuple((name, None) for name in sorted(gone)))
        for name in sorted(self.case.owed):
            if names.new(Part.OBLIGATION, name) is None:
                yield NotOwed(name, "lifted")

    def _switch(self) -> Iterator[Change]:
        yield CarriedOver(self.version)
        yield from self.sides.names.changes()
        for name, placed in self.placing.kept.items():
            was = self.case.tokens[name]
            before = (was.step, was.branch, was.notices, was.done)
            if before != (placed.step, placed.branch, placed.notices, placed.done):
                yield placed


def foresee(move: Move) -> tuple[Different, ...]:
    """Return what would become different for a case, as `carry` does, and raise as it does."""
    _, work, found = _moved_over(move)
    ready(work)
    return tuple(found)


def carry(move: Move) -> tuple[Transition, tuple[Different, ...]]:
    """Return the transition of a case to the new version, and what becomes different for it.

    Raises: RefusedError, when its record cannot be as the new version wants it there.
    """
    old, work, found = _moved_over(move)
    told = [
        {"aspect": item.aspect.value, "part": item.part, "sentence": item.sentence}
        for item in found
    ]
    carried = {
        "from": move.case.model,
        "policy": move.policy.carry_over.value,
        **({"different": told} if told else {}),
    }
    policy = move.policy
    judgement = Judgement(
        CARRIED, None, None, policy.standing, reason=policy.reason, carried=carried
    )
    transition = finish(work, judgement)
    return _retold(move, old, work, transition), tuple(found)


def _moved_over(move: Move) -> tuple[Work, Work, list[Different]]:
    """Return the work of leaving the old version, that of going on, and what differs by it."""
    old, work = move.base()
    found = list(_losses(move))
    _rename_posts(move.sides, work)
    for name in move.placing.kept:
        if name in work.draft.tokens:
            found += follow(move.sides, move.case, work, work.draft.tokens[name])
    found += _state(move, work)
    for name, target in move.placing.moved.items():
        found.append(_moved(move, work, move.case.tokens[name], target))
    found += _branches(move, work)
    found += _duties(move, work)
    return old, work, found


def _losses(move: Move) -> Iterator[Different]:
    names, case = move.sides.names, move.case
    of = f"object/{move.sides.old.object.id}/field"
    for name in sorted(case.fields):
        new = names.new(Part.FIELD, name)
        if new is None:
            told = f"`{name}` is kept no longer; its value stays in the history"
            yield Different(Aspect.FIELD, f"{of}/{name}", told)
        elif new != name:
            yield Different(Aspect.FIELD, f"{of}/{new}", f"`{name}` is `{new}` now")
    for name in sorted(case.owed):
        if names.new(Part.OBLIGATION, name) is None:
            yield Different(Aspect.DUTY, f"obligation/{name}", f"`{name}` is owed no longer")
    if case.proposal is not None:
        flow = f"workflow/{case.workflow}"
        yield Different(Aspect.WAY, flow, "the repair that was proposed is no longer")


def _rename_posts(sides: Sides, work: Work) -> None:
    """Write posts in the record by their new names."""
    fields = work.draft.fields
    new = {name: value_of(sides, name, value) for name, value in fields.items()}
    changed = tuple(sorted((name, new[name]) for name in new if new[name] != fields[name]))
    if changed:
        work.change(FieldsSet(changed))


def _state(move: Move, work: Work) -> Iterator[Different]:
    """Put the record into the state that the step where the case stands names now.

    Only where the old version had put it into another by that same step: what another step or a
    suspension has set since stays.
    """
    sides, case = move.sides, move.case
    for name, placed in move.placing.kept.items():
        was = sides.old.places[case.tokens[name].step].step.state
        wanted = sides.new.places[placed.step].step.state
        before = sides.names.new(Part.STATE, was) if was else None
        if was is None or wanted is None or was != case.state or wanted == before:
            continue
        if case.tokens[name].suspension is None:
            work.set_state(wanted)
            part = f"workflow/{case.workflow}/step/{placed.step}"
            yield Different(Aspect.STATE, part, f"the record is `{wanted}` now", placed.step)


def _moved(move: Move, work: Work, token: Token, target: str) -> Different:
    branch = work.program.places[target].branch
    enter(work, target, token.parent, branch)
    part = f"workflow/{move.case.workflow}/step/{target}"
    return Different(
        Aspect.STEP, part, f"it goes on at `{target}` instead of `{token.step}`", target
    )


def _branches(move: Move, work: Work) -> Iterator[Different]:
    """Begin the branches that are new where the case stands, and join what is over by now."""
    for name, placed in move.placing.kept.items():
        step = work.program.places[placed.step].step
        if not isinstance(step, Parallel) or name not in work.draft.tokens:
            continue
        inside = {token.branch for token in work.draft.tokens.values() if token.parent == name}
        for branch in step.branches:
            token = work.draft.tokens.get(name)
            if token is not None and branch.id not in {*inside, *token.done}:
                enter(work, branch.steps[0].id, name, branch.id)
                part = f"workflow/{move.case.workflow}/step/{step.id}/branch/{branch.id}"
                yield Different(Aspect.WAY, part, f"`{branch.id}` begins besides", step.id)
        token = work.draft.tokens.get(name)
        if token is not None and is_joined(step, token.done):
            pass_on(work, token, step.id)
            part = f"workflow/{move.case.workflow}/step/{step.id}"
            yield Different(Aspect.WAY, part, f"`{step.id}` is over", step.id)


def _duties(move: Move, work: Work) -> list[Different]:
    """Bring what the case owes into line with the new version.

    An obligation whose evidence nothing on its way makes any more came too late for it.
    """
    found = list[Different]()
    for name, duty in work.program.duties.items():
        made = {step for of, step in duty.obligation.evidence.made_by if of == move.case.workflow}
        due = due_of(work.program, name, move.case.started_at)
        if name in work.draft.owed:
            if work.draft.owed[name] != due:
                work.change(Owed(name, due))
                told = (
                    f"`{name}` is owed until {due:%Y-%m-%d %H:%M} UTC now"
                    if due
                    else (f"`{name}` is owed without a limit now")
                )
                part, alone = f"obligation/{name}", due is not None
                found.append(Different(Aspect.DUTY, part, told, alone=alone))
        elif work.draft.settled.get(name) in {None, "lifted"} and not made & _ahead(work):
            work.change(Owed(name, due))
            work.change(NotOwed(name, "spared"))
    before = set(work.draft.owed)
    settle(work)
    review_duties(work)
    for name in sorted(set(work.draft.owed) - before):
        told = f"`{name}` is owed from now on"
        found.append(Different(Aspect.DUTY, f"obligation/{name}", told))
    return found


def _ahead(work: Work) -> frozenset[str]:
    return ahead(work.program, (token.step for token in work.draft.tokens.values()))


def _retold(move: Move, old: Work, work: Work, transition: Transition) -> Transition:
    """Return the transition with all rows of the case, since any of them may read otherwise."""
    before, after = move.case.tokens, work.draft.tokens
    items = tuple(
        item_of(work, token, step)
        for token in work.tokens()
        if isinstance(step := work.program.places[token.step].step, OPEN_WORK)
    )
    left = {change.token for change in old.changes if isinstance(change, Left)}
    gone = tuple(
        UUID(name)
        for name in sorted(before)
        if name not in after and isinstance(old.program.places[before[name].step].step, OPEN_WORK)
    )
    renames = move.sides.names.of[Part.OBLIGATION]
    kept = {*move.case.owed, *move.case.settled}
    return replace(
        transition,
        items=items,
        gone=(*gone, *answered(move.case, work.draft.proposal)),
        terms=(),
        timers=(*_timers(old, work, before), *lapses(move.case, work.draft.proposal)),
        heard=tuple(_heard(move, work)),
        calls=(*_calls(old, before, left), *transition.calls),
        cases=(*_cases(old, before, left), *transition.cases),
        duties=tuple(_news(move, transition)),
        carried=True,
        renamed=tuple(
            sorted((name, new) for name, new in renames.items() if name != new and name in kept)
        ),
    )


def _timers(old: Work, work: Work, before: Mapping[str, Token]) -> Iterator[TimerChange]:
    after = work.draft.tokens
    for name in sorted({*before, *after}):
        token = after.get(name)
        due = notice_at(work.program, token) if token else None
        if due is not None or (name in before and has_notice(old.program, before[name])):
            yield TimerChange(UUID(name), due, token.notices if token else 0)


def _heard(move: Move, work: Work) -> Iterator[Listening]:
    before, after = move.case.tokens, work.draft.tokens
    for name in sorted({*before, *after}):
        was = awaited(move.sides.old, before[name], move.case.fields) if name in before else ()
        keys = awaited(work.program, after[name], work.draft.fields) if name in after else ()
        if was or keys:
            yield Listening(UUID(name), keys)


def _calls(old: Work, before: Mapping[str, Token], left: set[str]) -> Iterator[CallChange]:
    for name in sorted(left & before.keys()):
        step = old.program.places[before[name].step].step
        if isinstance(step, Call):
            yield CallChange(UUID(name), CallNews.OVER, step.id, step.interface)


def _cases(old: Work, before: Mapping[str, Token], left: set[str]) -> Iterator[CaseChange]:
    for name in sorted(left & before.keys()):
        step = old.program.places[before[name].step].step
        if isinstance(step, Run):
            yield CaseChange(UUID(name), CaseNews.OVER, step.id, step.workflow)


def _news(move: Move, transition: Transition) -> Iterator[DutyNews]:
    """Yield the news of obligations; of one that is lifted by its old name, with its due time."""
    owed, names = move.case.owed, move.sides.names
    for news in transition.duties:
        lost = news.obligation in owed and names.new(Part.OBLIGATION, news.obligation) is None
        yield replace(news, due=owed[news.obligation]) if lost else news
