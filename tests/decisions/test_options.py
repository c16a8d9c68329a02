"""What the pages offer: each act at open work, with the reason when it is not possible."""

import pytest

from kingpost.decisions.commands import Actor, Complete, Decide, Raise
from kingpost.decisions.options import Option, Options, options
from kingpost.decisions.refusals import IsSuspended
from tests.decisions.world import ANNA, BANK, CHRIS, HEDY, LEO, Desk, person, started


def offered(desk: Desk, step: str, actor: Actor) -> Options:
    return options(desk.program, desk.case, desk.id(step), desk.facts(actor))


def reasons(found: tuple[Option, ...]) -> dict[str, str]:
    return {item.id: str(item.refusal or "") for item in found}


def at_approve(amount: str = "200") -> Desk:
    desk = started(amount=amount)
    desk.do(Complete(desk.id("intake")), ANNA)
    desk.do(Complete(desk.id("examine"), {"report": "seen"}), ANNA)
    return desk


def test_a_task_says_what_it_records_and_what_it_requires() -> None:
    found = offered(started(), "intake", ANNA)

    assert (found.step, found.kind, found.work) == ("intake", "task", None)
    assert found.fields == ("amount", "group", "urgent", "note")
    assert found.requires == ("amount",)
    assert (found.outcomes, found.endings, found.messages) == ((), (), ())
    assert reasons(found.exceptions) == {"info-missing": "", "police-asks": ""}


def test_who_may_not_act_is_told_why_for_each_act() -> None:
    found = offered(started(), "intake", CHRIS)

    words = "`intake` needs the role `clerk` and is addressed to `group-a`: `group-a` may"
    assert str(found.work) == words
    assert reasons(found.exceptions) == {"info-missing": words, "police-asks": ""}


def test_each_outcome_has_its_own_reason() -> None:
    desk = at_approve(amount="700")

    found = offered(desk, "approve", LEO)

    assert found.work is None
    assert reasons(found.outcomes) == {
        "approve": "`lead` may take `approve` in `approve` only when `claim.amount <= 500`; "
        "`head` may",
        "reject": "",
        "send-back": "",
    }
    assert found.outcomes[2] == Option(
        "send-back", "Send back", None, ("report",), ("report",), reason=True
    )
    assert set(reasons(offered(desk, "approve", HEDY).outcomes).values()) == {""}


def test_who_did_the_work_is_told_that_the_decision_is_for_somebody_else() -> None:
    found = offered(at_approve(), "approve", person("anna", "head"))

    words = "`approve` is for somebody else: you performed `intake` in this case"
    assert str(found.work) == words
    assert set(reasons(found.outcomes).values()) == {words}


def test_work_that_stands_still_offers_its_endings() -> None:
    desk = started()
    desk.do(Raise(desk.id("intake"), "info-missing"), ANNA)

    found = offered(desk, "intake", ANNA)

    assert found.work == IsSuspended("intake", "info-missing")
    assert reasons(found.endings) == {"answered": "", "solved": ""}
    assert [item.requires for item in found.endings] == [(), ("amount",)]
    assert [item.id for item in found.exceptions if item.refusal] == ["info-missing"]


def test_a_wait_offers_its_messages() -> None:
    desk = at_approve()
    desk.do(Decide(desk.id("approve"), "approve"), LEO)

    found, bank = offered(desk, "payment", ANNA), offered(desk, "payment", BANK)

    assert (found.kind, found.work) == ("wait", None)
    assert reasons(found.messages) == {
        "paid-out": "`paid-out` is accepted only from `interface/bank`",
        "complaint": "",
    }
    assert bank.messages[0].refusal is None


@pytest.mark.parametrize("step", ["handling", "gone"])
def test_only_open_work_has_options(step: str) -> None:
    desk = started()
    task = desk.id(step) if step == "handling" else step

    with pytest.raises(KeyError):
        options(desk.program, desk.case, task, desk.facts(ANNA))
