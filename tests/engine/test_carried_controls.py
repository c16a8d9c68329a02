"""Controls and renames on the way to another version, as both who verify see them."""

import pytest

from kingpost.audit.auditing import audit
from kingpost.decisions.carrying import carrying
from kingpost.decisions.carrying.controls import Controls
from kingpost.decisions.commands import Complete, Decide
from kingpost.engine.carrying.applying import carry_all
from kingpost.engine.change import change_model
from kingpost.model.assurance import CarryOver
from tests.engine.office import WITH_A_LADDER, Office, read
from tests.engine.test_carrying import sound, told

# Whoever approves may send the claim back to be assessed again.
ASSESSED = (
    WITH_A_LADDER.replace(
        "        then: approve\n      approve:",
        "        then: assess\n      assess:\n        task: Assess\n        role: clerk\n"
        "        to: {post: desk}\n        records: [report]\n        then: approve\n"
        "      approve:",
    )
    .replace(
        "          approve: {title: Approve, then: payment}\n",
        "          approve: {title: Approve, then: payment}\n"
        "          rework: {title: Rework, then: assess}\n",
    )
    .replace("outcomes: [approve, reject]", "outcomes: [approve, reject, rework]")
)
# The claim is assessed once it is approved.
APPROVED_FIRST = (
    ASSESSED.replace("        then: assess\n      assess:", "        then: approve\n      assess:")
    .replace("[report]\n        then: approve\n", "[report]\n        then: payment\n")
    .replace("{title: Approve, then: payment}", "{title: Approve, then: assess}")
    .replace("{title: Rework, then: assess}", "{title: Rework, then: handling}")
)
LIMITED = ASSESSED.replace("limit: 10 days", "limit: 11 days")
SANCTIONED = (
    WITH_A_LADDER.replace("claim/approve", "claim/sanction")
    .replace(
        "      approve:\n        decision",
        "      sanction:\n        was: approve\n        decision",
    )
    .replace("then: approve\n", "then: sanction\n")
    .replace("steps: [approve]", "steps: [sanction]")
)


def carry(office: Office, text: str, positions: dict[str, str] | None = None) -> dict[str, int]:
    """Carry all cases over to another text; return what came of them."""
    policy = CarryOver.MAPPED if positions else CarryOver.NOW
    change_model(
        office.company,
        read(text),
        person="hedy",
        carry_over=policy,
        positions={"claim": positions} if positions else None,
    )
    [change] = carry_all(office.company)
    return {str(name): number for name, number in told(office, change).items()}


def sent_back(office: Office) -> None:
    """A claim that was sent back to be assessed again."""
    office.company.load(read(ASSESSED))
    case = office.examined()
    office.do(Complete(office.task(case, "assess"), {"report": "thin"}), "anna")
    office.do(Decide(office.task(case, "approve"), "rework"), "leo")
    assert office.steps(case) == {"assess"}


def test_a_claim_that_was_sent_back_goes_over_to_no_place_behind_its_approval(
    office: Office,
) -> None:
    sent_back(office)

    assert carry(office, APPROVED_FIRST) == {"refused": 1}
    sound(office)


def test_no_map_leads_past_an_approval(office: Office) -> None:
    sent_back(office)

    assert carry(office, LIMITED, {"assess": "payment"}) == {"refused": 1}
    sound(office)


@pytest.mark.parametrize(
    ("text", "positions", "place"),
    [(APPROVED_FIRST, None, "assess"), (LIMITED, {"assess": "payment"}, "payment")],
)
def test_the_audit_tells_of_a_control_that_was_skipped(
    office: Office,
    monkeypatch: pytest.MonkeyPatch,
    text: str,
    positions: dict[str, str] | None,
    place: str,
) -> None:
    sent_back(office)

    def finds_none(*_: object, **__: object) -> Controls:
        return Controls()

    monkeypatch.setattr(carrying, "controls", finds_none)

    assert carry(office, text, positions) == {"carried": 1}

    found = [str(finding) for finding in audit(office.company.database)]
    words = f"it stands at `{place}` behind `approve`, and nobody has decided so there"
    assert [words in each for each in found] == [True], found


def test_a_claim_goes_over_twice_after_its_decision_was_renamed(office: Office) -> None:
    office.company.load(read(WITH_A_LADDER))
    office.approved()

    assert carry(office, SANCTIONED.replace("limit: 10 days", "limit: 11 days")) == {"carried": 1}
    sound(office)
    assert carry(office, SANCTIONED.replace("limit: 10 days", "limit: 12 days")) == {"carried": 1}
    sound(office)
