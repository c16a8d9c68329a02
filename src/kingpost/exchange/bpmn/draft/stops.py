"""The graph that a process is rewritten to: only what a workflow of the model can say is left."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from kingpost.exchange.bpmn.diagram import Node
from kingpost.exchange.remarks import Remark, Verdict

# Where a way leads that leaves its branch.
OUT = ""


class Kind(StrEnum):
    """What a stop is.

    TASK, DECISION, WAIT, END become steps. SPLIT chooses a way by conditions, PASS leads on, FORK
    starts branches, JOIN ends them.
    """

    TASK = "task"
    DECISION = "decision"
    WAIT = "wait"
    END = "end"
    SPLIT = "split"
    PASS = "pass"  # noqa: S105 - leads on, and is no password
    FORK = "fork"
    JOIN = "join"


@dataclass(slots=True)
class Way:
    """A way from one stop to another.

    name:    as people read it. condition: as written in the file, or empty.
    default: taken when no condition holds. limit: the way out of a wait when its time has passed.
    """

    target: str
    name: str = ""
    condition: str = ""
    default: bool = False
    limit: bool = False


@dataclass(slots=True)
class Stop:
    """One stop. limit: how long a wait lasts, as a text of ISO 8601. written: names of data."""

    id: str
    kind: Kind
    title: str
    role: str = ""
    ways: list[Way] = field(default_factory=list[Way])
    limit: str = ""
    written: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Alarm:
    """What may interrupt some stops, and where the work goes on then.

    cause: one of the causes of the model. due: a text of ISO 8601 when it is a timer.
    """

    title: str
    cause: str
    hosts: tuple[str, ...]
    way: Way
    origin: Node
    due: str = ""


@dataclass(slots=True)
class Graph:
    """The rewritten process. begin: where a case begins. interface: the messages that begin one."""

    begin: str
    stops: dict[str, Stop]
    alarms: list[Alarm]
    remarks: dict[str, Remark]
    interfaces: list[str] = field(default_factory=list[str])
    by_hand: bool = True

    def following(self, stop: str) -> Iterator[str]:
        """Yield the stops that may come next, those by alarms too."""
        yield from (way.target for way in self.stops[stop].ways if way.target != OUT)
        yield from (alarm.way.target for alarm in self.alarms if stop in alarm.hosts)

    def say(self, node: Node, verdict: Verdict, why: str = "") -> None:
        """Tell what became of a node. The weakest verdict counts, with every reason for it."""
        order = list(Verdict)
        known = self.remarks.get(node.id)
        if known and order.index(verdict) < order.index(known.verdict):
            return
        if known and known.verdict is verdict and why not in known.why:
            why = f"{known.why}; {why}" if known.why else why
        elif known and known.verdict is verdict:
            return
        self.remarks[node.id] = Remark(
            node.kind, node.id, node.name, verdict, "", why, node.line, node.column
        )
