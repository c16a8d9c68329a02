"""Warnings and ladders in a story: they fall due as time passes, and it says whom they told."""

# ruff: noqa: E501 - words stand as they are written.

from kingpost.decisions.program import compile_model
from kingpost.scenarios import run_scenarios
from tests.checks.words import edited, read
from tests.scenarios.stories import differences, told

DUE = "        due: 4 working hours\n"
LADDER = f"""\
{DUE}        warn: at 50 %
        escalate: [{{to: counter}}, {{after: 4 working hours, to: control}}]
"""
STORY = """\
scenarios:
  late:
    title: Nobody judges it
    given: {claim: {claimant: Ines, amount: 200, kind: fire}, at: 2026-01-05 09:00}
    when:
      - {post: counter, does: examine, records: {urgent: true, receipt: r-12}}
      - {wait: 3 working hours}
      - {expect: {escalated: {judge: []}}}
      - {wait: 2 working days}
"""


def tell(then: str) -> tuple[list[str], list[str]]:
    text = edited({DUE: LADDER}) + STORY + f"    then: {then}\n"
    (result,) = run_scenarios(compile_model(read(text)))
    return told(result), differences(result)


def test_what_falls_due_while_time_passes_is_told_at_its_own_time() -> None:
    lines, wrong = tell("{overdue: judge, escalated: {judge: [counter, control]}}")

    assert wrong == []
    assert lines[2:] == [
        "Mon 11:00 the time of judge is running out → judge",
        "Mon 13:00 judge is late: counter is told → judge",
        "Mon 17:00 judge is late: control is told → judge",
    ]


def test_whom_the_story_expects_to_be_told_is_held_against_who_was() -> None:
    for then, words in (
        ("{escalated: {judge: [counter]}}", "`judge` is escalated to `counter` | `judge` is escalated to `counter`, `control`"),
        ("{escalated: {judge: []}}", "`judge` is escalated to nobody | `judge` is escalated to `counter`, `control`"),
        ("{escalated: {pay: [counter]}}", "`pay` is escalated to `counter` | `judge` is open"),
    ):  # fmt: skip
        assert tell(then)[1] == [words]
