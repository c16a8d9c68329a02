"""Tell how a decision came to its answer."""

import json
from collections.abc import Iterable, Iterator, Mapping

import typer

from kingpost.exchange.dmn.plain import Json, to_json
from kingpost.expressions import Value
from kingpost.rules import Hits, Outcome, Remark, Step


def tell_outcome(outcome: Outcome) -> None:
    """Print the steps of an evaluation, the answer of each, and what became null."""
    for step in outcome.steps:
        for line in _told(step, 0):
            typer.echo(line)
    for remark in outcome.remarks:
        typer.echo(f"warning: {_placed(remark)}: {remark.message}")


def _told(step: Step, depth: int) -> Iterator[str]:
    margin = "  " * depth
    yield f"{margin}{step.name or 'table'} = {_written(step.result)}"
    if step.hits is not None:
        yield f"{margin}    {_rows(step.hits)}"
    if step.given:
        yield f"{margin}    {_given(step.given)}"
    for inner in step.steps:
        yield from _told(inner, depth + 1)


def _rows(hits: Hits) -> str:
    matched = _numbers(hits.matched) or "none"
    fired = _numbers(hits.fired) or "none"
    return f"rows tried: {hits.tried}; matched: {matched}; fired: {fired}"


def _numbers(rows: Iterable[int]) -> str:
    return ", ".join(map(str, rows))


def _given(values: Mapping[str, Value]) -> str:
    return "; ".join(f"{name}: {_written(value)}" for name, value in values.items())


def _written(value: Value) -> str:
    return json.dumps(to_json(value), ensure_ascii=False)


def _placed(remark: Remark) -> str:
    at = remark.site.at
    return f"{at.line}:{at.column} {remark.site.name}" if at.line else remark.site.name


def outcome_document(outcome: Outcome) -> dict[str, Json]:
    """Return an evaluation as it is printed with `--json`."""
    return {
        "value": to_json(outcome.value),
        "warnings": [_remark_document(remark) for remark in outcome.remarks],
        "steps": [_step_document(step) for step in outcome.steps],
    }


def _remark_document(remark: Remark) -> dict[str, Json]:
    at = remark.site.at
    return {
        "where": remark.site.name,
        "line": at.line or None,
        "column": at.column or None,
        "message": remark.message,
    }


def _step_document(step: Step) -> dict[str, Json]:
    hits = step.hits
    rows: dict[str, Json] | None = None
    if hits is not None:
        rows = {"tried": hits.tried, "matched": [*hits.matched], "fired": [*hits.fired]}
    return {
        "name": step.name,
        "given": {name: to_json(value) for name, value in step.given.items()},
        "result": to_json(step.result),
        "rows": rows,
        "steps": [_step_document(inner) for inner in step.steps],
    }
