"""The function that is being written: its statements, its variables and its constants."""

import ast
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from typing import Any, TypeAlias

from kingpost.expressions.generation.syntax import Block, answer, assign, call, function, named
from kingpost.expressions.tree import Node

# Python nests at most twenty loops in one function; what lies deeper becomes a function of its own.
_LOOPS_MAX = 8


class Writer:
    """Writes each part as statements, and returns the variable or constant that holds its value."""

    def __init__(self, writers: Mapping[type, "Write"]) -> None:
        """Begin an empty function."""
        self.constants: dict[str, object] = {}
        self.block: Block = []
        self.bound: list[str] = []
        self._writers = writers
        self._loops = 0
        self._count = 0

    def write(self, node: Node) -> ast.expr:
        """Write a part; return what can be read any number of times for its value."""
        return self._writers[type(node)](self, node)

    def fresh(self, prefix: str = "t") -> str:
        """Return a name that nothing else has."""
        self._count += 1
        return f"{prefix}{self._count}"

    def constant(self, value: object) -> ast.expr:
        """Keep a value beside the function; return how it is read."""
        name = self.fresh("k")
        self.constants[name] = value
        return named(name)

    def keep(self, value: ast.expr) -> ast.expr:
        """Set a fresh variable; return it."""
        name = self.fresh()
        self.add(assign(name, value))
        return named(name)

    def add(self, statement: ast.stmt) -> None:
        """Write a statement."""
        self.block.append(statement)

    @contextmanager
    def inside(self) -> Generator[Block]:
        """Write into a block of its own, which is given to whoever asks."""
        around, self.block = self.block, []
        try:
            yield self.block
        finally:
            self.block = around

    @contextmanager
    def inside_loop(self) -> Generator[Block]:
        """Write into the body of a loop."""
        self._loops += 1
        with self.inside() as block:
            yield block
        self._loops -= 1

    @contextmanager
    def binding(self, *names: str) -> Generator[None]:
        """Let functions that are defined inside keep the values of these variables."""
        self.bound.extend(names)
        yield
        del self.bound[len(self.bound) - len(names) :]

    def apart(self, write: Callable[[], ast.expr]) -> ast.expr:
        """Write in place, or as a function of its own where Python could not nest it any more."""
        if self._loops < _LOOPS_MAX:
            return write()
        around, self._loops = self._loops, 0
        with self.inside() as block:
            self.add(answer(write()))
        self._loops = around
        name = self.fresh("part")
        self.add(function(name, (), block))
        return self.keep(call(name))


Write: TypeAlias = Callable[[Writer, Any], ast.expr]


def variable(slot: int) -> str:
    """Return the variable for a slot of the tree."""
    return f"v{slot}"
