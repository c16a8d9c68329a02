"""Compiling: from a text to an expression that can be evaluated many times."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TypeAlias

from kingpost.expressions.certainty import certain_value, never_valued
from kingpost.expressions.functions.signature import holds
from kingpost.expressions.generation.program import Program
from kingpost.expressions.kinds import YES_NO, NumberType, Scope, Type, describe
from kingpost.expressions.operators import kind_of
from kingpost.expressions.reading.builder import expect_type, make_not
from kingpost.expressions.reading.parser import GRAMMAR, new_reader, parse_whole
from kingpost.expressions.reading.plain import PLAIN, plain_test, plain_value, suits
from kingpost.expressions.reading.reader import TEXT_LENGTH_MAX, Reader, SyntaxProblemError
from kingpost.expressions.reading.unary import either, parse_test
from kingpost.expressions.tree import Constant, Name, Node, Place
from kingpost.expressions.value import (
    Evaluation,
    ExhaustedError,
    NoValue,
    Problem,
    Run,
    UndecidedError,
    Value,
)

# What a text became: an expression, or every problem that was found in it.
_Outcome: TypeAlias = "Compiled | tuple[Problem, ...]"
_TOO_DEEP = "the expression is nested too deeply to be evaluated"
_NO_TYPES: Scope = {}
_PLAIN_KEPT_MAX = 10_000


class Lexicon(dict[str, Type]):
    """Names that expressions may use, which do not change; each text is compiled once under them.

    A model is read, typed, checked and made ready to decide from the same texts.
    """

    def __init__(self, names: Scope, fewer: "Lexicon | None" = None) -> None:
        """Begin without any text, or with those that read under some of the names alone."""
        super().__init__(names)
        self.outcomes: dict[tuple[str, Type | None, bool], _Outcome] = {}
        if fewer is not None:
            known = fewer.outcomes.items()
            self.outcomes.update((key, one) for key, one in known if isinstance(one, Compiled))


@dataclass(frozen=True, slots=True)
class Compiled:
    """An expression that was read, typed and made executable.

    type:    what it yields, as far as can be told before it is evaluated; any value may be null.
    reads:   the dotted paths of the given values that it may read.
    expects: what its place asks for; `require` holds the value against it.
    """

    text: str
    type: Type
    reads: frozenset[str]
    expects: Type | None
    _program: Program = field(repr=False, compare=False)

    @property
    def tree(self) -> Node:
        """Return how it was read, for whoever reasons about expressions."""
        return self._program.tree

    @property
    def certain(self) -> tuple[Value] | None:
        """Return the value that it has whatever is given, in a tuple of one; None if it varies."""
        return certain_value(self.tree)

    def evaluate(self, values: Mapping[str, Value]) -> Value:
        """Return the value; what has no value is null. Raises nothing for values of the scope."""
        return self._program.evaluate(values)

    def explain(self, values: Mapping[str, Value]) -> Evaluation:
        """Return the value, with every error that became null and its place in the text."""
        run = Run(values)
        value = self._bounded(run)
        return Evaluation(value, run.warnings)

    def require(self, values: Mapping[str, Value]) -> Value | NoValue:
        """Return the value, or why there is none: no error decides anything in silence.

        There is none where the value is null, where it is not of the type that its place expects,
        and where an `if` or a filter on the way had no answer to its condition.
        """
        if self._program.plain:
            value = self._program.evaluate(values)
            if value is True or value is False:
                return value
        run = Run(values)
        run.strict = True
        try:
            value = self._bounded(run)
        except UndecidedError as error:
            return _no_value(error.problem, run)
        if value is None:
            whole = Problem(0, len(self.text), "the expression has no value here", "")
            return _no_value(whole, run)
        if self.expects is not None and not holds(run, value, self.expects):
            message = f"this place expects {describe(self.expects)}, found {kind_of(value)}"
            return NoValue(Problem(0, len(self.text), message, ""), run.warnings)
        return value

    def within(self, outer: Run, values: Mapping[str, Value]) -> tuple[Value, list[Problem]]:
        """Return the value and its warnings, paid for by another run.

        Raises: ExhaustedError, and when the other run is strict UndecidedError.
        """
        run = Run(values)
        run.steps, run.depth, run.strict = outer.steps, outer.depth, outer.strict
        try:
            return self._program.work(run, values), list(run.warnings)
        finally:
            outer.steps = run.steps

    def _bounded(self, run: Run) -> Value:
        try:
            value = self._program.work(run, run.values)
            run.measure(value)
        except ExhaustedError as error:
            run.warn(0, len(self.text), str(error))
            return None
        except RecursionError:
            run.warn(0, len(self.text), _TOO_DEEP)
            return None
        return value


def _no_value(found: Problem, run: Run) -> NoValue:
    """Name as cause the first warning inside the place of a problem, which is what led to it."""
    end = found.offset + found.length
    inside = (
        one for one in run.warnings if found.offset <= one.offset and one.offset + one.length <= end
    )
    return NoValue(next(inside, found), run.warnings)


def compile_expression(
    text: str, scope: Scope, expects: Type | None = None, types: Scope = _NO_TYPES
) -> Compiled | tuple[Problem, ...]:
    """Compile an expression, or return every problem that was found in it.

    expects: the type that the place of the expression asks for.
    types:   the declared types that it may name, as in `x instance of tLoan`.
    Source:  OMG DMN 1.5, clause 10, FEEL.
    """
    plain = _plain_value(text)
    if plain is not None and expects is None:
        return plain
    if plain is not None and expects is not None and suits(plain.tree, expects):
        return replace(plain, expects=expects)

    def compile_() -> _Outcome:
        reader = new_reader(text, scope, types)
        return _finish(reader, _read(reader, parse_whole), expects, strict=True)

    return compile_() if types else _once(scope, (text, expects, False), compile_)


def compile_leniently(
    text: str, scope: Scope, types: Scope = _NO_TYPES
) -> Compiled | tuple[Problem, ...]:
    """Compile an expression as the standard does: a misfit of types is null when it is evaluated.

    Only a text that cannot be read is a problem.
    """
    reader = new_reader(text, scope, types)
    return _finish(reader, _read(reader, parse_whole), None, strict=False)


def compile_test(
    text: str, subject: Type, scope: Scope, types: Scope = _NO_TYPES, *, strict: bool = True
) -> Compiled | tuple[Problem, ...]:
    """Compile one cell of a decision table; evaluate it with the input's value under `?`.

    subject: the type of the input that the cell tests.
    strict:  a misfit of types is a problem; otherwise it is null when it is evaluated.
    Source:  OMG DMN 1.5, 10.3.1.2, rule 12, unary tests.
    """
    plain = _plain_test(text, subject) if _is_plain(subject) else None
    if plain is not None:
        return plain

    def compile_() -> _Outcome:
        reader = new_reader(text, {**scope, "?": subject}, types)
        node = _read(reader, lambda reader: _read_tests(reader, subject))
        return _finish(reader, node, None, strict=strict)

    return _once(scope, (text, subject, True), compile_) if strict and not types else compile_()


def _once(
    scope: Scope, key: tuple[str, Type | None, bool], compile_: Callable[[], _Outcome]
) -> _Outcome:
    """Return what a text became under a lexicon before; anything else is compiled anew.

    key: the text, the type that its place asks for or that it tests, and whether it is a test.
    """
    kind = key[1]
    if not isinstance(scope, Lexicon) or not (kind is None or _is_plain(kind)):
        return compile_()
    if key not in scope.outcomes:
        scope.outcomes[key] = compile_()
    return scope.outcomes[key]


def _is_plain(kind: Type) -> bool:
    """Tell whether a type can be told apart from all others by looking it up."""
    return isinstance(kind, PLAIN) and not (isinstance(kind, NumberType) and kind.written)


@lru_cache(maxsize=_PLAIN_KEPT_MAX)
def _plain_test(text: str, subject: Type) -> Compiled | None:
    """Return a test in one of the plainest forms: tables are full of them, and of the same."""
    tree = plain_test(text, subject)
    return None if tree is None else Compiled(text, tree.type, frozenset(), None, Program(tree))


@lru_cache(maxsize=_PLAIN_KEPT_MAX)
def _plain_value(text: str) -> Compiled | None:
    tree = plain_value(text)
    return None if tree is None else Compiled(text, tree.type, frozenset(), None, Program(tree))


def _read(reader: Reader, parse: Callable[[Reader], Node]) -> Node | None:
    """Read a text; where it cannot be read on, note the problem and return None."""
    try:
        _check_length(reader)
        return parse(reader)
    except SyntaxProblemError as error:
        reader.problems.append(error.problem)
    except RecursionError:
        reader.problems.append(_too_deep(reader.text))
    return None


def _too_deep(text: str) -> Problem:
    return Problem(0, len(text), "the expression is nested too deeply", "Split it into rules.")


def _check_length(reader: Reader) -> None:
    length = len(reader.text)
    if length > TEXT_LENGTH_MAX:
        message = f"the expression has {length:,} characters, and may have {TEXT_LENGTH_MAX:,}"
        raise SyntaxProblemError(Problem(0, length, message, "Split it into smaller rules."))


def _finish(
    reader: Reader, node: Node | None, expects: Type | None, *, strict: bool
) -> Compiled | tuple[Problem, ...]:
    if node is None:
        return tuple(reader.problems)
    if expects is not None:
        expect_type(reader, node, expects, "this place")
    if strict and (problems := reader.problems or list(never_valued(node))):
        return tuple(sorted(set(problems), key=lambda problem: problem.offset))
    reads = frozenset(path for path, count in reader.reads.items() if count > 0)
    return Compiled(reader.text, node.type, reads, expects, Program(node))


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
