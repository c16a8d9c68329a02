"""Why a record may not become what it would."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MoveForbidden:
    """The lifecycle has no such move."""

    source: str
    target: str

    def __str__(self) -> str:
        return f"the lifecycle has no move from `{self.source}` to `{self.target}`"


@dataclass(frozen=True, slots=True)
class InvariantBroken:
    """The record would be in a state whose invariant does not hold."""

    state: str
    invariant: str

    def __str__(self) -> str:
        return f"a record in `{self.state}` must satisfy `{self.invariant}`"


@dataclass(frozen=True, slots=True)
class HandoverNotMet:
    """The case would begin or end although its stage's condition does not hold."""

    stage: str
    side: str
    condition: str

    def __str__(self) -> str:
        return f"stage `{self.stage}` lets a case {self.side} only when `{self.condition}`"
