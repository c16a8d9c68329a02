"""Whether the expressions of a rule read, and fit their places."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from kingpost.expressions import (
    ChoiceType,
    Compiled,
    Problem,
    Scope,
    Type,
    compile_expression,
    compile_test,
)
from kingpost.model.model import Model
from kingpost.model.rules import Rule
from kingpost.model.ruling.types import written, written_test
from kingpost.model.ruling.typing import Typed, declared
from kingpost.values.nearest import nearest

_WORD = r"[a-z0-9][\w/ -]*?"
_WORDS = re.compile(rf"(?:not\s*\()?\s*({_WORD}(?:\s*,\s*{_WORD})*)\s*\)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Misread:
    """A problem of one expression, and the way to it."""

    path: tuple[str | int, ...]
    problem: Problem


@dataclass(slots=True)
class Readout:
    """A rule as far as it reads. tests: row by row, the compiled cells of the inputs."""

    faults: list[Misread] = field(default_factory=list[Misread])
    inputs: list[Compiled] = field(default_factory=list[Compiled])
    tests: list[tuple[Compiled, ...]] = field(default_factory=list[tuple[Compiled, ...]])

    def keep(self, found: Compiled | tuple[Problem, ...], *path: str | int) -> Iterator[Compiled]:
        """Yield what reads, and note the problems of what does not."""
        if isinstance(found, Compiled):
            yield found
        else:
            self.faults.extend(Misread(path, problem) for problem in found)


def read_rule(model: Model, rule: Rule, typed: Typed) -> Readout:
    """Read every expression of a rule in its place."""
    readout, scope = Readout(), typed.scope
    for one in rule.inputs:
        found = compile_expression(one.expression, scope)
        readout.inputs.extend(readout.keep(found, "inputs", one.id))
    wanted = {output.id: declared(model, rule, output) for output in rule.outputs}
    for output in rule.outputs:
        if output.default is not None:
            found = _answer(output.default, wanted[output.id], scope)
            list(readout.keep(found, "outputs", output.id, "default"))
    for entry in rule.entries:
        list(readout.keep(compile_expression(entry.expression, scope), "entries", entry.id))
    if rule.value is not None:
        kind = wanted[rule.outputs[0].id] if rule.outputs else None
        place = "result" if rule.entries else "value"
        list(readout.keep(compile_expression(rule.value, scope, kind), place))
    if not readout.faults:
        _read_rows(readout, rule, typed, list(wanted.values()))
    return readout


def _read_rows(readout: Readout, rule: Rule, typed: Typed, wanted: list[Type | None]) -> None:
    tests: dict[tuple[str, int], Compiled | tuple[Problem, ...]] = {}
    answers: dict[tuple[str, int], Compiled | tuple[Problem, ...]] = {}
    for row, cells in enumerate(rule.rows):
        kept: list[Compiled] = []
        for at, cell in enumerate(rule.tests_of(cells)):
            if (cell, at) not in tests:
                tests[cell, at] = _test(cell, typed.inputs[at], typed.scope)
            kept.extend(readout.keep(tests[cell, at], "rows", row, at))
        for at, cell in enumerate(rule.answers_of(cells)):
            if (cell, at) not in answers:
                answers[cell, at] = _answer(cell, wanted[at], typed.scope)
            list(readout.keep(answers[cell, at], "rows", row, len(rule.inputs) + at))
        readout.tests.append(tuple(kept))


def _test(cell: str, kind: Type, scope: Scope) -> Compiled | tuple[Problem, ...]:
    meant = written_test(cell, kind)
    found = compile_test(meant, kind, scope)
    if isinstance(found, Compiled):
        return found
    return _as_words(cell, kind, scope) or _in_cell(found, meant, cell)


def _answer(cell: str, kind: Type | None, scope: Scope) -> Compiled | tuple[Problem, ...]:
    if kind is None:
        return compile_expression(cell, scope)
    found = compile_expression(written(cell, kind), scope, kind)
    return found if isinstance(found, Compiled) else _as_words(cell, kind, scope) or found


def _in_cell(problems: Iterable[Problem], meant: str, cell: str) -> tuple[Problem, ...]:
    """Return problems at their places in a cell. meant: the cell, its bare words in quotes."""
    if meant == cell:
        return tuple(problems)
    parts = ((one, meant[one.offset : one.offset + one.length]) for one in problems)
    return tuple(replace(one, offset=max(0, cell.find(part))) for one, part in parts)


def _as_words(cell: str, kind: Type, scope: Scope) -> tuple[Problem, ...]:
    """Return the problems of bare words that were meant as values of a choice."""
    words = _WORDS.fullmatch(cell.strip())
    if not isinstance(kind, ChoiceType) or words is None:
        return ()
    problems: list[Problem] = []
    for match in re.finditer(r"[^,]+", words[1]):
        word = match[0].strip()
        if word not in kind.of and word.split("-")[0] not in scope:
            close = nearest(word, kind.of)
            listed = ", ".join(f"`{one}`" for one in kind.of[:8])
            help_ = f"Write `{close}`." if close else f"Write one of {listed}."
            offset = cell.find(word)
            message = f"`{word}` is not one of the declared values"
            problems.append(Problem(offset, len(word), message, help_))
    return tuple(problems)
