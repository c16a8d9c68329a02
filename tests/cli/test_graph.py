"""`kingpost graph`: a picture on the screen or in a file, and what cannot be drawn."""

from pathlib import Path

import pytest

from tests.checks.words import SOUND
from tests.cli.program import run


@pytest.fixture
def company(tmp_path: Path) -> Path:
    (tmp_path / "kingpost.yaml").write_text(SOUND)
    return tmp_path


def test_a_picture_is_printed(company: Path) -> None:
    answer = run("graph", "workflow/claim", "--folder", company)

    assert answer.status == 0
    assert answer.out.startswith('<svg xmlns="http://www.w3.org/2000/svg" class="picture"')
    assert '<title id="picture-title">Map of Claim</title>' in answer.out


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ([], "Organisation of Sound Claims"),
        (["objectives"], "Objectives of Sound Claims"),
        (["units"], "Units of Sound Claims"),
        (["object/claim"], "Lifecycle of Claim"),
        (["value-stream/claims"], "From damage to money"),
        (["rule/band"], "What Band of a claim needs"),
        (["post/head"], "Head and its neighbours"),
        (["claim/judge"], "Shall we pay? and its neighbours"),
    ],
)
def test_a_picture_is_written_to_a_file(company: Path, words: list[str], title: str) -> None:
    answer = run("graph", *words, "--folder", company, "-o", company / "it.svg")

    assert answer.out == f"{title}: {company / 'it.svg'}\n"
    assert f">{title}</title>" in (company / "it.svg").read_text()


def test_what_there_is_not_is_not_drawn(company: Path) -> None:
    answer = run("graph", "post/haed", "--folder", company)

    assert (answer.status, answer.out) == (1, "")
    assert answer.err == "there is no `post/haed`. Write `post/head`.\n"
