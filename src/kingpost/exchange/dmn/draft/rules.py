"""Decisions, functions and services of a file as rules of the language."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any, cast

from kingpost.exchange.dmn.draft.boxes import Boxes, RefusedError
from kingpost.exchange.dmn.draft.kinds import called, certain, new_names, surely
from kingpost.exchange.dmn.draft.pieces import Piece, Tree, Words, mend_first, needing
from kingpost.exchange.dmn.draft.record import Record
from kingpost.exchange.dmn.draft.rewriting import Lexicon, Path
from kingpost.exchange.dmn.draft.tables import table_tree
from kingpost.exchange.dmn.fidelity import concerns
from kingpost.exchange.naming import Names, identifier, line_of, words
from kingpost.expressions import AnyType, ChoiceType, ContextType, FunctionType, Type
from kingpost.expressions.functions.registry import BUILTINS
from kingpost.expressions.reading.reader import KEYWORDS
from kingpost.rules import BoxedContext, DecisionTable, Entry, Logic, Shape
from kingpost.rules.definitions import (
    Decision,
    Element,
    InputData,
    Knowledge,
    Service,
)
from kingpost.rules.graphs import Graph, Node
from kingpost.rules.graphs.linking import Key, visible_name

# What a name in an expression may not be, because it means something there already.
RESERVED = frozenset({*BUILTINS, *KEYWORDS, "function", "item", "partial", "external", "instance"})


@dataclass(slots=True)
class Drafter:
    """Drafts each element after those that it needs."""

    graph: Graph
    record: Record
    names: Names
    pieces: dict[Key, Piece] = field(default_factory=dict[Key, Piece])

    def draft(self, key: Key) -> Piece:
        """Draft an element, if that was not done before."""
        if key not in self.pieces:
            node = self.graph.nodes[key]
            piece = self.pieces[key] = Piece(key, node.element, "", AnyType())
            for need in node.needs:
                self.draft(need.key)
            try:
                self._check(piece)
                self._make(node, piece)
            except RefusedError as error:
                piece.refuse(error.why, error.help)
        return self.pieces[key]

    def _check(self, piece: Piece) -> None:
        """Refuse what has a fault in the file already. Raises: RefusedError."""
        for one in self.graph.faults:
            if concerns(one, piece.element):
                raise RefusedError(one.message, one.help)

    def _make(self, node: Node, piece: Piece) -> None:
        match node.element:
            case InputData() | Decision(logic=None):
                self._given(node, piece)
            case Decision(logic=logic) if logic is not None:
                self._decision(node, piece, logic)
            case Knowledge():
                self._function(node, piece, node.element)
            case Service():
                self._service(node, piece, node.element)
            case _:
                raise AssertionError("of a source nothing is compiled")

    def _given(self, node: Node, piece: Piece) -> None:
        """Make a field of what comes from outside."""
        element = node.element
        name = visible_name(element)
        held = self.record.hold(name, node.shape, line_of(element.head.description))
        piece.called, piece.type = held.path, held.type
        piece.notes.extend(held.notes)
        told = [f"`{id_}`" for _, id_ in new_names(held.type)]
        if told:
            piece.note(f"its parts are called {', '.join(dict.fromkeys(told))} here")

    def _decision(self, node: Node, piece: Piece, logic: Logic) -> None:
        known, boxes = self._words(node), Boxes(self.graph.models[node.key[0]].shapes)
        id_ = self.names.give(words(visible_name(node.element)), "decision")
        piece.called = id_
        tree = self._body(piece, boxes, known, logic, node.shape)
        if "rows" not in tree:
            name = called(piece.type)
            if name:
                tree["outputs"] = {id_: name["of"] if isinstance(name, dict) else name}
        self._finish(piece, boxes, tree)

    def _function(self, node: Node, piece: Piece, element: Knowledge) -> None:
        logic = element.logic
        if logic is None:
            raise RefusedError("it has no logic", "Give it an expression or a table.")
        if not logic.parameters:
            raise RefusedError(
                "a function without parameters is not taken over", "Make it a decision."
            )
        known, boxes = self._words(node), Boxes(self.graph.models[node.key[0]].shapes)
        taken = Names({*RESERVED, *(one.partition(".")[0] for one in known.lexicon.paths.values())})
        parameters: Tree = {}
        kinds: dict[str, Type] = {}
        for one in logic.parameters:
            shape = boxes.shape(one.head.type)
            name = called(shape.type)
            if not name:
                raise RefusedError(
                    f"no type of the language holds its parameter `{one.name}`",
                    "Give it a type such as `number` or `string`, or a list of one.",
                )
            piece.parameters[one.name] = taken.give(words(one.name), "parameter")
            parameters[piece.parameters[one.name]] = name
            kinds[one.name] = shape.type
            if shape.constrained() and not isinstance(shape.type, ChoiceType):
                piece.note(f"`{one.name}` is not held to what is allowed")
        inner = known.inside(piece.parameters, kinds)
        piece.called = self.names.give(words(visible_name(element)), "function")
        tree = self._body(piece, boxes, inner, logic.body, node.shape)
        # What a table answers may be known better than its file says.
        result = piece.type if isinstance(node.shape.type, AnyType) else node.shape.type
        piece.type = FunctionType(tuple(kinds.values()), result)
        self._finish(piece, boxes, {"parameters": parameters, **tree})

    def _service(self, node: Node, piece: Piece, element: Service) -> None:
        model = self.graph.models[node.key[0]]
        inside = [self.draft(model.key(one)) for one in element.outputs]
        given = [self.draft(model.key(one)) for one in element.decisions]
        if not inside:
            raise RefusedError("it answers for no decision", "Name those that it answers for.")
        lost = [one.element.name for one in (*inside, *given) if one.refused]
        if lost:
            raise RefusedError(f"`{lost[0]}` is not taken over", mend_first(lost[0]))
        fields_ = [one.element.name for one in inside if one.tree is None]
        if fields_:
            raise RefusedError(
                f"`{fields_[0]}` has no logic to answer with", "Give it an expression or a table."
            )
        piece.called = self.names.give(words(visible_name(element)), "service")
        tree: Tree = {"answers": [one.called for one in inside]}
        decisions = [one.called for one in given if one.tree is not None]
        if decisions:
            tree["given"] = decisions
        for one in inside:
            if len(inside) > 1 and one.called != visible_name(one.element):
                piece.note(
                    f"the answer `{visible_name(one.element)}` is called `{one.called}` here"
                )
        if not isinstance(node.shape.type, AnyType) or node.shape.constrained():
            piece.note("its answer is not held to the type that is declared for it")
        self._finish(piece, None, tree)

    def _finish(self, piece: Piece, boxes: Boxes | None, tree: Tree) -> None:
        """Put the title and what is told about it around a rule."""
        element = piece.element
        for clause in boxes.loose if boxes else ():
            piece.note(clause)
        told = [element.head.description]
        if isinstance(element, Decision):
            told += [element.question, f"Answers: {element.answers}" if element.answers else ""]
        description = "\n".join(line for one in told if (line := line_of(one)))
        piece.tree = {
            "title": line_of(element.head.label or element.name) or piece.called,
            **({"description": description} if description else {}),
            **tree,
        }

    def _words(self, node: Node) -> Words:
        """Return what an element may name. Raises: RefusedError, when it needs what is lost."""
        scope: dict[str, Type] = {}
        groups: dict[str, dict[str, Type]] = {}
        paths: dict[Path, str] = {}
        parameters: dict[Path, Mapping[str, str]] = {}
        for need in node.needs:
            found = self.pieces[need.key]
            if found.refused:
                raise RefusedError(*needing(found))
            if isinstance(found.element, Service):
                raise RefusedError(
                    f"it calls the service `{need.name}`, and rules call functions",
                    "Let it name the decisions of the service, or call a function.",
                )
            path = (need.prefix, need.name) if need.prefix else (need.name,)
            paths[path], parameters[path] = found.called, found.parameters
            group = groups.setdefault(need.prefix, {}) if need.prefix else scope
            group[need.name] = found.type
        scope |= {prefix: ContextType(members) for prefix, members in groups.items()}
        shapes = self.graph.models[node.key[0]].shapes
        types = {name: shape.type for name, shape in shapes.items()}
        return Words(scope, types, Lexicon(paths, parameters))

    # --- bodies ----------------------------------------------------------------------------------

    def _body(
        self, piece: Piece, boxes: Boxes, known: Words, logic: Logic | None, shape: Shape
    ) -> Tree:
        """Return what decides in a rule, and set the type of its answer. Raises: RefusedError."""
        if isinstance(logic, DecisionTable):
            whole = shape if not logic.head.type else boxes.shape(logic.head.type)
            return table_tree(piece, boxes, known, logic, whole)
        if isinstance(logic, BoxedContext):
            entries = _entries(logic)
            if entries is not None and entries[0]:
                return self._context(piece, boxes, known, *entries, shape)
        text = boxes.text(logic, known.scope)
        tree = known.expression(piece, text, "expression")
        if not surely(tree, shape):
            boxes.note(_declared(piece.element))
        if logic is not None and logic.head.type:
            boxes.hold(logic.head.type, logic, known.scope)
        self._typed(piece, tree.type, shape)
        return {"value": piece.pairs[-1].new}

    def _context(
        self,
        piece: Piece,
        boxes: Boxes,
        known: Words,
        entries: list[tuple[str, Entry]],
        result: Entry | None,
        shape: Shape,
    ) -> Tree:
        """Return named values as entries of a rule."""
        taken = {one.partition(".")[0] for one in known.lexicon.paths.values()}
        names = Names({*RESERVED, *taken})
        tree: Tree = {}
        kinds: dict[str, Type] = {}
        for name, entry in entries:
            id_ = names.give(words(name), "entry")
            if id_ != name and result is None:
                raise RefusedError(
                    f"its entry `{name}` would have another name here",
                    f"Call it `{id_}` in the file, and wherever it is read.",
                )
            text = boxes.text(entry.value, known.scope)
            found = known.expression(piece, text, "expression")
            assert entry.variable is not None
            boxes.hold(entry.variable.head.type, entry.value, known.scope, name)
            if entry.value is not None and entry.value.head.type:
                boxes.hold(entry.value.head.type, entry.value, known.scope, name)
            kinds[name] = _kept(found.type, boxes.shape(entry.variable.head.type))
            tree[id_] = piece.pairs[-1].new
            known = known.inside({name: id_}, {name: kinds[name]})
        if result is None:
            if not _all_within(kinds, shape):
                boxes.note(_declared(piece.element))
            self._typed(piece, ContextType(kinds), shape)
            return {"entries": tree}
        found = known.expression(piece, boxes.text(result.value, known.scope), "expression")
        if not surely(found, shape):
            boxes.note(_declared(piece.element))
        self._typed(piece, found.type, shape)
        return {"entries": tree, "result": piece.pairs[-1].new}

    def _typed(self, piece: Piece, found: Type, shape: Shape) -> None:
        """Set the type of an answer, and tell of names that are others here."""
        piece.type = _kept(found, shape)
        told = dict.fromkeys(f"`{id_}`" for _, id_ in new_names(piece.type))
        if told:
            piece.note(f"parts of its answer are called {', '.join(told)} here")


def _kept(found: Type, shape: Shape) -> Type:
    """Return the declared type of a value; but names that are others here must not be lost."""
    if isinstance(shape.type, AnyType) or next(new_names(found), None) is not None:
        return found
    return shape.type


def _declared(element: Element) -> str:
    variable = getattr(element, "variable", None)
    return variable.head.type if variable is not None else ""


def _all_within(kinds: Mapping[str, Type], shape: Shape) -> bool:
    return certain(ContextType(kinds), shape)


def _entries(box: BoxedContext) -> tuple[list[tuple[str, Entry]], Entry | None] | None:
    """Return the named values of a context and its result, where a rule can write them so.

    Without a result their names show in the answer, so that they must be ids already.
    """
    named = [(one.variable.name, one) for one in box.entries if one.variable]
    rest = [one for one in box.entries if not one.variable]
    names = [name for name, _ in named]
    if len(rest) > 1 or (rest and box.entries[-1] is not rest[0]) or len(set(names)) < len(names):
        return None
    if not rest and any(identifier(name) != name or name in RESERVED for name in names):
        return None
    return named, (rest[0] if rest else None)


def notes_inside(element: Element) -> Iterator[str]:
    """Yield the labels and descriptions within an element that a rule has no place for."""
    waiting: list[Any] = [getattr(element, "logic", None)]
    while waiting:
        one = waiting.pop()
        if isinstance(one, tuple):
            waiting.extend(cast("tuple[Any, ...]", one))
        elif is_dataclass(one) and not isinstance(one, type):
            if getattr(one, "description", ""):
                yield cast("Any", one).description
            waiting.extend(getattr(one, each.name) for each in fields(one))
