"""`kingpost check --register`: whether the people suffice, as text and as JSON."""

import json
from pathlib import Path

from tests.cli.program import EXAMPLE, run

PEOPLE = EXAMPLE / "people.csv"
APPOINTMENTS = EXAMPLE / "appointments.csv"


def test_an_example_of_who_does_what_is_told() -> None:
    answer = run("check", EXAMPLE, "--register", PEOPLE, APPOINTMENTS, "--at", "2016-04-01")

    assert answer.status == 0
    assert answer.out.startswith("Cases of incident can be finished, for example so:\n")
    assert "    confirm-priority by " in answer.out
    assert "0 errors, 0 warnings. Version " in answer.out


def test_before_anybody_was_appointed_nobody_may_do_anything(tmp_path: Path) -> None:
    answer = run("check", EXAMPLE, "--register", PEOPLE, APPOINTMENTS, "--at", "2001-01-01")

    assert answer.status == 1
    assert "error KP1103 nobody may do `" in answer.out


def test_what_the_register_says_is_told_as_json(tmp_path: Path) -> None:
    short = tmp_path / "appointments.csv"
    short.write_text("person,post,from\nupdated-by-2,employe,2016-01-01\n")

    answer = run("check", EXAMPLE, "--register", PEOPLE, short, "--at", "2016-04-01", "--json")

    document = json.loads(answer.out)
    assert document["staffing"] == {}
    assert document["diagnostics"][0]["code"] == "KP1101"
    assert document["diagnostics"][0]["help"] == "Write `employee`."


def test_a_file_that_does_not_read_is_said(tmp_path: Path) -> None:
    broken = tmp_path / "people.csv"
    broken.write_text("id\nann\n")

    answer = run("check", EXAMPLE, "--register", broken, APPOINTMENTS)

    assert answer.status == 1
    assert "people.csv" in answer.err
