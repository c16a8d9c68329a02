"""What a DMN file may hold, element by element, and what of it has no place here.

Nothing is dropped in silence: what is not in this list is found by one walk over the file.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kingpost.exchange.dmn.versions import NAMESPACES
from kingpost.exchange.remarks import Remark, Verdict
from kingpost.exchange.xml_tree import Element

_ANY_BOX = (
    "literalExpression decisionTable context invocation list relation functionDefinition"
    " conditional filter for some every"
)
BOXES = frozenset(_ANY_BOX.split())


@dataclass(frozen=True, slots=True)
class _Known:
    """The attributes and the children of an element that are read, beside those of all."""

    attributes: frozenset[str]
    children: frozenset[str]


def _known(attributes: str = "", children: str = "") -> _Known:
    return _Known(frozenset(attributes.split()), frozenset(children.split()))


_OF_ALL = _known("id label", "description")
_VARIABLE = _known("name typeRef")
_TESTS = _known("typeRef expressionLanguage", "text")
_REFERENCE = _known("href")
_ONE_BOX = _known("typeRef", _ANY_BOX)
_TYPE = _known(
    "name isCollection typeLanguage",
    "typeRef allowedValues typeConstraint itemComponent functionItem",
)
_FUNCTION = _known("typeRef kind", f"formalParameter {_ANY_BOX}")
_PARTS = ("if", "then", "else", "in", "match", "return", "satisfies")
_WALK = _known("typeRef iteratorVariable", "in return satisfies")
_KNOWN: Mapping[str, _Known] = {
    "definitions": _known(
        "name namespace expressionLanguage typeLanguage exporter exporterVersion",
        "import itemDefinition inputData decision businessKnowledgeModel decisionService"
        " knowledgeSource",
    ),
    "import": _known("name namespace importType locationURI"),
    "itemDefinition": _TYPE,
    "itemComponent": _TYPE,
    "functionItem": _known("outputTypeRef", "parameters"),
    "parameters": _VARIABLE,
    "inputData": _known("name href", "variable"),
    "decision": _known(
        "name",
        "question allowedAnswers variable informationRequirement knowledgeRequirement"
        f" authorityRequirement {_ANY_BOX}",
    ),
    "businessKnowledgeModel": _known(
        "name", "variable encapsulatedLogic knowledgeRequirement authorityRequirement"
    ),
    "decisionService": _known(
        "name", "variable outputDecision encapsulatedDecision inputDecision inputData"
    ),
    "knowledgeSource": _known("name locationURI", "authorityRequirement type owner"),
    "informationRequirement": _known("", "requiredDecision requiredInput"),
    "knowledgeRequirement": _known("", "requiredKnowledge"),
    "authorityRequirement": _known("", "requiredDecision requiredInput requiredAuthority"),
    "requiredDecision": _REFERENCE,
    "requiredInput": _REFERENCE,
    "requiredKnowledge": _REFERENCE,
    "requiredAuthority": _REFERENCE,
    "outputDecision": _REFERENCE,
    "encapsulatedDecision": _REFERENCE,
    "inputDecision": _REFERENCE,
    "owner": _REFERENCE,
    "variable": _VARIABLE,
    "formalParameter": _VARIABLE,
    "parameter": _VARIABLE,
    "column": _VARIABLE,
    "literalExpression": _TESTS,
    "inputExpression": _TESTS,
    "inputEntry": _TESTS,
    "outputEntry": _TESTS,
    "inputValues": _TESTS,
    "outputValues": _TESTS,
    "defaultOutputEntry": _TESTS,
    "allowedValues": _TESTS,
    "typeConstraint": _TESTS,
    "decisionTable": _known(
        "typeRef hitPolicy aggregation preferredOrientation outputLabel",
        "input output annotation rule",
    ),
    "input": _known("", "inputExpression inputValues"),
    "output": _known("name typeRef", "outputValues defaultOutputEntry"),
    "annotation": _known("name"),
    "rule": _known("", "inputEntry outputEntry annotationEntry"),
    "annotationEntry": _known("", "text"),
    "context": _known("typeRef", "contextEntry"),
    "contextEntry": _known("", f"variable {_ANY_BOX}"),
    "invocation": _known("typeRef", f"binding {_ANY_BOX}"),
    "binding": _known("", f"parameter {_ANY_BOX}"),
    "list": _ONE_BOX,
    "relation": _known("typeRef", "column row"),
    "row": _ONE_BOX,
    "functionDefinition": _FUNCTION,
    "encapsulatedLogic": _FUNCTION,
    "conditional": _known("typeRef", "if then else"),
    "filter": _known("typeRef", "in match"),
    "for": _WALK,
    "some": _WALK,
    "every": _WALK,
    **dict.fromkeys(_PARTS, _ONE_BOX),
}
_SCHEMA = "{http://www.w3.org/2001/XMLSchema-instance}"
_DIAGRAMS = frozenset(one.diagram for one in NAMESPACES.values())
_KEEP = "Write what matters of it in a description."


def strange(root: Element) -> Iterator[Remark]:
    """Yield what of a file has no place here; what belongs to other tools is said once a kind."""
    foreign: dict[tuple[str, str], list[Element]] = {}
    for element in _walk(root, root.namespace):
        known = _KNOWN[element.name]
        for name in element.attributes.keys() - known.attributes - _OF_ALL.attributes:
            if name.startswith("{"):
                foreign.setdefault((element.name, name), []).append(element)
            else:
                why = f"the attribute of `{element.name}` has no place here and is left out"
                yield _remark(element, f"@{name}", Verdict.REFUSED, why, _KEEP)
        for child in element.children:
            yield from _children(child, element, known, root.namespace)
    for (kind, name), elements in sorted(foreign.items()):
        if not name.startswith(_SCHEMA):
            times = f" {len(elements)} times" if len(elements) > 1 else ""
            why = f"the attribute of `{kind}` belongs to another tool and is left out{times}"
            short = name.rpartition("}")[2]
            yield _remark(elements[0], f"@{short}", Verdict.APPROXIMATED, why)


def _children(child: Element, parent: Element, known: _Known, own: str) -> Iterator[Remark]:
    if child.name == "DMNDI" and child.namespace in _DIAGRAMS:
        return
    if child.name == "extensionElements" or child.namespace != own:
        if child.children or child.namespace != own:
            why = f"it belongs to another tool and is left out of `{parent.name}`"
            yield _remark(child, child.name, Verdict.APPROXIMATED, why)
    elif child.name not in known.children | _OF_ALL.children:
        why = f"it has no place in `{parent.name}` here and is left out"
        yield _remark(child, child.name, Verdict.REFUSED, why, _KEEP)


def _remark(element: Element, kind: str, verdict: Verdict, why: str, help_: str = "") -> Remark:
    attribute = kind.startswith("@")
    return Remark(
        kind=kind,
        id="" if attribute else element.attributes.get("id", ""),
        name="" if attribute else element.attributes.get("name", ""),
        verdict=verdict,
        why=why,
        help=help_,
        line=element.line,
        column=element.column,
    )


def _walk(element: Element, namespace: str) -> Iterator[Element]:
    """Yield the elements of the standard, without what stands below those that are not read."""
    if element.namespace != namespace or element.name not in _KNOWN:
        return
    yield element
    for child in element.children:
        yield from _walk(child, namespace)
