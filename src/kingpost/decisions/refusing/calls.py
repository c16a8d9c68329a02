"""Refusals about calls to other systems."""

from collections.abc import Iterable
from dataclasses import dataclass

# What is longer fills no part of a path.
PART_LENGTH_MAX = 200


def listed(names: Iterable[str]) -> str:
    """Return names in backticks, joined for a sentence."""
    return ", ".join(f"`{name}`" for name in names)


@dataclass(frozen=True, slots=True)
class NotYourCall:
    """The actor holds no post that answers for a call. could: the posts that do.

    does: what the step does, a clause.
    """

    step: str
    could: tuple[str, ...]
    does: str = "asks another system"

    def __str__(self) -> str:
        may = f"{listed(self.could)} may" if self.could else "no post may"
        return f"`{self.step}` {self.does}, and you do not answer for that: {may}"


@dataclass(frozen=True, slots=True)
class AnswerNotFitting:
    """A system answered with what the contract does not say. got: a kind of value, never one."""

    interface: str
    member: str
    expected: str
    got: str

    def __str__(self) -> str:
        wanted = f"`{self.member}` as {self.expected}" if self.expected else f"`{self.member}`"
        return f"`{self.interface}` answered without {wanted}: got {self.got}"


@dataclass(frozen=True, slots=True)
class PathNotFitting:
    """A field is to fill a part of the path of a call, and what it holds cannot stand there."""

    interface: str
    field: str
    is_empty: bool

    def __str__(self) -> str:
        if self.is_empty:
            return f"`{self.interface}` cannot be asked while `{self.field}` is empty"
        return (
            f"`{self.interface}` cannot be asked about what `{self.field}` holds: expected at most"
            f" {PART_LENGTH_MAX} characters without `/` and `\\`, and neither `.` nor `..`"
        )
