"""`kingpost docs`: a site beside the model, of an unsound model too, and never over other files."""

from pathlib import Path

import pytest

from tests.checks.words import SOUND, edited
from tests.cli.program import run


@pytest.fixture
def company(tmp_path: Path) -> Path:
    folder = tmp_path / "company"
    folder.mkdir()
    (folder / "kingpost.yaml").write_text(SOUND)
    return folder


def test_a_company_is_published(company: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"

    answer = run("docs", company, "-o", site)

    assert answer.status == 0
    pages = len(list(site.rglob("*.html")))
    assert answer.out == f"Sound Claims: {pages} pages in {site}. Open {site / 'index.html'}.\n"


def test_an_unsound_company_is_published_with_what_is_found(company: Path, tmp_path: Path) -> None:
    text = edited({"owner: head, evidence": "owner: haed, evidence"})
    (company / "kingpost.yaml").write_text(text)

    answer = run("docs", company, "-o", tmp_path / "site")

    assert answer.status == 0
    assert "there is no post `haed`" in (tmp_path / "site" / "findings.html").read_text()


def test_other_files_are_never_replaced(company: Path, tmp_path: Path) -> None:
    answer = run("docs", company, "-o", company)

    assert answer.status == 1
    assert answer.err == (
        f"`{company}` holds something else than a site of Kingpost. "
        "Name another folder, or empty it.\n"
    )
    assert (company / "kingpost.yaml").read_text() == SOUND
