"""A company with live cases, of which changes are planned on the command line."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.cli.program import Answer, run

# The test's company, with the due times that the check asks for.
COMPANY = (
    (Path(__file__).parents[1] / "engine" / "company.yaml")
    .read_text()
    .replace("role: checker\n", "role: checker\n                  due: 4 days\n")
    .replace("role: approver\n", "role: approver\n        due: 4 days\n")
)
NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Planned:
    """A company with two claims at examining, and one that waits for its approval."""

    settings: Mapping[str, str]
    folder: Path
    version: str

    def agree(self, changes: Mapping[str, str], *words: str) -> Mapping[str, list[str]]:
        """Return who must agree to a change."""
        told: dict[str, dict[str, list[str]]] = json.loads(self.plan(changes, *words, "--json").out)
        return told["agree"]

    def plan(
        self, changes: Mapping[str, str], *words: str, renamed: Mapping[str, str] = NOTHING
    ) -> Answer:
        """Plan the company with changes of one place each. renamed: at every place."""
        text = COMPANY
        for old, new in renamed.items():
            text = text.replace(old, new)
        for old, new in changes.items():
            assert text.count(old) == 1, old
            text = text.replace(old, new)
        (self.folder / "company.yaml").write_text(text)
        return run("plan", self.folder, *words, settings=self.settings)
