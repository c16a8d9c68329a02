"""`kingpost versions`, `show --as-of`, `diff @VERSION` and `drift`: what ran when."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.checks.words import SOUND, edited
from tests.cli.program import NOWHERE, run, settings_of
from tests.database import Database

SHORTER = edited({"due: 4 working hours": "due: 2 working hours"})


def folder_of(tmp_path: Path, name: str, text: str) -> Path:
    folder = tmp_path / name
    folder.mkdir()
    (folder / "kingpost.yaml").write_text(text)
    return folder


@pytest.fixture
def two(database: Database, tmp_path: Path) -> Mapping[str, str]:
    """The settings of a company that ran by one version, and runs by another."""
    settings = settings_of(database)
    people, posts = tmp_path / "people.csv", tmp_path / "posts.csv"
    people.write_text("id,name\nada,Ada\n")
    posts.write_text("person,post,from,kind\nada,head,2020-01-01,substantive\n")
    first, second = folder_of(tmp_path, "one", SOUND), folder_of(tmp_path, "two", SHORTER)
    assert run("load", first, settings=settings).status == 0
    assert run("people", "load", people, posts, settings=settings).status == 0
    answer = run("load", second, "--as", "ada", settings=settings)
    assert answer.status == 0, answer.out
    return settings


def test_versions_are_listed_with_what_each_changed(two: Mapping[str, str]) -> None:
    answer = run("versions", settings=two)
    head, newest, first = answer.out.splitlines()

    assert head.split() == ["number", "version", "since", "by", "live", "cases", "changed"]
    assert newest.startswith("2 ")
    assert newest.endswith("1 difference")
    assert " Ada " in newest
    assert first.startswith("1 ")
    assert first.endswith("the first")
    told = json.loads(run("versions", "--json", settings=two).out)
    assert [(item["number"], item["differences"]) for item in told] == [(2, 1), (1, 0)]


def test_a_part_is_shown_as_it_was_by_a_version(two: Mapping[str, str]) -> None:
    then = run("show", "workflow/claim/step/judge", "--as-of", "1", settings=two)
    now = run("show", "workflow/claim/step/judge", "--as-of", "running", settings=two)

    assert "within 4 working hours" in then.out
    assert "within 2 working hours" in now.out
    nothing = run("show", "post/head", "--as-of", "7", settings=two)
    assert (nothing.status, nothing.err) == (1, "there is no version 7: the newest is 2.\n")


def test_stored_versions_are_compared(two: Mapping[str, str], tmp_path: Path) -> None:
    between = run("diff", "@1", "@2", settings=two)
    with_files = run("diff", "@2", tmp_path / "one", settings=two)

    assert between.status == 1
    assert "is due 2 working hours sooner" in between.out
    assert "is due 2 working hours later" in with_files.out
    nothing = run("diff", "@1", "@nothing", settings=two)
    assert nothing.status == 2
    assert nothing.err.startswith("`nothing` is no version: write its number")


def test_drift_tells_where_files_differ_from_what_runs(
    two: Mapping[str, str], tmp_path: Path
) -> None:
    same = run("drift", tmp_path / "two", settings=two)
    other = run("drift", tmp_path / "one", settings=two)

    assert same.status == 0
    assert same.out.startswith("The files mean what runs: version 2 (")
    assert other.status == 1
    lines = other.out.splitlines()
    assert lines[:3] == [
        "workflow/claim  Claim",
        (
            "  ~ step `judge` is due 2 working hours later: within 4 working hours instead of "
            "2 working hours"
        ),
        "1 difference in 1 element.",
    ]
    assert lines[3].startswith("The files differ from version 2 (")
    told = json.loads(run("drift", tmp_path / "one", "--json", settings=two).out)
    assert [item["element"] for item in told["differences"]] == ["workflow/claim"]


def test_drift_says_with_2_that_it_could_not_compare(database: Database, tmp_path: Path) -> None:
    folder = folder_of(tmp_path, "one", SOUND)
    settings = settings_of(database)

    none = run("drift", folder, settings=settings)
    empty = run("versions", settings=settings)

    assert none.status == 2
    assert none.err == "no model is active: load one with `kingpost load FOLDER`\n"
    assert empty.out == ("No model has taken effect yet: load one with `kingpost load FOLDER`.\n")
    away = run("drift", folder, settings={"KINGPOST_DATABASE_URL": NOWHERE})
    assert away.status != 0
