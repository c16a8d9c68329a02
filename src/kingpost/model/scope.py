"""What the expressions of a model may name, with types."""

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType
from typing import Any, cast

from kingpost.expressions import (
    ChoiceType,
    ContextType,
    DateTimeType,
    DateType,
    DurationType,
    ListType,
    MoneyType,
    NumberType,
    Scope,
    TextType,
    Type,
    YesNoType,
)
from kingpost.model.model import Model
from kingpost.model.objects import BusinessObject, Field, FieldType
from kingpost.model.workflow import Run, Workflow

STATE = "state"
ENTERED = "entered"
CHANGED = "changed"
EACH = "each"

_PLAIN: Mapping[FieldType, Type] = MappingProxyType(
    {
        FieldType.TEXT: TextType(),
        FieldType.INTEGER: NumberType(),
        FieldType.DECIMAL: NumberType(),
        FieldType.DATE: DateType(),
        FieldType.DATETIME: DateTimeType(),
        FieldType.DURATION: DurationType(),
        FieldType.YES_NO: YesNoType(),
        FieldType.DOCUMENT: TextType(),
        FieldType.REFERENCE: TextType(),
    }
)


def field_type(model: Model, field: Field) -> Type:
    """Return the type of a field's value in expressions; every value may also be null."""
    if field.type is FieldType.CHOICE:
        return ChoiceType(field.choices)
    if field.type is FieldType.POST:
        return post_type(model)
    if field.type is FieldType.MONEY:
        return MoneyType(field.currency)
    if field.type is FieldType.LIST and field.item is not None:
        return ListType(field_type(model, field.item))
    return _PLAIN[field.type]


def post_type(model: Model) -> ChoiceType:
    """Return the type of a field that names a post."""
    return _choice_of(_Same(model.posts))


class _Same:
    """A mapping that is told from others by which one it is, and not by what is in it."""

    def __init__(self, mapping: Mapping[str, object]) -> None:
        self.mapping = mapping

    def __hash__(self) -> int:
        return id(self.mapping)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.mapping is self.mapping


@lru_cache(maxsize=8)
def _choice_of(posts: _Same) -> ChoiceType:
    """Return a choice; large companies have thousands of posts, and many fields that name one."""
    return ChoiceType(tuple(sorted(posts.mapping)))


def record_scope(model: Model, business_object: BusinessObject) -> Scope:
    """Return the scope of what is said about a record alone: its fields and its `state`."""
    members: dict[str, Any] = {}
    for field in business_object.fields:
        put(members, field.id, field_type(model, field))
    members[STATE] = ChoiceType(tuple(state.id for state in business_object.states))
    return {business_object.id: _grouped(members)}


def case_scope(model: Model, workflow: Workflow) -> Scope:
    """Return the scope of what is said about a case: its record, and how often things happened.

    `entered.STEP` counts how often the case came to a step; `changed.FIELD` how often a field
    that was filled got another value.
    """
    business_object = model.objects[workflow.object]
    steps: dict[str, Type] = {step.id: NumberType() for step in workflow.all_steps()}
    fields: dict[str, Any] = {}
    for field in business_object.fields:
        put(fields, field.id, NumberType())
    return {
        **record_scope(model, business_object),
        ENTERED: ContextType(steps),
        CHANGED: _grouped(fields),
    }


def running_scope(model: Model, workflow: Workflow, step: Run, scope: Scope) -> Scope:
    """Return what is said about the cases that a step begins: `each` is the entry of its list."""
    own = model.objects.get(workflow.object)
    item = own.field(step.each) if own and step.each else None
    if item is None or item.item is None:
        return scope
    return {**scope, EACH: field_type(model, item.item)}


def fill_of(workflow: Workflow, begun: Workflow, step: Run) -> tuple[tuple[str, str], ...]:
    """Return what fills in the form of the cases that a step begins, by field.

    Where both work on the same object, a field of which nothing is said is taken over.
    """
    said = dict(step.given)
    if workflow.object == begun.object:
        taken = {name: f"{workflow.object}.{name}" for name in begun.begins.form}
        said = {**taken, **said}
    return tuple(said.items())


def blank_values(workflow: Workflow, business_object: BusinessObject) -> Mapping[str, Any]:
    """Return what conditions about a case read, by name, before anything has happened."""
    record: dict[str, Any] = {}
    changed: dict[str, Any] = {}
    for field in business_object.fields:
        put(record, field.id, None)
        put(changed, field.id, Decimal(0))
    entered = {step.id: Decimal(0) for step in workflow.all_steps()}
    return {business_object.id: record, ENTERED: entered, CHANGED: changed}


def put(members: dict[str, Any], name: str, value: object) -> None:
    """Put a value where expressions find it: `address.city` as `city` within `address`."""
    if "." not in name:
        members[name] = value  # Nearly every field: groups are rare, and this is asked often.
        return
    *groups, last = name.split(".")
    for group in groups:
        members = members.setdefault(group, {})
    members[last] = value


def _grouped(members: Mapping[str, Any]) -> ContextType:
    return ContextType(
        {
            name: _grouped(cast("Mapping[str, Any]", member))
            if isinstance(member, dict)
            else member
            for name, member in members.items()
        }
    )
