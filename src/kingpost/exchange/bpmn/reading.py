"""Read the processes of a BPMN 2.0 file, with a remark for all that is read and not understood."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from kingpost.exchange.bpmn.diagram import (
    ACTIVITIES,
    BLOCKS,
    EVENTS,
    GATEWAYS,
    NAMESPACE,
    Flow,
    Node,
    Process,
)
from kingpost.exchange.files.faults import Fault, UnreadableError, unreadable
from kingpost.exchange.naming import identifier
from kingpost.exchange.remarks import Remark, Verdict
from kingpost.exchange.xml_tree import Element, read_xml

NODES_MAX = 2_000
_DEFINITION = "EventDefinition"
_NODES = ACTIVITIES | GATEWAYS | EVENTS
# Parts of a node or of a process that are read with it, or that say nothing by themselves.
_PARTS = frozenset(
    {
        "incoming", "outgoing", "laneSet", "sequenceFlow", "extensionElements", "documentation",
        "ioSpecification", "property", "dataInputAssociation", "dataOutputAssociation",
        "dataObject", "dataObjectReference", "dataStoreReference", "potentialOwner",
        "humanPerformer", "performer", "standardLoopCharacteristics",
        "multiInstanceLoopCharacteristics", "completionCondition", "script", "dataInput",
        "dataOutput", "inputSet", "outputSet", "rendering", "auditing", "monitoring",
        "supportedInterfaceRef", "ioBinding",
    }
)  # fmt: skip
_LEFT_OUT: Mapping[str, str] = {
    "textAnnotation": "a note has no effect; keep it in the workflow's README",
    "association": "a line to a note has no effect",
    "group": "a frame around elements has no effect",
    "resourceRole": "who does the work is read from lanes and potential owners",
    "correlationSubscription": "messages find their case by its number",
}


@dataclass(frozen=True, slots=True)
class File:
    """What a BPMN file holds. remarks: on what stands outside of the processes."""

    name: str
    processes: tuple[Process, ...]
    remarks: tuple[Remark, ...]


def read_bpmn(content: bytes, file: str) -> File:
    """Read every process of a file.

    file:   how messages call it.
    Raises: UnreadableError, when it is no BPMN 2.0, or when its references lead nowhere.
    """
    root = read_xml(content, file)
    if (root.namespace, root.name) != (NAMESPACE, "definitions"):
        message = f"the file is XML but no BPMN 2.0: its root is `{root.name}`"
        raise unreadable(
            file, root.line, message, "Export the process as BPMN 2.0.", column=root.column
        )
    reader = _Reader(file, root)
    processes = tuple(reader.process(element) for element in root.all("process"))
    reader.note_extensions()
    if not any(process.nodes for process in processes):
        message = "the file holds no process with steps"
        raise unreadable(file, root.line, message, "Draw a process.", column=root.column)
    count = sum(len(process.nodes) for process in processes)
    if count > NODES_MAX:
        message = f"the file has {count} steps and gateways, and at most {NODES_MAX} are read"
        raise unreadable(file, root.line, message, "Split it.", column=root.column)
    if reader.faults:
        raise UnreadableError(reader.faults)
    name = root.attributes.get("name", "")
    return File(name, tuple(each for each in processes if each.nodes), tuple(reader.remarks))


@dataclass(slots=True)
class _Reader:
    file: str
    root: Element
    faults: list[Fault] = field(default_factory=list[Fault])
    remarks: list[Remark] = field(default_factory=list[Remark])
    _names: dict[str, str] = field(default_factory=dict[str, str])
    _pools: dict[str, str] = field(default_factory=dict[str, str])

    def __post_init__(self) -> None:
        for kind in ("message", "signal", "error", "escalation"):
            for element in self.root.all(kind):
                self._names[_id(element)] = element.attributes.get("name") or _id(element)
        for collaboration in self.root.all("collaboration"):
            for participant in collaboration.all("participant"):
                self._pool(participant)
            for flow in collaboration.all("messageFlow"):
                why = "messages between processes are not drawn; name their senders in `messages`"
                self._remark(flow, Verdict.REFUSED, why)

    def _pool(self, participant: Element) -> None:
        """Learn how the process of a pool is called; tell where its name is left out."""
        key, name = (participant.attributes.get(one, "") for one in ("processRef", "name"))
        own = {_id(one): one.attributes.get("name", "") for one in self.root.all("process")}
        process = _local(key)
        self._pools[process] = name
        if process not in own:
            why = "a partner without a process is not drawn; name it as a sender in `messages`"
            self._remark(participant, Verdict.REFUSED, why)
        elif name and own[process] not in {"", name}:
            why = f"its name is left out, since the process is called `{own[process]}`"
            self._remark(participant, Verdict.APPROXIMATED, why)

    def process(self, element: Element) -> Process:
        """Read one process with all its sub-processes."""
        nodes: dict[str, Node] = {}
        flows: list[Flow] = []
        self._data(element)
        self._level(element, "", nodes, flows)
        roles = _lanes(element)
        self._note_lanes(element, set(roles.values()))
        nodes = {key: node.played_by(roles.get(key, "")) for key, node in nodes.items()}
        nodes = {key: node.played_by(_around(node, nodes)) for key, node in nodes.items()}
        known = tuple(flow for flow in flows if self._leads(flow, nodes))
        name = element.attributes.get("name") or self._pools.get(_id(element), "")
        self._check_hosts(nodes)
        return Process(
            _id(element), name, nodes, known, element.line, element.column, _notes(element)
        )

    def _data(self, element: Element) -> None:
        """Learn how data is called, by the references that activities write to."""
        for part in element.walk():
            if part.name in {"dataObjectReference", "dataStoreReference", "dataObject"}:
                self._names[_id(part)] = part.attributes.get("name") or _id(part)

    def _level(
        self, element: Element, parent: str, nodes: dict[str, Node], flows: list[Flow]
    ) -> None:
        for part in element.children:
            if part.namespace != NAMESPACE:
                continue
            if part.name in _NODES:
                self._node(part, parent, nodes)
                if part.name in BLOCKS:
                    self._level(part, _id(part), nodes, flows)
            elif part.name == "sequenceFlow":
                flows.append(_flow(part))
            elif part.name in _LEFT_OUT:
                self._remark(part, Verdict.REFUSED, _LEFT_OUT[part.name])
            elif part.name not in _PARTS:
                self._remark(part, Verdict.REFUSED, f"`{part.name}` is not read")

    def _node(self, part: Element, parent: str, nodes: dict[str, Node]) -> None:
        key = _id(part)
        if not key or key in nodes:
            words = f"the id `{key}` is used twice" if key else f"a `{part.name}` has no id"
            self._fault(part, words, "Give each element an id of its own.")
            return
        definitions = [child for child in part.children if child.name.endswith(_DEFINITION)]
        event = definitions[0].name.removesuffix(_DEFINITION) if definitions else ""
        if part.attributes.get("triggeredByEvent") == "true":
            event = "triggered"
        nodes[key] = Node(
            id=key,
            kind=part.name,
            name=" ".join(part.attributes.get("name", "").split()),
            event=event,
            detail=self._detail(part, definitions),
            role=_owner(part),
            parent=parent,
            host=_local(part.attributes.get("attachedToRef", "")),
            interrupting=part.attributes.get("cancelActivity", "true") == "true",
            default=_local(part.attributes.get("default", "")),
            loop=_loop(part),
            written=tuple(self._written(part)),
            notes=_notes(part),
            line=part.line,
            column=part.column,
        )

    def _detail(self, part: Element, definitions: list[Element]) -> str:
        for definition in definitions:
            for reference in ("messageRef", "signalRef", "errorRef", "escalationRef"):
                found = _local(definition.attributes.get(reference, ""))
                if found:
                    return self._names.get(found, found)
            texts = [child.text.strip() for child in definition.children if child.text.strip()]
            if texts:
                return texts[0]
            return definition.attributes.get("name", "")
        called = part.attributes.get("calledElement") or part.attributes.get("messageRef", "")
        return self._names.get(_local(called), _local(called))

    def _written(self, part: Element) -> Iterator[str]:
        for association in part.all("dataOutputAssociation"):
            for target in association.all("targetRef"):
                name = self._names.get(_local(target.text.strip()))
                if name:
                    yield name

    def _leads(self, flow: Flow, nodes: Mapping[str, Node]) -> bool:
        """Tell whether a flow leads from one node of a process or sub-process to another of it."""
        source, target = nodes.get(flow.source), nodes.get(flow.target)
        if source is None or target is None:
            end = flow.target if source else flow.source
            why = f"leads to `{end}`, which is no step of its process"
        elif source.parent != target.parent:
            why = "crosses the edge of a sub-process"
        elif target.kind in {"startEvent", "boundaryEvent"}:
            why = f"leads to `{target.id}`, and nothing may lead to a `{target.kind}`"
        elif source.kind == "endEvent":
            why = f"leads on from `{source.id}`, and an end is an end"
        else:
            return True
        message = f"the flow `{flow.id}` {why}"
        self.faults.append(Fault(self.file, flow.line, message, "Draw it again.", flow.column))
        return False

    def _check_hosts(self, nodes: Mapping[str, Node]) -> None:
        for node in nodes.values():
            if node.kind == "boundaryEvent" and node.host not in nodes:
                message = f"the boundary event `{node.id}` stands on `{node.host}`, which is no"
                help_text = "Attach it to an activity."
                message += " step of its process"
                self.faults.append(Fault(self.file, node.line, message, help_text, node.column))

    def _note_lanes(self, element: Element, used: set[str]) -> None:
        for lane in (part for part in element.walk() if part.name == "lane"):
            name = lane.attributes.get("name", "")
            becomes = f"role/{identifier(name)}" if identifier(name) else ""
            held = name in used and bool(becomes)
            verdict = Verdict.EXECUTED if held else Verdict.REFUSED
            why = "" if held else "no step stands in it, or it has no name"
            self.remarks.append(
                Remark("lane", _id(lane), name, verdict, becomes, why, lane.line, lane.column)
            )

    def note_extensions(self) -> None:
        """Tell once how many elements hold what only one vendor's tool understands."""
        extended = [part for part in self.root.walk() if part.name == "extensionElements"]
        if extended:
            count = len(extended)
            held = "1 element" if count == 1 else f"{count} elements"
            why = f"what vendors added to {held} is not read"
            self._remark(extended[0], Verdict.REFUSED, why)

    def _fault(self, part: Element, message: str, help_text: str) -> None:
        self.faults.append(Fault(self.file, part.line, message, help_text, part.column))

    def _remark(self, part: Element, verdict: Verdict, why: str) -> None:
        name = part.attributes.get("name", "")
        self.remarks.append(
            Remark(part.name, _id(part), name, verdict, "", why, part.line, part.column)
        )


def _id(element: Element) -> str:
    return element.attributes.get("id", "")


def _local(name: str) -> str:
    """Return a qualified name without its prefix."""
    return name.strip().rpartition(":")[2]


def _flow(part: Element) -> Flow:
    condition = part.first("conditionExpression")
    return Flow(
        _id(part),
        _local(part.attributes.get("sourceRef", "")),
        _local(part.attributes.get("targetRef", "")),
        " ".join(part.attributes.get("name", "").split()),
        condition.text.strip() if condition else "",
        part.line,
        part.column,
    )


def _loop(part: Element) -> str:
    if part.first("standardLoopCharacteristics"):
        return "standard"
    return "multiple" if part.first("multiInstanceLoopCharacteristics") else ""


def _notes(part: Element) -> str:
    texts = (" ".join(child.text.split()) for child in part.all("documentation"))
    return " ".join(text for text in texts if text)


def _owner(part: Element) -> str:
    """Return the potential owner of an activity, as it is written."""
    for kind in ("potentialOwner", "humanPerformer", "performer"):
        for owner in part.all(kind):
            for inner in owner.walk():
                if inner.name == "formalExpression" and inner.text.strip():
                    return inner.text.strip()
            if owner.attributes.get("name"):
                return owner.attributes["name"]
    return ""


def _lanes(process: Element) -> dict[str, str]:
    """Return the innermost lane of each node that stands in one."""
    found: dict[str, str] = {}
    for element in process.walk():
        if element.name == "lane":
            for reference in element.all("flowNodeRef"):
                found[reference.text.strip()] = element.attributes.get("name", "")
    return found


def _around(node: Node, nodes: Mapping[str, Node]) -> str:
    """Return the role of the nearest sub-process around a node."""
    parent = nodes.get(node.parent)
    while parent is not None and not parent.role:
        parent = nodes.get(parent.parent)
    return parent.role if parent else ""
