"""A BPMN process as plain values: its nodes and the flows between them.

Source: OMG BPMN 2.0.2, clauses 10 and 13.
"""

from dataclasses import dataclass, field, replace

NAMESPACE = "http://www.omg.org/spec/BPMN/20100524/MODEL"

ACTIVITIES = frozenset(
    {
        "task", "userTask", "manualTask", "serviceTask", "sendTask", "receiveTask", "scriptTask",
        "businessRuleTask", "callActivity", "subProcess", "transaction", "adHocSubProcess",
    }
)  # fmt: skip
BLOCKS = frozenset({"subProcess", "transaction", "adHocSubProcess"})
GATEWAYS = frozenset(
    {
        "exclusiveGateway", "parallelGateway", "inclusiveGateway", "complexGateway",
        "eventBasedGateway",
    }
)  # fmt: skip
EVENTS = frozenset(
    {
        "startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent",
        "boundaryEvent",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Node:
    """An activity, gateway or event.

    kind:   the element's name, such as `userTask`.
    event:  what an event is about, such as `timer` or `message`; empty for none.
    detail: the text of a timer, or the name or reference of what an event or call is about.
    role:   who does it: the lane, or the potential owner when there is one; empty for nobody.
    parent: the sub-process around it, or empty.
    host:   the activity that a boundary event stands on, or empty.
    interrupting: whether a boundary event ends its host's work; true for all else.
    default: the flow taken when no condition holds, or empty.
    loop:   `standard`, `multiple` or empty.
    written: the names of data that it writes.
    line, column: of its start tag; 0 when it was not read from a file.
    """

    id: str
    kind: str
    name: str = ""
    event: str = ""
    detail: str = ""
    role: str = ""
    parent: str = ""
    host: str = ""
    interrupting: bool = True
    default: str = ""
    loop: str = ""
    written: tuple[str, ...] = ()
    notes: str = ""
    line: int = 0
    column: int = 0

    def played_by(self, role: str) -> "Node":
        """Return the node with who does it, unless that is known already."""
        return self if self.role else replace(self, role=role)


@dataclass(frozen=True, slots=True)
class Flow:
    """A sequence flow. condition: its text as written, or empty."""

    id: str
    source: str
    target: str
    name: str = ""
    condition: str = ""
    line: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True)
class Process:
    """One process. nodes: by id, those of sub-processes too, in the order of the text."""

    id: str
    name: str
    nodes: dict[str, Node]
    flows: tuple[Flow, ...]
    line: int = 0
    column: int = 0
    notes: str = field(default="")

    def leaving(self, node: str) -> tuple[Flow, ...]:
        """Return the flows out of a node, in the order of the text."""
        return tuple(flow for flow in self.flows if flow.source == node)
