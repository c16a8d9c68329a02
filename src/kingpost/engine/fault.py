"""What a look over the whole store finds."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that must never be.

    invariant: which one, such as `I2`. place: where, such as `case 0199…`.
    """

    invariant: str
    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.invariant} in {self.place}: {self.message}"
