"""Random changes to a model and random live cases: none is lost, doubled, or led past a control."""

from dataclasses import replace
from random import Random  # noqa: TID251 - seeded, and of cases
from uuid import UUID

import pytest

from kingpost.decisions.carrying.judged import Judged, Verdict
from kingpost.decisions.case import Case, Token
from kingpost.decisions.changes import Entered, Left, evolve
from kingpost.decisions.commands import Complete, Decide, Raise, Resolve
from kingpost.decisions.judging.clocks import calendar_named
from kingpost.decisions.program import Program
from kingpost.decisions.transition import Transition
from kingpost.model.workflow import Addressee, Branch, Due, Parallel, Route, Step, Task
from kingpost.values.span import Span
from tests.decisions.carrying.test_carrying import LOOK, edited, judged, version
from tests.decisions.world import (
    ANNA,
    CHRIS,
    EXCEPTIONS,
    HEDY,
    HOUR,
    STEPS,
    Desk,
    started,
    to,
)

PAIRS = 200
TIMED = ("examine", "suspect", "approve", "rework")
SPANS = (Span(1, "hour"), Span(5, "hour", True), Span(3, "day"), Span(2, "day", True))


def changed(random: Random) -> Program:
    """Return the company's model with some changes, each of which leaves it sound."""
    steps, exceptions = STEPS, EXCEPTIONS
    for name in TIMED:
        if random.random() < 0.4:
            due = random.choice([None, *map(Due, SPANS)])
            steps = _with(steps, name, due=due)
    if random.random() < 0.3:
        steps = _with(steps, "approve", to=Addressee("head"))
    if random.random() < 0.3:
        third = Branch("third", "Third", (Task("hear", "Hear", role="clerk", then=to("done")),))
        steps = edited(
            lambda step: (
                replace(step, branches=(*step.branches, third))
                if isinstance(step, Parallel)
                else step
            ),
            steps,
        )
    if random.random() < 0.3:
        handled = _with(steps, "handling", then=to("look"))
        steps = (*handled[:2], LOOK, *handled[2:])
    if random.random() < 0.3:
        was = "examine" if random.random() < 0.7 else ""
        steps = edited(lambda step: _renamed(step, was), steps)
        exceptions = tuple(
            replace(item, steps=tuple("study" if n == "examine" else n for n in item.steps))
            for item in exceptions
        )
    return version(steps=steps, exceptions=exceptions)


def _with(steps: tuple[Step, ...], name: str, **properties: object) -> tuple[Step, ...]:
    return edited(
        lambda step: replace(step, **properties) if step.id == name else step,
        steps,
    )


def _renamed(step: Step, was: str) -> Step:
    if step.id == "examine":
        return replace(step, id="study", was=was, discharges=())
    if step.id == "intake":
        return replace(step, then=tuple(_to_study(way) for way in step.then))
    if step.id == "approve":
        return replace(step, separate_from=("intake", "study"))
    return step


def _to_study(way: Route) -> Route:
    return replace(way, go="study") if way.go == "examine" else way


def live(random: Random) -> Desk:
    """Return a case somewhere on its way."""
    desk = started(amount=str(random.choice([50, 400, 2000])))
    for _ in range(random.randrange(5)):
        desk.pass_time(random.randrange(40) * HOUR / 4)
        _step(random, desk)
        if desk.case.is_closed:
            return started()
    desk.pass_time(random.randrange(40) * HOUR / 4)
    return desk


def _step(random: Random, desk: Desk) -> None:
    token = desk.case.tokens[random.choice(sorted(desk.case.tokens))]
    if token.suspension is not None:
        desk.do(Resolve(token.id, "answered"), ANNA)
        return
    tried = {
        "intake": (Complete(token.id, {"urgent": random.random() < 0.5}), ANNA),
        "examine": (Complete(token.id, {"report": "fine"}), ANNA),
        "rework": (Complete(token.id, {"report": "better"}), ANNA),
        "suspect": (Decide(token.id, random.choice(["clear", "again"])), CHRIS),
        "approve": (Decide(token.id, "send-back", {"report": "thin"}, "thin"), HEDY),
        "payment": (Raise(token.id, "info-missing"), ANNA),
    }
    found = tried.get(token.step)
    if random.random() < 0.2 and token.step in {"intake", "examine", "rework"}:
        found = (Raise(token.id, "info-missing"), ANNA)
    elif random.random() < 0.4 and token.step == "approve":
        found = (Decide(token.id, "approve"), HEDY)
    if found is not None and isinstance(desk.try_(*found), Transition):
        desk.do(*found)


@pytest.mark.parametrize("seed", range(0, PAIRS, 20))
def test_every_case_goes_over_whole_stays_or_waits_for_somebody(seed: int) -> None:
    verdicts = set[Verdict]()
    for number in range(seed, seed + 20):
        random = Random(number)
        desk, new = live(random), changed(random)
        before = desk.case

        found = judged(desk, new)

        assert found == judged(desk, new), number
        assert desk.case == before
        assert (found.transition is None) == (found.verdict is not Verdict.CARRIES), number
        verdicts.add(found.verdict)
        if found.transition is not None:
            _goes_over_whole(desk, new, found)
        elif found.verdict is Verdict.ASKS:
            assert all(each.post in new.model.posts for each in found.questions)
        elif found.verdict is Verdict.REFUSED:
            assert "`look`" in found.why
    assert verdicts & {Verdict.CARRIES, Verdict.UNAFFECTED}


def _goes_over_whole(desk: Desk, new: Program, found: Judged) -> None:
    event, before = found.transition, desk.case
    assert event is not None
    after = event.case
    assert after == evolve(before, event.changes, at=event.at, head=event.link.hash)
    left = {change.token for change in event.changes if isinstance(change, Left)}
    came = [change.token for change in event.changes if isinstance(change, Entered)]
    assert len(came) == len(set(came))
    assert not left
    assert after.tokens.keys() == before.tokens.keys() | set(came)
    for name, token in before.tokens.items():
        _keeps_time(desk, new, token, after.tokens[name])
        assert after.tokens[name].suspension == token.suspension
    _passes_every_control(new, before, after)
    open_work = {UUID(token.id) for token in after.tokens.values() if _is_open(new, token)}
    assert {item.id for item in event.items} == open_work


def _keeps_time(desk: Desk, new: Program, was: Token, is_: Token) -> None:
    if was.clock is not None and is_.clock is not None:
        spent = was.clock.spent_ms(desk.now, calendar_named(desk.program.model, was.clock.calendar))
        counted = is_.clock.spent_ms(desk.now, calendar_named(new.model, is_.clock.calendar))
        assert spent == counted
        assert (was.clock.since is None) == (is_.clock.since is None)


def _passes_every_control(new: Program, before: Case, after: Case) -> None:
    """Whoever stands behind the new decision has come past it, and nobody could."""
    steps = {token.step for token in after.tokens.values()}
    if "look" in new.workflows["claim"].places:
        behind = {"approve", "rework", "payment"}
        assert not (steps & behind), (steps, before.entered)


def _is_open(new: Program, token: Token) -> bool:
    return not isinstance(new.workflows["claim"].places[token.step].step, Parallel)
