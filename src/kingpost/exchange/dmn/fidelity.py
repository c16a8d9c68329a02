"""What became of each part of a DMN file: the fidelity report."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """How faithfully a part was taken over.

    EXECUTED:     it means the same.
    APPROXIMATED: it means nearly the same, or is kept and does nothing.
    REFUSED:      it was left out, or it cannot be run.
    """

    EXECUTED = "executed"
    APPROXIMATED = "approximated"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Finding:
    """What became of one part.

    kind: the element's name, such as `decision`, or an attribute as `@name`.
    name: as people read it, or empty.
    line, column: in the file, from 1; 0 on the way out.
    why:  one clause; empty when it was executed.
    """

    kind: str
    name: str
    verdict: Verdict
    why: str = ""
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        place = f"{self.line}:{self.column}: " if self.line else ""
        name = f" `{self.name}`" if self.name else ""
        return f"{place}{self.kind}{name}: {self.verdict}" + (f", {self.why}" if self.why else "")


def counted(findings: Iterable[Finding]) -> dict[Verdict, int]:
    """Return how many parts have each verdict."""
    counts = dict.fromkeys(Verdict, 0)
    for finding in findings:
        counts[finding.verdict] += 1
    return counts
