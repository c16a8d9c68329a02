"""`kingpost check`: everything that is wrong, as text and as JSON, and quickly."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.program import EXAMPLE, copy_of, run

# What `check` has no use for, and what takes longer to import than the check itself.
HEAVY = {"argon2", "fastapi", "jinja2", "psycopg", "starlette", "uvicorn"}


def test_a_sound_model_has_a_version() -> None:
    answer = run("check", EXAMPLE)

    assert answer.status == 0
    assert answer.out.startswith("0 errors, 0 warnings. Version ")


def test_findings_are_told_with_place_subject_and_help(tmp_path: Path) -> None:
    answer = run("check", copy_of(EXAMPLE, tmp_path, fault=True))

    assert answer.status == 1
    assert answer.out == (
        "organisation.yaml:124:17: error KP0104 there is no post `duty-oficer`\n"
        "    post/group-70\n"
        "    Write `duty-officer`.\n"
        "`kingpost explain KP0104` tells more about a code.\n"
        "1 error, 0 warnings.\n"
    )


def test_a_line_of_a_hundred_is_told_as_its_number(tmp_path: Path) -> None:
    copy_of(EXAMPLE, tmp_path)
    (tmp_path / "more.yaml").write_text("\n" * 98 + "units:\n  desk: {calendr: office}\n")

    answer = run("check", tmp_path)

    assert "more.yaml:100:10: error KP0016 `calendr` is not a property of a unit\n" in answer.out


def test_a_draft_may_hold_what_is_not_carried_out_yet(tmp_path: Path) -> None:
    copy_of(EXAMPLE, tmp_path)
    more = "interfaces:\n  desk: {kind: view, role: dispatcher, workflow: incident}\n"
    (tmp_path / "more.yaml").write_text(more)

    refused, draft = run("check", tmp_path), run("check", tmp_path, "--draft")
    loaded = run("load", tmp_path, "--data", tmp_path / "data")

    words = (
        " KP0017 `view` is not carried out yet: every role is shown the same pages\n"
        "    interface/desk\n"
        "    Leave it out; `shows` of a decision says what is laid before a person.\n"
    )
    assert refused.status == 1
    assert f"more.yaml:2:16: error{words}" in refused.out
    assert draft.status == 0
    assert f"more.yaml:2:16: warning{words}" in draft.out
    assert loaded.status == 1
    assert loaded.out.endswith("Nothing was loaded.\n")


def test_findings_are_told_as_json(tmp_path: Path) -> None:
    copy_of(EXAMPLE, tmp_path, fault=True)

    unsound = json.loads(run("check", tmp_path, "--json").out)
    sound = json.loads(run("check", EXAMPLE, "--json").out)

    (finding,) = unsound.pop("diagnostics")
    assert finding["page"] == "errors/KP0104.md"
    assert unsound == {"version": None, "errors": 1, "warnings": 0}
    assert (finding["file"], finding["severity"], finding["subject"]) == (
        "organisation.yaml",
        "error",
        "post/group-70",
    )
    assert len(sound["version"]) == 64


def test_a_folder_without_a_model_is_said(tmp_path: Path) -> None:
    (tmp_path / ".hidden.yaml").write_text("kingpost: 1")
    (tmp_path / "mapping.yaml").write_text("mapping: 1")

    answer = run("check", tmp_path)

    assert answer.status == 1
    assert f"`{tmp_path}` holds no model: there is no `.yaml` file" in answer.out
    assert "Write the model as `.yaml` files, or name another folder." in answer.out


def test_a_text_that_is_not_utf_8_is_said(tmp_path: Path) -> None:
    (tmp_path / "company.yaml").write_bytes(b"kingpost: 1\ncompany: \xe9t\xe9\n")

    answer = run("check", tmp_path)

    assert answer.status == 1
    assert "KP0025 `company.yaml` is not UTF-8 text at byte 21" in answer.out
    assert "Save it as UTF-8." in answer.out


@pytest.mark.parametrize(
    "text", [b"\x00\x01", b'company: "\\ud800"', b"- " * 5000, b"a: &a [*a]", b"\xef\xbb\xbf"]
)
def test_whatever_a_file_holds_it_is_judged(tmp_path: Path, text: bytes) -> None:
    (tmp_path / "company.yaml").write_bytes(text)

    answer = run("check", tmp_path)

    assert answer.status == 1
    assert "KP0" in answer.out


def test_a_model_in_folders_is_one_model(tmp_path: Path) -> None:
    shutil.copytree(EXAMPLE, tmp_path / "a" / "b", ignore=shutil.ignore_patterns("log"))

    assert run("check", tmp_path).out == run("check", EXAMPLE).out


@pytest.mark.parametrize("folder", ["nowhere", "company.yaml"])
def test_what_is_not_a_folder_is_a_misuse(tmp_path: Path, folder: str) -> None:
    (tmp_path / "company.yaml").write_text("kingpost: 1")

    answer = run("check", tmp_path / folder)

    assert answer.status == 2
    assert "Invalid value for 'folder'" in answer.err


def test_a_check_does_not_wait_for_what_it_has_no_use_for() -> None:
    program = f"""
import sys
from kingpost.cli.main import app
app(["check", {str(EXAMPLE)!r}], standalone_mode=False)
print(sorted({HEAVY!r} & set(sys.modules)))
"""

    answer = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert answer.stdout.splitlines()[-1] == "[]"
