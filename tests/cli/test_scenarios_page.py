"""The page about scenarios prints what the program prints."""

import re
from pathlib import Path

import pytest

from tests.cli.program import run

PAGE = (Path(__file__).parents[2] / "docs" / "scenarios.md").read_text()
_BLOCK = re.compile(r"```(yaml|console)\n(.*?)```", re.DOTALL)
# The model, then the first stories, then what is added to them; a later addition replaces the story
# of the same name.
_FILES = ("kingpost.yaml", "scenarios.yaml", "more.yaml", "more.yaml", "people.yaml")


def test_every_command_of_the_page_prints_what_the_page_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    files = iter(_FILES)
    shown = 0
    for kind, text in _BLOCK.findall(PAGE):
        if kind == "yaml":
            Path(next(files)).write_text(text)
            continue
        command, _, expected = text.partition("\n")
        answer = run(*command.removeprefix("$ kingpost ").split())

        assert re.sub(r"\d+\.\d\d s\.", "… s.", answer.out) == expected
        assert answer.err == ""
        shown += 1
    assert shown == 5
    assert list(files) == []
