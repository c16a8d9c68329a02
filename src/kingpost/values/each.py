"""How to do the same with each of many things, which whoever asks for it may share out."""

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol, TypeVar

T = TypeVar("T")
R = TypeVar("R")


class Each(Protocol):
    """Does the same with each of some things and returns the results in order, as `map` does."""

    def __call__(self, do: Callable[[T], R], every: Sequence[T], /) -> Iterable[R]:
        """Do it."""
        ...
