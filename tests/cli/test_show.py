"""`kingpost show`: a part with what it names and what names it, and the nearest address."""

import json
from pathlib import Path

import pytest

from tests.checks.test_scenarios import STORY
from tests.checks.words import SOUND, edited
from tests.cli.program import run


@pytest.fixture
def company(tmp_path: Path) -> Path:
    (tmp_path / "kingpost.yaml").write_text(SOUND)
    return tmp_path


def test_a_step_is_shown_with_all_that_it_touches(company: Path) -> None:
    answer = run("show", "workflow/claim/step/judge", "--folder", company)

    assert answer.status == 0
    assert answer.out == (
        "Shall we pay?\n"
        "step (decision) workflow/claim/step/judge at kingpost.yaml:103:7\n"
        "\n"
        "  due                     within 4 working hours\n"
        "  discharges              fair-answer\n"
        "  done by                 judge\n"
        "  addressed to            head\n"
        "  shows                   amount, receipt\n"
        "  outcomes                grant: then pay\n"
        "                          deny: reason required; then denied\n"
        "  by another person than  examine\n"
        "\n"
        "Names\n"
        "  is part of        workflow/claim  Claim\n"
        "  proves            obligation/fair-answer  A fair answer\n"
        "  is done by        role/judge  Decides claims\n"
        "  is addressed to   post/head  Head\n"
        "  shows             object/claim/field/amount  Amount\n"
        "                    object/claim/field/receipt  Receipt\n"
        "  is separate from  workflow/claim/step/examine  Examine\n"
        "\n"
        "Is named by\n"
        "  comes after         workflow/claim/step/examine  Examine\n"
        "                      workflow/claim/step/both  Ask both sides\n"
        "  has                 workflow/claim/step/judge/outcome/grant  Grant\n"
        "                      workflow/claim/step/judge/outcome/deny  Deny\n"
        "  may be decided by   post/head  Head\n"
        "  is looked at by     metric/in-time  Decided in time\n"
        "  makes the proof of  obligation/fair-answer  A fair answer\n"
        "\n"
        "Up to the objectives\n"
        "  is part of workflow/claim  Claim\n"
        "    is run in value-stream/claims/stage/settle  Settle\n"
        "      is part of value-stream/claims  From damage to money\n"
        "        serves objective/content  Claimants are content\n"
        "  proves obligation/fair-answer  A fair answer\n"
        "    comes from framework/law  The law\n"
        "  is looked at by metric/in-time  Decided in time\n"
        "    measures objective/content  Claimants are content\n"
        "    is promised by value-stream/claims  From damage to money …\n"
    )


def test_an_objective_is_shown_down_to_the_steps(company: Path) -> None:
    answer = run("show", "objective/content", "--folder", company)

    assert (
        "Down to the steps\n"
        "  is measured by metric/in-time  Decided in time\n"
        "    looks at workflow/claim/step/judge  Shall we pay?\n"
        "  is served by value-stream/claims  From damage to money\n"
    ) in answer.out


@pytest.mark.parametrize("written", ["claim/judge", "step/judge", "/workflow/claim/step/judge/"])
def test_an_address_may_be_written_shorter(company: Path, written: str) -> None:
    answer = run("show", written, "--folder", company)

    assert "step (decision) workflow/claim/step/judge" in answer.out


def test_a_field_may_be_written_as_in_a_condition(company: Path) -> None:
    answer = run("show", "claim.amount", "--folder", company)

    assert "field object/claim/field/amount" in answer.out


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("post/haed", "there is no `post/haed`. Write `post/head`."),
        (
            "workflow/claim/step/judgement",
            "there is no `workflow/claim/step/judgement`. Write `workflow/claim/step/judge`.",
        ),
        ("receit", "there is no `receit`. Write `object/claim/field/receipt`."),
        ("judge", "there is no `judge`. Write `workflow/claim/step/judge` or `role/judge`."),
        ("xyzzy", "there is no `xyzzy`. Run `kingpost show` to see what there is."),
    ],
)
def test_the_nearest_addresses_are_offered(company: Path, written: str, expected: str) -> None:
    answer = run("show", written, "--folder", company)

    assert (answer.status, answer.err) == (1, f"{expected}\n")


def test_without_an_address_all_elements_are_listed(company: Path) -> None:
    answer = run("show", "--folder", company)

    assert answer.out.startswith("objective (1)\n  content  Claimants are content\n")
    assert "post (3)\n  control  Control\n" in answer.out
    assert answer.out.endswith(
        "Show one by its address, such as `kingpost show objective/content`.\n"
    )


def test_a_part_is_shown_as_json(company: Path) -> None:
    told = json.loads(run("show", "metric/in-time", "--folder", company, "--json").out)
    every = json.loads(run("show", "--folder", company, "--json").out)

    assert told["properties"]["looks at"] == ["workflow/claim/step/judge"]
    assert told["names"]["looks at"] == ["workflow/claim/step/judge"]
    assert told["named-by"] == {
        "measures": ["objective/content/measure/fast"],
        "is promised by": ["value-stream/claims"],
    }
    assert told["up"][0]["address"] == "objective/content"
    assert every["framework"] == {"law": "The law"}


def test_a_long_list_is_cut_until_all_is_asked_for(company: Path) -> None:
    posts = "\n".join(f"  extra-{number}: {{unit: desk, vacancy: holds}}" for number in range(14))
    text = SOUND.replace("\nobjects:\n", f"\n{posts}\nobjects:\n")
    (company / "kingpost.yaml").write_text(text)

    short = run("show", "unit/desk", "--folder", company)
    long = run("show", "unit/desk", "--folder", company, "--all")

    assert "and 5 more; `--all` lists them\n" in short.out
    assert "post/extra-9" in long.out
    assert "more; `--all`" not in long.out


def test_an_unsound_model_is_shown_with_what_is_missing(company: Path) -> None:
    (company / "kingpost.yaml").write_text(
        edited({"owner: head, evidence": "owner: haed, evidence"})
    )

    answer = run("show", "obligation/fair-answer", "--folder", company)

    assert "  is answered for by  post/haed (there is none)\n" in answer.out


def test_a_model_that_cannot_be_read_is_said(company: Path) -> None:
    (company / "kingpost.yaml").write_text("kingpost: 1\ncompany: [\n")

    answer = run("show", "post/head", "--folder", company)

    assert answer.status == 1
    assert answer.err == (
        f"the model in `{company}` cannot be read: 1 problem. "
        f"Run `kingpost check {company}` to see them.\n"
    )


@pytest.fixture
def told(tmp_path: Path) -> Path:
    given = "after: paid, given: {claim: {amount: 500}}"
    again = f"  again: {{title: Once more, {given}, then: {{state: paid}}}}\n"
    (tmp_path / "kingpost.yaml").write_text(SOUND + STORY + again)
    return tmp_path


def test_a_scenario_is_shown_with_all_that_it_tells_of(told: Path) -> None:
    answer = run("show", "scenario/paid", "--folder", told)

    assert answer.status == 0
    assert answer.out == (
        "Paid\n"
        "scenario scenario/paid at kingpost.yaml:151:3\n"
        "\n"
        "  given  claim with claimant Ines, amount 200, kind fire\n"
        "         begun by counter\n"
        "         ann holds counter\n"
        "         bob holds head\n"
        "         vacant: control\n"
        "  when   counter raises papers-missing in examine\n"
        "         counter resolves papers-missing: came\n"
        "         ann does examine with urgent true, receipt 12, handler counter\n"
        "         expect open judge; judge due 2026-01-05 13:00; judge addressed to head\n"
        "         head takes judge\n"
        "         bob decides judge: grant\n"
        "         bank delivers was-paid\n"
        "  then   state paid; record band high; judge decided: grant; fair-answer met\n"
        "\n"
        "Names\n"
        "  tells of           workflow/claim  Claim\n"
        "                     workflow/claim/step/examine  Examine\n"
        "                     workflow/claim/exception/papers-missing  Papers are missing\n"
        "                     workflow/claim/exception/papers-missing/ending/came  Came\n"
        "                     workflow/claim/step/judge  Shall we pay?\n"
        "                     workflow/claim/step/judge/outcome/grant  Grant\n"
        "                     workflow/claim/step/pay/message/was-paid  Paid\n"
        "                     object/claim/state/paid  Paid\n"
        "                     obligation/fair-answer  A fair answer\n"
        "  writes or expects  object/claim/field/claimant  Claimant\n"
        "                     object/claim/field/amount  Amount\n"
        "                     object/claim/field/kind  Kind\n"
        "                     object/claim/field/urgent  Urgent\n"
        "                     object/claim/field/receipt  Receipt\n"
        "                     object/claim/field/handler  Handler\n"
        "                     object/claim/field/band  Band\n"
        "  lets act           post/counter  Counter\n"
        "                     post/head  Head\n"
        "                     interface/bank  The bank\n"
        "  leaves vacant      post/control  Control\n"
        "\n"
        "Is named by\n"
        "  is told before  scenario/again  Once more\n"
    )


def test_what_a_scenario_tells_of_names_it(told: Path) -> None:
    step = run("show", "workflow/claim/step/judge", "--folder", told).out
    story = run("show", "scenario/again", "--folder", told).out

    assert "is told of in" in step
    assert "scenario/paid  Paid\n" in step
    assert "  is told after      scenario/paid  Paid\n" in story
    assert "  writes or expects  object/claim/field/amount  Amount\n" in story


def test_a_scenario_with_a_wrong_name_is_offered_the_nearest(told: Path) -> None:
    answer = run("show", "scenario/payd", "--folder", told)

    assert answer.status != 0
    assert answer.err == "there is no `scenario/payd`. Write `scenario/paid`.\n"


def test_a_scenario_stands_in_the_way_of_no_other_name(told: Path) -> None:
    assert run("show", "paid", "--folder", told).err == (
        "there is no `paid`. Write `workflow/claim/step/paid` or `object/claim/state/paid`.\n"
    )
    assert "scenario scenario/again" in run("show", "again", "--folder", told).out


def test_scenarios_are_in_the_list_of_all_parts(told: Path) -> None:
    assert "scenario (2)\n  again  Once more\n  paid   Paid\n" in run("show", "--folder", told).out
