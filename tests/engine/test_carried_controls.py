"""Controls and renames on the way to another version, as both who verify see them."""

from dataclasses import replace
from typing import Any

import pytest

from kingpost.audit.auditing import audit
from kingpost.decisions.carrying import carrying, timing
from kingpost.decisions.carrying.controls import Controls
from kingpost.decisions.case import Clock
from kingpost.decisions.commands import Complete, Decide, Raise, Resolve
from kingpost.engine.carrying.applying import carry_all
from kingpost.engine.change import change_model
from kingpost.model.assurance import CarryOver
from tests.engine.carrying import sound, told
from tests.engine.office import WITH_A_LADDER, Office, read

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


def graded(field: str, was: str, duty: str, before: str) -> str:
    """Return the company, in which a field and an obligation have other names."""
    return (
        WITH_A_LADDER.replace("level:    {title", f"{field}:    {{was: {was}, title")
        .replace("outputs: [level]", f"outputs: [{field}]")
        .replace("  report-kept:\n", f"  {duty}:\n    was: {before}\n")
        .replace("[report-kept]", f"[{duty}]")
        .replace("custodian: lead\n", "custodian: head\n")
        .replace("    owner: lead\n", "    owner: head\n")
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


def test_names_are_followed_through_a_version_by_which_the_case_stayed(office: Office) -> None:
    kept = WITH_A_LADDER.replace("custodian: lead\n", "custodian: head\n").replace(
        "    owner: lead\n", "    owner: head\n"
    )
    office.company.load(read(kept))
    case = office.start()
    assert office.case(case).fields["level"] == "low"
    second = graded("grade", "level", "report-held", "report-kept")
    change_model(office.company, read(second), person="hedy")

    assert carry(office, graded("rank", "grade", "report-stored", "report-held")) == {"carried": 1}

    assert office.case(case).fields["rank"] == "low"
    assert office.case(case).owed == {"report-stored": None}
    rows = office.scalar("SELECT array_agg(obligation || ' ' || status) FROM duty")
    assert rows == ["report-stored owed"]
    sound(office)


def test_a_new_due_time_does_not_count_what_stood_still_before(office: Office) -> None:
    untimed = WITH_A_LADDER
    for line in (
        "                  due: 2 days\n",
        "                  warn: at 50 %\n",
        "                  escalate: [{to: check}, {after: 1 day, to: superior}]\n",
        (
            "  examined-in-time: {title: Examined in time, share-of: workflow/claim/step/examine,"
            " that: within-due, window: 30 days}\n"
        ),
    ):
        assert line in untimed
        untimed = untimed.replace(line, "")
    office.company.load(read(untimed))
    cases = [office.start(), office.start()]
    for case in cases:
        office.do(Raise(office.task(case, "examine"), "info-missing", {}, "why"), "anna")
    office.do(Resolve(office.task(cases[0], "examine"), "answered"), "anna")

    assert carry(office, WITH_A_LADDER) == {"carried": 2}

    [going, held] = [office.case(case).at("examine") for case in cases]
    assert going is not None
    assert going.clock is not None
    assert held is not None
    assert held.clock is not None
    assert (going.clock.consumed_ms, held.clock.consumed_ms, held.clock.since) == (0, 0, None)
    assert going.clock.since is not None
    assert going.clock.since > going.since
    sound(office)


def test_the_audit_tells_of_a_new_clock_that_begins_with_time_used_up(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.company.load(
        read(WITH_A_LADDER.replace("        limit: 10 days\n        then: paid\n", ""))
    )
    office.approved()
    real = timing.limit_clock

    def begins_earlier(*given: Any) -> Clock | None:  # noqa: ANN401 - as the real one
        clock = real(*given)
        return replace(clock, consumed_ms=5000) if clock else None

    monkeypatch.setattr(timing, "limit_clock", begins_earlier)

    assert carry(office, WITH_A_LADDER) == {"carried": 1}

    found = [str(finding) for finding in audit(office.company.database)]
    assert ["the clock of `payment` went from 0 to 5000 ms at once" in each for each in found] == [
        True
    ], found
