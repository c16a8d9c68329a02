"""Ways: whether a case came to each step by a way that what was decided last has left open."""

from collections.abc import Iterator, Mapping

from kingpost.audit.flow.ends import decides, diverted, ways
from kingpost.audit.telling import Told
from kingpost.model.workflow import Decision, Parallel, Step, Workflow

_UNTAKEN = ""


def way_faults(workflows: Mapping[str, Workflow], told: list[Told]) -> Iterator[tuple[str, str]]:
    """Yield the steps that a case came to although no way leads there by what was decided last.

    workflows: as each version has it.
    """
    record = _Record(workflows[told[0].header["model"]])
    for event in told:
        if event.header["model"] != told[0].header["model"]:
            record.carry(workflows[event.header["model"]], event)
        if decides(event):
            record.last[event.body["step"]] = event.body["choice"]
            record.unclear.discard(event.body["step"])
        for change in event.changes:
            if change["do"] == "enter":
                for words in record.come(change["step"]):
                    yield "I7", f"event {event.seq}: no way leads to {words}"


class _Record:
    """What was decided last, as far as it counts.

    A case that goes back to where a decision was not taken yet has it before it again.
    """

    def __init__(self, workflow: Workflow) -> None:
        self.workflow = workflow
        self.blocks = {step.id: block for block in workflow.blocks() for step in block}
        self.last: dict[str, str] = {}
        self.known: dict[str, set[tuple[str, str]]] = {}
        self.unclear: set[str] = set()

    def carry(self, workflow: Workflow, event: Told) -> None:
        """Go on in another version; what was decided in the old one is not held against it.

        Whether a control was skipped on the way over is looked at by itself.
        """
        if workflow is self.workflow:
            return
        carried = _Record(workflow)
        self.workflow, self.blocks, self.known = workflow, carried.blocks, {}
        self.last = {}
        self.unclear = {step.id for step in workflow.all_steps() if isinstance(step, Decision)}
        self.unclear -= {change["step"] for change in event.changes if change["do"] == "enter"}

    def come(self, name: str) -> Iterator[str]:
        step = self.workflow.step(name)
        for branch in step.branches if isinstance(step, Parallel) else ():
            for inner in branch.steps:
                self.last.pop(inner.id, None)
        for each in self.blocks.get(name, ()):
            if each.id in self.unclear:
                continue
            if isinstance(each, Decision) and not self._is_open(name, each.id):
                was = self.last.get(each.id, _UNTAKEN)
                self.last.pop(each.id, None)
                if not self._is_open(name, each.id):
                    yield f"`{name}` " + (
                        f"after `{was}` in `{each.id}`" if was else f"without `{each.id}`"
                    )

    def _is_open(self, name: str, decision: str) -> bool:
        if decision not in self.known:
            self.known[decision] = _reached(self.workflow, self.blocks[decision], decision)
        return (name, self.last.get(decision, _UNTAKEN)) in self.known[decision]


def _reached(workflow: Workflow, block: tuple[Step, ...], decision: str) -> set[tuple[str, str]]:
    """Return each step of a block with what a decision may have been there, when taken last."""
    members, reached = {step.id: step for step in block}, {(block[0].id, _UNTAKEN)}
    waiting = list(reached)
    while waiting:
        name, last = waiting.pop()
        step = members.get(name)
        if step is None:
            continue
        found = {(go, last) for go in diverted(workflow, step)}
        if isinstance(step, Decision) and name == decision:
            found |= {(way.go, item.id) for item in step.outcomes for way in item.then}
        else:
            found |= {(go, last) for go in ways(workflow, step, (_UNTAKEN, _UNTAKEN))}
        waiting.extend(found - reached)
        reached |= found
    return reached
