"""Refusals about exceptions."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RunsBeside:
    """The work of the exception is open beside the case already. title: of that work."""

    exception: str
    title: str

    def __str__(self) -> str:
        return f"`{self.exception}` was raised already: “{self.title}” is open beside the case"
