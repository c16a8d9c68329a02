"""Rules that answer null for a field which is never empty: a case would stop at their step."""

from collections.abc import Iterator

from kingpost.checks.finding import Where, error, of
from kingpost.expressions import Compiled, NullType, Scope, compile_expression
from kingpost.model.model import Model
from kingpost.model.rules import Output, Rule
from kingpost.model.ruling.typing import Typed
from kingpost.values.diagnostic import Diagnostic

_ADVICE = "Answer with a value, or let the field be empty: write it without `required`."


def check_nulls(model: Model, rule: Rule, typed: Typed, output: Output) -> Iterator[Diagnostic]:
    """Find where a rule answers nothing but null for an output whose field is required."""
    required = f"for `{output.id}`, which is required"
    here = of("rule", rule.id)
    if not rule.rows:
        at, text = _answer(rule, output, here)
        if text is not None and _is_null(text, typed.scope):
            message = f"rule `{rule.id}` always answers null {required}"
            yield error(model, "KP0618", at, message, _ADVICE)
        return
    if rule.lists or rule.counts:
        # What several rows answer is a list, which is empty where none does.
        return
    column = rule.outputs.index(output)
    cells = [rule.answers_of(row)[column] for row in rule.rows]
    null = [row for row, cell in enumerate(cells) if _is_null(cell, typed.scope)]
    default = output.default
    if default is not None and _is_null(default, typed.scope):
        at = here.at("outputs", output.id, "default")
        message = f"rule `{rule.id}` answers null {required}, where no row answers"
        yield error(model, "KP0618", at, message, _ADVICE)
    if len(null) == len(cells):
        message = f"every row of rule `{rule.id}` answers null {required}"
        yield error(model, "KP0618", here.at("outputs", output.id), message, _ADVICE)
        return
    for row in null:
        at = here.at("rows", row, len(rule.inputs) + column)
        message = f"row {row + 1} of rule `{rule.id}` answers null {required}"
        yield error(model, "KP0618", at, message, _ADVICE)


def _answer(rule: Rule, output: Output, here: Where) -> tuple[Where, str | None]:
    """Return where a rule that is no table answers an output, and with what."""
    if rule.value is not None:
        return here.at("result" if rule.entries else "value"), rule.value
    found = {entry.id: entry.expression for entry in rule.entries}
    return here.at("entries", output.id), found.get(output.id)


def _is_null(text: str, scope: Scope) -> bool:
    """Tell whether an expression has no value whatever the record says.

    A list of nothing is kept as nothing, as it is when people leave it empty.
    """
    found = compile_expression(text, scope)
    if not isinstance(found, Compiled):
        return False
    return isinstance(found.type, NullType) or found.certain in ((None,), ([],))
