"""From a typed tree to Python functions: written as syntax, compiled, and kept."""

import ast
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from kingpost.expressions.evaluation.operations import RUNTIME
from kingpost.expressions.generation.calls import CALLS
from kingpost.expressions.generation.iteration import ITERATION
from kingpost.expressions.generation.operations import OPERATIONS
from kingpost.expressions.generation.quick import write_quick
from kingpost.expressions.generation.syntax import answer, call, careful, function, named
from kingpost.expressions.generation.writer import Writer
from kingpost.expressions.kinds import YesNoType
from kingpost.expressions.tree import Node
from kingpost.expressions.value import ExhaustedError, Run, Value

Values: TypeAlias = Mapping[str, Value]
Work: TypeAlias = Callable[[Run, Values], Value]

_NAME = "rule"
_WRITERS = {**OPERATIONS, **ITERATION, **CALLS}
_HOLDERS = (list, dict)


class Program:
    """A tree and the functions that evaluate it, which are generated when first needed.

    work:     evaluates within a run; it raises only ExhaustedError and UndecidedError.
    evaluate: returns the value alone, and raises nothing.
    plain:    it is a condition with a quick form, in which nothing chooses a way.
    """

    __slots__ = ("evaluate", "plain", "tree", "work")

    def __init__(self, tree: Node) -> None:
        self.tree = tree
        self.plain = False
        self.work: Work = self._first_work
        self.evaluate: Callable[[Values], Value] = self._first_evaluation

    def _first_work(self, run: Run, values: Values) -> Value:
        self.work = generate(self.tree)
        return self.work(run, values)

    def _first_evaluation(self, values: Values) -> Value:
        quick = generate_quick(self.tree, self.carefully)
        self.plain = quick is not None and isinstance(self.tree.type, YesNoType)
        self.evaluate = quick or self.carefully
        return self.evaluate(values)

    def carefully(self, values: Values) -> Value:
        """Return the value, within the bounds of a run of its own."""
        run = Run(values)
        try:
            value = self.work(run, values)
            if isinstance(value, _HOLDERS):
                run.measure(value)
        except (ExhaustedError, RecursionError):
            return None
        return value


def generate(tree: Node) -> Work:
    """Return the function that evaluates a tree within a run.

    The tree is written as Python syntax, never as text: an expression can only put constants and
    the names of members into it. The function reaches the run-time functions of the language and
    nothing else of Python.
    """
    syntax, constants = written(tree)
    work: Work = _made(syntax, constants)
    return work


def generate_quick(
    tree: Node, otherwise: Callable[[Values], Value]
) -> Callable[[Values], Value] | None:
    """Return the quick form of a tree, which falls back on another; None when it has none."""
    quick = write_quick(tree)
    if quick is None:
        return None
    body, constants = quick
    block = careful(body, call("otherwise", named("values")))
    found: Callable[[Values], Value] = _made(
        _module(("values",), [block]), {**constants, "otherwise": otherwise}
    )
    return found


def written(tree: Node) -> tuple[ast.Module, Mapping[str, object]]:
    """Return the syntax of the function for a tree, and the constants that it names."""
    writer = Writer(_WRITERS)
    writer.add(answer(writer.write(tree)))
    return _module(("run", "values"), writer.block), writer.constants


def _module(parameters: Sequence[str], block: list[ast.stmt]) -> ast.Module:
    return ast.Module([function(_NAME, parameters, block)], [])


def _made(syntax: ast.Module, constants: Mapping[str, object]) -> Callable[..., Value]:
    """Compile the syntax of a function, with nothing in its reach but what it names."""
    names: dict[str, object] = {"__builtins__": {}, **RUNTIME, **constants}
    exec(compile(syntax, "<expression>", "exec"), names)  # noqa: S102 - syntax built node by node
    made: Callable[..., Value] = names[_NAME]  # type: ignore[assignment] # defined above
    return made
