"""Shapes: declared types with their constraints, and values made to conform to them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from kingpost.expressions import (
    AnyType,
    ChoiceType,
    Compiled,
    ContextType,
    DateTimeType,
    DateType,
    DurationType,
    FunctionType,
    ListType,
    MonthsType,
    NumberType,
    RangeType,
    TextType,
    TimeType,
    Type,
    Value,
    YesNoType,
    compile_test,
    describe,
)
from kingpost.expressions.functions.signature import coerced
from kingpost.expressions.operators import kind_of
from kingpost.expressions.tree import Constant, Logic, Node, Passes
from kingpost.expressions.value import FailureError, Run
from kingpost.rules.definitions import ItemDefinition
from kingpost.rules.logic import Text

ANY = AnyType()
_NESTED_MAX = 24
_PARTS_MAX = 2_000
_PLAIN: Mapping[str, Type] = {
    "string": TextType(),
    "number": NumberType(),
    "boolean": YesNoType(),
    "date": DateType(),
    "time": TimeType(),
    "date and time": DateTimeType(),
    "dateTime": DateTimeType(),
    "days and time duration": DurationType(),
    "dayTimeDuration": DurationType(),
    "years and months duration": MonthsType(),
    "yearMonthDuration": MonthsType(),
    "Any": ANY,
    "context": ContextType({}),
    "list": ListType(ANY),
    "range": RangeType(ANY),
}
_PREFIX = "feel:"


@dataclass(frozen=True, slots=True)
class Shape:
    """A type, and what its values must hold besides.

    tests:   what the value as a whole must pass.
    item:    the shape of the items of a list, where it says more than the type.
    members: the shapes of the members that say more than their types.
    """

    type: Type
    tests: tuple[Compiled, ...] = ()
    item: "Shape | None" = None
    members: Mapping[str, "Shape"] = field(default_factory=dict[str, "Shape"])

    def constrained(self) -> bool:
        """Tell whether it says more than its type."""
        return bool(self.tests or self.item or self.members)


UNSHAPED = Shape(ANY)
Shapes: TypeAlias = Mapping[str, Shape]
Report: TypeAlias = Callable[[Text | ItemDefinition, str, str], None]


def conform(run: Run, value: Value, shape: Shape) -> Value:
    """Return a value as its shape asks. Raises FailureError when it cannot.

    Source: OMG DMN 1.5, 10.3.2.9.4, implicit conversions, and 7.3.2, allowed values.
    """
    if isinstance(shape.type, AnyType) and not shape.constrained():
        return value
    try:
        found = coerced(run, value, shape.type)
    except FailureError:
        raise FailureError(f"{kind_of(value)} is not {describe(shape.type)}") from None
    if shape.constrained():
        _check(run, found, shape)
    return found


def _check(run: Run, value: Value, shape: Shape) -> None:
    """Hold a value against the constraints. Raises FailureError when it breaks one."""
    if value is None:
        return
    for test in shape.tests:
        passed, _ = test.within(run, {"?": value})
        if passed is not True:
            raise FailureError(f"the value does not pass `{test.text.strip()}`")
    if isinstance(value, list) and shape.item is not None:
        for item in value:
            _check(run, item, shape.item)
    if isinstance(value, dict):
        for name, member in shape.members.items():
            _check(run, value.get(name), member)


def is_small(kind: Type) -> bool:
    """Tell whether a type has few enough parts to be compared; shared parts count each time."""
    waiting, parts = [kind], 0
    while waiting and parts <= _PARTS_MAX:
        one = waiting.pop()
        parts += 1
        match one:
            case ContextType(members):
                waiting.extend(members.values())
            case ListType(of) | RangeType(of):
                waiting.append(of)
            case FunctionType(parameters, result):
                waiting.extend((*parameters, result))
            case _:
                continue
    return parts <= _PARTS_MAX


def plain_shape(name: str) -> Shape | None:
    """Return the shape of a type of the language itself."""
    found = _PLAIN.get(name.removeprefix(_PREFIX))
    return Shape(found) if found is not None else None


class Shaper:
    """Makes the shapes of the types that a model declares.

    imported: the shapes of other models, as `name.type`.
    """

    def __init__(self, types: tuple[ItemDefinition, ...], imported: Shapes, report: Report) -> None:
        self.shapes: dict[str, Shape] = dict(imported)
        self._types = {one.name: one for one in types}
        self._open: set[str] = set()
        self._report = report
        for one in types:
            self.named(one.name, one)

    def named(self, name: str, at: ItemDefinition) -> Shape:
        """Return the shape of a name; a type that holds itself is open where it does."""
        if name in self.shapes:
            return self.shapes[name]
        declared = self._types.get(name)
        if declared is None:
            return self._unknown(name, at)
        if name in self._open or len(self._open) > _NESTED_MAX:
            return UNSHAPED
        self._open.add(name)
        shape = self._shape(declared, 0)
        self._open.remove(name)
        if not is_small(shape.type):
            message = f"the type `{name}` has more than {_PARTS_MAX} parts"
            self._report(declared, message, "Make it flatter.")
            shape = UNSHAPED
        self.shapes[name] = shape
        return shape

    def _unknown(self, name: str, at: ItemDefinition) -> Shape:
        found = plain_shape(name)
        if found is None and name:
            self._report(at, f"there is no type `{name}`", "Name a type that is declared.")
        return found or UNSHAPED

    def _shape(self, item: ItemDefinition, depth: int) -> Shape:
        if depth > _NESTED_MAX:
            self._report(item, "types are nested too deeply", "Name the inner types.")
            return UNSHAPED
        found = self._inner(item, depth)
        allowed = self._tests(item.allowed, found.type)
        if allowed:
            kind = _choice(found.type, allowed)
            found = Shape(kind, (*found.tests, *allowed), found.item, found.members)
        if item.collection:
            found = Shape(ListType(found.type), (), found if found.constrained() else None)
        constraint = self._tests(item.constraint, found.type)
        return Shape(found.type, (*found.tests, *constraint), found.item, found.members)

    def _inner(self, item: ItemDefinition, depth: int) -> Shape:
        if item.components:
            members = {one.name: self._shape(one, depth + 1) for one in item.components}
            kind = ContextType({name: shape.type for name, shape in members.items()})
            tight = {name: shape for name, shape in members.items() if shape.constrained()}
            return Shape(kind, members=tight)
        if item.function is not None:
            parameters = (self.named(one.head.type, item) for one in item.function.parameters)
            result = self.named(item.function.result, item)
            return Shape(FunctionType(tuple(one.type for one in parameters), result.type))
        return self.named(item.head.type, item)

    def _tests(self, text: Text | None, subject: Type) -> tuple[Compiled, ...]:
        if text is None or not text.text.strip():
            return ()
        found = compile_test(text.text, subject, {}, strict=False)
        if isinstance(found, Compiled):
            return (found,)
        for problem in found:
            self._report(text, problem.message, problem.help)
        return ()


def _choice(kind: Type, tests: tuple[Compiled, ...]) -> Type:
    """Return the type of a text that must be one of some that are written out."""
    if not isinstance(kind, TextType):
        return kind
    written = [text for test in tests for text in _written(test.tree)]
    return kind if None in written else ChoiceType(tuple(str(text) for text in written))


def _written(tree: Node) -> list[str | None]:
    match tree:
        case Passes(test=Constant(value=str(text))):
            return [text]
        case Logic(word="or", parts=parts):
            return [text for part in parts for text in _written(part)]
        case _:
            return [None]
