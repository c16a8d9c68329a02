"""What a claim stands at, or was decided in an earlier round, leads it past nothing by a map."""

from collections.abc import Callable

import pytest

from kingpost.audit.auditing import audit
from kingpost.decisions.carrying import carrying
from kingpost.decisions.carrying.controls import Controls
from kingpost.decisions.commands import Complete, Decide, Raise
from tests.engine.carrying import sound
from tests.engine.office import WITH_A_LADDER, Office, read
from tests.engine.test_carried_controls import ASSESSED, carry

DIVERTED = WITH_A_LADDER.replace("        divert: rejected", "        divert: payment")
TWICE = WITH_A_LADDER.replace(
    "                  then: done\n            fraud",
    "                  then: second\n"
    "                second: {task: Second, role: clerk, to: {post: desk}, then: done}\n"
    "            fraud",
)
REWORKED = (
    WITH_A_LADDER.replace(
        "              steps:\n                suspect:",
        "              steps:\n"
        "                look: {task: Look, role: checker, to: {post: check}, then: suspect}\n"
        "                suspect:",
    )
    .replace(
        "          approve: {title: Approve, then: payment}\n",
        "          approve: {title: Approve, then: payment}\n"
        "          rework: {title: Rework, then: handling}\n",
    )
    .replace("outcomes: [approve, reject]", "outcomes: [approve, reject, rework]")
    .replace("      - new -> settled\n", "      - new -> settled\n      - settled -> new\n")
)
# Between the assessment and its approval somebody else says whether it is sound.
VETTED = (
    ASSESSED.replace(
        "        records: [report]\n        then: approve\n",
        "        records: [report]\n        then: vet\n"
        "      vet:\n        decision: Is it sound?\n        role: checker\n"
        "        to: {post: check}\n        outcomes: {sound: {title: Sound, then: approve},"
        " off: {title: Off, then: assess}}\n",
    )
    .replace(
        "      - {decide: claim/suspect, outcomes: [clear, again]}",
        "      - {decide: claim/suspect, outcomes: [clear, again]}\n"
        "      - {decide: claim/vet, outcomes: [sound, off]}",
    )
    .replace("      - new -> settled\n", "      - new -> settled\n      - settled -> new\n")
)


def is_to_be_approved(office: Office) -> None:
    office.examined()


def is_to_be_examined(office: Office) -> None:
    office.start()


def is_looked_at_again(office: Office) -> None:
    case = office.start()
    office.do(Complete(office.task(case, "examine"), {"report": "x"}), "anna")
    office.do(Complete(office.task(case, "look")), "carl")
    office.do(Decide(office.task(case, "suspect"), "clear"), "carl")
    office.do(Decide(office.task(case, "approve"), "rework"), "leo")


def is_assessed_again(office: Office) -> None:
    case = office.examined()
    office.do(Complete(office.task(case, "assess"), {"report": "x"}), "anna")
    office.do(Decide(office.task(case, "vet"), "sound"), "carl")
    office.do(Decide(office.task(case, "approve"), "rework"), "leo")


@pytest.mark.parametrize(
    ("text", "goes", "position", "words"),
    [
        (
            DIVERTED,
            is_to_be_approved,
            ("approve", "payment"),
            "it stands at `payment` behind `approve`, and nobody has decided so there",
        ),
        (
            TWICE,
            is_to_be_examined,
            ("examine", "second"),
            "it stands at `second` behind `examine`, and nobody has done it there",
        ),
        (
            REWORKED,
            is_looked_at_again,
            ("handling", "approve"),
            "it stands at `approve` behind `suspect`, and nobody has decided so there",
        ),
        (
            VETTED,
            is_assessed_again,
            ("assess", "approve"),
            "it stands at `approve` behind `vet`, and nobody has decided so there",
        ),
    ],
)
def test_no_map_leads_past_what_is_still_to_be_passed_and_the_audit_would_tell(
    office: Office,
    monkeypatch: pytest.MonkeyPatch,
    text: str,
    goes: Callable[[Office], None],
    position: tuple[str, str],
    words: str,
) -> None:
    office.company.load(read(text))
    goes(office)
    positions = dict([position])

    later = text.replace("limit: 10 days", "limit: 11 days")
    assert carry(office, later, positions) == {"refused": 1}
    sound(office)

    def finds_none(*_: object, **__: object) -> Controls:
        return Controls()

    monkeypatch.setattr(carrying, "controls", finds_none)
    latest = text.replace("limit: 10 days", "limit: 12 days")
    assert carry(office, latest, positions) == {"carried": 1}
    found = [str(finding) for finding in audit(office.company.database)]
    assert [words in each for each in found].count(True) == 1, found


def test_a_claim_that_an_exception_led_on_goes_over_behind_the_decision(office: Office) -> None:
    office.company.load(read(DIVERTED))
    case = office.examined()
    office.do(Raise(office.task(case, "approve"), "withdrawn", {}, "why"), "leo")
    assert office.steps(case) == {"payment"}

    assert carry(office, DIVERTED.replace("limit: 10 days", "limit: 11 days")) == {"carried": 1}
    sound(office)


def test_a_claim_in_its_second_round_goes_over_where_it_stands(office: Office) -> None:
    office.company.load(read(VETTED))
    is_assessed_again(office)

    assert carry(office, VETTED.replace("limit: 10 days", "limit: 11 days")) == {"carried": 1}
    sound(office)
