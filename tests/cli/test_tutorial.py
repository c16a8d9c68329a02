"""The tutorial in `docs/working-with-a-model.md`: its commands, run, print what it says."""

import re
import shutil
from pathlib import Path

import pytest

from tests.cli.program import run

PAGE = (Path(__file__).parents[2] / "docs" / "working-with-a-model.md").read_text()
BLOCKS = re.findall(r"```\n\$ kingpost (.+)\n((?:.*\n)*?)```", PAGE)
CHANGES = (
    ("due: 2 working days", "due: 1 working day", "request.yaml"),
    ("request.amount <= 500", "request.amount <= 1000", "organisation.yaml"),
)


def test_what_the_tutorial_prints_is_what_is_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert len(BLOCKS) == 8

    for words, expected in BLOCKS:
        if "changed" in words:
            shutil.copytree("harbour", "changed")
            for old, new, name in CHANGES:
                text = Path("changed", name).read_text()
                assert old in text
                Path("changed", name).write_text(text.replace(old, new))
        answer = run(*words.split())
        printed = _settled(answer.out + answer.err)
        assert printed.startswith(_settled(expected)), printed


def _settled(text: str) -> str:
    """Return what is printed without times and versions, which differ from run to run."""
    return re.sub(r"Version \w+", "Version 0", re.sub(r"in [\d.]+ s", "in 0 s", text))
