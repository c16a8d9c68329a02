"""What is decided by rule: tables, expressions, contexts, functions and services."""

from dataclasses import dataclass
from enum import StrEnum


class HitPolicy(StrEnum):
    """Which of the matching rows of a decision table count. Source: OMG DMN 1.5, 8.2.8."""

    UNIQUE = "unique"
    FIRST = "first"
    ANY = "any"
    PRIORITY = "priority"
    COLLECT = "collect"
    RULE_ORDER = "rule-order"
    OUTPUT_ORDER = "output-order"

    @property
    def takes_several(self) -> bool:
        """Tell whether more than one row may make the answer."""
        return self in {HitPolicy.COLLECT, HitPolicy.RULE_ORDER, HitPolicy.OUTPUT_ORDER}

    @property
    def ranks(self) -> bool:
        """Tell whether the answers have an order of priority."""
        return self in {HitPolicy.PRIORITY, HitPolicy.OUTPUT_ORDER}


class Aggregation(StrEnum):
    """What `collect` makes of the answers of all matching rows."""

    LIST = "list"
    SUM = "sum"
    COUNT = "count"
    MIN = "min"
    MAX = "max"


@dataclass(frozen=True, slots=True)
class Input:
    """A column that a decision table tests.

    expression: over what the rule reads. values: that it may have; empty when it may have any.
    """

    id: str
    expression: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Output:
    """What a rule answers; in a table, a column of it.

    type:    the name of a type; empty for that of the object's field of the same name, or else
             of what is written.
    values:  that it may have, first the one of the highest priority; empty when it may have any.
    default: an expression for when no row matches, or None.
    """

    id: str
    type: str = ""
    values: tuple[str, ...] = ()
    default: str | None = None


@dataclass(frozen=True, slots=True)
class Parameter:
    """What a function is given. type: the name of one. values: of a choice; empty otherwise."""

    id: str
    type: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """A named value of a context, which may read the entries before it."""

    id: str
    expression: str


@dataclass(frozen=True, slots=True)
class Sample:
    """A value in a test of a rule.

    path:   what it is of: `claim.amount`, a parameter, a rule or an output; empty for the answer
            of a rule that has but one.
    values: as written; a single one, none for no value, or the items of a list.
    """

    path: str
    values: tuple[str, ...]
    is_list: bool = False


@dataclass(frozen=True, slots=True)
class RuleTest:
    """What a rule must answer to what is given."""

    title: str
    given: tuple[Sample, ...]
    expected: tuple[Sample, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: exactly one of a decision table (`rows`), an expression, a context or a service.

    object:      the business object that it is about; empty where it may read any.
    parameters:  of a function; without any, it decides about a record.
    rows:        cells as text; first a unary test for each input, then an expression for each
                 output, then a remark for each annotation.
    value:       of an expression, or the result of a context; None for all its entries.
    answers:     the rules whose answers a service gives. given: rules whose answers it is given.
    Source: OMG DMN 1.5, clauses 7 and 8.
    """

    id: str
    title: str
    object: str
    hit_policy: HitPolicy
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rows: tuple[tuple[str, ...], ...]
    aggregation: Aggregation = Aggregation.LIST
    annotations: tuple[str, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    value: str | None = None
    entries: tuple[Entry, ...] = ()
    answers: tuple[str, ...] = ()
    given: tuple[str, ...] = ()
    tests: tuple[RuleTest, ...] = ()
    description: str = ""
    was: str = ""

    @property
    def is_table(self) -> bool:
        """Tell whether it is a decision table."""
        return bool(self.rows)

    @property
    def is_called(self) -> bool:
        """Tell whether it is called with values of the caller's, as functions and services are."""
        return bool(self.parameters or self.answers)

    @property
    def lists(self) -> bool:
        """Tell whether a table answers a list."""
        return self.hit_policy.takes_several and self.aggregation is Aggregation.LIST

    @property
    def counts(self) -> bool:
        """Tell whether a table answers how many rows match."""
        return self.hit_policy is HitPolicy.COLLECT and self.aggregation is Aggregation.COUNT

    def tests_of(self, row: tuple[str, ...]) -> tuple[str, ...]:
        """Return the cells of a row that test the inputs."""
        return row[: len(self.inputs)]

    def answers_of(self, row: tuple[str, ...]) -> tuple[str, ...]:
        """Return the cells of a row that answer the outputs."""
        return row[len(self.inputs) : len(self.inputs) + len(self.outputs)]

    def remarks_of(self, row: tuple[str, ...]) -> tuple[str, ...]:
        """Return the cells of a row that say why."""
        return row[len(self.inputs) + len(self.outputs) :]
