"""Definitions written as a DMN file, with a picture that other tools open."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from kingpost.exchange.dmn.drawing import Drawing
from kingpost.exchange.dmn.picture import picture_tag
from kingpost.exchange.dmn.tags import Tag, lines
from kingpost.exchange.dmn.versions import DC, DI, NAMESPACES, Version
from kingpost.exchange.dmn.writing_boxes import (
    Writing,
    attributes,
    box_tags,
    described,
    function_tag,
    text_tag,
    variable_tag,
)
from kingpost.exchange.remarks import Remark, Verdict
from kingpost.rules.definitions import (
    Decision,
    Definitions,
    Import,
    InputData,
    ItemDefinition,
    Knowledge,
    Need,
    Requirement,
    Service,
    Source,
)
from kingpost.rules.graphs.linking import identity_of

NOTHING = Drawing()


@dataclass(frozen=True, slots=True)
class Written:
    """A DMN file, and what had no form in it."""

    text: str
    remarks: tuple[Remark, ...]


def write_dmn(
    definitions: Definitions, version: Version = Version.V1_5, drawing: Drawing = NOTHING
) -> Written:
    """Write definitions as a file of a version from 1.2 on. The same values give the same text.

    drawing: where the parts stand; it is drawn anew when it does not hold every element.
    """
    assert version >= Version.V1_2, "older files are read only"
    writing = Writing(version)
    names = NAMESPACES[version]
    own = {
        "xmlns": names.model,
        "xmlns:dmndi": names.diagram,
        "xmlns:dc": DC,
        "xmlns:di": DI,
        "name": definitions.name,
        "namespace": definitions.namespace,
        "expressionLanguage": definitions.language,
        "typeLanguage": definitions.type_language,
        "exporter": definitions.exporter,
        "exporterVersion": definitions.exporter_version,
        **attributes(definitions.head),
    }
    kinds = _kinds(definitions)
    children = (
        *described(definitions.head),
        *(_import(one, names.model) for one in definitions.imports),
        *(_item(writing, one, "itemDefinition") for one in definitions.types),
        *(_ELEMENTS[type(one)](writing, one, kinds) for one in definitions.elements),
        picture_tag(definitions, drawing),
    )
    text = "\n".join(lines(Tag("definitions", own, children)))
    written = f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'
    return Written(written, tuple(writing.remarks))


# What kind of element each identity is, for the references of authorities.
_Kinds: TypeAlias = Mapping[str, type]


def _kinds(definitions: Definitions) -> dict[str, type]:
    return {f"#{identity_of(one)}": type(one) for one in definitions.elements}


def _import(one: Import, model: str) -> Tag:
    own = attributes(
        one.head,
        name=one.name,
        namespace=one.namespace,
        importType=one.kind or model,
        locationURI=one.location,
    )
    return Tag("import", own, described(one.head))


def _item(writing: Writing, item: ItemDefinition, name: str) -> Tag:
    own = {
        "id": item.head.id,
        "label": item.head.label,
        "name": item.name,
        "typeLanguage": item.language,
        "isCollection": "true" if item.collection else "",
    }
    parts = (
        *described(item.head),
        *((Tag("typeRef", text=item.head.type),) if item.head.type else ()),
        *text_tag("allowedValues", item.allowed),
        *_constraint(writing, item),
        *(_item(writing, one, "itemComponent") for one in item.components),
        *_function_item(writing, item),
    )
    return Tag(name, own, parts)


def _constraint(writing: Writing, item: ItemDefinition) -> tuple[Tag, ...]:
    if item.constraint is not None and writing.version < Version.V1_5:
        why = f"constraints of a whole value came with DMN 1.5, and {writing.version} has none"
        writing.remark("typeConstraint", item.head, item.name, Verdict.REFUSED, why)
        return ()
    return text_tag("typeConstraint", item.constraint)


def _function_item(writing: Writing, item: ItemDefinition) -> tuple[Tag, ...]:
    function = item.function
    if function is None:
        return ()
    if writing.version < Version.V1_3:
        why = f"types of functions came with DMN 1.3, and {writing.version} has none"
        writing.remark("functionItem", item.head, item.name, Verdict.REFUSED, why)
        return ()
    parameters = (tag for one in function.parameters for tag in variable_tag("parameters", one))
    own = {"id": function.head.id, "label": function.head.label, "outputTypeRef": function.result}
    return (Tag("functionItem", own, (*described(function.head), *parameters)),)


def _input_data(_writing: Writing, one: InputData, _kinds: _Kinds) -> Tag:
    parts = (*described(one.head), *variable_tag("variable", one.variable))
    return Tag("inputData", attributes(one.head, name=one.name), parts)


def _decision(writing: Writing, one: Decision, kinds: _Kinds) -> Tag:
    parts = (
        *described(one.head),
        *((Tag("question", text=one.question),) if one.question else ()),
        *((Tag("allowedAnswers", text=one.answers),) if one.answers else ()),
        *variable_tag("variable", one.variable),
        *(_requirement(need, kinds) for need in one.requirements),
        *box_tags(writing, one.logic),
    )
    return Tag("decision", attributes(one.head, name=one.name), parts)


def _knowledge(writing: Writing, one: Knowledge, kinds: _Kinds) -> Tag:
    logic = one.logic
    parts = (
        *described(one.head),
        *variable_tag("variable", one.variable),
        *((function_tag(writing, logic, "encapsulatedLogic"),) if logic else ()),
        *(_requirement(need, kinds) for need in one.requirements),
    )
    return Tag("businessKnowledgeModel", attributes(one.head, name=one.name), parts)


def _service(_writing: Writing, one: Service, _kinds: _Kinds) -> Tag:
    parts = (
        *described(one.head),
        *variable_tag("variable", one.variable),
        *(Tag("outputDecision", {"href": target}) for target in one.outputs),
        *(Tag("encapsulatedDecision", {"href": target}) for target in one.encapsulated),
        *(Tag("inputDecision", {"href": target}) for target in one.decisions),
        *(Tag("inputData", {"href": target}) for target in one.data),
    )
    return Tag("decisionService", attributes(one.head, name=one.name), parts)


def _source(_writing: Writing, one: Source, kinds: _Kinds) -> Tag:
    parts = (
        *described(one.head),
        *(_requirement(need, kinds) for need in one.requirements),
        *((Tag("type", text=one.type),) if one.type else ()),
        *((Tag("owner", {"href": one.owner}),) if one.owner else ()),
    )
    own = attributes(one.head, name=one.name, locationURI=one.address)
    return Tag("knowledgeSource", own, parts)


_REQUIREMENTS: Mapping[Need, tuple[str, str]] = {
    Need.INPUT: ("informationRequirement", "requiredInput"),
    Need.DECISION: ("informationRequirement", "requiredDecision"),
    Need.KNOWLEDGE: ("knowledgeRequirement", "requiredKnowledge"),
    Need.AUTHORITY: ("authorityRequirement", "requiredAuthority"),
}


def _requirement(one: Requirement, kinds: _Kinds) -> Tag:
    name, target = _REQUIREMENTS[one.need]
    if one.need is Need.AUTHORITY and kinds.get(one.target) in {Decision, InputData}:
        target = "requiredInput" if kinds[one.target] is InputData else "requiredDecision"
    parts = (*described(one.head), Tag(target, {"href": one.target}))
    return Tag(name, attributes(one.head), parts)


_Writer: TypeAlias = Callable[..., Tag]
_ELEMENTS: Mapping[type, _Writer] = {
    InputData: _input_data,
    Decision: _decision,
    Knowledge: _knowledge,
    Service: _service,
    Source: _source,
}
