"""`kingpost plan`: what a change would do to the company that runs, before it is done."""

import json
import re

import pytest
from psycopg import OperationalError

from kingpost.cli.commands.changing import carried
from tests.cli.planned import Planned
from tests.cli.program import Answer, run


def test_a_change_is_told_with_what_it_touches_and_who_must_agree(planned: Planned) -> None:
    answer = planned.plan({"due: 2 days": "due: 1 day"})

    assert answer.status == 0, answer.out + answer.err
    assert (
        answer.out
        == f"""\
workflow/claim  Claim
  ~ step `examine` is due 1 day sooner: within 1 day instead of 2 days
1 difference in 1 element.

What it touches
  3 live cases
    claim on {planned.version} at examine, handling, suspect: 2, which it touches
    claim on {planned.version} at approve: 1
  open work
    workflow/claim/step/examine: 2
  post, held by
    post/desk: 2
  obligation, owed by live cases
    obligation/report-kept: 2
  objectives, promises and measures
    metric/claim-time
    metric/examined-in-time
    objective/trust
    value-stream/claims

What becomes of live cases
  claim: 2 stay on their version
    2: cases in flight end on their version
  claim: 1 not affected

Who must agree
  `head`, which keeps workflow/claim

Gates
  the check finds no error
  there are no scenarios
"""
    )


def test_what_a_changed_rule_would_have_answered_is_told(planned: Planned) -> None:
    lower = {'["< 1000"': '["< 100"', '[">= 1000"': '[">= 100"'}
    answer = planned.plan(lower, "--cases")

    told = answer.out[answer.out.index("What changed") : answer.out.index("Who must")]
    first, second, third = sorted(re.findall(r"CLM\S+(?=:)", told))
    assert sorted(told.splitlines()) == sorted(
        f"""\
What changed rules would have answered
  `levels` at claim/classify: 3 answers in 3 cases, 3 would have come out otherwise
    3: `level` `high` instead of `low`
    {third}: `level` `high` instead of `low`
    {second}: `level` `high` instead of `low`
    {first}: `level` `high` instead of `low`

""".splitlines()
    )
    (rule,) = json.loads(planned.plan(lower, "--json").out)["rules"]
    assert (rule["rule"], rule["cases"], rule["answers"], rule["unsure"]) == ("levels", 3, 3, 0)
    assert rule["otherwise"][0]["outputs"] == {"level": {"before": "low", "after": "high"}}
    assert rule["otherwise"][0]["goes"] == {"before": "handling", "after": "handling"}


def test_who_keeps_a_workflow_must_agree_to_how_its_cases_go_over(planned: Planned) -> None:
    seats = {"seats: 40": "seats: 41"}

    assert planned.agree(seats) == {"head": ["post/desk"]}
    assert planned.agree(seats, "--carry-over", "now") == {"head": ["post/desk", "workflow/claim"]}


def test_of_the_model_that_runs_the_cases_are_told_that_are_asked_to_go_over(
    planned: Planned,
) -> None:
    planned.plan({"due: 2 days": "due: 1 day"})
    loaded = run("load", planned.folder, "--as", "hedy", settings=planned.settings)
    assert loaded.status == 0, loaded.out + loaded.err

    same = {"due: 2 days": "due: 1 day"}
    answer = planned.plan(same, "--carry-over", "now")

    assert "Both mean the same." in answer.out
    assert "claim: 2 carry over" in answer.out
    assert "`head`, which keeps workflow/claim" in answer.out
    assert "What becomes" not in planned.plan(same).out


def test_of_past_cases_as_many_are_asked_as_is_said(planned: Planned) -> None:
    lower = {'["< 1000"': '["< 100"', '[">= 1000"': '[">= 100"'}
    two = planned.plan(lower, "--past", "2").out
    none = planned.plan(lower, "--past", "0").out

    assert "2 answers in 2 cases, 2 would have come out otherwise" in two
    assert "What changed rules" not in none


def test_what_becomes_of_live_cases_is_told_by_the_policy_that_is_asked_for(
    planned: Planned,
) -> None:
    answer = planned.plan({"due: 2 days": "due: 1 day"}, "--carry-over", "now", "--cases")

    told = answer.out[answer.out.index("What becomes") : answer.out.index("Who must")]
    told = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d UTC", "A DAY", told)
    due = "`examine` is due A DAY instead of A DAY, 0 h 00 min of 24 h 00 min used"
    assert (
        told
        == f"""\
What becomes of live cases
  claim: 2 carry over
    2: `examine` may take 1 day instead of 2 days
  claim: 1 not affected
  CLM-1: carry over; {due}
  CLM-2: carry over; {due}
  CLM-3: not affected

"""
    )


def test_what_is_loaded_then_comes_to_what_was_planned(planned: Planned) -> None:
    planned.plan({"due: 2 days": "due: 1 day"}, "--carry-over", "now")

    loaded = run(
        *("load", planned.folder, "--as", "hedy", "--carry-over", "now"), settings=planned.settings
    )
    (change,) = re.findall(r"kingpost receipt (\S+)`", loaded.out)
    receipt = run("receipt", change, "--outcome", "carried", settings=planned.settings)

    assert "Live cases: 2 carried over, 1 not affected.\n" in loaded.out
    assert "  CLM-1: done\n  CLM-2: done\n" in receipt.out
    some = run("receipt", change, "--outcome", "carried", "--cases", 1, settings=planned.settings)
    assert some.out.splitlines()[-2:] == [
        "  CLM-1: done",
        "  and 1 more: `--cases 2` lists them all",
    ]
    assert planned.plan({"due: 2 days": "due: 1 day"}).out.startswith("Both mean the same.")


JUDGED = {
    "then: handling}": (
        "then: judge}\n      judge: {decision: Is it ours, role: checker, to: {post: check},"
        " due: 1 day, outcomes: {yes: {title: It is, then: handling}}}"
    ),
    "- {decide: claim/suspect, outcomes: [clear, again]}": (
        "- {decide: claim/suspect, outcomes: [clear, again]}\n"
        "      - {decide: claim/judge, outcomes: [yes]}"
    ),
}
REPLACED = {
    "      approve:\n        decision": "      agree:\n        decision",
    "then: approve\n": "then: agree\n",
    "steps: [approve]": "steps: [agree]",
}


def test_a_case_behind_a_new_control_is_refused_and_one_whose_step_is_gone_needs_a_decision(
    planned: Planned,
) -> None:
    grants = {"claim/approve": "claim/agree"}
    refused = planned.plan(JUDGED, "--carry-over", "now")
    asked = planned.plan(REPLACED, "--carry-over", "now", renamed=grants)
    mapped = planned.plan(REPLACED, "--map", "claim/approve=agree", renamed=grants)
    unknown = planned.plan(REPLACED, "--map", "claim/approve=agree2", renamed=grants)

    behind = "claim: 3 refused\n    3: it stands behind `judge`, which it has not passed\n"
    assert behind in refused.out, refused.out
    assert "claim: 1 need a decision\n    1: `head` decides: " in asked.out, asked.out
    assert "need a decision" not in mapped.out
    assert "claim: 3 carry over" in mapped.out, mapped.out
    assert (unknown.status, unknown.err) == (
        1,
        "`claim` has no step `agree2`: did you mean `agree`?\n",
    )


def test_what_it_touches_is_told_as_json(planned: Planned) -> None:
    answer = planned.plan({"title: Team lead\n": "title: Leader\n"}, "--json")

    told = json.loads(answer.out)
    assert [item["address"] for item in told["differences"]] == ["post/lead"]
    assert told["agree"] == {"head": ["post/lead"]}
    posts = told["touches"]["posts"]
    assert {"address": "post/lead", "number": 1} in posts
    assert told["scenarios"] == {"number": 0, "failed": []}


def test_the_same_files_change_nothing(planned: Planned) -> None:
    answer = planned.plan({})

    assert (answer.status, answer.out) == (
        0,
        "Both mean the same.\n\nGates\n  the check finds no error\n  there are no scenarios\n",
    )


def test_an_unsound_model_is_not_planned(planned: Planned) -> None:
    answer = planned.plan({"to: {post: lead}": "to: {post: leed}"})

    assert answer.status == 1
    assert "leed" in answer.out
    assert "What it touches" not in answer.out


def test_a_scenario_that_fails_is_told_and_in_the_status(planned: Planned) -> None:
    story = (
        "scenarios:\n"
        "  quick:\n"
        "    given: {claim: {claimant: Rita, amount: 200}, post: desk}\n"
        "    when: []\n"
        "    then: {state: paid}\n"
    )
    answer = planned.plan({"workflows:\n": story + "workflows:\n"})

    assert answer.status == 1
    assert answer.out.endswith("  1 scenario, 1 failed: quick\n"), answer.out


def test_a_worker_goes_on_when_the_database_goes_away_after_the_change(
    planned: Planned, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(_: object) -> None:
        raise OperationalError("the server went away")

    monkeypatch.setattr(carried, "carry_all", breaks)
    planned.plan({"due: 2 days": "due: 1 day"})
    loaded = run(
        *("load", planned.folder, "--as", "hedy", "--carry-over", "now"), settings=planned.settings
    )

    assert loaded.status == 0
    assert loaded.out.splitlines()[-1] == (
        "Live cases: what is left to be carried over, a worker goes on with."
    )
    assert loaded.err.startswith("the database cannot be reached: the server went away.")


def test_cases_go_over_to_what_runs_already_when_that_is_said(planned: Planned) -> None:
    planned.plan({"due: 2 days": "due: 1 day"})
    load = ("load", planned.folder, "--as", "hedy")
    assert "Live cases" not in run(*load, settings=planned.settings).out

    loaded = run(*load, "--carry-over", "now", settings=planned.settings)
    again = run(*load, "--carry-over", "now", settings=planned.settings)
    refused = run(*load, "--carry-over", "stay", "--map", "claim/a=examine")
    without = run("load", planned.folder, "--carry-over", "now", settings=planned.settings)

    assert "Live cases: 2 carried over, 1 not affected.\n" in loaded.out
    assert "Live cases: 1 not affected.\n" in again.out
    assert refused.err == (
        "`--carry-over stay` and `--map` do not go together: cases that stay go on nowhere."
        " Leave one of them away.\n"
    )
    assert without.out.splitlines()[:2] == [
        "nobody was named who keeps every part that changes:",
        "  `workflow/claim` is kept by `head`, which says how its cases go over",
    ]


def test_who_keeps_the_workflow_decides_of_a_case_that_asks(planned: Planned) -> None:
    planned.plan({}, renamed={"examine": "inspect"})
    loaded = run(
        *("load", planned.folder, "--as", "hedy", "--carry-over", "now"), settings=planned.settings
    )
    (change,) = re.findall(r"kingpost receipt (\S+)`", loaded.out)
    told = run("receipt", change, settings=planned.settings).out

    def carry(*words: str) -> Answer:
        return run("carry", *words, "--reason", "it is the same", settings=planned.settings)

    wrong = carry("CLM-1", "--by", "hedy", "--map", "inspect")
    refused = carry("CLM-1", "--by", "anna", "--map", "examine=inspect")
    over = carry("CLM-1", "--by", "hedy", "--map", "examine=inspect")
    stays = carry("CLM-2", "--by", "hedy", "--stay")

    assert told.endswith(
        "Who keeps the workflow decides: `kingpost carry CASE --by PERSON --reason WHY`.\n"
    )
    assert wrong.err == (
        "`inspect` maps no step: write the step where it stands and the step of now, such as"
        " `check=examine`.\n"
    )
    assert refused.status == 1
    assert refused.err == "how cases of `claim` go over is decided by `head`, which keeps it\n"
    assert over.out.splitlines()[:2] == [
        "CLM-1 went over to the version that runs.",
        "  `examine` is `inspect` now",
    ]
    assert stays.out.splitlines()[0] == "CLM-2 ends on its version."
    (decided,) = re.findall(r"kingpost receipt (\S+)`", over.out)
    receipt = run("receipt", decided, settings=planned.settings).out
    assert 'by hedy ("it is the same"): 1 carried over.' in receipt
