"""A story in which a machine agent acts: under the person who answers for it, and no other."""

import pytest

from kingpost.decisions.program import compile_model
from kingpost.scenarios import run_scenarios
from tests.checks.words import read
from tests.scenarios.stories import GIVEN, differences, text_of

CONTROL = "  control: {title: Control, unit: desk, reports-to: head, roles: [auditor],"
AGENT = "  bot: {unit: desk, roles: [clerk], vacancy: holds, answered-for-by: control}\n"
EXAMINED = "{post: counter, does: examine, records: {urgent: false, receipt: r-12}}"
CALLED = "{post: bot, does: call}"
REFUSED = "{expect: {refused: an agent acts in}}"


@pytest.mark.parametrize(
    ("vacant", "entries", "open_"),
    [("", (), "[letter]"), ("vacant: [control], ", (REFUSED,), "[call, letter]")],
)
def test_an_agent_acts_in_a_story_while_somebody_answers_for_it(
    vacant: str, entries: tuple[str, ...], open_: str
) -> None:
    when = "".join(f"\n    - {entry}" for entry in (EXAMINED, CALLED, *entries))
    given = GIVEN.replace("{claim:", f"{{{vacant}claim:")
    text = text_of(f"story:\n  {given}\n  when:{when}\n  then: {{open: {open_}}}")
    assert text.count(CONTROL) == 1

    (result,) = run_scenarios(compile_model(read(text.replace(CONTROL, AGENT + CONTROL))))

    assert differences(result) == []
