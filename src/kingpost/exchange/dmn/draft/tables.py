"""Decision tables as the language writes them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from kingpost.exchange.dmn.draft.boxes import Boxes, RefusedError, feel
from kingpost.exchange.dmn.draft.kinds import Renamed, called, certain, surely
from kingpost.exchange.dmn.draft.pieces import Piece, Tree, Words
from kingpost.exchange.dmn.draft.values import Values, texts_allowed, values_of
from kingpost.exchange.naming import Names, line_of, words
from kingpost.expressions import AnyType, ChoiceType, ContextType, ListType, Type
from kingpost.expressions.judgement import joined
from kingpost.expressions.tree import Constant, Node
from kingpost.rules import Aggregation, DecisionTable, HitPolicy, OutputClause, Shape
from kingpost.rules.hits import SEVERAL
from kingpost.rules.shapes import UNSHAPED

_BARE = re.compile(r"[A-Za-z][\w]*(?: [\w]+)*")
_NOT_BARE = frozenset({"null", "true", "false", "not"})
_ONE_TEXT = re.compile(r'"((?:[^"\\]|\\.)*)"')


def table_tree(
    piece: Piece, boxes: Boxes, known: Words, table: DecisionTable, whole: Shape
) -> Tree:
    """Return a table as a rule, and set the type of its answer. Raises: RefusedError.

    whole: what is declared of its answer.
    """
    if not table.inputs:
        raise RefusedError("it is a table without inputs", "Add an input, or write an expression.")
    if not table.rows:
        raise RefusedError("it is a table without rows", "Add rows to it, or leave it out.")
    return _Tabling(piece, boxes, known, table, whole).tree()


@dataclass(slots=True)
class _Tabling:
    """The state of writing one table. rows: the cells so far. kinds: the types of outputs."""

    piece: Piece
    boxes: Boxes
    known: Words
    table: DecisionTable
    whole: Shape
    columns: Names = field(default_factory=Names)
    rows: list[list[str]] = field(default_factory=list[list[str]])
    ids: dict[str, str] = field(default_factory=dict[str, str])
    kinds: dict[str, Type] = field(default_factory=dict[str, Type])

    @property
    def lists(self) -> bool:
        """Tell whether the table answers a list."""
        return self.table.hit_policy in SEVERAL and self.table.aggregation is Aggregation.LIST

    def tree(self) -> Tree:
        """Return the rule."""
        table = self.table
        self.rows = [[] for _ in table.rows]
        tree: Tree = {"inputs": self._inputs(), "outputs": self._outputs()}
        if table.hit_policy is not HitPolicy.UNIQUE:
            tree["hit-policy"] = table.hit_policy.value.replace(" ", "-")
        if table.aggregation is not Aggregation.LIST:
            tree["aggregation"] = table.aggregation.value
        if self.lists or table.aggregation is Aggregation.COUNT:
            empty = "an empty list" if self.lists else "0"
            self.piece.note(f"where no row matches it answers {empty}, and not null")
        self._set_type()
        notes = self._annotations()
        return {**tree, **({"annotations": notes} if notes else {}), "rows": self.rows}

    def _inputs(self) -> Tree:
        inputs: Tree = {}
        for at, clause in enumerate(self.table.inputs):
            text = feel(clause.expression)
            tree = self.known.expression(self.piece, text, "expression")
            self.boxes.hold(clause.expression.head.type, clause.expression, self.known.scope, text)
            new, subject = self.piece.pairs[-1].new, tree.type
            id_ = self.columns.give(words(clause.head.label or text), f"input-{at + 1}")
            inputs[id_] = new
            values = texts_allowed(clause.allowed)
            if values:
                inputs[id_], subject = {"value": new, "of": list(values)}, ChoiceType(values)
            elif clause.allowed is not None and clause.allowed.text.strip():
                self.piece.note(f"column `{text}` is not held to its allowed values")
            self._tests(at, subject)
        return inputs

    def _tests(self, at: int, subject: Type) -> None:
        for cells, row in zip(self.rows, self.table.rows, strict=True):
            text = feel(row.tests[at]) if row.tests[at].text.strip() else "-"
            self.known.test(self.piece, text, subject, at)
            cells.append(_bare_test(self.piece.pairs[-1].new, subject))

    def _outputs(self) -> Tree:
        outputs: Tree = {}
        own = UNSHAPED if self.lists or len(self.table.outputs) > 1 else self.whole
        for at, clause in enumerate(self.table.outputs):
            name = clause.name or self.piece.element.name
            id_ = self.columns.give(words(name), f"output-{at + 1}")
            self.ids[clause.name] = id_
            shape = self.boxes.shape(clause.head.type) if clause.head.type else own
            outputs[id_] = self._output(at, clause, shape)
        return outputs

    def _output(self, at: int, clause: OutputClause, shape: Shape) -> object:
        """Return an output, and put its answers behind the rows."""
        answers = list(self._answers(at))
        trees = [tree for tree, _ in answers]
        default = self._default(at, clause, trees)
        if not all(surely(tree, shape) for tree in trees):
            self.boxes.note(clause.head.type, clause.name)
        ranked = self.table.hit_policy in {HitPolicy.PRIORITY, HitPolicy.OUTPUT_ORDER}
        values = values_of(clause.allowed, shape, trees, ranked=ranked)
        kind = values.kind or shape.type
        if isinstance(kind, AnyType):
            kind = joined(tuple(trees))
        self.kinds[clause.name] = kind
        for cells, (tree, new) in zip(self.rows, answers, strict=True):
            cells.append(_bare(new, tree, kind))
        return _written(kind, values, default)

    def _answers(self, at: int) -> Iterator[tuple[Node, str]]:
        for row in self.table.rows:
            cell = row.results[at]
            tree = self.known.expression(self.piece, feel(cell), "answer", at)
            self.boxes.hold(cell.head.type, cell, self.known.scope)
            yield tree, self.piece.pairs[-1].new

    def _default(self, at: int, clause: OutputClause, trees: list[Node]) -> str:
        """Return what an output is when no row matches, or empty text."""
        if clause.default is None or not clause.default.text.strip():
            return ""
        if self.lists:
            self.piece.note("its default is left out")
            return ""
        trees.append(self.known.expression(self.piece, feel(clause.default), "answer", at))
        return self.piece.pairs[-1].new

    def _set_type(self) -> None:
        """Set the type of the answer, with the ids of its members."""
        found = self.boxes.type_of(self.table, self.known.scope)
        own = UNSHAPED if not self.lists and len(self.kinds) == 1 else self.whole
        if not certain(found, own):
            self.boxes.note("")
        one = found.of if isinstance(found, ListType) else found
        if len(self.kinds) > 1 and isinstance(one, ContextType):
            one = ContextType(Renamed(one.members, self.ids))
            told = [f"`{id_}`" for name, id_ in self.ids.items() if name != id_]
            if told:
                self.piece.note(f"parts of its answer are called {', '.join(told)} here")
        elif self.table.aggregation is Aggregation.LIST:
            one = next(iter(self.kinds.values()))
        self.piece.type = ListType(one) if self.lists else one

    def _annotations(self) -> list[str]:
        """Return the names of the remarks, and put these behind the rows."""
        table = self.table
        width = max([len(table.notes), *(len(row.notes) for row in table.rows)])
        if not table.notes and not any(one.strip() for row in table.rows for one in row.notes):
            return []
        for cells, row in zip(self.rows, table.rows, strict=True):
            texts = [line_of(one) or "-" for one in row.notes]
            cells.extend(texts + ["-"] * (width - len(texts)))
        names = Names()
        given = [*table.notes, *([""] * (width - len(table.notes)))]
        return [names.give(words(one), "remark") for one in given]


def _written(kind: Type, values: Values, default: str) -> object:
    """Return an output as short as it can be written."""
    output: Tree = {}
    name = called(kind)
    if isinstance(kind, ChoiceType):
        output["of"] = list(kind.of)
    elif name:
        output["type"] = name
        if values.written:
            output["of"] = list(values.written)
    if default:
        output["default"] = default
    return next(iter(output.values())) if len(output) == 1 and not default else output


def _bare(text: str, tree: Node, kind: Type) -> str:
    """Return a value of a choice without its quotes, as people write it."""
    if isinstance(kind, ChoiceType) and isinstance(tree, Constant) and tree.value in kind.of:
        return _word(str(tree.value), text)
    return text


def _bare_test(text: str, kind: Type) -> str:
    parts = [one.strip() for one in text.split(",")]
    if not isinstance(kind, ChoiceType) or not all(map(_ONE_TEXT.fullmatch, parts)):
        return text
    found: Sequence[str] = [_word(part[1:-1], part) for part in parts if part[1:-1] in kind.of]
    return ", ".join(found) if len(found) == len(parts) else text


def _word(value: str, otherwise: str) -> str:
    return value if _BARE.fullmatch(value) and value not in _NOT_BARE else otherwise
