"""`kingpost diff`: two folders, a revision, as text and as JSON, and the exit status."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.checks.words import SOUND, edited
from tests.cli.program import run


@pytest.fixture
def before(tmp_path: Path) -> Path:
    folder = tmp_path / "before"
    folder.mkdir()
    (folder / "kingpost.yaml").write_text(SOUND)
    return folder


@pytest.fixture
def after(tmp_path: Path) -> Path:
    folder = tmp_path / "after"
    folder.mkdir()
    text = edited(
        {"due: 4 working hours": "due: 2 working hours", 'edition: "2024"': 'edition: "2025"'}
    )
    (folder / "kingpost.yaml").write_text(text)
    return folder


def test_differences_are_told_by_element(before: Path, after: Path) -> None:
    answer = run("diff", before, after)

    assert answer.status == 1
    assert answer.out == (
        "workflow/claim  Claim\n"
        "  ~ step `judge` is due 2 working hours sooner: within 2 working hours instead of "
        "4 working hours\n"
        "framework/law  The law\n"
        "  ~ framework `law` is meant in the edition 2025 instead of 2024\n"
        "2 differences in 2 elements.\n"
    )


def test_another_split_over_files_is_no_difference(before: Path, tmp_path: Path) -> None:
    split = tmp_path / "split"
    split.mkdir()
    start = SOUND.index("\nunits:")
    (split / "company.yaml").write_text(SOUND[:start])
    (split / "rest.yaml").write_text(SOUND[start:])

    answer = run("diff", before, split)

    assert (answer.status, answer.out) == (0, "Both mean the same.\n")


def test_differences_are_told_as_json(before: Path, after: Path) -> None:
    answer = run("diff", before, after, "--json")

    told = json.loads(answer.out)["differences"]
    assert answer.status == 1
    assert [(item["element"], item["address"], item["property"]) for item in told] == [
        ("workflow/claim", "workflow/claim/step/judge", "due"),
        ("framework/law", "framework/law", "edition"),
    ]
    assert (told[1]["before"], told[1]["after"]) == ("2024", "2025")


def test_a_revision_is_compared_with_what_is_there(before: Path) -> None:
    for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "First"]):
        who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"]
        subprocess.run(["git", *who, *words], cwd=before, check=True)
    (before / "kingpost.yaml").write_text(edited({'edition: "2024"': 'edition: "2025"'}))

    answer = run("diff", f"HEAD:{before}", before)

    assert answer.status == 1
    assert "framework `law` is meant in the edition 2025 instead of 2024" in answer.out
    nothing = run("diff", f"first:{before}", before)
    assert nothing.status == 2
    assert nothing.err == f"git cannot read `first:{before}`: invalid object name 'first'\n"


@pytest.mark.parametrize("written", ["nowhere", ":nowhere", "--help:nowhere"])
def test_what_is_not_there_is_an_error(before: Path, written: str) -> None:
    answer = run("diff", "--", written, before)

    assert answer.status == 2
    assert answer.err == (
        f"there is no folder `{written}`. "
        "Name a folder, or a revision and a folder such as `HEAD~1:company`.\n"
    )


def test_a_model_that_cannot_be_read_is_an_error(before: Path, after: Path) -> None:
    (after / "kingpost.yaml").write_text("kingpost: 1\ncompany: [\n")

    answer = run("diff", before, after)

    assert answer.status == 2
    assert answer.err == (
        f"the model in `{after}` cannot be read: 1 problem. "
        f"Run `kingpost check {after}` to see them.\n"
    )
