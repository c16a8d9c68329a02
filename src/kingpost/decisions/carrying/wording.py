"""Why a record does not go with another version, in words that whoever plans a change may read."""

from kingpost.decisions.refusals import (
    FieldNotFitting,
    NoAnswer,
    NoRow,
    Refusal,
    Undecided,
)


def without_values(refusal: Refusal) -> str:
    """Return why something is refused, without any value of the record."""
    match refusal:
        case NoRow(rule=rule, rows=rows):
            found = "no row" if not rows else f"more than one row ({', '.join(map(str, rows))})"
            return f"`{rule}` has no single answer: {found} matches"
        case NoAnswer(rule=rule, output=output):
            return f"`{rule}` finds no `{output}`"
        case FieldNotFitting(field=field, expected=expected):
            return f"what it answers does not fit `{field}`, which expects {expected}"
        case Undecided(where=where, expression=expression, empty=()):
            return f"no way leads on from `{where}`: `{expression}` has no answer"
        case _:
            return str(refusal)
