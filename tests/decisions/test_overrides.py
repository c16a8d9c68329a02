"""Overrides: beyond one's authority by two people, for some hours, and reviewed by a third."""

# ruff: noqa: E501 - words stand as they are said.

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from kingpost.decisions.case import Case, lapse_of
from kingpost.decisions.commands import (
    CLOCK,
    Actor,
    Command,
    Complete,
    ConfirmOverride,
    Decide,
    Deliver,
    Notify,
    Override,
    Record,
    Review,
)
from kingpost.decisions.decide import decide
from kingpost.decisions.judging.overriding.overriding import preview_override
from kingpost.decisions.program import compile_model
from kingpost.decisions.sealing import read_change, write_change
from kingpost.decisions.transition import TimerChange, Transition
from kingpost.model.steps.deciding import Override as Declared
from kingpost.model.workflow import Decision, Step
from kingpost.store.cases import read_row
from kingpost.store.recording.news import write_position
from kingpost.values.span import Span
from tests.decisions.world import (
    ANNA,
    BEN,
    HEDY,
    HOUR,
    LEO,
    MODEL,
    MONDAY,
    WORKFLOW,
    Desk,
    lent,
    person,
    started,
)

DECLARED = Declared(
    by=("lead",),
    confirmed_by=("deputy", "group-b"),
    reviewed_by="checker",
    review_within=Span(2, "day", working=False),
    lapses_after=Span(2, "hour"),
    outcomes=("approve", "reject"),
)


def _with(declared: Declared) -> tuple[Step, ...]:
    return tuple(
        replace(step, override=declared)
        if isinstance(step, Decision) and step.id == "approve"
        else step
        for step in WORKFLOW.steps
    )


FLOW = replace(WORKFLOW, steps=_with(DECLARED))
PROGRAM = compile_model(replace(MODEL, workflows={"claim": FLOW}))
DORA = person("dora", "deputy")
CARL = person("carl", "checker")
HURRY = "the customer has no roof"


def at_approve(amount: str = "900") -> Desk:
    found = started(PROGRAM, amount=amount)
    found.do(Complete(found.id("intake"), {"urgent": True}), ANNA)
    assert found.steps() == {"approve"}
    return found


def asked(found: Desk, by: Actor = LEO, **more: object) -> ConfirmOverride:
    command = Override(found.id("approve"), "approve", reason=HURRY)
    found.do(replace(command, **more), by)
    return ConfirmOverride(found.case.version)


def overridden(amount: str = "900") -> Desk:
    found = at_approve(amount)
    found.do(asked(found), DORA)
    return found


def review_of(found: Desk) -> str:
    (name,) = found.case.reviews
    return name


def refusal(found: Desk, command: Command, by: Actor) -> str:
    outcome = found.try_(command, by)
    assert not isinstance(outcome, Transition)
    return str(outcome)


def test_an_outcome_beyond_an_authority_takes_effect_by_two_people_and_is_to_be_reviewed() -> None:
    found = at_approve()
    assert "`lead` may take `approve` in `approve` only when" in refusal(
        found, Decide(found.id("approve"), "approve"), LEO
    )
    task = found.id("approve")
    confirm = asked(found)
    event = found.history[-1]
    assert (event.kind, event.gone, found.steps()) == ("asked", (), {"approve"})
    (waiting,) = event.items
    assert (waiting.kind, waiting.step, waiting.told) == (
        "confirmation",
        "approve",
        ("deputy", "group-b"),
    )
    assert waiting.ends_at == MONDAY + 2 * HOUR

    done = found.do(replace(confirm, reason="I have seen the roof"), DORA)

    assert (done.kind, done.body["choice"], found.steps()) == ("overridden", "approve", {"payment"})
    assert done.body["actor"]["person"] == "dora"
    told = done.body["override"]
    assert (told["proposed"], told["person"], told["post"]) == (confirm.asked, "leo", "lead")
    assert (event.revealed["reason"], done.revealed["reason"]) == (HURRY, "I have seen the roof")
    assert found.case.performers["approve"] == ("leo", "dora")
    assert {UUID(task), waiting.id} == {*done.gone}
    review = found.case.reviews[review_of(found)]
    assert (review.by, review.people, review.post) == ("lead", ("leo", "dora"), "checker")
    (work,) = (item for item in done.items if item.kind == "review")
    assert (work.step, work.post, work.role) == ("approve", "checker", "")
    assert work.due_at == MONDAY + timedelta(days=2)
    assert done.until == MONDAY + 2 * HOUR


def test_both_rights_are_relied_on_when_it_takes_effect() -> None:
    done = overridden().history[-1]

    rights = {str(right) for right in done.rights}
    assert rights == {DORA.holdings[0].right, LEO.holdings[0].right}


@pytest.mark.parametrize(
    ("command", "by", "words"),
    [
        (Override("", "send-back"), LEO, "nobody may go beyond their authority for `send-back` in `approve`: the model declares no `override` for it"),
        (Override("", "wave"), LEO, "there is no outcome `wave` here: possible are `approve`, `reject`, `send-back`"),
        (Override("", "approve"), HEDY, "you may not override `approve`: `lead` may"),
        (Override("", "approve"), lent("ben", "leo", "lead"), "you may not override `approve`: `lead` may"),
        (Override("", "reject"), LEO, "your authority suffices for `reject` in `approve`: decide it, which needs nobody else and no review"),
        (Override("", "approve", {"amount": "400"}), LEO, "`override` needs a reason"),
        (Override("", "approve"), LEO, "`override` needs a reason"),
        (Override("", "approve", {"report": "x"}), LEO, "`approve` does not record `report`: it records `amount`"),
        (Override("", "approve", shown="0"), LEO, "what `approve` shows has changed"),
    ],
)  # fmt: skip
def test_who_may_not_ask_is_told_why(command: Override, by: Actor, words: str) -> None:
    found = at_approve()
    command = replace(command, task=found.id("approve"))

    assert refusal(found, command, by).startswith(words)


def test_no_override_sets_aside_the_separation_of_duty() -> None:
    found = started(PROGRAM, amount="900")
    both = person("leo", "lead", "group-a")
    found.do(Complete(found.id("intake"), {"urgent": True}), both)
    words = "`approve` is for somebody else: you performed `intake` in this case"
    assert refusal(found, Override(found.id("approve"), "approve", reason=HURRY), both) == words

    found = started(PROGRAM, amount="900")
    worked = person("dora", "deputy", "group-a")
    found.do(Complete(found.id("intake"), {"urgent": True}), worked)
    assert refusal(found, asked(found), worked) == words


def test_no_override_leaves_out_what_an_outcome_requires_or_breaks_an_invariant() -> None:
    declared = replace(DECLARED, outcomes=())
    flow = replace(WORKFLOW, steps=_with(declared))
    posts = {**MODEL.posts, "lead": replace(MODEL.posts["lead"], authority=())}
    found = started(compile_model(replace(MODEL, posts=posts, workflows={"claim": flow})))
    found.do(Complete(found.id("intake"), {"urgent": True}), ANNA)
    back = Override(found.id("approve"), "send-back", reason=HURRY)
    assert refusal(found, back, LEO) == "`approve/send-back` needs `report`"
    emptied = Override(found.id("approve"), "approve", {"amount": None}, HURRY)
    assert "claim.amount != null" in refusal(found, emptied, LEO)


def test_who_may_not_confirm_is_told_why() -> None:
    found = at_approve()
    both = person("leo", "lead", "deputy")
    confirm = asked(found, both)

    assert refusal(found, confirm, HEDY) == (
        "you may not confirm an override of `approve`: `deputy`, `group-b` may"
    )
    assert refusal(found, confirm, both) == (
        "`leo` asked for this override: another person has to confirm it"
    )
    assert refusal(found, confirm, lent("ben", "dora", "deputy")) == (
        "you may not confirm an override of `approve`: `deputy`, `group-b` may"
    )
    assert refusal(found, replace(confirm, asked=1), DORA) == (
        "event 1 asks for no override any more, or never did: look at the case again, and ask for it"
        " anew"
    )
    left = replace(found.facts(DORA), left=True)
    assert str(decide(PROGRAM, found.case, confirm, left)) == (
        "`leo` asked for this override and no longer holds `lead`: ask for it anew, and let another"
        " person confirm it"
    )


def test_it_lapses_after_its_time_and_is_confirmed_no_more() -> None:
    found = at_approve()
    confirm = asked(found)
    name = lapse_of(found.case.id, found.case.proposal)  # type: ignore[arg-type]
    due = MONDAY + 2 * HOUR
    assert found.history[-1].timers == (TimerChange(UUID(name), due, 0),)
    assert refusal(found, Notify(name, 0), CLOCK) == (
        "the next notice about `approve` falls due 16 November 2026 at 11:00 UTC"
    )
    found.pass_time(2 * HOUR)
    assert refusal(found, confirm, DORA) == (
        "the override of `approve` lapsed on 16 November 2026 at 11:00 UTC: ask for it anew"
    )
    assert "clock" in refusal(found, Notify(name, 0), LEO)

    done = found.do(Notify(name, 0), CLOCK)

    assert (done.kind, done.body["choice"], found.case.proposal) == ("lapsed", "approve", None)
    assert done.timers == (TimerChange(UUID(name), None, 0),)
    assert refusal(found, confirm, DORA).startswith("event 3 asks for no override any more")
    found.do(asked(found), DORA)


@pytest.mark.parametrize("passing", [timedelta(0), 2 * HOUR - timedelta(milliseconds=1)])
def test_it_is_confirmed_to_the_last_moment(passing: timedelta) -> None:
    found = at_approve()
    confirm = asked(found)
    found.pass_time(passing)

    assert found.do(confirm, DORA).kind == "overridden"


def test_what_was_asked_for_is_dropped_when_the_case_moves_on_and_falls_due_no_more() -> None:
    found = at_approve()
    confirm = asked(found)
    name = lapse_of(found.case.id, found.case.proposal)  # type: ignore[arg-type]

    done = found.do(Decide(found.id("approve"), "reject", reason="a fraud"), LEO)

    assert TimerChange(UUID(name), None, 0) in done.timers
    assert found.case.proposal is None
    assert "was closed" in refusal(found, confirm, DORA)
    assert "was closed" in refusal(found, Notify(name, 0), CLOCK)


def test_the_review_outlives_the_case_and_ends_with_a_finding() -> None:
    found = overridden()
    found.do(Deliver(found.id("payment"), "paid-out"), Actor(interface="bank"))
    assert found.case.is_closed
    name = review_of(found)
    assert "was closed" in refusal(found, Record(name, {"report": "x"}), CARL)

    done = found.do(Review(name, "to-correct", "the roof was fine"), CARL)

    assert (done.kind, done.body["choice"], done.gone) == ("reviewed", "to-correct", (UUID(name),))
    assert (done.changes, done.duties, done.visits) == ((done.changes[0],), (), ())
    assert found.case.reviews == {}
    assert refusal(found, Review(name, "kept", "again"), CARL).startswith(
        "this work is no longer open"
    )


def test_who_may_not_review_is_told_why() -> None:
    found = overridden()
    name = review_of(found)
    kept = Review(name, "kept", "it was right")

    assert refusal(found, kept, BEN) == "the override of `approve` is for `checker` to review"
    own = "took part in the override of `approve`: another person has to review it"
    assert refusal(found, kept, person("leo", "lead", "checker")) == f"`leo` {own}"
    assert refusal(found, kept, lent("ben", "dora", "checker")) == f"`dora` {own}"
    assert refusal(found, replace(kept, reason=" "), CARL) == "`review` needs a reason"
    assert refusal(found, replace(kept, finding="fine"), CARL) == (
        "there is no finding `fine` here: possible are `kept`, `to-correct`"
    )
    assert found.do(kept, HEDY).body["actor"]["via"] == "superior"


def test_a_review_leaves_an_override_that_is_asked_for_meanwhile() -> None:
    found = overridden()
    found.do(Deliver(found.id("payment"), "complaint"), ANNA)
    found.do(Complete(found.id("rework"), {"report": "more"}), BEN)
    confirm = asked(found)

    found.do(Review(review_of(found), "kept", "it was right"), CARL)

    assert found.do(confirm, DORA).kind == "overridden"


def test_nobody_overrides_in_a_post_of_which_a_review_is_overdue() -> None:
    found = at_approve()
    words = (
        "`lead` overrides nothing more while the review of an earlier override of it is overdue:"
        " it can again as soon as that is made, here by `checker`"
    )
    command = Override(found.id("approve"), "approve", reason=HURRY)
    late = replace(found.facts(LEO), unreviewed=frozenset({"lead"}))
    assert str(decide(PROGRAM, found.case, command, late)) == words
    confirm = asked(found)
    late = replace(found.facts(DORA), unreviewed=frozenset({"lead"}))
    assert str(decide(PROGRAM, found.case, confirm, late)) == words


def test_what_it_would_bring_about_is_told_before_it_is_asked_for() -> None:
    found = at_approve()
    command = Override(found.id("approve"), "approve", {"amount": "800"})

    told = preview_override(PROGRAM, found.case, command, found.facts(LEO))

    assert isinstance(told, Transition)
    assert {token.step for token in told.case.tokens.values()} == {"payment"}
    assert found.steps() == {"approve"}
    assert "may not override" in str(
        preview_override(PROGRAM, found.case, command, found.facts(HEDY))
    )


def test_the_row_and_the_bytes_of_a_case_keep_all_of_it() -> None:
    found = overridden()
    found.do(Deliver(found.id("payment"), "complaint"), ANNA)
    found.do(Complete(found.id("rework"), {"report": "more"}), BEN)
    asked(found)
    kept = write_position(found.case)

    names = ("id", "number", "workflow", "model", "version", "head", "state", "state_since")
    row = {
        name: getattr(found.case, name) for name in (*names, "started_at", "closed_at", "fields")
    }
    back: Case = read_row({**row, "position": kept})

    assert back == found.case
    for event in found.history:
        for change in event.changes:
            secret = {item.name: item.value for item in event.secrets}
            written = write_change(change, frozenset(), None)  # type: ignore[arg-type]
            assert read_change(written) == change, secret
