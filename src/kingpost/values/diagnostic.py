"""Diagnostics: what is unsound in a model, where, and what to write instead."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class Severity(StrEnum):
    """How much a finding weighs: an error blocks activation, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


class Place(NamedTuple):
    """A position in a text of the model; positions in one file are ordered.

    file:   path relative to the model's folder, with `/`.
    line:   from 1.
    column: from 1, in characters.
    """

    file: str
    line: int
    column: int

    def at(self, offset: int) -> "Place":
        """Return where a character stands of the text that is written here."""
        return Place(self.file, self.line, self.column + offset)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding about a model.

    code:    `KP` and four digits, documented in `docs/errors.md`.
    subject: address of the element, such as `workflow/incident/step/triage`, or a file.
    message: one clause, small first letter, no full stop.
    help:    a sentence that begins with a verb, or empty.
    """

    code: str
    subject: str
    message: str
    help: str = ""
    place: Place | None = None
    severity: Severity = Severity.ERROR

    def order(self) -> tuple[str, int, int, str, str]:
        """Return the sort key: by place, then code, then words."""
        place = self.place or Place("", 0, 0)
        return (place.file, place.line, place.column, self.code, self.message)
