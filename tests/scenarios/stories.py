"""Stories in a test: a small sound company, and scenarios written under it."""

from kingpost.decisions.program import compile_model
from kingpost.scenarios import Result, run_scenarios
from tests.checks.words import SOUND, read

GIVEN = "given: {claim: {claimant: Ines, amount: 200, kind: fire}}"
EXAMINED = "{post: counter, does: examine, records: {urgent: true, receipt: r-12}}"


def text_of(scenarios: str) -> str:
    """Return the sound company with scenarios, which are written as they stand under their key."""
    lines = "\n".join(f"  {line}" if line else "" for line in scenarios.strip("\n").split("\n"))
    return f"{SOUND}\nscenarios:\n{lines}\n"


def run(scenarios: str) -> list[Result]:
    """Return what comes of scenarios, in the order of their ids."""
    return list(run_scenarios(compile_model(read(text_of(scenarios)))))


def run_one(*entries: str, then: str, given: str = GIVEN) -> Result:
    """Return what comes of one scenario. entries: of its `when`, each in one line."""
    when = "".join(f"\n    - {entry}" for entry in entries)
    (result,) = run(f"story:\n  {given}\n  when:{when or ' []'}\n  then: {then}")
    return result


def differences(result: Result) -> list[str]:
    """Return where a story went another way: what was expected, what came instead, and why."""
    return [
        " | ".join(part for part in (item.expected, item.instead, item.why) if part)
        for item in result.failures
    ]


def told(result: Result) -> list[str]:
    """Return the story as it is told."""
    return [f"{line.at:%a %H:%M} {line.what} → {line.outcome}" for line in result.story]
