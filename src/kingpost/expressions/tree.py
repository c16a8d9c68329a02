"""The typed tree: what an expression says, with its place in the text and its type."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from kingpost.expressions.kinds import Type
from kingpost.expressions.value import Value

Sign: TypeAlias = Literal["+", "-", "*", "/", "**"]
Comparison: TypeAlias = Literal["=", "!=", "<", "<=", ">", ">="]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a part stands in the text, and how deep and how large the tree below it is."""

    start: int
    end: int
    depth: int = 1
    size: int = 1


@dataclass(frozen=True, slots=True)
class Constant:
    """A value that is written out."""

    value: Value
    at: Place
    type: Type


@dataclass(frozen=True, slots=True)
class Broken:
    """A part that was reported as a problem; its value is null."""

    message: str
    at: Place
    type: Type


@dataclass(frozen=True, slots=True)
class Name:
    """A value that is given from outside."""

    name: str
    at: Place
    type: Type


@dataclass(frozen=True, slots=True)
class Local:
    """A value that the expression itself has named.

    origin: the dotted path of the given list that it is an item of, or empty text.
    """

    slot: int
    at: Place
    type: Type
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Member:
    """A named part of a group, or a property of a date, time, duration or range."""

    base: "Node"
    name: str
    at: Place
    type: Type


@dataclass(frozen=True, slots=True)
class Negation:
    """A number or duration with its sign turned."""

    operand: "Node"
    at: Place
    type: Type


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """Two operands joined by a sign of arithmetic."""

    sign: Sign
    left: "Node"
    right: "Node"
    at: Place
    type: Type


@dataclass(frozen=True, slots=True)
class Compare:
    """Two operands compared."""

    sign: Comparison
    left: "Node"
    right: "Node"
    at: Place
    type: Type


@dataclass(frozen=True, slots=True)
class Logic:
    """Conditions joined by `and` or by `or`."""

    word: Literal["and", "or"]
    parts: tuple["Node", ...]
    at: Place
    type: Type


@dataclass(frozen=True, slots=True)
class Between:
    """A value that must lie between two others, both included."""

    operand: "Node"
    low: "Node"
    high: "Node"
    at: Place
    type: Type


@dataclass(frozen=True, slots=True)
class Passes:
    """A value held against one test: a range, a list, or a value that it must equal."""

    operand: "Node"
    test: "Node"
    at: Place
    type: Type


@dataclass(frozen=True, slots=True)
class Let:
    """A value named once for the part that follows."""

    slot: int
    value: "Node"
    body: "Node"
    at: Place
    type: Type


@dataclass(frozen=True, slots=True)
class If:
    """One of two parts, by a condition."""

    condition: "Node"
    then: "Node"
    otherwise: "Node"
    at: Place
    type: Type


@dataclass(frozen=True, slots=True)
class Binder:
    """A local name that takes each item of a list, or each value between two ends."""

    slot: int
    source: "Node"
    end: "Node | None"


@dataclass(frozen=True, slots=True)
class For:
    """A list made by evaluating the body for each item.

    partial: the slot of the list of results so far, where the body reads it.
    """

    binders: tuple[Binder, ...]
    body: "Node"
    partial: int | None
    at: Place
    type: Type


@dataclass(frozen=True, slots=True)
class Quantified:
    """Whether some or every item satisfies a condition."""

    word: Literal["some", "every"]
    binders: tuple[Binder, ...]
    body: "Node"
    at: Place
    type: Type


@dataclass(frozen=True, slots=True)
class Filter:
    """The items of a list that satisfy a condition, or the item at a position."""

    base: "Node"
    slot: int
    test: "Node"
    at: Place
    type: Type


@dataclass(frozen=True, slots=True)
class Items:
    """A list that is written out."""

    items: tuple["Node", ...]
    at: Place
    type: Type


@dataclass(frozen=True, slots=True)
class Span:
    """A range that is written out; an end that is None is open without limit.

    only: the sign of `= 5` or `!= 5` where it stands as a range, else empty text.
    """

    low: "Node | None"
    high: "Node | None"
    low_included: bool
    high_included: bool
    only: Literal["", "=", "!="]
    at: Place
    type: Type


@dataclass(frozen=True, slots=True)
class Entry:
    """One named value of a group; later entries may read it from its slot."""

    name: str
    slot: int
    value: "Node"


@dataclass(frozen=True, slots=True)
class Group:
    """A context that is written out."""

    entries: tuple[Entry, ...]
    at: Place
    type: Type


@dataclass(frozen=True, slots=True)
class Call:
    """A built-in function called; `names` is empty when the arguments stand by position."""

    name: str
    arguments: tuple["Node", ...]
    names: tuple[str, ...]
    at: Place
    type: Type


@dataclass(frozen=True, slots=True)
class Builtin:
    """A built-in function as a value."""

    name: str
    at: Place
    type: Type


@dataclass(frozen=True, slots=True)
class Invoke:
    """A function value called."""

    function: "Node"
    arguments: tuple["Node", ...]
    names: tuple[str, ...]
    at: Place
    type: Type


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a function definition."""

    name: str
    slot: int
    type: Type


@dataclass(frozen=True, slots=True)
class Definition:
    """A function that is written out."""

    parameters: tuple[Parameter, ...]
    body: "Node"
    at: Place
    type: Type


@dataclass(frozen=True, slots=True)
class InstanceOf:
    """Whether a value is of a type."""

    operand: "Node"
    wanted: Type
    at: Place
    type: Type


Node: TypeAlias = (
    Constant
    | Broken
    | Name
    | Local
    | Member
    | Negation
    | Arithmetic
    | Compare
    | Logic
    | Between
    | Passes
    | Let
    | If
    | For
    | Quantified
    | Filter
    | Items
    | Span
    | Group
    | Call
    | Builtin
    | Invoke
    | Definition
    | InstanceOf
)
