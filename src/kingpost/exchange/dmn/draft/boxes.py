"""Boxes as one expression: the language has tables and named values, all else is text there."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from kingpost.exchange.dmn.draft.kinds import certain, surely
from kingpost.expressions import (
    Compiled,
    ContextType,
    Scope,
    Type,
    YesNoType,
    compile_expression,
)
from kingpost.expressions.judgement import item_of
from kingpost.rules import (
    BoxedContext,
    BoxedList,
    Conditional,
    DecisionTable,
    Filter,
    FunctionDefinition,
    Head,
    Invocation,
    Iteration,
    Logic,
    Relation,
    Shapes,
    Text,
    Variable,
)
from kingpost.rules.compiling import build
from kingpost.rules.parts import Setting
from kingpost.rules.session import Site
from kingpost.rules.shapes import UNSHAPED, Shape, plain_shape

_PLAIN_NAME = re.compile(r"[A-Za-z_][\w ]*")
_ARGUMENT_NAME = re.compile(r"[^\W\d][\w '-]{0,60}")
_NULL = "null"


_TABLE_HELP = "Make the table a decision of its own, and name that in the box."
_CALL_HELP = "Make it a function of its own, and call it by its name."


class RefusedError(Exception):
    """A part has no truthful form in the language.

    why: a clause. help: what to do in the file, a sentence.
    """

    def __init__(self, why: str, help_: str) -> None:
        """Say why, and what to do."""
        super().__init__(why)
        self.why = why
        self.help = help_


@dataclass(slots=True)
class Boxes:
    """Turns boxes into text, in the names of the file.

    loose: what is declared of a value and is not held to it in the language.
    """

    shapes: Shapes
    loose: list[str] = field(default_factory=list[str])

    def text(self, logic: Logic | None, scope: Scope, *, whole: bool = True) -> str:
        """Return a box as an expression. Raises: RefusedError.

        whole: it stands alone, so that its own type is held by what is around it.
        """
        if logic is None:
            return _NULL
        text = self._text(logic, scope)
        if not whole:
            self.hold(logic.head.type, logic, scope)
        return text

    def shape(self, name: str) -> Shape:
        """Return what the name of a type asks for."""
        return self.shapes.get(name) or plain_shape(name) or UNSHAPED

    def hold(self, type_: str, logic: Logic | None, scope: Scope, what: str = "") -> None:
        """Note a declared type whose values the language does not hold to it."""
        shape = self.shape(type_)
        if type_ and logic is not None and not self._is_held(logic, scope, shape):
            self.note(type_, what)

    def note(self, type_: str, what: str = "") -> None:
        """Note that values are not held to a type."""
        about = f"`{what}`" if what else "a value"
        of = f"not a `{type_}`" if type_ else "of another type than is declared"
        self.loose.append(f"{about} that is {of} is not made null")

    def _is_held(self, logic: Logic, scope: Scope, shape: Shape) -> bool:
        if isinstance(logic, Text) and logic.text.strip():
            found = compile_expression(logic.text, scope, None, _types(self.shapes))
            return isinstance(found, Compiled) and surely(found.tree, shape)
        return certain(self.type_of(logic, scope), shape)

    def _hold_condition(self, logic: Logic, scope: Scope) -> None:
        """Note a condition that may be neither yes nor no: the box answers null then."""
        if not self._is_held(logic, scope, Shape(YesNoType())):
            self.loose.append("a condition that is neither yes nor no counts as no")

    def type_of(self, logic: Logic, scope: Scope) -> Type:
        """Return the type of the values of a box, whatever it is declared to have."""
        bare = replace(logic, head=Head()) if logic.head.type else logic
        return build(Setting(scope, self.shapes, strict=False, site=Site("")), bare).type

    def _text(self, logic: Logic, scope: Scope) -> str:
        match logic:
            case Text():
                return feel(logic)
            case BoxedContext():
                return self.context(logic, scope)
            case BoxedList(items=items):
                return f"[{', '.join(self.text(one, scope, whole=False) for one in items)}]"
            case Relation():
                return self._relation(logic, scope)
            case DecisionTable():
                raise RefusedError("a table inside of another box is not taken over", _TABLE_HELP)
            case _:
                return self._phrase(logic, scope)

    def _phrase(
        self,
        logic: Invocation | FunctionDefinition | Conditional | Filter | Iteration,
        scope: Scope,
    ) -> str:
        match logic:
            case Invocation():
                return self._invocation(logic, scope)
            case FunctionDefinition():
                return self._function(logic, scope)
            case Conditional(condition=condition, then=then, otherwise=otherwise):
                self._hold_condition(condition, scope)
                parts = [self.text(one, scope, whole=False) for one in (condition, then, otherwise)]
                return f"if {parts[0]} then {parts[1]} else {parts[2]}"
            case Filter():
                return self._filter(logic, scope)
            case Iteration():
                return self._iteration(logic, scope)

    def context(self, box: BoxedContext, scope: Scope) -> str:
        """Return named values as a context that is written out."""
        known: dict[str, Type] = {}
        entries: list[str] = []
        for entry in box.entries:
            inner = {**scope, **known}
            text = self.text(entry.value, inner, whole=False)
            name = entry.variable.name if entry.variable else ""
            if entry.variable:
                self.hold(entry.variable.head.type, entry.value, inner, name)
            if not name:
                # The result reads the entries, so it is one more entry, and is asked for.
                last = _free("result", known)
                entries.append(f"{last}: {text}")
                return f"{{{', '.join(entries)}}}.{last}"
            entries.append(f"{key(name)}: {text}")
            known[name] = self.declared(entry.variable, entry.value, inner)
        return f"{{{', '.join(entries)}}}"

    def declared(self, variable: Variable | None, logic: Logic | None, scope: Scope) -> Type:
        """Return the type of a named value: the declared one, else that of what it is made of."""
        if variable is not None and variable.head.type:
            return self.shape(variable.head.type).type
        return UNSHAPED.type if logic is None else self.type_of(logic, scope)

    def _relation(self, box: Relation, scope: Scope) -> str:
        rows: list[str] = []
        for row in box.rows:
            cells: list[str] = []
            for column, cell in zip(box.columns, row.cells, strict=True):
                self.hold(column.head.type, cell, scope, column.name)
                cells.append(f"{key(column.name)}: {self.text(cell, scope, whole=False)}")
            rows.append(f"{{{', '.join(cells)}}}")
        return f"[{', '.join(rows)}]"

    def _invocation(self, box: Invocation, scope: Scope) -> str:
        if not isinstance(box.function, Text):
            raise RefusedError("what it calls is a box, and not the name of a function", _CALL_HELP)
        arguments: list[str] = []
        for one in box.bindings:
            name = one.parameter.name
            if not _ARGUMENT_NAME.fullmatch(name):
                raise RefusedError(
                    f"a parameter cannot be named `{name}` in a call", "Give it another name."
                )
            self.hold(one.parameter.head.type, one.value, scope, name)
            arguments.append(f"{name}: {self.text(one.value, scope, whole=False)}")
        return f"{feel(box.function)}({', '.join(arguments)})"

    def _function(self, box: FunctionDefinition, scope: Scope) -> str:
        names = {one.name: self.shape(one.head.type).type for one in box.parameters}
        for one in box.parameters:
            if one.head.type in self.shapes:
                raise RefusedError(
                    f"parameter `{one.name}` has the declared type `{one.head.type}`",
                    "Give it a type such as `number` or `string`.",
                )
        listed = ", ".join(
            f"{one.name}: {one.head.type}" if one.head.type else one.name for one in box.parameters
        )
        return f"function({listed}) {self.text(box.body, {**scope, **names}, whole=False)}"

    def _filter(self, box: Filter, scope: Scope) -> str:
        source = self.text(box.source, scope, whole=False)
        item = item_of(self.type_of(box.source, scope))
        members: Mapping[str, Type] = item.members if isinstance(item, ContextType) else {}
        test = self.text(box.test, {**scope, **members, "item": item}, whole=False)
        return f"({source})[{test}]"

    def _iteration(self, box: Iteration, scope: Scope) -> str:
        source = self.text(box.source, scope, whole=False)
        item = item_of(self.type_of(box.source, scope))
        inner = {**scope, box.variable: item}
        if box.word != "for":
            self._hold_condition(box.body, inner)
        body = self.text(box.body, inner, whole=False)
        word = "return" if box.word == "for" else "satisfies"
        return f"{box.word} {box.variable} in {source} {word} {body}"


def feel(text: Text) -> str:
    """Return a piece of FEEL as it may stand within another."""
    found = text.text.strip()
    # A comment would swallow what follows on its line.
    return f"{found}\n" if "//" in found else found or _NULL


def key(name: str) -> str:
    """Return the name of an entry as a context that is written out has it."""
    inside = name.replace("\\", "\\\\").replace('"', '\\"')
    return name if _PLAIN_NAME.fullmatch(name) else f'"{inside}"'


def _free(name: str, taken: Iterable[str]) -> str:
    while name in taken:
        name = f"{name} value"
    return name


def _types(shapes: Shapes) -> Scope:
    return {name: shape.type for name, shape in shapes.items()}
