"""Compiling: from a text to an expression that can be evaluated many times."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from kingpost.expressions.builder import expect_type, make_not
from kingpost.expressions.evaluation.closures import Thunk, build
from kingpost.expressions.kinds import YES_NO, Scope, Type
from kingpost.expressions.parser import GRAMMAR, new_reader, parse_whole
from kingpost.expressions.reader import TEXT_LENGTH_MAX, Reader, SyntaxProblemError
from kingpost.expressions.tree import Constant, Name, Node, Place
from kingpost.expressions.unary import either, parse_test
from kingpost.expressions.value import Evaluation, ExhaustedError, Problem, Run, Value

_TOO_DEEP = "the expression is nested too deeply to be evaluated"


@dataclass(frozen=True, slots=True)
class Compiled:
    """An expression that was read, typed and made executable.

    type:  what it yields, as far as can be told before it is evaluated; any value may be null.
    reads: the dotted paths of the given values that it may read.
    tree:  how it was read, for whoever reasons about expressions.
    """

    text: str
    type: Type
    reads: frozenset[str]
    tree: Node = field(repr=False, compare=False)
    _work: Thunk = field(repr=False, compare=False)
    _slots: int = field(repr=False, compare=False)

    def evaluate(self, values: Mapping[str, Value]) -> Value:
        """Return the value; what has no value is null. Raises nothing for values of the scope."""
        run = Run(values, self._slots)
        try:
            value = self._work(run)
            if isinstance(value, list | dict):
                run.measure(value)
        except (ExhaustedError, RecursionError):
            return None
        return value

    def explain(self, values: Mapping[str, Value]) -> Evaluation:
        """Return the value, with every error that became null and its place in the text."""
        run = Run(values, self._slots)
        try:
            value = self._work(run)
            run.measure(value)
        except ExhaustedError as error:
            run.warn(0, len(self.text), str(error))
            value = None
        except RecursionError:
            run.warn(0, len(self.text), _TOO_DEEP)
            value = None
        return Evaluation(value, tuple(run.warnings))

    def within(self, outer: Run, values: Mapping[str, Value]) -> tuple[Value, list[Problem]]:
        """Return the value and its warnings, paid for by another run. Raises ExhaustedError."""
        run = Run(values, self._slots)
        run.steps, run.depth = outer.steps, outer.depth
        try:
            return self._work(run), run.warnings
        finally:
            outer.steps = run.steps


def compile_expression(
    text: str, scope: Scope, expects: Type | None = None
) -> Compiled | tuple[Problem, ...]:
    """Compile an expression, or return every problem that was found in it.

    expects: the type that the place of the expression asks for.
    Source:  OMG DMN 1.5, clause 10, FEEL.
    """
    return _compile(text, scope, expects, strict=True)


def compile_leniently(
    text: str, scope: Scope, types: Scope | None = None
) -> Compiled | tuple[Problem, ...]:
    """Compile an expression as the standard does: a misfit of types is null when it is evaluated.

    Only a text that cannot be read is a problem.
    types: names that stand for types, after `instance of` and in the parameters of functions.
    """
    return _compile(text, scope, None, strict=False, types=types)


def compile_test(
    text: str, subject: Type, scope: Scope, types: Scope | None = None, *, strict: bool = True
) -> Compiled | tuple[Problem, ...]:
    """Compile one cell of a decision table; evaluate it with the input's value under `?`.

    subject: the type of the input that the cell tests.
    strict:  a misfit of types is a problem; otherwise it is null when it is evaluated.
    Source:  OMG DMN 1.5, 10.3.1.2, rule 12, unary tests.
    """
    reader = new_reader(text, {**scope, "?": subject}, types)
    try:
        node = _read_tests(reader, subject)
    except SyntaxProblemError as error:
        return (*reader.problems, error.problem)
    except RecursionError:
        return (_too_deep(text),)
    return _finish(reader, node, strict=strict)


def _compile(
    text: str, scope: Scope, expects: Type | None, *, strict: bool, types: Scope | None = None
) -> Compiled | tuple[Problem, ...]:
    reader = new_reader(text, scope, types)
    try:
        _check_length(reader)
        node = parse_whole(reader)
    except SyntaxProblemError as error:
        return (*reader.problems, error.problem)
    except RecursionError:
        return (_too_deep(text),)
    if expects is not None:
        expect_type(reader, node, expects, "this place")
    return _finish(reader, node, strict=strict)


def _too_deep(text: str) -> Problem:
    return Problem(0, len(text), "the expression is nested too deeply", "Split it into rules.")


def _check_length(reader: Reader) -> None:
    if len(reader.text) > TEXT_LENGTH_MAX:
        message = f"an expression may have at most {TEXT_LENGTH_MAX} characters"
        raise SyntaxProblemError(
            Problem(0, len(reader.text), message, "Split it into smaller rules.")
        )


def _finish(reader: Reader, node: Node, *, strict: bool) -> Compiled | tuple[Problem, ...]:
    if strict and reader.problems:
        return tuple(sorted(set(reader.problems), key=lambda problem: problem.offset))
    reads = frozenset(path for path, count in reader.reads.items() if count > 0)
    return Compiled(reader.text, node.type, reads, node, build(node), reader.slots)


def _read_tests(reader: Reader, subject: Type) -> Node:
    """Read `-`, tests separated by commas, or `not(...)` around them."""
    _check_length(reader)
    nowhere = Place(0, 0)
    asked = Name("?", nowhere, subject)
    if reader.text.strip() == "-":
        return Constant(value=True, at=nowhere, type=YES_NO)
    turned = reader.take_word("not")
    if turned:
        reader.expect("(")
    tests = [parse_test(reader, GRAMMAR, asked)]
    while reader.take(","):
        tests.append(parse_test(reader, GRAMMAR, asked))
    if turned:
        reader.expect(")")
    reader.skip()
    if reader.at < len(reader.text):
        reader.stop(f"expected `,` or the end, found {reader.found()}", "Write one test a cell.")
    return make_not(reader, either(reader, tests)) if turned else either(reader, tests)
