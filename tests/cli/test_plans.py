"""`kingpost plan --save`, `kingpost plans` and `kingpost apply`: from the plan to the receipt."""

import json
import re

from tests.cli.planned import Planned
from tests.cli.program import run

SOONER = {"due: 2 days": "due: 1 day"}


def saved(planned: Planned, *words: str) -> str:
    """Save a plan, and return its name."""
    answer = planned.plan(SOONER, "--save", "--as", "leo", *words)
    assert answer.status == 0, answer.out + answer.err
    told = r"\nSaved as plan (\w{12}): `kingpost apply \1 --as PERSON` applies it\.\n$"
    [name] = re.findall(told, answer.out)
    return name


def test_a_plan_is_saved_shown_applied_and_told(planned: Planned) -> None:
    none = run("plans", settings=planned.settings).out
    assert none == "No plan was saved yet: `kingpost plan FOLDER --save` saves one.\n"
    name = saved(planned, "--carry-over", "now")

    listed = run("plans", settings=planned.settings).out.splitlines()
    shown = run("plans", name, "--cases", settings=planned.settings).out
    refused = run("apply", name, "--as", "anna", settings=planned.settings)
    applied = run("apply", name, "--as", "hedy", settings=planned.settings)
    again = run("apply", name, "--as", "hedy", settings=planned.settings)

    assert listed[0].split() == ["plan", "of", "by", "from", "to", "live", "cases", "state"]
    assert re.match(rf"{name}  .*  Leo  {planned.version}.*  3           open$", listed[1])
    assert re.match(
        rf"Plan {name}, as all stood at .* by Leo\nFrom version \w+ to \w+: open\n", shown
    )
    assert (
        shown[shown.index("workflow/claim") :]
        == """\
workflow/claim  Claim
  ~ step `examine` is due 1 day sooner: within 1 day instead of 2 days
1 difference in 1 element.

What becomes of live cases
  claim: 2 carry over
    2: `examine` may take 1 day instead of 2 days
  claim: 1 not affected
  CLM-1: carry over
  CLM-2: carry over
  CLM-3: not affected

Who must agree
  `head`, which keeps workflow/claim

Gates
  the check finds no error
  there are no scenarios
"""
    )
    assert refused.status == 1
    assert refused.out.splitlines()[0] == "`anna` does not keep every part that changes:"
    assert refused.out.endswith("\nNothing was applied.\n")
    assert applied.out.splitlines()[:2] == [
        f"Plan {name} is applied: model version {listed[1].split()[-3]} is in effect.",
        "Live cases: 2 carried over, 1 not affected.",
    ]
    assert again.status == 1
    assert again.out.startswith(f"the plan {name} was applied: `kingpost receipt ")
    shown = run("plans", name, settings=planned.settings).out
    assert re.search(r"\nApplied by Hedy: `kingpost receipt \S+` tells what came of it.\n$", shown)
    assert run("plans", settings=planned.settings).out.splitlines()[1].endswith("  applied")


def test_a_plan_that_is_stale_says_so_and_changes_nothing(planned: Planned) -> None:
    name = saved(planned)
    run("load", planned.folder, "--as", "hedy", settings=planned.settings)

    answer = run("apply", name, "--as", "hedy", settings=planned.settings)

    assert answer.status == 1
    assert answer.out.endswith(
        "runs now. Plan anew: `kingpost plan FOLDER --save`.\nNothing was applied.\n"
    )
    listed = run("plans", settings=planned.settings).out
    assert listed.splitlines()[1].endswith("  stale: another version runs")
    without = planned.plan(SOONER, "--save")
    assert without.out.endswith("\nNothing was saved, since nothing would change.\n")


def test_a_plan_is_printed_for_programs(planned: Planned) -> None:
    document = json.loads(planned.plan(SOONER, "--save", "--carry-over", "now", "--json").out)

    [listed] = json.loads(run("plans", "--json", settings=planned.settings).out)
    shown = json.loads(
        run("plans", document["plan"], "--json", "--cases", settings=planned.settings).out
    )

    assert listed["digest"] == document["plan"]
    assert (listed["state"], listed["plan"]["cases_number"]) == ("open", 3)
    assert shown["live-cases"] == document["live-cases"]
    assert shown["differences"] == document["differences"]
    assert [each["case"] for each in shown["cases"]] == ["CLM-1", "CLM-2", "CLM-3"]


def test_what_names_no_plan_is_told(planned: Planned) -> None:
    answer = run("apply", "abc", "--as", "hedy", settings=planned.settings)

    assert (answer.status, answer.err) == (
        1,
        "there is no plan `abc`: `kingpost plans` lists them all.\n",
    )
