"""Draft a workflow of the model from the blocks of a process."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from kingpost.exchange.bpmn.diagram import Node, Process
from kingpost.exchange.bpmn.draft.conditions import Fields
from kingpost.exchange.bpmn.draft.spans import span_of
from kingpost.exchange.bpmn.draft.stops import Alarm, Graph, Kind, Stop, Way
from kingpost.exchange.bpmn.draft.structure import DONE, Block, Road, Structure
from kingpost.exchange.naming import Names, identifier
from kingpost.exchange.remarks import Remark, Verdict

Tree: TypeAlias = dict[str, Any]
_FINISHED = "finished"
_SOMEBODY = "Somebody"
_OPEN = "open"
_DUE = "5 working days"
_ASSUMED = f"{_DUE} were assumed as its due time"


@dataclass(frozen=True, slots=True)
class Draft:
    """A workflow as sections of the language, with a remark for each element of the process.

    authority: what each role decides, as grants of a post.
    """

    id: str
    title: str
    sections: Tree
    authority: Mapping[str, list[Tree]]
    remarks: tuple[Remark, ...]


def draft(process: Process, structure: Structure, taken: Names, prefixes: Names) -> Draft:
    """Write a structured process in the language.

    taken, prefixes: the names of workflows and of their case numbers that were given before.
    """
    prefix = prefixes.give(_initials(process.name), "case").replace("-", "").upper()
    drafter = _Drafter(process, structure.graph, structure, _named(process, taken), prefix)
    drafter.name_steps(structure.top)
    return drafter.whole(drafter.block(structure.top))


def _named(process: Process, taken: Names) -> str:
    return taken.give(process.name, "process")


@dataclass(slots=True)
class _Drafter:
    process: Process
    graph: Graph
    structure: Structure
    id: str
    prefix: str
    fields: Fields = field(init=False)
    names: dict[str, str] = field(default_factory=dict[str, str])
    given: Names = field(default_factory=lambda: Names({DONE, _FINISHED}))
    roles: dict[str, str] = field(default_factory=dict[str, str])
    ends: list[str] = field(default_factory=list[str])
    decisions: dict[str, list[tuple[str, list[str]]]] = field(
        default_factory=dict[str, list[tuple[str, list[str]]]]
    )
    senders: dict[str, str] = field(default_factory=dict[str, str])
    finishes: bool = False

    def __post_init__(self) -> None:
        self.fields = Fields(self.id)

    # --- steps -----------------------------------------------------------------------------------

    def name_steps(self, block: Block) -> None:
        for each in block.blocks():
            for stop in each.steps:
                title = self.graph.stops[stop].title
                if stop in each.branches:
                    title = title or "side-by-side"
                self.names[stop] = self.given.give(title, self.graph.stops[stop].kind.value)

    def block(self, block: Block) -> Tree:
        return {self.names[stop]: self._step(block, self.graph.stops[stop]) for stop in block.steps}

    def _step(self, block: Block, stop: Stop) -> Tree:
        match stop.kind:
            case Kind.TASK:
                step = {"task": stop.title or stop.id, "role": self._role(stop.role)}
                records = [self._data(name) for name in stop.written]
                return {
                    **step,
                    **({"records": records} if records else {}),
                    **self._due(stop),
                    "then": self._then(stop.ways, block, stop.id),
                }
            case Kind.DECISION:
                return self._decision(block, stop)
            case Kind.WAIT:
                return self._wait(block, stop)
            case Kind.END:
                self.ends.append(self.names[stop.id])
                return {"title": stop.title, "state": self.names[stop.id], "end": True}
            case _:
                return self._parallel(block, stop)

    def _due(self, stop: Stop) -> Tree:
        limits = (a.due for a in self.graph.alarms if stop.id in a.hosts and a.due)
        spans = [span for limit in limits if (span := span_of(limit))]
        return {"due": spans[0]} if spans else {}

    def _decision(self, block: Block, stop: Stop) -> Tree:
        role = self._role(stop.role)
        outcomes: Tree = {}
        names = Names()
        for at, way in enumerate(stop.ways, 1):
            title = way.name or way.condition or self._title_of(way, block)
            then = self._then([way], block, stop.id)
            outcomes[names.give(title, f"way-{at}")] = {"title": title, "then": then}
        self.decisions.setdefault(role, []).append((self.names[stop.id], list(outcomes)))
        due = self._due(stop) or {"due": _DUE}
        if due["due"] == _DUE:
            self._tell(stop.id, _ASSUMED)
        question = stop.title or "What follows?"
        return {"decision": question, "role": role, **due, "outcomes": outcomes}

    def _title_of(self, way: Way, block: Block) -> str:
        """Call a way without a name by the step that it leads to."""
        go = self.structure.roads([way], block)[0].go
        stop = self.graph.stops.get(go)
        return (stop.title if stop else "") or "Go on"

    def _wait(self, block: Block, stop: Stop) -> Tree:
        step: Tree = {"wait": stop.title or stop.id}
        names, messages = Names(), Tree()
        for way in stop.ways:
            if not way.limit:
                title = way.name or "The message comes"
                sender = self._sender(way.name or stop.title)
                then = self._then([way], block, stop.id)
                message = {"title": title, "from": [f"interface/{sender}"], "then": then}
                messages[names.give(title, "message")] = message
        if messages:
            step["messages"] = messages
        timed = [way for way in stop.ways if way.limit]
        if timed:
            step["limit"] = span_of(stop.limit) or "1 day"
            step["then"] = self._then(timed, block, stop.id)
        return step

    def _parallel(self, block: Block, stop: Stop) -> Tree:
        names = Names()
        branches: Tree = {}
        for at, branch in enumerate(block.branches[stop.id], 1):
            title = self.graph.stops[branch.steps[0]].title
            branches[names.give(title, f"branch-{at}")] = {"steps": self.block(branch)}
        meet = Way(block.meeting[stop.id])
        joined = {"join": "all", "branches": branches}
        return {"parallel": joined, "then": self._then([meet], block, stop.id)}

    # --- ways ------------------------------------------------------------------------------------

    def _then(self, ways: list[Way], block: Block, origin: str) -> str | list[Tree]:
        """Write where ways lead; conditions that cannot be read are told and left out."""
        roads = self.structure.roads(ways, block)
        routes: list[Tree] = []
        for road in roads[:-1]:
            condition = self._condition(road)
            if condition is None:
                self._tell(origin, f"the condition `{' and '.join(road.conditions)}` is not read")
            else:
                routes.append({"when": condition, "go": self._go(road, block)})
        last = self._go(roads[-1], block)
        if roads[-1].conditions and len(roads) > 1:
            self._tell(origin, "its last way is taken when no other condition holds")
        return [*routes, {"else": last}] if routes else last

    def _condition(self, road: Road) -> str | None:
        parts = [self.fields.taken_over(condition) for condition in road.conditions]
        known = [part for part in parts if part is not None]
        if not known or len(known) < len(parts):
            return None
        return known[0] if len(known) == 1 else " and ".join(f"({part})" for part in known)

    def _go(self, road: Road, block: Block) -> str:
        if road.go != DONE:
            return self.names[road.go]
        if block.depth == 0:
            self.finishes = True
            return _FINISHED
        return DONE

    def _tell(self, stop: str, why: str) -> None:
        node = self.process.nodes.get(stop.partition("/")[0])
        if node is not None:
            self.graph.say(node, Verdict.APPROXIMATED, why)

    # --- what the steps need ---------------------------------------------------------------------

    def _role(self, title: str) -> str:
        title = title or _SOMEBODY
        name = identifier(title) or identifier(_SOMEBODY)
        self.roles.setdefault(name, title)
        return name

    def _sender(self, title: str) -> str:
        name = identifier(title) or "sender"
        self.senders.setdefault(name, title or "Sender")
        return name

    def _data(self, title: str) -> str:
        name = identifier(title) or "data"
        self.fields.types.setdefault(name, "text")
        return name

    def _exceptions(self) -> Tree:
        """Return the exceptions; events at several steps that say the same are one."""
        known: dict[tuple[str, str, str], Tree] = {}
        for alarm in self.graph.alarms:
            written = self._exception(alarm)
            if isinstance(written, str):
                self.graph.say(alarm.origin, Verdict.REFUSED, written)
                continue
            same = known.setdefault((alarm.title, alarm.cause, written["divert"]), written)
            for name in ("raised-by", "steps"):
                same[name] = list(dict.fromkeys([*same[name], *written[name]]))
        names = Names()
        return {names.give(one["title"], "exception"): one for one in known.values()}

    def _exception(self, alarm: Alarm) -> Tree | str:
        """Return an exception that diverts, or why it cannot."""
        hosts = [host for host in alarm.hosts if host in self.names]
        blocks = [b for b in self.structure.top.blocks() if set(b.steps) & set(hosts)]
        if not hosts:
            return "no step is left that it could interrupt"
        if len(blocks) > 1:
            return "it leads out of branches that run at once"
        roads = self.structure.roads([alarm.way], blocks[0])
        if len(roads) > 1:
            return "it leads to a gateway, and an exception diverts to one step"
        roles = dict.fromkeys(self._role(self.graph.stops[host].role) for host in hosts)
        return {
            "title": alarm.title,
            "cause": alarm.cause,
            "raised-by": list(roles),
            "steps": [self.names[host] for host in hosts],
            "divert": self._go(roads[0], blocks[0]),
        }

    def whole(self, steps: Tree) -> Draft:
        """Put the sections together."""
        exceptions = self._exceptions()
        if self.finishes:
            steps[_FINISHED] = {"state": _FINISHED, "end": True}
            self.ends.append(_FINISHED)
        if not self.fields.types:
            self.fields.types["subject"] = "text"
        title = self.process.name
        first = self._role(_begins_as(self.graph, self.process))
        interfaces = {self._sender(name): None for name in self.graph.interfaces}
        begins: Tree = {"form": list(self.fields.types)}
        if self.graph.by_hand:
            begins["roles"] = [first]
        if interfaces:
            begins["interfaces"] = list(interfaces)
        workflow: Tree = {
            "title": title,
            "object": self.id,
            "owner": "process-owner",
            "prefix": self.prefix,
            "begins": begins,
            "steps": steps,
            **({"exceptions": exceptions} if exceptions else {}),
        }
        sections: Tree = {
            "roles": _titled(self.roles),
            **({"interfaces": _titled(self.senders)} if self.senders else {}),
            "objects": {self.id: self._object(title)},
            "workflows": {self.id: workflow},
        }
        return Draft(self.id, title, sections, self._authority(), tuple(self._remarks()))

    def _authority(self) -> Mapping[str, list[Tree]]:
        """Return what each role decides, as grants of a post."""
        return {
            role: [{"decide": f"{self.id}/{step}", "outcomes": outcomes} for step, outcomes in each]
            for role, each in self.decisions.items()
        }

    def _object(self, title: str) -> Tree:
        states: Tree = {_OPEN: {"begin": True}}
        for end in dict.fromkeys(self.ends):
            states[end] = {"end": True}
        needed = self.fields.needed
        fields: Tree = {
            name: {"type": kind, **({"required": True} if name in needed else {})}
            for name, kind in self.fields.types.items()
        }
        return {
            "title": title,
            "custodian": "process-owner",
            "fields": fields,
            "states": states,
            "moves": [f"{_OPEN} -> {end}" for end in dict.fromkeys(self.ends)],
        }

    def _remarks(self) -> Iterable[Remark]:
        for stop in self.structure.parted:
            self._tell(stop, "its branches meet without a gateway, and wait for each other there")
        for key in self.graph.stops.keys() - self.structure.reached:
            if key in self.process.nodes:
                self.graph.say(self.process.nodes[key], Verdict.REFUSED, "no way leads to it")
        for node in self.process.nodes.values():
            remark = self.graph.remarks.get(node.id)
            if remark is not None:
                yield replace(remark, becomes=self._became(node))

    def _became(self, node: Node) -> str:
        if node.id in self.names:
            return f"workflow/{self.id}/step/{self.names[node.id]}"
        return ""


def _begins_as(graph: Graph, process: Process) -> str:
    """Return who begins a case: the first role that is named."""
    start = process.nodes.get(graph.begin)
    roles = [start.role if start else "", *(stop.role for stop in graph.stops.values())]
    return next((role for role in roles if role), _SOMEBODY)


def _titled(titles: Mapping[str, str]) -> Tree:
    """Return elements that have a title only; one that is written as an id is read as words."""
    return {
        name: {"title": title.replace("-", " ").capitalize() if title == name else title}
        for name, title in titles.items()
    }


def _initials(title: str) -> str:
    """Return the initials of a title, or its first letters when it is one word."""
    words = [word for word in identifier(title).split("-") if word[:1].isalpha()]
    letters = "".join(word[0] for word in words) if len(words) > 1 else f"{''.join(words)}case"[:3]
    return letters[:6]
