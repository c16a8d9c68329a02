"""Passed: the decisions without which no way leads to where a case stands, by what was chosen."""

from collections.abc import Iterator, Mapping

from kingpost.audit.flow.ends import decides, diverted, ways
from kingpost.audit.folding import Standing
from kingpost.audit.telling import Told
from kingpost.model.workflow import DONE, Decision, JoinKind, Parallel, Step, Workflow


def chosen(workflows: Mapping[str, Workflow], told: list[Told]) -> dict[str, str]:
    """Return what was chosen last at each decision, by the names of the last version.

    workflows: as each version has it. What a case came to again is chosen no longer.
    """
    last: dict[str, str] = {}
    for event in told:
        for change in event.changes:
            if change["do"] == "rename" and change["part"] in {"step", "outcome"}:
                last = _renamed(last, change["part"], change["names"])
        if decides(event):
            last[event.body["step"]] = event.body["choice"]
        for change in event.changes:
            if change["do"] == "enter":
                step = workflows[event.header["model"]].step(change["step"])
                for each in (change["step"], *(step.id for step in _inside(step))):
                    last.pop(each, None)
    return last


def _renamed(last: Mapping[str, str], part: str, names: Mapping[str, str]) -> dict[str, str]:
    if part == "step":
        return {names.get(step, step): choice for step, choice in last.items()}
    pairs = {step: names.get(f"{step}/{choice}", f"/{choice}") for step, choice in last.items()}
    return {step: pair.partition("/")[2] for step, pair in pairs.items()}


def taken_faults(before: Standing, event: Told) -> Iterator[str]:
    """Yield decisions and waits that say they were left by something else than was chosen."""
    for change in event.changes:
        if change["do"] == "leave" and "by" in change:
            step, chosen_now = before.tokens[change["token"]]["step"], event.body.get("choice", "")
            if change["by"] != chosen_now:
                yield f"it leaves `{step}` by `{change['by']}`, and `{chosen_now}` was chosen"


def lacking(
    workflow: Workflow, now: Standing, last: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """Yield each decision without which no way leads to where a case stands, and that step.

    now: in which all steps have the names of that workflow. last: see `chosen`.
    """
    for token in now.tokens.values():
        for block in workflow.blocks():
            if any(step.id == token["step"] for step in block):
                yield from _before(workflow, block, token["step"], now, last)
        step = workflow.step(token["step"])
        for branch in step.branches if isinstance(step, Parallel) else ():
            if branch.id in token.get("done", ()):
                yield from _before(workflow, branch.steps, DONE, now, last)


def _before(
    workflow: Workflow, block: tuple[Step, ...], target: str, now: Standing, last: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    for step in (*block, *(inner for each in block for inner in _inside(each))):
        if isinstance(step, Decision) and step.id != target:
            way = _Way(workflow, step, last.get(step.id), entered=step.id in now.entered)
            if target not in way.reach(block):
                yield step.id, target


def _inside(step: Step | None) -> Iterator[Step]:
    for branch in step.branches if isinstance(step, Parallel) else ():
        for each in branch.steps:
            yield each
            yield from _inside(each)


class _Way:
    """Where a case may have come, when one decision was taken by one outcome only, or by none."""

    def __init__(
        self, workflow: Workflow, decision: Decision, choice: str | None, *, entered: bool
    ) -> None:
        self.workflow, self.decision, self.entered = workflow, decision, entered
        known = {item.id for item in decision.outcomes}
        # Of an outcome that is no more nobody knows where it would lead.
        taken = known if choice is not None and choice not in known else {choice}
        routes = (way for item in decision.outcomes if item.id in taken for way in item.then)
        self.on = {way.go for way in routes}

    def reach(self, block: tuple[Step, ...]) -> set[str]:
        members, reached, waiting = {step.id: step for step in block}, {block[0].id}, [block[0].id]
        while waiting:
            step = members.get(waiting.pop())
            if step is not None:
                found = self._from(step) - reached
                reached |= found
                waiting.extend(found)
        return reached

    def _from(self, step: Step) -> set[str]:
        aside = set(diverted(self.workflow, step))
        if step.id == self.decision.id:
            return self.on | (aside if self.entered else set())
        if isinstance(step, Parallel):
            return aside | ({way.go for way in step.then} if self._joins(step) else set())
        return aside | set(ways(self.workflow, step, ("", "")))

    def _joins(self, step: Parallel) -> bool:
        over = {item.id for item in step.branches if DONE in self.reach(item.steps)}
        match step.join:
            case JoinKind.ALL:
                return len(over) == len(step.branches)
            case JoinKind.ANY:
                return bool(over)
            case JoinKind.NAMED:
                return over.issuperset(step.named)
            case JoinKind.COUNT:
                return len(over) >= step.count
