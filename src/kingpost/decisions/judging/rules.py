"""Evaluating a decision table for a record, with its explanation."""

from dataclasses import dataclass
from typing import Any

from kingpost.decisions.case import Plain
from kingpost.decisions.program import Table, WorkflowProgram
from kingpost.decisions.record import expected, fits, stored, to_plain
from kingpost.decisions.refusals import (
    SHOWN_LENGTH_MAX,
    FieldNotFitting,
    NoRow,
    RefusedError,
)
from kingpost.model.assurance import HitPolicy


@dataclass(frozen=True, slots=True)
class Answer:
    """What a table answered. row: from 1. inputs: as shown to people. result: by field."""

    rule: str
    inputs: dict[str, Plain]
    row: int
    result: dict[str, Plain]

    def explained(self) -> dict[str, Any]:
        """Return the answer as it stands in a decision record."""
        return {"rule": self.rule, "inputs": self.inputs, "row": self.row, "result": self.result}


def evaluate(program: WorkflowProgram, table: Table, values: dict[str, Any]) -> Answer:
    """Return the one answer of a table.

    values:  of the case. Raises: RefusedError, when no row or too many match.
    Source:  OMG DMN 1.5, 8.2.8, hit policies.
    """
    inputs = [item.evaluate(values) for item in table.inputs]
    columns = zip(table.rule.inputs, inputs, strict=True)
    shown = {column.id: _shown(value) for column, value in columns}
    matched = _matching(table, inputs, values)
    answers = [_result(program, table, row, values) for row in matched]
    several = len(matched) > 1 and (
        table.rule.hit_policy is HitPolicy.UNIQUE or any(item != answers[0] for item in answers)
    )
    if not matched or several:
        words = ", ".join(
            f"{name} `{'null' if value is None else value}`" for name, value in shown.items()
        )
        raise RefusedError(NoRow(table.rule.id, words, tuple(row + 1 for row in matched)))
    return Answer(table.rule.id, shown, matched[0] + 1, answers[0])


def _result(
    program: WorkflowProgram, table: Table, row: int, values: dict[str, Any]
) -> dict[str, Plain]:
    result: dict[str, Plain] = {}
    for output, cell in zip(table.rule.outputs, table.rows[row][1], strict=True):
        field = program.fields[output.id]
        plain = to_plain(field, cell.evaluate(values))
        if not fits(field, plain, program.model.posts):
            raise RefusedError(
                FieldNotFitting(field.id, str(plain)[:SHOWN_LENGTH_MAX], expected(field))
            )
        result[field.id] = stored(field, plain)
    return result


def _matching(table: Table, inputs: list[Any], values: dict[str, Any]) -> list[int]:
    matched: list[int] = []
    for index, (tests, _) in enumerate(table.rows):
        subjects = zip(tests, inputs, strict=True)
        if all(test.evaluate({**values, "?": value}) is True for test, value in subjects):
            matched.append(index)
            if table.rule.hit_policy is HitPolicy.FIRST:
                break
    return matched


def _shown(value: object) -> Plain:
    return value if value is None or isinstance(value, bool | str) else str(value)
