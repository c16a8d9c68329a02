"""Saying no to what another person proposes: an override or a repair."""

# ruff: noqa: E501 - words stand as they are said.

from dataclasses import replace

import pytest

from kingpost.decisions.commands import Actor, Complete, Decline, Propose
from kingpost.decisions.decide import decide
from kingpost.decisions.options import options
from kingpost.decisions.program import compile_model
from kingpost.decisions.sealing import read_change, write_change
from kingpost.decisions.transition import TimerChange, Transition
from tests.decisions.test_overrides import (
    CARL,
    DORA,
    FLOW,
    LEO,
    PROGRAM,
    asked,
    at_approve,
    refusal,
)
from tests.decisions.world import ANNA, BEN, HEDY, MODEL, Desk, lent, person, started

WHY = "the roof is on again"
REPAIRED = compile_model(
    replace(MODEL, workflows={"claim": replace(FLOW, repaired_by=("lead", "head"))})
)


def proposed() -> tuple[Desk, int]:
    """Return a case for which Leo proposes to correct the amount, and by which event."""
    found = started(REPAIRED, amount="900")
    found.do(Complete(found.id("intake"), {"urgent": True}), ANNA)
    found.do(Propose({"amount": "90"}, reason="a nought too much"), LEO)
    return found, found.case.version


def test_an_override_is_declined_with_a_reason_and_the_case_stays_as_it_is() -> None:
    found = at_approve()
    confirm, before = asked(found), found.case
    (waiting,) = found.history[-1].items

    done = found.do(Decline(confirm.asked, WHY), DORA)

    assert (done.kind, done.step, done.body["choice"]) == ("declined", "approve", "approve")
    assert done.body["declined"] == {"proposed": confirm.asked, "person": "leo", "post": "lead"}
    assert done.revealed["reason"] == WHY
    assert (done.gone, done.items) == ((waiting.id,), ())
    assert [item.at for item in done.timers if isinstance(item, TimerChange)] == [None]
    assert found.case == replace(
        before, version=before.version + 1, head=found.case.head, proposal=None
    )
    assert refusal(found, confirm, DORA).startswith(
        f"event {confirm.asked} asks for no override any more"
    )
    asked(found)  # It may be asked for again.


def test_a_repair_is_declined_as_well_and_then_waits_for_nobody() -> None:
    found, event = proposed()
    (waiting,) = found.history[-1].items
    assert (waiting.kind, waiting.step, waiting.told, waiting.ends_at) == (
        "confirmation",
        "",
        ("lead", "head"),
        None,
    )

    done = found.do(Decline(event, WHY), HEDY)

    assert (done.kind, done.step, done.gone) == ("declined", None, (waiting.id,))
    assert found.case.fields["amount"] == "900"
    assert found.case.proposal is None


@pytest.mark.parametrize(
    ("by", "words"),
    [
        (LEO, "`leo` proposed this, and another person declines it or confirms it: propose what should be done instead, which takes its place"),
        (HEDY, "you may not decline what event 3 proposes: `deputy`, `group-b` may"),
        (BEN, "you may not decline what event 3 proposes: `deputy`, `group-b` may"),
        (lent("lena", "dora", "deputy"), "you may not decline what event 3 proposes: `deputy`, `group-b` may"),
    ],
)  # fmt: skip
def test_who_may_not_decline_is_told_why(by: Actor, words: str) -> None:
    found = at_approve()
    event = asked(found).asked
    if by is LEO:
        by = replace(LEO, holdings=(*LEO.holdings, *person("leo", "deputy").holdings))

    assert refusal(found, Decline(event, WHY), by) == words
    assert refusal(found, Decline(event, "  "), DORA) == "`refusal` needs a reason"
    assert refusal(found, Decline(event + 1, WHY), DORA) == (
        f"event {event + 1} proposes nothing any more, or never did: there is nothing left to"
        " decline; look at the case again"
    )


def test_who_left_the_post_in_which_they_asked_is_declined_all_the_same() -> None:
    found = at_approve()
    event = asked(found).asked

    outcome = decide(
        PROGRAM, found.case, Decline(event, WHY), replace(found.facts(DORA), left=True)
    )

    assert isinstance(outcome, Transition)
    assert [str(right) for right in outcome.rights] == [DORA.holdings[0].right]


def test_what_waits_says_who_may_confirm_and_decline_it() -> None:
    found = at_approve()
    asked(found)
    (waiting,) = found.history[-1].items

    def told(by: Actor) -> list[tuple[str, bool]]:
        possible = options(PROGRAM, found.case, str(waiting.id), found.facts(by))
        assert (possible.kind, possible.step) == ("confirmation", "approve")
        return [(item.id, item.refusal is None) for item in possible.outcomes]

    assert told(DORA) == [("confirm", True), ("decline", True)]
    assert told(CARL) == [("confirm", False), ("decline", False)]
    assert told(LEO) == [("confirm", False), ("decline", False)]


def test_the_bytes_of_a_case_keep_that_it_was_declined() -> None:
    found = at_approve()
    done = found.do(Decline(asked(found).asked, WHY), DORA)

    (change,) = done.changes
    written = write_change(change, frozenset(), None)  # type: ignore[arg-type]
    assert (written, read_change(written)) == ({"do": "decline"}, change)
