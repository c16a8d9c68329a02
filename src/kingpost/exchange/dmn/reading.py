"""DMN files read as definitions, with what became of each part of the file."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from kingpost.exchange.dmn.drawing import Drawing, read_drawing
from kingpost.exchange.dmn.known import strange
from kingpost.exchange.dmn.reading_boxes import (
    Reading,
    optional_variable,
    read_box_in,
    read_function,
    read_text,
    read_variable,
    spot,
    unless_feel,
    words,
)
from kingpost.exchange.dmn.versions import NAMESPACES, Version, version_of
from kingpost.exchange.files.faults import unreadable
from kingpost.exchange.remarks import Remark, Verdict
from kingpost.exchange.xml_tree import Element as Tag
from kingpost.exchange.xml_tree import read_xml
from kingpost.rules.definitions import (
    Decision,
    Definitions,
    Element,
    FunctionItem,
    Import,
    InputData,
    ItemDefinition,
    Knowledge,
    Need,
    Requirement,
    Service,
    Source,
)
from kingpost.rules.logic import Text

_NEEDS: Mapping[str, Need] = {
    "requiredInput": Need.INPUT,
    "requiredDecision": Need.DECISION,
    "requiredKnowledge": Need.KNOWLEDGE,
    "requiredAuthority": Need.AUTHORITY,
}
_REQUIREMENTS = ("informationRequirement", "knowledgeRequirement", "authorityRequirement")


@dataclass(frozen=True, slots=True)
class Document:
    """A DMN file as it was read.

    remarks: what had no place here; `fidelity` adds what cannot be run.
    """

    definitions: Definitions
    version: Version
    drawing: Drawing
    remarks: tuple[Remark, ...]


def read_dmn(content: bytes, file: str) -> Document:
    """Read a DMN file of any version.

    file:   how messages call it.
    Raises: UnreadableError, when it is not XML or not DMN.
    """
    root = read_xml(content, file)
    version = version_of(root.namespace)
    if version is None or root.name != "definitions":
        of = f" of `{root.namespace}`" if root.namespace else ""
        message = f"`{root.name}`{of} does not begin a DMN file"
        help_ = "Give a file of DMN 1.1 to 1.6."
        raise unreadable(file, root.line, message, help_, column=root.column)
    language = unless_feel(root.attributes.get("expressionLanguage", ""))
    reading = Reading(root.namespace, _prefixes(root), language)
    definitions = _definitions(reading, root)
    remarks = sorted((*reading.remarks, *strange(root)), key=lambda one: (one.line, one.column))
    return Document(definitions, version, read_drawing(root), tuple(remarks))


def _prefixes(root: Tag) -> dict[str, str]:
    """Return what each prefix before the name of a type becomes; that was the way of DMN 1.1."""
    feel = {one.feel for one in NAMESPACES.values()}
    known = {one.attributes.get("namespace"): _name(one) + "." for one in root.all("import")}
    own = {root.attributes.get("namespace"), *feel}
    found: dict[str, str] = {"feel": ""}
    for prefix, namespace in root.prefixes.items():
        if prefix and namespace in own:
            found[prefix] = ""
        elif prefix and namespace in known:
            found[prefix] = known[namespace]
    return found


def _name(tag: Tag) -> str:
    return " ".join(tag.attributes.get("name", "").split())


def _definitions(reading: Reading, root: Tag) -> Definitions:
    attributes = root.attributes
    types = [_item(reading, one) for one in root.all("itemDefinition")]
    elements = [
        _ELEMENTS[child.name](reading, child)
        for child in root.children
        if child.name in _ELEMENTS and child.namespace == reading.namespace
    ]
    return Definitions(
        name=attributes.get("name", ""),
        namespace=attributes.get("namespace", ""),
        imports=tuple(_import(reading, one) for one in root.all("import")),
        types=tuple(types),
        elements=tuple(elements),
        language=reading.language,
        type_language=unless_feel(attributes.get("typeLanguage", "")),
        exporter=attributes.get("exporter", ""),
        exporter_version=attributes.get("exporterVersion", ""),
        head=reading.head(root),
        at=spot(root),
    )


def _import(reading: Reading, tag: Tag) -> Import:
    kind = tag.attributes.get("importType", "")
    if version_of(kind) is None:
        reading.find(tag, Verdict.APPROXIMATED, f"a model of the kind `{kind}` is not read here")
    return Import(
        name=_name(tag),
        namespace=tag.attributes.get("namespace", ""),
        kind="" if version_of(kind) else kind,
        location=tag.attributes.get("locationURI", ""),
        head=reading.head(tag),
        at=spot(tag),
    )


def _item(reading: Reading, tag: Tag) -> ItemDefinition:
    head = reading.head(tag)
    function = tag.first("functionItem")
    return ItemDefinition(
        name=_name(tag),
        components=tuple(_item(reading, one) for one in tag.all("itemComponent")),
        function=_function_item(reading, function) if function is not None else None,
        collection=tag.attributes.get("isCollection", "") in {"true", "1"},
        allowed=_optional(reading, tag, "allowedValues"),
        constraint=_optional(reading, tag, "typeConstraint"),
        language=unless_feel(tag.attributes.get("typeLanguage", "")),
        head=replace(head, type=reading.type_name(words(tag, "typeRef"))),
        at=spot(tag),
    )


def _function_item(reading: Reading, tag: Tag) -> FunctionItem:
    parameters = tuple(read_variable(reading, one) for one in tag.all("parameters"))
    result = reading.type_name(tag.attributes.get("outputTypeRef", ""))
    return FunctionItem(parameters, result, reading.head(tag))


def _optional(reading: Reading, tag: Tag, name: str) -> Text | None:
    child = tag.first(name)
    return read_text(reading, child) if child is not None else None


def _input_data(reading: Reading, tag: Tag) -> Element:
    return InputData(_name(tag), optional_variable(reading, tag), reading.head(tag), spot(tag))


def _decision(reading: Reading, tag: Tag) -> Element:
    return Decision(
        name=_name(tag),
        logic=read_box_in(reading, tag),
        variable=optional_variable(reading, tag),
        requirements=_requirements(reading, tag),
        question=words(tag, "question"),
        answers=words(tag, "allowedAnswers"),
        head=reading.head(tag),
        at=spot(tag),
    )


def _knowledge(reading: Reading, tag: Tag) -> Element:
    logic = tag.first("encapsulatedLogic")
    return Knowledge(
        name=_name(tag),
        logic=read_function(reading, logic) if logic is not None else None,
        variable=optional_variable(reading, tag),
        requirements=_requirements(reading, tag),
        head=reading.head(tag),
        at=spot(tag),
    )


def _service(reading: Reading, tag: Tag) -> Element:
    return Service(
        name=_name(tag),
        outputs=_targets(tag, "outputDecision"),
        encapsulated=_targets(tag, "encapsulatedDecision"),
        decisions=_targets(tag, "inputDecision"),
        data=_targets(tag, "inputData"),
        variable=optional_variable(reading, tag),
        head=reading.head(tag),
        at=spot(tag),
    )


def _targets(tag: Tag, name: str) -> tuple[str, ...]:
    return tuple(one.attributes.get("href", "") for one in tag.all(name))


def _source(reading: Reading, tag: Tag) -> Element:
    owner = tag.first("owner")
    return Source(
        name=_name(tag),
        requirements=_requirements(reading, tag),
        type=words(tag, "type"),
        owner=owner.attributes.get("href", "") if owner is not None else "",
        address=tag.attributes.get("locationURI", ""),
        head=reading.head(tag),
        at=spot(tag),
    )


def _requirements(reading: Reading, tag: Tag) -> tuple[Requirement, ...]:
    """Read what an element needs, in the order of the standard."""
    found: list[Requirement] = []
    for child in (child for kind in _REQUIREMENTS for child in tag.all(kind)):
        target = next((one for one in child.children if one.name in _NEEDS), None)
        if target is None:
            why = "it names nothing, and is left out"
            reading.refuse(child, why, "Name what is needed in it, or remove it.")
            continue
        authority = child.name == "authorityRequirement"
        need = Need.AUTHORITY if authority else _NEEDS[target.name]
        href = target.attributes.get("href", "")
        found.append(Requirement(need, href, reading.head(child), spot(child)))
    return tuple(found)


_Maker: TypeAlias = Callable[[Reading, Tag], Element]
_ELEMENTS: Mapping[str, _Maker] = {
    "inputData": _input_data,
    "decision": _decision,
    "businessKnowledgeModel": _knowledge,
    "decisionService": _service,
    "knowledgeSource": _source,
}
