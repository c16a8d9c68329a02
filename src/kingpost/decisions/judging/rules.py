"""Evaluating a rule for a record: what it answers, and how it came to it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, cast

from kingpost.decisions.case import Plain
from kingpost.decisions.program import WorkflowProgram
from kingpost.decisions.refusals import (
    SHOWN_LENGTH_MAX,
    FieldNotFitting,
    InputMissing,
    NoAnswer,
    NoRow,
    RefusedError,
)
from kingpost.expressions import ListType, MoneyType, Months, Type, Value
from kingpost.model.records.values import expected, fits, stored, to_plain, write_duration
from kingpost.model.ruling.book import Ruled
from kingpost.rules import Hits, Remark
from kingpost.values.money import write_money

SHOWN_ITEMS_MAX = 20


@dataclass(frozen=True, slots=True)
class Answer:
    """What a rule answered, with everything that it came from.

    fields:       what is stored in the record.
    explanations: one for each rule that was evaluated, as it stands in the decision record.
    """

    fields: Mapping[str, Plain]
    explanations: tuple[Mapping[str, Any], ...]


def evaluate(program: WorkflowProgram, rule: str, values: Mapping[str, Value]) -> Answer:
    """Return what a rule answers, with the rules that it needs.

    values:  of the case. Raises: RefusedError, when one of them has no answer.
    Source:  OMG DMN 1.5, 8.2.8, hit policies.
    """
    found = program.book.decide(rule, values)
    for one in found:
        _refuse_unanswered(one)
    answering = program.book.answers(rule)
    fields: dict[str, Plain] = {}
    for one in found:
        if one.rule.id in answering:
            fields.update(_fields(program, one))
    return Answer(fields, tuple(_explained(program, one) for one in found))


def _refuse_unanswered(ruled: Ruled) -> None:
    """Refuse a rule that is left open: no row, too many, an empty input, or no value by mistake."""
    rule, hits = ruled.rule, ruled.hits
    if ruled.undecided is not None:
        name, row = ruled.undecided
        tested = next(one.expression for one in rule.inputs if one.id == name)
        raise RefusedError(InputMissing(rule.id, name, tested, row))
    if hits is not None and not hits.fired and not ruled.is_answered:
        words = ", ".join(
            f"{name} empty" if value is None else f"{name} `{_word(value)}`"
            for name, value in hits.inputs.items()
        )
        raise RefusedError(NoRow(rule.id, words, hits.matched))
    empty = [name for name, value in ruled.outputs.items() if value is None]
    cause = next(_causes(ruled), None)
    if cause is not None and (ruled.value is None or empty):
        raise RefusedError(NoAnswer(rule.id, (*empty, rule.id)[0], cause.message))


def _causes(ruled: Ruled) -> Iterator[Remark]:
    """Yield the errors that may have made an answer null: those of the rows that made it."""
    if ruled.hits is None:
        yield from ruled.remarks
    else:
        rows = tuple(f"{ruled.rule.id}, row {row}, output" for row in ruled.hits.fired)
        yield from (one for one in ruled.remarks if one.site.name.startswith(rows))


def _fields(program: WorkflowProgram, ruled: Ruled) -> Mapping[str, Plain]:
    result: dict[str, Plain] = {}
    for name, value in ruled.outputs.items():
        field = program.fields[name]
        # A list of nothing is kept as nothing, as it is when people leave it empty.
        plain = to_plain(field, value) if value != [] else None
        if plain is None and field.required:
            raise RefusedError(NoAnswer(ruled.rule.id, name, "its answer is null"))
        if not fits(field, plain, program.model.posts):
            shown = str(plain)[:SHOWN_LENGTH_MAX]
            raise RefusedError(FieldNotFitting(name, shown, expected(field)))
        result[name] = stored(field, plain)
    return result


def _explained(program: WorkflowProgram, ruled: Ruled) -> Mapping[str, Any]:
    """Return how a rule came to its answer, as plain values.

    Rows are counted from 1. `result` is by output; of a rule without outputs under its own name.
    """
    rule, typed = ruled.rule, program.book.rules.typed[ruled.rule.id]
    result = ruled.outputs or {rule.id: ruled.value}
    kinds = {rule.id: typed.result, **typed.stored(rule)}
    asked = typed.of_inputs(rule)
    explained: dict[str, Any] = {
        "rule": rule.id,
        "version": program.versions[rule.id],
        "inputs": {name: shown(value, asked.get(name)) for name, value in ruled.inputs.items()},
        "result": {name: shown(value, kinds.get(name)) for name, value in result.items()},
    }
    if ruled.hits is not None:
        explained |= _rows(ruled, ruled.hits)
    if ruled.remarks:
        remarks = (f"{one.site.name}: {one.message}" for one in ruled.remarks[:SHOWN_ITEMS_MAX])
        explained["warnings"] = list(dict.fromkeys(remarks))
    return explained


def _rows(ruled: Ruled, hits: Hits) -> dict[str, Any]:
    """Return which rows made the answer, with what they remark, and how many were tried."""
    rule = ruled.rule
    remarks = [remark for row in hits.fired for remark in rule.remarks_of(rule.rows[row - 1])]
    written = [remark for remark in remarks if remark.strip() not in {"", "-"}]
    found: dict[str, Any] = {"rows": list(hits.fired), "tried": hits.tried}
    return found | ({"remarks": written} if written else {})


def shown(value: Value, kind: Type | None = None) -> Any:  # noqa: ANN401 - plain values
    """Return a value as plain values that people read: numbers, times and the like as text."""
    match value:
        case None | bool() | str():
            return value
        case Decimal():
            currency = kind.currency if isinstance(kind, MoneyType) else ""
            return write_money(value, currency) if currency else format(value, "f")
        case date():
            return value.isoformat()
        case timedelta():
            return write_duration(value)
        case Months(months):
            return f"P{months}M"
        case list():
            inner = kind.of if isinstance(kind, ListType) else None
            return [shown(item, inner) for item in value[:SHOWN_ITEMS_MAX]]
        case dict():
            members = cast("dict[str, Value]", value)
            return [f"{name}: {_word(member)}" for name, member in members.items()]
        case _:
            return str(value)


def _word(value: Value) -> str:
    plain = shown(value)
    return "null" if plain is None else str(plain)
