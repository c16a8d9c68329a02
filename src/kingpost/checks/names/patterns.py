"""Patterns over addresses: the first of many that fits a name, without trying each."""

import re
from collections.abc import Iterable, Iterator
from fnmatch import translate

_WILD = re.compile(r"[*?\[]")


class Patterns:
    """Patterns in an order, each with a number; those of one entry share it.

    Most are a name, or begin like one and end with `*`: these are looked up.
    """

    def __init__(self, patterns: Iterable[tuple[int, str]]) -> None:
        self._names: dict[str, int] = {}
        self._heads: dict[int, dict[str, int]] = {}
        self._others: list[tuple[int, re.Pattern[str]]] = []
        for number, pattern in patterns:
            head = pattern.removesuffix("*")
            if _WILD.search(head):
                self._others.append((number, re.compile(translate(pattern))))
            elif head == pattern:
                self._names.setdefault(pattern, number)
            else:
                self._heads.setdefault(len(head), {}).setdefault(head, number)

    def first(self, name: str) -> int | None:
        """Return the number of the first pattern that fits a name, or None."""
        return min(self._fitting(name), default=None)

    def _fitting(self, name: str) -> Iterator[int]:
        if name in self._names:
            yield self._names[name]
        for length, heads in self._heads.items():
            if (head := name[:length]) in heads:
                yield heads[head]
        for number, pattern in self._others:
            if pattern.match(name):
                yield number
