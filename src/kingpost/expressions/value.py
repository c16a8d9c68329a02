"""Values: what an expression may read and what it may yield."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import (
    ROUND_HALF_EVEN,
    Context,
    Decimal,
    DivisionByZero,
    InvalidOperation,
    Overflow,
)
from typing import Literal, TypeAlias

from kingpost.expressions.kinds import FunctionType
from kingpost.expressions.wide import WideDate, WideDateTime, WideTime

# A context of our own: the thread's context can be changed by anybody, and would change results.
DECIMAL = Context(
    prec=34,
    rounding=ROUND_HALF_EVEN,
    Emin=-6143,
    Emax=6144,
    capitals=1,
    clamp=0,
    flags=[],
    traps=[InvalidOperation, DivisionByZero, Overflow],
)


@dataclass(frozen=True, slots=True, order=True)
class Months:
    """A duration of years and months, counted in months."""

    months: int


@dataclass(frozen=True, slots=True)
class Range:
    """The values between two ends; an end that is None is open without limit.

    only:   the sign of `= 5` or `!= 5` where it stands as a range, else empty text.
    Source: OMG DMN 1.5, 10.3.2.7.
    """

    low: "Value"
    high: "Value"
    low_included: bool = True
    high_included: bool = True
    only: Literal["", "=", "!="] = ""


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """A function as a value: its parameters' names and what it does.

    depth: how many levels of nesting one call may add.
    size:  how many steps one call takes at least.
    type:  what it takes and yields; None when that is not told.
    """

    parameters: tuple[str, ...]
    depth: int
    size: int
    call: Callable[["Run", "list[Value]"], "Value"] = field(repr=False)
    type: FunctionType | None = None


Value: TypeAlias = (
    bool
    | Decimal
    | str
    | date
    | datetime
    | time
    | WideDate
    | WideDateTime
    | WideTime
    | timedelta
    | Months
    | Range
    | Function
    | list["Value"]
    | dict[str, "Value"]
    | None
)

STEPS_MAX = 1_000_000
DEPTH_MAX = 480
TEXT_LENGTH_MAX = 100_000
WARNINGS_MAX = 100


class FailureError(Exception):
    """An operation has no value; FEEL makes it null and goes on."""


class ExhaustedError(Exception):
    """The evaluation used up its steps or its depth; nothing of it is kept."""


class UndecidedError(Exception):
    """A strict evaluation came to a condition that has no answer."""

    def __init__(self, problem: "Problem") -> None:
        super().__init__(problem.message)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is wrong at one place of an expression's text.

    offset, length: counted in characters of that text.
    """

    offset: int
    length: int
    message: str
    help: str


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What an expression yielded, and every error that it turned into null."""

    value: Value
    warnings: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class NoValue:
    """Why a strict evaluation has no value.

    cause:    the first error that led to it, with its place in the text.
    warnings: every error that became null on the way.
    """

    cause: Problem
    warnings: tuple[Problem, ...] = ()


class Run:
    """One evaluation: the values it reads, what it may still spend, and what became null.

    strict: an error that would choose a way in silence ends the evaluation.
    """

    # What most evaluations never change stands with the class, so that a run is begun quickly.
    steps: int = STEPS_MAX
    depth: int = 0
    strict: bool = False
    warnings: tuple[Problem, ...] = ()

    def __init__(self, values: Mapping[str, "Value"]) -> None:
        """Begin an evaluation with full tanks."""
        self.values = values

    def spend(self, steps: int) -> None:
        """Count steps. Raises ExhaustedError when none are left."""
        self.steps -= steps
        if self.steps < 0:
            raise ExhaustedError(f"the expression takes more than {STEPS_MAX} steps")

    def weigh(self, value: "Value") -> None:
        """Count the steps that it takes to walk through a value once, but not what is below it."""
        if isinstance(value, str):
            self.spend(len(value) >> 4)
        elif isinstance(value, list | dict):
            self.spend(len(value))

    def measure(self, value: "Value") -> None:
        """Count every item of a value, so that a small one cannot unfold into a huge one."""
        waiting = [value]
        while waiting:
            one = waiting.pop()
            self.weigh(one)
            if isinstance(one, list):
                waiting.extend(one)
            elif isinstance(one, dict):
                waiting.extend(one.values())

    def invoke(self, function: Function, values: list["Value"]) -> "Value":
        """Call a function value, within the bounds of the run."""
        self.spend(function.size)
        self.depth += function.depth
        if self.depth > DEPTH_MAX:
            raise ExhaustedError("the expression calls itself too deeply")
        try:
            return function.call(self, values)
        finally:
            self.depth -= function.depth

    def warn(self, offset: int, length: int, message: str) -> None:
        """Note an error that became null."""
        if len(self.warnings) < WARNINGS_MAX:
            self.warnings = (*self.warnings, Problem(offset, length, message, ""))

    def choose(self, offset: int, length: int, message: str) -> None:
        """Note that something was chosen though its condition has no answer.

        Raises: UndecidedError, when the evaluation is strict.
        """
        self.warn(offset, length, message)
        if self.strict:
            raise UndecidedError(Problem(offset, length, message, ""))
