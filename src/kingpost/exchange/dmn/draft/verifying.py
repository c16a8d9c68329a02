"""A draft is read as any model is, and each expression held against what it was.

What does not read, or reads as something else, is refused after all, with what needs it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias, cast

from kingpost.checks import check
from kingpost.exchange.dmn.draft.pieces import Pair, Piece, Tree, needing
from kingpost.exchange.dmn.draft.record import Record
from kingpost.exchange.dmn.draft.rewriting import same
from kingpost.expressions import Compiled, compile_expression, compile_test
from kingpost.model.model import Model
from kingpost.model.rules import Rule
from kingpost.model.ruling.types import written, written_test
from kingpost.model.ruling.typing import Rules, Typed, declared, type_rules
from kingpost.notation import read_model
from kingpost.notation.writing import write
from kingpost.values.diagnostic import Diagnostic, Severity

# What an analysis of a table finds is for its author to mend; the table still says what it said.
_GAP, _OVERLAP, _SILENT = "KP0602", "KP0603", "KP0604"
# A round finds nearly all there is; what comes to light later comes of what was taken out.
_ROUNDS_MAX = 12
_UNSETTLED = "what it says could not be held against the file"
_FILE = "draft.yaml"
_OTHERWISE = "it would say something else in the language"
# What is lost: its name, with why and what to do.
_Lost: TypeAlias = tuple[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Whole:
    """The sections of a draft, with those of a company around it."""

    sections: Tree
    company: Tree


def settle(pieces: Iterable[Piece], record: Record, whole: Whole) -> None:
    """Refuse what does not come over truthfully, until all that is left does.

    The rules and fields of what is refused are taken out of the sections.
    """
    known = {one.called: one for one in pieces if one.called and not one.refused}
    for _ in range(_ROUNDS_MAX):
        lost = dict(_lost(known, whole))
        for name, (why, help_) in lost.items():
            known[name].refuse(why, help_)
        if not lost:
            return
        _drop(known, record, whole.sections["rules"])
    for piece in known.values():
        piece.refuse(_UNSETTLED, "Split the file, and take over each part by itself.")
    _drop(known, record, whole.sections["rules"])


def _lost(known: Mapping[str, Piece], whole: Whole) -> Iterator[_Lost]:
    """Yield what does not come over, each with why and what to do; mend what can be mended."""
    sections = {name: section for name, section in whole.sections.items() if section}
    reading = read_model({_FILE: write({**whole.company, **sections})})
    found = list(reading.diagnostics)
    if reading.model is not None:
        yield from _changed(known, reading.model)
        found.extend(check(reading.model))
    for one in found:
        name = _concerned(one)
        if one.subject == _FILE:
            yield from _unreadable(known, whole.sections)
        elif name in known and one.severity is Severity.ERROR and not _told(known[name], one):
            yield name, (one.message, one.help)


def _unreadable(known: Mapping[str, Piece], sections: Tree) -> Iterator[_Lost]:
    """Yield what no text of a model can hold, such as some characters: the whole file fails."""
    for name, piece in known.items():
        tree = piece.tree or _field_of(sections, name)
        for one in read_model({_FILE: write({name: tree})}).diagnostics:
            if one.subject == _FILE:
                yield name, (one.message, one.help)


def _field_of(sections: Tree, path: str) -> Tree:
    item, _, name = path.partition(".")
    return sections["objects"][item]["fields"][name]


def _concerned(one: Diagnostic) -> str:
    """Return the rule or the field of the record that a finding is about."""
    match one.subject.split("/"):
        case ["rule", name, *_]:
            return name
        case ["object", item, "field", name, *_]:
            return f"{item}.{name.partition('.')[0]}"
        case _:
            return ""


def _told(piece: Piece, one: Diagnostic) -> bool:
    """Tell whether a finding is about what the table says in the file already, and note it."""
    if one.code == _GAP and piece.tree is not None:
        _answer_the_rest(piece, piece.tree["outputs"])
    elif one.code in {_OVERLAP, _SILENT}:
        piece.note(f"`kingpost check` finds that {one.message}")
    return one.code in {_GAP, _OVERLAP, _SILENT}


def _answer_the_rest(piece: Piece, outputs: Tree) -> None:
    """Say that no answer is meant where no row matches, as the standard has it."""
    name = next(iter(outputs))
    found = cast("object", outputs[name])
    short: Tree = {"of" if isinstance(found, list) else "type": found}
    outputs[name] = {**(cast("Tree", found) if isinstance(found, dict) else short)}
    outputs[name]["default"] = "null"
    if len(outputs) > 1:
        piece.note("where no row matches each part of its answer is null, and not the whole")


def _changed(known: Mapping[str, Piece], model: Model) -> Iterator[_Lost]:
    """Yield the rules of which an expression is not what it was."""
    typed = type_rules(model)
    for name, piece in known.items():
        rule = model.rules.get(name)
        if rule is not None and not all(_is_kept(typed, rule, one) for one in piece.pairs):
            yield name, (_OTHERWISE, "Write it in a plainer form, such as with brackets.")


def _is_kept(rules: Rules, rule: Rule, pair: Pair) -> bool:
    found = _read(rules, rule, rules.typed[rule.id], pair)
    # What does not read at all is told better by the check.
    return not isinstance(found, Compiled) or same(pair.old, found.tree, pair.lexicon)


def _read(rules: Rules, rule: Rule, typed: Typed, pair: Pair) -> Compiled | object:
    match pair.kind:
        case "test":
            kind = typed.inputs[pair.place]
            return compile_test(written_test(pair.new, kind), kind, typed.scope)
        case "answer":
            wanted = declared(rules.model, rule, rule.outputs[pair.place])
            text = pair.new if wanted is None else written(pair.new, wanted)
            return compile_expression(text, typed.scope, wanted)
        case _:
            return compile_expression(pair.new, typed.scope)


def _drop(known: dict[str, Piece], record: Record, rules: Tree) -> None:
    """Take out what is refused, and what needs it."""
    while gone := [name for name, piece in known.items() if piece.refused]:
        for name in gone:
            lost = known.pop(name)
            rules.pop(name, None)
            record.drop(name)
            for piece in known.values():
                if name in _needs(piece):
                    piece.refuse(*needing(lost))


def _needs(piece: Piece) -> set[str]:
    """Return the rules that one names, or answers for."""
    tree = piece.tree or {}
    named = {path for pair in piece.pairs for path in pair.lexicon.paths.values()}
    return {*named, *tree.get("answers", ()), *tree.get("given", ())}
