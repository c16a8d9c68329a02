"""What somebody wants to see of a worklist: a part of it, narrowed by the record, in an order."""

import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any
from uuid import UUID

from kingpost.decisions.program import Program
from kingpost.model.objects import Field, FieldClass, FieldType
from kingpost.model.records.values import expected, fits, stored
from kingpost.values.nearest import suggestion

# How a number is written, and an example. A closed grammar: Python reads `1e400000` as well, and is
# busy with its digits for minutes.
_WHOLE = re.compile(r"-?[0-9]{1,18}")
_FINE = re.compile(r"-?[0-9]{1,34}(\.[0-9]{1,34})?")
_NUMBERS: Mapping[FieldType, tuple[re.Pattern[str], str, str]] = MappingProxyType(
    {
        FieldType.INTEGER: (_WHOLE, "whole numbers", "12"),
        FieldType.DECIMAL: (_FINE, "numbers", "1250.50"),
        FieldType.MONEY: (_FINE, "numbers", "1250.50"),
    }
)
# A list has no one value, and a document is known by its name only.
_UNFIT = frozenset((FieldType.LIST, FieldType.DOCUMENT))
_CONDITION = re.compile(r"([^<>=]+)(=|>=|<=)(.*)", re.DOTALL)
_PLACE = ("after_task", "after_case", "after_opened", "after_ends")


class CannotAskError(Exception):
    """A worklist cannot be asked that; the message says why, and what can be asked."""


class View(StrEnum):
    """What part of the work is looked at.

    ALL:        addressed to a post of the person, to a role it carries, or to a vacant post that
                falls to it. The next four are parts of it.
    OVERDUE:    its term is over.
    DUE_TODAY:  its term ends later today, in the company's time zone.
    MINE:       the person has taken it on. UNASSIGNED: nobody has.
    BELOW:      addressed to a post below one that carries the role itself.
    ESCALATED:  late, and a ladder has told a post of the person so; it need not be for the person
                to do.
    """

    ALL = "all"
    OVERDUE = "overdue"
    DUE_TODAY = "due-today"
    MINE = "mine"
    UNASSIGNED = "unassigned"
    BELOW = "below"
    ESCALATED = "escalated"


@dataclass(frozen=True, slots=True)
class Condition:
    """What a field of the record must be; empty for anything.

    value: by amount for numbers and money. least, most: inclusive, and by amount for them as well;
           otherwise by the written value.
    """

    field: str
    value: str = ""
    least: str = ""
    most: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to look at. Empty means any.

    text:  a part of the case number or of a title.
    where: conditions on fields of the records of the workflow.
    order: `term`, `opened`, `number` (of the case), or a field of the workflow's records; after
           `-` the other way round. What has no value comes last.
    """

    view: View = View.ALL
    workflow: str = ""
    step: str = ""
    text: str = ""
    where: tuple[Condition, ...] = ()
    order: str = "term"


def read_condition(written: str) -> Condition:
    """Read `field=value`, `field>=value` or `field<=value`. Raises CannotAskError."""
    found = _CONDITION.fullmatch(written)
    # Half of a pair of UTF-16 is a character of no text, and can neither be asked for nor shown.
    shown = written.encode("utf-8", "replace").decode()
    if found is None or not found[3] or shown != written:
        raise CannotAskError(
            f"`{shown}` is no condition: write `field=value`, `field>=value` or `field<=value`"
        )
    member = {"=": "value", ">=": "least", "<=": "most"}[found[2]]
    return Condition(found[1], **{member: found[3]})


def conditions_asked(program: Program, wanted: Wanted) -> dict[str, Any]:
    """Return the conditions as the database takes them. Raises CannotAskError.

    exact: what the record must hold, as it holds it. The rest are columns of rows of bounds.
    """
    exact: dict[str, str | bool] = {}
    bounds: list[tuple[str, bool, str | None, str | None]] = []
    same = set[str]()
    for condition in wanted.where:
        field = _field(program, wanted, condition.field)
        is_number = field.type in _NUMBERS
        if condition.value:
            if field.id in same:
                raise CannotAskError(f"`{field.id}` is to be two values at once: ask for one")
            same.add(field.id)
            value = _read(program, field, condition.value)
            if is_number:
                # By amount: a record may hold `200.00`, and 200 is asked for.
                bounds.append((field.id, True, str(value), str(value)))
            else:
                exact[field.id] = value
        if condition.least or condition.most:
            if field.type is FieldType.YES_NO:
                raise CannotAskError(f"`{field.id}` is `yes` or `no`: ask for one of them with `=`")
            low, high = (
                str(_read(program, field, bound)) if bound else None
                for bound in (condition.least, condition.most)
            )
            bounds.append((field.id, is_number, low, high))
    return {
        "exact": json.dumps(exact),
        "bounded": bool(bounds),
        "fields": [name for name, _, _, _ in bounds],
        "numeric": [is_number for _, is_number, _, _ in bounds],
        "low": [low for _, _, low, _ in bounds],
        "high": [high for _, _, _, high in bounds],
    }


def order_asked(program: Program, wanted: Wanted) -> dict[str, Any]:
    """Return by what the rows are ordered. Raises CannotAskError."""
    name = wanted.order.removeprefix("-")
    if name in {"term", "opened", "number"}:
        return {"by": name, "by_field": "", "by_number": False}
    field = _field(program, wanted, name)
    return {"by": "field", "by_field": field.id, "by_number": field.type in _NUMBERS}


def write_place(order: str, row: Iterable[Any]) -> str:
    """Return a row's place in an order as a text that a reader may hand back.

    row: its id, its case, when it was opened and when its term ends. What the record holds is not
         in it: places stand in addresses, and those in the logs of everybody on the way.
    """
    return urlsafe_b64encode(json.dumps([order, *row]).encode()).decode().rstrip("=")


def read_place(order: str, place: str) -> dict[str, Any]:
    """Return the row after which a page begins; none for the first. Raises CannotAskError."""
    if not place:
        return {"goes_on": False, **dict.fromkeys(_PLACE)}
    try:
        padded = place + "=" * (-len(place) % 4)
        said, task, case, opened_at, ends_at = json.loads(urlsafe_b64decode(padded))
        row = (UUID(task), UUID(case), _time(opened_at), _time(ends_at) if ends_at else None)
    except (ValueError, TypeError, ArithmeticError, AttributeError, RecursionError):
        said, row = None, ()
    if said != order or not row:
        raise CannotAskError(
            "`after` is not a place in this order: take `next` of the page before, as it is"
        )
    return {"goes_on": True, **dict(zip(_PLACE, row, strict=True))}


def _time(written: str) -> datetime:
    """Return a time in UTC: the database knows fewer offsets than there are."""
    at = datetime.fromisoformat(written)
    if at.tzinfo is None:
        raise ValueError("a time without its zone")
    return at.astimezone(UTC)


def _field(program: Program, wanted: Wanted, name: str) -> Field:
    """Return a field that may be asked for."""
    flow = program.workflows.get(wanted.workflow)
    if flow is None:
        known = ", ".join(f"`{each}`" for each in sorted(program.workflows))
        raise CannotAskError(
            f"`{name}` is asked for, and no workflow whose records have it: name one of {known}"
        )
    # What is sensitive never stands for its case in a list, nor can it be found out by asking.
    fields = {
        field.id: field
        for field in flow.fields.values()
        if field.privacy is not FieldClass.SENSITIVE and field.type not in _UNFIT
    }
    if name not in fields:
        names = ", ".join(f"`{each}`" for each in sorted(fields))
        help_text = suggestion(name, fields, f"Fields to ask for are {names}.")
        raise CannotAskError(
            f"`{name}` is no field of `{wanted.workflow}` that a list may be asked for. {help_text}"
        )
    return fields[name]


def _read(program: Program, field: Field, written: str) -> str | bool:
    """Return a written value as a record holds it; a number without its currency."""
    if field.type in _NUMBERS:
        pattern, kind, example = _NUMBERS[field.type]
        amount = written.removesuffix(f" {field.currency}") if field.currency else written
        if pattern.fullmatch(amount):
            return amount
        message = f"`{field.id}` holds {kind}, and `{written}` is none: write `{example}`"
        raise CannotAskError(message)
    if field.type is FieldType.YES_NO:
        if written in {"yes", "no"}:
            return written == "yes"
        raise CannotAskError(f"`{field.id}` is `yes` or `no`, and not `{written}`")
    if not fits(field, written, program.model.posts):
        known = program.model.posts if field.type is FieldType.POST else field.choices
        message = f"`{field.id}` is {expected(field)}, and not `{written}`."
        raise CannotAskError(f"{message} {suggestion(written, known, '')}".rstrip())
    return str(stored(field, written))
