"""Refusals about calls to other systems."""

from collections.abc import Iterable
from dataclasses import dataclass


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
