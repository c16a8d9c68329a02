"""The page of findings, and the page of each, are what their generator makes today."""

import subprocess
import sys
from pathlib import Path

import pytest
from tools.errors_page import FOLDER, PAGE, ROOT, page, titles
from tools.finding_pages import Example, chosen

# What no text of a model can show: too large, unseen, or about files of other kinds.
WITHOUT_EXAMPLE = {
    "KP0001", "KP0003", "KP0004", "KP0005", "KP0006", "KP0011", "KP0024", "KP0025", "KP0026",
    "KP0706", "KP0901", "KP0902",
}  # fmt: skip


def test_the_page_of_findings_is_up_to_date() -> None:
    assert PAGE.read_text() == page(), "run `python tools/errors_page.py`"


def test_every_code_has_a_page_with_an_example() -> None:
    written = {path.stem: path.read_text() for path in FOLDER.glob("*.md")}

    assert written.keys() == titles().keys(), "run `python tools/errors_page.py`"
    for heading in ("## Wrong", "## Right"):
        without = {code for code, text in written.items() if heading not in text}
        assert without == WITHOUT_EXAMPLE
    for code, text in written.items():
        assert code in WITHOUT_EXAMPLE or f"{code} " in text.partition("## Wrong")[2]


def test_of_examples_alike_the_same_is_shown_whichever_test_runs_first() -> None:
    heavy, one, other = (Example(wrong, ("said",), "") for wrong in ("a", "b", "c"))
    offered = [("KP0101", (2, 1), heavy), ("KP0101", (1, 1), other), ("KP0101", (1, 1), one)]

    assert chosen(offered) == chosen(reversed(offered)) == {"KP0101": one}


@pytest.mark.slow
def test_every_page_is_what_the_tests_say_today(tmp_path: Path) -> None:
    tool = ROOT / "tools" / "errors_page.py"

    subprocess.run([sys.executable, str(tool), str(tmp_path)], check=True)

    made = {path.name: path.read_text() for path in tmp_path.glob("*.md")}
    written = {path.name: path.read_text() for path in FOLDER.glob("*.md")}
    assert written == made, "run `python tools/errors_page.py`"
