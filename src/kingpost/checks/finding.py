"""How a finding is made: where it stands, what it says, and how much it weighs."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from kingpost.expressions import Months, Value
from kingpost.model.model import Model
from kingpost.model.records.values import write_duration
from kingpost.values.address import address, step_address
from kingpost.values.diagnostic import Diagnostic, Severity


class Where(NamedTuple):
    """What a finding is about, and the property that it points at.

    subject: address of the element.
    path:    the way from the element to the property, as the model is written.
    """

    subject: str
    path: tuple[str | int, ...] = ()

    def at(self, *path: str | int) -> "Where":
        """Return a property below this one."""
        return Where(self.subject, (*self.path, *path))


def of(kind: str, name: str, *path: str | int) -> Where:
    """Return where an element, or a property of it, stands."""
    return Where(address(kind, name), path)


def of_field(item: str, field: str, *path: str | int) -> Where:
    """Return where a field of an object, or a property of it, stands."""
    inside = (part for name in field.split(".") for part in ("fields", name))
    return Where(address("object", item), (*inside, *path))


def of_step(workflow: str, step: str, *path: str | int) -> Where:
    """Return where a step, or a property of it, stands."""
    return Where(step_address(workflow, step), path)


def of_exception(workflow: str, exception: str, *path: str | int) -> Where:
    """Return where an exception of a workflow, or a property of it, stands."""
    return Where(address("workflow", workflow, "exception", exception), path)


def error(model: Model, code: str, where: Where, message: str, advice: str) -> Diagnostic:
    """Return a finding that blocks activation."""
    place = model.place(where.subject, *where.path)
    return Diagnostic(code, where.subject, message, advice, place)


def warning(model: Model, code: str, where: Where, message: str, advice: str) -> Diagnostic:
    """Return a finding that does not block activation."""
    place = model.place(where.subject, *where.path)
    return Diagnostic(code, where.subject, message, advice, place, Severity.WARNING)


def value_told(value: Value) -> str:
    """Return a value as it is written: numbers in full, lengths of time as models write them."""
    match value:
        case bool():
            return "true" if value else "false"
        case Decimal():
            return f"{value:f}"
        case timedelta():
            return write_duration(value)
        case Months(months):
            return f"{months} months"
        case datetime() | date():
            return value.isoformat()
        case _:
            return str(value)


def listed(names: Iterable[str], last: str = "and") -> str:
    """Return names in backticks as a sentence lists them: `a`, `b` and `c`."""
    quoted = [f"`{name}`" for name in names]
    if len(quoted) < 2:  # noqa: PLR2004 - a list of one is the name itself
        return "".join(quoted)
    return f"{', '.join(quoted[:-1])} {last} {quoted[-1]}"
