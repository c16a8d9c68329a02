"""`kingpost test`: what people read, what machines read, and the exit status."""

import json
from pathlib import Path
from xml.etree import ElementTree as ET

from tests.cli.program import run
from tests.scenarios.stories import EXAMINED, GIVEN, text_of

PAID = f"""
paid:
  title: A claim is paid
  {GIVEN}
  when:
    - {EXAMINED}
    - {{post: head, decides: judge, outcome: grant}}
    - {{interface: bank, delivers: was-paid}}
  then: {{state: paid}}
"""
WRONG = f"""
wrong:
  {GIVEN}
  when:
    - {EXAMINED}
  then: {{open: pay}}
"""


def folder_of(folder: Path, *scenarios: str) -> Path:
    (folder / "kingpost.yaml").write_text(text_of("".join(scenarios)))
    return folder


def line_of(folder: Path, words: str) -> int:
    lines = (folder / "kingpost.yaml").read_text().splitlines()
    return next(number for number, line in enumerate(lines, 1) if words in line)


def test_stories_that_come_out_are_one_line(tmp_path: Path) -> None:
    answer = run("test", folder_of(tmp_path, PAID))

    assert answer.status == 0
    assert answer.out.startswith("1 scenario passed, in 0.")


def test_a_story_that_went_another_way_is_told_to_that_point(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, PAID, WRONG)

    answer = run("test", folder)

    assert answer.status == 1
    first, last = line_of(folder, "wrong:"), line_of(folder, "open: pay")
    assert answer.out.splitlines()[:-1] == [
        f"kingpost.yaml:{first}:3: failed wrong: Wrong",
        "    Mon  5 Jan 09:00  counter begins a case with claimant Ines, amount 200, kind fire",
        "                      → examine; open",
        "    Mon  5 Jan 09:00  counter does examine with urgent true, receipt r-12",
        "                      → judge",
        f"  here it went another way (kingpost.yaml:{last}:18)",
        "    expected  `pay` is open",
        "    instead   `judge` is open",
        "    because   `examine` led to `judge`, since `claim.urgent = true`",
        "",
    ]
    assert answer.out.splitlines()[-1].startswith("2 scenarios, 1 failed, in 0.")


def test_one_story_is_told_whole(tmp_path: Path) -> None:
    answer = run("test", folder_of(tmp_path, PAID, WRONG), "--scenario", "paid")

    assert answer.status == 0
    assert "passed paid: A claim is paid" in answer.out
    assert "bank delivers was-paid" in answer.out
    assert "1 scenario passed" in answer.out


def test_a_story_that_is_not_there_names_the_nearest(tmp_path: Path) -> None:
    answer = run("test", folder_of(tmp_path, PAID), "--scenario", "payed")

    assert (answer.status, answer.err) == (1, "there is no scenario `payed`. Write `paid`.\n")


def test_the_table_tells_what_is_covered_and_what_is_not(tmp_path: Path) -> None:
    lines = run("test", folder_of(tmp_path, PAID), "--coverage").out.splitlines()

    assert lines[0].split() == ["part", "of", "the", "model", "kind", "covered", "of"]
    assert lines[1].split() == ["workflow/claim", "step", "5", "9", "55", "%"]
    assert any(line.startswith("limit  ") and line.endswith("30 days") for line in lines)


def test_too_little_coverage_fails(tmp_path: Path) -> None:
    answer = run("test", folder_of(tmp_path, PAID), "--require", "60")

    assert answer.status == 1
    assert answer.err.splitlines()[:2] == [
        "`workflow/claim`: 55 % of its steps are covered, 60 % required",
        "`workflow/claim`: 50 % of its outcomes are covered, 60 % required",
    ]
    assert run("test", folder_of(tmp_path, PAID), "--require", "0").status == 0


def test_machines_read_json(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, PAID, WRONG)

    document = json.loads(run("test", folder, "--json").out)

    assert (document["passed"], document["failed"]) == (1, 1)
    wrong = document["scenarios"][1]
    assert (wrong["scenario"], wrong["line"]) == ("wrong", line_of(folder, "wrong:"))
    assert wrong["failures"][0]["instead"] == "`judge` is open"
    assert wrong["story"][1]["what"].startswith("counter does examine")
    assert document["coverage"][0] == {
        "part": "workflow/claim", "kind": "step", "covered": 5, "of": 9,
    }  # fmt: skip
    assert document["parts"][0]["by"] == ["paid"]
    assert document["rule-tests"] == 0


def test_tests_of_rules_are_counted_and_must_pass(tmp_path: Path) -> None:
    text = text_of(PAID)
    tests = """    tests:
      - {title: Water is cheap, given: {claim: {kind: water, amount: 5}}, expect: low}
"""
    with_tests = text.replace("  band:\n", f"  band:\n{tests}", 1)
    file = tmp_path / "kingpost.yaml"

    file.write_text(with_tests)
    right = run("test", tmp_path, "--coverage")
    file.write_text(with_tests.replace("expect: low", "expect: high"))
    wrong = run("test", tmp_path)

    assert right.status == 0
    assert right.out.splitlines()[-1] == "1 test of rules passed."
    assert ["rule/band", "rule", "row", "2", "3", "66", "%"] in [
        line.split() for line in right.out.splitlines()
    ]
    assert wrong.status == 1
    assert "`Water is cheap` of rule `band` fails" in wrong.out


def test_build_servers_read_xml(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, PAID, WRONG)
    file = tmp_path / "results.xml"

    run("test", folder, "--junit", file)

    suite = ET.parse(file).getroot()
    assert suite.attrib["tests"] == "2"
    assert suite.attrib["failures"] == "1"
    names = [case.attrib["name"] for case in suite]
    assert names == ["paid", "wrong"]
    failure = suite[1][0]
    assert failure.attrib["message"] == "expected `pay` is open; instead `judge` is open"
    assert "counter does examine" in (failure.text or "")


def test_a_model_that_is_not_sound_is_not_tested(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, PAID.replace("counter", "conter"))

    for_people, for_machines = run("test", folder), run("test", folder, "--json")

    assert (for_people.status, for_machines.status) == (1, 1)
    assert "there is no post `conter`" in for_people.out
    assert json.loads(for_machines.out)["diagnostics"][0]["code"] == "KP0104"


def test_a_model_without_stories_says_so(tmp_path: Path) -> None:
    (tmp_path / "kingpost.yaml").write_text(text_of("{}"))

    answer = run("test", tmp_path)

    assert (answer.status, answer.out) == (0, "The model has no scenarios.\n")
