"""Rewrite a process: each element of BPMN by what a workflow can say in its place."""

from collections.abc import Callable, Mapping

from kingpost.exchange.bpmn.diagram import ACTIVITIES, BLOCKS, Node, Process
from kingpost.exchange.bpmn.draft.blocks import add_alarms, flatten
from kingpost.exchange.bpmn.draft.conditions import readable
from kingpost.exchange.bpmn.draft.stops import OUT, Graph, Kind, Stop, Way
from kingpost.exchange.remarks import Verdict

APPROXIMATED, EXECUTED, REFUSED = Verdict.APPROXIMATED, Verdict.EXECUTED, Verdict.REFUSED
# Why an activity that no person does becomes a task all the same.
_BY_HAND: Mapping[str, str] = {
    "serviceTask": "which system it calls is not in the file, so somebody records what one did",
    "sendTask": "Kingpost does not send messages yet, so somebody records that it was sent",
    "scriptTask": "no script is carried out, so somebody does its work",
    "businessRuleTask": "write the rule in the model, and make it a rule step",
    "callActivity": "Kingpost does not start other workflows yet, so somebody records their end",
    "adHocSubProcess": "its parts have no order, so it became one task",
}
_AWAITED = frozenset({"intermediateCatchEvent", "receiveTask"})
_PLAIN = frozenset({"task", "userTask", "manualTask"})
_UNTAKEN = "no condition says when, so somebody decides"


def rewrite(process: Process) -> Graph:
    """Return the graph of a process, with a remark for each of its elements."""
    graph = Graph("", {}, [], {})
    nodes = process.nodes.values()
    for node in nodes:
        _KINDS.get(node.kind, _activity)(graph, process, node)
    _drop_awaited(graph, process)
    add_alarms(graph, process)
    flatten(graph, process)
    _begin(graph, process)
    for node in (node for node in nodes if node.loop):
        _repeat(graph, node)
    for stop in list(graph.stops.values()):
        _spread(graph, stop)
        _end_here(graph, stop)
    for node in (node for node in nodes if node.kind in _PLAIN and not node.loop):
        _decide_at_once(graph, process, node)
    for entry in [graph.begin, *_branches(graph)]:
        _begin_with_a_step(graph, process, entry)
    return graph


def _branches(graph: Graph) -> list[str]:
    forks = (stop for stop in graph.stops.values() if stop.kind is Kind.FORK)
    return [way.target for fork in forks for way in fork.ways]


def _begin_with_a_step(graph: Graph, process: Process, entry: str) -> None:
    """Let a person decide where conditions would choose the very first step."""
    stop, seen = graph.stops.get(entry), set[str]()
    while stop and stop.kind in {Kind.PASS, Kind.JOIN} and len(stop.ways) == 1:
        if stop.id in seen:
            return
        seen.add(stop.id)
        stop = graph.stops.get(stop.ways[0].target)
    if stop and stop.kind is Kind.SPLIT:
        stop.kind, stop.title = Kind.DECISION, stop.title or "How does it begin?"
        node = process.nodes.get(stop.id)
        if node:
            graph.remarks.pop(node.id)
            graph.say(node, APPROXIMATED, "no step stands before it, so somebody decides")


# --- activities ----------------------------------------------------------------------------------


def _activity(graph: Graph, process: Process, node: Node) -> None:
    if node.kind in BLOCKS - {"adHocSubProcess"} and _inner(process, node):
        kind, verdict, why = Kind.PASS, EXECUTED, ""
        if node.kind == "transaction":
            verdict, why = APPROXIMATED, "nothing is undone when it is cancelled"
    elif node.kind == "receiveTask":
        kind, verdict, why = Kind.WAIT, EXECUTED, ""
    else:
        kind = Kind.TASK
        why = _BY_HAND.get(node.kind, "" if node.kind in _PLAIN else "it is empty")
        verdict = APPROXIMATED if why else EXECUTED
    ways = _ways(process, node)
    if kind is Kind.WAIT:
        ways = [Way(way.target, node.detail or node.name) for way in ways[:1]]
    graph.stops[node.id] = Stop(
        node.id, kind, node.name or node.notes, node.role, ways, written=node.written
    )
    graph.say(node, verdict, why)
    if node.written:
        graph.say(node, APPROXIMATED, "the data that it writes became fields of text")


def _inner(process: Process, node: Node) -> list[Node]:
    return [one for one in process.nodes.values() if one.parent == node.id]


def _ways(process: Process, node: Node) -> list[Way]:
    return [
        Way(flow.target, flow.name, flow.condition, flow.id == node.default)
        for flow in process.leaving(node.id)
    ]


def _decide_at_once(graph: Graph, process: Process, node: Node) -> None:
    """Make work and the choice that comes of it one decision."""
    task = graph.stops[node.id]
    target = task.ways[0].target if len(task.ways) == 1 else OUT
    choice, gateway = graph.stops.get(target), process.nodes.get(target)
    if choice is None or gateway is None or choice.kind is not Kind.DECISION or task.written:
        return
    if sum(target in graph.following(stop) for stop in graph.stops) > 1:
        return
    task.kind, task.ways = Kind.DECISION, choice.ways
    task.title = f"{task.title}: {gateway.name}" if gateway.name else task.title
    task.role = task.role or choice.role
    del graph.stops[target]
    graph.remarks.pop(target)
    graph.say(gateway, EXECUTED)


def _repeat(graph: Graph, node: Node) -> None:
    """Ask after an activity that loops whether it is done again."""
    if node.loop == "multiple":
        graph.say(node, APPROXIMATED, "it is done once for all, not once for each")
        return
    last = graph.stops.get(f"{node.id}/exit") or graph.stops.get(node.id)
    if last is None:
        return
    again = f"{node.id}/again"
    ways = [Way(node.id, "Again"), *(Way(way.target, way.name or "On") for way in last.ways[:1])]
    if len(last.ways) != 1:
        graph.say(node, REFUSED, "a loop with several ways on is not taken over; it is done once")
        return
    graph.stops[again] = Stop(again, Kind.DECISION, f"Again: {node.name}?", node.role, ways)
    last.ways = [Way(again)]
    graph.say(node, APPROXIMATED, "somebody decides whether it is done again")


# --- gateways ------------------------------------------------------------------------------------


def _exclusive(graph: Graph, process: Process, node: Node) -> None:
    ways = _ways(process, node)
    graph.stops[node.id] = Stop(node.id, Kind.PASS, node.name, node.role, ways)
    graph.say(node, EXECUTED)
    if len(ways) > 1:
        _choose(graph, process, node)


def _choose(graph: Graph, process: Process, node: Node) -> None:
    """Make a gateway with several ways out a choice: by its conditions, or by a person."""
    stop = graph.stops[node.id]
    unread = _unread(stop)
    if not unread:
        stop.kind = Kind.SPLIT
        return
    stop.kind = Kind.DECISION
    stop.role = stop.role or _role_before(process, node)
    stop.title = stop.title or _question(process, node)
    graph.remarks.pop(node.id)
    graph.say(node, APPROXIMATED, unread)


def _unread(stop: Stop) -> str:
    """Return why conditions do not choose a way, or empty text; the way without one is the else."""
    free = [way for way in stop.ways if not way.condition and not way.default]
    if len(free) == 1 and not any(way.default for way in stop.ways):
        free.pop().default = True
    if free or not any(way.condition for way in stop.ways):
        return _UNTAKEN
    for way in stop.ways:
        if way.condition and not way.default and not readable(way.condition):
            return f"its condition `{way.condition}` is not read, so somebody decides"
    return ""


def _question(process: Process, node: Node) -> str:
    before = [process.nodes[flow.source] for flow in process.flows if flow.target == node.id]
    named = [one.name for one in before if one.name]
    return f"What follows `{named[0]}`?" if named else "What follows?"


def _role_before(process: Process, node: Node) -> str:
    before = [process.nodes[flow.source] for flow in process.flows if flow.target == node.id]
    return next((one.role for one in before if one.role), "")


def _parallel(graph: Graph, process: Process, node: Node) -> None:
    ways = _ways(process, node)
    for way in ways:
        way.condition = ""
    kind = Kind.FORK if len(ways) > 1 else Kind.JOIN
    if kind is Kind.FORK and sum(flow.target == node.id for flow in process.flows) > 1:
        # It joins first and starts branches then.
        after = f"{node.id}/fork"
        graph.stops[after] = Stop(after, Kind.FORK, node.name, node.role, ways)
        kind, ways = Kind.JOIN, [Way(after)]
    graph.stops[node.id] = Stop(node.id, kind, node.name, node.role, ways)
    graph.say(node, EXECUTED)


def _inclusive(graph: Graph, process: Process, node: Node) -> None:
    """Start every branch, and let the first step of each say whether it is needed."""
    _parallel(graph, process, node)
    fork = graph.stops.get(f"{node.id}/fork", graph.stops[node.id])
    if fork.kind is not Kind.FORK:
        return
    flows = process.leaving(node.id)
    for way, flow in zip(fork.ways, flows, strict=True):
        target = process.nodes[way.target]
        key = f"{fork.id}/{way.target}"
        title = f"Is it needed: {way.name or target.name or flow.condition or target.id}?"
        ways = [Way(way.target, "Yes"), Way(OUT, "No")]
        role = node.role or target.role or _role_before(process, node)
        graph.stops[key] = Stop(key, Kind.DECISION, title, role, ways)
        way.target = key
    graph.say(node, APPROXIMATED, "somebody decides for each branch whether it is needed")


def _complex(graph: Graph, process: Process, node: Node) -> None:
    _inclusive(graph, process, node)
    graph.say(node, APPROXIMATED, "its own condition is not read; it waits for every branch")


def _event_based(graph: Graph, process: Process, node: Node) -> None:
    """Wait for whichever of the events comes first."""
    wait = Stop(node.id, Kind.WAIT, node.name, node.role)
    for flow in process.leaving(node.id):
        target = process.nodes[flow.target]
        ways = _ways(process, target) if target.kind in _AWAITED else [Way(target.id)]
        if target.event == "timer" and wait.limit:
            graph.say(target, REFUSED, "a wait has one limit; the timer before it counts")
        elif ways:
            timer = target.event == "timer"
            wait.ways.append(Way(ways[0].target, target.name or target.detail, limit=timer))
            wait.limit = target.detail if timer else wait.limit
    wait.title = wait.title or " or ".join(way.name for way in wait.ways if way.name)
    graph.stops[node.id] = wait
    graph.say(node, EXECUTED)


def _drop_awaited(graph: Graph, process: Process) -> None:
    """Forget the events that a wait for the first of several stands for."""
    for node in process.nodes.values():
        if node.kind == "eventBasedGateway":
            for flow in process.leaving(node.id):
                awaited = process.nodes[flow.target].kind in _AWAITED
                if awaited and sum(one.target == flow.target for one in process.flows) == 1:
                    graph.stops.pop(flow.target, None)


# --- events --------------------------------------------------------------------------------------


def _catch(graph: Graph, process: Process, node: Node) -> None:
    ways = _ways(process, node)
    stop = Stop(node.id, Kind.WAIT, node.name or node.detail, node.role, ways[:1])
    why = ""
    match node.event:
        case "timer":
            stop.limit = node.detail
            for way in stop.ways:
                way.limit = True
        case "link" | "":
            stop.kind = Kind.PASS
        case "message":
            pass
        case _:
            why = f"the {node.event} comes as a message that somebody delivers"
    if stop.kind is Kind.WAIT and node.event != "timer":
        for way in stop.ways:
            way.name = node.name or node.detail
    graph.stops[node.id] = stop
    graph.say(node, APPROXIMATED if why else EXECUTED, why)


def _throw(graph: Graph, process: Process, node: Node) -> None:
    ways = _ways(process, node)
    stop = Stop(node.id, Kind.PASS, node.name, node.role, ways)
    why = ""
    if node.event == "link":
        twin = next((o.id for o in process.nodes.values() if _catches(o, node)), None)
        if twin is None:
            why = "no event catches this link"
        stop.ways = [Way(twin)] if twin else ways
    elif node.event in {"message", "signal", "escalation"}:
        stop.kind = Kind.TASK
        stop.title = node.name or f"Send {node.detail}"
        why = "Kingpost does not send messages yet, so somebody records that it was sent"
    elif node.event:
        why = f"a {node.event} is passed by, and nothing happens"
    graph.stops[node.id] = stop
    graph.say(node, APPROXIMATED if why else EXECUTED, why)


def _catches(one: Node, link: Node) -> bool:
    return (
        one.kind == "intermediateCatchEvent"
        and one.event == "link"
        and (one.detail or one.name) == (link.detail or link.name)
    )


def _end(graph: Graph, _: Process, node: Node) -> None:
    graph.stops[node.id] = Stop(node.id, Kind.END, node.name or "Ended", node.role)
    thrown = node.event not in {"", "terminate"}
    why = f"no {node.event} is sent when the case ends" if thrown else ""
    graph.say(node, APPROXIMATED if why else EXECUTED, why)


def _start(graph: Graph, process: Process, node: Node) -> None:
    graph.stops[node.id] = Stop(node.id, Kind.PASS, node.name, node.role, _ways(process, node))
    graph.say(node, EXECUTED)


def _boundary(graph: Graph, process: Process, node: Node) -> None:
    """Leave it to the alarms; what it leads to is a stop of its own."""


def _begin(graph: Graph, process: Process) -> None:
    """Find where a case begins; where there are several ways to begin, the first person says."""
    starts = [one for one in process.nodes.values() if one.kind == "startEvent" and not one.parent]
    if not starts:
        entered = {flow.target for flow in process.flows}
        starts = [
            one
            for one in process.nodes.values()
            if one.id not in entered and one.kind in ACTIVITIES and not one.parent
            and one.event != "triggered"
        ]  # fmt: skip
    for start in starts:
        if start.event == "message":
            graph.interfaces.append(start.detail or start.name or "sender")
        elif start.event:
            graph.say(start, APPROXIMATED, f"no {start.event} begins a case yet; a person does")
    graph.by_hand = not starts or any(start.event != "message" for start in starts)
    if len(starts) == 1:
        graph.begin = starts[0].id
    elif starts:
        graph.begin = "begin"
        ways = [Way(start.id, start.name or f"Way {at}") for at, start in enumerate(starts, 1)]
        graph.stops["begin"] = Stop("begin", Kind.DECISION, "How does it begin?", "", ways)
        for start in starts:
            graph.say(start, APPROXIMATED, "the first step asks which way the case begins")


# --- several ways out of an activity -------------------------------------------------------------


def _spread(graph: Graph, stop: Stop) -> None:
    """Put the gateway that several ways out of an activity stand for behind it."""
    if stop.kind not in {Kind.TASK, Kind.PASS} or len(stop.ways) < 2:  # noqa: PLR2004 - two ways
        return
    key = f"{stop.id}/ways"
    kind, title = Kind.FORK, ""
    if any(way.condition for way in stop.ways):
        kind = Kind.DECISION if _unread(stop) else Kind.SPLIT
        title = f"What follows `{stop.title}`?"
    graph.stops[key] = Stop(key, kind, title, stop.role, stop.ways)
    stop.ways = [Way(key)]


def _end_here(graph: Graph, stop: Stop) -> None:
    """Lead on to an end from where the process just stops, as it means."""
    if stop.ways or stop.kind is Kind.END:
        return
    end = Stop("/ended", Kind.END, "Ended")
    graph.stops.setdefault(end.id, end)
    stop.ways = [Way(end.id, limit=bool(stop.limit))]


_KINDS: Mapping[str, Callable[[Graph, Process, Node], None]] = {
    "exclusiveGateway": _exclusive,
    "parallelGateway": _parallel,
    "inclusiveGateway": _inclusive,
    "complexGateway": _complex,
    "eventBasedGateway": _event_based,
    "intermediateCatchEvent": _catch,
    "intermediateThrowEvent": _throw,
    "endEvent": _end,
    "startEvent": _start,
    "boundaryEvent": _boundary,
}
