"""Conditions that only compare given values with written ones, and how they are weighed."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TypeAlias

from kingpost.expressions.compiled import Compiled, compile_expression
from kingpost.expressions.evaluation.operations import between, in_span, make_span
from kingpost.expressions.kinds import YesNoType
from kingpost.expressions.operators import compare, passes
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
from kingpost.expressions.value import FailureError, Range, Run, Value

# Values by dotted path.
Given: TypeAlias = Mapping[str, Value]
_Weigh: TypeAlias = Callable[[Run, Given], Value]

# Functions that make a value from a text that is written out.
_MAKERS = frozenset({"date", "time", "date and time", "duration", "number"})


class _NoComparisonError(Exception):
    """The expression does more than compare."""


@dataclass(frozen=True, slots=True)
class Comparisons:
    """A condition that only compares.

    held: for each dotted path that it reads, the values it is held against. They cut what the
          path may hold into classes that the condition treats alike.
    """

    held: Mapping[str, tuple[Value, ...]]
    _weigh: _Weigh = field(repr=False, compare=False)

    def answer(self, given: Given) -> bool | None:
        """Return what the condition says. It answers as `Compiled.evaluate` does.

        To make Python of a condition pays only when it is asked more often than a proof asks.
        """
        found = self._weigh(Run({}), given)
        return found if isinstance(found, bool) else None


def comparisons(condition: Compiled) -> Comparisons | None:
    """Return a condition as comparisons, or None when it does more.

    It may compare single paths with values that are written out, and join such comparisons.
    Whether a text comes before another is more: no few texts stand for all that lie between two.
    So is a value that has no order with all others of its kind, such as a time with its zone.
    """
    try:
        found = _Found(condition.text)
        weigh = found.condition(condition.tree)
    except (_NoComparisonError, RecursionError):
        return None
    held = {path: tuple(values) for path, values in found.values.items()}
    return Comparisons(held, weigh)


@dataclass(slots=True)
class _Found:
    """What is gathered from one text. named: the paths that the expression itself has named."""

    text: str
    values: dict[str, list[Value]] = field(default_factory=dict[str, list[Value]])
    named: dict[int, Node] = field(default_factory=dict[int, Node])

    def condition(self, node: Node) -> _Weigh:
        """Gather from a part that yields yes or no; return what weighs it."""
        match node:
            case Logic(word=word, parts=parts):
                return _joined([self.condition(part) for part in parts], ends=word == "or")
            case Call(name="not", arguments=(part,)):
                return _turned(self.condition(part))
            case If(condition=asked, then=then, otherwise=otherwise):
                return _chosen(
                    self.condition(asked), self.condition(then), self.condition(otherwise)
                )
            case Let(slot=slot, value=value, body=body):
                self.named[slot] = value
                return self.condition(body)
            case _:
                return self._comparison(node)

    def _comparison(self, node: Node) -> _Weigh:
        match node:
            case Constant(value=value):
                return lambda _run, _given: value
            case Compare():
                return self._compare(node)
            case Between(operand=operand, low=low, high=high):
                ends = (self._written(low), self._written(high))
                path = self._hold(operand, ends, ordered=True)
                return _tried(lambda run, given: between(run, given[path], *ends))
            case Passes(operand=operand, test=Span() as span):
                bounds = self._written(span)
                path = self._hold(operand, _ends(bounds), ordered=True)
                return _tried(lambda run, given: in_span(run, given[path], bounds))
            case Passes(operand=operand, test=test):
                tests = self._written(test)
                path = self._hold(operand, _ends(tests), ordered=_has_range(tests))
                return _tried(lambda run, given: passes(run, given[path], tests))
            case Member() | Name() | Local() if isinstance(node.type, YesNoType):
                path = self._hold(node, ())
                return lambda _run, given: given[path]
            case _:
                raise _NoComparisonError

    def _compare(self, node: Compare) -> _Weigh:
        sign, turned = node.sign, self._path(node.left) is None
        subject, other = (node.right, node.left) if turned else (node.left, node.right)
        against = self._written(other)
        path = self._hold(subject, (against,), ordered=sign not in {"=", "!="})
        if turned:
            return _tried(lambda run, given: compare(run, sign, against, given[path]))
        return _tried(lambda run, given: compare(run, sign, given[path], against))

    def _hold(self, subject: Node, against: Iterable[Value], *, ordered: bool = False) -> str:
        """Note what a path is held against, and return it. ordered: whether it may come before."""
        path, values = self._path(subject), tuple(against)
        if path is None or not all(_is_plain(value, ordered=ordered) for value in values):
            raise _NoComparisonError
        self.values.setdefault(path, []).extend(values)
        return path

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
        """Return a value that is written out."""
        match node:
            case Constant(value=value):
                return value
            case Items(items=items):
                return [self._written(item) for item in items]
            case Span(low=low, high=high):
                ends = [None if end is None else self._written(end) for end in (low, high)]
                return _span(node, *ends)
            case Negation() | Call() if _is_written(node):
                # It is evaluated from its own text, which is short.
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


def _span(node: Span, low: Value, high: Value) -> Value:
    """Return a range, or null for one that has no sense."""
    try:
        return make_span(node, low, high)
    except FailureError:
        return None


def _ends(tests: Value) -> tuple[Value, ...]:
    """Return the values in a test: of a range its ends, of a list its items."""
    match tests:
        case list():
            return tuple(end for test in tests for end in _ends(test))
        case Range(low=low, high=high):
            return tuple(end for end in (low, high) if end is not None)
        case _:
            return (tests,)


def _has_range(tests: Value) -> bool:
    if isinstance(tests, list):
        return any(map(_has_range, tests))
    return isinstance(tests, Range)


def _is_plain(value: Value, *, ordered: bool) -> bool:
    """Tell whether a value is one of a line of its kind, or one that is only equal or is not."""
    if isinstance(value, datetime):
        return value.tzinfo is None
    line = value is None or isinstance(value, Decimal | date | timedelta)
    return line or (not ordered and isinstance(value, str | bool))


# Weighing


def _tried(weigh: _Weigh) -> _Weigh:
    """Turn a comparison that cannot be made into null."""

    def tried(run: Run, given: Given) -> Value:
        try:
            return weigh(run, given)
        except FailureError:
            return None

    return tried


def _joined(parts: list[_Weigh], *, ends: bool) -> _Weigh:
    """Join parts in three-valued logic. ends: what ends it, which is true for `or`.

    Source: OMG DMN 1.5, 10.3.2.10, table 50.
    """

    def joined(run: Run, given: Given) -> Value:
        result: bool | None = not ends
        for part in parts:
            found = part(run, given)
            if found is ends:
                return ends
            if found is not (not ends):
                result = None
        return result

    return joined


def _turned(part: _Weigh) -> _Weigh:
    def turned(run: Run, given: Given) -> Value:
        found = part(run, given)
        return not found if isinstance(found, bool) else None

    return turned


def _chosen(asked: _Weigh, then: _Weigh, otherwise: _Weigh) -> _Weigh:
    return lambda run, given: (then if asked(run, given) is True else otherwise)(run, given)
