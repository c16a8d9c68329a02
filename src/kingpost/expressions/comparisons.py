"""Which written values an expression holds its given values against, when it does no more."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from kingpost.expressions.compiled import Compiled, compile_expression
from kingpost.expressions.kinds import Scope, YesNoType
from kingpost.expressions.reading.parser import new_reader, parse_whole
from kingpost.expressions.reading.reader import SyntaxProblemError
from kingpost.expressions.tree import (
    Between,
    Call,
    Compare,
    Constant,
    If,
    Items,
    Let,
    Local,
    Logic,
    Member,
    Name,
    Negation,
    Node,
    Passes,
    Span,
)
from kingpost.expressions.value import Value

# Functions that make a value from a text that is written out.
_MAKERS = frozenset({"date", "time", "date and time", "duration", "number"})


class _NoComparisonError(Exception):
    """The expression does more than compare."""


def comparisons(text: str, scope: Scope) -> Mapping[str, tuple[Value, ...]] | None:
    """Return, for each dotted path that a condition reads, the values it is held against.

    These values cut what the path may hold into classes that the condition treats alike.
    None when the condition does more than compare single paths with values that are written out
    and join such comparisons: then there are no such classes.
    """
    try:
        node = parse_whole(new_reader(text, scope, {}))
        found = _Found(text)
        found.condition(node)
    except (_NoComparisonError, SyntaxProblemError, RecursionError):
        return None
    return {path: tuple(values) for path, values in found.values.items()}


@dataclass(slots=True)
class _Found:
    """What is gathered from one text. named: the paths that the expression itself has named."""

    text: str
    values: dict[str, list[Value]] = field(default_factory=dict[str, list[Value]])
    named: dict[int, Node] = field(default_factory=dict[int, Node])

    def condition(self, node: Node) -> None:
        """Gather from a part that yields yes or no."""
        match node:
            case Logic(parts=parts) | Call(name="not", arguments=parts):
                self._conditions(*parts)
            case If(condition=asked, then=then, otherwise=otherwise):
                self._conditions(asked, then, otherwise)
            case Let(slot=slot, value=value, body=body):
                self.named[slot] = value
                self.condition(body)
            case _:
                self._comparison(node)

    def _conditions(self, *parts: Node) -> None:
        for part in parts:
            self.condition(part)

    def _comparison(self, node: Node) -> None:
        match node:
            case Constant():
                return
            case Compare(left=left, right=right):
                self._compare(left, right)
            case Between(operand=operand, low=low, high=high):
                self._hold(operand, low, high)
            case Passes(operand=operand, test=test):
                self._hold(operand, *_values_of(test))
            case Member() | Name() | Local() if isinstance(node.type, YesNoType):
                self._hold(node)
            case _:
                raise _NoComparisonError

    def _compare(self, left: Node, right: Node) -> None:
        if self._path(left) is None:
            left, right = right, left
        self._hold(left, right)

    def _hold(self, subject: Node, *against: Node) -> None:
        path = self._path(subject)
        if path is None:
            raise _NoComparisonError
        self.values.setdefault(path, []).extend(self._written(node) for node in against)

    def _path(self, node: Node) -> str | None:
        match node:
            case Name(name=name):
                return name
            case Local(slot=slot) if slot in self.named:
                return self._path(self.named[slot])
            case Member(base=base, name=name):
                above = self._path(base)
                return None if above is None else f"{above}.{name}"
            case _:
                return None

    def _written(self, node: Node) -> Value:
        """Return a value that is written out; it is evaluated from its own text, which is short."""
        match node:
            case Constant(value=value):
                return value
            case Negation() | Call() if _is_written(node):
                made = compile_expression(self.text[node.at.start : node.at.end], {})
                if isinstance(made, Compiled):
                    return made.evaluate({})
            case _:
                pass
        raise _NoComparisonError


def _is_written(node: Node) -> bool:
    match node:
        case Constant():
            return True
        case Negation(operand=operand):
            return _is_written(operand)
        case Call(name=name, arguments=arguments):
            return name in _MAKERS and all(map(_is_written, arguments))
        case _:
            return False


def _values_of(test: Node) -> tuple[Node, ...]:
    """Return the values in a test: of a range its ends, of a list its items."""
    match test:
        case Span(low=low, high=high):
            return tuple(end for end in (low, high) if end is not None)
        case Items(items=items):
            return tuple(value for item in items for value in _values_of(item))
        case _:
            return (test,)
