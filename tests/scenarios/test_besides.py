"""A story in which exceptions open work besides: it is done by the name of the exception."""

from kingpost.decisions.program import compile_model
from kingpost.scenarios import run_scenarios
from kingpost.scenarios.coverage import coverage
from tests.checks.words import read
from tests.scenarios.stories import EXAMINED, GIVEN, differences, text_of, told

HELD = "        suspend:\n          state: held\n          clocks: stop\n          ends:\n"
ENDS = f"{HELD}            came: {{title: Came, then: resume}}\n"
STORY = """\
story:
  {given}
  when:
    - {{post: counter, raises: papers-missing}}
    - {{expect: {{open: [examine, papers-missing]}}}}
    {entries}
  then: {{open: [judge]}}
"""


def story(effect: str, *entries: str) -> tuple[list[str], list[str], set[str]]:
    """Return where a story went another way, the story, and the parts that it came by."""
    written = STORY.format(given=GIVEN, entries="\n    ".join(f"- {entry}" for entry in entries))
    text = text_of(written)
    assert text.count(ENDS) == 1
    model = read(text.replace(ENDS, effect))
    (result,) = run_scenarios(compile_model(model))
    parts = {part.address for part in coverage(model, [result]) if part.by}
    return differences(result), told(result), parts


def test_work_that_ends_a_suspension_is_done_in_a_story() -> None:
    until = "        suspend: {state: held, clocks: stop, until: {task: Ask, role: clerk}}\n"

    wrong, tale, parts = story(
        until,
        "{post: counter, does: examine}",
        "{expect: {refused: stands still, suspended: {examine: papers-missing}, state: held}}",
        "{post: counter, does: papers-missing}",
        "{expect: {open: [examine], state: open}}",
        EXAMINED,
    )

    assert wrong == []
    assert tale[3] == "Mon 09:00 counter does papers-missing → examine; open"
    assert "workflow/claim/exception/papers-missing/over" in parts


def test_a_suspension_ends_by_itself_in_a_story() -> None:
    wrong, _, parts = story(
        "        suspend: {state: held, clocks: stop, until: {limit: 2 days}}\n",
        "{wait: 1 day}",
        "{expect: {open: [examine, papers-missing], due: {papers-missing: 2026-01-07 09:00}}}",
        "{wait: 1 day}",
        "{expect: {open: [examine], state: open}}",
        EXAMINED,
    )

    assert wrong == []
    assert "workflow/claim/exception/papers-missing/over" in parts


def test_work_beside_the_case_is_done_in_a_story() -> None:
    wrong, _, parts = story(
        "        alongside: {task: Tell the agent, role: clerk, due: 1 day}\n",
        "{expect: {due: {papers-missing: 2026-01-06 09:00}}}",
        "{post: counter, raises: papers-missing, in: examine}",
        "{expect: {refused: was raised already}}",
        EXAMINED,
        "{expect: {open: [judge, papers-missing]}}",
        "{post: counter, does: papers-missing}",
    )

    assert wrong == []
    assert "workflow/claim/exception/papers-missing/over" in parts
