"""Refusals about ways that lead round in circles."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EndlessLoop:
    """Steps that need nobody lead on and on to each other."""

    step: str

    def __str__(self) -> str:
        return (
            f"`{self.step}` is come to again and again without anybody acting: the loop has no end"
        )
