"""Sub-processes laid open, and the events that stand on the edge of an activity."""

from collections.abc import Iterator, Mapping

from kingpost.exchange.bpmn.diagram import ACTIVITIES, BLOCKS, Node, Process
from kingpost.exchange.bpmn.draft.spans import span_of
from kingpost.exchange.bpmn.draft.stops import Alarm, Graph, Kind, Stop, Way
from kingpost.exchange.remarks import Verdict

EXIT = "/exit"
_CAUSES: Mapping[str, str] = {
    "timer": "party",
    "message": "party",
    "signal": "party",
    "conditional": "party",
    "escalation": "party",
    "error": "system",
}
_WHY: Mapping[str, str] = {
    "timer": "its time is the due time of the step, and a person raises the exception",
    "error": "a person raises the exception",
}


def add_alarms(graph: Graph, process: Process) -> None:
    """Take over boundary events that interrupt as exceptions that divert."""
    for node in process.nodes.values():
        if node.kind == "boundaryEvent":
            _add_alarm(graph, process, node)


def _add_alarm(graph: Graph, process: Process, node: Node) -> None:
    flows = process.leaving(node.id)
    if not node.interrupting:
        why = (
            "an event that does not interrupt is not taken over: write an exception with"
            " `alongside`"
        )
    elif node.event not in _CAUSES:
        why = f"a boundary event of kind `{node.event or 'none'}` is not taken over"
    elif not flows:
        why = "no flow leads on from it"
    else:
        hosts = tuple(_hosts(process, process.nodes[node.host]))
        due = node.detail if node.event == "timer" else ""
        span = span_of(due) if due else None
        detail = f"After {span}" if span else node.detail
        title = node.name or detail or f"{node.event} at {process.nodes[node.host].name}"
        cause = _CAUSES[node.event]
        graph.alarms.append(Alarm(title, cause, hosts, Way(flows[0].target), node, due))
        why = _WHY.get(node.event, "a person raises the exception when the event comes")
        graph.say(node, Verdict.APPROXIMATED, why)
        return
    graph.say(node, Verdict.REFUSED, why)


def _hosts(process: Process, host: Node) -> Iterator[str]:
    """Yield the steps that an event interrupts: the host, or all that stands in it."""
    inner = [one for one in process.nodes.values() if one.parent == host.id]
    if host.kind not in BLOCKS or not inner:
        yield host.id
    for one in inner:
        if one.kind in ACTIVITIES or one.kind == "intermediateCatchEvent":
            yield from _hosts(process, one)


def flatten(graph: Graph, process: Process) -> None:
    """Lay every sub-process open: what leads to it leads to its beginning, and its ends lead on."""
    for node in process.nodes.values():
        inner = [one for one in process.nodes.values() if one.parent == node.id]
        if node.kind not in BLOCKS or node.kind == "adHocSubProcess" or not inner:
            continue
        if node.event == "triggered":
            graph.say(node, Verdict.REFUSED, "write it as an exception of the workflow")
            continue
        _open(graph, process, node, inner)


def _open(graph: Graph, process: Process, node: Node, inner: list[Node]) -> None:
    stop = graph.stops[node.id]
    leave = Stop(f"{node.id}{EXIT}", Kind.PASS, "", node.role, stop.ways)
    graph.stops[leave.id] = leave
    entered = {flow.target for flow in process.flows}
    starts = [one for one in inner if one.kind == "startEvent"] or [
        one for one in inner if one.kind in ACTIVITIES and one.id not in entered
    ]
    stop.ways = [Way(one.id, one.name) for one in starts] or [Way(leave.id)]
    for one in inner:
        if one.kind == "endEvent":
            end = graph.stops[one.id]
            end.kind, end.ways = Kind.PASS, [Way(_after(process, node, one) or leave.id)]
        elif one.id in graph.stops and not graph.stops[one.id].ways:
            graph.stops[one.id].ways = [Way(leave.id, limit=bool(graph.stops[one.id].limit))]


def _after(process: Process, block: Node, end: Node) -> str | None:
    """Return where an error that ends a sub-process leads, by the event that catches it."""
    for event in process.nodes.values():
        catches = event.host == block.id and event.event == end.event
        if end.event in {"error", "escalation"} and catches and event.detail in {"", end.detail}:
            flows = process.leaving(event.id)
            return flows[0].target if flows else None
    return None
