"""`kingpost check --register`: whether the people suffice, as text and as JSON."""

import json
from pathlib import Path

from tests.cli.program import EXAMPLE, copy_of, run


def test_an_example_of_who_does_what_is_told() -> None:
    answer = run("check", EXAMPLE, "--register", EXAMPLE, "--at", "2016-04-01")

    assert answer.out.startswith("Cases of incident can be finished, for example so:\n")
    assert "    confirm-priority by " in answer.out
    # The example has a post that nobody holds, so that its demo shows what comes of that.
    assert answer.status == 1
    assert "error KP1103 nobody may do `gather`\n" in answer.out
    assert "Appoint one more person to `problem-manager`.\n" in answer.out
    assert "1 error, 0 warnings. Version " in answer.out


def test_before_anybody_is_appointed_the_posts_to_begin_with_are_told(tmp_path: Path) -> None:
    company = tmp_path / "company"
    run("new", company)
    (company / "appointments.csv").unlink()

    answer = run("check", company, "--register", company)

    assert answer.status == 1
    assert answer.out.startswith(
        "error KP1107 nobody holds any post\n"
        "    register\n"
        "    Appoint somebody to each post that work comes to: `front-desk`, `team-lead`"
        " and `director`.\n"
    )


def test_before_the_first_appointment_its_day_is_told() -> None:
    answer = run("check", EXAMPLE, "--register", EXAMPLE, "--at", "2001-01-01")

    assert answer.status == 1
    begins = "the first appointment begins on 29 February 2016"
    assert answer.out.startswith(f"error KP1107 nobody holds any post yet: {begins}\n")


def test_what_the_register_says_is_told_as_json(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("id,name\nann,Ann\n")
    (tmp_path / "appointments.csv").write_text("person,post,from\nann,employe,2016-01-01\n")

    answer = run("check", EXAMPLE, "--register", tmp_path, "--at", "2016-04-01", "--json")

    document = json.loads(answer.out)
    assert document["staffing"] == {}
    assert document["diagnostics"][0]["code"] == "KP1101"
    assert document["diagnostics"][0]["help"] == "Write `employee`."


def test_a_register_that_does_not_read_is_said(tmp_path: Path) -> None:
    (empty := tmp_path / "empty").mkdir()
    (tmp_path / "people.csv").write_text("id\nann\n")

    nothing = run("check", EXAMPLE, "--register", empty)
    broken = run("check", EXAMPLE, "--register", tmp_path)

    assert (nothing.status, broken.status) == (1, 1)
    assert nothing.err == (
        f"people.csv: there is no such file in `{empty}`. Write it with the columns `id` and"
        " `name`, and once people are appointed beside it `appointments.csv` with `person`, `post`"
        " and `from`.\n"
    )
    assert broken.err == "people.csv:1: the column `name` is missing. Add it.\n"


def test_with_errors_in_the_model_the_register_waits(tmp_path: Path) -> None:
    answer = run("check", copy_of(EXAMPLE, tmp_path, fault=True), "--register", EXAMPLE)

    assert answer.status == 1
    assert answer.out.endswith("The register was not looked at: the model has errors.\n")


def test_a_day_that_is_none_is_refused_in_our_words() -> None:
    refused = run("check", EXAMPLE, "--register", EXAMPLE, "--at", "foo")

    assert refused.status == 2
    assert " ".join(refused.err.replace("│", "").split()).count(
        "Invalid value for '--at': `foo` is no day: write one such as 2026-11-21, or"
        " 2026-11-21T09:00 with a time"
    )


def test_what_would_be_ignored_is_refused() -> None:
    day = run("check", EXAMPLE, "--at", "2016-04-01")
    watched = run("check", EXAMPLE, "--watch", "--register", EXAMPLE)
    printed = run("check", EXAMPLE, "--watch", "--json")

    assert (day.status, watched.status, printed.status) == (2, 2, 2)
    assert "Invalid value for --at: it is a day of the register: add --register" in day.err
    assert "Invalid value for --watch: it does not go with --register" in watched.err
    assert "Invalid value for --watch: it does not go with --json" in printed.err
