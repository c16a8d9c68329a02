"""Decision logic as values: the boxed expressions of the standard.

Source: OMG DMN 1.5, 7.3 and clause 8, and 10.2.2 for the boxes of DMN 1.4 and later.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal, TypeAlias


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a part begins in its file. line, column: from 1, or 0 when it was never in a file."""

    line: int = 0
    column: int = 0


NOWHERE = Spot()


@dataclass(frozen=True, slots=True)
class Head:
    """What any part may carry besides its meaning.

    type: the name of the type that its value must have, or empty.
    """

    id: str = ""
    label: str = ""
    description: str = ""
    type: str = ""


BARE = Head()


@dataclass(frozen=True, slots=True)
class Text:
    """A piece of FEEL as it is written. language: when it is another one, its address."""

    text: str
    language: str = ""
    head: Head = BARE
    at: Spot = field(default=NOWHERE, compare=False)


class HitPolicy(StrEnum):
    """Which of the matching rows of a decision table count. Source: OMG DMN 1.5, 8.2.8."""

    UNIQUE = "unique"
    FIRST = "first"
    PRIORITY = "priority"
    ANY = "any"
    COLLECT = "collect"
    RULE_ORDER = "rule order"
    OUTPUT_ORDER = "output order"


class Aggregation(StrEnum):
    """What `collect` makes of the results."""

    LIST = "list"
    SUM = "sum"
    COUNT = "count"
    MIN = "min"
    MAX = "max"


class Orientation(StrEnum):
    """How a table is drawn; it changes nothing of its meaning."""

    ROWS = "rule as row"
    COLUMNS = "rule as column"
    CROSS = "cross table"


@dataclass(frozen=True, slots=True)
class InputClause:
    """A column that a table tests. allowed: tests that its value must pass, or None."""

    expression: Text
    allowed: Text | None = None
    head: Head = BARE
    at: Spot = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class OutputClause:
    """A column that a table answers.

    name:    may be empty where it is the only one.
    allowed: its values in the order of their priority, or None.
    default: what it answers when no row matches, or None.
    """

    name: str = ""
    allowed: Text | None = None
    default: Text | None = None
    head: Head = BARE
    at: Spot = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Row:
    """One rule of a table: a unary test for each input and an expression for each output."""

    tests: tuple[Text, ...]
    results: tuple[Text, ...]
    notes: tuple[str, ...] = ()
    head: Head = BARE
    at: Spot = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class DecisionTable:
    """Rows of tests and answers. notes: the names of its columns of remarks.

    Source: OMG DMN 1.5, clause 8.
    """

    inputs: tuple[InputClause, ...]
    outputs: tuple[OutputClause, ...]
    rows: tuple[Row, ...]
    hit_policy: HitPolicy = HitPolicy.UNIQUE
    aggregation: Aggregation = Aggregation.LIST
    notes: tuple[str, ...] = ()
    orientation: Orientation = Orientation.ROWS
    output_label: str = ""
    head: Head = BARE
    at: Spot = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Variable:
    """A name with the type of its value, such as a parameter."""

    name: str
    head: Head = BARE
    at: Spot = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Entry:
    """One named value of a boxed context; the result cell has no name."""

    value: "Logic | None"
    variable: Variable | None = None
    head: Head = BARE
    at: Spot = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class BoxedContext:
    """Named values, of which each may read those before it."""

    entries: tuple[Entry, ...]
    head: Head = BARE
    at: Spot = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Binding:
    """The value that a parameter takes."""

    parameter: Variable
    value: "Logic | None"


@dataclass(frozen=True, slots=True)
class Invocation:
    """A function called with its parameters by name."""

    function: "Logic | None"
    bindings: tuple[Binding, ...]
    head: Head = BARE
    at: Spot = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class BoxedList:
    """Values one after the other."""

    items: tuple["Logic", ...]
    head: Head = BARE
    at: Spot = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class RelationRow:
    """One row of a relation: a value for each column."""

    cells: tuple["Logic", ...]
    head: Head = BARE


@dataclass(frozen=True, slots=True)
class Relation:
    """A list of contexts, written as a table."""

    columns: tuple[Variable, ...]
    rows: tuple[RelationRow, ...]
    head: Head = BARE
    at: Spot = field(default=NOWHERE, compare=False)


class FunctionKind(StrEnum):
    """In which language a function is written; only FEEL runs here."""

    FEEL = "FEEL"
    JAVA = "Java"
    PMML = "PMML"


@dataclass(frozen=True, slots=True)
class FunctionDefinition:
    """Logic with parameters."""

    parameters: tuple[Variable, ...]
    body: "Logic | None"
    kind: FunctionKind = FunctionKind.FEEL
    head: Head = BARE
    at: Spot = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Conditional:
    """One of two values, by a condition."""

    condition: "Logic"
    then: "Logic"
    otherwise: "Logic"
    head: Head = BARE
    at: Spot = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Filter:
    """The items of a list that pass a test, which reads them as `item` and by their members."""

    source: "Logic"
    test: "Logic"
    head: Head = BARE
    at: Spot = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Iteration:
    """A walk over a list: `for` makes a list of results, `some` and `every` answer yes or no."""

    word: Literal["for", "some", "every"]
    variable: str
    source: "Logic"
    body: "Logic"
    head: Head = BARE
    at: Spot = field(default=NOWHERE, compare=False)


Logic: TypeAlias = (
    Text
    | DecisionTable
    | BoxedContext
    | Invocation
    | BoxedList
    | Relation
    | FunctionDefinition
    | Conditional
    | Filter
    | Iteration
)
