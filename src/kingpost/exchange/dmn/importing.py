"""Take a DMN file over as a draft of a company's rules."""

from collections.abc import Iterator
from dataclasses import dataclass

from kingpost.exchange.company import OWNER, bare_company
from kingpost.exchange.dmn.draft.pieces import Piece, Tree
from kingpost.exchange.dmn.draft.record import Record
from kingpost.exchange.dmn.draft.rules import RESERVED, Drafter, notes_inside
from kingpost.exchange.dmn.draft.verifying import Whole, settle
from kingpost.exchange.dmn.fidelity import KINDS, of_fault
from kingpost.exchange.dmn.reading import Document
from kingpost.exchange.naming import Names, line_of
from kingpost.exchange.remarks import Remark, Verdict
from kingpost.rules.definitions import (
    Definitions,
    Element,
    ItemDefinition,
    Source,
)
from kingpost.rules.graphs import Graph
from kingpost.rules.graphs.linking import Key, identity_of


@dataclass(frozen=True, slots=True)
class Taken:
    """What a file gave.

    rules:   the sections with the drafted rules and the object that they read.
    company: the sections that a company of its own needs around them.
    remarks: one for each element of the file, in its order.
    """

    rules: Tree
    company: Tree
    remarks: tuple[Remark, ...]


def import_dmn(document: Document, graph: Graph, stem: str) -> Taken:
    """Draft a rule for each decision, function and service of a file, and of what these need.

    graph: the compiled model with those that it imports. stem: a name for a file without one.
    """
    definitions = document.definitions
    title = line_of(definitions.name) or stem
    names = Names(set(RESERVED))
    record = Record(names.give(title, "case"), title)
    drafter = Drafter(graph, record, names)
    # One that has the identity of another is told as such.
    elements = [one for one in definitions.elements if not isinstance(one, Source)]
    own = [key for one in elements if (key := _key(definitions, one)) in graph.nodes]
    for key in own:
        drafter.draft(key)
    others = [key for key in drafter.pieces if key not in own]
    pieces = [drafter.pieces[key] for key in (*own, *others)]
    rules = {one.called: one.tree for one in pieces if one.tree is not None and not one.refused}
    company = bare_company(title)
    objects = {record.id: record.section(OWNER)} if record.fields else {}
    sections: Tree = {"objects": objects, "rules": rules}
    settle(pieces, record, Whole(sections, company))
    if not record.fields:
        objects.clear()
    sections = {name: section for name, section in sections.items() if section}
    told = [
        *document.remarks,
        *(_of_type(one) for one in definitions.types),
        *(_of_source(one) for one in definitions.elements if isinstance(one, Source)),
        *(_of_piece(one, here=one.key in own) for one in pieces),
        *(remark for key in own for remark in _of_notes(drafter.pieces[key].element)),
        *(of_fault(one) for one in graph.faults if one.site.name.startswith("model ")),
        *_of_picture(document),
    ]
    return Taken(sections, company, tuple(sorted(told, key=lambda one: (one.line, one.column))))


def _key(definitions: Definitions, element: Element) -> Key:
    return (definitions.namespace, identity_of(element))


def _of_piece(piece: Piece, *, here: bool) -> Remark:
    """Tell what became of an element. here: it stands in the file, and not in one it imports."""
    element = piece.element
    verdict = Verdict.APPROXIMATED if piece.notes else Verdict.EXECUTED
    becomes = f"rule/{piece.called}" if piece.tree is not None else ""
    if piece.tree is None and piece.called:
        item, _, field = piece.called.partition(".")
        becomes = f"object/{item}/field/{field}"
    if piece.refused:
        verdict, becomes = Verdict.REFUSED, ""
    return Remark(
        kind=KINDS[type(element)],
        id=element.head.id,
        name=element.name,
        verdict=verdict,
        becomes=becomes,
        why=piece.refused or "; ".join(piece.notes),
        help=piece.help,
        line=element.at.line if here else 0,
        column=element.at.column if here else 0,
    )


def _of_type(one: ItemDefinition) -> Remark:
    return Remark(
        kind="itemDefinition",
        id=one.head.id,
        name=one.name,
        verdict=Verdict.EXECUTED,
        becomes="the types of fields and answers",
        line=one.at.line,
        column=one.at.column,
    )


def _of_source(one: Source) -> Remark:
    return Remark(
        kind="knowledgeSource",
        id=one.head.id,
        name=one.name,
        verdict=Verdict.REFUSED,
        why="rules name no sources",
        help="Write it in the description of the rules.",
        line=one.at.line,
        column=one.at.column,
    )


def _of_notes(element: Element) -> Iterator[Remark]:
    notes = list(notes_inside(element))
    if notes:
        yield Remark(
            kind="description",
            id="",
            name=element.name,
            verdict=Verdict.REFUSED,
            why=f"descriptions inside of a box have no place in a rule: {len(notes)} left out",
            help="Write what matters in the description of the rule.",
            line=element.at.line,
            column=element.at.column,
        )


def _of_picture(document: Document) -> Iterator[Remark]:
    if document.drawing.shapes:
        why = "the picture is left out; `kingpost graph` draws rules anew"
        yield Remark("DMNDiagram", "", "", Verdict.REFUSED, why=why)
