"""What somebody wants to see of a worklist: a part of it, narrowed by the record, in an order."""

import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any
from uuid import UUID

from kingpost.decisions.program import Program
from kingpost.model.objects import Field, FieldClass, FieldType
from kingpost.model.records.values import Plain
from kingpost.values.nearest import suggestion

_NUMBERS = frozenset((FieldType.INTEGER, FieldType.DECIMAL, FieldType.MONEY))
# A list has no one value, and a document is known by its name only.
_UNFIT = frozenset((FieldType.LIST, FieldType.DOCUMENT))
_CONDITION = re.compile(r"([^<>=]+)(=|>=|<=)(.*)", re.DOTALL)
_START = {"last": False, "amount": "0", "words": "", "at": None, "opened_at": None, "id": None}


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

    least, most: inclusive; by amount for numbers and money, otherwise by the written value.
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
    if found is None or not found[3]:
        raise CannotAskError(
            f"`{written}` is no condition: write `field=value`, `field>=value` or `field<=value`"
        )
    member = {"=": "value", ">=": "least", "<=": "most"}[found[2]]
    return Condition(found[1], **{member: found[3]})


def conditions_asked(program: Program, wanted: Wanted) -> dict[str, Any]:
    """Return the conditions as the database takes them. Raises CannotAskError.

    exact: what the record must hold, as it holds it. The rest are columns of rows of bounds.
    """
    exact: dict[str, Plain] = {}
    bounds: list[tuple[str, bool, str | None, str | None]] = []
    for condition in wanted.where:
        field = _field(program, wanted, condition.field)
        if condition.value:
            if field.id in exact:
                raise CannotAskError(f"`{field.id}` is to be two values at once: ask for one")
            exact[field.id] = _value(field, condition.value)
        if condition.least or condition.most:
            is_number = field.type in _NUMBERS
            for bound in (condition.least, condition.most) if is_number else ():
                _be_number(field, bound or "0")
            bounds.append((field.id, is_number, condition.least or None, condition.most or None))
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


def write_place(order: str, key: Iterable[Any]) -> str:
    """Return a row's place in an order as a text that a reader may hand back."""
    return urlsafe_b64encode(json.dumps([order, *key]).encode()).decode().rstrip("=")


def read_place(order: str, place: str) -> dict[str, Any]:
    """Return the key after which a page begins; none for the first. Raises CannotAskError."""
    if not place:
        return {"goes_on": False, **_START}
    try:
        padded = place + "=" * (-len(place) % 4)
        said, last, amount, words, at, opened_at, name = json.loads(urlsafe_b64decode(padded))
        key = {
            "last": bool(last),
            "amount": str(Decimal(amount)),
            "words": str(words).replace("\0", ""),
            "at": datetime.fromisoformat(at),
            "opened_at": datetime.fromisoformat(opened_at),
            "id": UUID(name),
        }
    except (ValueError, TypeError, ArithmeticError, AttributeError):
        said, key = None, dict[str, Any]()
    if said != order:
        raise CannotAskError(
            "`after` is not a place in this order: take `next` of the page before, as it is"
        )
    return {"goes_on": True, **key}


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


def _value(field: Field, written: str) -> Plain:
    """Return a written value as a record holds it."""
    match field.type:
        case FieldType.INTEGER:
            _be_number(field, written)
            return int(Decimal(written))
        case FieldType.YES_NO:
            if written not in {"yes", "no"}:
                raise CannotAskError(f"`{field.id}` is `yes` or `no`, and not `{written}`")
            return written == "yes"
        case _:
            return written


def _be_number(field: Field, bound: str) -> None:
    try:
        if Decimal(bound).is_finite():
            return
    except InvalidOperation:
        pass
    raise CannotAskError(f"`{field.id}` holds numbers, and `{bound}` is none: write `1250.50`")
