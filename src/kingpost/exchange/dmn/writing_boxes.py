"""Boxes written as a DMN file has them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from kingpost.exchange.dmn.tags import Tag
from kingpost.exchange.dmn.versions import Version
from kingpost.exchange.remarks import Remark, Verdict
from kingpost.rules.logic import (
    Aggregation,
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
    Text,
    Variable,
)

_ORIENTATIONS = {
    Orientation.ROWS: "",
    Orientation.COLUMNS: "Rule-as-Column",
    Orientation.CROSS: "CrossTable",
}


@dataclass(slots=True)
class Writing:
    """The state of writing one file."""

    version: Version
    remarks: list[Remark] = field(default_factory=list[Remark])

    def remark(self, kind: str, head: Head, name: str, verdict: Verdict, why: str) -> None:
        """Note what became of a part."""
        self.remarks.append(Remark(kind, head.id, name, verdict, why=why))


def attributes(head: Head, **more: str) -> dict[str, str]:
    """Return the attributes of a part: what every part may have, then its own."""
    return {"id": head.id, "label": head.label, **more, "typeRef": head.type}


def described(head: Head) -> tuple[Tag, ...]:
    """Return the description of a part, when it has one."""
    return (Tag("description", text=head.description),) if head.description else ()


def variable_tag(name: str, variable: Variable | None) -> tuple[Tag, ...]:
    """Return the tag of a name with its type, when there is one."""
    if variable is None:
        return ()
    head = variable.head
    return (Tag(name, attributes(head, name=variable.name), described(head)),)


def text_tag(name: str, text: Text | None) -> tuple[Tag, ...]:
    """Return the tag of an expression or a test, when there is one."""
    if text is None:
        return ()
    own = attributes(text.head, expressionLanguage=text.language)
    return (Tag(name, own, (*described(text.head), Tag("text", text=text.text))),)


def box_tags(writing: Writing, logic: Logic | None) -> tuple[Tag, ...]:
    """Return the tag of a box, when there is one."""
    return () if logic is None else (box_tag(writing, logic),)


def box_tag(writing: Writing, logic: Logic) -> Tag:
    """Return the tag of a box."""
    return _WRITERS[type(logic)](writing, logic)


def _text(_writing: Writing, text: Text) -> Tag:
    (tag,) = text_tag("literalExpression", text)
    return tag


def _table(_writing: Writing, table: DecisionTable) -> Tag:
    policy = table.hit_policy
    own = attributes(
        table.head,
        hitPolicy="" if policy is HitPolicy.UNIQUE else policy.value.upper(),
        aggregation=_aggregation(table.aggregation),
        preferredOrientation=_ORIENTATIONS[table.orientation],
        outputLabel=table.output_label,
    )
    parts = (
        *described(table.head),
        *map(_input, table.inputs),
        *map(_output, table.outputs),
        *(Tag("annotation", {"name": name}) for name in table.notes),
        *map(_row, table.rows),
    )
    return Tag("decisionTable", own, parts)


def _aggregation(aggregation: Aggregation) -> str:
    return "" if aggregation is Aggregation.LIST else aggregation.value.upper()


def _input(clause: InputClause) -> Tag:
    parts = (
        *described(clause.head),
        *text_tag("inputExpression", clause.expression),
        *text_tag("inputValues", clause.allowed),
    )
    return Tag("input", attributes(clause.head), parts)


def _output(clause: OutputClause) -> Tag:
    parts = (
        *described(clause.head),
        *text_tag("outputValues", clause.allowed),
        *text_tag("defaultOutputEntry", clause.default),
    )
    return Tag("output", attributes(clause.head, name=clause.name), parts)


def _row(row: Row) -> Tag:
    parts = (
        *described(row.head),
        *(tag for test in row.tests for tag in text_tag("inputEntry", test)),
        *(tag for result in row.results for tag in text_tag("outputEntry", result)),
        *(Tag("annotationEntry", {}, (Tag("text", text=note),)) for note in row.notes),
    )
    return Tag("rule", attributes(row.head), parts)


def _context(writing: Writing, box: BoxedContext) -> Tag:
    entries = (_entry(writing, entry) for entry in box.entries)
    return Tag("context", attributes(box.head), (*described(box.head), *entries))


def _entry(writing: Writing, entry: Entry) -> Tag:
    parts = (
        *described(entry.head),
        *variable_tag("variable", entry.variable),
        *box_tags(writing, entry.value),
    )
    return Tag("contextEntry", attributes(entry.head), parts)


def _invocation(writing: Writing, box: Invocation) -> Tag:
    bindings = (
        Tag(
            "binding",
            {},
            (*variable_tag("parameter", one.parameter), *box_tags(writing, one.value)),
        )
        for one in box.bindings
    )
    parts = (*described(box.head), *box_tags(writing, box.function), *bindings)
    return Tag("invocation", attributes(box.head), parts)


def _list(writing: Writing, box: BoxedList) -> Tag:
    return Tag("list", attributes(box.head), _items(writing, box.head, box.items))


def _items(writing: Writing, head: Head, items: Iterable[Logic]) -> tuple[Tag, ...]:
    return (*described(head), *(box_tag(writing, item) for item in items))


def _relation(writing: Writing, box: Relation) -> Tag:
    columns = (tag for column in box.columns for tag in variable_tag("column", column))
    rows = (_relation_row(writing, row) for row in box.rows)
    return Tag("relation", attributes(box.head), (*described(box.head), *columns, *rows))


def _relation_row(writing: Writing, row: RelationRow) -> Tag:
    return Tag("row", attributes(row.head), _items(writing, row.head, row.cells))


def function_tag(writing: Writing, box: FunctionDefinition, name: str) -> Tag:
    """Return the tag of a function, under the name that its place asks for."""
    kind = "" if box.kind is FunctionKind.FEEL else box.kind.value
    parameters = (tag for one in box.parameters for tag in variable_tag("formalParameter", one))
    parts = (*described(box.head), *parameters, *box_tags(writing, box.body))
    return Tag(name, attributes(box.head, kind=kind), parts)


def _function(writing: Writing, box: FunctionDefinition) -> Tag:
    return function_tag(writing, box, "functionDefinition")


def _conditional(writing: Writing, box: Conditional) -> Tag:
    parts = {"if": box.condition, "then": box.then, "else": box.otherwise}
    return _newer(writing, "conditional", box, {}, parts, "if ({0}\n) then ({1}\n) else ({2}\n)")


def _filter(writing: Writing, box: Filter) -> Tag:
    return _newer(
        writing, "filter", box, {}, {"in": box.source, "match": box.test}, "({0}\n)[{1}\n]"
    )


def _iteration(writing: Writing, box: Iteration) -> Tag:
    body = "return" if box.word == "for" else "satisfies"
    text = f"{box.word} {box.variable} in ({{0}}\n) {body} ({{1}}\n)"
    own = {"iteratorVariable": box.variable}
    return _newer(writing, box.word, box, own, {"in": box.source, body: box.body}, text)


def _newer(
    writing: Writing,
    name: str,
    box: Conditional | Filter | Iteration,
    own: Mapping[str, str],
    parts: Mapping[str, Logic],
    text: str,
) -> Tag:
    """Return a box that came with DMN 1.4; older files get the same in words, where it can be."""
    if writing.version >= Version.V1_4:
        inner = (Tag(part, {}, (box_tag(writing, logic),)) for part, logic in parts.items())
        return Tag(name, attributes(box.head, **own), (*described(box.head), *inner))
    plain = [logic.text for logic in parts.values() if isinstance(logic, Text)]
    if len(plain) == len(parts):
        why = (
            f"boxes of this kind came with DMN 1.4, so it is written as text for {writing.version}"
        )
        writing.remark(name, box.head, "", Verdict.APPROXIMATED, why)
        return _text(writing, Text(text.format(*plain), head=box.head))
    why = f"boxes of this kind came with DMN 1.4, and it holds boxes, so {writing.version} has none"
    writing.remark(name, box.head, "", Verdict.REFUSED, why)
    return _text(writing, Text("null", head=box.head))


_Writer: TypeAlias = Callable[..., Tag]
_WRITERS: Mapping[type, _Writer] = {
    Text: _text,
    DecisionTable: _table,
    BoxedContext: _context,
    Invocation: _invocation,
    BoxedList: _list,
    Relation: _relation,
    FunctionDefinition: _function,
    Conditional: _conditional,
    Filter: _filter,
    Iteration: _iteration,
}
