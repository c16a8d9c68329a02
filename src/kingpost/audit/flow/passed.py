"""Passed: the controls without which no way leads to where a case stands, by its history."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from kingpost.audit.flow.ends import decides, diverted, joins, ways
from kingpost.audit.folding import Standing
from kingpost.audit.telling import Members, Told
from kingpost.model.workflow import (
    DONE,
    Decision,
    Parallel,
    RuleStep,
    Run,
    Step,
    Waits,
    Workflow,
)


@dataclass(slots=True)
class Course:
    """How a case came to where it stands, without the rounds that it made on its way.

    chosen: what was chosen at each decision on it. lines: in each block, by its parallel step's
            token and branch, the tokens that led on to each other, each with its step.
    """

    chosen: dict[str, str] = field(default_factory=dict[str, str])
    lines: dict[tuple[str, str], list[tuple[str, str]]] = field(
        default_factory=dict[tuple[str, str], list[tuple[str, str]]]
    )

    def passed(self, now: Standing) -> set[str]:
        """Return the steps that it has gone on from. now: where it stands."""
        steps = {step for line in self.lines.values() for _, step in line}
        return steps - {token["step"] for token in now.tokens.values()}

    def follow(self, workflow: Workflow, event: Told) -> None:
        """Follow one event. workflow: as its version has it."""
        for change in event.changes:
            if change["do"] == "rename" and change["part"] in {"step", "outcome"}:
                self._rename(change["part"], change["names"])
        if decides(event):
            self.chosen[event.body["step"]] = event.body["choice"]
        is_carried = any(change["do"] == "carry" for change in event.changes)
        for change in event.changes:
            if change["do"] == "leave" and is_carried and change["how"] == "withdrawn":
                # A map leads a case on from where it has not gone on by itself.
                for line in self.lines.values():
                    line[:] = [each for each in line if each[0] != change["token"]]
            step = workflow.step(change["step"]) if change["do"] == "enter" else None
            if step is not None:
                self._enter(workflow, step, change)

    def _enter(self, workflow: Workflow, step: Step, change: Members) -> None:
        line = self.lines.setdefault(
            (change.get("parent") or "", change.get("branch") or ""), list[tuple[str, str]]()
        )
        names = [name for _, name in line]
        again = names[names.index(step.id) :] if step.id in names else [step.id]
        lost = {inner.id for name in again for inner in _inside(workflow.step(name))} | {*again}
        self.chosen = {name: chosen for name, chosen in self.chosen.items() if name not in lost}
        for each in self.lines.values():
            each[:] = [(token, name) for token, name in each if name not in lost]
        line.append((change["token"], step.id))

    def _rename(self, part: str, names: Mapping[str, str]) -> None:
        if part == "outcome":
            pairs = {
                step: names.get(f"{step}/{choice}", f"/{choice}")
                for step, choice in self.chosen.items()
            }
            self.chosen = {step: pair.partition("/")[2] for step, pair in pairs.items()}
            return
        self.chosen = {names.get(step, step): choice for step, choice in self.chosen.items()}
        for line in self.lines.values():
            line[:] = [(token, names.get(step, step)) for token, step in line]


def course(workflows: Mapping[str, Workflow], told: list[Told]) -> Course:
    """Return how a case came to where it stands, by the names of the last version.

    workflows: as each version has it.
    """
    found = Course()
    for event in told:
        found.follow(workflows[event.header["model"]], event)
    return found


def taken_faults(before: Standing, event: Told) -> Iterator[str]:
    """Yield decisions and waits that say they were left by something else than was chosen."""
    for change in event.changes:
        if change["do"] == "leave" and "by" in change:
            step, chosen_now = before.tokens[change["token"]]["step"], event.body.get("choice", "")
            if change["by"] != chosen_now:
                yield f"it leaves `{step}` by `{change['by']}`, and `{chosen_now}` was chosen"


def lacking(workflow: Workflow, now: Standing, came: Course) -> Iterator[tuple[Step, str]]:
    """Yield each control without which no way leads to where a case stands, and that step.

    now: in which all steps have the names of that workflow. came: how it came there.
    """
    for token in now.tokens.values():
        for block in workflow.blocks():
            if any(step.id == token["step"] for step in block):
                yield from _before(workflow, block, token["step"], now, came)
        step = workflow.step(token["step"])
        for branch in step.branches if isinstance(step, Parallel) else ():
            if branch.id in token.get("done", ()):
                yield from _before(workflow, branch.steps, DONE, now, came)


def _before(
    workflow: Workflow, block: tuple[Step, ...], target: str, now: Standing, came: Course
) -> Iterator[tuple[Step, str]]:
    passed = came.passed(now)
    for step in (*block, *(inner for each in block for inner in _inside(each))):
        if step.id == target or not _is_control(step, now):
            continue
        if isinstance(step, Decision):
            way = _Way(workflow, step, _led(step, came), aside=step.id in passed)
        elif step.id not in passed:
            way = _Way(workflow, step, set(), aside=False)
        else:
            continue
        if target not in way.reach(block):
            yield step, target


def _is_control(step: Step, now: Standing) -> bool:
    waits = isinstance(step, Run) and step.waits is not Waits.NONE
    owes = any(name in now.owed for name in step.discharges)
    return isinstance(step, Decision | RuleStep) or waits or owes


def _led(decision: Decision, came: Course) -> set[str]:
    """Return where a decision may have led; of an outcome that is no more nobody knows."""
    choice, known = came.chosen.get(decision.id), {item.id for item in decision.outcomes}
    taken = known if choice is not None and choice not in known else {choice}
    return {way.go for item in decision.outcomes if item.id in taken for way in item.then}


def _inside(step: Step | None) -> Iterator[Step]:
    for branch in step.branches if isinstance(step, Parallel) else ():
        for each in branch.steps:
            yield each
            yield from _inside(each)


@dataclass(frozen=True, slots=True)
class _Way:
    """Where a case may have come, when one control has led on only so.

    on: where it led. aside: whether an exception may have led on from it.
    """

    workflow: Workflow
    control: Step
    on: set[str]
    aside: bool

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
        if step.id == self.control.id:
            return self.on | (aside if self.aside else set())
        if isinstance(step, Parallel):
            over = {item.id for item in step.branches if DONE in self.reach(item.steps)}
            return aside | ({way.go for way in step.then} if joins(step, over) else set())
        return aside | set(ways(self.workflow, step, ("", "")))
