"""Assurance: duties that some step proves, and a keeper for every part of the model."""

from collections.abc import Iterator

from kingpost.checks.finding import error, of, of_step, warning
from kingpost.checks.names.patterns import Patterns
from kingpost.checks.workflows.recording import filled_in
from kingpost.model.model import Model
from kingpost.model.workflow import Decision, RuleStep, Step, Task, Wait
from kingpost.values.address import address
from kingpost.values.diagnostic import Diagnostic


def check_obligations_are_met(model: Model) -> Iterator[Diagnostic]:
    """Find obligations that no step discharges, and steps named as evidence that do not."""
    for duty in model.obligations.values():
        makers = [(pair, _step(model, *pair)) for pair in duty.evidence.made_by]
        known = [(pair, step) for pair, step in makers if step is not None]
        silent = [(pair, step) for pair, step in known if duty.id not in step.discharges]
        where = of("obligation", duty.id)
        if not duty.evidence.made_by or (silent and len(silent) == len(makers)):
            message = f"no step discharges obligation `{duty.id}`"
            advice = f"Write `discharges: [{duty.id}]` in the step that makes its evidence."
            yield error(model, "KP0801", where, message, advice)
            continue
        for (workflow, name), _ in silent:
            index = duty.evidence.made_by.index((workflow, name))
            message = (
                f"step `{workflow}/{name}` should evidence obligation `{duty.id}`, and does not"
                f" discharge it"
            )
            advice = f"Write `discharges: [{duty.id}]` in the step, or leave it out of `made-by`."
            at = where.at("evidence", "made-by", index)
            yield error(model, "KP0802", at, message, advice)


def check_evidence_is_asked_for(model: Model) -> Iterator[Diagnostic]:
    """Find steps that discharge an obligation which does not count on them, or nobody acts in."""
    for workflow in model.workflows.values():
        for step in workflow.all_steps():
            for index, name in enumerate(step.discharges):
                duty = model.obligations.get(name)
                where = of_step(workflow.id, step.id, "discharges", index)
                if duty is None:
                    continue
                if not isinstance(step, Task | Decision | Wait | RuleStep):
                    message = f"step `{step.id}` makes no evidence of obligation `{name}`"
                    advice = "Discharge it in a task, a decision, a wait or a rule."
                    yield error(model, "KP0804", where, message, advice)
                elif (workflow.id, step.id) not in duty.evidence.made_by:
                    message = f"obligation `{name}` does not ask step `{step.id}` for evidence"
                    advice = f"Add `{workflow.id}/{step.id}` to its `made-by`, or remove it here."
                    yield error(model, "KP0803", where, message, advice)


def check_evidence_can_be_recorded(model: Model) -> Iterator[Diagnostic]:
    """Find evidence that asks for fields which nothing in the workflow ever records."""
    for duty in model.obligations.values():
        workflows = sorted({workflow for workflow, _ in duty.evidence.made_by})
        for index, name in enumerate(duty.evidence.holds):
            missing = [one for one in workflows if not _records(model, one, name)]
            for workflow in missing:
                yield error(
                    model,
                    "KP0805",
                    of("obligation", duty.id, "evidence", "holds", index),
                    f"obligation `{duty.id}` asks for field `{name}`, and nothing in workflow"
                    f" `{workflow}` records it",
                    f"Add `{name}` to the `records` of a step, or to the form.",
                )


def _records(model: Model, workflow: str, field: str) -> bool:
    """Tell whether anything records a field; true where the workflow or the field is unknown."""
    found = model.workflows.get(workflow)
    item = model.objects.get(found.object) if found else None
    if found is None or item is None or item.field(field) is None:
        return True
    return field in filled_in(model, found)


def _step(model: Model, workflow: str, name: str) -> Step | None:
    found = model.workflows.get(workflow)
    return found.step(name) if found else None


def check_frameworks_are_used(model: Model) -> Iterator[Diagnostic]:
    """Find frameworks from which no obligation comes."""
    used = {duty.framework for duty in model.obligations.values()}
    for framework in model.frameworks.values():
        if framework.id not in used:
            message = f"no obligation comes from framework `{framework.id}`"
            advice = "Declare its obligations, or remove it."
            yield warning(model, "KP0806", of("framework", framework.id), message, advice)


def check_custodians(model: Model) -> Iterator[Diagnostic]:
    """Find elements that nobody keeps, and patterns that keep nothing."""
    entries = enumerate(model.governance, 1)
    parts = Patterns((number, part) for number, entry in entries for part in entry.parts)
    orphans: dict[str, list[str]] = {}
    granting = (post.id for post in model.posts.values() if post.authority)
    matched = {parts.first(f"post/{name}/authority") for name in granting}
    for name in _addresses(model):
        found = parts.first(name)
        if found is None:
            orphans.setdefault(name.partition("/")[0], []).append(name)
        matched.add(found)
    for kind, names in orphans.items():
        others = f" and {len(names) - 1} more" if len(names) > 1 else ""
        message = f"nobody keeps `{names[0]}`{others}"
        advice = f'Add `{{part: "{kind}/*", custodian: …}}` to `governance`.'
        yield error(model, "KP0807", of(*_split(names[0])), message, advice)
    for number, entry in enumerate(model.governance, 1):
        if number not in matched:
            message = f"`{entry.part}` is first to match nothing in the model"
            advice = "Correct the pattern, move it up, or remove it."
            where = of("governance", str(number), "part")
            yield warning(model, "KP0808", where, message, advice)
    yield from _idle_policies(model)
    yield from _impossible_approvals(model)


def _impossible_approvals(model: Model) -> Iterator[Diagnostic]:
    """Find approvals that can never be given: a change of that part could take no effect."""
    for number, entry in enumerate(model.governance, 1):
        where = of("governance", str(number), "approvals")
        posts = {
            name
            for name in entry.approvals
            if name not in model.posts or model.posts[name].answered_for_by is None
        }
        for name in dict.fromkeys(entry.approvals):
            if name not in posts:
                message = f"`{name}` is a post for machine agents, which approve no change"
                advice = "Name a post that people hold."
                yield error(model, "KP0810", where, message, advice)
        needed = entry.at_least or len(entry.approvals)
        if needed > len(set(entry.approvals)):
            message = f"a change of `{entry.part}` needs {needed} approvals of {len(posts)} posts"
            advice = "Name more posts, each once, or ask for fewer approvals."
            yield error(model, "KP0810", where, message, advice)


def _idle_policies(model: Model) -> Iterator[Diagnostic]:
    """Find policies for live cases that reach none: a case goes over by that of its workflow."""
    policies = Patterns(
        (number, part)
        for number, entry in enumerate(model.governance, 1)
        if entry.carry_over is not None
        for part in entry.parts
    )
    reached = {policies.first(f"workflow/{name}") for name in model.workflows}
    for number, entry in enumerate(model.governance, 1):
        if entry.carry_over is not None and number not in reached:
            message = f"`carry-over` of `{entry.part}` reaches no live case"
            advice = "Write it at the part that holds their workflow, or leave it out."
            where = of("governance", str(number), "carry-over")
            yield error(model, "KP0809", where, message, advice)


def _split(name: str) -> tuple[str, str]:
    kind, _, rest = name.partition("/")
    return kind, rest


def _addresses(model: Model) -> Iterator[str]:
    """Yield the address of every element that a change may touch."""
    for kind, names in (
        ("calendar", model.calendars),
        ("objective", model.objectives),
        ("value-stream", model.streams),
        ("unit", model.units),
        ("role", model.roles),
        ("post", model.posts),
        ("object", model.objects),
        ("rule", model.rules),
        ("interface", model.interfaces),
        ("workflow", model.workflows),
        ("metric", model.metrics),
        ("framework", model.frameworks),
        ("obligation", model.obligations),
    ):
        for name in names:
            yield address(kind, name)
