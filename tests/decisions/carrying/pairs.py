"""One pair of models and a live case: what must hold of every one, by an oracle of its own.

The oracle reads the text of a company and what was done in its case. It shares nothing with the
code that judges.
"""

from collections.abc import Iterable
from random import Random  # noqa: TID251 - seeded, and of cases
from typing import Any
from uuid import UUID

from kingpost.decisions.carrying.carrying import judge
from kingpost.decisions.carrying.judged import Judged, Policy, Verdict
from kingpost.decisions.case import Case, Clock
from kingpost.decisions.changes import Entered, Left, evolve
from kingpost.decisions.commands import CLOCK, Facts
from kingpost.decisions.judging.clocks import calendar_named
from kingpost.decisions.program import Program
from kingpost.decisions.transition import Transition
from kingpost.model.assurance import CarryOver
from kingpost.model.workflow import OPEN_WORK
from tests.decisions.carrying.companies import (
    Company,
    Spec,
    begun,
    blocks_of,
    changed,
    company,
    program,
    walk,
)
from tests.decisions.world import SEED, Desk

DONE = "done"


def look(seed: int) -> Verdict | None:
    """Judge a case of one random company against the next; None when it had ended before.

    Raises AssertionError when anything is not as it must be.
    """
    random = Random(seed)
    before = company(random)
    for _ in range(random.randrange(2)):
        before = changed(random, before)
    desk = begun(program(before))
    walk(random, desk, random.randrange(14))
    if desk.case.is_closed:
        return None
    after = changed(random, before)
    new = program(after)
    policy, case = _policy(random, desk, before, after), desk.case
    facts = Facts(desk.now, desk.now, CLOCK, seed=SEED)

    found = judge(desk.program, new, case, policy, facts)

    assert found == judge(desk.program, new, case, policy, facts)
    assert desk.case == case
    if found.transition is not None:
        assert found.verdict is Verdict.CARRIES
        _goes_over_whole(desk, new, found.transition)
        lacks = list(lacking(after, found.transition.case, chosen(before, after, desk.history)))
        assert not lacks, f"{lacks} by {policy}"
        _goes_on(random, desk, new, found.transition)
    else:
        _is_told(new, found)
    return found.verdict


def look_at_every_map(seed: int) -> int:
    """Judge a case of one random company by every map of one place of it; return how many carry.

    Raises AssertionError when one leads past a decision.
    """
    random, carries = Random(seed), 0
    before = company(random)
    desk = begun(program(before))
    walk(random, desk, 8 + random.randrange(16))
    after = changed(random, before)
    new, facts = program(after), Facts(desk.now, desk.now, CLOCK, seed=SEED)
    places = {token.step for token in desk.case.tokens.values()}
    for place in sorted(places):
        [block] = (block for block in before.blocks if place in block)
        for target in block:
            policy = Policy(CarryOver.MAPPED, {"flow": {place: after.steps.get(target, target)}})
            found = judge(desk.program, new, desk.case, policy, facts)
            if found.transition is not None:
                carries += 1
                last = chosen(before, after, desk.history)
                lacks = list(lacking(after, found.transition.case, last))
                assert not lacks, f"{lacks} by {policy}"
    return carries


def _policy(random: Random, desk: Desk, before: Company, after: Company) -> Policy:
    kind = random.choice([CarryOver.NOW, CarryOver.NOW, CarryOver.AT_NEXT_STEP, CarryOver.MAPPED])
    if kind is CarryOver.AT_NEXT_STEP:
        return Policy(kind, since=desk.history[random.randrange(len(desk.history))].at)
    if kind is CarryOver.NOW:
        return Policy(kind)
    # Everybody who stands somewhere is led elsewhere, wherever that is.
    targets = [name for block in after.blocks for name in block]
    sources = [token.step for token in desk.case.tokens.values()]
    return Policy(kind, {"flow": {name: random.choice(targets) for name in sources}})


def _is_told(new: Program, found: Judged) -> None:
    """A case that is not carried over ends on its version, waits for somebody, or for its step."""
    match found.verdict:
        case Verdict.ASKS:
            assert found.questions
            assert all(each.post in new.model.posts and each.why for each in found.questions)
        case Verdict.REFUSED | Verdict.STAYS:
            assert found.why
        case Verdict.CARRIES:
            assert found.later
        case Verdict.UNAFFECTED:
            assert not found.different


def _goes_over_whole(desk: Desk, new: Program, event: Transition) -> None:
    """No token is lost or doubled, and no clock gains or loses time."""
    before, after = desk.case, event.case
    assert after == evolve(before, event.changes, at=event.at, head=event.link.hash)
    assert after.model == new.version
    left = [each.token for each in event.changes if isinstance(each, Left)]
    came = [each.token for each in event.changes if isinstance(each, Entered)]
    assert len(left) == len(set(left))
    assert len(came) == len(set(came))
    assert not set(came) & before.tokens.keys()
    assert after.tokens.keys() == (before.tokens.keys() | set(came)) - set(left)
    places = [(token.parent, token.branch) for token in after.tokens.values()]
    assert len(places) == len(set(places))
    assert after.is_closed == (not after.tokens)
    for name in before.tokens.keys() & after.tokens.keys():
        was, is_ = before.tokens[name], after.tokens[name]
        for one, other in ((was.clock, is_.clock), (was.limit, is_.limit)):
            if other is not None:
                spent = _spent(desk.program, one, desk) if one else 0
                assert _spent(new, other, desk) == spent
        assert (was.suspension is None) == (is_.suspension is None)
    steps = new.workflows["flow"].places
    opened = {
        UUID(token.id)
        for token in after.tokens.values()
        if isinstance(steps[token.step].step, OPEN_WORK)
    }
    assert {item.id for item in event.items} == opened


def _spent(of: Program, clock: Clock, desk: Desk) -> int:
    return clock.spent_ms(desk.now, calendar_named(of.model, clock.calendar))


def _goes_on(random: Random, desk: Desk, new: Program, event: Transition) -> None:
    """Work goes on in the new version as in any other."""
    desk.case, desk.program = event.case, new
    walk(random, desk, 6)
    assert desk.case.model == new.version


def chosen(before: Company, after: Company, history: Iterable[Transition]) -> dict[str, str]:
    """Return what was decided last at each decision, by its new names, as the history has it.

    What a case has come to again is open, with all that it came to after it, and all inside.
    """
    last: dict[str, str] = {}
    lines: dict[tuple[str | None, str | None], list[str]] = {}
    inside = {
        name: [inner for block in blocks_of({name: step})[1:] for inner in block]
        for each in before.blocks
        for name, step in each.items()
    }
    for event in history:
        if event.kind == "decided" and event.step is not None:
            last[event.step] = event.body["choice"]
        for change in event.changes:
            if isinstance(change, Entered):
                line = lines.setdefault((change.parent, change.branch), [])
                at = line.index(change.step) if change.step in line else len(line)
                for again in (*line[at:], change.step):
                    for name in (again, *inside.get(again, ())):
                        last.pop(name, None)
                line[at:] = [change.step]
    return {
        after.steps.get(step, step): after.outcomes.get(f"{step}/{choice}", choice)
        for step, choice in last.items()
    }


def lacking(made: Company, case: Case, last: dict[str, str]) -> Iterable[tuple[str, str]]:
    """Yield each place of a case, with a decision without which nobody comes there."""
    for token in case.tokens.values():
        for block in made.blocks:
            if token.step in block:
                decisions = {
                    name: step
                    for each in blocks_of(block)
                    for name, step in each.items()
                    if "outcomes" in step and name != token.step
                }
                for name, step in decisions.items():
                    outcomes, taken = step["outcomes"], last.get(name)
                    # Where one leads that is no more, the keeper says by a map.
                    known = outcomes.keys() if taken not in {None, *outcomes} else {taken}
                    on = {each["then"] for key, each in outcomes.items() if key in known}
                    if token.step not in _reach(block, name, on):
                        yield token.step, name


def _reach(block: Spec, decision: str, on: set[str]) -> set[str]:
    first = next(iter(block))
    reached, waiting = {first}, [first]
    while waiting:
        name = waiting.pop()
        if name in block:
            ways = on if name == decision else _ways(block[name], decision, on)
            waiting += ways - reached
            reached |= ways
    return reached


def _ways(step: Spec, decision: str, on: set[str]) -> set[str]:
    branches = step.get("parallel", {}).get("branches", {}).values()
    over = [DONE in _reach(branch["steps"], decision, on) for branch in branches]
    joins = any(over) if step.get("parallel", {}).get("join") == "any" else all(over)
    if branches and not joins:
        return set()
    found = set[str]()
    for holder in (step, *step.get("outcomes", {}).values(), *step.get("messages", {}).values()):
        then: Any = holder.get("then", [])
        ways: list[Spec] = [{"go": then}] if isinstance(then, str) else then
        found |= {str(way.get("go", way.get("else"))) for way in ways}
    return found
