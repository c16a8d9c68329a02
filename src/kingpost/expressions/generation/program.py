"""From a typed tree to a Python function: written as syntax, compiled, and kept."""

import ast
from collections.abc import Callable, Mapping
from typing import TypeAlias

from kingpost.expressions.evaluation.operations import RUNTIME
from kingpost.expressions.generation.calls import CALLS
from kingpost.expressions.generation.iteration import ITERATION
from kingpost.expressions.generation.operations import OPERATIONS
from kingpost.expressions.generation.syntax import answer, function
from kingpost.expressions.generation.writer import Writer
from kingpost.expressions.tree import Node
from kingpost.expressions.value import Run, Value

Work: TypeAlias = Callable[[Run, Mapping[str, Value]], Value]

_NAME = "rule"
_WRITERS = {**OPERATIONS, **ITERATION, **CALLS}


class Program:
    """A tree and the function that evaluates it, which is generated when it is first needed."""

    __slots__ = ("tree", "work")

    def __init__(self, tree: Node) -> None:
        self.tree = tree
        self.work: Work = self._first

    def _first(self, run: Run, values: Mapping[str, Value]) -> Value:
        self.work = generate(self.tree)
        return self.work(run, values)


def generate(tree: Node) -> Work:
    """Return the function that evaluates a tree. It raises only ExhaustedError.

    The tree is written as Python syntax, never as text: an expression can only put constants and
    the names of members into it. The function reaches the run-time functions of the language and
    nothing else of Python.
    """
    syntax, constants = written(tree)
    code = compile(syntax, "<expression>", "exec")
    names: dict[str, object] = {"__builtins__": {}, **RUNTIME, **constants}
    exec(code, names)  # noqa: S102 - the syntax was built here, node by node
    work: Work = names[_NAME]  # type: ignore[assignment] # defined by the line above
    return work


def written(tree: Node) -> tuple[ast.Module, Mapping[str, object]]:
    """Return the syntax of the function for a tree, and the constants that it names."""
    writer = Writer(_WRITERS)
    writer.add(answer(writer.write(tree)))
    module = ast.Module([function(_NAME, ("run", "values"), writer.block)], [])
    return ast.fix_missing_locations(module), writer.constants
