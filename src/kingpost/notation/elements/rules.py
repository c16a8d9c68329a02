"""The forms of rules: tables, expressions, contexts, functions, services, and their tests."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from kingpost.model.rules import (
    Aggregation,
    Entry,
    HitPolicy,
    Input,
    Output,
    Parameter,
    Rule,
    RuleTest,
    Sample,
)
from kingpost.notation.codes import Code
from kingpost.notation.elements.naming import NAMED, TITLE, told
from kingpost.notation.findings import Spot
from kingpost.notation.forms import Form, MapOf, Opened, defaulted, optional, required
from kingpost.notation.phrases import CELL, EXPRESSION, REFERENCE, TEXT, TYPE, one_of
from kingpost.notation.shapes import NOTHING, ByKind, ListOf, Made, Schema, Shape, unfit
from kingpost.notation.syntax.tree import Listed, Mapped, Node, Scalar

# --- what goes in and what comes out -------------------------------------------------------------

_VALUES = defaulted("of", ListOf(TEXT, least=1), (), "the values that it may have, the first first")
_EXPRESSION = required("value", EXPRESSION, "the expression that is tested")
_INPUT: Shape[Input] = ByKind(
    "an expression, or a mapping such as `{value: …, of: […]}`",
    text=Made(EXPRESSION, lambda spot, text: Input(spot.id, text)),
    mapped=Form(
        "input",
        (_EXPRESSION, _VALUES),
        lambda of: Input(of.id, of[_EXPRESSION], of[_VALUES]),
    ),
)

_TYPE = required("type", TYPE, "the name of a type, or `choice`")
_PARAMETER: Shape[Parameter] = ByKind(
    "a type, or a mapping such as `{type: choice, of: […]}`",
    text=Made(TYPE, lambda spot, text: Parameter(spot.id, text)),
    mapped=Form("parameter", (_TYPE, _VALUES), lambda of: Parameter(of.id, of[_TYPE], of[_VALUES])),
)

_OUTPUT_TYPE = defaulted("type", TYPE, "", "the name of a type")
_DEFAULT = optional("default", CELL, "what it is when no row matches")
_OUTPUT: Shape[Output] = ByKind(
    "a type, a list of values, or a mapping such as `{of: […], default: …}`",
    text=Made(TYPE, lambda spot, text: Output(spot.id, text)),
    listed=Made(ListOf(TEXT, least=1), lambda spot, values: Output(spot.id, values=values)),
    mapped=Form(
        "output",
        (_OUTPUT_TYPE, _VALUES, _DEFAULT),
        lambda of: Output(of.id, of[_OUTPUT_TYPE], of[_VALUES], of[_DEFAULT]),
    ),
)


# --- tests ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Samples:
    """Values under the names of what they are values of, however deep.

    alone: one value may stand there without a name.
    """

    alone: bool = False

    @property
    def expected(self) -> str:
        """Return how a message calls it."""
        return "a value, or values by name" if self.alone else "values by name"

    def read(self, spot: Spot, node: Node) -> tuple[Sample, ...]:
        """Return the values, each with the way to it."""
        if not self.alone and not isinstance(node, Mapped):
            unfit(spot, node, self.expected)
            return NOTHING
        return tuple(self._samples(spot, node, ""))

    def schema(self, definitions: Schema) -> Schema:  # noqa: ARG002 - it has no named parts
        """Return an object, or anything."""
        return {} if self.alone else {"type": "object"}

    def _samples(self, spot: Spot, node: Node, path: str) -> Iterator[Sample]:
        match node:
            case Scalar():
                yield Sample(path, () if _is_null(node) else (node.text.strip(),))
            case Listed(items=items) if all(isinstance(item, Scalar) for item in items):
                texts = (item.text.strip() for item in items if isinstance(item, Scalar))
                yield Sample(path, tuple(texts), is_list=True)
            case Listed(items=items):
                for number, item in enumerate(items, 1):
                    inner = spot.into(number - 1, item.place)
                    yield from self._samples(inner, item, _below(path, str(number)))
            case Mapped(entries=entries):
                for entry in entries:
                    inner = spot.into(entry.key, entry.place)
                    yield from self._samples(inner, entry.value, _below(path, entry.key))
            case _:
                unfit(spot, node, self.expected)


def _is_null(node: Scalar) -> bool:
    return node.empty or (node.plain and node.text.strip() == "null")


def _below(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


_GIVEN_VALUES = required("given", _Samples(), "what it reads, by name")
_EXPECT = required("expect", _Samples(alone=True), "what it must answer")
_TEST = Form(
    "rule test",
    (TITLE, _GIVEN_VALUES, _EXPECT),
    lambda of: RuleTest(of[TITLE] or "", of[_GIVEN_VALUES], of[_EXPECT]),
)


# --- rules ---------------------------------------------------------------------------------------

_OBJECT = defaulted("object", REFERENCE, "", "the business object that it reads")
_PARAMETERS = defaulted(
    "parameters", MapOf(_PARAMETER, least=1), (), "what a function is given, each with its type"
)
_HIT_POLICY = defaulted(
    "hit-policy", one_of(HitPolicy), HitPolicy.UNIQUE, "which of the matching rows count"
)
_AGGREGATION = defaulted(
    "aggregation", one_of(Aggregation), Aggregation.LIST, "what `collect` makes of the answers"
)
_INPUTS = defaulted(
    "inputs", MapOf(_INPUT, least=1), (), "the columns that are tested, each an expression"
)
_OUTPUTS: Any = defaulted(
    "outputs",
    ByKind(
        "a list of fields, or a mapping from outputs to their types or values",
        listed=ListOf(Made(REFERENCE, lambda _, name: Output(name)), least=1),
        mapped=MapOf(_OUTPUT, least=1),
    ),
    (),
    "what it answers: fields of the record, or names with their types or values",
)
_ANNOTATIONS = defaulted(
    "annotations", ListOf(TEXT, least=1), (), "columns of remarks, after the outputs"
)
_ROWS = defaulted(
    "rows",
    ListOf(ListOf(CELL, distinct=False), least=1),
    (),
    "the rows of a table: a test for each input, then an answer for each output",
)
_VALUE = optional("value", EXPRESSION, "the expression of a rule that is no table")
_ENTRIES = defaulted(
    "entries",
    MapOf(Made(EXPRESSION, lambda spot, text: Entry(spot.id, text)), least=1),
    (),
    "named values, each an expression that may read those before it",
)
_RESULT = optional("result", EXPRESSION, "what is made of the entries")
_ANSWERS = defaulted(
    "answers", ListOf(REFERENCE, least=1), (), "the rules whose answers a service gives"
)
_GIVEN = defaulted(
    "given", ListOf(REFERENCE, least=1), (), "the rules whose answers a service is given"
)
_TESTS = defaulted("tests", ListOf(_TEST, least=1), (), "what it must answer to what")


def _rule(of: Opened) -> Rule:
    parameters = of[_PARAMETERS]
    inputs = of[_INPUTS] or tuple(Input(one.id, one.id) for one in parameters)
    _check_together(of, inputs)
    return Rule(
        id=of.id,
        title=of.titled(TITLE),
        object=of[_OBJECT],
        hit_policy=of[_HIT_POLICY],
        inputs=inputs if of[_ROWS] else (),
        outputs=of[_OUTPUTS],
        rows=of[_ROWS],
        aggregation=of[_AGGREGATION],
        annotations=of[_ANNOTATIONS],
        parameters=parameters,
        value=of[_RESULT] if of[_ENTRIES] else of[_VALUE],
        entries=of[_ENTRIES],
        answers=of[_ANSWERS],
        given=of[_GIVEN],
        tests=_titled(of[_TESTS]),
        **told(of),
    )


def _titled(tests: tuple[RuleTest, ...]) -> tuple[RuleTest, ...]:
    return tuple(
        one if one.title else replace(one, title=f"test {number}")
        for number, one in enumerate(tests, 1)
    )


def _check_together(of: Opened, inputs: tuple[Input, ...]) -> None:
    """Report what a kind of rule lacks, and what means nothing beside something else."""
    spot = of.spot
    if of.has(_ROWS) and not inputs:
        spot.report(Code.MISSING, f"{spot.label} has rows and no `inputs`", "Add `inputs`.")
    if of.has(_ROWS) and not of[_OUTPUTS]:
        spot.report(Code.MISSING, f"{spot.label} has rows and no `outputs`", "Add `outputs`.")
    if of.has(_AGGREGATION) and of[_HIT_POLICY] is not HitPolicy.COLLECT:
        message = f"{spot.label} has `aggregation`, which only `hit-policy: collect` has"
        of.report(_AGGREGATION, Code.CONTRADICTION, message, "Write `hit-policy: collect`.")
    _check_default(of)
    if of.has(_PARAMETERS) and of.has(_OBJECT):
        message = f"{spot.label} is a function and has `object`"
        help_text = "Give it the record, or what it needs of it, as a parameter."
        of.report(_OBJECT, Code.CONTRADICTION, message, help_text)
    for other in (_PARAMETERS, _OUTPUTS, _OBJECT):
        if of.has(_ANSWERS) and of.has(other):
            message = f"{spot.label} is a service and has `{other.name}`"
            help_text = "Remove it; what a service takes and gives is that of its rules."
            of.report(other, Code.CONTRADICTION, message, help_text)


def _check_default(of: Opened) -> None:
    """Report a default of a table that answers a list: where no row matches it is empty."""
    lists = of[_HIT_POLICY].takes_several and of[_AGGREGATION] is Aggregation.LIST
    for output in of[_OUTPUTS]:
        if lists and output.default is not None:
            message = f"{of.spot.label} answers a list, and output `{output.id}` has a `default`"
            help_text = "Remove it; where no row matches the list is empty."
            of.report(_OUTPUTS, Code.CONTRADICTION, message, help_text)


RULES = MapOf(
    Form(
        "rule",
        (
            *NAMED,
            _OBJECT,
            _PARAMETERS,
            _HIT_POLICY,
            _AGGREGATION,
            _INPUTS,
            _OUTPUTS,
            _ANNOTATIONS,
            _ROWS,
            _VALUE,
            _ENTRIES,
            _RESULT,
            _ANSWERS,
            _GIVEN,
            _TESTS,
        ),
        _rule,
        one_of=("rows", "value", "entries", "answers"),
        goes_with={
            "hit-policy": "rows",
            "aggregation": "rows",
            "inputs": "rows",
            "annotations": "rows",
            "result": "entries",
            "given": "answers",
        },
    ),
    "rule/",
)
