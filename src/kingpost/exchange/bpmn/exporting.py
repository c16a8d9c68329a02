"""Say a workflow of the model as a process of BPMN 2.0."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from kingpost.exchange.bpmn.diagram import Flow, Node, Process
from kingpost.exchange.remarks import Remark, Verdict
from kingpost.model.workflow import (
    DONE,
    Call,
    Decision,
    End,
    Exceptional,
    JoinKind,
    Mark,
    Parallel,
    Route,
    RuleStep,
    Run,
    Step,
    Task,
    Wait,
    Workflow,
)

APPROXIMATED, EXECUTED, REFUSED = Verdict.APPROXIMATED, Verdict.EXECUTED, Verdict.REFUSED
START = "start"
# The kinds of step that become one element with the ways on of the step.
_PLAIN_KINDS: Mapping[type[Step], tuple[str, Verdict, str]] = {
    RuleStep: ("businessRuleTask", APPROXIMATED, "its rule stands in its documentation"),
    Mark: ("intermediateThrowEvent", EXECUTED, ""),
    Call: ("serviceTask", APPROXIMATED, "its interface stands in its documentation"),
    Run: ("callActivity", APPROXIMATED, "which cases it begins stands in its documentation"),
}


@dataclass(frozen=True, slots=True)
class Exported:
    """A workflow as a process, with a remark for each of its steps and exceptions."""

    process: Process
    remarks: tuple[Remark, ...]


def export_workflow(workflow: Workflow) -> Exported:
    """Return the process that a workflow is. Its elements have the ids of the steps."""
    exporter = _Exporter()
    begins = workflow.begins
    event = "" if begins.roles or not begins.interfaces else "message"
    exporter.node(START, "startEvent", workflow.title, event=event)
    exporter.flow(START, workflow.steps[0].id)
    exporter.block(workflow.steps, "")
    for exception in workflow.exceptions:
        exporter.exception(exception)
    process = Process(workflow.id, workflow.title, exporter.nodes, tuple(exporter.flows))
    return Exported(process, tuple(exporter.remarks))


@dataclass(slots=True)
class _Exporter:
    nodes: dict[str, Node] = field(default_factory=dict[str, Node])
    flows: list[Flow] = field(default_factory=list[Flow])
    remarks: list[Remark] = field(default_factory=list[Remark])
    _ends: dict[str, str] = field(default_factory=dict[str, str])

    def node(self, key: str, kind: str, name: str, **more: str) -> None:
        self.nodes[key] = Node(key, kind, name, **more)  # pyright: ignore[reportArgumentType]

    def flow(self, source: str, target: str, name: str = "", condition: str = "") -> str:
        key = f"flow-{len(self.flows) + 1}"
        self.flows.append(Flow(key, source, target, name, condition))
        return key

    def block(self, steps: Iterable[Step], end: str) -> None:
        """Say the steps of a block. end: the gateway at which its branch ends, or empty."""
        for step in steps:
            self._ends[step.id] = end
            self._step(step, end)

    def _step(self, step: Step, end: str) -> None:
        verdict, why = EXECUTED, ""
        match step:
            case Task():
                self._activity(step, "userTask", step.role)
                self._routes(step.id, step.then, end)
            case Decision():
                self._activity(step, "userTask", step.role)
                self._outcomes(step, end)
            case Wait():
                self._wait(step, end)
            case Parallel():
                verdict, why = self._parallel(step, end)
            case End():
                self._activity(step, "endEvent", "")
            case _:
                kind, verdict, why = _PLAIN_KINDS[type(step)]
                self._activity(step, kind, "")
                self._routes(step.id, step.then, end)
        if verdict is EXECUTED and (step.state or step.due or step.discharges):
            verdict = APPROXIMATED
            why = "its state, due time and obligations stand in its documentation"
        self._remark(step, verdict, why)

    def _activity(self, step: Step, kind: str, role: str) -> None:
        self.node(step.id, kind, step.title, role=role, notes=_notes(step))

    def _outcomes(self, step: Decision, end: str) -> None:
        gateway = f"{step.id}.outcome"
        self.node(gateway, "exclusiveGateway", "")
        self.flow(step.id, gateway)
        for outcome in step.outcomes:
            self._routes(gateway, outcome.then, end, outcome.title, f"{step.id}.{outcome.id}")

    def _routes(
        self, source: str, routes: tuple[Route, ...], end: str, name: str = "", gateway: str = ""
    ) -> None:
        """Lead on from a node, through a gateway when conditions choose the way."""
        if len(routes) == 1:
            self.flow(source, self._target(routes[0].go, end), name)
            return
        gateway = gateway or f"{source}.ways"
        self.flow(source, gateway, name)
        default = ""
        self.node(gateway, "exclusiveGateway", "")
        for route in routes:
            key = self.flow(gateway, self._target(route.go, end), "", route.when or "")
            default = default if route.when else key
        self.node(gateway, "exclusiveGateway", "", default=default)

    def _target(self, go: str, end: str) -> str:
        return end if go == DONE else go

    def _wait(self, step: Wait, end: str) -> None:
        timed = bool(step.limit or step.until)
        if len(step.messages) + timed == 1:
            self._single_wait(step, end)
            return
        self.node(step.id, "eventBasedGateway", step.title, notes=_notes(step))
        for message in step.messages:
            key = f"{step.id}.{message.message}"
            self.node(
                key, "intermediateCatchEvent", message.title, event="message", detail=message.title
            )
            self.flow(step.id, key)
            self._routes(key, message.then, end)
        if timed:
            key = f"{step.id}.limit"
            self.node(
                key, "intermediateCatchEvent", str(step.limit or step.until), event="timer",
                detail=_duration(step),
            )  # fmt: skip
            self.flow(step.id, key)
            self._routes(key, step.then, end)

    def _single_wait(self, step: Wait, end: str) -> None:
        event, detail, then = "timer", _duration(step), step.then
        for message in step.messages:
            event, detail, then = "message", message.title, message.then
        notes = _notes(step)
        self.node(
            step.id, "intermediateCatchEvent", step.title, event=event, detail=detail, notes=notes
        )
        self._routes(step.id, then, end)

    def _parallel(self, step: Parallel, end: str) -> tuple[Verdict, str]:
        join = f"{step.id}.join"
        whole = step.join is JoinKind.ALL
        self.node(step.id, "parallelGateway", step.title, notes=_notes(step))
        self.node(join, "parallelGateway" if whole else "complexGateway", "")
        for branch in step.branches:
            self.flow(step.id, branch.steps[0].id, branch.title)
            self.block(branch.steps, join)
        self._routes(join, step.then, end)
        if whole:
            return EXECUTED, ""
        return APPROXIMATED, "a complex gateway joins its branches, and its condition is in words"

    # --- exceptions ------------------------------------------------------------------------------

    def exception(self, exception: Exceptional) -> None:
        """Say what diverts as events on the edge of the steps; a suspension has no form there."""
        verdict, why = APPROXIMATED, "who may raise it, and its cause, are not written"
        if exception.divert is None:
            why = "BPMN knows no step that is suspended"
            if exception.alongside is not None:
                why = "work beside the case is not written"
            verdict = REFUSED
        else:
            event = "error" if exception.cause == "system" else "escalation"
            for step in exception.steps:
                key = f"{exception.id}.{step}"
                self.node(
                    key, "boundaryEvent", exception.title, event=event, detail=exception.title,
                    host=step,
                )  # fmt: skip
                self.flow(key, self._target(exception.divert, self._ends.get(step, "")))
        self.remarks.append(Remark("exception", exception.id, exception.title, verdict, "", why))

    def _remark(self, step: Step, verdict: Verdict, why: str) -> None:
        kind = type(step).__name__.removesuffix("Step").lower()
        node = self.nodes.get(step.id)
        becomes = node.kind if node else ""
        self.remarks.append(Remark(kind, step.id, step.title, verdict, becomes, why))


def _notes(step: Step) -> str:
    """Return in words what a step has and BPMN has no place for."""
    return " ".join(f"{part}." for part in _parts(step))


def _parts(step: Step) -> Iterator[str]:
    if step.state:
        yield f"The record becomes {step.state}"
    if step.due:
        spans = [f"{choice}: {span}" for choice, span in step.due.spans]
        yield f"Due: {step.due.span or ', '.join(spans)}"
    if isinstance(step, RuleStep):
        yield f"Rule: {step.rule}"
    if isinstance(step, Call):
        yield f"Asks: {step.interface}"
    if isinstance(step, Run):
        each = f", one for each of {step.each}" if step.each else ""
        yield f"Begins: {step.workflow}{each}; waits for {step.waits}"
    if isinstance(step, Parallel) and step.join is not JoinKind.ALL:
        yield f"Ends with {_joined(step)}"
    if step.discharges:
        yield f"Meets: {', '.join(step.discharges)}"


def _joined(step: Parallel) -> str:
    """Say which branches a block waits for."""
    match step.join:
        case JoinKind.NAMED:
            return ", ".join(step.named)
        case JoinKind.COUNT:
            return f"{step.count} branches"
        case _:
            return f"{step.join} branches"


def _duration(step: Wait) -> str:
    """Return the limit of a wait as ISO 8601, working time as plain; or the field with its end."""
    if step.limit is None:
        return step.until or ""
    letter = {"minute": "M", "hour": "H", "day": "D", "week": "W"}[step.limit.unit]
    time = "T" if letter in "MH" else ""
    return f"P{time}{step.limit.count}{letter}"
