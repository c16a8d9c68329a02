"""What is wrong with a file from outside, and where."""

from collections.abc import Iterable
from dataclasses import dataclass

FAULTS_MAX = 20


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that keeps a file from being read.

    line:    from 1; 0 when the fault is not at one place.
    message: one clause, small first letter, no full stop.
    help:    a sentence that begins with a verb.
    column:  from 1, in characters; 0 when the line says enough.
    """

    file: str
    line: int
    message: str
    help: str = ""
    column: int = 0

    def __str__(self) -> str:
        numbers = (number for number in (self.line, self.column) if number)
        place = ":".join([self.file, *map(str, numbers)])
        return f"{place}: {self.message}" + (f". {self.help}" if self.help else "")


class UnreadableError(Exception):
    """A file cannot be taken as it is. Nothing of it was loaded."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        """Carry the faults, at least one."""
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


def unreadable(
    file: str, line: int, message: str, help_text: str = "", *, column: int = 0
) -> UnreadableError:
    """Return the error for one fault."""
    return UnreadableError([Fault(file, line, message, help_text, column)])
