"""What became of each element of a file: the fidelity report."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """How faithfully an element was taken over.

    EXECUTED:     it means the same.
    APPROXIMATED: it means nearly the same; the remark says where it differs.
    REFUSED:      it was left out; the remark says why.
    """

    EXECUTED = "executed"
    APPROXIMATED = "approximated"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Remark:
    """What became of one element.

    kind:    the element's name, such as `userTask`, or `@name` of an attribute; of the model,
             such as `wait`, on the way out.
    id:      its identity; name: as people read it, or empty.
    line, column: of it in the file, from 1; 0 on the way out.
    becomes: what it was turned into, as an address or in a word.
    why:     one clause; empty when it was executed.
    help:    what to do about it, a sentence; empty where nothing can be done, or need be.
    """

    kind: str
    id: str
    name: str
    verdict: Verdict
    becomes: str = ""
    why: str = ""
    line: int = 0
    column: int = 0
    help: str = ""


def counted(remarks: Iterable[Remark]) -> dict[Verdict, int]:
    """Return how many elements have each verdict."""
    counts = dict.fromkeys(Verdict, 0)
    for remark in remarks:
        counts[remark.verdict] += 1
    return counts
