"""Write a process as BPMN 2.0 with its picture."""

from xml.etree import ElementTree as ET

from kingpost.exchange.bpmn.diagram import NAMESPACE, Flow, Node, Process
from kingpost.exchange.bpmn.layout import Picture, Shape, picture
from kingpost.exchange.naming import Names

_DI = "http://www.omg.org/spec/BPMN/20100524/DI"
_DC = "http://www.omg.org/spec/DD/20100524/DC"
_DD = "http://www.omg.org/spec/DD/20100524/DI"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_FEEL = "https://www.omg.org/spec/DMN/20230324/FEEL/"
_TARGET = "https://kingpost.invalid/bpmn"
_PREFIXES = {"": NAMESPACE, "bpmndi": _DI, "dc": _DC, "di": _DD, "xsi": _XSI}
_REFERRED = {"error": "errorRef", "escalation": "escalationRef", "message": "messageRef"}


def write_bpmn(process: Process) -> str:
    """Return a process as a BPMN 2.0 document. The same process gives the same text."""
    for prefix, namespace in _PREFIXES.items():
        ET.register_namespace(prefix, namespace)
    root = ET.Element(
        _tag("definitions"),
        {"id": "definitions", "targetNamespace": _TARGET, "expressionLanguage": _FEEL},
    )
    references = _references(root, process)
    attributes = {"id": process.id, "name": process.name, "isExecutable": "false"}
    body = ET.SubElement(root, _tag("process"), attributes)
    for node in process.nodes.values():
        _write_node(body, process, node, references)
    for flow in process.flows:
        _write_flow(body, flow)
    _write_picture(root, process, picture(process))
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, "unicode") + "\n"


def _tag(name: str, namespace: str = NAMESPACE) -> str:
    return f"{{{namespace}}}{name}"


def _references(root: ET.Element, process: Process) -> dict[tuple[str, str], str]:
    """Write the messages, errors and escalations that events name; return their ids."""
    names, found = Names(set(process.nodes)), dict[tuple[str, str], str]()
    for node in process.nodes.values():
        key = (node.event, node.detail)
        if node.event in _REFERRED and node.detail and key not in found:
            found[key] = names.give(f"{node.event} {node.detail}", node.event)
            more = {f"{node.event}Code": found[key]} if node.event != "message" else {}
            attributes = {"id": found[key], "name": node.detail, **more}
            ET.SubElement(root, _tag(node.event), attributes)
    return found


def _write_node(
    body: ET.Element, process: Process, node: Node, references: dict[tuple[str, str], str]
) -> None:
    attached = {"attachedToRef": node.host, "cancelActivity": "true"} if node.host else {}
    attributes = {"id": node.id, "name": node.name, "default": node.default, **attached}
    written = {key: value for key, value in attributes.items() if value}
    element = ET.SubElement(body, _tag(node.kind), written)
    if node.notes:
        ET.SubElement(element, _tag("documentation")).text = node.notes
    for flow in process.flows:
        if flow.target == node.id:
            ET.SubElement(element, _tag("incoming")).text = flow.id
    for flow in process.leaving(node.id):
        ET.SubElement(element, _tag("outgoing")).text = flow.id
    if node.role:
        _write_owner(element, node)
    if node.event:
        _write_event(element, node, references)


def _write_owner(element: ET.Element, node: Node) -> None:
    attributes = {"id": f"{node.id}.owner", "name": node.role}
    owner = ET.SubElement(element, _tag("potentialOwner"), attributes)
    assignment = ET.SubElement(owner, _tag("resourceAssignmentExpression"))
    ET.SubElement(assignment, _tag("formalExpression")).text = node.role


def _write_event(element: ET.Element, node: Node, references: dict[tuple[str, str], str]) -> None:
    attributes = {"id": f"{node.id}.event"}
    reference = references.get((node.event, node.detail))
    if reference is not None:
        attributes[_REFERRED[node.event]] = reference
    definition = ET.SubElement(element, _tag(f"{node.event}EventDefinition"), attributes)
    if node.event == "timer":
        kind = {f"{{{_XSI}}}type": "tFormalExpression"}
        ET.SubElement(definition, _tag("timeDuration"), kind).text = node.detail


def _write_flow(body: ET.Element, flow: Flow) -> None:
    attributes = {"id": flow.id, "sourceRef": flow.source, "targetRef": flow.target}
    if flow.name:
        attributes["name"] = flow.name
    element = ET.SubElement(body, _tag("sequenceFlow"), attributes)
    if flow.condition:
        kind = {f"{{{_XSI}}}type": "tFormalExpression"}
        ET.SubElement(element, _tag("conditionExpression"), kind).text = flow.condition


def _write_picture(root: ET.Element, process: Process, drawn: Picture) -> None:
    diagram = ET.SubElement(root, _tag("BPMNDiagram", _DI), {"id": "picture"})
    attributes = {"id": "plane", "bpmnElement": process.id}
    plane = ET.SubElement(diagram, _tag("BPMNPlane", _DI), attributes)
    for key, shape in drawn.shapes.items():
        _write_shape(plane, process.nodes[key], shape)
    for flow in process.flows:
        attributes = {"id": f"{flow.id}.line", "bpmnElement": flow.id}
        edge = ET.SubElement(plane, _tag("BPMNEdge", _DI), attributes)
        for x, y in drawn.lines[flow.id]:
            ET.SubElement(edge, _tag("waypoint", _DD), {"x": _number(x), "y": _number(y)})


def _write_shape(plane: ET.Element, node: Node, shape: Shape) -> None:
    attributes = {"id": f"{node.id}.shape", "bpmnElement": node.id}
    if node.kind == "exclusiveGateway":
        attributes["isMarkerVisible"] = "true"
    element = ET.SubElement(plane, _tag("BPMNShape", _DI), attributes)
    bounds = {
        "x": _number(shape.x),
        "y": _number(shape.y),
        "width": _number(shape.width),
        "height": _number(shape.height),
    }
    ET.SubElement(element, _tag("Bounds", _DC), bounds)


def _number(length: float) -> str:
    return f"{length:g}" if abs(length) < 1e5 else str(round(length))  # noqa: PLR2004 - `g` would write an exponent
