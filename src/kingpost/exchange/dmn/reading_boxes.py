"""Boxes of a DMN file, read as values."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias, cast

from kingpost.exchange.dmn.known import BOXES
from kingpost.exchange.remarks import Remark, Verdict
from kingpost.exchange.xml_tree import Element
from kingpost.rules.logic import (
    Aggregation,
    Binding,
    BoxedContext,
    BoxedList,
    Conditional,
    DecisionTable,
    Entry,
    Filter,
    FunctionDefinition,
    FunctionKind,
    Head,
    HitPolicy,
    InputClause,
    Invocation,
    Iteration,
    Logic,
    Orientation,
    OutputClause,
    Relation,
    RelationRow,
    Row,
    Spot,
    Text,
    Variable,
)
from kingpost.rules.parts import is_feel

_NOTHING = Text("")
_POLICIES = {policy.value.upper(): policy for policy in HitPolicy}
_AGGREGATIONS = {one.value.upper(): one for one in Aggregation if one is not Aggregation.LIST}
_ORIENTATIONS = {
    "": Orientation.ROWS,
    "Rule-as-Row": Orientation.ROWS,
    "Rule-as-Column": Orientation.COLUMNS,
    "CrossTable": Orientation.CROSS,
}
_KINDS = {kind.value: kind for kind in FunctionKind}


@dataclass(slots=True)
class Reading:
    """The state of reading one file.

    namespace: of the elements of the standard.
    types:     what stands before the names of types, and what it becomes.
    language:  of texts that name none; empty for FEEL.
    """

    namespace: str
    types: Mapping[str, str]
    language: str = ""
    remarks: list[Remark] = field(default_factory=list[Remark])

    def refuse(self, element: Element, why: str, help_: str) -> None:
        """Note that an element is left out, and what to do."""
        self.find(element, Verdict.REFUSED, why, help_)

    def find(self, element: Element, verdict: Verdict, why: str, help_: str = "") -> None:
        """Note what became of an element."""
        self.remarks.append(
            Remark(
                kind=element.name,
                id=element.attributes.get("id", ""),
                name=element.attributes.get("name", ""),
                verdict=verdict,
                why=why,
                help=help_,
                line=element.line,
                column=element.column,
            )
        )

    def type_name(self, written: str) -> str:
        """Return the name of a type as it is known here, without the prefix of a namespace."""
        name = " ".join(written.split())
        prefix, colon, rest = name.partition(":")
        return self.types[prefix] + rest if colon and prefix in self.types else name

    def head(self, element: Element) -> Head:
        """Return what an element carries besides its meaning."""
        return Head(
            id=element.attributes.get("id", ""),
            label=element.attributes.get("label", ""),
            description=words(element, "description"),
            type=self.type_name(element.attributes.get("typeRef", "")),
        )


def unless_feel(language: str) -> str:
    """Return a language that is not FEEL; each version of the standard names FEEL anew."""
    return "" if is_feel(language) else language


def spot(element: Element) -> Spot:
    """Return where an element begins."""
    return Spot(element.line, element.column)


def words(element: Element, name: str) -> str:
    """Return the text of the first child of a name, or empty text."""
    child = element.first(name)
    return child.text if child is not None else ""


def read_text(reading: Reading, element: Element) -> Text:
    """Read an expression or a test."""
    inner = element.first("text")
    return Text(
        text=inner.text if inner is not None else "",
        language=unless_feel(element.attributes.get("expressionLanguage", reading.language)),
        head=reading.head(element),
        at=spot(inner or element),
    )


def _optional_text(reading: Reading, element: Element, name: str) -> Text | None:
    child = element.first(name)
    return read_text(reading, child) if child is not None else None


def read_variable(reading: Reading, element: Element) -> Variable:
    """Read a name with its type."""
    return Variable(_name(element), reading.head(element), spot(element))


def optional_variable(reading: Reading, element: Element) -> Variable | None:
    """Read the variable of an element, if it has one."""
    child = element.first("variable")
    return read_variable(reading, child) if child is not None else None


def _name(element: Element) -> str:
    return " ".join(element.attributes.get("name", "").split())


def boxes_in(reading: Reading, element: Element) -> Iterable[Element]:
    """Yield the boxes that stand directly in an element."""
    return (
        child
        for child in element.children
        if child.name in BOXES and child.namespace == reading.namespace
    )


def read_box_in(reading: Reading, element: Element) -> Logic | None:
    """Read the one box in an element; more than one are noted and left out."""
    found: Logic | None = None
    for number, child in enumerate(boxes_in(reading, element)):
        if number:
            why = f"`{element.name}` has a box already, and this one is left out"
            reading.refuse(child, why, "Keep one of them.")
        else:
            found = read_box(reading, child)
    return found


def read_box(reading: Reading, element: Element) -> Logic:
    """Read a box. One that cannot be read is refused, and its value is null."""
    return _READERS[element.name](reading, element)


def _part(reading: Reading, element: Element, name: str) -> Logic:
    """Read the box in a part that a box must have."""
    child = element.first(name)
    found = read_box_in(reading, child) if child is not None else None
    if found is None:
        why = f"it has no box in `{name}`, which is taken as null"
        reading.refuse(element, why, f"Put a box into `{name}`.")
    if found is None or child is None:
        return _NOTHING
    type_ = reading.type_name(child.attributes.get("typeRef", ""))
    head = replace(found.head, type=found.head.type or type_)
    return replace(found, head=head)


def _table(reading: Reading, element: Element) -> Logic:
    attributes = element.attributes
    policy = _POLICIES.get(attributes.get("hitPolicy", "UNIQUE").replace("_", " "))
    aggregation = attributes.get("aggregation", "")
    if policy is None or (aggregation and aggregation not in _AGGREGATIONS):
        if policy is None:
            why = f"`{attributes.get('hitPolicy', '')}` is no hit policy of the standard"
            reading.refuse(element, why, "Write one that is, such as `UNIQUE` or `FIRST`.")
        else:
            why = f"`{aggregation}` is no aggregation of the standard"
            reading.refuse(element, why, "Write `SUM`, `COUNT`, `MIN` or `MAX`.")
        return Text("", head=reading.head(element), at=spot(element))
    return DecisionTable(
        inputs=tuple(_input(reading, one) for one in element.all("input")),
        outputs=tuple(_output(reading, one) for one in element.all("output")),
        rows=tuple(_row(reading, one) for one in element.all("rule")),
        hit_policy=policy,
        aggregation=_AGGREGATIONS.get(aggregation, Aggregation.LIST),
        notes=tuple(_name(one) for one in element.all("annotation")),
        orientation=_ORIENTATIONS.get(attributes.get("preferredOrientation", ""), Orientation.ROWS),
        output_label=attributes.get("outputLabel", ""),
        head=reading.head(element),
        at=spot(element),
    )


def _input(reading: Reading, element: Element) -> InputClause:
    expression = _optional_text(reading, element, "inputExpression")
    if expression is None:
        why = "it has no expression, and is taken as null"
        reading.refuse(element, why, "Write what the column looks at.")
    return InputClause(
        expression or _NOTHING,
        _optional_text(reading, element, "inputValues"),
        reading.head(element),
        spot(element),
    )


def _output(reading: Reading, element: Element) -> OutputClause:
    return OutputClause(
        _name(element),
        _optional_text(reading, element, "outputValues"),
        _optional_text(reading, element, "defaultOutputEntry"),
        reading.head(element),
        spot(element),
    )


def _row(reading: Reading, element: Element) -> Row:
    return Row(
        tuple(read_text(reading, one) for one in element.all("inputEntry")),
        tuple(read_text(reading, one) for one in element.all("outputEntry")),
        tuple(words(one, "text") for one in element.all("annotationEntry")),
        reading.head(element),
        spot(element),
    )


def _context(reading: Reading, element: Element) -> Logic:
    entries = tuple(
        Entry(
            read_box_in(reading, one),
            optional_variable(reading, one),
            reading.head(one),
            spot(one),
        )
        for one in element.all("contextEntry")
    )
    return BoxedContext(entries, reading.head(element), spot(element))


def _invocation(reading: Reading, element: Element) -> Logic:
    bindings: list[Binding] = []
    for one in element.all("binding"):
        parameter = one.first("parameter")
        if parameter is None:
            why = "it names no parameter, and is left out"
            reading.refuse(one, why, "Name the parameter that it gives a value.")
        else:
            value = read_box_in(reading, one)
            bindings.append(Binding(read_variable(reading, parameter), value))
    function = read_box_in(reading, element)
    return Invocation(function, tuple(bindings), reading.head(element), spot(element))


def _list(reading: Reading, element: Element) -> Logic:
    items = tuple(read_box(reading, one) for one in boxes_in(reading, element))
    return BoxedList(items, reading.head(element), spot(element))


def _relation(reading: Reading, element: Element) -> Logic:
    return Relation(
        tuple(read_variable(reading, one) for one in element.all("column")),
        tuple(
            RelationRow(
                tuple(read_box(reading, cell) for cell in boxes_in(reading, one)),
                reading.head(one),
            )
            for one in element.all("row")
        ),
        reading.head(element),
        spot(element),
    )


def read_function(reading: Reading, element: Element) -> FunctionDefinition:
    """Read a function; one of another language is kept, and refused when it is to run."""
    kind = _KINDS.get(element.attributes.get("kind", "FEEL"))
    if kind is None:
        why = "it is in a language that the standard does not name"
        reading.refuse(element, why, "Write the function in FEEL.")
    return FunctionDefinition(
        tuple(read_variable(reading, one) for one in element.all("formalParameter")),
        read_box_in(reading, element),
        kind or FunctionKind.JAVA,
        reading.head(element),
        spot(element),
    )


def _conditional(reading: Reading, element: Element) -> Logic:
    parts = [_part(reading, element, name) for name in ("if", "then", "else")]
    return Conditional(*parts, head=reading.head(element), at=spot(element))


def _filter(reading: Reading, element: Element) -> Logic:
    parts = [_part(reading, element, name) for name in ("in", "match")]
    return Filter(*parts, head=reading.head(element), at=spot(element))


def _walk(reading: Reading, element: Element) -> Logic:
    word = cast("Literal['for', 'some', 'every']", element.name)
    return Iteration(
        word,
        " ".join(element.attributes.get("iteratorVariable", "").split()),
        _part(reading, element, "in"),
        _part(reading, element, "return" if word == "for" else "satisfies"),
        reading.head(element),
        spot(element),
    )


_Reader: TypeAlias = Callable[[Reading, Element], Logic]
_READERS: Mapping[str, _Reader] = {
    "literalExpression": read_text,
    "decisionTable": _table,
    "context": _context,
    "invocation": _invocation,
    "list": _list,
    "relation": _relation,
    "functionDefinition": read_function,
    "conditional": _conditional,
    "filter": _filter,
    "for": _walk,
    "some": _walk,
    "every": _walk,
}
