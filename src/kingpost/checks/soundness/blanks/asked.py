"""What tables ask for, and answer nothing about when it is empty."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from kingpost.checks.conditions import Scopes
from kingpost.expressions import Compiled, compile_expression, compile_test
from kingpost.expressions.tree import Arithmetic, Member, Name, Negation, Node
from kingpost.model.model import Model
from kingpost.model.objects import BusinessObject
from kingpost.model.rules import HitPolicy, Rule
from kingpost.model.ruling.needs import with_needs
from kingpost.model.ruling.rows import names_null
from kingpost.model.ruling.types import written_test
from kingpost.model.ruling.typing import Typed
from kingpost.model.workflow import Decision, RuleStep, Step, Task, Wait, Workflow


@dataclass(frozen=True, slots=True)
class Blank:
    """A field that a table asks for at a step, and that no row of it answers when it is empty.

    row: the first that tests it, from 1; None where each row is for other values.
    """

    step: str
    field: str
    rule: str
    row: int | None


def asked_in(
    model: Model, scopes: Scopes, workflow: Workflow, item: BusinessObject
) -> Iterator[Blank]:
    """Yield what tables ask for, but not what is required: that is never empty."""
    loose = {f"{item.id}.{one.id}": one.id for one in item.fields if not one.required}
    for step in workflow.all_steps():
        if isinstance(step, RuleStep) and step.rule in model.rules:
            told: set[str] = set()
            for rule, typed in _tables(model, scopes, step.rule, loose):
                for path, row in _unanswered(rule, typed):
                    if path in loose and path not in told:
                        told.add(path)
                        yield Blank(step.id, loose[path], rule.id, row)


def recorded_in(step: Step | None) -> frozenset[str]:
    """Return the fields that may be filled at a step."""
    match step:
        case Task(records=records) | Wait(records=records):
            return frozenset(records)
        case Decision(outcomes=outcomes):
            return frozenset(name for outcome in outcomes for name in outcome.records)
        case _:
            return frozenset()


def _tables(
    model: Model, scopes: Scopes, name: str, paths: Iterable[str]
) -> Iterator[tuple[Rule, Typed]]:
    """Yield the tables that a step evaluates for a rule, with what is known of them.

    paths: a table that mentions none of them is left out, for most ask for what is always there.
    """
    needed = with_needs(model, name)
    tables = {
        key: rule
        for key, rule in needed.items()
        if rule.rows
        and not rule.parameters
        and any(path in one.expression for path in paths for one in rule.inputs)
    }
    if tables:
        typed = scopes.typed(needed)
        yield from ((rule, typed[key]) for key, rule in tables.items())


def _unanswered(rule: Rule, typed: Typed) -> Iterator[tuple[str, int | None]]:
    """Yield the paths that a table tests and answers nothing for when they are empty."""
    for at, one in enumerate(rule.inputs):
        asked = compile_expression(one.expression, typed.scope)
        named = _empties(asked.tree) if isinstance(asked, Compiled) else frozenset[str]()
        if named:
            cells = [
                compile_test(written_test(row[at], typed.inputs[at]), typed.inputs[at], typed.scope)
                for row in rule.rows
                if at < len(row)
            ]
            read = [cell for cell in cells if isinstance(cell, Compiled) and cell.reads <= {"?"}]
            if len(read) == len(rule.rows):
                row = _open_row(rule, read)
                if row is not None:
                    yield from ((name, row or None) for name in sorted(named))


def _empties(node: Node) -> frozenset[str]:
    """Return the paths that leave an expression without a value when they are empty."""
    match node:
        case Name(name=name):
            return frozenset({name})
        case Member(base=base, name=name):
            return frozenset(f"{path}.{name}" for path in _empties(base))
        case Negation(operand=operand):
            return _empties(operand)
        case Arithmetic(left=left, right=right):
            return _empties(left) | _empties(right)
        case _:
            return frozenset()


def _open_row(rule: Rule, cells: Sequence[Compiled]) -> int | None:
    """Return the first row that a null keeps open, from 1; 0 when each is for other values.

    None when a null is answered, or may be meant to be.
    """
    if any(names_null(cell) for cell in cells):
        return None
    answers = [cell.evaluate({"?": None}) for cell in cells]
    if rule.hit_policy is HitPolicy.FIRST and True in answers:
        # What is behind a row for everything is not asked.
        accepts_all = [
            number
            for number, row in enumerate(rule.rows)
            if all(cell.strip() == "-" for cell in rule.tests_of(row))
        ]
        answers = answers[: accepts_all[0]] if accepts_all else answers
    for number, answer in enumerate(answers, 1):
        if not isinstance(answer, bool):
            return number
    answered = rule.lists or rule.counts or any(one.default is not None for one in rule.outputs)
    return None if answered or True in answers or len(answers) < len(cells) else 0
