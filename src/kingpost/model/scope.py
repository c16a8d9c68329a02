"""What the expressions of a model may name, with types."""

from collections.abc import Mapping
from types import MappingProxyType

from kingpost.expressions import (
    ChoiceType,
    ContextType,
    DateTimeType,
    DateType,
    DurationType,
    NumberType,
    Scope,
    TextType,
    Type,
    YesNoType,
)
from kingpost.model.model import Model
from kingpost.model.objects import BusinessObject, Field, FieldType
from kingpost.model.workflow import Workflow

STATE = "state"
ENTERED = "entered"
CHANGED = "changed"

_PLAIN: Mapping[FieldType, Type] = MappingProxyType(
    {
        FieldType.TEXT: TextType(),
        FieldType.INTEGER: NumberType(),
        FieldType.DECIMAL: NumberType(),
        FieldType.DATE: DateType(),
        FieldType.DATETIME: DateTimeType(),
        FieldType.DURATION: DurationType(),
        FieldType.YES_NO: YesNoType(),
    }
)


def field_type(model: Model, field: Field) -> Type:
    """Return the type of a field's value in expressions; every value may also be null."""
    if field.type is FieldType.CHOICE:
        return ChoiceType(field.choices)
    if field.type is FieldType.POST:
        return ChoiceType(tuple(sorted(model.posts)))
    return _PLAIN[field.type]


def record_scope(model: Model, business_object: BusinessObject) -> Scope:
    """Return the scope of what is said about a record alone: its fields and its `state`."""
    members = {field.id: field_type(model, field) for field in business_object.fields}
    members[STATE] = ChoiceType(tuple(state.id for state in business_object.states))
    return {business_object.id: ContextType(members)}


def case_scope(model: Model, workflow: Workflow) -> Scope:
    """Return the scope of what is said about a case: its record, and how often things happened.

    `entered.STEP` counts how often the case came to a step; `changed.FIELD` how often a field
    that was filled got another value.
    """
    business_object = model.objects[workflow.object]
    steps: dict[str, Type] = {step.id: NumberType() for step in workflow.all_steps()}
    fields: dict[str, Type] = {field.id: NumberType() for field in business_object.fields}
    return {
        **record_scope(model, business_object),
        ENTERED: ContextType(steps),
        CHANGED: ContextType(fields),
    }
